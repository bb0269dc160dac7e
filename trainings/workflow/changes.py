"""Changes of a session that people are signed up for: other days, more or fewer seats, cancelled, or it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from programs.program import program
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import IN_THIS_SESSION, HalfDay, Registration, Seat, Status, TrainingSession, days_of
from trainings.rules import Plan
from trainings.workflow.bookings import give_back_tests, give_back_tests_before_class
from trainings.workflow.links import is_link_out
from trainings.workflow.seats import give_free_seats
from trainings.workflow.sessions import (
    columns_of,
    designations_of,
    lay_half_days,
    other_last_days,
    reasons_not_to_plan,
)
from trainings.workflow.steps import entry, lock_session

WAY_IN = frozenset({"meeting_link", "dial_in"})
WHILE_CLASS_RUNS = WAY_IN | {"location"}  # a meeting breaks, a room floods: what may still be another
ORDER_IS_MADE_BY = ("registration_closes_on", "registration_closes_time")


@dataclass(frozen=True)
class Difference:
    """What a plan would change of a session: names of columns, and whether class gets other days or hours."""

    columns: tuple[str, ...]
    moves: bool

    def __bool__(self) -> bool:
        return bool(self.columns) or self.moves

    @property
    def names(self) -> list[str]:
        return [*self.columns, *(["half_days"] if self.moves else [])]


def difference(session: TrainingSession, plan: Plan) -> Difference:
    changed = [name for name, value in columns_of(plan).items() if getattr(session, name) != value]
    changed += ["designations"] if designations_of(plan, session.course) != session.designations else []
    halves = [(half.starts_at, half.ends_at) for half in session.half_days.all()]
    return Difference(tuple(changed), halves != list(plan.half_days))


def runs(session: TrainingSession, at: datetime) -> bool:
    return session.is_published and session.starts_at <= at < session.ends_at


def reasons_not_to_touch(session: TrainingSession, *, at: datetime) -> list[Reason]:
    """Nothing of it can be another any more, whatever is typed."""
    if session.status not in (TrainingSession.Status.DRAFT, TrainingSession.Status.PUBLISHED):
        return [Reason("not_at_this_step", status=session.get_status_display())]
    return [Reason("class_has_begun")] if session.starts_at <= at and not runs(session, at) else []


def reasons_not_to_change(session: TrainingSession, plan: Plan, *, at: datetime) -> list[Reason]:
    """While class runs only the way in changes; once seats are set, what decided the order stays."""
    reasons = reasons_not_to_touch(session, at=at)
    if reasons:
        return reasons
    if runs(session, at):
        what = difference(session, plan)
        return [Reason("only_the_way_in")] if what.moves or set(what.columns) - WHILE_CLASS_RUNS else []
    reasons = reasons_not_to_plan(plan, program(local_day(at)).calendar, at)
    if (plan.allocation_on, plan.last_offer_on) == (session.allocation_on, session.last_offer_on):
        # An outage may have moved the seats past the last offers: that is no fault of this change.
        reasons = [reason for reason in reasons if reason.code != "offers_end_too_early"]
    if reasons:
        return reasons
    if session.is_published and _moves_to_today(session, plan, at):
        return [Reason("class_moves_too_near")]
    if session.is_allocated and any(getattr(plan, name) != getattr(session, name) for name in ORDER_IS_MADE_BY):
        return [Reason("seats_are_set")]
    return []


def _moves_to_today(session: TrainingSession, plan: Plan, at: datetime) -> bool:
    """Another day, and that is today. A later hour of the day that was told is no other day."""
    first_day = local_day(plan.half_days[0][0])
    return first_day != session.starts_on and first_day <= local_day(at)


@transaction.atomic
def change_session(session_id: int, plan: Plan, *, by: User, at: datetime, seen: int | None = None) -> TrainingSession:
    """Other dates, another room, more or fewer seats. `seen` is the session's count of changes on the page that was
    looked at: whoever saw an older one looks again."""
    session = _hold(session_id)
    reasons = reasons_not_to_change(session, plan, at=at)
    if reasons:
        raise NotAllowed(*reasons)
    what = difference(session, plan)
    if not what:
        return session
    if seen is not None and seen != session.changes:
        raise NotAllowed(Reason("changed_meanwhile"))
    facts: dict[str, Any] = {"changed": what.names}
    was = {"was_from": session.starts_at.isoformat(), "was_to": session.ends_at.isoformat()}
    last, papers = session.registration_deadline, session.documents_deadline
    _take_over(session, plan, what, at)
    facts |= was if what.moves else {}
    if what.moves and session.is_published:
        _move_people(session, what, by=by, at=at, facts=facts)
    else:
        history = [Entry.of(TrainingEvent.SESSION_CHANGED, session, by=by, at=at, **facts)]
        moved = other_last_days(session, last, papers)
        if moved and session.is_published:
            history.append(Entry.of(TrainingEvent.DEADLINE_MOVED, session, by=by, at=at, **moved))
        record(*history)
    if not runs(session, at):
        give_free_seats(session, at=at, by=by)
    return session


def _hold(session_id: int) -> TrainingSession:
    """Like every change of a session, and it also waits for whoever is just signing up, so that nobody is missed."""
    list(TrainingSession.objects.select_for_update(of=("self",)).filter(pk=session_id).values_list("pk"))
    return lock_session(session_id)


def _take_over(session: TrainingSession, plan: Plan, what: Difference, at: datetime) -> None:
    for name, value in columns_of(plan).items():
        setattr(session, name, value)
    session.designations = designations_of(plan, session.course)
    session.changes, session.changed_at = session.changes + 1, at
    if what.moves and session.is_published:
        session.moved_at = at
    if {"registration_closes_on", "registration_closes_time"} & set(what.columns):
        session.deadline_was_at = session.no_room_to_move_at = None  # staff chose: this is the last day now
    if {"documents_close_on", "documents_close_time"} & set(what.columns):
        session.documents_were_at = None
    if {"minimum", "go_on"} & set(what.columns):
        session.go_decided_at = None
    session.save()
    if what.moves:
        _drop_days(session, plan)
        session.half_days.all().delete()
        lay_half_days(session, plan)
    _fit_seats(session, at)


def _drop_days(session: TrainingSession, plan: Plan) -> None:
    """Calendars that know of more days than there are now have to hear that the others do not happen."""
    if not session.is_published:
        return
    before = [[start.isoformat(), end.isoformat()] for start, end in days_of(session.half_days.all())]
    now = days_of(HalfDay(starts_at=start, ends_at=end) for start, end in plan.half_days)
    session.dropped_days = rules.dropped_days(before, session.dropped_days, now)
    session.save(update_fields=["dropped_days"])


def _fit_seats(session: TrainingSession, at: datetime) -> None:
    """More capacity makes or opens seats; less closes free ones and removes nobody."""
    lack = session.capacity - session.seats.open().count()
    if lack > 0:
        reopened = list(session.seats.exclude(closed_at=None).values_list("pk", flat=True)[:lack])
        Seat.objects.filter(pk__in=reopened).update(closed_at=None)
        highest = session.seats.order_by("-number").values_list("number", flat=True).first() or 0
        numbers = range(highest + 1, highest + 1 + lack - len(reopened))
        Seat.objects.bulk_create(Seat(session=session, number=number) for number in numbers)
    else:
        surplus = session.seats.free().general().order_by("-number").values_list("pk", flat=True)[:-lack]
        Seat.objects.filter(pk__in=list(surplus)).update(closed_at=at)


def _move_people(session: TrainingSession, what: Difference, *, by: User, at: datetime, facts: dict[str, Any]) -> None:
    """Everyone keeps their spot and hears of the new days once. The meeting link comes again where it is not yet due,
    or is another; an offer that would outlast the first day of class ends before it."""
    spots = _spots_of(session)
    comes_again = not is_link_out(session, at) or bool(WAY_IN & set(what.columns))
    hours = program(local_day(at)).value("offer_hours")
    for spot in spots:
        if comes_again:
            spot.link_told_at = None
        if spot.offer_expires_at is not None and spot.offered_at is not None and spot.status == Status.OFFERED:
            ends = rules.offer_expires_at(max(spot.offered_at, at), starts_at=session.starts_at, hours=hours)
            spot.offer_expires_at = min(spot.offer_expires_at, ends)
    Registration.objects.bulk_update(spots, ["link_told_at", "offer_expires_at"])
    if comes_again:
        session.make_ups.booked().update(link_told_at=None)
    event = TrainingEvent.SESSION_MOVED
    record(
        Entry.of(event, session, by=by, at=at, **facts),
        *(entry(event, spot, by=by, at=at, **facts) for spot in spots),
        *give_back_tests_before_class(session, spots, by=by, at=at),
    )


def _spots_of(session: TrainingSession) -> list[Registration]:
    """Whoever counts on this session. Who paused waits for another one and is left in peace."""
    spots = list(session.registrations.filter(status__in=IN_THIS_SESSION, outcome="").select_related("person", "seat"))
    for spot in spots:
        spot.session = session
    return spots


# -- It runs, or it does not -------------------------------------------------------------------------------


@transaction.atomic
def let_it_run(session_id: int, *, by: User, at: datetime) -> TrainingSession:
    """Fewer people came than it needs, and staff decide that it runs. Pressed twice it is decided once."""
    session = lock_session(session_id)
    if session.go_decided_at is not None:
        return session
    if not session.is_published or session.minimum is None:
        raise NotAllowed(Reason("not_at_this_step", status=session.get_status_display()))
    session.go_decided_at = at
    session.save(update_fields=["go_decided_at"])
    people = session.registrations.live().exclude(status__in=[Status.RECEIVED, Status.PAUSED]).count()
    record(Entry.of(TrainingEvent.SESSION_RUNS, session, by=by, at=at, people=people, minimum=session.minimum))
    return session


@transaction.atomic
def cancel(session_id: int, *, because: str, by: User, at: datetime) -> TrainingSession:
    """The session does not happen. Every spot in it ends and keeps its time for the next session of the course.

    One entry about the session and one about each spot; the subject tells which is which. A draft nobody saw is put
    away, and nobody is told.
    """
    session = _hold(session_id)
    if session.is_cancelled:
        return session
    if session.status == TrainingSession.Status.DRAFT:
        return _discard(session, because=because, by=by, at=at)
    if session.status == TrainingSession.Status.HELD or session.starts_at <= at:
        raise NotAllowed(Reason("class_has_begun"))
    session.status, session.cancelled_because, session.changed_at = TrainingSession.Status.CANCELLED, because, at
    session.changes += 1
    session.save(update_fields=["status", "cancelled_because", "changed_at", "changes"])
    ended = _end_spots(session, by=by, at=at)
    record(Entry.of(TrainingEvent.SESSION_CANCELLED, session, by=by, at=at, because=because), *ended)
    return session


def _discard(session: TrainingSession, *, because: str, by: User, at: datetime) -> TrainingSession:
    session.status, session.cancelled_because, session.changed_at = TrainingSession.Status.DISCARDED, because, at
    session.save(update_fields=["status", "cancelled_because", "changed_at"])
    record(Entry.of(TrainingEvent.SESSION_DISCARDED, session, by=by, at=at, because=because))
    return session


def _end_spots(session: TrainingSession, *, by: User | None, at: datetime) -> list[Entry]:
    spots = _spots_of(session)
    before = {spot.pk: spot.status for spot in spots}
    for spot in spots:
        spot.status, spot.seat, spot.offer_expires_at = Status.CANCELLED, None, None
    Registration.objects.bulk_update(spots, ["status", "seat", "offer_expires_at"])
    event = TrainingEvent.SESSION_CANCELLED
    ended = [entry(event, spot, by=by, at=at, before=before[spot.pk]) for spot in spots]
    return [*ended, *give_back_tests(spots, told_by=event, by=by, at=at)]


def clear_cancelled(at: datetime) -> int:
    """Whoever signed up in the very moment a session was cancelled is told like everybody else."""
    late = TrainingSession.objects.filter(
        status=TrainingSession.Status.CANCELLED, registrations__status__in=IN_THIS_SESSION, registrations__outcome=""
    )
    return sum(_clear_one(key, at) for key in late.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def _clear_one(session_id: int, at: datetime) -> int:
    ended = _end_spots(_hold(session_id), by=None, at=at)
    if ended:
        record(*ended)
    return len(ended)
