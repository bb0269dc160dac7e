"""The office in class: who was there, the sheet to sign, the test, and who is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from audit.reasons import NotAllowed, say
from programs.calendar import local_day
from programs.program import program
from programs.words import clock, date_range, short_date
from trainings import workflow
from trainings.forms import AttendanceForm, ExamForm
from trainings.models import Attendance, HalfDay, Registration, Status, TrainingSession
from trainings.views.desk import office_only, session_of, try_to
from trainings.workflow.classroom import reasons_not_complete


def _in_class(session: TrainingSession) -> QuerySet[Registration]:
    """Those with a seat, by the name they use: a trainer's list, so no legal names and nothing else about them."""
    return (
        session.registrations.filter(status=Status.CONFIRMED)
        .select_related("person", "session__course", "course")
        .order_by("person__name_in_use", "person__legal_given_names", "pk")
    )


@office_only
def attendance(request: HttpRequest, reference: str) -> HttpResponse:
    """The trainer's list: half-days that have begun, one column each."""
    now = timezone.now()
    session = session_of(reference)
    half_days = [half_day for half_day in session.half_days.all() if half_day.starts_at <= now]
    spots = list(_in_class(session))
    marks = {
        (who, when): there
        for who, when, there in Attendance.objects.filter(registration__in=spots).values_list(
            "registration", "half_day", "was_there"
        )
    }
    open_spots = [spot for spot in spots if not spot.outcome and spot.person_id != request.user.pk]
    form = AttendanceForm(
        request.POST if request.method == "POST" else None, spots=open_spots, half_days=half_days, marks=marks
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = workflow.mark_session(session.pk, form.marks, by=request.user, at=now)
        except NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            words = ngettext("Saved. %d mark changed.", "Saved. %d marks changed.", changed) % changed
            messages.success(request, words)
            return redirect("trainings:desk_attendance", reference)
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "columns": [{"name": half_day_words(half_day), "done": form[f"done-{half_day.pk}"]} for half_day in half_days],
        "rows": [_attendance_row(spot, form, half_days) for spot in open_spots],
        "closed": [spot for spot in spots if spot not in open_spots],
        "to_come": len(session.half_days.all()) - len(half_days),
    }
    return render(request, "trainings/desk/attendance.html", context)


def _attendance_row(spot: Registration, form: AttendanceForm, half_days: list[HalfDay]) -> dict[str, Any]:
    cells = [
        {"field": form[f"there-{half_day.pk}-{spot.pk}"], "name": half_day_words(half_day)} for half_day in half_days
    ]
    return {"name": name_on_list(spot), "reference": spot.reference, "cells": cells}


def name_on_list(spot: Registration) -> str:
    """The name in use, with the reference where two people share it: never the legal name."""
    return spot.person.called or spot.reference


def half_day_words(half_day: HalfDay) -> str:
    return _("%(day)s, %(clock)s") % {"day": short_date(half_day.on), "clock": clock(half_day.starts_at)}


@office_only
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """To print: names in use and room for initials. Nothing else about anybody."""
    session = session_of(reference)
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "columns": [half_day_words(half_day) for half_day in session.half_days.all()],
        "names": [name_on_list(spot) for spot in _in_class(session)],
        "printed": timezone.now(),
    }
    return render(request, "trainings/desk/sheet.html", context)


@office_only
def exam(request: HttpRequest, reference: str) -> HttpResponse:
    """Scores of one sitting. Each is taken or refused by itself, and a refusal keeps what was typed."""
    now = timezone.now()
    session = session_of(reference)
    spots = list(_in_class(session).prefetch_related("exam_attempts"))
    mine = request.user.pk
    to_sit = [spot for spot in spots if not spot.outcome and not _has_passed(spot) and spot.person_id != mine]
    form = ExamForm(request.POST or None, spots=to_sit, initial={"taken_on": min(session.ends_on, local_day(now))})
    if request.method == "POST" and form.is_valid():
        saved = _save_scores(form, request, now)
        if saved:
            messages.success(request, ngettext("%d score is saved.", "%d scores are saved.", saved) % saved)
        if not form.errors:
            return redirect("trainings:desk_exam", reference)
    rows = [{"spot": spot, "name": str(spot.person), "attempts": list(spot.exam_attempts.all())} for spot in spots]
    context = {
        "session": session,
        "form": form,
        "dates": date_range(session.starts_on, session.ends_on),
        "rows": rows,
        "has_exam": session.course.has_exam,
        "has_begun": session.starts_at <= now,
        "pass_mark": program(local_day(now)).value("pass_mark"),
    }
    return render(request, "trainings/desk/exam.html", context)


def _has_passed(spot: Registration) -> bool:
    return any(attempt.passed for attempt in spot.exam_attempts.all())


def _save_scores(form: ExamForm, request: HttpRequest, now: datetime) -> int:
    saved = 0
    for spot, score in form.scores:
        try:
            workflow.record_exam(spot.pk, score, taken_on=form.day, by=request.user, at=now)
        except NotAllowed as refusal:
            form.add_error(form.name_of(spot), refusal.messages)
        else:
            saved += 1
    return saved


@office_only
def finish(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is done, and what keeps the others; one press completes all who are."""
    now = timezone.now()
    session = session_of(reference)
    spots = list(_in_class(session).filter(outcome="").prefetch_related("attendances", "exam_attempts"))
    for spot in spots:
        spot.session = session
    ready, not_ready = [], []
    for spot in spots:
        reasons = reasons_not_complete(spot, now)
        if spot.person_id == request.user.pk:
            not_ready.append({"spot": spot, "reasons": [_("This is about you, so someone else has to do it.")]})
        elif reasons:
            not_ready.append({"spot": spot, "reasons": [say(reason) for reason in reasons]})
        else:
            ready.append(spot)
    if request.method == "POST":
        done, skipped = workflow.complete_session(session.pk, by=request.user, at=now)
        messages.success(request, _completed(len(done), len(skipped)))
        return redirect("trainings:desk_finish", reference)
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "ready": ready,
        "not_ready": not_ready,
        "done": list(session.registrations.exclude(outcome="").select_related("person", "completion")),
        "endings": [
            (Registration.Outcome.ENDED_EARLY, _("Stopped early")),
            (Registration.Outcome.DID_NOT_ATTEND, _("Did not attend")),
        ],
    }
    return render(request, "trainings/desk/finish.html", context)


def _completed(done: int, skipped: int) -> str:
    words = ngettext("%d person is done.", "%d people are done.", done) % done
    if skipped:
        words += " " + ngettext("%d is not done yet.", "%d are not done yet.", skipped) % skipped
    return words


@require_POST
@office_only
def end_early(request: HttpRequest, reference: str, registration: str) -> HttpResponse:
    session = session_of(reference)
    spot = get_object_or_404(session.registrations, reference=registration)
    outcome = request.POST.get("outcome", "")
    try_to(request, lambda: workflow.end_early(spot.pk, outcome, by=request.user, at=timezone.now()), _("Saved."))
    return redirect("trainings:desk_finish", reference)
