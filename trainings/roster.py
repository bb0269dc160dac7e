"""Who is in a session, for the office: as a page, a print, a workbook. And the one page a trainer takes into class."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from programs.program import Rules
from programs.words import clock, date_range, long_moment, phone, short_date
from trainings.models import HalfDay, MakeUp, Registration, Status, TrainingSession
from trainings.paper import render_pdf
from trainings.workflow.makeup import half_day_of


def in_class(session: TrainingSession) -> QuerySet[Registration]:
    """Those with a seat, by the name they use: a trainer's list, so no legal names and nothing else about them."""
    return (
        session.registrations.filter(status=Status.CONFIRMED)
        .select_related("person__access_needs", "person__profile", "seat", "session__course", "course")
        .order_by("person__name_in_use", "person__legal_given_names", "pk")
    )


def making_up(session: TrainingSession) -> list[MakeUp]:
    found = session.make_ups.filter(taken_back_at=None)
    return list(
        found.select_related(
            "registration__person__access_needs",
            "registration__person__profile",
            "registration__session",
            "registration__course",
        )
    )


def name_on_list(spot: Registration) -> str:
    """The name in use, never the legal name."""
    return spot.person.called or spot.reference


def names_on_sheet(spots: list[Registration]) -> list[str]:
    """Where two people are called the same, the end of their number tells them apart."""
    often = Counter(name_on_list(spot) for spot in spots)
    return [
        f"{name_on_list(spot)} ({spot.reference[-3:]})" if often[name_on_list(spot)] > 1 else name_on_list(spot)
        for spot in spots
    ]


def half_day_words(half_day: HalfDay) -> str:
    return _("%(day)s, %(clock)s") % {"day": short_date(half_day.on), "clock": clock(half_day.starts_at)}


def arrangement_of(person: User) -> str:
    """What we arranged for somebody, never why."""
    needs = getattr(person, "access_needs", None)
    return needs.arrangement if needs else ""


# -- The roster --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One person as staff read them."""

    legal_name: str
    name_in_use: str
    reference: str
    phone: str
    arrangement: str
    state: str

    @property
    def cells(self) -> tuple[str, ...]:
        return self.legal_name, self.name_in_use, self.reference, self.phone, self.arrangement, self.state


def heads() -> list[str]:
    return [_("Legal name"), _("Name in use"), _("Number"), _("Phone"), _("Arranged"), _("State")]


def roster(session: TrainingSession) -> list[Line]:
    lines = [_line(spot, _state(spot)) for spot in in_class(session)]
    lines += [_line(guest.registration, _make_up_words(guest, session)) for guest in making_up(session)]
    return sorted(lines, key=lambda line: (line.legal_name.casefold(), line.reference))


def _line(spot: Registration, state: str) -> Line:
    person = spot.person
    profile = getattr(person, "profile", None)
    needs = getattr(person, "access_needs", None)
    waits = needs is not None and needs.answered_at is None
    return Line(
        legal_name=person.legal_name,
        name_in_use=person.called,
        reference=spot.reference,
        phone=str(phone(profile.phone)) if profile and profile.phone else "",
        arrangement=" ".join(filter(None, [arrangement_of(person), _("We still work on it.") if waits else ""])),
        state=state,
    )


def _state(spot: Registration) -> str:
    if spot.outcome:
        return str(spot.get_outcome_display())
    return _("Seat %d") % spot.seat.number if spot.seat else str(spot.get_status_display())


def _make_up_words(guest: MakeUp, session: TrainingSession) -> str:
    half_day = half_day_of(session, guest.number)
    return _("Make-up, %s") % half_day_words(half_day) if half_day else _("Make-up")


def roster_pdf(session: TrainingSession, at: datetime) -> bytes:
    context = {**_heading(session, at), "heads": heads(), "rows": [line.cells for line in roster(session)]}
    title = _("Roster %(reference)s, %(course)s")
    return _pdf("pdf/roster.html", context, title, session)


# -- One page for class ------------------------------------------------------------------------------------


def printout_pdf(session: TrainingSession, rules: Rules, at: datetime) -> bytes:
    """Works without a signal: names in use, a box for each half-day, what was arranged, and whom to call."""
    guests = {guest.registration_id: guest for guest in making_up(session)}
    spots = [*in_class(session), *(guest.registration for guest in guests.values())]
    half_days = list(session.half_days.all())
    names = names_on_sheet(spots)
    office = rules.office("training")
    context = {
        **_heading(session, at),
        "columns": [{"day": short_date(one.on), "clock": clock(one.starts_at)} for one in half_days],
        "rows": [
            {
                "name": name,
                "boxes": _boxes(spot, session, len(half_days)),
                "is_guest": spot.session_id != session.pk,
                "is_arranged": bool(arrangement_of(spot.person)),
            }
            for name, spot in zip(names, spots, strict=True)
        ],
        "arranged": [
            {"name": name, "what": arrangement_of(spot.person)}
            for name, spot in zip(names, spots, strict=True)
            if arrangement_of(spot.person)
        ],
        "office": office.name,
        "phone": phone(office.phone),
        "hours": office.hours,
        "is_online": session.mode == TrainingSession.Mode.ONLINE,
        "size": "small" if len(spots) > 30 else "",
    }
    return _pdf("pdf/printout.html", context, _("Class list %(reference)s, %(course)s"), session)


def _boxes(spot: Registration, session: TrainingSession, count: int) -> list[bool]:
    """A box to tick for each half-day they are expected; for a make-up only that one."""
    if spot.session_id == session.pk:
        return [True] * count
    numbers = {make_up.number for make_up in session.make_ups.all() if make_up.registration_id == spot.pk}
    return [number in numbers for number in range(1, count + 1)]


def _heading(session: TrainingSession, at: datetime) -> dict[str, Any]:
    return {
        "language": translation.get_language() or "en",
        "course": session.course.title,
        "dates": date_range(session.starts_on, session.ends_on),
        "reference": session.reference,
        "where": session.location or _("Online"),
        "printed": long_moment(at),
    }


def _pdf(template: str, context: dict[str, Any], title: str, session: TrainingSession) -> bytes:
    named = title % {"reference": session.reference, "course": session.course.title}
    return render_pdf(render_to_string(template, {**context, "page_title": named}), session.reference)
