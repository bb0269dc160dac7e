"""`/me/privacy/`: every opening of the reader's private words, by whom, when and what for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.events import AccountEvent
from audit.models import Entry


def openings(request: HttpRequest) -> HttpResponse:
    opened = Entry.objects.about(request.user.reference).filter(event=AccountEvent.STORY_OPENED).order_by("-at")
    rows = [
        {"at": entry.at, "who": entry.actor_name, "purpose": entry.facts.get("purpose", "")} for entry in opened[:200]
    ]
    return render(request, "certportal/openings.html", {"rows": rows})
