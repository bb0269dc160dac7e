"""Everything about one person, in time order, and what to tell the caller (`/staff/people/<reference>/`)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.desk import Desk
from accounts.models import AccessNeeds, User
from accounts.workflow import profile_of
from audit.models import Entry
from certportal.history import NOT_FOR_THE_DESK, sentence_of
from certportal.me import landings, most_urgent, steps_of


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
