"""Calendar files read back by two parsers that share no code, as a calendar program would read them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import icalendar
import vobject


@dataclass(frozen=True)
class Read:
    uid: str
    sequence: int
    status: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    stamped_at: datetime
    modified_at: datetime


def by_icalendar(content: bytes) -> list[Read]:
    return [
        Read(
            str(event["uid"]),
            int(event["sequence"]),
            str(event["status"]),
            str(event["summary"]),
            event["dtstart"].dt.astimezone(UTC),
            event["dtend"].dt.astimezone(UTC) if "dtend" in event else None,
            event["dtstamp"].dt,
            event["last-modified"].dt,
        )
        for event in icalendar.Calendar.from_ical(content).walk("VEVENT")
    ]


def by_vobject(content: bytes) -> list[Read]:
    """Its times come from the file's own VTIMEZONE, not from a zone database."""
    calendar = vobject.readOne(content.decode())
    return [
        Read(
            event.uid.value,
            int(event.sequence.value),
            event.status.value,
            event.summary.value,
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC) if hasattr(event, "dtend") else None,
            event.dtstamp.value.astimezone(UTC),
            event.last_modified.value.astimezone(UTC),
        )
        for event in calendar.contents.get("vevent", [])
    ]


def read_back(content: bytes) -> dict[str, Read]:
    """What both say, by UID; they have to say the same."""
    one, other = by_icalendar(content), by_vobject(content)
    assert one == other
    found = {event.uid: event for event in one}
    assert len(found) == len(one)
    return found
