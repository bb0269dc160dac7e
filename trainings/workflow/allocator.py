"""The one allocator: gives free seats in rank order, with the session held, in a number of statements that does not
grow with the line.

What it looked at and what it gave stands in an `Allocation`, from which `rules.replay` makes the same again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Q

from accounts.models import User
from audit.models import Entry
from audit.trail import record
from programs.calendar import local_day
from programs.program import Rules, program
from trainings import rules
from trainings.events import TrainingEvent
from trainings.line import proofs_of, standings_of, tier_of
from trainings.models import Allocation, Block, Registration, Seat, Status, TrainingSession
from trainings.rules import Claim
from trainings.workflow.links import tell_links_of
from trainings.workflow.steps import entry

NOT_CHECKED = "not_checked_in_time"
WRITTEN = (
    "status",
    "seat",
    "rank",
    "tier",
    "proofs",
    "offered_at",
    "offer_expires_at",
    "confirmed_at",
    "link_version",
    "not_admitted_because",
)


@dataclass
class Line:
    """Whom a free seat may go to, first in line first: those who wait, as far as the seats reach, then newcomers."""

    waiting: list[Registration] = field(default_factory=list)
    newcomers: list[Registration] = field(default_factory=list)
    late: list[Registration] = field(default_factory=list)  # not admitted when the seats are set
    all_who_wait: int = 0
    last_rank: int = 0

    @property
    def considered(self) -> list[Registration]:
        return [*self.waiting, *self.newcomers]


Given = list[tuple[Registration, Seat, Status]]


@dataclass(frozen=True)
class Run:
    """One run of the allocator: whose seats, when, by whom, under which rules."""

    session: TrainingSession
    at: datetime
    by: User | None
    today: Rules
    is_first: bool  # the seats are set now; before and after it free seats are given one by one

    @property
    def seats_directly(self) -> bool:
        return self.is_first or self.session.course.is_first_come


def give_seats(session: TrainingSession, *, at: datetime, by: User | None) -> list[Registration]:
    """Set the seats, or offer those that fell free since. The caller holds the session."""
    is_first = not session.has_a_line
    run = Run(session, at, by, program(local_day(at)), is_first)
    seats = _free_seats(run)
    line = _line(run, seats)
    usable = seats if _may_give(run, line) else []
    given = _match(run, line, usable)
    told = [*_pass_over(run, line.late), *_write(run, line, given)]
    if is_first:
        session.allocated_at = at
        session.save(update_fields=["allocated_at"])
        told.append(_allocated(run, line, given))
    if told:
        _keep(run, line, usable, given, told)
    return [spot for spot, _seat, _status in given]


def secure_seats(session: TrainingSession, *, at: datetime) -> list[Registration]:
    """Between the last day to sign up and the day the seats are set: whoever is in the first group, and would have
    a seat even if everybody who signed up earlier were in it too, has theirs now. The caller holds the session."""
    run = Run(session, at, None, program(local_day(at)), is_first=False)
    seats = [seat for seat in _free_seats(run) if not seat.kept_for]
    # Whoever is offered a kept seat may say no to it and stand in the line again, where they stood.
    may_stand_here = [Status.ADMITTED, Status.RECEIVED, Status.OFFERED]
    joining = session.registrations.filter(status__in=may_stand_here, outcome="")
    spots = list(joining.select_related("person").order_by("received_at", "pk"))
    _prove_tiers(run, spots)
    line = Line([], [spot for spot in spots[: len(seats)] if spot.tier == 1 and spot.status == Status.ADMITTED])
    if not line.newcomers:
        return []
    _look_at_who_waits(run, line)
    _rank(line)
    given = [(spot, seat, Status.CONFIRMED) for spot, seat in zip(line.newcomers, seats, strict=False)]
    _keep(run, line, seats[: len(given)], given, _write(run, line, given))
    return line.newcomers


# -- The line ----------------------------------------------------------------------------------------------


def _line(run: Run, seats: Sequence[Seat]) -> Line:
    joining = [Status.ADMITTED, Status.RECEIVED] if run.is_first else [Status.ADMITTED]
    found = list(run.session.registrations.filter(status__in=joining, outcome="").select_related("person", "block"))
    line = Line(late=[spot for spot in found if spot.status == Status.RECEIVED])
    newcomers = {spot.pk: spot for spot in found if spot.status == Status.ADMITTED}
    if newcomers or seats:
        _look_at_who_waits(run, line)
    if line.all_who_wait and seats:
        line.waiting = _head(run, seats)
    _prove_tiers(run, newcomers.values())
    order = rules.in_order(_claim(run.session, spot) for spot in newcomers.values())
    line.newcomers = [newcomers[claim.registration] for claim in order]
    _rank(line)
    return line


def _look_at_who_waits(run: Run, line: Line) -> None:
    seen = run.session.registrations.aggregate(
        last=Max("rank"), waiting=Count("pk", filter=Q(status=Status.WAITING, outcome=""))
    )
    line.last_rank, line.all_who_wait = seen["last"] or 0, seen["waiting"]


def _rank(line: Line) -> None:
    for rank, spot in enumerate(line.newcomers, start=line.last_rank + 1):
        spot.rank = rank


def _head(run: Run, seats: Sequence[Seat]) -> list[Registration]:
    """As many as there are free seats; and of a block with free seats its own people, however far back they stand."""
    waiting = run.session.registrations.in_line().select_related("person", "block")
    head = list(waiting[: len(seats)])
    blocks = {seat.kept_for for seat in seats if seat.kept_for}
    if blocks:
        known = {spot.pk for spot in head}
        theirs = waiting.filter(block__reference__in=blocks)[: len(seats)]
        head = sorted([*head, *(spot for spot in theirs if spot.pk not in known)], key=_by_rank)
    return head


def _by_rank(spot: Registration) -> tuple[int, datetime, int]:
    return (spot.rank or 0, spot.received_at, spot.pk)


def _claim(session: TrainingSession, spot: Registration) -> Claim:
    """Where seats go as people come, only the time counts; groups decide there who may come in at all."""
    return Claim(spot.pk, 0 if session.course.is_first_come else spot.tier or 0, spot.received_at)


def _prove_tiers(run: Run, spots: Collection[Registration]) -> None:
    """The group each person's records prove today, with the records that prove it; or the one staff put them in."""
    kind = run.today.course(run.session.course.kind)
    held = standings_of(kind, [spot.person_id for spot in spots], run.at)
    for spot in spots:
        theirs = held.get(spot.person_id, [])
        spot.tier = spot.tier_override or tier_of(kind, theirs)
        spot.proofs = proofs_of(kind, spot.tier, theirs)


# -- The seats ---------------------------------------------------------------------------------------------


def _free_seats(run: Run) -> list[Seat]:
    """Free seats of the line and of its blocks; those beyond a lowered capacity close as they fall free and go to
    nobody. A scholarship's kept seats are its round's to give."""
    session = run.session
    seats = list(session.seats.open().order_by("number").values_list("pk", "number", "kept_for", "registration"))
    ours = [row for row in seats if row[3] is None and (not row[2] or row[2].startswith(Block.PREFIX))]
    surplus = max(len(seats) - session.capacity, 0)
    closing = [row[0] for row in ours if not row[2]][-surplus:] if surplus else []
    if closing:
        Seat.objects.filter(pk__in=closing).update(closed_at=run.at)
    shut = set(closing)
    return [
        Seat(pk=pk, number=number, kept_for=kept_for, session=session)
        for pk, number, kept_for, _holder in ours
        if pk not in shut
    ]


def _may_give(run: Run, line: Line) -> bool:
    session = run.session
    if session.starts_at <= run.at:
        return False
    if rules.may_offer(local_day(run.at), last_offer_on=session.last_offer_on, first_day=session.starts_on):
        return True
    # Too late for offers. Nobody new passes the people who wait: staff fill the seat by hand.
    return not line.all_who_wait and run.seats_directly


def _match(run: Run, line: Line, seats: Sequence[Seat]) -> Given:
    """Who gets which seat. Somebody who waits is asked first; somebody new who finds a free seat simply has it."""
    pairs = rules.match(
        [(spot.pk, _block_of(spot)) for spot in line.considered], [(seat.number, seat.kept_for) for seat in seats]
    )
    spots, by_number = {spot.pk: spot for spot in line.considered}, {seat.number: seat for seat in seats}
    return [(spots[key], by_number[number], _gets(run, spots[key])) for key, number in pairs]


def _block_of(spot: Registration) -> str:
    return spot.block.reference if spot.block_id and spot.block else ""


def _gets(run: Run, spot: Registration) -> Status:
    return Status.CONFIRMED if run.seats_directly and spot.status != Status.WAITING else Status.OFFERED


# -- What is written ---------------------------------------------------------------------------------------


def _write(run: Run, line: Line, given: Given) -> list[Entry]:
    """Every changed spot in one statement; what is to be told of it comes back."""
    expires_at = _expires_at(run)
    told = []
    for spot, seat, status in given:
        give(spot, seat, status, at=run.at, expires_at=expires_at)
        told.append(_given_entry(run, spot, seat))
    seated = {spot.pk for spot, _seat, _status in given}
    left = [spot for spot in line.newcomers if spot.pk not in seated]
    still_wait = line.all_who_wait - sum(spot.pk in seated for spot in line.waiting)
    for number, spot in enumerate(left, start=still_wait + 1):
        spot.status = Status.WAITING
        told.append(_entry(TrainingEvent.WAITING, run, spot, spot=number))
    write_spots([*(spot for spot, _seat, _status in given), *left, *line.late])
    return told


def write_spots(spots: Sequence[Registration]) -> None:
    """One statement, however many: the rows exist, so each conflicts with itself and only its columns are set."""
    if spots:
        Registration.objects.bulk_create(spots, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)


def give(spot: Registration, seat: Seat, status: Status, *, at: datetime, expires_at: datetime) -> None:
    """Put a seat under a spot, in memory; the caller writes it."""
    spot.seat, spot.status = seat, status
    if status == Status.CONFIRMED:
        spot.confirmed_at, spot.offer_expires_at = at, None
        return
    spot.offered_at, spot.offer_expires_at = at, expires_at
    spot.link_version += 1


def _expires_at(run: Run) -> datetime:
    hours = run.today.value("offer_hours")
    return rules.offer_expires_at(run.at, starts_at=run.session.starts_at, hours=hours)


def _given_entry(run: Run, spot: Registration, seat: Seat) -> Entry:
    if spot.status == Status.CONFIRMED:
        return _entry(TrainingEvent.CONFIRMED, run, spot, seat=seat.number)
    assert spot.offer_expires_at is not None
    return _entry(TrainingEvent.SEAT_OFFERED, run, spot, seat=seat.number, answer_by=spot.offer_expires_at.isoformat())


def _entry(event: str, run: Run, spot: Registration, /, **facts: object) -> Entry:
    spot.session = run.session
    return entry(event, spot, by=run.by, at=run.at, tier=spot.tier, rank=spot.rank, **facts)


def _pass_over(run: Run, late: Iterable[Registration]) -> list[Entry]:
    """Whoever is not admitted when the seats are set is not ranked, is told why, and keeps their time."""
    told = []
    for spot in late:
        spot.not_admitted_because, spot.session = [NOT_CHECKED], run.session
        facts = {"reasons": [NOT_CHECKED], "can_still_join": True}
        told.append(entry(TrainingEvent.NOT_ADMITTED, spot, by=run.by, at=run.at, **facts))
    return told


def _allocated(run: Run, line: Line, given: Given) -> Entry:
    tiers = Counter(spot.tier or 0 for spot in line.considered)
    return Entry.of(
        TrainingEvent.SESSION_ALLOCATED,
        run.session,
        by=run.by,
        at=run.at,
        ranked=len(line.considered),
        seated=len(given),
        tiers={str(tier): count for tier, count in sorted(tiers.items())},
    )


def _keep(run: Run, line: Line, seats: Sequence[Seat], given: Given, told: Sequence[Entry]) -> None:
    """All this run looked at, so that it can be played again; then history, and the link where it is out already."""
    Allocation.objects.create(
        session=run.session,
        at=run.at,
        by=run.by,
        is_first=run.is_first,
        free_seats=[[seat.number, seat.kept_for] for seat in seats],
        claims=[[*_claim(run.session, spot).stored(), _block_of(spot)] for spot in line.newcomers],
        waited=[[spot.pk, _block_of(spot)] for spot in line.waiting],
        order=[spot.pk for spot in line.considered],
        given=[[spot.pk, seat.number, status] for spot, seat, status in given],
    )
    record(*told)
    confirmed = [spot for spot, _seat, status in given if status == Status.CONFIRMED]
    tell_links_of(run.session, confirmed, at=run.at, today=run.today)
