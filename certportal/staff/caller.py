"""What the office reads to somebody on the phone: the words of their own page, and for each spot where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.steps import Step
from certportal.me import Landing, landings
from programs.calendar import local_day
from programs.program import program
from programs.words import listed, long_date
from trainings.line import place_of
from trainings.models import Registration


@dataclass(frozen=True)
class Told:
    """One landing of the way, in the words of `/me/`, with what the line says of a spot, and the office's page."""

    landing: Landing
    lines: list[str]
    url: str


def told(person: User, steps: Iterable[Step], at: datetime, *, opens_pages: bool) -> list[Told]:
    spots = {spot.reference: spot for spot in Registration.objects.of(person).live().for_pages()}
    return [
        Told(
            landing,
            _line_of(spots[landing.reference], at) if landing.reference in spots else [],
            _office_twin(landing.url, person) if opens_pages else "",
        )
        for landing in landings(steps)
    ]


def _line_of(spot: Registration, at: datetime) -> list[str]:
    """The number, the group, who is ahead, how it went before, the next date; nothing for who has a seat or is not
    in the line."""
    place = place_of(spot, at)
    if place is None:
        return []
    session = spot.session
    if place.is_provisional:
        number = _("You are number %d in the ranking now.") % place.number
        date = _("It can change until we set the seats on %s.") % long_date(session.allocation_on)
    else:
        number = _("You are number %d in line.") % place.number
        date = _("No more offers after %s.") % long_date(session.last_offer_on)
    has_groups = program(local_day(at)).course(spot.course.kind).tiers
    group = _("Your group: %s.") % place.tier_title if has_groups else place.tier_title
    return [number, group, _("Ahead of you: %s.") % listed(list(place.ahead)), place.share_words, date]


def _office_twin(url: str, person: User) -> str:
    """The office's side of a page the person has; empty where there is none."""
    twin = f"/staff/people/{person.reference}{url.removeprefix('/me')}"
    try:
        resolve(twin)
    except Resolver404:
        return ""
    return twin if url else ""
