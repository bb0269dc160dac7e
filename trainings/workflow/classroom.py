"""What happens in class: joining, half-days, the test, and being done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.workflow import grant_standing, refuse_own_matter
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from programs.program import program
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import (
    Attendance,
    Completion,
    ExamAttempt,
    ExamSitting,
    HalfDay,
    JoinPress,
    MakeUp,
    Registration,
    Status,
    TrainingSession,
)
from trainings.rules import Mark, Sat
from trainings.workflow.bookings import give_back_tests
from trainings.workflow.links import is_link_out, link_due_at
from trainings.workflow.steps import entry, lock_sessions, lock_spot
from trainings.workflow.team import require_team


def _require_seat(spot: Registration) -> None:
    if spot.status != Status.CONFIRMED or spot.session.is_cancelled:
        raise NotAllowed(Reason("not_at_this_step", status=spot.get_status_display()))


@transaction.atomic
def join(registration_id: int, *, by: User, at: datetime) -> str:
    """The button to the meeting: notes each press and gives the link, only to somebody with a seat."""
    spot = lock_spot(registration_id)
    _require_seat(spot)
    session = spot.session
    return let_in(spot, session, opens_at=session.starts_at - rules.ONE_HOUR, closes_at=session.ends_at, by=by, at=at)


def let_in(
    spot: Registration, session: TrainingSession, *, opens_at: datetime, closes_at: datetime, by: User, at: datetime
) -> str:
    """The way into one meeting. History keeps the first press; the presses themselves are rows of their own."""
    if at >= closes_at:
        raise NotAllowed(Reason("class_is_over"))
    if not is_link_out(session, at):
        raise NotAllowed(Reason("link_not_out_yet", day=local_day(link_due_at(session))))
    if at < opens_at:
        raise NotAllowed(Reason("join_opens_later", moment=opens_at))
    is_first = not JoinPress.objects.filter(registration=spot, session=session).exists()
    JoinPress.objects.create(registration=spot, session=session, at=at)
    if is_first:
        if session.pk == spot.session_id:
            spot.joined_at = at
            spot.save(update_fields=["joined_at"])
        record(entry(TrainingEvent.JOINED, spot, by=by, at=at, joined=session.reference))
    return session.meeting_link


# -- Attendance --------------------------------------------------------------------------------------------

Marks = Mapping[tuple[int, int], "bool | Mark"]


def mark_attendance(registration_id: int, half_day_id: int, mark: bool | Mark, *, by: User, at: datetime) -> Attendance:
    """One person, one half-day."""
    session_id = Registration.objects.values_list("session_id", flat=True).get(pk=registration_id)
    mark_session(session_id, {(registration_id, half_day_id): mark}, by=by, at=at)
    return Attendance.objects.get(registration=registration_id, half_day=half_day_id)


@transaction.atomic
def mark_session(session_id: int, marks: Marks, *, by: User, at: datetime, as_team: bool = False) -> int:
    """The trainer's list: {(registration, half-day): mark}. A bare yes or no keeps the minutes marked before. Who
    makes up a half-day here is on the list of that half-day. Only what differs is written; returns how many."""
    guests_of = MakeUp.objects.filter(session=session_id, taken_back_at=None)
    homes = guests_of.values_list("registration__session_id", flat=True)
    session = lock_sessions({session_id, *homes})[session_id]
    if as_team:
        require_team(by, session, at)
    half_days = {half_day.pk: half_day for half_day in session.half_days.all()}
    spots = {spot.pk: spot for spot in session.registrations.filter(status=Status.CONFIRMED).select_related("person")}
    numbers = {number: key for number, key in enumerate(half_days, start=1)}
    guests = {
        (make_up.registration_id, numbers[make_up.number]): make_up
        for make_up in guests_of.select_related("registration__person", "registration__session")
        if make_up.number in numbers
    }
    people = {key: spots[key[0]] for key in marks if key[0] in spots}
    people |= {key: guests[key].registration for key in marks if key in guests}
    _refuse_marks(marks, half_days, people, by=by, at=at)
    history = _mark_own(session, marks, half_days, spots, by=by, at=at)
    history += _mark_guests(session, marks, half_days, guests, by=by, at=at)
    record(*history)
    return len(history)


def _mark_own(
    session: TrainingSession,
    marks: Marks,
    half_days: Mapping[int, HalfDay],
    spots: Mapping[int, Registration],
    *,
    by: User,
    at: datetime,
) -> list[Entry]:
    known = {
        (mark.registration_id, mark.half_day_id): mark for mark in Attendance.objects.filter(registration__in=spots)
    }
    new: list[Attendance] = []
    changed: list[Attendance] = []
    for (who, when), given in marks.items():
        if who not in spots:
            continue
        row = known.get((who, when)) or Attendance(registration=spots[who], half_day_id=when)
        before = mark_of(row) if row.pk else None
        mark = _whole(given, before, half_days[when])
        if mark == before:
            continue
        row.was_there, row.minutes_missed, row.care_minutes = mark.there, mark.missed, mark.care
        row.marked_at, row.marked_by = at, by
        (changed if row.pk else new).append(row)
    Attendance.objects.bulk_create(new)
    fields = ["was_there", "minutes_missed", "care_minutes", "marked_at", "marked_by"]
    Attendance.objects.bulk_update(changed, fields)
    history = []
    for row in [*new, *changed]:
        spot = spots[row.registration_id]
        spot.session = session
        facts = _marked(half_days[row.half_day_id], mark_of(row))
        history.append(entry(TrainingEvent.ATTENDED, spot, by=by, at=at, **facts))
    return history


def _mark_guests(
    session: TrainingSession,
    marks: Marks,
    half_days: Mapping[int, HalfDay],
    guests: Mapping[tuple[int, int], MakeUp],
    *,
    by: User,
    at: datetime,
) -> list[Entry]:
    history = []
    for key, given in marks.items():
        if key not in guests:
            continue
        row, half_day = guests[key], half_days[key[1]]
        before = mark_of(row) if row.was_there is not None else None
        mark = _whole(given, before, half_day)
        if mark == before:
            continue
        if mark.there and row.registration.make_ups.standing().filter(number=row.number).exclude(pk=row.pk).exists():
            raise NotAllowed(Reason("make_up_not_booked"))  # missed here, and booked anew since
        row.was_there, row.minutes_missed, row.care_minutes = mark.there, mark.missed, mark.care
        row.made_on, row.marked_at, row.marked_by = half_day.on if mark.there else None, at, by
        row.save()
        facts = {**_marked(half_day, mark), "number": row.number, "made_in": session.reference}
        history.append(entry(TrainingEvent.MAKE_UP_MARKED, row.registration, by=by, at=at, **facts))
    return history


def mark_of(row: Attendance | MakeUp) -> Mark:
    return Mark(bool(row.was_there), row.minutes_missed, row.care_minutes)


def _whole(given: bool | Mark, before: Mark | None, half_day: HalfDay) -> Mark:
    if isinstance(given, bool):
        return before if before and before.there == given else Mark(given)
    reasons = rules.reasons_not_to_mark(given, half_day.minutes)
    if reasons:
        raise NotAllowed(*reasons)
    return given if given.there else Mark(False)


def _marked(half_day: HalfDay, mark: Mark) -> dict[str, Any]:
    minutes = {"minutes_missed": mark.missed, "care_minutes": mark.care} if mark.missed else {}
    return {"half_day": half_day.starts_at.isoformat(), "was_there": mark.there, **minutes}


def _refuse_marks(
    marks: Marks,
    half_days: Mapping[int, HalfDay],
    people: Mapping[tuple[int, int], Registration],
    *,
    by: User,
    at: datetime,
) -> None:
    for key in marks:
        if key not in people or key[1] not in half_days:
            raise NotAllowed(Reason("not_on_this_list"))
        refuse_own_matter(people[key].person, by)
        if people[key].outcome == Registration.Outcome.COMPLETED:
            raise NotAllowed(Reason("already_completed"))
        if half_days[key[1]].starts_at > at:
            raise NotAllowed(Reason("class_not_begun"))


def sat_of(spot: Registration) -> list[Sat]:
    """Half-day by half-day; reads `attendances`, `make_ups` and the session's half-days, prefetched or not."""
    marks = {row.half_day_id: mark_of(row) for row in spot.attendances.all()}
    made = {row.number: mark_of(row) for row in spot.make_ups.all() if row.taken_back_at is None and row.was_there}
    return [
        Sat(half_day.minutes, marks.get(half_day.pk), made.get(number))
        for number, half_day in enumerate(spot.session.half_days.all(), start=1)
    ]


def time_missed(spot: Registration) -> int:
    return rules.minutes_missed(sat_of(spot), care_limit=spot.course.care_minutes)


# -- The test ----------------------------------------------------------------------------------------------


def exam_rule(day: date) -> rules.ExamRule:
    today = program(day)
    return rules.ExamRule(
        pass_mark=today.value("pass_mark"),
        attempts=today.value("exam_attempts"),
        wait_days=today.value("exam_wait_days"),
    )


@transaction.atomic
def record_exam(
    registration_id: int, score: int, *, taken_on: date, by: User, at: datetime, sitting: ExamSitting | None = None
) -> ExamAttempt:
    """One try with its score out of 100. The same day and score sent twice is one try. After the last one that was
    not passed this spot is over, and the next session is open to them."""
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    _require_seat(spot)
    if not spot.course.has_exam:
        raise NotAllowed(Reason("no_exam_here"))
    taken = list(spot.exam_attempts.all())
    last = taken[-1] if taken else None
    if last and (last.taken_on, last.score) == (taken_on, score):
        return last
    rule = exam_rule(taken_on)
    reasons = rules.reasons_not_to_sit(
        taken_on=taken_on,
        today=local_day(at),
        first_day=spot.session.starts_on,
        has_passed=any(attempt.passed for attempt in taken),
        taken=len(taken),
        next_on=last.next_try_on if last else None,
        rule=rule,
    )
    if not 0 <= score <= 100:
        reasons = [Reason("score_out_of_range")]
    if reasons:
        raise NotAllowed(*reasons)
    number = len(taken) + 1
    attempt = ExamAttempt.objects.create(
        registration=spot,
        sitting=sitting,
        number=number,
        taken_on=taken_on,
        score=score,
        pass_mark=rule.pass_mark,
        passed=score >= rule.pass_mark,
        next_try_on=rules.next_try_on(score, number=number, taken_on=taken_on, rule=rule),
        entered_by=by,
    )
    event = TrainingEvent.EXAM_PASSED if attempt.passed else TrainingEvent.EXAM_NOT_PASSED
    facts = {"attempt": number, "taken_on": taken_on.isoformat(), "tries_left": rule.attempts - number}
    next_on = attempt.next_try_on.isoformat() if attempt.next_try_on else None
    ended: list[Entry] = []
    if not attempt.passed and not attempt.next_try_on:
        ended = end_spot(spot, Registration.Outcome.NOT_PASSED, told_by=event, by=by, at=at)
        facts["outcome"] = spot.outcome
    given_back = [] if attempt.next_try_on else give_back_tests([spot], told_by=event, by=by, at=at)
    record(entry(event, spot, by=by, at=at, next_try_on=next_on, **facts), *given_back, *ended)
    return attempt


# -- Done --------------------------------------------------------------------------------------------------


OPEN: Iterable[str] = ("", Registration.Outcome.MAKE_UP)


def reasons_not_complete(spot: Registration, at: datetime) -> list[Reason]:
    """What is still missing; reads `attendances`, `make_ups`, `exam_attempts` and half-days, prefetched or not."""
    sat = sat_of(spot)
    return rules.reasons_not_complete(
        unmarked=sum(one.counted is None for one in sat),
        missed=rules.minutes_missed(sat, care_limit=spot.course.care_minutes),
        may_miss=spot.course.may_miss_minutes,
        has_exam=spot.course.has_exam,
        has_passed=any(attempt.passed for attempt in spot.exam_attempts.all()),
        class_is_over=spot.session.ends_at <= at,
    )


@transaction.atomic
def complete(registration_id: int, *, by: User, at: datetime) -> Completion:
    """Everything is done: a completion with its hours, and the standing the course gives. Twice is once."""
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    done = Completion.objects.filter(registration=spot).first()
    if done:
        return done
    _require_seat(spot)
    if spot.outcome not in OPEN:
        raise NotAllowed(Reason("not_at_this_step", status=spot.get_outcome_display()))
    reasons = reasons_not_complete(spot, at)
    if reasons:
        raise NotAllowed(*reasons)
    completion = Completion.objects.create(
        registration=spot,
        person=spot.person,
        session=spot.session,
        course=spot.course,
        designation=spot.designation,
        hours=spot.course.hours or _hours_there(spot),
        completed_on=_done_on(spot),
        recorded_at=at,
    )
    spot.outcome = Registration.Outcome.COMPLETED
    spot.save(update_fields=["outcome"])
    if spot.course.grants:
        grant_standing(
            spot.person_id,
            spot.course.grants,
            spot.designation or spot.course.kind,
            starts_on=completion.completed_on,
            source=completion.reference,
            by=by,
            at=at,
        )
    record(
        Entry.of(
            TrainingEvent.COMPLETED,
            completion,
            by=by,
            at=at,
            session=spot.session.reference,
            registration=spot.reference,
            course=spot.course.kind,
            designation=spot.designation,
            hours=str(completion.hours),
            completed_on=completion.completed_on.isoformat(),
        )
    )
    return completion


def _hours_there(spot: Registration) -> Decimal:
    return (Decimal(rules.minutes_present(sat_of(spot))) / 60).quantize(Decimal("0.01"))


def _done_on(spot: Registration) -> date:
    """The last day of class, or the day of the pass or of the last half-day made up where that came later."""
    passed = [attempt.taken_on for attempt in spot.exam_attempts.all() if attempt.passed]
    made = [row.made_on for row in spot.make_ups.standing() if row.made_on]
    return max([spot.session.ends_on, *passed, *made])


def of_class(session: TrainingSession) -> QuerySet[Registration]:
    """Whose completion this session decides: everyone with a seat who is not done, and whoever made up time here."""
    own = Q(session=session, status=Status.CONFIRMED)
    guests = Q(make_ups__in=MakeUp.objects.standing().filter(session=session))
    found = Registration.objects.filter(own | guests, outcome__in=OPEN).select_related("person", "course", "session")
    return found.distinct().order_by("pk")


def complete_session(session_id: int, *, by: User, at: datetime) -> tuple[list[Completion], list[Registration]]:
    """Everyone who is done, one by one; the others are named, not touched."""
    session = TrainingSession.objects.get(pk=session_id)
    done, skipped = [], []
    for spot in of_class(session):
        try:
            done.append(complete(spot.pk, by=by, at=at))
        except NotAllowed:
            skipped.append(spot)
    return done, skipped


ENDINGS: Iterable[str] = (Registration.Outcome.ENDED_EARLY, Registration.Outcome.DID_NOT_ATTEND)


@transaction.atomic
def end_early(registration_id: int, outcome: str, *, by: User, at: datetime) -> Registration:
    """They stopped, or did not attend: this spot is over, and the next session is open to them."""
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    if spot.outcome == outcome:
        return spot
    _require_seat(spot)
    if outcome not in ENDINGS or spot.outcome not in OPEN or spot.session.starts_at > at:
        raise NotAllowed(Reason("not_at_this_step", status=spot.get_status_display()))
    reasons = reasons_not_to_end(spot, outcome)
    if reasons:
        raise NotAllowed(*reasons)
    event = TrainingEvent.NOT_COMPLETED
    ended = end_spot(spot, outcome, told_by=event, by=by, at=at)
    given_back = give_back_tests([spot], told_by=event, by=by, at=at)
    record(entry(event, spot, by=by, at=at, outcome=outcome), *given_back, *ended)
    return spot


def reasons_not_to_end(spot: Registration, outcome: str) -> list[Reason]:
    """What the list says against it; reads `attendances`, `make_ups` and half-days, prefetched or not."""
    if outcome != Registration.Outcome.DID_NOT_ATTEND:
        return []
    there = sum(one.counted is not None and one.counted.there for one in sat_of(spot))
    return rules.reasons_not_to_say_absent(half_days_there=there)


def end_spot(spot: Registration, outcome: str, *, told_by: TrainingEvent, by: User | None, at: datetime) -> list[Entry]:
    """The spot is over, and half-days still booked to be made up with it: that part of the history, to be recorded
    behind what ended the spot, which tells them."""
    spot.outcome = outcome
    spot.save(update_fields=["outcome"])
    booked = list(spot.make_ups.booked())
    MakeUp.objects.filter(pk__in=[one.pk for one in booked]).update(taken_back_at=at)
    event, facts = TrainingEvent.MAKE_UP_TAKEN_BACK, {"told_by": str(told_by)}
    return [entry(event, spot, by=by, at=at, number=one.number, **facts) for one in booked]
