"""What the clock asks of a room."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

log = logging.getLogger(__name__)


def each_alone(name: str, parts: Iterable[Callable[..., object]], *, at: datetime) -> None:
    """Each part of a sweep stands alone: one that stumbles stops no other. What went wrong stands in the log."""
    for part in parts:
        try:
            part(at=at)
        except Exception:  # whatever it is, the other parts are still due
            log.exception("%s: %s", name, part.__name__)
