"""The office's door: applications to check, without stories, and the three answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.stories import open_story
from applicants import workflow
from applicants.answers import answers_of
from applicants.checklist import checklist_of
from applicants.forms.staff import NotThisTimeForm, ReturnForm
from applicants.models import Reference, TrainingApplication
from applicants.tasklist import sentence_of
from applicants.views.doors import tried
from applicants.views.rows import download
from programs.calendar import local_day
from programs.words import actor, state_word

may_check = permission_required("applicants.screen_applications", raise_exception=True)
TONES = {"met": "done", "missing": "you", "waiting": "them", "expired": "you"}


@may_check
def applications(request: HttpRequest) -> HttpResponse:
    """The To check list: what is due first stands first; then what waits for others."""
    everyone = TrainingApplication.objects.exclude(person=request.user).select_related("person", "session__course")
    now = timezone.now()
    return render(
        request,
        "applicants/staff_applications.html",
        {
            "to_check": everyone.to_check(),
            "returned": everyone.filter(status=TrainingApplication.Status.RETURNED).order_by("answer_by", "pk"),
            "today": local_day(now),
            "now": now,
        },
    )


def _found(request: HttpRequest, reference: str) -> TrainingApplication:
    """Drafts belong to their writer; one's own matter is found, and refused in the workflow."""
    sent = TrainingApplication.objects.exclude(received_at=None)
    return get_object_or_404(sent.select_related("person", "session__course", "registration"), reference=reference)


@may_check
def application(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, _found(request, reference))


def _page(request: HttpRequest, found: TrainingApplication, **forms: Any) -> HttpResponse:
    now = timezone.now()
    checklist = checklist_of(found, now)
    return render(
        request,
        "applicants/staff_application.html",
        {
            "application": found,
            "session": found.session,
            "is_own": found.person_id == request.user.pk,
            "rows": [_row(item) for item in checklist.items],
            "is_met": checklist.is_met,
            "is_to_check": found.status == TrainingApplication.Status.SUBMITTED,
            "sections": found.sent_copy if not found.is_with_the_person else answers_of(found),
            "papers": found.documents.kept().order_by("uploaded_at"),
            "references": found.references.exclude(status=Reference.Status.TAKEN_BACK).order_by("pk"),
            "return_form": forms.get("return_form") or ReturnForm(items=checklist.items),
            "no_form": forms.get("no_form") or NotThisTimeForm(),
            "has_errors": bool(forms),
            "now": now,
        },
    )


def _row(item: Any) -> dict[str, Any]:
    return {
        "title": item.title,
        "sentence": sentence_of(item),
        "label": state_word(item.state),
        "tone": TONES[item.state],
        "actor": actor(item.next_actor),
        "rule": item.rule,
    }


def _back(reference: str) -> HttpResponse:
    return redirect(reverse("applicants:staff_application", args=[reference]))


@require_POST
@may_check
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    found = _found(request, reference)
    if tried(request, lambda: workflow.accept(found.pk, by=request.user, at=timezone.now())):
        messages.success(request, _("%s is accepted and in the ranking.") % reference)
        return redirect("applicants:staff_applications")
    return _back(reference)


@require_POST
@may_check
def return_to_person(request: HttpRequest, reference: str) -> HttpResponse:
    found = _found(request, reference)
    form = ReturnForm(request.POST, items=checklist_of(found, timezone.now()).items)
    if form.is_valid():
        done = tried(
            request,
            lambda: workflow.return_to_person(found.pk, **form.cleaned_data, by=request.user, at=timezone.now()),
            form,
        )
        if done:
            messages.success(request, _("%s is with the person again. They read what is missing.") % reference)
            return redirect("applicants:staff_applications")
    return _page(request, found, return_form=form)


@require_POST
@may_check
def not_this_time(request: HttpRequest, reference: str) -> HttpResponse:
    found = _found(request, reference)
    form = NotThisTimeForm(request.POST)
    if form.is_valid():
        done = tried(
            request,
            lambda: workflow.not_accept(found.pk, **form.cleaned_data, by=request.user, at=timezone.now()),
            form,
        )
        if done:
            messages.success(request, _("%s: not this time. The person reads your reason.") % reference)
            return redirect("applicants:staff_applications")
    return _page(request, found, no_form=form)


@may_check
def document(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    found = _found(request, reference)
    return download(get_object_or_404(found.documents.kept(), pk=pk))


@may_check
def reference_words(request: HttpRequest, reference: str, number: str) -> HttpResponse:
    """What a reference wrote, opened on purpose: the opening stands in the person's history."""
    found = _found(request, reference)
    given = get_object_or_404(found.references.filter(status=Reference.Status.GIVEN), reference=number)
    words = tried(
        request,
        lambda: open_story(given.text, by=request.user, purpose="check application", at=timezone.now()),
    )
    if words is None:
        return _back(reference)
    return render(request, "applicants/staff_reference.html", {"application": found, "given": given, "words": words})
