"""Files for people's own calendars: all sessions, one session, and, at a secret address, one person's own days."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.desk import SignedInRequest
from trainings import workflow
from trainings.calendar_file import calendar_of
from trainings.models import CalendarAddress, TrainingSession
from trainings.own_calendar import KEPT_FOR, own_calendar

Status = TrainingSession.Status
TOLD = [Status.PUBLISHED, Status.CANCELLED, Status.HELD]  # what a calendar may have heard of


@login_not_required
@require_safe
def calendar_file(request: HttpRequest) -> HttpResponseBase:
    """All public sessions, to subscribe to."""
    since = timezone.now() - KEPT_FOR
    return _sessions(request, TrainingSession.objects.filter(status__in=TOLD, ends_at__gte=since), "trainings.ics")


@login_not_required
@require_safe
def session_file(request: HttpRequest, reference: str) -> HttpResponseBase:
    sessions = TrainingSession.objects.filter(status__in=TOLD, reference=reference)
    get_object_or_404(sessions)
    return _sessions(request, sessions, f"{reference}.ics")


@login_not_required
@require_safe
def own_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """One person's days, for whoever knows the address. It says no name."""
    address = get_object_or_404(CalendarAddress.objects.select_related("person"), token=token, person__is_active=True)
    content = own_calendar(address.person, at=timezone.now())
    answer = _file(request, content, "dates.ics", cache="private, no-cache")
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _sessions(request: HttpRequest, sessions: QuerySet[TrainingSession], name: str) -> HttpResponseBase:
    full = sessions.select_related("course").prefetch_related("half_days")
    return _file(request, calendar_of(full), name, cache="max-age=900")


def _file(request: HttpRequest, content: bytes, name: str, *, cache: str) -> HttpResponseBase:
    """A calendar asks again and again: while nothing changed it is told so, and nothing more."""
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": cache, "ETag": etag}
    full = HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag=etag, response=full) or full


@never_cache
def mine(request: SignedInRequest) -> HttpResponse:
    """The address of one's own calendar: made, renewed or closed on a press, never by looking."""
    person, now = request.user, timezone.now()
    if request.method == "POST":
        if request.POST.get("do") == "close":
            workflow.close_calendar(person, by=person, at=now)
            messages.success(request, _("The address is closed. Calendars that used it hear nothing more."))
        else:
            workflow.open_calendar(person, by=person, at=now)
            messages.success(request, _("Your calendar has a new address."))
        return redirect("trainings:own_calendar")
    address = CalendarAddress.objects.filter(person=person).first()
    path = reverse("trainings:own_calendar_file", args=[address.token]) if address else ""
    context = {"url": settings.SITE_URL + path if path else "", "path": path, "address": address}
    return render(request, "trainings/own_calendar.html", context)
