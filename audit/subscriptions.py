"""Who asked to be told what, in the same transaction as the history is written."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.models import Entry

Handler = Callable[[list["Entry"]], None]

_HANDLERS: dict[str, list[Handler]] = defaultdict(list)


def on(*events: str) -> Callable[[Handler], Handler]:
    """Subscribe: the handler gets, once per `record()`, the list of entries with one of these events.

    A handler only writes rows (a message owed, a document owed, a next step). It never sends, renders or waits.
    """

    def subscribe(handler: Handler) -> Handler:
        for event in events:
            if handler not in _HANDLERS[str(event)]:
                _HANDLERS[str(event)].append(handler)
        return handler

    return subscribe


def tell(entries: Sequence["Entry"]) -> None:
    told: dict[Handler, list[Entry]] = {}
    for entry in entries:
        for handler in _HANDLERS.get(entry.event, ()):
            told.setdefault(handler, []).append(entry)
    for handler, theirs in told.items():
        handler(theirs)
