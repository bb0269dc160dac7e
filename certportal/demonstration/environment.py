"""A demonstration brings its own secrets and answers on this machine only.

Imports nothing of Django's: it runs before the settings are read.
"""

import base64
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}


def var_folder() -> Path:
    return Path(os.environ.get("VAR_DIR") or ROOT / "var")


def environment_file() -> Path:
    return var_folder() / "portal.env"


def keep_secrets() -> None:
    """Write `portal.env` once, readable by its owner only; a password given in the environment replaces the stored one.

    Where the environment says this is no demonstration, nothing is written: production brings its own secrets.
    """
    if os.environ.get("DEMONSTRATION", "1").lower() in ("0", "false", "no", "off", ""):
        return
    stored = read(environment_file())
    wanted = {**_fresh(), **stored}
    if os.environ.get("DEMO_PASSWORD"):
        wanted["DEMO_PASSWORD"] = os.environ["DEMO_PASSWORD"]
    if wanted != stored:
        write(environment_file(), wanted)


def _fresh() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "STORY_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DEMO_PASSWORD": "-".join(secrets.token_hex(2) for _ in range(3)),
        "DEMONSTRATION": "1",
    }


def read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = (line.partition("=") for line in file.read_text().splitlines() if "=" in line and line[0] != "#")
    return {name: value.replace(r"\"", '"').replace(r"\\", "\\") for name, value in ((n, v[1:-1]) for n, _, v in lines)}


def write(file: Path, values: dict[str, str]) -> None:
    """All or nothing, and never readable by others, not even for a moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    quoted = (value.replace("\\", r"\\").replace('"', r"\"") for value in values.values())
    text = "".join(f'{name}="{value}"\n' for name, value in zip(values, quoted, strict=True))
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
    unfinished.replace(file)


def is_loopback(host: str) -> bool:
    return host in LOOPBACK or host.startswith("127.")
