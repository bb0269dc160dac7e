"""What every door of this room does: find the row of this person, and say a refusal beside its cause."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.desk import Desk
from applicants.models import ScholarshipApplication, TrainingApplication
from audit.reasons import NotAllowed

T = TypeVar("T")


def application_of(desk: Desk, reference: str) -> TrainingApplication:
    """A stranger's is not there."""
    mine = TrainingApplication.objects.visible_to(desk.person)
    return get_object_or_404(mine.select_related("person", "session__course", "registration"), reference=reference)


def draft_of(desk: Desk, reference: str) -> TrainingApplication:
    """Only while the person may still change it."""
    application = application_of(desk, reference)
    if not application.is_with_the_person:
        raise Http404
    return application


def scholarship_of(desk: Desk, reference: str) -> ScholarshipApplication:
    mine = ScholarshipApplication.objects.visible_to(desk.person).select_related("person", "round__session__course")
    return get_object_or_404(mine, reference=reference)


def tried(request: HttpRequest, change: Callable[[], T], form: forms.Form | None = None) -> T | None:
    """Make a change; a refusal stands in the form, or above the page where there is none."""
    try:
        return change()
    except NotAllowed as refusal:
        for sentence in dict.fromkeys(refusal.messages):
            if form is not None:
                form.add_error(None, sentence)
            else:
                messages.error(request, sentence)
        return None


def links(desk: Desk, reference: str, **names: str) -> dict[str, str]:
    """Addresses for a template, on this side of the desk: `links(desk, ref, back="application")` gives back_url."""
    return {f"{name}_url": desk.url(f"applicants:{to}", reference=reference) for name, to in names.items()}
