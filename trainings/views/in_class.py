"""A person in class: joining, class time to make up, and the test days they are booked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.desk import Desk, DeskForm, DeskRequest, for_myself_or_by_staff
from accounts.forms import plain_helper
from accounts.kept_words import forget, given_back
from audit.reasons import NotAllowed
from programs.calendar import local_day
from programs.program import program
from programs.words import clock, clock_range, listed, long_date
from trainings import rules, workflow
from trainings.models import HalfDay, MakeUp, Registration, Status, TrainingSession
from trainings.rules import minutes_present
from trainings.views.doors import found_spot, typed
from trainings.words import correction_words, hours_and_minutes
from trainings.workflow.access import open_needs
from trainings.workflow.classroom import OPEN, sat_of, time_missed
from trainings.workflow.links import is_link_out
from trainings.workflow.makeup import Missed, half_day_of, missed_half_days

# -- Joining -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_myself_or_by_staff
def join(request: DeskRequest, reference: str) -> HttpResponse:
    """Notes the press and sends on to the meeting. Its address stands on no page."""
    spot = found_spot(request.desk, reference)
    if request.method != "POST":
        session, now = spot.session, timezone.now()
        may_join = spot.is_confirmed and is_link_out(session, now)
        return _press_again(request, spot, may_join and _is_join_time(session.starts_at, session.ends_at, now))
    return _send_on(request, spot, lambda by, at: workflow.join(spot.pk, by=by, at=at))


@require_http_methods(["GET", "HEAD", "POST"])
@for_myself_or_by_staff
def join_make_up(request: DeskRequest, reference: str, number: int) -> HttpResponse:
    """The same for the one half-day that is made up."""
    spot = found_spot(request.desk, reference)
    make_up = get_object_or_404(spot.make_ups.standing(), number=number)
    if request.method != "POST":
        now, half_day = timezone.now(), half_day_of(make_up.session, number)
        may_join = half_day is not None and is_link_out(make_up.session, now)
        is_time = half_day is not None and _is_join_time(half_day.starts_at, half_day.ends_at, now)
        return _press_again(request, spot, may_join and is_time)
    return _send_on(request, spot, lambda by, at: workflow.join_make_up(make_up.pk, by=by, at=at))


def _is_join_time(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    return starts_at - rules.ONE_HOUR <= now < ends_at


def _press_again(request: DeskRequest, spot: Registration, may_join: bool) -> HttpResponse:
    """Whoever comes by a link, as after waiting so long that they had to sign in again, is led to the button."""
    if may_join and not request.desk.is_staff_entry:
        is_back = given_back(request) is not None
        messages.info(request, _("You are signed in again. Press Join now.") if is_back else _("Press Join now."))
    return redirect(request.desk.url("trainings:registration", reference=spot.reference))


def _send_on(request: DeskRequest, spot: Registration, join_: Callable[[Any, datetime], str]) -> HttpResponse:
    desk = request.desk
    here = desk.url("trainings:registration", reference=spot.reference)
    if desk.is_staff_entry:
        messages.error(request, _("Only the person joins class. Read them the link on the phone."))
        return redirect(here)
    try:
        link = join_(desk.by, timezone.now())
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(here)
    sent_on = HttpResponseRedirect(link)
    sent_on["Referrer-Policy"] = "no-referrer"
    sent_on["Cache-Control"] = "no-store"
    return sent_on


def let_forms_lead_to(response: HttpResponse, schemes: set[str]) -> HttpResponse:
    """A browser follows the button to the meeting only where the page that has the button allows it; meetings send on
    from one host to the next, so it is the scheme that is named."""
    allowed = [f"{scheme}:" for scheme in sorted(schemes) if scheme]
    if allowed:
        response._csp_update = {"form-action": allowed}  # type: ignore[attr-defined]  # what django-csp reads
    return response


def scheme_of(session: TrainingSession) -> str:
    return urlsplit(session.meeting_link).scheme


# -- What a person's page shows of class -------------------------------------------------------------------


def class_part(request: DeskRequest, spot: Registration, now: datetime) -> dict[str, Any]:
    """Joining, class time, what to make up, and the test, for the page of one spot."""
    desk, session = request.desk, spot.session
    opens_at = session.starts_at - rules.ONE_HOUR
    make_ups = [_make_up_row(one, desk, spot, now) for one in missed_half_days(spot, now)]
    sat = sat_of(spot) if spot.status == Status.CONFIRMED and session.starts_at <= now else []
    present, was_absent = minutes_present(sat), spot.outcome == Registration.Outcome.DID_NOT_ATTEND
    bookings = spot.exam_bookings.filter(taken_back_at=None, sitting__starts_at__gt=now).select_related("sitting")
    return {
        "join_is_open": _is_join_time(session.starts_at, session.ends_at, now),
        "join_opens_at": opens_at,
        "offer_waits": spot.is_offered and open_needs(spot.person_id) is not None,
        "make_ups": make_ups,
        "make_up_url": desk.url("trainings:make_up", reference=spot.reference),
        "has_booked": bool(make_ups) and all(row["booked"] for row in make_ups if row["has_dates"]),
        "may_choose": any(row["has_dates"] for row in make_ups),
        "missing": hours_and_minutes(time_missed(spot)) if make_ups else "",
        "lacks_dates": any(not (row["has_dates"] or row["booked"]) for row in make_ups),
        "service_day": service_day(spot, now),
        "present": "" if was_absent else hours_and_minutes(present) if any(one.counted for one in sat) else "",
        "goes_on": spot.outcome in OPEN,
        "attempts": [
            {
                "passed": one.passed,
                "taken_on": one.taken_on,
                "score": one.score,
                "mark": one.pass_mark,
                "next_try_on": one.next_try_on,
                "corrections": [correction_words(correction) for correction in one.corrections.all()],
            }
            for one in spot.exam_attempts.prefetch_related("corrections")
            if one.passed or not hasattr(spot, "completion")
        ],
        "sittings": [
            {
                "day": booking.sitting.on,
                "text": _("Test, %(clock)s, %(how)s")
                % {"clock": clock(booking.sitting.starts_at), "how": booking.sitting.get_kind_display()},
                "where": booking.sitting.where,
                "minutes": booking.sitting.minutes + booking.extra_minutes,
                "extra": booking.extra_minutes,
            }
            for booking in bookings
        ],
        "sees_scores": sees_scores(request, desk),
    }


def sees_scores(request: HttpRequest, desk: Desk) -> bool:
    """The person and the people of the test see a score; everyone else sees whether it is passed."""
    return not desk.is_staff_entry or request.user.has_perm("trainings.run_sessions")


def _make_up_row(missed: Missed, desk: Desk, spot: Registration, now: datetime) -> dict[str, Any]:
    booked, half_day = missed.booked, missed.booked_half_day
    link_is_out = booked is not None and is_link_out(booked.session, now)
    opens_at = half_day.starts_at - rules.ONE_HOUR if half_day else None
    return {
        "number": missed.number,
        "missed": half_day_line(missed.half_day),
        "minutes": hours_and_minutes(missed.minutes),
        "booked": half_day_line(half_day) if half_day else "",
        "where": booked.session.location if booked else "",
        "online": bool(booked and booked.session.meeting_link),
        "dial_in": booked.session.dial_in if booked and link_is_out and half_day and now < half_day.ends_at else "",
        "leads_to": scheme_of(booked.session) if booked else "",
        "opens_at": opens_at,
        "may_join": bool(link_is_out and half_day and _is_join_time(half_day.starts_at, half_day.ends_at, now)),
        "join_url": desk.url("trainings:join_make_up", reference=spot.reference, number=missed.number),
        "has_dates": bool(missed.dates),
    }


def booked_lines(spots: Iterable[Registration]) -> dict[int, list[str]]:
    """{registration: when they make up what they missed}, of those with a day that is chosen, in one look."""
    chosen = MakeUp.objects.booked().filter(registration__in=spots).select_related("session").order_by("number")
    lines: dict[int, list[str]] = defaultdict(list)
    for make_up in chosen.prefetch_related("session__half_days"):
        half_day = half_day_of(make_up.session, make_up.number)
        if half_day:
            lines[make_up.registration_id].append(half_day_line(half_day))
    return lines


def service_day(spot: Registration, now: datetime) -> date | None:
    """By when the office has done its part after class; nothing once that day is past."""
    today = local_day(now)
    due = program(today).service_due("completion", spot.session.ends_on)
    return due if due >= today else None


def half_day_line(half_day: HalfDay) -> str:
    hours = clock_range(timezone.localtime(half_day.starts_at), timezone.localtime(half_day.ends_at))
    return _("%(day)s, %(hours)s") % {"day": long_date(half_day.on), "hours": hours}


# -- Choosing when to make it up ---------------------------------------------------------------------------


class MakeUpForm(DeskForm):
    """One choice for each half-day that is missing."""

    def __init__(self, *args: Any, desk: Desk, missed: list[Missed], **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        receipt = self.fields.copy()
        self.fields.clear()
        self.missed = missed
        for one in missed:
            if one.dates:
                self.fields[self.name_of(one)] = forms.ChoiceField(
                    label=_("When will you make up %s?") % half_day_line(one.half_day),
                    choices=[
                        *((half_day.session.reference, self._words(half_day, one)) for half_day in one.dates),
                        ("", _("I do not know yet")),
                    ],
                    widget=forms.RadioSelect,
                    required=False,
                    initial=one.booked.session.reference if one.booked else "",
                )
        self.fields.update(receipt)
        self.helper = plain_helper()

    def _words(self, half_day: HalfDay, missed: Missed) -> str:
        words = half_day_line(half_day)
        if self.desk.is_staff_entry and is_full(half_day.session, missed.number):
            words += " " + _("(the room is full: one chair more)")
        return words

    @staticmethod
    def name_of(missed: Missed) -> str:
        return f"day-{missed.number}"

    @property
    def chosen(self) -> list[tuple[Missed, int | None]]:
        """Each half-day with the session it goes to, or none."""
        found: list[tuple[Missed, int | None]] = []
        for one in self.missed:
            if one.dates:
                keys = {half_day.session.reference: half_day.session_id for half_day in one.dates}
                found.append((one, keys.get(self.cleaned_data[self.name_of(one)])))
        return found


def is_full(session: TrainingSession, number: int) -> bool:
    """With everyone who has a seat and everyone who makes up that half-day there."""
    guests = MakeUp.objects.standing().filter(session=session, number=number).count()
    return session.registrations.filter(status=Status.CONFIRMED).count() + guests >= session.capacity


@for_myself_or_by_staff
def make_up(request: DeskRequest, reference: str) -> HttpResponse:
    """Choose the days: an extra chair each, no line to wait in."""
    desk, now = request.desk, timezone.now()
    spot = found_spot(desk, reference)
    here = desk.url("trainings:registration", reference=spot.reference)
    missed = missed_half_days(spot, now)
    if not missed and request.method != "POST":
        messages.info(request, _("There is nothing to make up here."))
        return redirect(here)
    form = MakeUpForm(typed(request), desk=desk, missed=missed)
    if request.method == "POST" and form.is_valid():
        try:
            booked = _choose(form, spot, by=desk.by, at=now)
        except NotAllowed as refusal:
            form.add_error(None, refusal.messages)
        else:
            forget(request)
            messages.success(request, _booked(booked, desk))
            return redirect(here)
    context = {
        "desk": desk,
        "spot": spot,
        "course": spot.course,
        "form": form,
        "here": here,
        "missing": hours_and_minutes(time_missed(spot)),
        "has_dates": any(one.dates for one in missed),
        "service_day": service_day(spot, now),
        "office": program(local_day(now)).office("training"),
    }
    return render(request, "trainings/make_up.html", context)


def _choose(form: MakeUpForm, spot: Registration, *, by: Any, at: datetime) -> list[str]:
    """The days that are booked now, in words."""
    booked, receipt = [], form.receipt(at)
    for missed, session_id in form.chosen:
        if session_id is not None:
            workflow.book_make_up(spot.pk, missed.number, session_id, by=by, at=at, receipt=receipt)
            booked += [half_day_line(one) for one in missed.dates if one.session_id == session_id]
        elif missed.booked:
            workflow.take_back_make_up(missed.booked.pk, by=by, at=at, receipt=receipt)
    return booked


def _booked(days: list[str], desk: Desk) -> str:
    if not days:
        return _("No day is booked yet.")
    booked = _("Booked: %s.") % listed(days)
    return booked if desk.is_staff_entry else booked + " " + _("You can change it until class starts.")
