"""Facts that messages of more than one room tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audit.reasons import Reason, say
from notifications.messages.mail import Facts
from notifications.rendering import link_to
from programs.program import program
from programs.words import date_range
from trainings.models import Registration, TrainingSession

# Kinds of requirement whose very name would say something about a person's life.
UNSPOKEN = ("lived_experience", "recovery_time", "background", "cosigner")


def session_facts(session: TrainingSession) -> Facts:
    return {
        "course": session.course.title,
        "dates": _dates(session.starts_on, session.ends_on, get_language()),
        "starts_at": iso(session.starts_at),
        "seats_on": None if session.course.is_first_come else iso(session.allocation_on),
    }


@lru_cache(maxsize=256)
def _dates(first: date, last: date, _language: str | None) -> str:
    """One session's words for a thousand messages of one minute."""
    return date_range(first, last)


def spot_facts(spot: Registration) -> Facts:
    return session_facts(spot.session) | link_to("trainings:registration", spot.reference)


def application_facts(application: Any) -> Facts:
    return session_facts(application.session) | link_to("applicants:application", application.reference)


def iso(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None


def first_sentence(codes: Iterable[str]) -> str:
    """The sentence of the first reason; one that needs facts we do not have is left to the page."""
    for code in codes:
        try:
            return say(Reason(code))
        except (KeyError, TypeError):
            continue
    return ""


def requirement_titles(codes: Iterable[str], on: date | None) -> list[str]:
    """What is missing, as the rules name it; what would tell of a person's life is not named."""
    asked = {one.code: one for one in program(on).requirements("training")} if on else {}
    titles = [_private_item() if asked[code].kind in UNSPOKEN else asked[code].title for code in codes if code in asked]
    return list(dict.fromkeys(titles))


def _private_item() -> str:
    return _("One of your answers. You see it on your page, or call us.")
