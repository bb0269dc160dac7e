"""The office: what waits for whom (`/staff/`), finding a person, and everything about one person in time order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import applicants.next_steps
import certification.next_steps
import employment.next_steps
import notifications.next_steps
import trainings.next_steps
from accounts.desk import Desk
from accounts.models import AccessNeeds, User
from accounts.steps import Work
from accounts.workflow import profile_of
from audit.models import Entry
from certportal.history import NOT_FOR_THE_DESK, sentence_of
from certportal.me import landings, most_urgent, steps_of
from programs.calendar import local_day
from programs.words import short_date

SOURCES = (
    trainings.next_steps,
    applicants.next_steps,
    employment.next_steps,
    certification.next_steps,
    notifications.next_steps,
)
DESK_PERMISSIONS = (
    "accounts.find_people",
    "accounts.arrange_access",
    "trainings.run_sessions",
    "certification.complete_files",
)
FOUND_AT_MOST = 25


def queue(request: HttpRequest) -> HttpResponse:
    """Late first, then today, then this week; what waits for others stays out of it."""
    if not any(request.user.has_perm(permission) for permission in DESK_PERMISSIONS):
        raise PermissionDenied
    now = timezone.now()
    today = local_day(now)
    work = [item for source in SOURCES for item in source.work_of(request.user, now)] + _access_work(request.user)
    rows = [_row(item, today) for item in sorted(work, key=lambda item: (item.due_on, item.reference))]
    groups = [
        (_("Late"), "late", [row for row in rows if row["days"] < 0]),
        (_("Due today"), "today", [row for row in rows if row["days"] == 0]),
        (_("Next seven days"), "week", [row for row in rows if 0 < row["days"] <= 7]),
        (_("Later"), "later", [row for row in rows if row["days"] > 7]),
    ]
    return render(request, "certportal/staff.html", {"today": today, "groups": groups})


def _access_work(user: User) -> list[Work]:
    if not user.has_perm("accounts.arrange_access"):
        return []
    waiting = AccessNeeds.objects.filter(answered_at=None).exclude(person=user).select_related("person")
    return [
        Work(
            due_on=needs.answer_due_on,
            reference=needs.person.reference,
            who=str(needs.person),
            verb=_("Answer: what would help them take part"),
            url=reverse("arrange_access", args=[needs.person.reference]),
        )
        for needs in waiting
    ]


def _row(item: Work, today: date) -> dict[str, Any]:
    days = (item.due_on - today).days
    if days < 0:
        urgency, tone = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}, "no"
    elif days == 0:
        urgency, tone = _("Today"), "you"
    else:
        urgency, tone = short_date(item.due_on), ""
    detail = item.detail or _("due %s") % short_date(item.due_on)
    return {
        "days": days,
        "urgency": urgency,
        "tone": tone,
        "reference": item.reference,
        "who": item.who,
        "verb": item.verb,
        "url": item.url,
        "detail": detail,
    }


@permission_required("accounts.find_people", raise_exception=True)
def people(request: HttpRequest) -> HttpResponse:
    """Find somebody by name, phone, e-mail or reference."""
    words = request.GET.get("q", "").strip()
    found = list(_matching(words)[: FOUND_AT_MOST + 1]) if words else []
    return render(
        request,
        "certportal/people.html",
        {"words": words, "found": found[:FOUND_AT_MOST], "there_are_more": len(found) > FOUND_AT_MOST},
    )


def _matching(words: str) -> QuerySet[User]:
    """Every word of the question starts a word of a name, or is (the start of) an address, phone or reference."""
    people = User.objects.select_related("profile").order_by("legal_family_name", "legal_given_names", "pk")
    for word in words.split():
        digits = "".join(mark for mark in word if mark.isdigit())
        fits = (
            Q(legal_given_names__icontains=word)
            | Q(legal_family_name__istartswith=word)
            | Q(name_in_use__istartswith=word)
            | Q(email__istartswith=word)
            | Q(reference__iexact=word)
            | Q(reference__iendswith=word)
        )
        if len(digits) >= 4:
            fits |= Q(profile__phone__contains=digits)
        people = people.filter(fits)
    return people


@permission_required("accounts.find_people", raise_exception=True)
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One person for the office: what to tell the caller, what can be filled in for them, and all that happened."""
    somebody = get_object_or_404(User, reference=reference)
    now = timezone.now()
    steps = steps_of(somebody, now)
    return render(
        request,
        "certportal/person.html",
        {
            "person": somebody,
            "profile": profile_of(somebody),
            "tell_the_caller": most_urgent(steps),
            "landings": landings(steps),
            "forms": _forms_for(request.user, somebody),
            "history": _history(somebody),
            "has_access_needs": AccessNeeds.objects.filter(person=somebody).exists(),
        },
    )


def _forms_for(user: User, somebody: User) -> list[tuple[str, str]]:
    """The forms the desk may fill in for this person, by phone or from paper. Never one's own."""
    if user == somebody or not user.has_perm("accounts.enter_for_people"):
        return []
    desk = Desk(person=somebody, by=user)
    return [
        (_("Names, contact, address, birth date"), desk.url("profile")),
        (_("What would help them take part"), desk.url("access")),
        (_("Apply for a training"), reverse("trainings:list") + f"?for={somebody.reference}"),
        (_("Tell us about a job"), desk.url("employment:new")),
        (_("Certification"), desk.url("certification:mine")),
        (_("Messages we sent them"), desk.url("notifications:messages")),
    ]


def _history(somebody: User) -> list[dict[str, Any]]:
    entries = Entry.objects.about(somebody.reference).exclude(event__in=NOT_FOR_THE_DESK).order_by("-at", "-id")[:200]
    return [{"at": entry.at, "sentence": sentence_of(entry), "by": entry.actor_name} for entry in entries]
