"""A session as a row of a list, and the words that a row and the session's own page share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.calendar import local_day
from programs.program import Rules, program
from programs.words import clock_range, days_left, listed, mid_date, mid_moment, short_range, weekday
from trainings.models import Block, HalfDay, Seat, TrainingSession, days_of
from trainings.views import about

NEAR_DAYS = 14  # the chip turns amber

# A day of class is over before midnight: its half-days begin within fifteen hours of the first.
FIRST_DAY = HalfDay.objects.filter(
    session=OuterRef("pk"), starts_at__lt=OuterRef("starts_at") + timedelta(hours=15)
).order_by("-ends_at")
OPEN_SEATS = (
    Seat.objects.free().general().filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk"))
)


@dataclass(frozen=True)
class Row:
    """One session in the list."""

    url: str
    first: date
    dates: str
    weekdays: str
    title: str
    line: str
    seats: str
    chip: str
    left: str
    is_near: bool
    is_cancelled: bool
    is_closed: bool


def for_rows(sessions: QuerySet[TrainingSession]) -> QuerySet[TrainingSession]:
    """With what a row needs; it is looked up only for the rows a page takes."""
    return sessions.select_related("course").annotate(
        open_seats=Coalesce(Subquery(OPEN_SEATS.values("n")), 0),
        first_day_ends_at=Subquery(FIRST_DAY.values("ends_at")[:1]),
    )


def rows_of(
    sessions: Iterable[TrainingSession], at: datetime, query: str = "", today: Rules | None = None
) -> list[Row]:
    """What the list and the front door show, of sessions read `for_rows`."""
    today = today or program(local_day(at))
    return [_row(one, today, at, query) for one in sessions]


def _row(session: Any, today: Rules, at: datetime, query: str) -> Row:
    deadline = session.registration_deadline
    is_closed = not session.takes_registrations(at)
    seats = designation_words(session, today), seat_words(session, session.open_seats), about.later_in_short(session)
    return Row(
        url=session.get_absolute_url() + query,
        first=session.starts_on,
        dates=short_range(session.starts_on, session.ends_on),
        weekdays=weekdays(session),
        title=session.course.title,
        line=_where_and_when(session, session.starts_at, session.first_day_ends_at),
        seats=" ".join(filter(None, seats)),
        chip=_chip(session, at),
        left="" if is_closed else days_left(deadline, at),
        is_near=not is_closed and (deadline.day - local_day(at)).days <= NEAR_DAYS,
        is_cancelled=session.is_cancelled,
        is_closed=is_closed,
    )


def _chip(session: TrainingSession, at: datetime) -> str:
    day = mid_date(session.registration_closes_on)
    if session.is_cancelled:
        return _("Cancelled")
    if at < session.opens_at:
        return _("Opens on %s") % mid_moment(session.opens_at)
    if not session.takes_registrations(at):
        return _("Closed on %s") % day
    return _("Apply by %s") % day if session.course.is_by_application else _("Sign up by %s") % day


def weekdays(session: TrainingSession) -> str:
    if session.starts_on == session.ends_on:
        return weekday(session.starts_on)
    return _("%(first)s to %(last)s") % {"first": weekday(session.starts_on), "last": weekday(session.ends_on)}


def where_and_when(session: TrainingSession, half_days: list[HalfDay]) -> str:
    starts_at, ends_at = days_of(half_days)[0] if half_days else (session.starts_at, None)
    return _where_and_when(session, starts_at, ends_at)


def _where_and_when(session: TrainingSession, starts_at: datetime, ends_at: datetime | None) -> str:
    where = _("Online") if session.mode == TrainingSession.Mode.ONLINE else session.location
    if ends_at is None:
        return f"{where}."
    return _("%(where)s, %(hours)s.") % {"where": where, "hours": clock_range(starts_at, ends_at)}


def hours_of(half_days: list[HalfDay]) -> str:
    start, end = days_of(half_days)[0]
    return clock_range(start, end)


def designation_words(session: TrainingSession, today: Rules) -> str:
    if len(session.designations) < 2:
        return ""
    return listed([today.designation(code).short for code in session.designations]) + "."


def seat_words(session: TrainingSession, free: int) -> str:
    if session.is_cancelled:
        return ""
    seats = ngettext("%d seat.", "%d seats.", session.capacity) % session.capacity
    if session.course.is_first_come and not free:
        return seats + " " + _("None is open now.")
    if session.course.is_first_come:
        return _("%(free)d of %(all)d seats open.") % {"free": free, "all": session.capacity}
    if session.is_allocated:
        return seats + " " + _("They are given.")
    return seats + " " + _("They are set on %s.") % mid_date(session.allocation_on)


def seats_besides(session: TrainingSession) -> str:
    """The seats the line does not get: whom they are kept for, and how many are given before the day they are set."""
    counted = session.seats.open().aggregate(
        employers=Count("pk", filter=Q(kept_for__startswith=Block.PREFIX)),
        scholarships=Count("pk", filter=~Q(kept_for="") & ~Q(kept_for__startswith=Block.PREFIX)),
        given=Count("pk", filter=Q(kept_for="", registration__isnull=False)),
    )
    if session.has_a_line:
        counted["given"] = 0  # that seats are given is no news then
    words = [
        (ngettext("%d is kept for an employer.", "%d are kept for an employer.", counted["employers"]), "employers"),
        (
            ngettext("%d is kept for a scholarship.", "%d are kept for scholarships.", counted["scholarships"]),
            "scholarships",
        ),
        (ngettext("%d is given already.", "%d are given already.", counted["given"]), "given"),
    ]
    return " ".join(said % counted[name] for said, name in words if counted[name])
