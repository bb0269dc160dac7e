"""An offered seat: yes or no on the person's page, by the office, or by the link in the message; and leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from accounts.kept_words import forget
from audit.reasons import NotAllowed
from programs.calendar import local_day
from programs.program import program
from programs.words import date_range, days_left, long_date, mid_date, money
from trainings import workflow
from trainings.answer_links import spot_of
from trainings.forms.spots import AnswerForm, LeaveForm
from trainings.models import Registration, Status, TrainingSession
from trainings.views.doors import found_spot, led_back, somebody_waits, typed
from trainings.views.rows import hours_of
from trainings.workflow.links import link_due_at
from trainings.workflow.steps import reasons_not_to_leave


@for_myself_or_by_staff
def answer(request: DeskRequest, reference: str) -> HttpResponse:
    """Yes or no to an offered seat; the office enters what somebody said on the phone."""
    desk, now = request.desk, timezone.now()
    spot = found_spot(desk, reference)
    may_enter = desk.is_staff_entry and spot.may_have_answered_in_time(now)
    offer_, waits = _offer(spot, now, desk), somebody_waits(spot)
    is_asked = request.method == "POST" or offer_["is_open"] or may_enter
    form = AnswerForm(typed(request) if is_asked else None, desk=desk)
    if request.method == "POST" and form.is_valid():
        try:
            heard = {"answered_at": form.received_at(now), "receipt": form.receipt(now)}
            _give_answer(spot, form.cleaned_data["answer"], by=desk.by, at=now, **heard)
        except NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            forget(request)
            messages.success(request, _thanks(form.cleaned_data["answer"], desk, waits=waits))
        return redirect(desk.url("trainings:registration", reference=spot.reference))
    context = {**offer_, "form": form, "desk": desk, "may_enter": may_enter}
    return render(request, "trainings/answer.html", context)


def _give_answer(spot: Registration, said: str, *, by: Any, at: datetime, **heard: Any) -> None:
    act = workflow.accept if said == "yes" else workflow.decline
    act(spot.pk, by=by, at=at, **heard)


def _thanks(said: str, desk: Desk, *, waits: bool) -> str:
    if desk.is_staff_entry:
        no = (
            _("%s said no. The seat goes to the next person.")
            if waits
            else _("%s said no. The seat is open to others.")
        )
        return (_("%s has the seat.") if said == "yes" else no) % desk.person.legal_name
    no = _("Thank you. The seat goes to the next person.") if waits else _("Thank you. The seat is open to others now.")
    return _("The seat is yours.") if said == "yes" else no


def _offer(spot: Registration, now: datetime, desk: Desk | None = None) -> dict[str, Any]:
    session = spot.session
    due = spot.offer_expires_at
    return {
        "spot": spot,
        "session": session,
        "course": spot.course,
        "dates": date_range(session.starts_on, session.ends_on),
        "hours": hours_of(list(session.half_days.all())),
        "where": _("Online. Your link comes on %s.") % mid_date(link_due_at(session))
        if session.mode == TrainingSession.Mode.ONLINE
        else session.location,
        "cost": _("Your scholarship pays it.")
        if spot.is_paid_for
        else money(session.cost_cents)
        if session.cost_cents
        else "",
        "here": desk.url("trainings:registration", reference=spot.reference) if desk else spot.get_absolute_url(),
        "is_open": spot.is_offered and due is not None and now < due,
        "left": days_left(due, now) if due and spot.is_offered else "",
        "office": program(local_day(now)).office("training"),
        "starts": long_date(session.starts_on),
    }


@login_not_required
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """The same without signing in, from the link in the message. Opening it does nothing, however often a mail
    program does so; only the button answers."""
    now = timezone.now()
    try:
        spot = spot_of(token)
    except NotAllowed as refusal:
        return render(request, "trainings/offer_gone.html", {"reasons": refusal.messages}, status=410)
    if request.method == "POST":
        said = request.POST.get("answer", "")
        if said not in dict(AnswerForm.ANSWERS):
            messages.error(request, _("Choose yes or no."))
            return redirect("trainings:offer", token)
        try:
            _give_answer(spot, said, by=None, at=now)
        except NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("trainings:offer", token)
    return render(request, "trainings/offer.html", _offer(spot, now))


@for_myself_or_by_staff
def withdraw(request: DeskRequest, reference: str) -> HttpResponse:
    """A page that says what happens, then one button."""
    desk, now = request.desk, timezone.now()
    spot = found_spot(desk, reference)
    here = desk.url("trainings:registration", reference=spot.reference)
    is_sent = request.method == "POST"
    if not is_sent and (reasons := reasons_not_to_leave(spot, Status.WITHDRAWN, now)):
        return led_back(request, spot, reasons, now)
    waits = somebody_waits(spot)
    form = LeaveForm(typed(request), desk=desk)
    if is_sent and form.is_valid():
        try:
            left = workflow.withdraw(spot.pk, by=desk.by, at=now, receipt=form.receipt(now))
        except NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            forget(request)
            messages.success(request, _left(left, desk, had_a_seat=spot.is_confirmed, waits=waits))
        return redirect(here)
    context = {"desk": desk, "spot": spot, "form": form, "here": here, "has_seat": spot.status == Status.CONFIRMED}
    context |= {"somebody_waits": waits, "keeps_its_time": spot.was_moved, "has_offer": spot.is_offered}
    dates = date_range(spot.session.starts_on, spot.session.ends_on)
    return render(request, "trainings/withdraw.html", {**context, "course": spot.course, "dates": dates})


def _left(spot: Registration, desk: Desk, *, had_a_seat: bool, waits: bool) -> str:
    if desk.is_staff_entry:
        return _("%s left this training.") % desk.person.legal_name
    dates = date_range(spot.session.starts_on, spot.session.ends_on)
    left = _("You left the line for %(course)s, %(dates)s.") % {"course": spot.course.title, "dates": dates}
    if had_a_seat:
        gone = _("You gave your seat back. The next person gets it.")
        left = gone if waits else _("You gave your seat back. It is open to others now.")
    return left + " " + _("You keep your time for the next dates.") if spot.keeps_its_time else left
