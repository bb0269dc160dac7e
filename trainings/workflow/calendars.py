"""The secret address of a person's calendar: made, renewed, and closed again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit.models import Entry
from audit.trail import record
from trainings.events import TrainingEvent
from trainings.models import CalendarAddress, Course, TrainingSession
from trainings.models.calendars import new_token


def tell_calendars(course: Course, *, at: datetime) -> int:
    """The course has another title: every entry that shows it changed. The history of it is the course's own."""
    ahead = TrainingSession.objects.filter(course=course, ends_at__gt=at)
    return ahead.update(changes=F("changes") + 1, changed_at=at)


@transaction.atomic
def open_calendar(person: User, *, by: User, at: datetime) -> CalendarAddress:
    """A new address; one there was before answers nobody from now on."""
    address, _made = CalendarAddress.objects.update_or_create(
        person=person, defaults={"token": new_token(), "made_at": at}
    )
    record(Entry.of(TrainingEvent.CALENDAR_OPENED, address, by=by, at=at))
    return address


@transaction.atomic
def close_calendar(person: User, *, by: User, at: datetime) -> bool:
    address = CalendarAddress.objects.select_for_update(of=("self",)).filter(person=person).first()
    if address is None:
        return False
    record(Entry.of(TrainingEvent.CALENDAR_CLOSED, address, by=by, at=at))
    address.delete()
    return True
