"""One person's time: what happened, what the office noted, what we wrote, what came by phone or on paper; newest first.

Three tables, one order. Each is asked for a page's rows beyond the same key, and the newest of all make the page, so
a long history costs what a short one does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.desk import Desk, DeskForm
from accounts.events import AccountEvent
from accounts.models import Note, User
from accounts.paging import AFTER, BEFORE, BETWEEN, PER_PAGE, KeyedPage
from audit.models import Entry
from certportal.history import NOT_FOR_THE_DESK, sentence_of
from notifications.models import Channel, Message
from trainings.words import CAME_BY, how_it_came

SHOW = "show"
NOTES, MESSAGES, CALLS = "notes", "messages", "calls"
Key = tuple[datetime, int, int]


@dataclass(frozen=True)
class Moment:
    """One line of the person's time."""

    key: Key
    at: datetime
    sentence: str
    by: str = ""
    more: str = ""  # how it came, in words
    text: str = ""  # a note, as written
    url: str = ""


@dataclass(frozen=True)
class _Source:
    """A table, its place among moments of the same instant, and how it is told."""

    rank: int
    rows: QuerySet[Any]
    at: str
    tell: Callable[[Any, Key], Moment]

    def beyond(self, key: Key | None, *, is_later: bool, limit: int) -> list[Moment]:
        rows = self.rows if key is None else self.rows.filter(self._is_beyond(key, is_later))
        sign = "" if is_later else "-"
        found = rows.order_by(f"{sign}{self.at}", f"{sign}pk")[:limit]
        return [self.tell(row, (getattr(row, self.at), self.rank, row.pk)) for row in found]

    def _is_beyond(self, key: Key, is_later: bool) -> Q:
        at, rank, pk = key
        way = "gt" if is_later else "lt"
        if self.rank == rank:
            return Q(**{f"{self.at}__{way}": at}) | Q(**{self.at: at, f"pk__{way}": pk})
        also_then = (self.rank > rank) == is_later
        return Q(**{f"{self.at}__{way}{'e' if also_then else ''}": at})


def kinds() -> list[tuple[str, str]]:
    return [("", _("Everything")), (NOTES, _("Notes")), (MESSAGES, _("Messages")), (CALLS, _("By phone or on paper"))]


def timeline(person: User, *, reader: User, asked: QueryDict, per_page: int = PER_PAGE) -> KeyedPage:
    """The page the address asks for. Nobody reads here what was noted about themselves."""
    sources = _sources(person, reader, asked.get(SHOW, ""))
    before, after = _key(asked.get(BEFORE, "")), _key(asked.get(AFTER, ""))
    if before is not None:
        found = _merged(sources, before, is_later=True, limit=per_page + 1)
        if found:
            return _page(found[:per_page][::-1], asked, has_back=len(found) > per_page, has_on=True)
    found = _merged(sources, after, is_later=False, limit=per_page + 1)
    return _page(found[:per_page], asked, has_back=after is not None, has_on=len(found) > per_page)


def _merged(sources: list[_Source], key: Key | None, *, is_later: bool, limit: int) -> list[Moment]:
    found = [moment for source in sources for moment in source.beyond(key, is_later=is_later, limit=limit)]
    return sorted(found, key=lambda moment: moment.key, reverse=not is_later)[:limit]


def _sources(person: User, reader: User, show: str) -> list[_Source]:
    is_own = person.pk == reader.pk
    told = Entry.objects.filter(about=person.reference)
    # A note tells of itself.
    entries = told.exclude(event__in=[*NOT_FOR_THE_DESK, str(AccountEvent.NOTE_WRITTEN)])
    if show == CALLS:
        came = Q(facts__channel__in=[DeskForm.BY_PHONE, DeskForm.ON_PAPER])
        entries = entries.filter(came | Q(facts__came_by__in=list(CAME_BY)))
    notes = Note.objects.none() if is_own else Note.objects.filter(person=person).select_related("by")
    messages = Message.objects.shown_to(person)
    opens = not is_own and reader.has_perm("accounts.enter_for_people")
    return [
        source
        for source, shown_as in (
            (_Source(0, entries, "at", _happened), ("", CALLS)),
            (_Source(1, notes, "at", _noted), ("", NOTES)),
            (_Source(2, messages, "done_at", _wrote(Desk(person, reader) if opens else None)), ("", MESSAGES)),
        )
        if show in shown_as or show not in (NOTES, MESSAGES, CALLS)
    ]


def _happened(entry: Entry, key: Key) -> Moment:
    return Moment(key, entry.at, sentence_of(entry), by=entry.actor_name, more=how_it_came(entry.facts))


def _noted(note: Note, key: Key) -> Moment:
    return Moment(key, note.at, _("Note"), by=str(note.by), text=note.text)


def _wrote(desk: Desk | None) -> Callable[[Message, Key], Moment]:
    def tell(message: Message, key: Key) -> Moment:
        words = _("We sent a letter: %s") if message.channel == Channel.POST else _("We sent an e-mail: %s")
        url = desk.url("notifications:message", pk=message.pk) if desk else ""
        return Moment(key, key[0], words % message.title, by=_("The portal"), url=url)

    return tell


def _key(text: str) -> Key | None:
    at, _mark, rest = text.partition(BETWEEN)
    rank, _mark, pk = rest.partition(BETWEEN)
    try:
        moment = datetime.fromisoformat(at)
        return (moment, int(rank), int(pk)) if moment.tzinfo else None
    except ValueError:
        return None


def _page(shown: list[Moment], asked: QueryDict, *, has_back: bool, has_on: bool) -> KeyedPage:
    def link(way: str, moment: Moment) -> str:
        address = asked.copy()
        for old in (AFTER, BEFORE):
            address.pop(old, None)
        at, rank, pk = moment.key
        address[way] = BETWEEN.join([at.isoformat(), str(rank), str(pk)])
        return f"?{address.urlencode()}#history"

    return KeyedPage(
        rows=shown,
        back=link(BEFORE, shown[0]) if shown and has_back else "",
        on=link(AFTER, shown[-1]) if shown and has_on else "",
    )
