"""Standings change before the seats are set: the order follows by itself, and the history of each spot says why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from django.db import transaction
from django.db.models import Q

from accounts.events import AccountEvent
from accounts.models import Standing
from audit.models import Entry
from audit.trail import record
from programs.calendar import local_day, local_moment
from programs.program import program
from trainings.events import TrainingEvent
from trainings.line import standings_of, tier_of
from trainings.models import Registration, RegistrationQuerySet, Status
from trainings.workflow.steps import entry

Change = tuple[Standing, bool]  # and whether it is there now


def follow_standings(entries: Iterable[Entry]) -> None:
    """Called in the transaction that grants or withdraws them."""
    told = list(entries)
    changes = [(one.subject, one.event == AccountEvent.STANDING_GRANTED) for one in told]
    history = _history(changes, at=told[0].at)
    if history:
        record(*history)


@transaction.atomic
def regroup_by_date(at: datetime) -> int:
    """What begins or ends today by its own date, once."""
    today = local_day(at)
    ranked = _ranked().values("person")
    turning = Standing.objects.filter(Q(starts_on=today) | Q(ends_on=today), withdrawn_at=None, person__in=ranked)
    changes = [(one, one.starts_on == today) for one in turning]
    due = _history(changes, at=at) if changes else []
    if not due:
        return 0
    earlier = Entry.objects.filter(
        subject_kind=due[0].subject_kind,
        subject_id__in=[one.subject_id for one in due],
        event=TrainingEvent.REGROUPED,
        at__gte=local_moment(today, time(0)),
    )
    said = {(one.subject_id, one.facts["source"]) for one in earlier}
    history = [one for one in due if (one.subject_id, one.facts["source"]) not in said]
    if history:
        record(*history)
    return len(history)


def _ranked() -> RegistrationQuerySet:
    return Registration.objects.filter(
        status=Status.ADMITTED, outcome="", session__allocated_at=None, tier_override=None
    ).exclude(course__seating="first_come")


def _history(changes: list[Change], *, at: datetime) -> list[Entry]:
    people = [standing.person_id for standing, _is_there in changes]
    spots = _ranked().filter(person__in=people).select_related("person", "session__course")
    found = [
        (spot, standing, is_there)
        for spot in spots
        for standing, is_there in changes
        if standing.person_id == spot.person_id
    ]
    history = []
    for spot, standing, is_there in found:
        kind = program(local_day(at)).course(spot.session.course.kind)
        held = standings_of(kind, [spot.person_id], at).get(spot.person_id, [])
        others = [one for one in held if one.pk != standing.pk]
        has, lacks = tier_of(kind, [*others, standing]), tier_of(kind, others)
        if has != lacks:
            before, after = (lacks, has) if is_there else (has, lacks)
            facts = {"before": before, "after": after, "kind": standing.kind, "source": standing.source}
            history.append(entry(TrainingEvent.REGROUPED, spot, by=None, at=at, is_there=is_there, **facts))
    return history
