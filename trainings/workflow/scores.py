"""A score that was typed wrong is put right, with all that followed from it, until something stands on it that cannot
be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.workflow import refuse_own_matter, withdraw_standings
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import Completion, ExamAttempt, MakeUp, Registration, ScoreCorrection
from trainings.workflow.bookings import give_back_tests
from trainings.workflow.classroom import OPEN, end_spot, exam_rule
from trainings.workflow.links import tell_guests_of
from trainings.workflow.makeup import half_day_of, is_short
from trainings.workflow.steps import entry, lock_sessions, lock_spot

Outcome = Registration.Outcome


def reasons_not_to_correct(attempt: ExamAttempt) -> list[Reason]:
    """What stands on this score already."""
    spot = attempt.registration
    later = ExamAttempt.objects.filter(
        registration__person=spot.person_id, registration__course=spot.course_id, pk__gt=attempt.pk
    )
    done = Completion.objects.filter(registration=spot).first()
    return rules.reasons_not_to_correct(
        was_taken_again=later.exists(),
        has_certificate=done is not None and done.certificate_at is not None,
    )


@transaction.atomic
def correct_score(attempt_id: int, score: int, *, seen: int, because: str, by: User, at: datetime) -> ExamAttempt:
    """`seen` is the score that stood on the page: whoever saw an older one looks again. The same correction sent
    twice is one. The score before is kept beside it, for those who may see scores; history names the result only."""
    registration_id = ExamAttempt.objects.values_list("registration_id", flat=True).get(pk=attempt_id)
    lock_sessions(_sessions_of(registration_id))
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    attempt = ExamAttempt.objects.get(pk=attempt_id)
    attempt.registration = spot
    if _is_sent_again(attempt, score, seen, by):
        return attempt
    _refuse(attempt, score, seen, because)
    had_passed, before = attempt.passed, attempt.score
    attempt.score, attempt.passed = score, score >= attempt.pass_mark
    rule = replace(exam_rule(attempt.taken_on), pass_mark=attempt.pass_mark)  # as it was that day
    attempt.next_try_on = rules.next_try_on(score, number=attempt.number, taken_on=attempt.taken_on, rule=rule)
    attempt.save(update_fields=["score", "passed", "next_try_on"])
    ScoreCorrection.objects.create(attempt=attempt, before=before, after=score, because=because.strip(), by=by, at=at)
    facts = {"attempt": attempt.number, "before": _result(had_passed), "after": _result(attempt.passed)}
    history = [entry(TrainingEvent.SCORE_CORRECTED, spot, by=by, at=at, **facts)]
    if had_passed != attempt.passed:
        history += _gives(spot, attempt, by=by, at=at) if attempt.passed else _takes_back(spot, attempt, by=by, at=at)
    record(*history)
    return attempt


def _sessions_of(registration_id: int) -> set[int]:
    """Their own, and those in which a half-day they had booked may be theirs again."""
    home = Registration.objects.values_list("session_id", flat=True).get(pk=registration_id)
    given_back = MakeUp.objects.filter(registration=registration_id).exclude(taken_back_at=None)
    return {home, *given_back.values_list("session_id", flat=True)}


def _is_sent_again(attempt: ExamAttempt, score: int, seen: int, by: User) -> bool:
    last = attempt.corrections.last()
    return last is not None and (last.before, last.after, last.by_id, attempt.score) == (seen, score, by.pk, score)


def _refuse(attempt: ExamAttempt, score: int, seen: int, because: str) -> None:
    if attempt.score != seen:
        raise NotAllowed(Reason("score_changed_meanwhile"))
    if not because.strip():
        raise NotAllowed(Reason("reason_needed"))
    if not 0 <= score <= 100:
        raise NotAllowed(Reason("score_out_of_range"))
    if score == attempt.score:
        raise NotAllowed(Reason("same_score"))
    reasons = reasons_not_to_correct(attempt)
    if reasons:
        raise NotAllowed(*reasons)


def _result(passed: bool) -> str:
    return "passed" if passed else "not_passed"


def _gives(spot: Registration, attempt: ExamAttempt, *, by: User, at: datetime) -> list[Entry]:
    """Passed after all. A spot that ended with the last try goes on."""
    booked_again = _bring_back(spot, by=by, at=at) if spot.outcome == Outcome.NOT_PASSED else []
    event = TrainingEvent.EXAM_PASSED
    return [
        entry(event, spot, by=by, at=at, next_try_on=None, corrected=True, **_of(attempt)),
        *give_back_tests([spot], told_by=event, by=by, at=at),
        *booked_again,
    ]


def _bring_back(spot: Registration, *, by: User, at: datetime) -> list[Entry]:
    is_to_make_up = spot.session.ends_at <= at and spot.make_ups.exists() and is_short(spot)
    spot.outcome = Outcome.MAKE_UP if is_to_make_up else ""
    try:
        with transaction.atomic():
            spot.save(update_fields=["outcome"])
    except IntegrityError as twin:  # they took a spot on another date meanwhile
        live = Registration.objects.live().filter(person=spot.person_id, course=spot.course_id).exclude(pk=spot.pk)
        raise NotAllowed(Reason("has_another_spot", reference=live.get().reference)) from twin
    return _book_again(spot, by=by, at=at)


def _book_again(spot: Registration, *, by: User, at: datetime) -> list[Entry]:
    """The half-days to make up that ended with the spot, where they are still ahead."""
    ended = Entry.objects.of(spot).filter(event=TrainingEvent.EXAM_NOT_PASSED, facts__outcome=Outcome.NOT_PASSED).last()
    lost = spot.make_ups.filter(taken_back_at=ended.at, was_there=None).select_related("session") if ended else []
    history = []
    for make_up in lost:
        half_day = half_day_of(make_up.session, make_up.number)
        if half_day is None or half_day.starts_at <= at or not make_up.session.is_published:
            continue
        make_up.taken_back_at = None
        make_up.save(update_fields=["taken_back_at"])
        facts = {"made_in": make_up.session.reference, "half_day": half_day.starts_at.isoformat()}
        history.append(entry(TrainingEvent.MAKE_UP_BOOKED, spot, by=by, at=at, number=make_up.number, **facts))
        tell_guests_of(make_up.session, at=at)
    return history


def _takes_back(spot: Registration, attempt: ExamAttempt, *, by: User, at: datetime) -> list[Entry]:
    """Not passed yet after all: the completion and the standing it gave are taken back, and after the last try the
    spot is over."""
    history = _take_back_completion(spot, by=by, at=at)
    facts, ended = _of(attempt), []
    not_passed = TrainingEvent.EXAM_NOT_PASSED
    if attempt.next_try_on is None and spot.outcome in OPEN:
        ended = end_spot(spot, Outcome.NOT_PASSED, told_by=not_passed, by=by, at=at)
        facts["outcome"] = spot.outcome
    next_on = attempt.next_try_on.isoformat() if attempt.next_try_on else None
    again = entry(not_passed, spot, by=by, at=at, next_try_on=next_on, corrected=True, **facts)
    return [*history, again, *ended]


def _take_back_completion(spot: Registration, *, by: User, at: datetime) -> list[Entry]:
    """No paper about it is out, so nobody outside knows of it: the row goes, and history keeps that it was there."""
    done = Completion.objects.filter(registration=spot).select_related("person").first()
    if done is None:
        return []
    withdraw_standings(spot.person_id, source=done.reference, by=by, at=at)
    taken_back = Entry.of(
        TrainingEvent.COMPLETION_TAKEN_BACK,
        done,
        by=by,
        at=at,
        session=spot.session.reference,
        registration=spot.reference,
        hours=str(done.hours),
        completed_on=done.completed_on.isoformat(),
    )
    Completion.objects.filter(pk=done.pk).delete()
    spot.outcome = ""
    spot.save(update_fields=["outcome"])
    return [taken_back]


def _of(attempt: ExamAttempt) -> dict[str, object]:
    tries_left = exam_rule(attempt.taken_on).attempts - attempt.number
    return {"attempt": attempt.number, "taken_on": attempt.taken_on.isoformat(), "tries_left": tries_left}


@transaction.atomic
def issue_certificate(completion_reference: str, *, at: datetime) -> bool:
    """The certificate of completion is made: from now on the score stands. False where the completion was taken back
    meanwhile, and nothing may be given out."""
    standing = Completion.objects.filter(reference=completion_reference)
    spot_id = standing.values_list("registration_id", flat=True).first()
    if spot_id is None:
        return False
    lock_spot(spot_id)
    standing.filter(certificate_at=None).update(certificate_at=at)
    return standing.exists()
