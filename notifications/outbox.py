"""The demonstration's mail, as it really left: read back from the files the mail backend wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path

BETWEEN = re.compile(rb"^-{79}\n", re.MULTILINE)  # as Django's file-based backend divides them
NEWEST = 200


@dataclass(frozen=True)
class Delivered:
    sender: str
    to: str
    subject: str
    text: str
    sent_at: datetime | None


def delivered(folder: Path, *, to: str = "") -> list[Delivered]:
    """Newest first, so many at most; `to` is a part of the address."""
    wanted = to.strip().lower()
    found = (mail for mail in _newest_first(folder) if wanted in mail.to.lower())
    return list(islice(found, NEWEST))


def _newest_first(folder: Path) -> Iterator[Delivered]:
    if not folder.is_dir():
        return
    for path in sorted(folder.glob("*.log"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True):
        parts = [part for part in BETWEEN.split(path.read_bytes()) if part.strip()]
        yield from (_read(part) for part in reversed(parts))


def _read(raw: bytes) -> Delivered:
    mail = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    body = mail.get_body(preferencelist=("plain",))
    return Delivered(
        sender=str(mail["From"]),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=body.get_content() if body else "",
        sent_at=parsedate_to_datetime(str(mail["Date"])) if mail["Date"] else None,
    )
