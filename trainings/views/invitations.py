"""A provider's officer starts a sign-up for a new hire; the person opens the link and finishes it, or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.desk import SignedInRequest
from accounts.kept_words import forget
from audit.reasons import NotAllowed
from employment.officers import own_mailboxes, providers_of
from programs.calendar import local_day
from programs.words import date_range, mid_date, short_range
from trainings import workflow
from trainings.forms.line import InviteForm
from trainings.models import Invitation, TrainingSession
from trainings.views import about
from trainings.views.doors import typed, why_here
from trainings.views.rows import hours_of, where_and_when

SHOWN_AT_MOST = 100


def new_hires(request: SignedInRequest) -> HttpResponse:
    """Sent, used, not used: an officer sees no more of anybody."""
    now = timezone.now()
    providers = providers_of(request.user)
    open_now = TrainingSession.objects.taking_registrations(now).select_related("course")
    sessions = [(one, f"{one.course.title}, {short_range(one.starts_on, one.ends_on)}") for one in open_now]
    form = InviteForm(typed(request), providers=providers, sessions=sessions)
    if request.method == "POST" and providers and form.is_valid():
        words = form.cleaned_data
        facts = {"name": words["name"], "email": words["email"]}
        try:
            asked = workflow.invite(words["session"].pk, words["provider"].pk, **facts, by=request.user, at=now)
        except NotAllowed as refusal:
            form.add_error(None, refusal.messages)
        else:
            forget(request)
            _say_sent(request, asked, now)
            return redirect("trainings:new_hires")
    context = {
        "has_mailbox": bool(own_mailboxes(request.user)),
        "providers": providers,
        "form": form,
        "has_sessions": bool(sessions),
        "rows": _rows(providers, now),
    }
    return render(request, "trainings/new_hires.html", context)


def _say_sent(request: SignedInRequest, asked: Invitation, now: datetime) -> None:
    facts = {"name": asked.name, "email": asked.email, "day": mid_date(local_day(asked.made_at))}
    if asked.made_at < now:
        said = _("We sent this to %(email)s on %(day)s. We do not send it twice.")
        said += " " + _("Ask %(name)s to look for it, or call us.")
        messages.info(request, said % facts)
        return
    said = _("Sent to %(name)s, %(email)s. They finish the sign-up themselves. Until then it takes no spot.")
    messages.success(request, said % facts)


def _rows(providers: list[Any], now: datetime) -> list[dict[str, Any]]:
    found = Invitation.objects.filter(provider__in=providers, withdrawn_at=None)
    newest = found.select_related("session__course", "provider").order_by("-made_at", "-pk")[:SHOWN_AT_MOST]
    return [
        {
            "name": one.name,
            "training": f"{one.session.course.title}, {short_range(one.session.starts_on, one.session.ends_on)}",
            "provider": one.provider.name,
            "sent_at": one.made_at,
            "state": _state(one, now),
            "take_back_url": "" if one.is_taken_up else reverse("trainings:take_back_invitation", args=[one.reference]),
        }
        for one in newest
    ]


def _state(invitation: Invitation, now: datetime) -> dict[str, str]:
    if invitation.registration_id:
        return {"label": _("Used"), "tone": "done"}
    if invitation.session.takes_registrations(now):
        return {"label": _("Sent"), "tone": "them"}
    return {"label": _("Not used"), "tone": "quiet"}


def take_back(request: SignedInRequest, reference: str) -> HttpResponse:
    """It went to a wrong address, or they do not come: the link is over."""
    theirs = Invitation.objects.filter(provider__in=providers_of(request.user))
    asked = get_object_or_404(theirs, reference=reference)
    if request.method != "POST":
        messages.info(request, why_here(request))
        return redirect("trainings:new_hires")
    forget(request)
    try:
        workflow.take_back_invitation(asked.pk, by=request.user, at=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Taken back. The link of %s does not work now.") % asked.name)
    return redirect("trainings:new_hires")


@login_not_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens. Reading it does nothing; the button needs a sign-in, so that the sign-up is theirs."""
    now = timezone.now()
    try:
        asked = workflow.invitation_of(token)
    except NotAllowed as refusal:
        return render(request, "trainings/invitation_gone.html", {"reasons": refusal.messages}, status=410)
    session, here = asked.session, request.path
    next_page = about.way_in(session) or session.get_absolute_url()
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': here})}")
        try:
            workflow.take_up(asked.pk, by=request.user, at=now)
        except NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(here)
        return redirect(next_page)
    context = {
        "asked": asked,
        "session": session,
        "course": session.course,
        "dates": date_range(session.starts_on, session.ends_on),
        "hours": hours_of(list(session.half_days.all())),
        "where": where_and_when(session, []),
        "is_open": session.takes_registrations(now),
        "is_used": asked.registration_id is not None,
        "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': here})}",
        "sign_up_url": f"{reverse('account_signup')}?{urlencode({'next': here})}",
    }
    return render(request, "trainings/invitation.html", context)
