"""What this room does when something happens: who asked to hear of a session is told, and groups follow standings."""

from __future__ import annotations

from accounts.events import AccountEvent
from audit.models import Entry
from audit.subscriptions import on
from trainings import workflow
from trainings.events import TrainingEvent
from trainings.workflow.regroup import follow_standings


@on(TrainingEvent.SESSION_PUBLISHED)
def tell_who_asked(entries: list[Entry]) -> None:
    for entry in entries:
        workflow.tell_who_asked(entry.subject, at=entry.at)


@on(AccountEvent.STANDING_GRANTED, AccountEvent.STANDING_WITHDRAWN)
def groups_follow_standings(entries: list[Entry]) -> None:
    follow_standings(entries)
