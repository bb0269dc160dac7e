"""What this app does when something happens below: an award follows its seat, an application its spot."""

from __future__ import annotations

from applicants import tasks
from applicants.models import Award, TrainingApplication
from applicants.workflow.applications import follow_date, follow_deadline, follow_spot
from applicants.workflow.awards import end_award, follow_move, follow_seat
from audit.models import Entry
from audit.owed import announce
from audit.subscriptions import on
from trainings.events import TrainingEvent
from trainings.models import Registration

BECAME = {
    TrainingEvent.ACCEPTED: Award.Status.ACCEPTED,
    TrainingEvent.DECLINED: Award.Status.DECLINED,
    TrainingEvent.WITHDRAWN: Award.Status.DECLINED,
    TrainingEvent.SESSION_CANCELLED: Award.Status.DECLINED,
    TrainingEvent.RAN_OUT: Award.Status.RAN_OUT,
}


@on(*BECAME)
def awards_follow_their_seats(entries: list[Entry]) -> None:
    for entry in entries:
        if isinstance(entry.subject, Registration):
            status = BECAME[TrainingEvent(entry.event)]
            award = follow_seat(entry.subject.pk, status, by=entry.actor, at=entry.at)
            if award and award.status != Award.Status.ACCEPTED:
                announce(tasks.settle_awards)


@on(TrainingEvent.OFFER_WAITS)
def awards_wait_with_their_seats(entries: list[Entry]) -> None:
    """Their person has longer to answer, so the award has too."""
    for entry in entries:
        answer_by = entry.subject.offer_expires_at
        Award.objects.filter(
            registration=entry.subject.pk, status=Award.Status.OFFERED, answer_by__lt=answer_by
        ).update(answer_by=answer_by)


@on(TrainingEvent.MOVED, TrainingEvent.PAUSE_ENDED)
def awards_move_once(entries: list[Entry]) -> None:
    for entry in entries:
        if entry.event == TrainingEvent.MOVED:
            is_another_date = entry.facts["moved_from"] != entry.facts["moved_to"]
            award = follow_move(entry.subject.pk, is_another_date=is_another_date, by=entry.actor, at=entry.at)
        else:
            award = end_award(entry.subject.pk, "pause_is_over", by=entry.actor, at=entry.at)
        if award and award.status == Award.Status.RAN_OUT:
            announce(tasks.settle_awards)


@on(TrainingEvent.MOVED)
def applications_move_with_their_spots(entries: list[Entry]) -> None:
    for entry in entries:
        follow_date(entry.subject.pk, by=entry.actor, at=entry.at)


@on(TrainingEvent.DEADLINE_MOVED)
def answers_follow_the_papers_deadline(entries: list[Entry]) -> None:
    for entry in entries:
        follow_deadline(entry.subject.pk, entry.subject.documents_close_on)


@on(TrainingEvent.WITHDRAWN, TrainingEvent.PAUSE_ENDED)
def applications_follow_their_spots(entries: list[Entry]) -> None:
    for entry in entries:
        if TrainingApplication.objects.live().filter(registration=entry.subject.pk).exists():
            follow_spot(entry.subject.pk, by=entry.actor, at=entry.at)
