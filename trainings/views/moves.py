"""Another date for a spot, and a pause: one page that says what happens, one press that does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from accounts.kept_words import forget
from audit.reasons import NotAllowed
from programs.calendar import add_months, local_day
from programs.words import date_range, mid_date
from trainings import workflow
from trainings.forms.spots import ChangeDateForm, LeaveForm
from trainings.models import Registration, Seat, Status, TrainingSession
from trainings.views.doors import found_spot, led_back, somebody_waits, typed
from trainings.workflow.moves import PAUSE_MONTHS, reasons_to_stay
from trainings.workflow.steps import reasons_not_to_leave

# -- Another date ------------------------------------------------------------------------------------------


@for_myself_or_by_staff
def change_date(request: DeskRequest, reference: str) -> HttpResponse:
    """The other dates of the course; choosing one moves the spot as it is. `?to=` comes from another page's press."""
    desk, now = request.desk, timezone.now()
    spot = found_spot(desk, reference)
    here = desk.url("trainings:registration", reference=spot.reference)
    if request.method != "POST" and (reasons := reasons_to_stay(spot, now)):
        return led_back(request, spot, reasons, now)
    dates = [] if reasons_to_stay(spot, now) else workflow.dates_for(spot, now)
    open_ = set(Seat.objects.free().general().filter(session__in=dates).values_list("session", flat=True))
    choices = [(one.reference, _date_and_chances(one, now, has_open_seat=one.pk in open_)) for one in dates]
    is_sent = request.method == "POST"
    asked_for = request.GET.get("to", "")
    initial = {"to": asked_for or (dates[0].reference if len(dates) == 1 else "")}
    form = ChangeDateForm(typed(request), desk=desk, dates=choices, initial=initial)
    if is_sent and request.POST.get("to") == spot.session.reference and spot.is_live and spot.status != Status.PAUSED:
        return redirect(here)  # pressed twice: it is there already
    if is_sent and form.is_valid():
        to = next(one for one in dates if one.reference == form.cleaned_data["to"])
        try:
            spot = workflow.move_spot(spot.pk, to.pk, by=desk.by, at=now, receipt=form.receipt(now))
        except NotAllowed as refusal:
            form.add_error(None, refusal.messages)
        else:
            forget(request)
            messages.success(request, _moved(spot, to, desk))
            return redirect(here)
    context = {**_about(desk, spot), "form": form, "dates_ahead": dates, "here": here}
    return render(request, "trainings/change_date.html", context)


def _about(desk: Desk, spot: Registration) -> dict[str, Any]:
    session = spot.session
    return {
        "desk": desk,
        "spot": spot,
        "course": spot.course,
        "dates": date_range(session.starts_on, session.ends_on),
        "has_seat": spot.status == Status.CONFIRMED,
        "has_offer": spot.status == Status.OFFERED,
        "somebody_waits": somebody_waits(spot),
    }


def _date_and_chances(session: TrainingSession, now: datetime, *, has_open_seat: bool) -> str:
    """The date, the way there, and what happens to somebody who joins it now."""
    dates = date_range(session.starts_on, session.ends_on)
    where = _("online") if session.mode == TrainingSession.Mode.ONLINE else session.location
    if session.takes_registrations(now) and not session.has_a_line:
        then = _("Seats are set on %s.") % mid_date(session.allocation_on)
    elif session.course.is_first_come and session.takes_registrations(now):
        then = _("A seat is open now.") if has_open_seat else _("No seat is open now. You join the line.")
    else:
        then = _("The seats are set. You join the end of the line.")
    return _("%(dates)s, %(where)s. %(then)s") % {"dates": dates, "where": where, "then": then}


def _moved(spot: Registration, to: TrainingSession, desk: Desk) -> str:
    dates = date_range(to.starts_on, to.ends_on)
    if desk.is_staff_entry:
        return _moved_for_them(spot, {"name": desk.person.legal_name, "dates": dates})
    if spot.is_confirmed:
        return _("Done. You have a seat on %s.") % dates
    if spot.is_offered:
        return _("Done. There is a seat for you on %s. Say yes or no.") % dates
    return _("Done. Your spot is now for %s. You keep your time in line.") % dates


def _moved_for_them(spot: Registration, facts: dict[str, str]) -> str:
    if spot.is_confirmed:
        return _("Done. %(name)s has a seat on %(dates)s.") % facts
    if spot.is_offered:
        return _("Done. There is a seat for %(name)s on %(dates)s. They say yes or no.") % facts
    return _("Done. %(name)s’s spot is now for %(dates)s. They keep their time in line.") % facts


# -- A pause -----------------------------------------------------------------------------------------------


@for_myself_or_by_staff
def pause(request: DeskRequest, reference: str) -> HttpResponse:
    """One press, and no reason is asked: there is no field in which one could be written."""
    desk, now = request.desk, timezone.now()
    spot = found_spot(desk, reference)
    here = desk.url("trainings:registration", reference=spot.reference)
    is_sent = request.method == "POST"
    if not is_sent and spot.status == Status.PAUSED:
        return redirect(here)
    if not is_sent and (reasons := reasons_not_to_leave(spot, Status.PAUSED, now)):
        return led_back(request, spot, reasons, now)
    form = LeaveForm(typed(request), desk=desk)
    if is_sent and form.is_valid():
        try:
            workflow.pause(spot.pk, by=desk.by, at=now, receipt=form.receipt(now))
        except NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            forget(request)
            messages.success(request, _paused(desk))
        return redirect(here)
    until = add_months(local_day(now), PAUSE_MONTHS)
    return render(request, "trainings/pause.html", {**_about(desk, spot), "form": form, "until": until, "here": here})


def _paused(desk: Desk) -> str:
    if desk.is_staff_entry:
        return _("%s’s spot is on pause.") % desk.person.legal_name
    return _("Done. Your spot is on pause, and your time is kept.")
