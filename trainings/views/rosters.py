"""The roster of a session as a page, a print and a workbook, the page a trainer takes into class, the sheet to sign."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.desk import SignedInRequest
from programs.calendar import local_day
from programs.program import program
from programs.words import date_range
from trainings import roster as lists
from trainings.views.desk import office_only, session_of
from trainings.views.room import Room, by_office_or_team
from trainings.workbook import MEDIA_TYPE, workbook


@office_only
def roster(request: HttpRequest, reference: str) -> HttpResponse:
    session = session_of(reference)
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "lines": lists.roster(session),
    }
    return render(request, "trainings/desk/roster.html", context)


@office_only
def roster_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    session = session_of(reference)
    return _file(lists.roster_pdf(session, timezone.now()), "application/pdf", f"roster-{reference}.pdf")


@office_only
def roster_workbook(request: HttpRequest, reference: str) -> HttpResponse:
    session = session_of(reference)
    rows = [line.cells for line in lists.roster(session)]
    made = workbook(_("Roster %s") % session.reference, lists.heads(), rows)
    return _file(made, MEDIA_TYPE, f"roster-{reference}.xlsx")


@by_office_or_team
def printout(request: SignedInRequest, room: Room) -> HttpResponse:
    pdf = lists.printout_pdf(room.session, program(local_day(room.now)), room.now)
    return _file(pdf, "application/pdf", f"class-{room.session.reference}.pdf")


@by_office_or_team
def sheet(request: SignedInRequest, room: Room) -> HttpResponse:
    """To print and pass round: names in use and room for initials. Nothing else about anybody."""
    session = room.session
    guests = {guest.registration_id: guest.registration for guest in lists.making_up(session)}
    context = {
        "room": room,
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "columns": [lists.half_day_words(half_day) for half_day in session.half_days.all()],
        "names": lists.names_on_sheet([*lists.in_class(session), *guests.values()]),
        "printed": room.now,
    }
    return render(request, "trainings/desk/sheet.html", context)


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)
