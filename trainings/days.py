"""What dates become when the portal was down, when class moves, and when a year is copied. Dates in, dates out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from programs.calendar import ONE_DAY, Deadline, WorkCalendar
from trainings.rules import Plan

ONE_WEEK = timedelta(days=7)


# -- The portal was down -----------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Down:
    """A stretch of time in which nobody could reach the portal, half-open, and when it was noted."""

    started_at: datetime
    ended_at: datetime
    noted_at: datetime


@dataclass(frozen=True)
class OutageRule:
    """So long before a deadline an outage counts; the deadline then is this hour of the next working day."""

    before: timedelta
    until: time


def after_outages(deadline: Deadline, outages: Iterable[Down], calendar: WorkCalendar, rule: OutageRule) -> Deadline:
    """The deadline as it stands after these outages. The same outages give the same answer however often one asks.

    Each counts against the deadline that stood while it lasted: once a deadline has moved, only an outage in the
    time it was given longer moves it again.
    """
    moved, stood_until = deadline, None
    for outage in sorted(outages):
        since = moved.closes_at - rule.before
        since = max(since, stood_until) if stood_until else since
        if outage.started_at < moved.closes_at and outage.ended_at > since:
            stood_until = moved.closes_at
            moved = _next_working_day(moved, outage, calendar, rule)
    return moved


def _next_working_day(deadline: Deadline, outage: Down, calendar: WorkCalendar, rule: OutageRule) -> Deadline:
    """After the deadline's day and after the day the portal came back; never a time already past when it is noted."""
    last_day = max(deadline.day, calendar.local_day(outage.ended_at))
    day = calendar.add_working_days(last_day, 1)
    while calendar.local_moment(day, rule.until) <= outage.noted_at:
        day = calendar.add_working_days(day, 1)
    return calendar.deadline(day, rule.until)


def behind(day: date, last_day: date, calendar: WorkCalendar) -> date:
    """The day the seats are set, once people have until `last_day`: as it was, or the next working day."""
    return day if day > last_day else calendar.add_working_days(last_day, 1)


# -- Class moves, a year is copied -------------------------------------------------------------------------


def same_weekday(day: date, *, year: int) -> date:
    """The same weekday in another year, as close to the same date as there is."""
    try:
        twin = day.replace(year=year)
    except ValueError:  # February 29
        twin = day.replace(year=year, day=28)
    ahead = (day.weekday() - twin.weekday()) % 7
    return twin + ahead * ONE_DAY - (ONE_WEEK if ahead > 3 else timedelta())


def shifted(
    plan: Plan, days: int, calendar: WorkCalendar, *, seats_are_set: bool = False, has_opened: bool = False
) -> Plan:
    """Everything so many days on: the clock on the wall stays, also over a clock change. What decided the order
    stays where it was once the seats are set; a sign-up that has opened stays open."""
    way = days * ONE_DAY
    moved = replace(
        plan,
        half_days=tuple((_on(start, way, calendar), _on(end, way, calendar)) for start, end in plan.half_days),
        last_offer_on=plan.last_offer_on + way,
        materials_by=plan.materials_by and plan.materials_by + way,
        go_on=plan.go_on and plan.go_on + way,
    )
    if seats_are_set:
        return moved
    return replace(
        moved,
        opens_at=plan.opens_at if has_opened else _on(plan.opens_at, way, calendar),
        registration_closes_on=plan.registration_closes_on + way,
        documents_close_on=plan.documents_close_on + way,
        allocation_on=plan.allocation_on + way,
    )


def _on(at: datetime, way: timedelta, calendar: WorkCalendar) -> datetime:
    return calendar.local_moment(calendar.local_day(at) + way, calendar.local_time(at))
