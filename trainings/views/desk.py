"""The office: sessions planned, ranked, held; attendance, the test, and who is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from audit.reasons import NotAllowed, say
from programs.calendar import Deadline, local_day
from programs.program import program
from programs.words import clock, date_range, long_moment, mid_moment, short_date, short_range
from trainings import line, workflow
from trainings.forms import AttendanceForm, CancelForm, ExamForm, SessionForm, initial_of
from trainings.models import Allocation, Attendance, HalfDay, Registration, Status, TrainingSession
from trainings.workflow.classroom import reasons_not_complete

office_only = permission_required("trainings.run_sessions", raise_exception=True)

PER_PAGE = 25
CLAIMS = [Status.RECEIVED, Status.ADMITTED, Status.WAITING, Status.OFFERED, Status.CONFIRMED]


def _of(status: Status) -> Count:
    return Count("registrations", filter=Q(registrations__status=status))


# -- All sessions ------------------------------------------------------------------------------------------


@office_only
def sessions(request: HttpRequest) -> HttpResponse:
    """What is ahead, or what is past; one statement for the page's rows however many people signed up."""
    now = timezone.now()
    shows_past = request.GET.get("show") == "past"
    found = TrainingSession.objects.select_related("course")
    found = (
        found.filter(ends_at__lt=now).order_by("-starts_at")
        if shows_past
        else found.filter(ends_at__gte=now).order_by("starts_at", "pk")
    )
    counted = found.annotate(
        received=_of(Status.RECEIVED),
        ranked=_of(Status.ADMITTED),
        waiting=_of(Status.WAITING),
        offered=_of(Status.OFFERED),
        confirmed=_of(Status.CONFIRMED),
    )
    page = Paginator(counted, PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"session": one, "dates": short_range(one.starts_on, one.ends_on), "state": _state(one)} for one in page]
    query = urlencode({"show": "past"}) + "&" if shows_past else ""
    context = {"page": page, "rows": rows, "shows_past": shows_past, "query": query}
    return render(request, "trainings/desk/sessions.html", context)


def _state(session: TrainingSession) -> dict[str, str]:
    if session.is_published and session.is_allocated:
        return {"label": _("Seats set"), "tone": "done"}
    return {
        TrainingSession.Status.DRAFT: {"label": _("Draft"), "tone": "you"},
        TrainingSession.Status.PUBLISHED: {"label": _("On the calendar"), "tone": "them"},
        TrainingSession.Status.CANCELLED: {"label": _("Cancelled"), "tone": "no"},
        TrainingSession.Status.HELD: {"label": _("Held"), "tone": "quiet"},
    }[TrainingSession.Status(session.status)]


# -- Planning ----------------------------------------------------------------------------------------------


@office_only
def new_session(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = SessionForm(request.POST or None, today=program(local_day(now)))
    if request.method == "POST" and form.is_valid():
        try:
            planned = workflow.plan_session(form.plan, by=request.user, at=now)
        except NotAllowed as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("Saved as a draft. Look at it, then put it on the calendar."))
            return redirect("trainings:desk_session", planned.reference)
    return render(request, "trainings/desk/plan.html", _planning(form, title=_("Plan a session")))


@office_only
def change_session(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    session = _session(reference)
    form = SessionForm(
        request.POST or None,
        today=program(local_day(now)),
        locked_course=session.course,
        initial=initial_of(session),
    )
    if request.method == "POST" and form.is_valid():
        try:
            workflow.change_session(session.pk, form.plan, by=request.user, at=now)
        except NotAllowed as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("trainings:desk_session", session.reference)
    affected = session.registrations.live().count()
    context = _planning(form, title=_("Change %s") % session.course.title)
    return render(request, "trainings/desk/plan.html", {**context, "session": session, "affected": affected})


def _planning(form: SessionForm, *, title: str) -> dict[str, Any]:
    return {"form": form, "title": title, "worth_a_look": [say(reason) for reason in form.worth_a_look]}


def _session(reference: str) -> TrainingSession:
    sessions = TrainingSession.objects.select_related("course").prefetch_related("half_days")
    return get_object_or_404(sessions, reference=reference)


# -- One session -------------------------------------------------------------------------------------------


@office_only
def session(request: HttpRequest, reference: str) -> HttpResponse:
    """Everyone in it, in rank order, with the reason of each position."""
    now = timezone.now()
    shown = _session(reference)
    rows = _ranked(shown, now)
    seats = shown.seats.open().aggregate(
        all=Count("pk"),
        free=Count("pk", filter=Q(registration=None, kept_for="")),
        kept=Count("pk", filter=~Q(kept_for="")),
        kept_free=Count("pk", filter=Q(registration=None) & ~Q(kept_for="")),
    )
    day = local_day(now)
    may_set = shown.is_published and not shown.course.is_first_come and not shown.is_allocated
    return render(
        request,
        "trainings/desk/session.html",
        {
            "session": shown,
            "course": shown.course,
            "dates": date_range(shown.starts_on, shown.ends_on),
            "state": _state(shown),
            "facts": _facts(shown),
            "rows": rows,
            "seats": seats,
            "may_set_seats": may_set and day >= shown.allocation_on,
            "seats_set_later": may_set and day < shown.allocation_on,
            "by_hand": seats["free"] and shown.is_allocated and shown.last_offer_on < day and shown.starts_at > now,
            "has_begun": shown.starts_at <= now,
            "is_over": shown.ends_at <= now,
            "may_change": shown.starts_at > now and not shown.is_cancelled,
            "allocations": Allocation.objects.filter(session=shown).select_related("by"),
        },
    )


def _facts(shown: TrainingSession) -> list[dict[str, str]]:
    facts = [
        (_("Last day to apply"), _moment(shown.registration_deadline)),
        (_("Last day for papers"), _moment(shown.documents_deadline)),
    ]
    if not shown.course.is_first_come:
        facts.append((_("Seats are set"), short_date(shown.allocation_on)))
    facts.append((_("Last day for offers"), short_date(shown.last_offer_on)))
    if shown.mode == TrainingSession.Mode.ONLINE:
        facts.append((_("Meeting link"), _("Stored") if shown.meeting_link else _("Missing. Add it under Change.")))
    return [{"label": label, "value": value} for label, value in facts]


def _moment(deadline: Deadline) -> str:
    return _("%(day)s, until %(clock)s") % {"day": short_date(deadline.day), "clock": clock(deadline.time)}


def _ranked(shown: TrainingSession, now: datetime) -> list[dict[str, Any]]:
    """Seated first, then the line, then those not yet in it, then those who left."""
    kind = program(local_day(now)).course(shown.course.kind)
    spots = list(shown.registrations.select_related("person", "seat").order_by("rank", "received_at", "pk"))
    tiers, proofs = line.provisional_line(shown, kind, now)
    order = {key: number for number, key in enumerate(tiers, start=1)}
    waiting = [spot.pk for spot in spots if spot.status == Status.WAITING]
    for number, key in enumerate(waiting, start=1):
        order[key] = number
    group = {status: place for place, status in enumerate([Status.CONFIRMED, Status.OFFERED, Status.WAITING])}
    group.update({Status.ADMITTED: 3, Status.RECEIVED: 4})
    spots.sort(key=lambda spot: (group.get(Status(spot.status), 5), order.get(spot.pk, 0), spot.rank or 0, spot.pk))
    rows = []
    for spot in spots:
        tier = spot.tier or tiers.get(spot.pk)
        used = spot.proofs or proofs.get(spot.pk, [])
        why = [line.tier_title(kind, tier)] if tier and kind.tiers else []
        why += [line.proof_words(proof) for proof in used]
        rows.append(
            {
                "spot": spot,
                "number": order.get(spot.pk),
                "tier": tier if kind.tiers else None,
                "why": why,
                "received": long_moment(spot.received_at),
                "state": _state_of(spot, order.get(spot.pk)),
            }
        )
    return rows


def _state_of(spot: Registration, number: int | None) -> dict[str, str]:
    if spot.outcome:
        tone = "done" if spot.outcome == Registration.Outcome.COMPLETED else "quiet"
        return {"label": spot.get_outcome_display(), "tone": tone}
    if spot.status == Status.CONFIRMED and spot.seat:
        kept = _(" (scholarship)") if spot.kept_for else ""
        return {
            "label": _("Confirmed, seat %(seat)d%(kept)s") % {"seat": spot.seat.number, "kept": kept},
            "tone": "done",
        }
    if spot.status == Status.OFFERED and spot.offer_expires_at:
        return {"label": _("Offer out, until %s") % mid_moment(spot.offer_expires_at), "tone": "you"}
    if spot.status == Status.WAITING:
        return {"label": _("Waiting, number %s") % number, "tone": "them"}
    if spot.status == Status.ADMITTED:
        return {"label": _("In the ranking, number %s") % number, "tone": "them"}
    if spot.status == Status.RECEIVED:
        return {"label": _("To check"), "tone": "you"}
    return {"label": spot.get_status_display(), "tone": "no" if spot.status == Status.NOT_ELIGIBLE else "quiet"}


# -- Acts --------------------------------------------------------------------------------------------------


@require_POST
@office_only
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    session = _session(reference)
    _try(request, lambda: workflow.publish(session.pk, by=request.user, at=timezone.now()), _("It is on the calendar."))
    return redirect("trainings:desk_session", reference)


@require_POST
@office_only
def allocate(request: HttpRequest, reference: str) -> HttpResponse:
    """Set the seats by the rule. Pressed twice it gives nothing more."""
    session = _session(reference)
    try:
        given = workflow.allocate(session.pk, at=timezone.now(), by=request.user)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        told = ngettext("%d person got a seat now.", "%d people got a seat now.", len(given)) % len(given)
        messages.success(request, told if given else _("Nothing to give: everyone has been told already."))
    return redirect("trainings:desk_session", reference)


@office_only
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    session = _session(reference)
    if session.is_cancelled:
        return redirect("trainings:desk_session", reference)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        _try(
            request,
            lambda: workflow.cancel(session.pk, because=because, by=request.user, at=timezone.now()),
            _("It is cancelled. Everyone who signed up is told once."),
        )
        return redirect("trainings:desk_session", reference)
    people = session.registrations.live().count()
    context = {
        "form": form,
        "session": session,
        "people": people,
        "dates": date_range(session.starts_on, session.ends_on),
    }
    return render(request, "trainings/desk/cancel.html", context)


def _try(request: HttpRequest, act: Any, done: str) -> None:
    try:
        act()
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)


# -- Class -------------------------------------------------------------------------------------------------


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
    session = _session(reference)
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
    session = _session(reference)
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
    session = _session(reference)
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
    session = _session(reference)
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
    session = _session(reference)
    spot = get_object_or_404(session.registrations, reference=registration)
    outcome = request.POST.get("outcome", "")
    _try(request, lambda: workflow.end_early(spot.pk, outcome, by=request.user, at=timezone.now()), _("Saved."))
    return redirect("trainings:desk_finish", reference)
