"""What this room does when something happens here or below: who asked is told, groups follow standings, an offer
waits for our answer, and a cancelled class opens its make-ups again."""

from __future__ import annotations

from accounts.events import AccountEvent
from audit.models import Entry
from audit.subscriptions import on
from trainings import workflow
from trainings.events import TrainingEvent
from trainings.models import TrainingSession
from trainings.workflow.access import offers_of_somebody_answered
from trainings.workflow.makeup import give_back_cancelled
from trainings.workflow.regroup import follow_standings


@on(TrainingEvent.SESSION_PUBLISHED)
def tell_who_asked(entries: list[Entry]) -> None:
    for entry in entries:
        workflow.tell_who_asked(entry.subject, at=entry.at)


@on(AccountEvent.STANDING_GRANTED, AccountEvent.STANDING_WITHDRAWN)
def groups_follow_standings(entries: list[Entry]) -> None:
    follow_standings(entries)


@on(AccountEvent.ACCESS_ARRANGED)
def leave_a_day_to_answer(entries: list[Entry]) -> None:
    """Our answer about what helps them take part: an offer that is out ends a day later at the earliest."""
    for entry in entries:
        offers_of_somebody_answered(entry.subject.person_id, at=entry.at)


@on(TrainingEvent.SESSION_CANCELLED)
def make_ups_are_open_again(entries: list[Entry]) -> None:
    for entry in entries:
        if isinstance(entry.subject, TrainingSession):
            give_back_cancelled(entry.subject, at=entry.at)
