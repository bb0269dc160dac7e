"""A person's spot: received, admitted or not, and left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from accounts.models import Standing, User
from accounts.workflow import refuse_own_matter
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from programs.prepared import Prepared
from programs.program import program
from programs.rows import CourseKind
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import (
    KEEPS_ITS_TIME,
    Block,
    Completion,
    Registration,
    Status,
    TrainingSession,
    is_live,
)
from trainings.workflow.bookings import give_back_tests
from trainings.workflow.seats import give_free_seats, seat_fell_free, seat_newcomer
from trainings.workflow.steps import entry, lock_spot, reasons_not_to_leave, require_step

SESSION = Prepared("pk", build=lambda pk: TrainingSession.objects.select_related("course").filter(pk=pk))
STANDINGS = Prepared(
    "person",
    "day",
    build=lambda person, day: Standing.objects.in_force(on=day).filter(person=person).values_list("kind", "code"),
)


class SpotBefore(NamedTuple):
    pk: int
    status: str
    outcome: str
    received_at: datetime
    keeps_its_time: bool

    @property
    def is_live(self) -> bool:
        return is_live(self.status, self.outcome)


SPOTS_BEFORE = Prepared(
    "person",
    "course",
    build=lambda person, course: (
        Registration.objects.filter(person=person, course=course)
        .order_by("-entered_at", "-pk")
        .values_list(*SpotBefore._fields)
    ),
)


def door_of(session: TrainingSession) -> rules.Door:
    return rules.Door(
        status=session.status,
        opens_at=session.opens_at,
        deadline=session.registration_deadline,
        is_allocated=session.is_allocated,
        designations=tuple(session.designations),
    )


def next_date(session: TrainingSession, at: datetime) -> rules.NextDate | None:
    after = TrainingSession.objects.next_after(session, at)
    return rules.NextDate(after.reference, after.starts_on, after.ends_on) if after else None


def reasons_not_to_register(
    session: TrainingSession, person: User, *, designation: str, received_at: datetime, at: datetime
) -> list[Reason]:
    """What the page shows while somebody chooses, and what `register` refuses: one question, one answer."""
    kind = program(local_day(received_at)).course(session.course.kind)
    standings = _standings(kind, person, local_day(received_at))
    reasons = rules.reasons_not_to_register(
        door_of(session),
        arrived_at=received_at,
        tier=kind.tier_of(standings) if kind.tiers else 1,
        groups=[tier.title for tier in kind.tiers],
        missing=kind.missing(standings, _completed(kind, person)),
        designation=designation,
    )
    if reasons and {"next_date", "deadline"} & reasons[0].facts.keys():
        reasons[0] = Reason(reasons[0].code, **{**reasons[0].facts, "next_date": next_date(session, at)})
    return reasons


def _standings(kind: CourseKind, person: User, day: date) -> list[tuple[str, str]]:
    """Looked up only where the course asks for any."""
    if not (kind.tiers or kind.prerequisites):
        return []
    return STANDINGS(person=person.pk, day=day)


def _completed(kind: CourseKind, person: User) -> list[str]:
    if not kind.asks_for_courses:
        return []
    return list(Completion.objects.filter(person=person).values_list("course__kind", flat=True))


def register(
    session_id: int,
    *,
    person_id: int,
    designation: str,
    received_at: datetime,
    by: User,
    at: datetime,
    came_by: str = "online",
    helped_by: str = "",
    block: Block | None = None,
) -> Registration:
    """Write the spot down. Nobody races here: it only appends, and the order is made later by one function.

    Sent twice, the second answer is the first spot. Where people come in by signing up they are admitted at once;
    where seats go as people come, the allocator runs right after. Under a `block`, one of the provider's seats
    comes first.
    """
    session = SESSION(pk=session_id)[0]
    person = by if by.pk == person_id else User.objects.get(pk=person_id)
    try:
        spot, is_new = _append(
            session,
            person,
            designation=designation,
            received_at=received_at,
            by=by,
            at=at,
            came_by=came_by,
            helped_by=helped_by,
            block=block,
        )
    except IntegrityError:  # the same person pressed twice at the same instant
        twin = Registration.objects.live().filter(person=person, course=session.course_id).first()
        if twin is None:
            raise
        return _the_one(twin, session)
    if session.course.is_first_come and spot.status == Status.ADMITTED:
        seat_newcomer(spot, at=at)
        spot.refresh_from_db()
    return spot


@transaction.atomic
def _append(
    session: TrainingSession,
    person: User,
    *,
    designation: str,
    received_at: datetime,
    by: User,
    at: datetime,
    came_by: str,
    helped_by: str,
    block: Block | None,
) -> tuple[Registration, bool]:
    before = _spots_before(session.course_id, person)
    live = next((spot for spot in before if spot.is_live), None)
    if live:
        return _the_one(Registration.objects.get(pk=live.pk), session), False
    if not designation and len(session.designations) == 1:
        designation = session.designations[0]  # nothing to choose
    reasons = reasons_not_to_register(session, person, designation=designation, received_at=received_at, at=at)
    if reasons:
        raise NotAllowed(*reasons)
    is_admitted = not session.course.is_by_application
    spot = Registration(
        person=person,
        session=session,
        course=session.course,
        designation=designation,
        status=Status.ADMITTED if is_admitted else Status.RECEIVED,
        received_at=_kept_time(before, received_at),
        entered_at=at,
        came_by=came_by,
        admitted_at=at if is_admitted else None,
        block=block,
    )
    spot.save(force_insert=True)
    facts = {"received_at": spot.received_at.isoformat(), "designation": designation, "came_by": came_by}
    if helped_by:
        facts["helped_by"] = helped_by
    if block is not None:
        facts["block"] = block.reference
    history = [entry(TrainingEvent.REGISTERED, spot, by=by, at=at, **facts)]
    if is_admitted:
        history.append(entry(TrainingEvent.ADMITTED, spot, by=None, at=at))
    record(*history)
    return spot, True


def _spots_before(course_id: int, person: User) -> list[SpotBefore]:
    """All of one person's spots in a course, newest first: a handful at most."""
    return [SpotBefore(*row) for row in SPOTS_BEFORE(person=person.pk, course=course_id)]


def _the_one(live: Registration, session: TrainingSession) -> Registration:
    """Already there: fine for this session, a refusal for another date of the same course."""
    if live.session_id == session.pk:
        return live
    other = live.session
    raise NotAllowed(
        Reason("already_in_another_session", reference=live.reference, first=other.starts_on, last=other.ends_on)
    )


def _kept_time(before: Sequence[SpotBefore], received_at: datetime) -> datetime:
    """Whoever had no seat last time, through no fault of theirs, stands where they stood."""
    if before and (before[0].status in KEEPS_ITS_TIME or before[0].keeps_its_time):
        return min(before[0].received_at, received_at)
    return received_at


@transaction.atomic
def admit(registration_id: int, *, by: User | None, at: datetime, complete_at: datetime | None = None) -> Registration:
    """The packet is in order: the spot is ranked. Complete only after the papers' deadline: that moment counts.

    After the seats are set the person joins the end of the line. Admitting twice changes nothing.
    """
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    if spot.admitted_at and spot.is_live:
        return spot
    require_step(spot, Status.ADMITTED)
    if complete_at is not None and complete_at >= spot.session.documents_close_at:
        spot.received_at = max(spot.received_at, complete_at)
    spot.status, spot.admitted_at, spot.not_admitted_because = Status.ADMITTED, at, []
    spot.save(update_fields=["status", "admitted_at", "received_at", "not_admitted_because"])
    record(entry(TrainingEvent.ADMITTED, spot, by=by, at=at, received_at=spot.received_at.isoformat()))
    if give_free_seats(spot.session, at=at, by=by) is not None:
        spot.refresh_from_db()
    return spot


@transaction.atomic
def not_admit(registration_id: int, *, by: User | None, at: datetime, reasons: Sequence[str] = ()) -> Registration:
    """The answer is: not this time. The codes say why."""
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    if spot.status == Status.NOT_ELIGIBLE:
        return spot
    require_step(spot, Status.NOT_ELIGIBLE)
    spot.status, spot.not_admitted_because = Status.NOT_ELIGIBLE, list(reasons)
    spot.save(update_fields=["status", "not_admitted_because"])
    record(entry(TrainingEvent.NOT_ADMITTED, spot, by=by, at=at, reasons=list(reasons)))
    return spot


@transaction.atomic
def withdraw(registration_id: int, *, by: User, at: datetime, receipt: Mapping[str, str] | None = None) -> Registration:
    """The person leaves. A seat they held goes to the next in line; a kept seat goes back to its round.

    Who signed up before class got other days leaves through no fault of theirs: their time counts the next time.
    """
    spot = lock_spot(registration_id)
    if spot.status == Status.WITHDRAWN:
        return spot
    if reasons := reasons_not_to_leave(spot, Status.WITHDRAWN, at):
        raise NotAllowed(*reasons)
    before, kept_for, seat = spot.status, spot.kept_for, spot.seat
    spot.status, spot.seat, spot.offer_expires_at = Status.WITHDRAWN, None, None
    spot.keeps_its_time = spot.was_moved
    spot.save(update_fields=["status", "seat", "offer_expires_at", "keeps_its_time"])
    facts = {"before": before, "kept_for": kept_for}
    left = entry(TrainingEvent.WITHDRAWN, spot, by=by, at=at, **facts, **(receipt or {}))
    record(left, *give_back_tests([spot], told_by=TrainingEvent.WITHDRAWN, by=by, at=at))
    if seat is not None:
        seat_fell_free(spot.session, kept_for, at=at)
    return spot
