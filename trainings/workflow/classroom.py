"""What happens in class: joining, half-days, the test, and being done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from accounts.workflow import grant_standing, refuse_own_matter
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from programs.program import program
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import Attendance, Completion, ExamAttempt, HalfDay, Registration, Status, TrainingSession
from trainings.workflow.links import is_link_out, link_due_at
from trainings.workflow.steps import entry, lock_session, lock_spot


def _require_seat(spot: Registration) -> None:
    if spot.status != Status.CONFIRMED or spot.session.is_cancelled:
        raise NotAllowed(Reason("not_at_this_step", status=spot.get_status_display()))


@transaction.atomic
def join(registration_id: int, *, by: User, at: datetime) -> str:
    """The button to the meeting: notes the first press and gives the link, only to somebody with a seat."""
    spot = lock_spot(registration_id)
    _require_seat(spot)
    if not is_link_out(spot.session, at):
        raise NotAllowed(Reason("link_not_out_yet", day=local_day(link_due_at(spot.session))))
    if spot.joined_at is None and at >= spot.session.starts_at - rules.ONE_HOUR:
        spot.joined_at = at
        spot.save(update_fields=["joined_at"])
        record(entry(TrainingEvent.JOINED, spot, by=by, at=at))
    return spot.session.meeting_link


# -- Attendance --------------------------------------------------------------------------------------------


def mark_attendance(registration_id: int, half_day_id: int, was_there: bool, *, by: User, at: datetime) -> Attendance:
    """One person, one half-day."""
    session_id = Registration.objects.values_list("session_id", flat=True).get(pk=registration_id)
    mark_session(session_id, {(registration_id, half_day_id): was_there}, by=by, at=at)
    return Attendance.objects.get(registration=registration_id, half_day=half_day_id)


@transaction.atomic
def mark_session(session_id: int, marks: Mapping[tuple[int, int], bool], *, by: User, at: datetime) -> int:
    """The trainer's list: {(registration, half-day): was there}. Only what differs is written; returns how many."""
    session = lock_session(session_id)
    half_days = {half_day.pk: half_day for half_day in session.half_days.all()}
    spots = {spot.pk: spot for spot in session.registrations.filter(status=Status.CONFIRMED).select_related("person")}
    _refuse_marks(marks, half_days, spots, by=by, at=at)
    known = {
        (mark.registration_id, mark.half_day_id): mark for mark in Attendance.objects.filter(registration__in=spots)
    }
    new = [
        Attendance(registration=spots[who], half_day_id=when, was_there=there, marked_at=at, marked_by=by)
        for (who, when), there in marks.items()
        if (who, when) not in known
    ]
    changed = [known[key] for key, there in marks.items() if key in known and known[key].was_there != there]
    for mark in changed:
        mark.was_there, mark.marked_at, mark.marked_by = not mark.was_there, at, by
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(changed, ["was_there", "marked_at", "marked_by"])
    history = []
    for mark in [*new, *changed]:
        spot = spots[mark.registration_id]
        spot.session = session
        started_at = half_days[mark.half_day_id].starts_at.isoformat()
        facts = {"half_day": started_at, "was_there": mark.was_there}
        history.append(entry(TrainingEvent.ATTENDED, spot, by=by, at=at, **facts))
    record(*history)
    return len(history)


def _refuse_marks(
    marks: Mapping[tuple[int, int], bool],
    half_days: Mapping[int, HalfDay],
    spots: Mapping[int, Registration],
    *,
    by: User,
    at: datetime,
) -> None:
    for who, when in marks:
        if who not in spots or when not in half_days:
            raise NotAllowed(Reason("not_on_this_list"))
        refuse_own_matter(spots[who].person, by)
        if spots[who].outcome == Registration.Outcome.COMPLETED:
            raise NotAllowed(Reason("already_completed"))
        if half_days[when].starts_at > at:
            raise NotAllowed(Reason("class_not_begun"))


# -- The test ----------------------------------------------------------------------------------------------


def exam_rule(day: date) -> rules.ExamRule:
    today = program(day)
    return rules.ExamRule(
        pass_mark=today.value("pass_mark"),
        attempts=today.value("exam_attempts"),
        wait_days=today.value("exam_wait_days"),
    )


@transaction.atomic
def record_exam(registration_id: int, score: int, *, taken_on: date, by: User, at: datetime) -> ExamAttempt:
    """One sitting with its score out of 100. The same day and score sent twice is one sitting."""
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
    record(entry(event, spot, by=by, at=at, next_try_on=next_on, **facts))
    return attempt


# -- Done --------------------------------------------------------------------------------------------------


def reasons_not_complete(spot: Registration, at: datetime) -> list[Reason]:
    """What is still missing; reads `attendances`, `exam_attempts` and the session's half-days, prefetched or not."""
    marks = {mark.half_day_id: mark.was_there for mark in spot.attendances.all()}
    half_days = list(spot.session.half_days.all())
    return rules.reasons_not_complete(
        unmarked=sum(half_day.pk not in marks for half_day in half_days),
        missed=sum(not there for there in marks.values()),
        may_miss=spot.session.course.may_miss_half_days,
        has_exam=spot.session.course.has_exam,
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
    there = spot.attendances.filter(was_there=True).select_related("half_day")
    return Decimal(str(sum(mark.half_day.hours for mark in there)))


def _done_on(spot: Registration) -> date:
    """The last day of class, or the day of the pass where that came later."""
    passed = [attempt.taken_on for attempt in spot.exam_attempts.all() if attempt.passed]
    return max([spot.session.ends_on, *passed])


def complete_session(session_id: int, *, by: User, at: datetime) -> tuple[list[Completion], list[Registration]]:
    """Everyone who is done, one by one; the others are named, not touched."""
    session = TrainingSession.objects.get(pk=session_id)
    done, skipped = [], []
    for spot in session.registrations.filter(status=Status.CONFIRMED, outcome="").select_related("person"):
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
    if outcome not in ENDINGS or spot.outcome or spot.session.starts_at > at:
        raise NotAllowed(Reason("not_at_this_step", status=spot.get_status_display()))
    spot.outcome = outcome
    spot.save(update_fields=["outcome"])
    record(entry(TrainingEvent.NOT_COMPLETED, spot, by=by, at=at, outcome=outcome))
    return spot
