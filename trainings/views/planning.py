"""The office plans: all sessions, a new one, its changes, on the calendar, cancelled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.kept_words import forget
from audit.reasons import NotAllowed, say
from programs.calendar import ONE_DAY, local_day
from programs.program import program
from programs.words import date_range, near_range
from trainings import workflow
from trainings.days import shifted
from trainings.forms.refusals import say_beside
from trainings.forms.sessions import CancelForm, SessionForm, initial_of
from trainings.models import Status, TrainingSession
from trainings.next_steps import few_words, short_of_people
from trainings.views import preview
from trainings.views.desk import office_only, session_of, session_state, try_to
from trainings.views.doors import press_on, typed
from trainings.workflow.changes import WHILE_CLASS_RUNS, difference, reasons_not_to_change, reasons_not_to_touch, runs
from trainings.workflow.sessions import plan_of

PER_PAGE = 25
FARTHEST_DAYS = 730  # a session moves by days or months; farther is a typing mistake


def _of(status: Status) -> Count:
    return Count("registrations", filter=Q(registrations__status=status))


# -- All sessions ------------------------------------------------------------------------------------------


@office_only
def sessions(request: HttpRequest) -> HttpResponse:
    """What is ahead, or what is past; one statement for the page's rows however many people signed up."""
    now = timezone.now()
    shows_past = request.GET.get("show") == "past"
    found = TrainingSession.objects.exclude(status=TrainingSession.Status.DISCARDED).select_related("course")
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
    rows = [
        {"session": one, "dates": near_range(one.starts_on, one.ends_on, now), "state": session_state(one)}
        for one in page
    ]
    query = urlencode({"show": "past"}) + "&" if shows_past else ""
    context = {"page": page, "rows": rows, "shows_past": shows_past, "query": query}
    return render(request, "trainings/desk/sessions.html", context)


# -- Planning ----------------------------------------------------------------------------------------------


@office_only
def new_session(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = SessionForm(typed(request), today=program(local_day(now)))
    if form.is_valid() and request.method == "POST":
        try:
            planned = workflow.plan_session(form.plan, by=request.user, at=now)
        except NotAllowed as refusal:
            say_beside(form, refusal.reasons)
        else:
            forget(request)
            messages.success(request, _("Saved as a draft. Look at it, then put it on the calendar."))
            return redirect("trainings:desk_session", planned.reference)
    return render(request, "trainings/desk/plan.html", _planning(form, title=_("Plan a session")))


@office_only
def change_session(request: HttpRequest, reference: str) -> HttpResponse:
    """The form; then what it would do and who is told what; then it is done."""
    now = timezone.now()
    session = session_of(reference)
    today = program(local_day(now))
    reasons = reasons_not_to_touch(session, at=now)
    if reasons:
        messages.error(request, " ".join(say(reason) for reason in reasons))
        return redirect("trainings:desk_session", reference)
    shift = _shift(request, session)
    proposed = shifted(
        plan_of(session),
        shift,
        today.calendar,
        seats_are_set=session.is_allocated,
        has_opened=session.opens_at <= now,
    )
    initial = initial_of(proposed)
    only = WHILE_CLASS_RUNS if runs(session, now) else None
    form = SessionForm(typed(request), today=today, locked_course=session.course, only=only, initial=initial)
    if form.is_valid() and request.method == "POST" and "back" not in request.POST:
        answer = _change(request, session, form, now)
        if answer is not None:
            return answer
    if not form.is_bound and shift:
        form.look_at(proposed)
    return render(
        request,
        "trainings/desk/plan.html",
        {
            **_planning(form, title=_("Change %s") % session.course.title),
            "session": session,
            "class_runs": runs(session, now),
            "shift": shift,
            "first_day": (session.starts_on + shift * ONE_DAY).isoformat(),
        },
    )


def _shift(request: HttpRequest, session: TrainingSession) -> int:
    """How many days on the whole session is to go: `?first_day=2027-09-20`."""
    try:
        days = (date.fromisoformat(request.GET.get("first_day", "")) - session.starts_on).days
    except ValueError:
        return 0
    return days if abs(days) <= FARTHEST_DAYS else 0


def _change(request: HttpRequest, session: TrainingSession, form: SessionForm, now: datetime) -> HttpResponse | None:
    """The preview or, pressed again on it, the change; nothing where the form has to be looked at again."""
    reasons = reasons_not_to_change(session, form.plan, at=now)
    if reasons:
        say_beside(form, reasons)
        return None
    what = difference(session, form.plan)
    if not what:
        forget(request)
        messages.success(request, _("Nothing is different."))
        return redirect("trainings:desk_session", session.reference)
    groups = preview.of_changing(session, form.plan, what, now)
    tells_drafts = preview.tells_drafts(session, what)
    done = _("Done. Nobody is written to.")
    if tells_drafts or any(group.hears for group in groups):
        done = _("Done. Everyone who is affected is told once.")
    is_sure = "sure" in request.POST or not session.is_published
    if is_sure:
        seen = request.POST.get("seen", "")
        try:
            workflow.change_session(
                session.pk, form.plan, by=request.user, at=now, seen=int(seen) if seen.isdigit() else None
            )
        except NotAllowed as refusal:
            say_beside(form, refusal.reasons)
            if any(reason.code == "changed_meanwhile" for reason in refusal.reasons):
                form.stands = _what_stands(session.reference, form)
            return None
        forget(request)
        messages.success(request, done)
        return redirect("trainings:desk_session", session.reference)
    context = {
        "session": session,
        "title": _("Look at this change first"),
        "dates": date_range(session.starts_on, session.ends_on),
        "rows": preview.rows_of(session, form.plan, what),
        "groups": groups,
        "seats": preview.seats_words(session, form.plan),
        "typed": preview.typed_again(request.POST),
        "press": _("Yes, change it"),
        "go_back": _("Change something else"),
        "tells_drafts": tells_drafts,
    }
    return render(request, "trainings/desk/preview.html", context)


def _what_stands(reference: str, form: SessionForm) -> list[dict[str, str]]:
    """What somebody else wrote meanwhile, and all else that is not as it is typed here."""
    fresh = session_of(reference)
    rows = preview.rows_of(fresh, form.plan, difference(fresh, form.plan))
    return [{"label": row.what, "value": row.before or _("None")} for row in rows]


def _planning(form: SessionForm, *, title: str) -> dict[str, Any]:
    look = [say(reason) for reason in form.worth_a_look]
    return {"form": form, "title": title, "worth_a_look": look, "stands": form.stands}


# -- On the calendar, and off it ---------------------------------------------------------------------------


@office_only
@press_on("trainings:desk_session")
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    session = session_of(reference)
    try_to(
        request, lambda: workflow.publish(session.pk, by=request.user, at=timezone.now()), _("It is on the calendar.")
    )
    return redirect("trainings:desk_session", reference)


@office_only
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Why; then who is told what; then it is cancelled."""
    now = timezone.now()
    session = session_of(reference)
    if session.is_cancelled:
        return redirect("trainings:desk_session", reference)
    form = CancelForm(typed(request))
    context = {
        "form": form,
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "groups": preview.of_cancelling(session),
        "has_begun": session.starts_at <= now,
    }
    if request.method == "POST" and "back" not in request.POST and form.is_valid():
        because = form.cleaned_data["because"]
        if "sure" not in request.POST:
            return render(request, "trainings/desk/preview.html", {**context, **_cancelling(request, because)})
        done = _("It is cancelled. Everyone who signed up is told once.")
        if session.status == TrainingSession.Status.DRAFT:
            done = _("The draft is put away. Nobody saw it.")
        try_to(request, lambda: workflow.cancel(session.pk, because=because, by=request.user, at=now), done)
        return redirect("trainings:desk_session", reference)
    return render(request, "trainings/desk/cancel.html", context)


def _cancelling(request: HttpRequest, because: str) -> dict[str, Any]:
    return {
        "title": _("Cancel this session?"),
        "because": because,
        "typed": preview.typed_again(request.POST),
        "press": _("Yes, cancel it"),
        "go_back": _("Change the sentence"),
        "tells_drafts": True,
    }


@office_only
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """What waits for a decision: few people on the day it is looked at, or an outage that found no room."""
    now = timezone.now()
    session = session_of(reference)
    if request.method == "POST":
        act = workflow.settle_no_room if request.POST.get("decision") == "settled" else workflow.let_it_run
        done = _("It runs. It is in the history.") if act is workflow.let_it_run else _("Saved. The last day stays.")
        try_to(request, lambda: act(session.pk, by=request.user, at=now), done)
        return redirect("trainings:desk_session", reference)
    published = TrainingSession.objects.filter(pk=session.pk, status=TrainingSession.Status.PUBLISHED)
    short = short_of_people(published.filter(starts_at__gt=now), local_day(now))
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "short": few_words(short[0]) if short else "",
        "no_room": session.no_room_to_move_at is not None and session.starts_at > now,
        "is_allocated": session.is_allocated,
    }
    return render(request, "trainings/desk/decide.html", context)
