"""Signing up for a session: whether it is open to this person, in plain words, and the press."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from accounts.kept_words import forget, posted_or_kept
from audit.reasons import NotAllowed, say
from programs.calendar import local_day
from programs.program import program
from programs.words import date_range
from trainings import workflow
from trainings.forms.refusals import say_beside
from trainings.forms.spots import SignUpForm
from trainings.models import Block, Registration, TrainingSession
from trainings.views import about
from trainings.views.rows import hours_of, where_and_when


@for_myself_or_by_staff
def sign_up(request: DeskRequest, reference: str) -> HttpResponse:
    """One page for the trainings that need no application. Whether it is open to you stands above the button."""
    desk, now = request.desk, timezone.now()
    session = get_object_or_404(TrainingSession.objects.on_the_calendar().select_related("course"), reference=reference)
    if session.course.is_by_application:
        return redirect(about.way_in(session, desk.person if desk.is_staff_entry else None) or session)
    today = program(local_day(now))
    designations = [(code, today.designation(code).title) for code in session.designations]
    typed = posted_or_kept(request)
    form = SignUpForm(typed, desk=desk, designations=designations)
    block = workflow.block_for(session, desk.person, at=now)
    if request.method == "POST" and form.is_valid():
        try:
            spot = workflow.register(
                session.pk,
                person_id=desk.person.pk,
                designation=form.cleaned_data.get("designation", ""),
                received_at=form.received_at(now),
                came_by=form.channel,
                helped_by=form.helped_by,
                by=desk.by,
                at=now,
                block=block,
            )
            workflow.use_invitations(spot)
        except NotAllowed as refusal:
            say_beside(form, refusal.reasons)
        else:
            forget(request)
            messages.success(request, _signed_up(spot, desk, now))
            return redirect(desk.url("trainings:registration", reference=spot.reference))
    live = Registration.objects.live().filter(person=desk.person, course=session.course).first()
    return render(
        request,
        "trainings/sign_up.html",
        {
            "desk": desk,
            "form": form,
            "session": session,
            "dates": date_range(session.starts_on, session.ends_on),
            "hours": hours_of(list(session.half_days.all())),
            "where": where_and_when(session, []),
            "why_later": about.why_later(session),
            "obstacles": [] if form.errors or desk.is_staff_entry else _obstacles(session, desk, designations, now),
            "live": live,
            "live_url": desk.url("trainings:registration", reference=live.reference) if live else "",
            "change_url": _change_url(live, session, desk),
            "employer": block.provider.name if block else "",  # not "block": a template has its own
            "has_open_seat": session.course.is_first_come and _has_open_seat(session, block),
            **_next_time(request, session, desk, designations, now),
        },
    )


def _has_open_seat(session: TrainingSession, block: Block | None) -> bool:
    """For whoever comes now: one of the line's, or of the block they come under."""
    free = session.seats.free()
    return free.general().exists() or (block is not None and free.filter(kept_for=block.reference).exists())


def _change_url(live: Registration | None, session: TrainingSession, desk: Desk) -> str:
    """A spot on another date of the course: changing its date is offered, not a second spot."""
    if live is None or live.session_id == session.pk:
        return ""
    return desk.url("trainings:change_date", reference=live.reference)


def _next_time(
    request: DeskRequest, session: TrainingSession, desk: Desk, designations: list[tuple[str, str]], now: datetime
) -> dict[str, Any]:
    """Too late for this one: what was typed, or what needs no typing, goes to the next with one press."""
    following = None if session.takes_registrations(now) else TrainingSession.objects.next_after(session, now)
    late_form = about.late_form_url(request, session, desk.person, now) if desk.is_staff_entry else ""
    if following is None:
        return {"following": None, "late_form_url": late_form}
    typed = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    has_all = bool(typed) or (len(designations) < 2 and not desk.is_staff_entry)
    return {
        "following": following,
        "following_dates": date_range(following.starts_on, following.ends_on),
        "following_url": desk.url("trainings:sign_up", reference=following.reference),
        "typed": typed,
        "has_all": has_all,
        "late_form_url": late_form,
    }


def _obstacles(session: TrainingSession, desk: Desk, designations: list[tuple[str, str]], now: datetime) -> list[str]:
    """What stands in the way, before anything is typed."""
    any_designation = designations[0][0] if designations else ""
    reasons = workflow.reasons_not_to_register(
        session, desk.person, designation=any_designation, received_at=now, at=now
    )
    return [say(reason) for reason in reasons]


def _signed_up(spot: Registration, desk: Desk, now: datetime) -> str:
    if desk.is_staff_entry:
        return _signed_up_for_them(spot, {"name": desk.person.legal_name, "reference": spot.reference}, now)
    if spot.entered_at < now:
        return _("We already have it. Your number is %s. You do not need to do more.") % spot.reference
    if spot.is_confirmed:
        return _("You have a seat. Your number is %s.") % spot.reference
    return _("You are signed up. Your number is %s.") % spot.reference


def _signed_up_for_them(spot: Registration, facts: dict[str, str], now: datetime) -> str:
    if spot.entered_at < now:
        return _("We already have it. The number of %(name)s is %(reference)s.") % facts
    if spot.is_confirmed:
        return _("%(name)s has a seat. The number is %(reference)s.") % facts
    return _("%(name)s is signed up. The number is %(reference)s.") % facts
