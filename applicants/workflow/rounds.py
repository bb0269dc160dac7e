"""Scholarship rounds: opened with their kept seats, closed on time, ended when the seats of the session are set."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

import trainings.workflow
from accounts.models import User
from applicants.events import ApplicantEvent
from applicants.models import ScholarshipRound
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import in_time, local_day

Status = ScholarshipRound.Status


def lock_round(round_id: int) -> ScholarshipRound:
    """Whoever takes or returns its money waits here for the one before. Always before the session."""
    return (
        ScholarshipRound.objects.select_for_update(of=("self",), no_key=True).select_related("session").get(pk=round_id)
    )


@transaction.atomic
def open_round(round_id: int, *, by: User, at: datetime) -> ScholarshipRound:
    """From here people can read the rubric and write. The seats it needs are kept in the same step."""
    round_ = lock_round(round_id)
    if round_.status == Status.OPEN:
        return round_
    if reasons := _reasons_not_to_open(round_):
        raise NotAllowed(*reasons)
    round_.status = Status.OPEN
    round_.save(update_fields=["status"])
    trainings.workflow.keep_seats(round_.session_id, round_.scholarship_seats, for_round=round_.reference, by=by, at=at)
    record(
        Entry.of(
            ApplicantEvent.ROUND_OPENED,
            round_,
            by=by,
            at=at,
            session=round_.session.reference,
            seats=round_.scholarship_seats,
            budget_cents=round_.budget_cents,
        )
    )
    return round_


def _reasons_not_to_open(round_: ScholarshipRound) -> list[Reason]:
    if round_.status != Status.DRAFT:
        return [Reason("round_not_open")]
    reasons = []
    if not round_.criteria.exists():
        reasons.append(Reason("round_not_complete", what="rubric"))
    if round_.budget_cents < round_.award_cents:
        reasons.append(Reason("round_not_complete", what="budget"))
    if round_.decides_on >= round_.session.allocation_on:
        reasons.append(Reason("round_decides_late", day=round_.session.allocation_on))
    return reasons


@transaction.atomic
def record_round_change(round_id: int, *, changed: Collection[str], by: User, at: datetime) -> None:
    """After the admin saved the form: the history, and more kept seats where more are wanted."""
    round_ = lock_round(round_id)
    if round_.status in (Status.OPEN, Status.READING) and "scholarship_seats" in changed:
        trainings.workflow.keep_seats(
            round_.session_id, round_.scholarship_seats, for_round=round_.reference, by=by, at=at
        )
    record(Entry.of(ApplicantEvent.ROUND_CHANGED, round_, by=by, at=at, changed=sorted(changed)))


def close_rounds(*, at: datetime) -> int:
    """Rounds whose last second has passed go to the readers."""
    due = [row.pk for row in ScholarshipRound.objects.filter(status=Status.OPEN) if not in_time(at, row.closes_at)]
    for round_id in due:
        _close(round_id, at)
    return len(due)


@transaction.atomic
def _close(round_id: int, at: datetime) -> None:
    round_ = lock_round(round_id)
    if round_.status != Status.OPEN:
        return
    round_.status = Status.READING
    round_.save(update_fields=["status"])
    record(Entry.of(ApplicantEvent.ROUND_CLOSED, round_, by=None, at=at))


def end_rounds(*, at: datetime) -> int:
    """On the day the seats of the session are set, kept seats nobody holds join the general line; later ones too."""
    begun = ScholarshipRound.objects.exclude(status=Status.DRAFT).filter(session__allocation_on__lte=local_day(at))
    return sum(_end(round_id, at) for round_id in begun.values_list("pk", flat=True))


@transaction.atomic
def _end(round_id: int, at: datetime) -> int:
    round_ = lock_round(round_id)
    if round_.status != Status.ENDED:
        round_.status = Status.ENDED
        round_.save(update_fields=["status"])
    return trainings.workflow.release_kept_seats(round_.session_id, for_round=round_.reference, by=None, at=at)
