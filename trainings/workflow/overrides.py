"""Exceptions to the order, each with its reason: it stands in the history and on the person's own page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.workflow import refuse_own_matter
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from programs.program import program
from trainings.events import TrainingEvent
from trainings.line import standings_of, tier_of
from trainings.models import Override, Registration, Seat, Status, TrainingSession
from trainings.workflow.links import tell_links_of
from trainings.workflow.seats import free_seat, give_free_seats
from trainings.workflow.steps import entry, lock_session, lock_spot

IN_THE_LINE = (Status.RECEIVED, Status.ADMITTED, Status.WAITING)


@transaction.atomic
def put_in_group(registration_id: int, group: int | None, *, because: str, by: User, at: datetime) -> Registration:
    """Counted in another group than the records prove; without a group the records count again."""
    spot = _lock(registration_id, because, by=by, at=at)
    groups = group_count(spot.session, at)
    if not groups:
        raise NotAllowed(Reason("no_groups_here"))
    if group is not None and not 1 <= group <= groups:
        raise NotAllowed(Reason("no_such_group"))
    before = spot.tier_override
    if before == group:
        return spot
    spot.tier_override = group
    spot.save(update_fields=["tier_override"])
    if spot.status == Status.WAITING:
        spot.tier = group or _proved_group(spot, at)
        stand_by_the_rule(spot)
    _write_down(spot, Override.Kind.GROUP, because, str(before or ""), str(group or ""), by=by, at=at)
    return spot


def _proved_group(spot: Registration, at: datetime) -> int:
    kind = program(local_day(at)).course(spot.session.course.kind)
    return tier_of(kind, standings_of(kind, [spot.person_id], at).get(spot.person_id, []))


def group_count(session: TrainingSession, at: datetime) -> int:
    """How many groups the order knows, with one for everybody else where others come in at all; none where only the
    time counts."""
    kind = program(local_day(at)).course(session.course.kind)
    return 0 if session.course.is_first_come else len(kind.tiers) + kind.has_others


@transaction.atomic
def count_from(registration_id: int, received_at: datetime, *, because: str, by: User, at: datetime) -> Registration:
    """Counted from another time: a paper that lay somewhere, a call that was not written down. It works after the
    seats are set too, and moves this one spot; the others keep their order."""
    spot = _lock(registration_id, because, by=by, at=at)
    if received_at > at:
        raise NotAllowed(Reason("time_still_to_come"))
    before = spot.received_at
    if before == received_at:
        return spot
    _require_open_by_then(min(spot.session.opens_at, before), received_at)  # a time kept from another date may be older
    spot.received_at = received_at
    spot.save(update_fields=["received_at"])
    if spot.status == Status.WAITING:
        stand_by_the_rule(spot)
    _write_down(spot, Override.Kind.TIME, because, before.isoformat(), received_at.isoformat(), by=by, at=at)
    return spot


def stand_by_the_rule(spot: Registration) -> None:
    """This one spot goes where its group and time put it among those who wait; nobody else changes order."""
    waiting = list(spot.session.registrations.in_line())
    ranks = [one.rank for one in waiting]
    others = [one for one in waiting if one.pk != spot.pk]
    behind = (number for number, one in enumerate(others) if _place(one) > _place(spot))
    place = next(behind, len(others))
    order = [*others[:place], spot, *others[place:]]
    for rank, one in zip(ranks, order, strict=True):
        one.rank = rank
    Registration.objects.bulk_update(order, ["rank", "tier"])


def _place(spot: Registration) -> tuple[int, datetime, int]:
    return (0 if spot.session.course.is_first_come else spot.tier or 0, spot.received_at, spot.pk)


@transaction.atomic
def take_late_form(
    session_id: int,
    *,
    person_id: int,
    designation: str,
    received_at: datetime,
    because: str,
    by: User,
    at: datetime,
    came_by: str = "paper",
) -> Registration:
    """A form after the last day, taken all the same. Once the seats are set it joins the end of the line."""
    session = lock_session(session_id)
    person = User.objects.get(pk=person_id)
    refuse_own_matter(person, by)
    _require_reason(because)
    if received_at > at:
        raise NotAllowed(Reason("time_still_to_come"))
    _require_open_by_then(session.opens_at, received_at)
    live = Registration.objects.live().filter(person=person, course=session.course_id).select_related("session").first()
    if live is not None and live.session_id == session.pk:
        return live
    designation = designation or (session.designations[0] if len(session.designations) == 1 else "")
    reasons = _reasons_not_to_take(session, live, designation, at)
    if reasons:
        raise NotAllowed(*reasons)
    is_admitted = not session.course.is_by_application
    spot = Registration.objects.create(
        person=person,
        session=session,
        course=session.course,
        designation=designation,
        status=Status.ADMITTED if is_admitted else Status.RECEIVED,
        received_at=received_at,
        entered_at=at,
        came_by=came_by,
        admitted_at=at if is_admitted else None,
    )
    spot.session = session
    facts = {"received_at": received_at.isoformat(), "designation": designation, "came_by": came_by, "late": True}
    record(entry(TrainingEvent.REGISTERED, spot, by=by, at=at, **facts))
    _write_down(spot, Override.Kind.LATE_FORM, because, "", received_at.isoformat(), by=by, at=at)
    if is_admitted and give_free_seats(session, at=at, by=None) is not None:
        spot.refresh_from_db()
    return spot


def _reasons_not_to_take(
    session: TrainingSession, live: Registration | None, designation: str, at: datetime
) -> list[Reason]:
    if not session.is_published:
        return [Reason("session_not_open")]
    if session.starts_at <= at:
        return [Reason("class_has_begun")]
    if session.takes_registrations(at):
        return [Reason("still_open_for_all")]
    if live is not None:
        first, last = live.session.starts_on, live.session.ends_on
        return [Reason("already_in_another_session", reference=live.reference, first=first, last=last)]
    if session.designations and designation not in session.designations:
        return [Reason("designation_not_taught")]
    return []


# -- A free seat by hand -----------------------------------------------------------------------------------


def passed_over(spot: Registration) -> list[Registration]:
    """Who stands before this spot and would be passed, first in line first."""
    line = list(spot.session.registrations.in_line().select_related("person"))
    keys = [one.pk for one in line]
    return line[: keys.index(spot.pk)] if spot.pk in keys else line


def reasons_not_to_give(session: TrainingSession, seat: Seat | None) -> list[Reason]:
    """Before anybody is chosen: whether there is a seat to give by hand at all."""
    if not session.has_a_line:
        return [Reason("seats_not_set_yet", day=session.allocation_on)]
    return [] if seat else [Reason("no_free_seat")]


@transaction.atomic
def give_seat(
    registration_id: int, *, seen_passed: Collection[str], because: str, by: User, at: datetime
) -> Registration:
    """Somebody was called and said yes. `seen_passed` are the references the page named and staff ticked: when
    others would be passed by now, nothing is given."""
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    if spot.status == Status.CONFIRMED:
        return spot
    _require_in_line(spot, because, at)
    session = spot.session
    seat = free_seat(session)
    reasons = reasons_not_to_give(session, seat)
    if seat is None or reasons:
        raise NotAllowed(*reasons)
    if spot.status == Status.RECEIVED:
        raise NotAllowed(Reason("not_checked_yet"))
    passed = [one.reference for one in passed_over(spot)]
    if set(passed) != set(seen_passed):
        raise NotAllowed(Reason("passed_not_ticked", count=len(passed)))
    spot.seat, spot.status, spot.confirmed_at, spot.offer_expires_at = seat, Status.CONFIRMED, at, None
    spot.save(update_fields=["seat", "status", "confirmed_at", "offer_expires_at"])
    _write_down(spot, Override.Kind.SEAT, because, str(len(passed)), str(seat.number), by=by, at=at)
    record(entry(TrainingEvent.CONFIRMED, spot, by=by, at=at, seat=seat.number, by_hand=True, passed=passed))
    tell_links_of(session, [spot], at=at)
    return spot


# -- What they share ---------------------------------------------------------------------------------------


def _lock(registration_id: int, because: str, *, by: User, at: datetime) -> Registration:
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    _require_in_line(spot, because, at)
    return spot


def _require_in_line(spot: Registration, because: str, at: datetime) -> None:
    _require_reason(because)
    if spot.status not in IN_THE_LINE or spot.outcome:
        raise NotAllowed(Reason("not_at_this_step", status=spot.get_outcome_display() or spot.get_status_display()))
    if spot.session.starts_at <= at:
        raise NotAllowed(Reason("class_has_begun"))


def _require_open_by_then(opens_at: datetime, received_at: datetime) -> None:
    if received_at < opens_at:
        raise NotAllowed(Reason("before_sign_up_opened", opens_at=opens_at))


def _require_reason(because: str) -> None:
    if not because.strip():
        raise NotAllowed(Reason("reason_needed"))


def _write_down(
    spot: Registration, kind: str, because: str, before: str, after: str, *, by: User, at: datetime
) -> None:
    Override.objects.create(
        registration=spot, kind=kind, because=because.strip(), before=before, after=after, by=by, at=at
    )
    record(entry(TrainingEvent.OVERRIDDEN, spot, by=by, at=at, kind=str(kind), before=before, after=after))
