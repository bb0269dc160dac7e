"""Seats: given by one function, in rank order, with the session held; offered, taken, given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Standing, User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from programs.program import program
from trainings import rules
from trainings.events import TrainingEvent
from trainings.line import proofs_of
from trainings.models import Allocation, Registration, Seat, Status, TrainingSession
from trainings.rules import Claim
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
    if not session.course.is_first_come and not session.is_allocated and local_day(at) < session.allocation_on:
        raise NotAllowed(Reason("too_early_to_allocate", day=session.allocation_on))
    return give_seats(session, at=at, by=by)


def give_free_seats(session: TrainingSession, *, at: datetime, by: User | None) -> list[Registration]:
    """After a seat fell free or somebody joined: nothing to do while the line is not ranked yet."""
    if not session.is_published or not (session.is_allocated or session.course.is_first_come):
        return []
    return give_seats(session, at=at, by=by)


@dataclass
class Line:
    """Everyone a free seat may go to, first in line first; newcomers stand behind those who wait."""

    waiting: list[Registration]
    newcomers: list[Registration]

    @property
    def all(self) -> list[Registration]:
        return [*self.waiting, *self.newcomers]


def give_seats(session: TrainingSession, *, at: datetime, by: User | None) -> list[Registration]:
    """The allocator. The caller holds the session; the number of statements does not grow with the line."""
    is_first = not session.is_allocated and not session.course.is_first_come
    line = _line(session, at)
    seats = _free_seats(session, at)
    claims = [Claim(spot.pk, spot.tier or 0, spot.received_at) for spot in line.newcomers]
    given = _match(line, seats, session, at=at, is_first=is_first)
    told = _write(session, line, given, at=at, by=by, is_first=is_first)
    if is_first:
        told = [*_pass_over(session, at=at, by=by), *told]
        session.allocated_at = at
        session.save(update_fields=["allocated_at"])
        told.append(_allocated(session, line, given, at=at, by=by))
    if not told:
        return []
    Allocation.objects.create(
        session=session,
        at=at,
        by=by,
        is_first=is_first,
        free_seats=[seat.number for seat in seats],
        claims=[claim.stored() for claim in claims],
        order=[spot.pk for spot in line.all],
        given=[[spot.pk, seat.number, status] for spot, seat, status in given],
    )
    record(*told)
    tell_links_of(session, [spot for spot, _seat, status in given if status == Status.CONFIRMED], at=at)
    return [spot for spot, _seat, _status in given]


def _line(session: TrainingSession, at: datetime) -> Line:
    spots = list(
        session.registrations.filter(status__in=[Status.WAITING, Status.ADMITTED], outcome="")
        .select_related("person")
        .order_by("rank", "received_at", "pk")
    )
    waiting = [spot for spot in spots if spot.status == Status.WAITING]
    newcomers = [spot for spot in spots if spot.status == Status.ADMITTED]
    _prove_tiers(session, newcomers, at)
    by_key = {spot.pk: spot for spot in newcomers}
    order = rules.in_order(_claim(session, spot) for spot in newcomers)
    ranked = Line(waiting, [by_key[claim.registration] for claim in order])
    last = max((spot.rank or 0 for spot in waiting), default=0) or _last_rank(session) if newcomers else 0
    for rank, spot in enumerate(ranked.newcomers, start=last + 1):
        spot.rank = rank
    return ranked


def _last_rank(session: TrainingSession) -> int:
    return session.registrations.exclude(rank=None).order_by("-rank").values_list("rank", flat=True).first() or 0


def _claim(session: TrainingSession, spot: Registration) -> Claim:
    """Where seats go as people come, only the time counts; groups decide there who may come in at all."""
    return Claim(spot.pk, 0 if session.course.is_first_come else spot.tier or 0, spot.received_at)


def _prove_tiers(session: TrainingSession, spots: list[Registration], at: datetime) -> None:
    """The group each person's records prove today, with the records that prove it."""
    if not spots:
        return
    day = local_day(at)
    kind = program(day).course(session.course.kind)
    held: dict[int, list[Standing]] = {}
    for standing in Standing.objects.in_force(on=day).filter(person__in=[spot.person_id for spot in spots]):
        held.setdefault(standing.person_id, []).append(standing)
    for spot in spots:
        theirs = held.get(spot.person_id, [])
        tier = kind.tier_of((standing.kind, standing.code) for standing in theirs) if kind.tiers else 1
        # Outside every group although let in: their standing ended since. They stand last, not out.
        spot.tier = tier or len(kind.tiers) + 1
        spot.proofs = proofs_of(kind, spot.tier, theirs)


def _free_seats(session: TrainingSession, at: datetime) -> list[Seat]:
    """Free general seats; those beyond a lowered capacity close as they fall free and go to nobody."""
    seats = list(session.seats.open().select_related("registration").order_by("number"))
    free = [seat for seat in seats if not hasattr(seat, "registration") and not seat.kept_for]
    surplus = max(len(seats) - session.capacity, 0)
    closing = free[len(free) - surplus :] if surplus else []
    if closing:
        Seat.objects.filter(pk__in=[seat.pk for seat in closing]).update(closed_at=at)
    return free[: len(free) - len(closing)]


def _match(
    line: Line, seats: list[Seat], session: TrainingSession, *, at: datetime, is_first: bool
) -> list[tuple[Registration, Seat, Status]]:
    """Who gets which seat. Somebody who waits is asked first; somebody new who finds a free seat simply has it."""
    if session.starts_at <= at:
        return []
    offering = rules.may_offer(local_day(at), last_offer_on=session.last_offer_on, first_day=session.starts_on)
    if line.waiting and not offering:
        return []  # nobody new passes the people who wait: staff fill the seat by hand
    seats_directly = is_first or session.course.is_first_come
    if not seats_directly and not offering:
        return []
    return [
        (spot, seat, Status.OFFERED if spot.status == Status.WAITING or not seats_directly else Status.CONFIRMED)
        for spot, seat in zip(line.all, seats, strict=False)
    ]


def _write(
    session: TrainingSession,
    line: Line,
    given: list[tuple[Registration, Seat, Status]],
    *,
    at: datetime,
    by: User | None,
    is_first: bool,
) -> list[Entry]:
    told = []
    for spot, seat, status in given:
        give(session, spot, seat, status, at=at)
        told.append(_given_entry(session, spot, by=by, at=at))
    seated = {spot.pk for spot, _seat, _status in given}
    left = [spot for spot in line.newcomers if spot.pk not in seated]
    spots_ahead = [spot.tier or 0 for spot in line.waiting if spot.pk not in seated]
    for spot in left:
        spot.status = Status.WAITING
        number = len(spots_ahead) + 1
        told.append(_spot_entry(TrainingEvent.WAITING, session, spot, by=by, at=at, spot=number))
        spots_ahead.append(spot.tier or 0)
    changed = [spot for spot, _seat, _status in given] + left
    if changed:
        Registration.objects.bulk_update(
            changed,
            [
                "status",
                "seat",
                "rank",
                "tier",
                "proofs",
                "offered_at",
                "offer_expires_at",
                "confirmed_at",
                "link_version",
            ],
        )
    return told


def give(session: TrainingSession, spot: Registration, seat: Seat, status: Status, *, at: datetime) -> None:
    """Put a seat under a spot, in memory; the caller writes it."""
    spot.seat, spot.status = seat, status
    if status == Status.CONFIRMED:
        spot.confirmed_at, spot.offer_expires_at = at, None
        return
    hours = program(local_day(at)).value("offer_hours")
    spot.offered_at = at
    spot.offer_expires_at = rules.offer_expires_at(at, starts_at=session.starts_at, hours=hours)
    spot.link_version += 1


def _given_entry(session: TrainingSession, spot: Registration, *, by: User | None, at: datetime) -> Entry:
    number = spot.seat.number if spot.seat else 0
    if spot.status == Status.CONFIRMED:
        return _spot_entry(TrainingEvent.CONFIRMED, session, spot, by=by, at=at, seat=number)
    assert spot.offer_expires_at is not None
    return _spot_entry(
        TrainingEvent.SEAT_OFFERED,
        session,
        spot,
        by=by,
        at=at,
        seat=number,
        answer_by=spot.offer_expires_at.isoformat(),
    )


def _spot_entry(
    event: str, session: TrainingSession, spot: Registration, /, *, by: User | None, at: datetime, **facts: object
) -> Entry:
    spot.session = session
    return entry(event, spot, by=by, at=at, tier=spot.tier, rank=spot.rank, **facts)


def _pass_over(session: TrainingSession, *, at: datetime, by: User | None) -> list[Entry]:
    """Whoever is not admitted when the seats are set is not ranked, is told why, and keeps their time."""
    late = list(session.registrations.filter(status=Status.RECEIVED).select_related("person"))
    for spot in late:
        spot.not_admitted_because, spot.session = ["not_checked_in_time"], session
    Registration.objects.bulk_update(late, ["not_admitted_because"])
    event, reasons = TrainingEvent.NOT_ADMITTED, ["not_checked_in_time"]
    return [entry(event, spot, by=by, at=at, reasons=reasons, can_still_join=True) for spot in late]


def _allocated(
    session: TrainingSession,
    line: Line,
    given: list[tuple[Registration, Seat, Status]],
    *,
    at: datetime,
    by: User | None,
) -> Entry:
    tiers = {str(tier): count for tier, count in sorted(_by_tier(line.all).items())}
    return Entry.of(
        TrainingEvent.SESSION_ALLOCATED, session, by=by, at=at, ranked=len(line.all), seated=len(given), tiers=tiers
    )


def _by_tier(spots: Iterable[Registration]) -> Counter[int]:
    return Counter(spot.tier or 0 for spot in spots)


# -- A kept seat, and the answers --------------------------------------------------------------------------


@transaction.atomic
def offer_kept_seat(
    registration_id: int, *, answer_by: datetime, by: User | None, at: datetime, for_round: str = ""
) -> Registration:
    """A scholarship's seat, offered on the person's own spot. Somebody who has a seat already keeps it."""
    spot = lock_spot(registration_id)
    if spot.status == Status.CONFIRMED or (spot.status == Status.OFFERED and spot.kept_for):
        return spot
    require_step(spot, Status.OFFERED)
    kept = spot.session.seats.free().exclude(kept_for="")
    seat = (kept.filter(kept_for=for_round) if for_round else kept).first()
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
def accept(registration_id: int, *, by: User | None, at: datetime, answered_at: datetime | None = None) -> Registration:
    """Yes, I take the seat. A second yes is the same yes; one that comes too late takes nothing.

    `by` is None when the answer came by the link in the message; `answered_at` is when somebody said it, where the
    office types it later.
    """
    spot = lock_spot(registration_id)
    if spot.status == Status.CONFIRMED:
        return spot
    _require_open_offer(spot, answered_at or at)
    spot.status, spot.confirmed_at, spot.offer_expires_at = Status.CONFIRMED, at, None
    spot.save(update_fields=["status", "confirmed_at", "offer_expires_at"])
    history = [
        entry(TrainingEvent.ACCEPTED, spot, by=by or spot.person, at=at, kept_for=spot.kept_for),
        entry(TrainingEvent.CONFIRMED, spot, by=None, at=at, seat=spot.seat.number if spot.seat else 0),
    ]
    record(*history)
    tell_links_of(spot.session, [spot], at=at)
    return spot


def _require_open_offer(spot: Registration, at: datetime) -> None:
    if spot.status == Status.RAN_OUT and spot.offered_at:
        raise NotAllowed(Reason("offer_ran_out", expired_at=spot.offer_expires_at or at))
    if spot.status != Status.OFFERED or spot.offer_expires_at is None:
        raise NotAllowed(Reason("no_offer"))
    if at >= spot.offer_expires_at:
        raise NotAllowed(Reason("offer_ran_out", expired_at=spot.offer_expires_at))


@transaction.atomic
def decline(
    registration_id: int, *, by: User | None, at: datetime, answered_at: datetime | None = None
) -> Registration:
    """No, give it to the next person. A no to a scholarship's seat before the ranking leaves the person in it."""
    spot = lock_spot(registration_id)
    if spot.status == Status.DECLINED:
        return spot
    _require_open_offer(spot, answered_at or at)
    end_offer(spot, Status.DECLINED, by=by or spot.person, at=at)
    return spot


def end_offer(spot: Registration, status: Status, *, by: User | None, at: datetime) -> None:
    """Take the seat back and give it on. The caller holds the session."""
    kept_for = spot.kept_for
    stays = bool(kept_for) and not spot.session.is_allocated and not spot.session.course.is_first_come
    spot.status, spot.seat = (Status.ADMITTED if stays else status), None
    if status == Status.DECLINED or stays:
        spot.offer_expires_at = None  # one that ran out keeps its end, so that the page can name it
    spot.save(update_fields=["status", "seat", "offer_expires_at"])
    event = TrainingEvent.DECLINED if status == Status.DECLINED else TrainingEvent.RAN_OUT
    record(entry(event, spot, by=by, at=at, kept_for=kept_for, stays_in_line=stays))
    give_free_seats(spot.session, at=at, by=None)
