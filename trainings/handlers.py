"""What a published session sets off in this room: people who asked to hear of it are told."""

from __future__ import annotations

from audit.models import Entry
from audit.subscriptions import on
from trainings import workflow
from trainings.events import TrainingEvent


@on(TrainingEvent.SESSION_PUBLISHED)
def tell_who_asked(entries: list[Entry]) -> None:
    for entry in entries:
        workflow.tell_who_asked(entry.subject, at=entry.at)
