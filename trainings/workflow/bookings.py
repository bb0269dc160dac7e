"""Test days somebody is expected at: what becomes of them when their spot ends or goes elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import User
from audit.models import Entry
from programs.calendar import local_day
from trainings.events import TrainingEvent
from trainings.models import ExamAttempt, ExamBooking, Registration, TrainingSession
from trainings.workflow.steps import entry


def give_back_tests(
    spots: Collection[Registration], *, told_by: TrainingEvent, by: User | None, at: datetime
) -> list[Entry]:
    """Tests still ahead are not theirs any more. What ends the spot tells them; this is for the history and for their
    calendar. Two statements, however many people. The caller holds the session and records."""
    return _give_back(_ahead(spots, at), spots, by=by, at=at, told_by=told_by)


def give_back_tests_before_class(
    session: TrainingSession, spots: Collection[Registration], *, by: User | None, at: datetime
) -> list[Entry]:
    """Class moved behind a test: nobody sits before class. These people are told."""
    early = [one for one in _ahead(spots, at) if local_day(one.sitting.starts_at) < session.starts_on]
    return _give_back(early, spots, by=by, at=at)


def _ahead(spots: Collection[Registration], at: datetime) -> list[ExamBooking]:
    booked = ExamBooking.objects.filter(registration__in=spots, taken_back_at=None, sitting__starts_at__gt=at)
    sat = Exists(ExamAttempt.objects.filter(sitting=OuterRef("sitting"), registration=OuterRef("registration")))
    return list(booked.exclude(sat).select_related("sitting"))


def _give_back(
    bookings: Collection[ExamBooking],
    spots: Collection[Registration],
    *,
    by: User | None,
    at: datetime,
    told_by: str = "",
) -> list[Entry]:
    if not bookings:
        return []
    ExamBooking.objects.filter(pk__in=[one.pk for one in bookings]).update(taken_back_at=at)
    known = {spot.pk: spot for spot in spots}
    said = {"told_by": str(told_by)} if told_by else {}
    event = TrainingEvent.SITTING_GIVEN_BACK
    return [
        entry(event, known[one.registration_id], by=by, at=at, sitting=one.sitting.reference, **said)
        for one in bookings
    ]
