"""Calendar files: a stable UID for each day, a sequence that grows with each change, and what is off kept as such.

A session is one entry per day of class, known by its number: a move changes the entry, and a day beyond the last is
called off. A person's own file is made from the history of their spots, so that a seat given back is called off too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Component, Event, Timezone

from programs import local
from programs.words import long_moment
from trainings.models import TrainingSession, days_of

# Written by hand: the rules the United States have had since 2007, which every calendar program reads.
CENTRAL = b"""BEGIN:VTIMEZONE
TZID:America/Chicago
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0600
TZOFFSETTO:-0500
TZNAME:CDT
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0600
TZNAME:CST
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Item:
    """One entry of a file."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    title: str
    is_on: bool
    location: str = ""
    path: str = ""
    text: str = ""


@cache
def _zone() -> Component:
    if local.zone().key == "America/Chicago":
        return Timezone.from_ical(CENTRAL)
    return Timezone.from_tzid(local.zone().key)


def calendar_of(sessions: Iterable[TrainingSession]) -> bytes:
    """Sessions for everybody. They come with their course and half-days; nothing in it is about a person."""
    items = [item for session in sessions for item in _items(session)]
    return written(items, maker="Peer Certification Portal//Trainings", name=_("Trainings"))


def written(items: Iterable[Item], *, maker: str, name: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", f"-//{maker}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    calendar.add_component(_zone())
    for item in items:
        calendar.add_component(_event(item))
    return calendar.to_ical()


def numbered_days(session: TrainingSession) -> Iterator[tuple[int, datetime, datetime, bool]]:
    """Each day calendars know of: its number, its hours, and whether it still happens."""
    days: Sequence[tuple[datetime, datetime]] = days_of(session.half_days.all())
    dropped = [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in session.dropped_days]
    for number, (start, end) in enumerate([*days, *dropped], start=1):
        yield number, start, end, number <= len(days) and not session.is_cancelled


def _items(session: TrainingSession) -> Iterator[Item]:
    for number, start, end, is_on in numbered_days(session):
        yield Item(
            uid=f"{session.reference}-{number}",
            sequence=session.changes,
            changed_at=session.changed_at,
            starts_at=start,
            ends_at=end,
            title=session.course.title,
            is_on=is_on,
            location=session.location or _("Online"),
            path=session.get_absolute_url(),
            text=_last_day(session),
        )


def _last_day(session: TrainingSession) -> str:
    by = _("Apply by %s.") if session.course.is_by_application else _("Sign up by %s.")
    return by % long_moment(session.registration_deadline)


def _event(item: Item) -> Event:
    zone = local.zone()
    event = Event()
    event.add("uid", f"{item.uid}@{urlsplit(settings.SITE_URL).netloc}")
    event.add("sequence", item.sequence)
    event.add("dtstamp", item.changed_at)
    event.add("last-modified", item.changed_at)
    event.add("dtstart", item.starts_at.astimezone(zone))
    if item.ends_at:
        event.add("dtend", item.ends_at.astimezone(zone))
    event.add("summary", item.title)
    event.add("status", "CONFIRMED" if item.is_on else "CANCELLED")
    event.add("transp", "OPAQUE" if item.ends_at and item.is_on else "TRANSPARENT")
    if item.location:
        event.add("location", item.location)
    if item.text:
        event.add("description", item.text)
    if item.path:
        event.add("url", settings.SITE_URL + item.path)
    return event
