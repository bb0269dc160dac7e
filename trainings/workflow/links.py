"""The meeting link: due seven days before to whoever has a seat, at once to whoever gets one later, once each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from audit.trail import record
from programs.calendar import local_moment
from programs.program import Rules, program
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import Registration, Status, TrainingSession
from trainings.workflow.steps import entry


def link_due_at(session: TrainingSession, today: Rules | None = None) -> datetime:
    """By the rules of the first day; whoever has rules at hand gives them, and nothing is looked up."""
    first_day = session.starts_on
    then = today.then(first_day) if today else program(first_day)
    return local_moment(then.due_before("meeting_link", first_day), rules.MORNING)


def is_link_out(session: TrainingSession, at: datetime, today: Rules | None = None) -> bool:
    return session.is_published and bool(session.meeting_link) and at >= link_due_at(session, today)


def tell_links_of(
    session: TrainingSession, spots: Sequence[Registration], *, at: datetime, today: Rules | None = None
) -> int:
    """The caller holds the session, so nobody is told twice. The link itself stays out of the history."""
    if not spots or at >= session.ends_at or not is_link_out(session, at, today):
        return 0
    owed = [spot for spot in spots if spot.link_told_at is None and spot.status == Status.CONFIRMED]
    for spot in owed:
        spot.link_told_at, spot.session = at, session
    if owed:
        Registration.objects.filter(pk__in=[spot.pk for spot in owed]).update(link_told_at=at)
        record(*(entry(TrainingEvent.LINK_DUE, spot, by=None, at=at) for spot in owed))
    return len(owed)
