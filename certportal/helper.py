"""Somebody who helps: named by the person, and the one page the helper's link opens. They never see the file."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

import trainings.workflow
from accounts import workflow
from accounts.desk import DeskRequest, for_myself_or_by_staff
from accounts.forms import HelperForm
from accounts.helper_links import helper_by
from accounts.kept_words import forget, posted_or_kept
from accounts.models import Helper, User
from accounts.steps import Tone
from audit.reasons import NotAllowed
from certportal.me import steps_of
from programs.calendar import local_day
from programs.program import program


@for_myself_or_by_staff
def mine(request: DeskRequest) -> HttpResponse:
    """Who helps me, what they hear and may do, and one press to take it back."""
    desk, now = request.desk, timezone.now()
    if request.method == "POST" and "take_back" in request.POST:
        workflow.withdraw_helper(desk.person.pk, by=desk.by, at=now)
        messages.success(request, _("Done. We do not write to them any more, and their link is dead."))
        return redirect(desk.url("helper"))
    typed = posted_or_kept(request)
    form = HelperForm(typed or None, desk=desk)
    if request.method == "POST" and form.is_valid() and _is_named(form, request, now):
        forget(request)
        messages.success(request, _("Done. We write to your helper now."))
        return redirect(desk.url("helper"))
    page = {"desk": desk, "form": form, "named": workflow.helper_of(desk.person), "back": desk.url("profile")}
    return render(request, "certportal/helper.html", page)


def _is_named(form: HelperForm, request: DeskRequest, now: datetime) -> bool:
    desk = request.desk
    typed = {name: form.cleaned_data[name] for name in ("name", "email")}
    try:
        workflow.name_helper(desk.person.pk, **typed, by=desk.by, at=now, receipt=form.receipt(now))
    except NotAllowed as refusal:
        form.add_error("email", refusal.messages)
        return False
    return True


# -- The helper's page -------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing. Whose helper they are, the next date, and Pause: no word of what it is about."""
    now = timezone.now()
    try:
        helper = helper_by(token)
    except NotAllowed as refusal:
        office = program(local_day(now)).office("training")
        page = {"sentences": refusal.messages, "office": office}
        return render(request, "certportal/helper_link_over.html", page, status=410)
    if request.method == "POST":
        if _pause_all(helper, now):
            messages.success(request, _("Done. It is on pause. We tell %s.") % name_of(helper.person))
        return redirect("helper_link", token)
    page = {
        "called": name_of(helper.person),
        "next_on": _next_date(helper.person, now),
        "may_pause": bool(trainings.workflow.spots_to_pause(helper.person_id, at=now)),
    }
    return render(request, "certportal/helper_link.html", page)


def name_of(person: User) -> str:
    return person.called or _("Somebody you know")


def _pause_all(helper: Helper, now: datetime) -> int:
    """Everything that can wait. What the person ended meanwhile is left alone."""
    paused = 0
    for spot in trainings.workflow.spots_to_pause(helper.person_id, at=now):
        try:
            trainings.workflow.pause(spot.pk, by=None, by_helper=helper.name, at=now)
        except NotAllowed:
            continue
        paused += 1
    return paused


def _next_date(person: User, now: datetime) -> date | None:
    """The day by which it is the person's turn next."""
    today = local_day(now)
    days = [step.due_on for step in steps_of(person, now) if step.tone == Tone.YOU and not step.is_over]
    return min((day for day in days if day and day >= today), default=None)
