"""Papers people hold in their hands, made here."""

import subprocess
from io import BytesIO

from PIL import Image, ImageDraw


def photo_of_a_paper(words: str = "High School Diploma") -> bytes:
    """As a phone takes it."""
    image = Image.new("RGB", (640, 480), "white")
    ImageDraw.Draw(image).text((40, 200), words, fill="black")
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def text_of_paper(pdf: bytes) -> str:
    """What somebody would copy out of it."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())
