"""Seats: set, offered, taken, given back. Who gets one is the allocator's to say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from trainings.events import TrainingEvent
from trainings.models import Block, Registration, Seat, Status, TrainingSession
from trainings.workflow.allocator import give_seats, secure_seats
from trainings.workflow.links import tell_links_of
from trainings.workflow.steps import entry, lock_session, lock_spot, require_step


@transaction.atomic
def allocate(session_id: int, *, at: datetime, by: User | None = None) -> list[Registration]:
    """Set the seats, or offer those that fell free since. Returns who got one now; running it again gives nothing.

    The first time, on the allocation day, everyone admitted is ranked and seated as far as the seats go. After that
    free seats are offered to the line in its order until the last offer day, and newcomers join its end.
    """
    session = lock_session(session_id)
    if not session.is_published:
        raise NotAllowed(Reason("session_not_open"))
    if not session.has_a_line and local_day(at) < session.allocation_on:
        raise NotAllowed(Reason("too_early_to_allocate", day=session.allocation_on))
    return give_seats(session, at=at, by=by)


def give_free_seats(session: TrainingSession, *, at: datetime, by: User | None) -> list[Registration]:
    """After a seat fell free or somebody joined: nothing to do while the line is not ranked yet."""
    if not session.is_published or not session.has_a_line:
        return []
    return give_seats(session, at=at, by=by)


def seat_fell_free(session: TrainingSession, kept_for: str, *, at: datetime) -> None:
    """It goes on in the same moment. One of a block that is over is the line's from now on: nobody comes under that
    block any more. The caller holds the session."""
    if (
        kept_for.startswith(Block.PREFIX)
        and Block.objects.filter(reference=kept_for).exclude(released_at=None).exists()
    ):
        released = session.seats.free().filter(kept_for=kept_for).update(kept_for="")
        record(Entry.of(TrainingEvent.SEATS_RELEASED, session, by=None, at=at, count=released, round=kept_for))
    give_free_seats(session, at=at, by=None)


def free_seat(session: TrainingSession) -> Seat | None:
    """One that the line may have; what a lowered capacity leaves over is nobody's."""
    free = list(session.seats.free().general())
    surplus = max(session.seats.open().count() - session.capacity, 0)
    return free[0] if len(free) > surplus else None


@transaction.atomic
def seat_newcomer(spot: Registration, *, at: datetime) -> None:
    """Where seats go as people come: right after somebody came. In a rush the run before, whose end was waited for
    here, has often looked at this spot too; then nothing is left to do."""
    session = lock_session(spot.session_id)
    if Registration.objects.filter(pk=spot.pk, status=Status.ADMITTED, outcome="").exists():
        give_free_seats(session, at=at, by=None)


@transaction.atomic
def secure(session_id: int, *, at: datetime) -> list[Registration]:
    """After the last day to sign up, before the seats are set: whoever can no longer lose a seat has it now."""
    session = lock_session(session_id)
    if not session.is_published or session.is_allocated or at < session.registration_closes_at:
        return []
    return secure_seats(session, at=at)


# -- A kept seat, and the answers --------------------------------------------------------------------------


@transaction.atomic
def offer_kept_seat(
    registration_id: int, *, for_round: str, answer_by: datetime, by: User | None, at: datetime
) -> Registration:
    """A seat of this round, offered on the person's own spot. Somebody who has a seat already keeps it."""
    spot = lock_spot(registration_id)
    if spot.status == Status.CONFIRMED or (spot.status == Status.OFFERED and spot.kept_for):
        return spot
    require_step(spot, Status.OFFERED)
    seat = spot.session.seats.free().filter(kept_for=for_round).first()
    if seat is None:
        raise NotAllowed(Reason("no_kept_seat"))
    spot.seat, spot.status = seat, Status.OFFERED
    spot.offered_at, spot.offer_expires_at = at, min(answer_by, spot.session.starts_at)
    spot.link_version += 1
    spot.save(update_fields=["seat", "status", "offered_at", "offer_expires_at", "link_version"])
    record(
        entry(
            TrainingEvent.SEAT_OFFERED,
            spot,
            by=by,
            at=at,
            seat=seat.number,
            kept_for=seat.kept_for,
            answer_by=spot.offer_expires_at.isoformat(),
        )
    )
    return spot


@transaction.atomic
def accept(
    registration_id: int,
    *,
    by: User | None,
    at: datetime,
    answered_at: datetime | None = None,
    receipt: Mapping[str, str] | None = None,
) -> Registration:
    """Yes, I take the seat. A second yes is the same yes; one that comes too late takes nothing.

    `by` is None when the answer came by the link in the message; `answered_at` is when somebody said it, where the
    office types it later. Said in time and typed after the offer ran out, it takes a seat that is still free.
    """
    spot = lock_spot(registration_id)
    if spot.status == Status.CONFIRMED:
        return spot
    said = _said_in_time(spot, answered_at)
    if said:
        spot.seat = _still_free(spot, at)
    else:
        _require_open_offer(spot, answered_at or at)
    spot.status, spot.confirmed_at, spot.offer_expires_at = Status.CONFIRMED, at, None
    spot.save(update_fields=["status", "seat", "confirmed_at", "offer_expires_at"])
    facts = {"kept_for": spot.kept_for, **said}
    history = [
        entry(TrainingEvent.ACCEPTED, spot, by=by or spot.person, at=at, **facts, **(receipt or {})),
        entry(TrainingEvent.CONFIRMED, spot, by=None, at=at, seat=spot.seat.number if spot.seat else 0),
    ]
    record(*history)
    tell_links_of(spot.session, [spot], at=at)
    return spot


def _said_in_time(spot: Registration, answered_at: datetime | None) -> dict[str, str]:
    """Heard by the office before the offer ran out, and typed after: what history says of it. A scholarship's offer
    is not among them: its money has gone back too."""
    if spot.status != Status.RAN_OUT or answered_at is None or not spot.offered_at or not spot.offer_expires_at:
        return {}
    asked_at = spot.offered_at.replace(second=0, microsecond=0)  # staff type whole minutes
    if not asked_at <= answered_at < spot.offer_expires_at or _is_scholarship(_was_kept_for(spot)):
        return {}
    return {"said_at": answered_at.isoformat()}


def _was_kept_for(spot: Registration) -> str:
    ran_out = Entry.objects.of(spot).filter(event=TrainingEvent.RAN_OUT).last()
    return ran_out.facts.get("kept_for", "") if ran_out else ""


def _is_scholarship(kept_for: str) -> bool:
    return bool(kept_for) and not kept_for.startswith(Block.PREFIX)


def _still_free(spot: Registration, at: datetime) -> Seat:
    """One nobody else was offered meanwhile: of their block, or of the line."""
    session = spot.session
    if not session.is_published:
        raise NotAllowed(Reason("session_not_open"))
    if session.starts_at <= at:
        raise NotAllowed(Reason("class_has_begun"))
    other = Registration.objects.live().filter(person=spot.person_id, course=spot.course_id).select_related("session")
    for one in other:
        first, last = one.session.starts_on, one.session.ends_on
        raise NotAllowed(Reason("already_in_another_session", reference=one.reference, first=first, last=last))
    kept_for = _was_kept_for(spot)
    seat = session.seats.free().filter(kept_for=kept_for).first() if kept_for else None
    seat = seat or free_seat(session)
    if seat is None:
        raise NotAllowed(Reason("seat_went_on"))
    return seat


def _require_open_offer(spot: Registration, at: datetime) -> None:
    if spot.status == Status.RAN_OUT and spot.offered_at:
        raise NotAllowed(Reason("offer_ran_out", expired_at=spot.offer_expires_at or at))
    if spot.status != Status.OFFERED or spot.offer_expires_at is None:
        raise NotAllowed(Reason("no_offer"))
    if at >= spot.offer_expires_at:
        raise NotAllowed(Reason("offer_ran_out", expired_at=spot.offer_expires_at))


@transaction.atomic
def decline(
    registration_id: int,
    *,
    by: User | None,
    at: datetime,
    answered_at: datetime | None = None,
    receipt: Mapping[str, str] | None = None,
) -> Registration:
    """No, give it to the next person. A no to a scholarship's seat before the ranking leaves the person in it. Said
    in time and typed after the offer ran out, it is a no all the same; the seat has gone on already."""
    spot = lock_spot(registration_id)
    if spot.status == Status.DECLINED:
        return spot
    said = _said_in_time(spot, answered_at)
    if said:
        spot.status, spot.offer_expires_at = Status.DECLINED, None
        spot.save(update_fields=["status", "offer_expires_at"])
        facts = {"kept_for": _was_kept_for(spot), **said}
        record(entry(TrainingEvent.DECLINED, spot, by=by or spot.person, at=at, **facts, **(receipt or {})))
        return spot
    _require_open_offer(spot, answered_at or at)
    end_offer(spot, Status.DECLINED, by=by or spot.person, at=at, receipt=receipt)
    return spot


def end_offer(
    spot: Registration,
    status: Status,
    *,
    by: User | None,
    at: datetime,
    receipt: Mapping[str, str] | None = None,
) -> None:
    """Take the seat back and give it on. The caller holds the session."""
    kept_for = spot.kept_for
    stays = bool(kept_for) and not spot.session.has_a_line
    spot.status, spot.seat = (Status.ADMITTED if stays else status), None
    if status == Status.DECLINED or stays:
        spot.offer_expires_at = None  # one that ran out keeps its end, so that the page can name it
    spot.save(update_fields=["status", "seat", "offer_expires_at"])
    event = TrainingEvent.DECLINED if status == Status.DECLINED else TrainingEvent.RAN_OUT
    facts = {"kept_for": kept_for, "stays_in_line": stays}
    record(entry(event, spot, by=by, at=at, **facts, **(receipt or {})))
    seat_fell_free(spot.session, kept_for, at=at)
