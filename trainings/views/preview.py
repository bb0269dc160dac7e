"""What a change of a session would do, before it is done: what differs, who is affected, what each is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.calendar import local_day
from programs.program import program
from programs.words import clock, clock_range, date_range, listed, long_date, long_moment, money
from trainings import rules
from trainings.models import IN_THIS_SESSION, Registration, Status, TrainingSession
from trainings.rules import Plan
from trainings.workflow.changes import WAY_IN, Difference
from trainings.workflow.links import is_link_out
from trainings.workflow.sessions import columns_of, designations_of

UNSAID = {"starts_at", "ends_at"}  # the half-days say it
SAID_ON_NO_PAGE = {"meeting_link", "dial_in"}
NAMES_SHOWN = 40


LAST_DAY = frozenset({"registration_closes_on", "registration_closes_time"})


@dataclass(frozen=True)
class Group:
    """People at the same step: how many, who, and what they hear."""

    label: str
    count: int
    names: tuple[str, ...]
    more: int
    told: str

    @property
    def hears(self) -> bool:
        return self.told != _nothing_is_sent()


@dataclass(frozen=True)
class Row:
    what: str
    before: str
    after: str


# -- Who ---------------------------------------------------------------------------------------------------


def people_of(session: TrainingSession) -> list[Registration]:
    """Everyone who counts on this session, as the line stands."""
    spots = session.registrations.filter(status__in=IN_THIS_SESSION, outcome="").select_related("person")
    return list(spots.order_by("rank", "received_at", "pk"))


def _labels() -> dict[str, str]:
    return {
        Status.CONFIRMED: _("Have a seat"),
        Status.OFFERED: _("Have an offer"),
        Status.WAITING: _("Wait in line"),
        Status.ADMITTED: _("In the ranking"),
        Status.RECEIVED: _("To check"),
    }


def _groups(spots: list[Registration], told: dict[str, str]) -> list[Group]:
    found = []
    for status, label in _labels().items():
        names = [f"{spot.reference} {spot.person}" for spot in spots if spot.status == status]
        if names:
            found.append(_group(label, names, told[status]))
    return found


def _group(label: str, names: list[str], told: str) -> Group:
    return Group(label, len(names), tuple(names[:NAMES_SHOWN]), max(len(names) - NAMES_SHOWN, 0), told)


def _guests(session: TrainingSession, told: str) -> list[Group]:
    """Whoever makes up a half-day here stands in another session's list, and is told too."""
    booked = Registration.objects.filter(make_ups__in=session.make_ups.booked()).select_related("person")
    names = [f"{spot.reference} {spot.person}" for spot in booked.distinct().order_by("received_at", "pk")]
    return [_group(_("Make up a half-day here"), names, told)] if names else []


def _team(session: TrainingSession, told: str) -> list[Group]:
    """Whoever leads the class. A draft is told to nobody."""
    team = session.team.standing().select_related("person") if session.is_published else ()
    names = [str(member.person) for member in team]
    return [_group(_("Lead this class"), names, told)] if names else []


def _team_feels(what: Difference) -> bool:
    return what.moves or bool(({"location", "mode"} | WAY_IN) & set(what.columns))


def of_cancelling(session: TrainingSession) -> list[Group]:
    words = _("One message: it will not take place, and your sentence. They keep their time for the next dates.")
    guests = _guests(session, _("One message: that day does not take place. They choose another one."))
    team = _team(session, _("One message: it will not take place, and your sentence."))
    return _groups(people_of(session), dict.fromkeys(_labels(), words)) + guests + team


def of_changing(session: TrainingSession, plan: Plan, what: Difference, at: datetime) -> list[Group]:
    """One group of words for everybody, and apart from it those who get a seat."""
    spots = people_of(session)
    told = dict.fromkeys(_labels(), _what_all_hear(session, what))
    told |= _what_those_before_the_seats_hear(session, what) | _what_the_seated_hear(session, what, at)
    offered = _offered_now(session, plan, spots, at)
    for spot in offered:
        spot.status = "now"
    groups = _groups([spot for spot in spots if spot.status != "now"], told)
    if offered:
        names = [f"{spot.reference} {spot.person}" for spot in offered]
        words = _offer_words(session, offered[0]) + ("" if not what.moves else " " + _what_all_hear(session, what))
        groups.insert(0, _group(_("Get a seat now"), names, words))
    groups += _guests(session, _what_guests_hear(session, what, told[Status.CONFIRMED]))
    return groups + (_team(session, _("One message: look at the class again.")) if _team_feels(what) else [])


def _what_all_hear(session: TrainingSession, what: Difference) -> str:
    if session.is_published and what.moves:
        return _("One message, “New days”: the new days and the old ones. They keep their spot.")
    if session.is_published and {"location", "mode"} & set(what.columns):
        return _("One message: something changed, and where it is now. They keep their spot.")
    if session.is_published and "cost_cents" in what.columns:
        return _("One message: the new cost, to whoever pays it. They keep their spot.")
    return _nothing_is_sent()


def _nothing_is_sent() -> str:
    return _("Nothing is sent. They keep what they have.")


def _what_those_before_the_seats_hear(session: TrainingSession, what: Difference) -> dict[str, str]:
    if what.moves or "allocation_on" not in what.columns or not session.is_published:
        return {}
    words = _("One message: the day the seats are set now. They keep their spot.")
    return {Status.ADMITTED: words, Status.RECEIVED: words}


def tells_drafts(session: TrainingSession, what: Difference) -> bool:
    """Whoever began an application hears of other days, and of another last day to apply."""
    return session.is_published and (what.moves or bool(LAST_DAY & set(what.columns)))


def _what_guests_hear(session: TrainingSession, what: Difference, seated: str) -> str:
    if session.is_published and what.moves:
        return _("One message, “New days”: the new days and the old ones. They still make up their half-day here.")
    return seated


def _what_the_seated_hear(session: TrainingSession, what: Difference, at: datetime) -> dict[str, str]:
    """Whoever was told how to join is told that it is another way now."""
    if what.moves or not WAY_IN & set(what.columns) or not is_link_out(session, at):
        return {}
    if {"location", "mode"} & set(what.columns):
        return {Status.CONFIRMED: _("One message: where it is now, and the new way in: press Join on their page.")}
    return {Status.CONFIRMED: _("One message: there is a new way in. They press Join on their page.")}


def _offer_words(session: TrainingSession, first: Registration) -> str:
    if session.course.is_first_come and not session.is_allocated and first.rank is None:
        return _("One message: you have a seat.")
    return _("One message: a seat is yours if you want it, and by when to answer.")


def _offered_now(session: TrainingSession, plan: Plan, spots: list[Registration], at: datetime) -> list[Registration]:
    """The first in line, as many as there will be free seats; nobody once offers have ended."""
    has_a_line = session.has_a_line
    first_day = local_day(plan.half_days[0][0])
    open_for_offers = rules.may_offer(local_day(at), last_offer_on=plan.last_offer_on, first_day=first_day)
    if not session.is_published or not has_a_line or not open_for_offers:
        return []
    seats = list(session.seats.open().values_list("registration", "kept_for"))
    taken = sum(bool(owner or kept_for) for owner, kept_for in seats)
    line = [spot for spot in spots if spot.status in (Status.WAITING, Status.ADMITTED)]
    return line[: max(plan.capacity - taken, 0)]


def seats_words(session: TrainingSession, plan: Plan) -> str:
    """What fewer seats mean: nobody loses one."""
    if plan.capacity >= session.capacity:
        return ""
    seats = session.seats.open()
    free = seats.free().general().count()
    over = max(seats.count() - plan.capacity, 0)
    closing, later = min(free, over), max(over - free, 0)
    words = [_("Nobody loses a seat.")]
    if closing:
        words.append(ngettext("%d free seat closes now.", "%d free seats close now.", closing) % closing)
    if later:
        words.append(
            ngettext(
                "%d more closes when it falls free. It is offered to nobody.",
                "%d more close as they fall free. They are offered to nobody.",
                later,
            )
            % later
        )
    return " ".join(words)


# -- What --------------------------------------------------------------------------------------------------


def rows_of(session: TrainingSession, plan: Plan, what: Difference) -> list[Row]:
    """Each thing that differs, before and after."""
    after, labels = columns_of(plan), _names()
    rows = []
    if what.moves:
        now = _class_words(plan.half_days[0][0], plan.half_days[-1][1])
        rows.append(Row(_("Class"), _class_words(session.starts_at, session.ends_at), now))
    for name in what.columns:
        if name in UNSAID or name.endswith("_at") and name != "opens_at":
            continue
        value = designations_of(plan, session.course) if name == "designations" else after[name]
        before, now = _said(name, getattr(session, name)), _said(name, value)
        if name in SAID_ON_NO_PAGE:
            now = _("A new one is stored") if value else _("None")
        rows.append(Row(labels[name], before, now))
    return rows


def _class_words(first: datetime, last: datetime) -> str:
    return _("%(dates)s, %(hours)s") % {
        "dates": date_range(local_day(first), local_day(last)),
        "hours": clock_range(first, last),
    }


def _names() -> dict[str, str]:
    named = {field.name: str(field.verbose_name) for field in TrainingSession._meta.get_fields() if field.concrete}
    named["opens_at"], named["cost_cents"] = _("sign-up opens"), _("cost")
    named["registration_closes_time"] = _("last day to apply, until")
    named["documents_close_time"] = _("last day for papers, until")
    return {name: words[:1].upper() + words[1:] for name, words in named.items()}


def _said(name: str, value: Any) -> str:
    if name in SAID_ON_NO_PAGE:
        return _("Stored") if value else _("None")
    if name == "mode":
        return str(TrainingSession.Mode(value).label)
    if name == "cost_cents":
        return money(value)
    if isinstance(value, datetime):
        return long_moment(value)
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, time):
        return clock(value)
    if name == "designations":
        today = program(local_day(timezone.now()))
        return listed([today.designation(code).title for code in value]) or _("None")
    if isinstance(value, list):
        return ", ".join(value) or _("None")
    return str(value) if value not in (None, "") else _("None")


# -- The second press --------------------------------------------------------------------------------------


def typed_again(sent: QueryDict) -> list[tuple[str, str]]:
    """What was typed, to go along unseen with the second press."""
    ours = {"csrfmiddlewaretoken", "sure", "back", "seen"}
    return [(name, value) for name, values in sent.lists() if name not in ours for value in values]
