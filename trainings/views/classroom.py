"""The office in class: who was there, the sheet to sign, and who is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.desk import SignedInRequest
from accounts.kept_words import forget
from audit.reasons import NotAllowed, say
from programs.words import clock, date_range, long_date
from trainings import workflow
from trainings.forms.classroom import AttendanceForm, Cell, HalfDayForm
from trainings.models import Attendance, HalfDay, MakeUp, Registration, TrainingSession
from trainings.roster import arrangement_of, half_day_words, in_class, making_up, name_on_list
from trainings.rules import Mark
from trainings.views.desk import office_only, session_of, try_to
from trainings.views.doors import press_on, typed
from trainings.views.in_class import booked_lines
from trainings.views.room import Room, by_office_or_team
from trainings.words import hours_and_minutes
from trainings.workflow.classroom import OPEN, mark_of, of_class, reasons_not_complete, reasons_not_to_end
from trainings.workflow.lists import Seen, hints
from trainings.workflow.makeup import half_day_of, is_short

# -- Who was there -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassList:
    """Everyone in the room of one session: with a seat, or there for one half-day they make up."""

    session: TrainingSession
    half_days: list[HalfDay]
    own: list[Registration]
    guests: list[MakeUp]
    marks: dict[Cell, Mark]

    @classmethod
    def of(cls, session: TrainingSession) -> ClassList:
        own = list(in_class(session))
        guests = list(making_up(session))
        rows = Attendance.objects.filter(registration__in=own)
        marks = {(row.registration_id, row.half_day_id): mark_of(row) for row in rows}
        for guest in guests:
            half_day = half_day_of(session, guest.number)
            if half_day and guest.was_there is not None:
                marks[guest.registration_id, half_day.pk] = mark_of(guest)
        return cls(session, list(session.half_days.all()), own, guests, marks)

    def for_marking(self, by: Any) -> list[tuple[Registration, list[HalfDay], bool]]:
        """Whose half-days may still be marked by this person: (spot, its half-days here, is a make-up)."""
        rows = [(spot, self.half_days, False) for spot in self.own if _is_open(spot, by)]
        for guest in self.guests:
            half_day = half_day_of(self.session, guest.number)
            if half_day and _is_open(guest.registration, by):
                rows.append((guest.registration, [half_day], True))
        return rows


# Whoever used all tries at the test still has a paper coming with their true hours.
MARKED = (*OPEN, Registration.Outcome.NOT_PASSED)


def _is_open(spot: Registration, by: Any) -> bool:
    return spot.outcome in MARKED and spot.person_id != by.pk


@by_office_or_team
def attendance(request: SignedInRequest, room: Room) -> HttpResponse:
    """The trainer's list: half-days that have begun, one column each."""
    session, now = room.session, room.now
    people = ClassList.of(session)
    begun = [half_day for half_day in people.half_days if half_day.starts_at <= now]
    rows = people.for_marking(request.user)
    cells = [(spot.pk, half_day.pk) for spot, half_days, _guest in rows for half_day in half_days if half_day in begun]
    form = AttendanceForm(typed(request, _marks_are_back()), cells=cells, half_days=begun, marks=people.marks)
    if request.method == "POST" and form.is_valid() and _mark(request, room, form.marks):
        return redirect(room.url("attendance"))
    seen = hints(session, [spot for spot, _half_days, _guest in rows])
    context = {
        "room": room,
        "session": session,
        "form": form,
        "dates": date_range(session.starts_on, session.ends_on),
        "columns": [
            {
                "name": half_day_words(half_day),
                "minutes_url": room.url("half_day", number),
                "done": form[f"done-{half_day.pk}"],
            }
            for number, half_day in enumerate(begun, start=1)
        ],
        "rows": [_attendance_row(row, form, begun, people.marks, seen) for row in rows],
        "closed": [name_on_list(spot) for spot in people.own if spot.outcome not in MARKED],
        "is_own": any(spot.person_id == request.user.pk and spot.outcome in OPEN for spot in people.own),
        "to_come": len(people.half_days) - len(begun),
        "too_many": _crowded(people),
        "lists": session.meeting_lists.count(),
    }
    return render(request, "trainings/desk/attendance.html", context)


def _marks_are_back() -> str:
    return _("These are the marks you made before you were signed out. Press Save to keep them.")


def _mark(request: SignedInRequest, room: Room, marks: Any) -> bool:
    try:
        changed = workflow.mark_session(room.session.pk, marks, by=request.user, at=room.now, as_team=room.is_team)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    forget(request)
    messages.success(request, ngettext("Saved. %d mark changed.", "Saved. %d marks changed.", changed) % changed)
    return True


def _attendance_row(
    row: tuple[Registration, list[HalfDay], bool],
    form: AttendanceForm,
    begun: list[HalfDay],
    marks: dict[Cell, Mark],
    seen: dict[Cell, Seen],
) -> dict[str, Any]:
    spot, half_days, is_guest = row
    cells: list[dict[str, Any]] = []
    for half_day in begun:
        cell = (spot.pk, half_day.pk)
        if half_day not in half_days:
            cells.append({"name": half_day_words(half_day)})
            continue
        hint = _hint(seen.get(cell), marks.get(cell))
        cells.append({"field": form[form.name_of(cell)], "name": half_day_words(half_day), "hint": hint})
    return {
        "name": name_on_list(spot),
        "reference": spot.reference,
        "cells": cells,
        "is_guest": is_guest,
        "arrangement": arrangement_of(spot.person),
    }


def _hint(seen: Seen | None, mark: Mark | None) -> str:
    """What the machine noted, and the minutes the list says."""
    parts = []
    if mark and mark.there and mark.missed:
        parts.append(_("%d min out") % mark.missed)
    if seen and seen.minutes is not None:
        parts.append(_("seen %d min") % seen.minutes)
    if seen and seen.pressed_at:
        parts.append(_("joined %s") % clock(timezone.localtime(seen.pressed_at)))
    return " · ".join(parts)


def _crowded(people: ClassList) -> str:
    """Said where make-ups bring more people than there are seats."""
    most = max(
        (sum(guest.number == number for guest in people.guests) for number in range(1, len(people.half_days) + 1)),
        default=0,
    )
    over = len(people.own) + most - people.session.capacity
    if not most or over <= 0:
        return ""
    return (
        ngettext(
            "With make-ups there is %d person more than seats. Put in a chair.",
            "With make-ups there are %d people more than seats. Put in chairs.",
            over,
        )
        % over
    )


@by_office_or_team
def half_day(request: SignedInRequest, room: Room, number: int) -> HttpResponse:
    """One half-day in minutes."""
    session = room.session
    shown = half_day_of(session, number)
    if shown is None:
        raise Http404
    people = ClassList.of(session)
    rows = [row for row in people.for_marking(request.user) if shown in row[1]]
    spots = [spot for spot, _half_days, _guest in rows]
    marks = {spot.pk: people.marks[spot.pk, shown.pk] for spot in spots if (spot.pk, shown.pk) in people.marks}
    form = HalfDayForm(typed(request, _marks_are_back()), spots=spots, half_day=shown, marks=marks)
    has_begun = shown.starts_at <= room.now
    if request.method == "POST" and form.is_valid() and _mark(request, room, form.marks):
        return redirect(room.url("half_day", number))
    seen = hints(session, spots)
    context = {
        "list_url": room.url("attendance"),
        "session": session,
        "form": form,
        "title": _("%(day)s, %(clock)s") % {"day": long_date(shown.on), "clock": clock(shown.starts_at)},
        "length": hours_and_minutes(shown.minutes),
        "care_limit": hours_and_minutes(session.course.care_minutes) if session.course.care_minutes else "",
        "has_begun": has_begun,
        "rows": [
            {
                "name": name_on_list(spot),
                "reference": spot.reference,
                "is_guest": is_guest,
                "there": form[f"there-{spot.pk}"],
                "missed": form[f"missed-{spot.pk}"],
                "care": form[f"care-{spot.pk}"],
                "hint": _hint(seen.get((spot.pk, shown.pk)), None),
            }
            for spot, _half_days, is_guest in rows
        ],
    }
    return render(request, "trainings/desk/half_day.html", context)


# -- Who is done -------------------------------------------------------------------------------------------


@office_only
def finish(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is done, and what keeps the others; one press completes all who are."""
    now = timezone.now()
    session = session_of(reference)
    if request.method == "POST":
        done, skipped = workflow.complete_session(session.pk, by=request.user, at=now)
        messages.success(request, _completed(len(done), len(skipped)))
        return redirect("trainings:desk_finish", reference)
    found = of_class(session).prefetch_related("attendances", "make_ups", "exam_attempts", "session__half_days")
    spots = list(found)
    booked = booked_lines(spots)
    ready, not_ready = [], []
    for spot in spots:
        reasons = [say(reason) for reason in reasons_not_complete(spot, now)]
        if spot.person_id == request.user.pk:
            reasons = [_("This is about you, so someone else has to do it.")]
        if reasons:
            is_own = spot.person_id == request.user.pk
            not_ready.append(_not_ready(spot, reasons, session, now, is_own=is_own, booked=booked.get(spot.pk, [])))
        else:
            ready.append(spot)
    over = session.registrations.exclude(outcome__in=OPEN).select_related("person", "completion")
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "ready": ready,
        "not_ready": not_ready,
        "done": list(over),
    }
    return render(request, "trainings/desk/finish.html", context)


def _not_ready(
    spot: Registration, reasons: list[str], session: TrainingSession, now: datetime, *, is_own: bool, booked: list[str]
) -> dict[str, Any]:
    is_here = spot.session_id == session.pk
    may_end = is_here and not is_own
    return {
        "spot": spot,
        "reasons": reasons,
        "is_guest": not is_here,
        "is_open": spot.outcome == Registration.Outcome.MAKE_UP,
        "may_open": is_here and not spot.outcome and spot.session.ends_at <= now and is_short(spot),
        "may_choose": is_short(spot),
        "endings": [one for one in ENDINGS if not reasons_not_to_end(spot, one.outcome)] if may_end else [],
        "booked": booked,
    }


def _completed(done: int, skipped: int) -> str:
    words = ngettext("%d person is done.", "%d people are done.", done) % done
    if skipped:
        words += " " + ngettext("%d is not done yet.", "%d are not done yet.", skipped) % skipped
    return words


@dataclass(frozen=True)
class Ending:
    """A way in which somebody's training ends without being done, as it is asked and as it is told."""

    outcome: str
    label: Any
    press: Any
    done: Any


ENDINGS = (
    Ending(
        Registration.Outcome.ENDED_EARLY,
        gettext_lazy("Stopped early"),
        gettext_lazy("Yes, %s stopped early"),
        gettext_lazy("Recorded: %s stopped early. We tell them."),
    ),
    Ending(
        Registration.Outcome.DID_NOT_ATTEND,
        gettext_lazy("Did not attend"),
        gettext_lazy("Yes, %s did not attend"),
        gettext_lazy("Recorded: %s did not attend. We tell them."),
    ),
)


@office_only
def end_early(request: HttpRequest, reference: str, registration: str) -> HttpResponse:
    """It cannot be changed here, and they are written to: so it is asked first, on a page of its own."""
    session = session_of(reference)
    spot = get_object_or_404(session.registrations.select_related("person"), reference=registration)
    chosen = next((one for one in ENDINGS if one.outcome == request.GET.get("outcome")), None)
    if chosen is None or (request.method != "POST" and spot.outcome not in OPEN):
        return redirect("trainings:desk_finish", reference)
    name = str(spot.person)
    if request.method == "POST":
        act = partial(workflow.end_early, spot.pk, chosen.outcome, by=request.user, at=timezone.now())
        try_to(request, act, chosen.done % name)
        return redirect("trainings:desk_finish", reference)
    if spot.person_id == request.user.pk:
        raise PermissionDenied
    against = reasons_not_to_end(spot, chosen.outcome)
    if against:
        messages.error(request, " ".join(say(reason) for reason in against))
        return redirect("trainings:desk_finish", reference)
    context = {"session": session, "spot": spot, "chosen": chosen, "press": chosen.press % (spot.person.called or name)}
    return render(request, "trainings/desk/end_early.html", context)


@office_only
@press_on("trainings:desk_finish")
def open_make_up(request: HttpRequest, reference: str, registration: str) -> HttpResponse:
    session = session_of(reference)
    spot = get_object_or_404(session.registrations, reference=registration)
    said = _("They are told that they can make it up.")
    try_to(request, lambda: workflow.open_make_up(spot.pk, by=request.user, at=timezone.now()), said)
    return redirect("trainings:desk_finish", reference)
