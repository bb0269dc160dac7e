"""Class time made up: a half-day somebody missed, booked into the same half-day of a later session of the course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.workflow import refuse_own_matter
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import HalfDay, MakeUp, Registration, Status, TrainingSession
from trainings.workflow.classroom import OPEN, let_in, sat_of, time_missed
from trainings.workflow.links import tell_guests_of
from trainings.workflow.steps import entry, lock_sessions, lock_spot

Outcome = Registration.Outcome


@dataclass(frozen=True)
class Missed:
    """One half-day to make up, where it stands, and when it could be made up."""

    number: int
    half_day: HalfDay
    minutes: int
    booked: MakeUp | None
    booked_half_day: HalfDay | None
    dates: tuple[HalfDay, ...]


def is_short(spot: Registration) -> bool:
    """More of class is missing than the course allows."""
    return time_missed(spot) > spot.course.may_miss_minutes


def missed_half_days(spot: Registration, at: datetime) -> list[Missed]:
    """What is still to be made up, with the dates to choose from; nothing for somebody who missed no more than
    the course allows."""
    if spot.status != Status.CONFIRMED or spot.outcome not in OPEN or not is_short(spot):
        return []
    later = list(later_sessions(spot, at))
    booked = {make_up.number: make_up for make_up in spot.make_ups.all() if make_up.is_booked}
    found = []
    for number, (half_day, sat) in enumerate(zip(spot.session.half_days.all(), sat_of(spot), strict=True), start=1):
        if not sat.missed:
            continue
        make_up = booked.get(number)
        dates = tuple(one for one in (half_day_of(session, number) for session in later) if one and one.starts_at > at)
        where = half_day_of(make_up.session, number) if make_up else None
        if where and where.starts_at <= at:
            dates = ()  # they are there now; the trainer's list says the rest
        found.append(Missed(number, half_day, sat.missed, make_up, where, dates))
    return found


def later_sessions(spot: Registration, at: datetime) -> list[TrainingSession]:
    sessions = TrainingSession.objects.filter(
        course=spot.course_id, status=TrainingSession.Status.PUBLISHED, ends_at__gt=max(at, spot.session.ends_at)
    ).exclude(pk=spot.session_id)
    found = sessions.select_related("course").prefetch_related("half_days")
    return [one for one in found if not spot.designation or spot.designation in one.designations]


def half_day_of(session: TrainingSession, number: int) -> HalfDay | None:
    """The half-day of that number in the course's order."""
    half_days = list(session.half_days.all())
    return half_days[number - 1] if 0 < number <= len(half_days) else None


def _lock(registration_id: int, *session_ids: int) -> Registration:
    home = Registration.objects.values_list("session_id", flat=True).get(pk=registration_id)
    sessions = lock_sessions({home, *session_ids})
    spots = Registration.objects.select_related("person", "course").select_for_update(of=("self",), no_key=True)
    spot = spots.get(pk=registration_id)
    spot.session = sessions[home]
    return spot


@transaction.atomic
def open_make_up(registration_id: int, *, by: User, at: datetime) -> Registration:
    """Class is over and time is missing: they are told, and may choose a date at any time."""
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    if spot.outcome == Outcome.MAKE_UP:
        return spot
    _require_something_missing(spot)
    if spot.session.ends_at > at:
        raise NotAllowed(Reason("class_not_over"))
    spot.outcome = Outcome.MAKE_UP
    spot.save(update_fields=["outcome"])
    record(entry(TrainingEvent.MAKE_UP_OPENED, spot, by=by, at=at, minutes=time_missed(spot)))
    return spot


def _require_something_missing(spot: Registration) -> None:
    if spot.status != Status.CONFIRMED or spot.session.is_cancelled or spot.outcome not in OPEN:
        raise NotAllowed(Reason("not_at_this_step", status=spot.get_status_display()))
    if not is_short(spot):
        raise NotAllowed(Reason("nothing_to_make_up"))


@transaction.atomic
def book_make_up(
    registration_id: int,
    number: int,
    session_id: int,
    *,
    by: User,
    at: datetime,
    receipt: Mapping[str, str] | None = None,
) -> MakeUp:
    """An extra chair for one half-day: no spot in that session's line, and no seat of it. Another date replaces the
    one before; the same one twice is one booking."""
    spot = _lock(registration_id, session_id)
    before = spot.make_ups.standing().filter(number=number).first()
    if before and before.session_id == session_id:
        return before
    if before and _has_begun(before, at):
        raise NotAllowed(Reason("class_has_begun"))
    _require_something_missing(spot)
    sat = dict(enumerate(sat_of(spot), start=1)).get(number)
    if sat is None or not sat.missed or (before and not before.is_booked):
        raise NotAllowed(Reason("nothing_to_make_up"))
    session = next((one for one in later_sessions(spot, at) if one.pk == session_id), None)
    half_day = half_day_of(session, number) if session else None
    if session is None or half_day is None or half_day.starts_at <= at:
        raise NotAllowed(Reason("no_such_make_up_date"))
    if before:
        before.taken_back_at = at
        before.save(update_fields=["taken_back_at"])
    make_up = MakeUp.objects.create(registration=spot, number=number, session=session, booked_at=at, booked_by=by)
    if not spot.outcome and spot.session.ends_at <= at:
        spot.outcome = Outcome.MAKE_UP
        spot.save(update_fields=["outcome"])
    facts = {"number": number, "made_in": session.reference, "half_day": half_day.starts_at.isoformat()}
    record(entry(TrainingEvent.MAKE_UP_BOOKED, spot, by=by, at=at, **facts, **(receipt or {})))
    tell_guests_of(session, at=at)
    return make_up


def _has_begun(make_up: MakeUp, at: datetime) -> bool:
    half_day = half_day_of(make_up.session, make_up.number)
    return half_day is not None and half_day.starts_at <= at


@transaction.atomic
def take_back_make_up(
    make_up_id: int,
    *,
    by: User | None,
    at: datetime,
    because: str = "",
    receipt: Mapping[str, str] | None = None,
) -> MakeUp:
    """Not on that day after all. The half-day stays open, and another date can be chosen."""
    row = MakeUp.objects.get(pk=make_up_id)
    spot = _lock(row.registration_id, row.session_id)
    make_up = MakeUp.objects.get(pk=make_up_id)
    if make_up.taken_back_at is not None:
        return make_up
    if not make_up.is_booked:
        raise NotAllowed(Reason("make_up_not_booked"))
    if _has_begun(make_up, at):
        raise NotAllowed(Reason("class_has_begun"))
    make_up.taken_back_at = at
    make_up.save(update_fields=["taken_back_at"])
    facts = {"number": make_up.number, "because": because}
    record(entry(TrainingEvent.MAKE_UP_TAKEN_BACK, spot, by=by, at=at, **facts, **(receipt or {})))
    return make_up


def give_back_cancelled(session: TrainingSession, *, at: datetime) -> None:
    """The later session does not happen: its bookings end, and their people are told. The caller holds the session
    and its people's spots are not changed, so their own sessions need no lock."""
    booked = list(session.make_ups.booked().select_related("registration__person", "registration__session"))
    MakeUp.objects.filter(pk__in=[make_up.pk for make_up in booked]).update(taken_back_at=at)
    event = TrainingEvent.MAKE_UP_TAKEN_BACK
    record(
        *(
            entry(event, one.registration, by=None, at=at, number=one.number, because="session_cancelled")
            for one in booked
        )
    )


@transaction.atomic
def join_make_up(make_up_id: int, *, by: User, at: datetime) -> str:
    """The button for that one half-day of the later session."""
    row = MakeUp.objects.get(pk=make_up_id)
    spot = _lock(row.registration_id, row.session_id)
    make_up = MakeUp.objects.select_related("session__course").get(pk=make_up_id)
    half_day = half_day_of(make_up.session, make_up.number)
    if make_up.taken_back_at is not None or half_day is None or make_up.session.is_cancelled:
        raise NotAllowed(Reason("make_up_not_booked"))
    opens_at = half_day.starts_at - rules.ONE_HOUR
    return let_in(spot, make_up.session, opens_at=opens_at, closes_at=half_day.ends_at, by=by, at=at)
