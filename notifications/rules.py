"""When a message is due: reminder days, and the hours in which a *no* may reach somebody. Plain Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from programs import local
from programs.calendar import WorkCalendar

DEADLINE_STEPS = (14, 7, 3, 1)
ANSWER_STEPS = (1,)
PAUSE_STEPS = (30,)
EXPIRY_STEPS = (90, 60, 30, 7)

MORNING = dt.time(9)
KIND_UNTIL = dt.time(15)
FRIDAY = 4


def step_due(*, today: dt.date, ends_on: dt.date, since: dt.date, steps: Collection[int]) -> int | None:
    """The reminder whose day has come: the nearest step reached, days missed included, if the matter was already
    open before that day. None when no step was reached, or the end has passed."""
    left, at_start = (ends_on - today).days, (ends_on - since).days
    if left < 0:
        return None
    return min((step for step in steps if left <= step < at_start), default=None)


def step_missed(*, today: dt.date, ends_on: dt.date, since: dt.date, steps: Collection[int]) -> int | None:
    """The last reminder of a matter whose end has passed: recorded as missed unless it was sent."""
    at_start = (ends_on - since).days
    return min((step for step in steps if step < at_start), default=None) if ends_on < today else None


def is_kind_hour(at: dt.datetime, calendar: WorkCalendar) -> bool:
    """Monday to Thursday, 9 to 15, somebody answers the phone, and tomorrow too."""
    return _is_kind_day(calendar.local_day(at), calendar) and MORNING <= _wall_time(at, calendar) < KIND_UNTIL


def next_kind_hour(at: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    """Now, or the next morning on which a *no* may leave."""
    if is_kind_hour(at, calendar):
        return at
    day = calendar.local_day(at)
    if _wall_time(at, calendar) >= KIND_UNTIL:
        day += dt.timedelta(days=1)
    while not _is_kind_day(day, calendar):
        day += dt.timedelta(days=1)
    return calendar.local_moment(day, MORNING)


def _is_kind_day(day: dt.date, calendar: WorkCalendar) -> bool:
    tomorrow = day + dt.timedelta(days=1)
    return day.weekday() < FRIDAY and calendar.is_working_day(day) and calendar.is_working_day(tomorrow)


def _wall_time(at: dt.datetime, calendar: WorkCalendar) -> dt.time:
    return at.astimezone(calendar.zone or local.zone()).time()
