"""The training application: started, filled in page by page, checked, sent, followed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from accounts.kept_words import forget, posted_or_kept
from accounts.stories import own_words
from applicants import workflow
from applicants.answers import answers_of
from applicants.checklist import rules_of
from applicants.forms.application import PARTS, DesignationForm, LivedExperienceForm, PartForm, SendForm
from applicants.models import RecoveryStory, ScholarshipRound, TrainingApplication
from applicants.tasklist import page_of, task_list
from applicants.views.doors import application_of, draft_of, links, tried
from programs.calendar import local_day
from programs.program import program
from programs.requirements import Requirement
from programs.rows import Designation
from trainings.models import Registration, TrainingSession

Status = TrainingApplication.Status
OWN_PAGES = ("place",)  # asked of everybody, whatever the rules say


def _paths(session: TrainingSession) -> list[Designation]:
    """What this session trains for, among what one may be trained for on its first day."""
    rules = program(session.starts_on)
    return [one for one in rules.training_designations if not session.designations or one.code in session.designations]


@for_myself_or_by_staff
def start(request: DeskRequest, session_reference: str) -> HttpResponse:
    """Choose the path; the application opens, or the one that is open already is shown."""
    desk, now = request.desk, timezone.now()
    session = get_object_or_404(
        TrainingSession.objects.on_the_calendar().select_related("course"), reference=session_reference
    )
    if not session.course.is_by_application:
        return redirect(desk.url("trainings:sign_up", reference=session.reference))
    spot = Registration.objects.live().filter(person=desk.person, course=session.course_id).first()
    if spot and spot.session_id != session.pk:
        messages.info(request, _("You have a spot on another date. You can change it to this one."))
        page = desk.url("trainings:change_date", reference=spot.reference)
        return redirect(f"{page}?{urlencode({'to': session.reference})}")
    live = TrainingApplication.objects.live().filter(person=desk.person, course=session.course_id).first()
    if live:
        if live.session_id != session.pk:
            messages.info(request, _("You have an application open for another date. Here it is."))
        return redirect(desk.url("applicants:application", reference=live.reference))
    form = DesignationForm(posted_or_kept(request), designations=_paths(session))
    if request.method == "POST" and form.is_valid():
        application = tried(
            request,
            lambda: workflow.start(
                session.pk,
                person_id=desk.person.pk,
                designation=form.cleaned_data["designation"],
                by=desk.by,
                at=now,
            ),
            form,
        )
        if application:
            forget(request)
            return redirect(desk.url("applicants:application", reference=application.reference))
    return render(request, "applicants/start.html", {"desk": desk, "form": form, "session": session, "now": now})


@for_myself_or_by_staff
def application(request: DeskRequest, reference: str) -> HttpResponse:
    """While it is with the person: the list. After that: where it stands, who acts next, by when."""
    desk, now = request.desk, timezone.now()
    mine = application_of(desk, reference)
    shown: dict[str, Any] = {
        "desk": desk,
        "application": mine,
        "session": mine.session,
        "now": now,
        "is_closed": not mine.is_sent and not mine.session.registration_deadline.accepts(now),
        "following": TrainingSession.objects.next_after(mine.session, now),
        "office": program(local_day(now)).office("training"),
        **links(
            desk,
            reference,
            check="check",
            copy="copy",
            next="use_for_next",
            take_back="take_back",
            references="references",
        ),
    }
    if mine.is_with_the_person:
        shown["tasks"] = task_list(mine, desk, now)
        shown["returned"] = _returned(mine, desk) if mine.status == Status.RETURNED else None
        return render(request, "applicants/application.html", shown)
    references_left = mine.references.filter(status="asked")
    shown["waiting_for"] = references_left if mine.status == Status.SUBMITTED else []
    return render(request, "applicants/standing.html", shown)


def _returned(mine: TrainingApplication, desk: Desk) -> dict[str, Any]:
    """What the office asked for, each with the page that mends it."""
    asked = {one.code: one for one in rules_of(mine, mine.saved_at).requirements("training", mine.designation)}
    items = [asked[code] for code in mine.missing if code in asked]
    return {"items": [{"title": one.title, "url": page_of(one.fix, mine, desk)} for one in items]}


@for_myself_or_by_staff
def path(request: DeskRequest, reference: str) -> HttpResponse:
    """Another path than the one chosen at the start."""
    desk, mine = request.desk, draft_of(request.desk, reference)
    form = DesignationForm(
        posted_or_kept(request), initial={"designation": mine.designation}, designations=_paths(mine.session)
    )
    if mine.is_sent:  # the spot in line was opened for this path
        raise Http404
    if request.method == "POST" and form.is_valid():
        facts = {"designation": form.cleaned_data["designation"]}
        workflow.answer(mine.pk, "path", facts=facts, by=desk.by, at=timezone.now())
        return _saved(request, mine)
    return render(request, "applicants/start.html", {"desk": desk, "form": form, "session": mine.session, "mine": mine})


@for_myself_or_by_staff
def part(request: DeskRequest, reference: str, part: str) -> HttpResponse:
    """One page of the application; saved whenever it is left by its button."""
    desk, mine = request.desk, application_of(request.desk, reference)
    asked = _asked_on(part, mine)
    if part not in PARTS or (asked is None and part not in OWN_PAGES):
        raise Http404
    if not mine.is_with_the_person:
        return redirect(desk.url("applicants:application", reference=reference))
    form = _part_form(request, part, mine, asked)
    if request.method == "POST" and form.is_valid():
        saved = tried(request, lambda: workflow.answer(mine.pk, part, **form.said, by=desk.by, at=timezone.now()), form)
        if saved:
            forget(request)
            return _saved(request, mine)
    return render(
        request,
        "applicants/part.html",
        {"desk": desk, "form": form, "application": mine, "asked": asked, "back": _list_url(desk, mine)},
    )


def _asked_on(part: str, mine: TrainingApplication) -> Requirement | None:
    """The requirement this page mends, if the rules ask it for this path."""
    asked = rules_of(mine, timezone.now()).requirements("training", mine.designation)
    return next((one for one in asked if one.fix.replace("_", "-") == part), None)


def _part_form(request: DeskRequest, part: str, mine: TrainingApplication, asked: Requirement | None) -> PartForm:
    form = PARTS[part](posted_or_kept(request), application=mine, asked=asked, desk=request.desk)
    if isinstance(form, LivedExperienceForm) and not request.desk.is_staff_entry:
        story = RecoveryStory.objects.filter(application=mine).select_related("application__person").first()
        form.initial["story"] = own_words(story, by=request.desk.by) if story else ""
    return form


def _list_url(desk: Desk, mine: TrainingApplication) -> str:
    return desk.url("applicants:application", reference=mine.reference)


def _saved(request: DeskRequest, mine: TrainingApplication) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(_list_url(request.desk, mine))


@for_myself_or_by_staff
def check(request: DeskRequest, reference: str) -> HttpResponse:
    """Check your answers, then send. The button is there when nothing is missing; the guard asks again."""
    desk, now = request.desk, timezone.now()
    mine = application_of(desk, reference)
    if not mine.is_with_the_person:
        if request.method == "POST":
            messages.info(request, _("We already have it. Your number is %s. You do not need to do more.") % reference)
        return redirect(desk.url("applicants:sent", reference=reference))
    form = SendForm(request.POST if request.method == "POST" else None, desk=desk)
    if request.method == "POST" and form.is_valid():
        sent = tried(
            request,
            lambda: workflow.submit(
                mine.pk,
                received_at=form.received_at(now),
                by=desk.by,
                at=now,
                channel=form.channel,
                helped_by=form.helped_by,
            ),
            form,
        )
        if sent:
            return redirect(desk.url("applicants:sent", reference=reference))
    return render(
        request,
        "applicants/check.html",
        {
            "desk": desk,
            "form": form,
            "application": mine,
            "session": mine.session,
            "sections": [{**section, "url": _section_url(section["part"], mine, desk)} for section in answers_of(mine)],
            "tasks": task_list(mine, desk, now),
            "is_closed": not mine.is_sent and not mine.session.registration_deadline.accepts(now),
            "following": TrainingSession.objects.next_after(mine.session, now),
            "now": now,
            "back": _list_url(desk, mine),
            **links(desk, reference, next="use_for_next"),
        },
    )


def _section_url(part: str, mine: TrainingApplication, desk: Desk) -> str:
    if part == "designation":
        return "" if mine.is_sent else desk.url("applicants:path", reference=mine.reference)
    return desk.url("profile") if part == "about-me" else page_of(part.replace("-", "_"), mine, desk)


@for_myself_or_by_staff
def sent(request: DeskRequest, reference: str) -> HttpResponse:
    """Its number, what happens, by when, whom to call."""
    desk, mine = request.desk, application_of(request.desk, reference)
    if not mine.is_sent:
        return redirect(_list_url(desk, mine))
    return render(
        request,
        "applicants/sent.html",
        {
            "desk": desk,
            "application": mine,
            "session": mine.session,
            "office": program(local_day(timezone.now())).office("training"),
            "waiting_for": mine.references.filter(status="asked"),
            "rounds": _open_rounds(mine),
            **links(desk, reference, copy="copy"),
        },
    )


def _open_rounds(mine: TrainingApplication) -> list[dict[str, str]]:
    rounds = ScholarshipRound.objects.open_at(timezone.now()).filter(session=mine.session_id)
    return [{"title": one.title, "url": reverse("applicants:round", args=[one.reference])} for one in rounds]


@for_myself_or_by_staff
def copy(request: DeskRequest, reference: str) -> HttpResponse:
    """What was sent, as it was sent."""
    mine = application_of(request.desk, reference)
    if not mine.is_sent:
        raise Http404
    back = _list_url(request.desk, mine)
    return render(request, "applicants/copy.html", {"desk": request.desk, "application": mine, "back": back})


@require_POST
@for_myself_or_by_staff
def use_for_next(request: DeskRequest, reference: str) -> HttpResponse:
    """All that was written, for the next session; with `send` it is sent at once."""
    desk, mine = request.desk, application_of(request.desk, reference)
    if "send" in request.POST and not desk.is_staff_entry:
        if tried(request, lambda: workflow.send_for_next(mine.pk, by=desk.by, at=timezone.now())):
            return redirect(desk.url("applicants:sent", reference=reference))
        return redirect(_list_url(desk, mine))
    moved = tried(request, lambda: workflow.move_to_next(mine.pk, by=desk.by, at=timezone.now()))
    if moved and moved.session_id != mine.session_id:
        messages.success(request, _("Done. All you wrote is now for the next training. Check it, and send it."))
    return redirect(_list_url(desk, mine))


@for_myself_or_by_staff
def take_back(request: DeskRequest, reference: str) -> HttpResponse:
    """One page that says what goes and what stays, then the button."""
    desk, mine = request.desk, application_of(request.desk, reference)
    if mine.status not in TrainingApplication.LIVE:
        return redirect(_list_url(desk, mine))
    now, form = timezone.now(), SendForm(posted_or_kept(request), desk=desk)
    if request.method == "POST" and form.is_valid():
        if tried(request, lambda: workflow.withdraw(mine.pk, by=desk.by, at=now, receipt=form.receipt(now))):
            forget(request)
            messages.success(request, _("Your application is taken back. You can start a new one at any time."))
        return redirect(_list_url(desk, mine))
    context = {"desk": desk, "application": mine, "form": form, "back": _list_url(desk, mine)}
    return render(request, "applicants/take_back.html", context)
