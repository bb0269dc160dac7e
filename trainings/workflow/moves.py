"""A spot changes its date, waits for a while, and goes on: the time it was received at never moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import add_months, local_day
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import Registration, Seat, SessionQuerySet, Status, TrainingSession
from trainings.workflow.bookings import give_back_tests
from trainings.workflow.seats import give_free_seats, seat_fell_free
from trainings.workflow.steps import MAY_CHANGE_DATE, NEXT, each, entry, lock_session, lock_spot, reasons_not_to_leave

PAUSE_MONTHS = 12

AS_NEW: dict[str, Any] = {
    "seat": None,
    "rank": None,
    "tier": None,
    "proofs": [],
    "block": None,
    "offered_at": None,
    "offer_expires_at": None,
    "confirmed_at": None,
    "link_told_at": None,
    "joined_at": None,
    "not_admitted_because": [],
    "paused_until": None,
}


# -- Another date ------------------------------------------------------------------------------------------


def dates_for(spot: Registration, at: datetime) -> list[TrainingSession]:
    """Every date this spot may move to, soonest first; after a pause its own date too, while that is open."""
    ahead: SessionQuerySet = TrainingSession.objects.filter(
        course=spot.course_id, status=TrainingSession.Status.PUBLISHED, opens_at__lte=at, starts_at__gt=at
    ).select_related("course")
    if spot.status != Status.PAUSED:
        ahead = ahead.exclude(pk=spot.session_id)
    return [one for one in ahead if not reasons_not_to_move(spot, one, at)]


def reasons_not_to_move(spot: Registration, to: TrainingSession, at: datetime) -> list[Reason]:
    if to.course_id != spot.course_id:
        return [Reason("not_the_same_course")]
    return rules.reasons_not_to_move(
        is_published=to.is_published,
        takes_registrations=to.takes_registrations(at),
        has_a_line=to.has_a_line,
        may_still_offer=rules.may_offer(local_day(at), last_offer_on=to.last_offer_on, first_day=to.starts_on),
        designations=to.designations,
        designation=spot.designation,
    )


@transaction.atomic
def move_spot(
    registration_id: int, to_session_id: int, *, by: User, at: datetime, receipt: Mapping[str, str] | None = None
) -> Registration:
    """The same spot in another session of the course: its time, and where it was admitted the admission, stay.

    A seat it had goes to the next in line. In a session whose seats are set it joins the end of the line. Pressed
    twice it moves once.
    """
    spot, to = _lock_both(registration_id, to_session_id)
    before, left = spot.status, spot.session
    if left.pk == to.pk and before != Status.PAUSED:
        if spot.is_live:
            return spot
        raise NotAllowed(Reason("date_not_open"))
    _require_movable(spot, at)
    reasons = reasons_not_to_move(spot, to, at)
    if reasons:
        raise NotAllowed(*reasons)
    had_a_seat, kept_for = spot.seat_id is not None, spot.kept_for
    given_back = give_back_tests([spot], told_by=TrainingEvent.MOVED, by=by, at=at) if left.pk != to.pk else []
    _settle_in(spot, to)
    facts = {
        "before": before,
        "moved_from": left.reference,
        "moved_to": to.reference,
        "kept_for": kept_for,
        "is_told_by_the_line": bool(spot.admitted_at) and to.has_a_line,
    }
    moved = entry(TrainingEvent.MOVED, spot, by=by, at=at, **facts, **(receipt or {}))
    record(moved, *given_back)
    spot.refresh_from_db()
    spot.session = to
    if spot.status == Status.ADMITTED:  # the rooms above may have given it a kept seat meanwhile
        give_free_seats(to, at=at, by=None)
    if had_a_seat and left.pk != to.pk:
        seat_fell_free(left, kept_for, at=at)
    spot.refresh_from_db()
    return spot


def _lock_both(registration_id: int, to_session_id: int) -> tuple[Registration, TrainingSession]:
    """Both sessions in the order of their keys, then the spot, so that two who swap dates never wait in a circle."""
    from_id = Registration.objects.values_list("session_id", flat=True).get(pk=registration_id)
    held = {key: lock_session(key) for key in sorted({from_id, to_session_id})}
    spots = Registration.objects.select_related("person", "seat", "course").select_for_update(of=("self",), no_key=True)
    spot = spots.get(pk=registration_id)
    if spot.session_id not in held:
        raise NotAllowed(Reason("spot_changed_meanwhile"))
    spot.session = held[spot.session_id]
    return spot, held[to_session_id]


def reasons_to_stay(spot: Registration, at: datetime) -> list[Reason]:
    """Why a spot keeps its date: what the page shows before anything is chosen, and what the press refuses."""
    if spot.status not in MAY_CHANGE_DATE or spot.outcome:
        return [Reason("not_at_this_step", status=spot.get_outcome_display() or spot.get_status_display())]
    return [Reason("class_has_begun")] if spot.seat_id and spot.session.starts_at <= at else []


def _require_movable(spot: Registration, at: datetime) -> None:
    if reasons := reasons_to_stay(spot, at):
        raise NotAllowed(*reasons)


def _settle_in(spot: Registration, to: TrainingSession) -> None:
    for name, value in AS_NEW.items():
        setattr(spot, name, [] if value == [] else value)
    spot.session = to
    spot.status = Status.ADMITTED if spot.admitted_at else Status.RECEIVED
    spot.link_version += 1  # the link in an old offer is dead
    try:
        with transaction.atomic():
            spot.save(update_fields=[*AS_NEW, "session", "status", "link_version"])
    except IntegrityError as twin:  # an ended spot, while a newer one of the same course lives
        raise NotAllowed(_the_other(spot)) from twin


def _the_other(spot: Registration) -> Reason:
    live = Registration.objects.live().filter(person=spot.person_id, course=spot.course_id).select_related("session")
    other = live.exclude(pk=spot.pk).get()
    facts = {"reference": other.reference, "first": other.session.starts_on, "last": other.session.ends_on}
    return Reason("already_in_another_session", **facts)


@transaction.atomic
def take_seat_along(
    registration_id: int, *, kept_for: str, answer_by: datetime | None, by: User | None, at: datetime
) -> bool:
    """For a scholarship that moved with its person: a seat its round still keeps there, or one free seat is set aside.

    Only before the seats are set and while nobody waits, so that no one in line is passed. Without `answer_by` the
    person had said yes already. False where no seat can be had: the spot then stands in line like any other.
    """
    spot = lock_spot(registration_id)
    session = spot.session
    if spot.status != Status.ADMITTED or session.is_allocated or session.starts_at <= at:
        return False
    if session.registrations.filter(status=Status.WAITING).exists():
        return False
    seat = session.seats.free().filter(kept_for=kept_for).first() or _keep_one(session, kept_for, by=by, at=at)
    if seat is None:
        return False
    _seat(spot, seat, answer_by=answer_by, by=by, at=at)
    return True


def _keep_one(session: TrainingSession, kept_for: str, *, by: User | None, at: datetime) -> Seat | None:
    free = list(session.seats.free().general().order_by("-number"))
    if len(free) <= max(session.seats.open().count() - session.capacity, 0):
        return None
    seat = free[0]
    seat.kept_for = kept_for
    seat.save(update_fields=["kept_for"])
    record(Entry.of(TrainingEvent.SEATS_KEPT, session, by=by, at=at, count=1, round=kept_for))
    return seat


def _seat(spot: Registration, seat: Seat, *, answer_by: datetime | None, by: User | None, at: datetime) -> None:
    facts: dict[str, object] = {"seat": seat.number, "kept_for": seat.kept_for, "moved_along": True}
    if answer_by is None:
        spot.seat, spot.status, spot.confirmed_at = seat, Status.CONFIRMED, at
        event = TrainingEvent.CONFIRMED
    else:
        spot.seat, spot.status, spot.offered_at = seat, Status.OFFERED, at
        spot.offer_expires_at = min(answer_by, spot.session.starts_at)
        spot.link_version += 1
        event, facts = TrainingEvent.SEAT_OFFERED, {**facts, "answer_by": spot.offer_expires_at.isoformat()}
    spot.save(update_fields=["seat", "status", "offered_at", "offer_expires_at", "confirmed_at", "link_version"])
    record(entry(event, spot, by=by, at=at, **facts))


# -- A pause -----------------------------------------------------------------------------------------------


def spots_to_pause(person_id: int, *, at: datetime) -> list[Registration]:
    """What this person has that can wait, in the order of the locks."""
    steps = [status for status, following in NEXT.items() if Status.PAUSED in following]
    theirs = Registration.objects.filter(person=person_id, status__in=steps, outcome="", session__starts_at__gt=at)
    return list(theirs.order_by("session_id", "pk"))


@transaction.atomic
def pause(
    registration_id: int,
    *,
    by: User | None,
    at: datetime,
    receipt: Mapping[str, str] | None = None,
    by_helper: str = "",
) -> Registration:
    """Not now. No reason is asked, and none can be stored. A seat or an open offer goes to the next in line; the
    time, the papers and the award wait. To go on is to choose a date. A helper who pressed it by their link is named
    in the history as such."""
    spot = lock_spot(registration_id)
    if spot.status == Status.PAUSED:
        return spot
    if reasons := reasons_not_to_leave(spot, Status.PAUSED, at):
        raise NotAllowed(*reasons)
    before, kept_for, had_a_seat = spot.status, spot.kept_for, spot.seat_id is not None
    spot.status, spot.seat, spot.offer_expires_at = Status.PAUSED, None, None
    spot.paused_until = add_months(local_day(at), PAUSE_MONTHS)
    spot.save(update_fields=["status", "seat", "offer_expires_at", "paused_until"])
    until = spot.paused_until.isoformat()
    facts = {"before": before, "until": until, "kept_for": kept_for}
    if by_helper:
        facts["by_helper"] = by_helper
    paused = entry(TrainingEvent.PAUSED, spot, by=by, at=at, **facts, **(receipt or {}))
    if by_helper:
        paused.actor_name = _("%s, their helper") % by_helper
    record(paused, *give_back_tests([spot], told_by=TrainingEvent.PAUSED, by=by, at=at))
    if had_a_seat:
        seat_fell_free(spot.session, kept_for, at=at)
    return spot


def end_pauses(at: datetime) -> int:
    """Pauses whose last day is over. Thirty days before, the person was told."""
    over = Registration.objects.filter(status=Status.PAUSED, paused_until__lt=local_day(at))
    return each(over.order_by("pk").values_list("pk", flat=True), _end_pause, at)


@transaction.atomic
def _end_pause(registration_id: int, at: datetime) -> bool:
    spot = lock_spot(registration_id)
    if spot.status != Status.PAUSED or spot.paused_until is None or spot.paused_until >= local_day(at):
        return False  # they went on while we came
    spot.status = Status.WITHDRAWN
    spot.save(update_fields=["status"])
    record(entry(TrainingEvent.PAUSE_ENDED, spot, by=None, at=at))
    return True
