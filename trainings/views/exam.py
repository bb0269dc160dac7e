"""The test, for the office: scores of a class, days on which it is taken, and their results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.kept_words import forget
from audit.reasons import NotAllowed, say
from programs.calendar import local_day
from programs.program import program
from programs.words import date_range, mid_moment
from trainings import workflow
from trainings.forms.classroom import BookingForm, CorrectionForm, ExamForm, ResultsForm, SittingForm
from trainings.models import ExamAttempt, ExamBooking, ExamSitting, Registration
from trainings.roster import arrangement_of, in_class
from trainings.views.desk import office_only, session_of, try_to
from trainings.views.doors import press_on, typed
from trainings.words import correction_words
from trainings.workflow.classroom import OPEN
from trainings.workflow.sittings import reasons_not_to_book, to_sit


@office_only
def exam(request: HttpRequest, reference: str) -> HttpResponse:
    """Scores of one sitting. Each is taken or refused by itself, and a refusal keeps what was typed."""
    now = timezone.now()
    session = session_of(reference)
    spots = list(in_class(session).prefetch_related("exam_attempts"))
    mine = request.user.pk
    to_sit = [spot for spot in spots if spot.outcome in OPEN and not _has_passed(spot) and spot.person_id != mine]
    form = ExamForm(typed(request), spots=to_sit, initial={"taken_on": min(session.ends_on, local_day(now))})
    if request.method == "POST" and form.is_valid():
        saved = _save_scores(form, request, now)
        if saved:
            messages.success(request, ngettext("%d score is saved.", "%d scores are saved.", saved) % saved)
        if not form.errors:
            forget(request)
            return redirect("trainings:desk_exam", reference)
    rows = [
        {
            "spot": spot,
            "name": str(spot.person),
            "attempts": list(spot.exam_attempts.all()),
            "may_correct": spot.person_id != mine,
        }
        for spot in spots
    ]
    context = {
        "session": session,
        "form": form,
        "dates": date_range(session.starts_on, session.ends_on),
        "rows": rows,
        "has_exam": session.course.has_exam,
        "has_begun": session.starts_at <= now,
        "sittings": [_sitting_row(sitting) for sitting in session.sittings.prefetch_related("bookings")],
        "pass_mark": program(local_day(now)).value("pass_mark"),
    }
    return render(request, "trainings/desk/exam.html", context)


def _has_passed(spot: Registration) -> bool:
    return any(attempt.passed for attempt in spot.exam_attempts.all())


def _save_scores(form: ExamForm, request: HttpRequest, now: datetime) -> int:
    saved = 0
    for spot, score in form.scores:
        try:
            workflow.record_exam(spot.pk, score, taken_on=form.day, by=request.user, at=now)
        except NotAllowed as refusal:
            form.add_error(form.name_of(spot), refusal.messages)
        else:
            saved += 1
    return saved


# -- Put right ---------------------------------------------------------------------------------------------


@office_only
def correct(request: HttpRequest, reference: str, registration: str, number: int) -> HttpResponse:
    """One score that was typed wrong. What follows from it stands above the button."""
    session = session_of(reference)
    attempts = ExamAttempt.objects.select_related("registration__person", "registration__course")
    attempt = get_object_or_404(
        attempts, registration__session=session, registration__reference=registration, number=number
    )
    spot = attempt.registration
    if spot.person_id == request.user.pk:
        raise PermissionDenied
    form = CorrectionForm(typed(request), seen=attempt.score)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.correct_score(attempt.pk, **form.cleaned_data, by=request.user, at=timezone.now())
        except NotAllowed as refusal:
            attempt.refresh_from_db(fields=["score", "passed", "next_try_on"])
            form.add_error(None, refusal.messages)
            form.now_seen(attempt.score)
        else:
            forget(request)
            messages.success(request, _("The score is right now. If the result is another one, we tell them."))
            return redirect("trainings:desk_exam", reference)
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "spot": spot,
        "attempt": attempt,
        "form": form,
        "obstacles": [say(reason) for reason in workflow.reasons_not_to_correct(attempt)],
        "corrections": [{"at": one.at, "sentence": correction_words(one)} for one in attempt.corrections.all()],
    }
    return render(request, "trainings/desk/correct_score.html", context)


# -- Days on which it is taken -----------------------------------------------------------------------------


def _sitting_row(sitting: ExamSitting) -> dict[str, Any]:
    booked = sum(booking.taken_back_at is None for booking in sitting.bookings.all())
    return {
        "sitting": sitting,
        "when": mid_moment(sitting.starts_at),
        "people": ngettext("%d person", "%d people", booked) % booked,
    }


@office_only
def plan_sitting(request: HttpRequest, reference: str) -> HttpResponse:
    session = session_of(reference)
    form = SittingForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            planned = workflow.plan_sitting(session.pk, form.plan, by=request.user, at=timezone.now())
        except NotAllowed as refusal:
            form.add_error(None, refusal.messages)
        else:
            forget(request)
            messages.success(request, _("Saved. Now book people."))
            return redirect("trainings:desk_sitting", planned.reference)
    dates = date_range(session.starts_on, session.ends_on)
    return render(request, "trainings/desk/plan_sitting.html", {"session": session, "form": form, "dates": dates})


def _sitting(reference: str) -> ExamSitting:
    return get_object_or_404(ExamSitting.objects.select_related("session__course"), reference=reference)


@office_only
def sitting(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is expected, with what we arranged and never why; who may be booked; and the results afterwards."""
    now = timezone.now()
    shown = _sitting(reference)
    bookings = _bookings(shown)
    sat = set(shown.attempts.values_list("registration_id", flat=True))
    open_ = [
        one.registration
        for one in bookings
        if one.registration_id not in sat and one.registration.person_id != request.user.pk
    ]
    has_begun = shown.starts_at <= now
    form = ResultsForm(typed(request), spots=open_ if has_begun else [])
    if request.method == "POST" and form.is_valid():
        saved = _save_results(form, shown, request, now)
        if saved:
            messages.success(request, ngettext("%d score is saved.", "%d scores are saved.", saved) % saved)
        if not form.errors:
            forget(request)
            return redirect("trainings:desk_sitting", reference)
    booking_form = None if has_begun else _booking_form(shown, bookings, request)
    return _sitting_page(request, shown, bookings, form, booking_form)


def _bookings(shown: ExamSitting) -> list[ExamBooking]:
    return list(
        shown.bookings.filter(taken_back_at=None)
        .select_related("registration__person__access_needs", "registration__session")
        .order_by("registration__person__legal_family_name", "pk")
    )


def _sitting_page(
    request: HttpRequest,
    shown: ExamSitting,
    bookings: list[ExamBooking],
    form: ResultsForm,
    booking_form: BookingForm | None,
) -> HttpResponse:
    results = {attempt.registration_id: attempt for attempt in shown.attempts.all()}
    context = {
        "sitting": shown,
        "session": shown.session,
        "when": mid_moment(shown.starts_at),
        "form": form,
        "booking_form": booking_form,
        "has_errors": bool(booking_form and booking_form.errors),
        "rows": [
            {
                "booking": one,
                "spot": one.registration,
                "name": str(one.registration.person),
                "arrangement": arrangement_of(one.registration.person),
                "minutes": shown.minutes + one.extra_minutes,
                "result": results.get(one.registration_id),
                "may_correct": one.registration.person_id != request.user.pk,
                "may_give_back": one.registration_id not in results and one.registration.person_id != request.user.pk,
            }
            for one in bookings
        ],
    }
    return render(request, "trainings/desk/sitting.html", context)


def _booking_form(shown: ExamSitting, bookings: list[Any], request: HttpRequest, typed: Any = None) -> BookingForm:
    booked = {one.registration_id for one in bookings}
    people = [
        (spot.reference, _who(spot, shown))
        for spot in to_sit(shown)
        if spot.pk not in booked and spot.person_id != request.user.pk
    ]
    return BookingForm(typed, people=people)


def _who(spot: Registration, shown: ExamSitting) -> str:
    """The name, and why that day would be refused, where it would."""
    reasons = [say(reason) for reason in reasons_not_to_book(spot, shown)]
    return " · ".join([f"{spot.person} ({spot.reference})", *reasons])


def _save_results(form: ResultsForm, shown: ExamSitting, request: HttpRequest, now: datetime) -> int:
    saved = 0
    for spot, score in form.scores:
        try:
            workflow.record_result(shown.pk, spot.pk, score, by=request.user, at=now)
        except NotAllowed as refusal:
            form.add_error(form.name_of(spot), refusal.messages)
        else:
            saved += 1
    return saved


@office_only
def book(request: HttpRequest, reference: str) -> HttpResponse:
    """The second form of the sitting's page. Refused, or back after signing in, it stands there as it was typed."""
    shown = _sitting(reference)
    words = typed(request)
    if words is None:
        return redirect("trainings:desk_sitting", reference)
    bookings = _bookings(shown)
    form = _booking_form(shown, bookings, request, words)
    if request.method == "POST" and form.is_valid():
        spot = get_object_or_404(Registration.objects.select_related("person"), reference=form.cleaned_data["person"])
        extra = form.cleaned_data["extra_minutes"] or 0
        try:
            workflow.book_sitting(shown.pk, spot.pk, extra_minutes=extra, by=request.user, at=timezone.now())
        except NotAllowed as refusal:
            form.add_error("person", refusal.messages)
        else:
            forget(request)
            facts = {"name": spot.person, "when": mid_moment(shown.starts_at), "minutes": shown.minutes + extra}
            said = _("%(name)s is booked for %(when)s, %(minutes)d minutes. We tell them.")
            messages.success(request, said % facts)
            return redirect("trainings:desk_sitting", reference)
    return _sitting_page(request, shown, bookings, ResultsForm(spots=[]), form)


@office_only
@press_on("trainings:desk_sitting")
def give_back(request: HttpRequest, reference: str, registration: str) -> HttpResponse:
    shown = _sitting(reference)
    booking = get_object_or_404(shown.bookings, registration__reference=registration, taken_back_at=None)
    said = _("They are not booked here any more, and are told.")
    try_to(request, lambda: workflow.give_back_sitting(booking.pk, by=request.user, at=timezone.now()), said)
    return redirect("trainings:desk_sitting", reference)
