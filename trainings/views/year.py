"""The office plans a year from another, and puts its drafts on the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.fields import DayField
from accounts.kept_words import forget
from audit.reasons import NotAllowed, say
from programs.calendar import local_day
from programs.program import Rules, program
from programs.words import date_range, near_range
from trainings import rules, workflow
from trainings.forms.year import YearRow
from trainings.models import HalfDay, TrainingSession
from trainings.views.desk import office_only
from trainings.views.doors import typed
from trainings.workflow.sessions import plan_of, reasons_not_to_publish
from trainings.workflow.year import copies_of, proposed, sessions_in, years_with_sessions

YEARS_AHEAD = 2


# -- A year from another -----------------------------------------------------------------------------------


@office_only
def year(request: HttpRequest) -> HttpResponse:
    """Choose two years; then each session is a row with its days; then one press saves all that are ticked."""
    now = timezone.now()
    today = program(local_day(now))
    farthest = today.on.year + DayField.YEARS_AHEAD  # a row from before days were bounded is no year to copy
    years = [one for one in years_with_sessions() if one <= farthest]
    source, target = _chosen(request, years, today.on.year)
    rows = _rows(request, source, target, today, now) if source and target else []
    errors: list[str] = []
    if request.method == "POST":
        chosen = [row for row in rows if row.is_chosen]
        if not chosen and any(row.was_copied_meanwhile for row in rows):
            return _saved(request, [])
        if not chosen:
            errors.append(_("Tick at least one session."))
        elif all([row.is_valid() for row in chosen]):
            saved = _save(request, chosen, target, now, errors)
            if saved is not None:
                return saved
    return render(
        request,
        "trainings/desk/year.html",
        {
            "years": years,
            "targets": [today.on.year + ahead for ahead in range(YEARS_AHEAD + 1)],
            "proposed": (source, target) if target else (today.on.year, today.on.year + 1),
            "source": source,
            "target": target,
            "rows": rows,
            "open_rows": sum(not row.copy for row in rows),
            "with_errors": [row for row in rows if row.is_bound and row.is_chosen and row.errors],
            "errors": errors,
        },
    )


def _chosen(request: HttpRequest, years: list[int], this_year: int) -> tuple[int, int]:
    """From which year to which; nothing where the address names none there is."""
    source, target = (request.GET.get(name, "") for name in ("from", "to"))
    known = source.isdigit() and int(source) in years
    if not known or not target.isdigit() or not this_year <= int(target) <= this_year + YEARS_AHEAD:
        return 0, 0
    return int(source), int(target)


def _rows(request: HttpRequest, source: int, target: int, today: Rules, now: datetime) -> list[YearRow]:
    sessions = list(sessions_in(source))
    there = copies_of(sessions, target)
    words = typed(request)
    return [
        YearRow(
            words if any(name.startswith(f"{session.reference}-") for name in words or ()) else None,
            session=session,
            plan=proposed(session, target, today),
            copy=there.get(session.pk),
            calendar=today.calendar,
            now=now,
        )
        for session in sessions
    ]


def _save(
    request: HttpRequest, chosen: list[YearRow], target: int, now: datetime, errors: list[str]
) -> HttpResponse | None:
    try:
        plans = {row.session.pk: row.plan for row in chosen}
        made = workflow.copy_year(plans, year=target, by=request.user, at=now)
    except NotAllowed as refusal:
        errors += refusal.messages
        return None
    return _saved(request, made)


def _saved(request: HttpRequest, made: list[TrainingSession]) -> HttpResponse:
    words = ngettext("%d draft is saved.", "%d drafts are saved.", len(made)) % len(made)
    forget(request)
    messages.success(request, words if made else _("Nothing to do: all of them were copied before."))
    return redirect(reverse("trainings:desk_drafts"))


# -- Drafts ------------------------------------------------------------------------------------------------


@office_only
def drafts(request: HttpRequest) -> HttpResponse:
    """All drafts ahead, with what is worth a look; those that are ticked go on the calendar."""
    now = timezone.now()
    if request.method == "POST":
        published, skipped = workflow.publish_chosen(request.POST.getlist("draft"), by=request.user, at=now)
        done = ngettext("%d session is on the calendar.", "%d sessions are on the calendar.", len(published))
        if published:
            messages.success(request, done % len(published))
        for session, reasons in skipped:
            words = " ".join(say(reason) for reason in reasons)
            messages.warning(request, _("Skipped: %(name)s. %(why)s") % {"name": _name(session, now), "why": words})
        if not published and not skipped:
            messages.error(request, _("Tick at least one draft."))
        forget(request)
        return redirect("trainings:desk_drafts")
    calendar = program(local_day(now)).calendar
    found = (
        TrainingSession.objects.filter(status=TrainingSession.Status.DRAFT)
        .select_related("course", "copied_from")
        .prefetch_related(Prefetch("half_days", HalfDay.objects.order_by("starts_at")))
        .order_by("starts_at", "pk")
    )
    ticked = typed(request, _("These are the drafts you ticked before you were signed out. Press the button to go on."))
    rows = [_draft_row(one, calendar, now) for one in found]
    context = {"rows": rows, "ticked": ticked.getlist("draft") if ticked else []}
    return render(request, "trainings/desk/drafts.html", context)


def _look(session: TrainingSession, calendar: Any) -> list[Any]:
    return rules.worth_a_look(plan_of(session), calendar, counts_for=float(session.course.hours))


def _draft_row(session: TrainingSession, calendar: Any, now: datetime) -> dict[str, Any]:
    return {
        "session": session,
        "name": _name(session, now),
        "dates": date_range(session.starts_on, session.ends_on),
        "look": [say(reason) for reason in _look(session, calendar)],
        "obstacles": [say(reason) for reason in reasons_not_to_publish(session, now)],
    }


def _name(session: TrainingSession, now: datetime) -> str:
    return f"{session.course.title}, {near_range(session.starts_on, session.ends_on, now)} ({session.reference})"
