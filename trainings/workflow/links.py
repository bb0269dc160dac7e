"""The meeting link: due seven days before to whoever has a seat or makes up a half-day there, at once to whoever
comes later, once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from audit.trail import record
from programs.calendar import local_moment
from programs.program import Rules, program
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import HalfDay, MakeUp, Registration, Status, TrainingSession
from trainings.workflow.steps import entry, lock_session

A_MONTH = timedelta(days=31)  # no program sends its links earlier


def link_due_at(session: TrainingSession, today: Rules | None = None) -> datetime:
    """By the rules of the first day; whoever has rules at hand gives them, and nothing is looked up."""
    first_day = session.starts_on
    then = today.then(first_day) if today else program(first_day)
    return local_moment(then.due_before("meeting_link", first_day), rules.MORNING)


def is_link_out(session: TrainingSession, at: datetime, today: Rules | None = None) -> bool:
    return session.is_published and bool(session.meeting_link) and at >= link_due_at(session, today)


def tell_links_of(
    session: TrainingSession, spots: Sequence[Registration], *, at: datetime, today: Rules | None = None
) -> int:
    """The caller holds the session, so nobody is told twice. The link itself stays out of the history."""
    if not spots or at >= session.ends_at or not is_link_out(session, at, today):
        return 0
    owed = [spot for spot in spots if spot.link_told_at is None and spot.status == Status.CONFIRMED]
    for spot in owed:
        spot.link_told_at, spot.session = at, session
    if owed:
        Registration.objects.filter(pk__in=[spot.pk for spot in owed]).update(link_told_at=at)
        record(*(entry(TrainingEvent.LINK_DUE, spot, by=None, at=at) for spot in owed))
    return len(owed)


# -- Whoever makes up a half-day there ---------------------------------------------------------------------


def tell_guests_due(at: datetime) -> int:
    waiting = MakeUp.objects.booked().filter(
        link_told_at=None,
        session__status=TrainingSession.Status.PUBLISHED,
        session__ends_at__gt=at,
        session__starts_at__lte=at + A_MONTH,
    )
    sessions = waiting.exclude(session__meeting_link="").order_by("session").values_list("session", flat=True)
    return sum(_tell_guests_once(key, at) for key in sessions.distinct())


@transaction.atomic
def _tell_guests_once(session_id: int, at: datetime) -> int:
    return tell_guests_of(lock_session(session_id), at=at)


def tell_guests_of(session: TrainingSession, *, at: datetime) -> int:
    """One message for each day somebody makes up. The caller holds the session."""
    if not is_link_out(session, at):
        return 0
    half_days = dict(enumerate(session.half_days.all(), start=1))
    booked = session.make_ups.booked().filter(link_told_at=None, number__in=half_days)
    ahead = [
        (make_up, half_days[make_up.number])
        for make_up in booked.select_related("registration__person").order_by("number", "pk")
        if half_days[make_up.number].ends_at > at
    ]
    if not ahead:
        return 0
    MakeUp.objects.filter(pk__in=[make_up.pk for make_up, _half_day in ahead]).update(link_told_at=at)
    days: dict[tuple[int, object], tuple[Registration, HalfDay]] = {}
    for make_up, half_day in ahead:
        make_up.registration.session = session  # what they are told is about this one
        days.setdefault((make_up.registration_id, half_day.on), (make_up.registration, half_day))
    record(
        *(
            entry(TrainingEvent.LINK_DUE, spot, by=None, at=at, half_day=half_day.starts_at.isoformat())
            for spot, half_day in days.values()
        )
    )
    return len(days)
