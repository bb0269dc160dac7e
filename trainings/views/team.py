"""Who leads a class: the office names them; they find their classes, and see nothing but the class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.desk import SignedInRequest
from accounts.kept_words import forget
from accounts.paging import page_of
from accounts.search import found_by
from audit.reasons import NotAllowed
from programs.calendar import local_day
from programs.program import program
from programs.words import clock_range, date_range, long_date, near_range
from trainings import roster, workflow
from trainings.forms.team import TeamForm
from trainings.models import TeamMember, TrainingSession, days_of
from trainings.views.desk import session_of, try_to
from trainings.views.doors import press_on, typed
from trainings.views.room import Room, by_office_or_team
from trainings.workflow.links import is_link_out
from trainings.workflow.makeup import half_day_of
from trainings.workflow.team import led_by, sessions_sat_in, team_sees_until, teams_of, who_sits_in

LONGEST_QUESTION = 200
# Naming somebody means finding them among everybody the department knows.
may_name = permission_required(("trainings.run_sessions", "accounts.find_people"), raise_exception=True)


# -- For whoever leads -------------------------------------------------------------------------------------


def my_classes(request: SignedInRequest) -> HttpResponse:
    """Every class they are named for; one that is closed to them says why."""
    now = timezone.now()
    open_now = set(led_by(request.user, now).values_list("pk", flat=True))
    sat_in = sessions_sat_in(request.user)
    rows = [
        {
            "session": member.session,
            "part": member.get_part_display(),
            "dates": near_range(member.session.starts_on, member.session.ends_on, now),
            "is_open": member.session_id in open_now,
            "sentence": _how_it_stands(member.session, member.session_id in sat_in, now),
        }
        for member in teams_of(request.user)
    ]
    return render(request, "trainings/my_classes.html", {"rows": rows})


def _how_it_stands(session: TrainingSession, is_in_it: bool, now: datetime) -> str:
    if session.is_cancelled:
        return _("This class is cancelled.")
    if is_in_it:
        return _("You have a spot in this class yourself. So somebody else leads it.")
    until = team_sees_until(session, now)
    if until < local_day(now):
        return _("This class is over. You could see it until %s.") % long_date(until)
    return _("You can see it until %s.") % long_date(until)


@dataclass(frozen=True)
class Person:
    """What the team sees of somebody. Nothing else goes to the page."""

    name: str
    arranged: str
    makes_up: str = ""


@by_office_or_team
def my_class(request: SignedInRequest, room: Room) -> HttpResponse:
    session, now = room.session, room.now
    office = program(local_day(now)).office("training")
    has_link = is_link_out(session, now) and now < session.ends_at
    context = {
        "room": room,
        "session": session,
        "course": session.course,
        "dates": date_range(session.starts_on, session.ends_on),
        "days": [
            _("%(day)s, %(hours)s") % {"day": long_date(local_day(start)), "hours": _hours(start, end)}
            for start, end in days_of(session.half_days.all())
        ],
        "link": session.meeting_link if has_link else "",
        "dial_in": session.dial_in if has_link else "",
        "people": people_of(session),
        "has_begun": session.starts_at <= now,
        "until": team_sees_until(session, now),
        "office": office,
        "urls": {name: room.url(name) for name in ("attendance", "sheet", "printout")},
    }
    return render(request, "trainings/my_class.html", context)


def _hours(start: datetime, end: datetime) -> str:
    return clock_range(timezone.localtime(start), timezone.localtime(end))


def people_of(session: TrainingSession) -> list[Person]:
    """Names in use, as they stand on the sheet, and what was arranged: never why, and nothing else about anybody."""
    guests = roster.making_up(session)
    spots = list(roster.in_class(session))
    visitors = {guest.registration_id: guest.registration for guest in guests}
    names = roster.names_on_sheet([*spots, *visitors.values()])
    days: dict[int, list[str]] = {key: [] for key in visitors}
    for guest in guests:
        half_day = half_day_of(session, guest.number)
        days[guest.registration_id] += [roster.half_day_words(half_day)] if half_day else []
    return [
        Person(name, roster.arrangement_of(spot.person), "; ".join(days.get(spot.pk, [])))
        for name, spot in zip(names, [*spots, *visitors.values()], strict=True)
    ]


# -- For the office ----------------------------------------------------------------------------------------


@may_name
def team(request: HttpRequest, reference: str) -> HttpResponse:
    """Who leads this class, and who did; find somebody and name them."""
    now = timezone.now()
    session = session_of(reference)
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    found = (
        page_of(found_by(question).select_related("person"), QueryDict(), by=("word", "person_id"))
        if question
        else None
    )
    form = TeamForm(typed(request), people=[match.person for match in found or ()])
    if request.method == "POST" and form.is_valid() and _name(request, session, form, now):
        return redirect("trainings:desk_team", reference)
    members = session.team.select_related("person", "added_by", "withdrawn_by")
    until, sitting = team_sees_until(session, now), who_sits_in(session)
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "members": [one for one in members if one.withdrawn_at is None],
        "former": [one for one in members if one.withdrawn_at],
        "sat_in": [str(one.person) for one in members if one.withdrawn_at is None and one.person_id in sitting],
        "until": until,
        "is_closed": session.is_cancelled or until < local_day(now),
        "question": question,
        "form": form,
        "is_more": bool(found and found.on),
    }
    return render(request, "trainings/desk/team.html", context)


def _name(request: HttpRequest, session: TrainingSession, form: TeamForm, now: datetime) -> bool:
    person, part = form.chosen, form.cleaned_data["part"]
    try:
        workflow.join_team(session.pk, person.pk, part, by=request.user, at=now)
    except NotAllowed as refusal:
        form.add_error(None, refusal.messages)
        return False
    forget(request)
    messages.success(request, _("%s is on the team of this class now.") % person)
    return True


@may_name
@press_on("trainings:desk_team")
def leave(request: HttpRequest, reference: str, member: int) -> HttpResponse:
    found = get_object_or_404(TeamMember.objects.select_related("person"), session__reference=reference, pk=member)
    done = _("%s does not lead this class any more. What they marked stays.") % found.person
    try_to(request, lambda: workflow.leave_team(found.pk, by=request.user, at=timezone.now()), done)
    return redirect("trainings:desk_team", reference)
