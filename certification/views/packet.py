"""What the office, the Board and the Director read of one file: requirements with their evidence, and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Entry
from certification.events import CertificationEvent
from certification.evidence import checklist
from certification.models import CertificationApplication
from certification.words import EVENT_SENTENCES, office_line
from programs.calendar import local_day
from programs.checklist import Checklist, Item
from programs.program import program
from programs.requirements import State

NOT_ON_A_PACKET = (CertificationEvent.VOTED, CertificationEvent.RECUSED, CertificationEvent.ANSWERED)


def packet_of(application: CertificationApplication, at: datetime) -> dict[str, Any]:
    found = checklist(application, local_day(at))
    rules = program(application.judged_on or local_day(at))
    return {
        "application": application,
        "designation": rules.designation(application.designation),
        "caption": _caption(found),
        "rows": [
            {
                "asks": item.title,
                "evidence": office_line(item),
                "state": _state(item),
                "tone": {"met": "done", "waiting": "them"}.get(item.state, "you"),
                "rule": item.rule,
            }
            for item in found.items
        ],
        "is_met": found.is_met,
        "history": [
            {"at": entry.at, "sentence": EVENT_SENTENCES.get(entry.event, entry.event), "by": entry.actor_name}
            for entry in Entry.objects.of(application).exclude(event__in=NOT_ON_A_PACKET).order_by("-at", "-id")
        ],
    }


def _state(item: Item) -> str:
    return {State.MET: _("Met"), State.WAITING: _("Waiting")}.get(item.state, _("Open"))


def _caption(found: Checklist) -> str:
    count = len(found.items)
    return ngettext(
        "What the rules ask. %(met)d of %(count)d met.", "What the rules ask. %(met)d of %(count)d met.", count
    ) % {"met": len(found.met), "count": count}
