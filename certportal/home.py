"""The front door: what peer support is, the way in the pack's order, and the next trainings."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from programs.calendar import local_day
from programs.models import Page
from programs.program import program
from trainings.models import TrainingSession
from trainings.views.rows import for_rows, rows_of

SHOWN = 3


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rules = program(local_day(now))
    sessions = for_rows(TrainingSession.objects.taking_registrations(now))[:SHOWN]
    return render(
        request,
        "certportal/home.html",
        {
            "rules": rules,
            "steps": rules.steps,
            "about": Page.objects.filter(slug="home").first(),
            "sessions": rows_of(sessions, now),
        },
    )
