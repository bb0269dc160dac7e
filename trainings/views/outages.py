"""The office notes that people could not reach the portal, and sees which deadlines moved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.kept_words import forget
from audit.models import Entry
from audit.reasons import NotAllowed
from programs.models import Outage
from programs.words import mid_moment
from trainings import workflow
from trainings.events import TrainingEvent
from trainings.forms.outages import OutageForm
from trainings.models import TrainingSession
from trainings.views.desk import office_only
from trainings.views.doors import typed

SHOWN = 50


@office_only
def outages(request: HttpRequest) -> HttpResponse:
    """All that were noted, newest first; and the form for one more."""
    form = OutageForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            _outage, touched = workflow.note_outage(
                started_at=form.started_at, ended_at=form.ended_at, by=request.user, at=timezone.now()
            )
        except NotAllowed as refusal:
            form.add_error("ended_on", refusal.messages)
        else:
            forget(request)
            messages.success(request, _noted(touched))
            return redirect("trainings:desk_outages")
    return render(request, "trainings/desk/outages.html", {"form": form, "rows": _rows()})


def _noted(touched: list[TrainingSession]) -> str:
    moved = sum(one.no_room_to_move_at is None for one in touched)
    words = [_("Noted."), ngettext("%d session has a later last day.", "%d sessions have a later last day.", moved)]
    words[1] = words[1] % moved if moved else _("No last day moved.")
    if len(touched) > moved:
        words.append(_("Some had no room to move. They are in your work queue."))
    return " ".join(words)


def _rows() -> list[dict[str, Any]]:
    """Two statements: the outages, and what the history says each of them moved."""
    found = list(Outage.objects.select_related("noted_by")[:SHOWN])
    events = [TrainingEvent.DEADLINE_MOVED, TrainingEvent.DEADLINE_NOT_MOVED]
    entries = Entry.objects.filter(event__in=events, facts__outage__in=[one.reference for one in found])
    moved: dict[str, list[dict[str, Any]]] = {}
    for entry in entries.order_by("pk"):
        is_moved = entry.event == TrainingEvent.DEADLINE_MOVED
        moved.setdefault(entry.facts["outage"], []).append({"reference": entry.subject_reference, "is_moved": is_moved})
    return [
        {
            "outage": one,
            "began": mid_moment(one.started_at),
            "was_back": mid_moment(one.ended_at),
            "sessions": moved.get(one.reference, []),
        }
        for one in found
    ]
