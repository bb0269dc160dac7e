"""A year planned from another: every session as a draft on the same weekdays, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Prefetch

from accounts.models import User
from audit.reasons import NotAllowed, Reason
from programs.calendar import local_moment
from programs.program import Rules
from trainings.days import same_weekday, shifted
from trainings.models import HalfDay, SessionQuerySet, TrainingSession
from trainings.rules import Plan
from trainings.workflow.sessions import plan_of, plan_session, publish, reasons_not_to_publish

CANCELLED, DISCARDED = TrainingSession.Status.CANCELLED, TrainingSession.Status.DISCARDED
HALF_A_YEAR = timedelta(days=183)


def sessions_in(year: int) -> SessionQuerySet:
    """Every session whose class begins in that year, first day first; drafts that were put away are none."""
    start, end = (local_moment(date(one, 1, 1), time()) for one in (year, year + 1))
    found = TrainingSession.objects.filter(starts_at__gte=start, starts_at__lt=end).exclude(status=DISCARDED)
    return found.select_related("course").prefetch_related(Prefetch("half_days", HalfDay.objects.order_by("starts_at")))


def years_with_sessions() -> list[int]:
    return [day.year for day in TrainingSession.objects.datetimes("starts_at", "year", order="DESC")]


def proposed(session: TrainingSession, year: int, rules_then: Rules) -> Plan:
    """The same weekdays of another year. The way into the meeting does not go along: last year's people have it."""
    days = (same_weekday(session.starts_on, year=year) - session.starts_on).days
    plan = shifted(plan_of(session), days, rules_then.calendar)
    known = {one.code for one in rules_then.training_designations}
    taught = tuple(code for code in plan.designations if code in known)
    return replace(plan, meeting_link="", dial_in="", designations=taught)


def copies_of(sources: Iterable[TrainingSession], year: int) -> dict[int, TrainingSession]:
    """Which of these were copied into that year already: {source: its copy}. One that does not happen is none."""
    wanted = {one.pk: local_moment(same_weekday(one.starts_on, year=year), time()) for one in sources}
    made = TrainingSession.objects.filter(copied_from__in=wanted).exclude(status__in=[CANCELLED, DISCARDED])
    near = (one for one in made if abs(one.starts_at - wanted[one.copied_from_id or 0]) < HALF_A_YEAR)
    return {one.copied_from_id or 0: one for one in near}


@transaction.atomic
def copy_year(plans: Mapping[int, Plan], *, year: int, by: User, at: datetime) -> list[TrainingSession]:
    """A draft for each source, by its key; what was copied meanwhile is left alone. One refusal undoes all."""
    held = TrainingSession.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=plans).order_by("pk")
    sources = list(held)
    there = copies_of(sources, year)
    return [
        plan_session(plans[source.pk], by=by, at=at, copied_from=source)
        for source in sorted(sources, key=lambda one: (one.starts_at, one.pk))
        if source.pk not in there
    ]


def publish_chosen(
    references: Sequence[str], *, by: User, at: datetime
) -> tuple[list[TrainingSession], list[tuple[TrainingSession, list[Reason]]]]:
    """Those that can go on the calendar do; the others are named with what stands in the way."""
    published, skipped = [], []
    for session in TrainingSession.objects.filter(reference__in=references).select_related("course"):
        reasons = reasons_not_to_publish(session, at)
        if not reasons:
            try:
                published.append(publish(session.pk, by=by, at=at))
                continue
            except NotAllowed as refusal:  # changed by somebody else in that moment
                reasons = list(refusal.reasons)
        skipped.append((session, reasons))
    return published, skipped
