"""Where the program is and which language is read: told once at start, so that pure modules need no Django."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

_zone = ZoneInfo("America/Chicago")
_language: Callable[[], str | None] = lambda: "en"  # noqa: E731


def settle(*, zone: str, language: Callable[[], str | None]) -> None:
    """Called once by the app's `ready`."""
    global _zone, _language
    _zone, _language = ZoneInfo(zone), language


def zone() -> ZoneInfo:
    return _zone


def language() -> str:
    """Two letters: the packs hold one text for all kinds of English."""
    return (_language() or "en")[:2]
