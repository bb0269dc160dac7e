"""Sessions as a calendar file: a stable UID, a sequence that grows with each change, cancelled ones kept as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.utils.translation import gettext as _
from icalendar import Calendar, Component, Event, Timezone

from programs import local
from trainings.models import HalfDay, TrainingSession

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


@cache
def _zone() -> Component:
    if local.zone().key == "America/Chicago":
        return Timezone.from_ical(CENTRAL)
    return Timezone.from_tzid(local.zone().key)


def calendar_of(sessions: Iterable[TrainingSession], *, site: str) -> bytes:
    """The file. `sessions` come with their course and half-days; nothing in it is about a person."""
    calendar = Calendar()
    calendar.add("prodid", "-//Peer Certification Portal//Trainings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _("Trainings"))
    calendar.add("x-wr-calname", _("Trainings"))
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    calendar.add_component(_zone())
    for session in sessions:
        for number, (start, end) in enumerate(days_of(list(session.half_days.all())), start=1):
            calendar.add_component(_event(session, number, start, end, site=site))
    return calendar.to_ical()


def days_of(half_days: Sequence[HalfDay]) -> list[tuple[datetime, datetime]]:
    """One entry per day of class, from its first half-day to its last."""
    days: dict[object, tuple[datetime, datetime]] = {}
    for half_day in half_days:
        first, _last = days.get(half_day.on, (half_day.starts_at, half_day.ends_at))
        days[half_day.on] = (first, half_day.ends_at)
    return list(days.values())


def _event(session: TrainingSession, number: int, start: datetime, end: datetime, *, site: str) -> Event:
    zone = local.zone()
    event = Event()
    event.add("uid", f"{session.reference}-{number}@{site}")
    event.add("sequence", session.changes)
    event.add("dtstamp", session.changed_at)
    event.add("last-modified", session.changed_at)
    event.add("dtstart", start.astimezone(zone))
    event.add("dtend", end.astimezone(zone))
    event.add("summary", session.course.title)
    event.add("status", "CANCELLED" if session.is_cancelled else "CONFIRMED")
    event.add("location", session.location or _("Online"))
    event.add("url", f"https://{site}{session.get_absolute_url()}")
    return event
