"""Files people send: what is refused at once, and how the rest is written anew. Nothing here touches rows."""

from __future__ import annotations

import io
import secrets
from pathlib import PurePath
from typing import Any

import puremagic
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from audit.reasons import NotAllowed, Reason

MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
MOST_PIXELS = 60_000_000
MOST_PAGES = 60
KINDS = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
LAST_BYTES = {"application/pdf": b"%%EOF", "image/jpeg": b"\xff\xd9", "image/png": b"IEND\xaeB`\x82"}


def reasons_to_refuse(name: str, content: bytes) -> list[Reason]:
    """What can be seen without opening the file. The first reason is enough for a person to act on."""
    if not content:
        return [Reason("upload_empty")]
    if len(content) > MOST_BYTES:
        return [Reason("upload_too_big", name=plain_name(name), most=MOST_MEGABYTES)]
    kind = kind_of(name)
    if not kind:
        return [Reason("upload_wrong_kind", name=plain_name(name))]
    if _signature(content) != kind:
        return [Reason("upload_not_what_it_says", name=plain_name(name))]
    if not content.rstrip(b"\0\r\n\t ").endswith(LAST_BYTES[kind]):
        return [Reason("upload_has_more", name=plain_name(name))]
    return []


def kind_of(name: str) -> str:
    return KINDS.get(PurePath(name).suffix.lower(), "")


def plain_name(name: str) -> str:
    """Only the last part of a path, and not too long."""
    return PurePath(name.replace("\\", "/")).name[-100:]


def _signature(content: bytes) -> str:
    try:
        return puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        return ""


def store(content: bytes, folder: str = "papers", ending: str = "") -> str:
    """Under a random name in private storage."""
    name = f"{folder}/{secrets.token_hex(2)}/{secrets.token_hex(16)}{ending}"
    return default_storage.save(name, ContentFile(content))


def discard(name: str) -> None:
    """A file that was stored for a change that then was refused."""
    default_storage.delete(name)


def written_anew(content: bytes, kind: str) -> bytes:
    """The same paper from fresh bytes: no script, no attachment, no hidden data. Raises `NotAllowed`."""
    try:
        return _pdf(content) if kind == "application/pdf" else _image(content, kind)
    except NotAllowed:
        raise
    except Exception as trouble:  # whatever a broken file makes the libraries raise, the person sends it again
        raise NotAllowed(Reason("upload_cannot_be_opened")) from trouble


def _image(content: bytes, kind: str) -> bytes:
    from PIL import Image, ImageOps  # slow, and only the worker needs it

    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise NotAllowed(Reason("upload_cannot_be_opened"))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    fresh = Image.new("RGB", upright.size)
    fresh.paste(upright)
    out = io.BytesIO()
    fresh.save(out, format="JPEG" if kind == "image/jpeg" else "PNG", quality=88, optimize=True)
    return out.getvalue()


def _pdf(content: bytes) -> bytes:
    import pikepdf  # slow, and only the worker needs it

    try:
        paper = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as locked:
        raise NotAllowed(Reason("upload_is_locked")) from locked
    with paper:
        if not 0 < len(paper.pages) <= MOST_PAGES:
            raise NotAllowed(Reason("upload_cannot_be_opened"))
        return _only_the_pages(pikepdf, paper)


def _only_the_pages(pikepdf: Any, paper: Any) -> bytes:
    """Pages carry what is printed; everything that acts or hides hangs elsewhere and is left behind."""
    fresh = pikepdf.new()
    for page in paper.pages:
        for name in ("/AA", "/Annots", "/PieceInfo", "/Metadata"):
            if name in page.obj:
                del page.obj[name]
    fresh.pages.extend(paper.pages)
    out = io.BytesIO()
    fresh.save(out, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
