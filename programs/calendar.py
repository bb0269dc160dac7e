"""Dates and deadlines: working days, offsets, closing moments, the renewal series. Pure: no Django, no clock."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from programs import local

ONE_DAY = dt.timedelta(days=1)
ONE_SECOND = dt.timedelta(seconds=1)
END_OF_DAY = dt.time(23, 59, 59)
CLOSE_OF_BUSINESS = dt.time(17)


# -- Moments -----------------------------------------------------------------------------------------------


def local_day(at: dt.datetime, zone: ZoneInfo | None = None) -> dt.date:
    """The date on the wall of the office at this moment."""
    return at.astimezone(zone or local.zone()).date()


def local_moment(day: dt.date, time: dt.time, zone: ZoneInfo | None = None) -> dt.datetime:
    """A wall-clock time as a moment in UTC. A time the spring change skips moves an hour on; of a time the
    autumn change repeats, the first is meant."""
    return dt.datetime.combine(day, time, zone or local.zone()).astimezone(dt.UTC)


@dataclass(frozen=True, order=True)
class Deadline:
    """A date with its stored local time. The stored second is the last that counts: stored 23:59:59 takes a
    request at 23:59:59.999 and refuses one at 00:00:00."""

    day: dt.date
    time: dt.time = END_OF_DAY
    zone: ZoneInfo | None = field(default=None, compare=False, repr=False)

    @classmethod
    def stored(cls, at: dt.datetime, zone: ZoneInfo | None = None) -> Deadline:
        """From the moment kept in a database: the last second that counts."""
        wall = at.astimezone(zone or local.zone())
        return cls(wall.date(), wall.time().replace(microsecond=0), zone)

    @property
    def last_second(self) -> dt.datetime:
        """The moment to store and to show. Of a second the autumn change repeats, the later."""
        zone = self.zone or local.zone()
        both = (dt.datetime.combine(self.day, self.time.replace(fold=fold), zone) for fold in (0, 1))
        return max(moment.astimezone(dt.UTC) for moment in both)

    @property
    def closes_at(self) -> dt.datetime:
        """The first moment that is too late."""
        return self.last_second + ONE_SECOND

    def accepts(self, arrived_at: dt.datetime) -> bool:
        return arrived_at < self.closes_at


def in_time(arrived_at: dt.datetime, last_second: dt.datetime) -> bool:
    """Did a request arrive before the deadline whose last second is stored?"""
    return arrived_at < last_second.replace(microsecond=0) + ONE_SECOND


# -- Offsets -----------------------------------------------------------------------------------------------


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or that month's last: January 31 and one month is the end of February,
    February 29 and one year is February 28."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: dt.date, years: int) -> dt.date:
    return add_months(day, 12 * years)


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years. Somebody born on February 29 is a year older on March 1 where there is no 29th."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class Offset:
    """A distance from a date as a rule states it."""

    days: int = 0
    months: int = 0
    years: int = 0
    working: bool = False  # the days are working days
    first_counts: bool = False  # the starting date is Day One
    rolls: bool = False  # a result that is no working day moves to the closest prior one

    def after(self, day: dt.date, calendar: WorkCalendar) -> dt.date:
        return self._from(day, calendar, +1)

    def before(self, day: dt.date, calendar: WorkCalendar) -> dt.date:
        return self._from(day, calendar, -1)

    def _from(self, day: dt.date, calendar: WorkCalendar, way: int) -> dt.date:
        moved = add_months(day, way * (self.months + 12 * self.years))
        steps = max(self.days - self.first_counts, 0) if self.days else 0
        if self.working:
            if self.first_counts and not calendar.is_working_day(moved):
                steps = self.days  # Day One is the first working day there is
            moved = calendar.add_working_days(moved, way * steps)
        else:
            moved += way * steps * ONE_DAY
        return calendar.prior_working_day(moved) if self.rolls else moved


# -- Working days ------------------------------------------------------------------------------------------


@cache
def _state_holidays(country: str, subdivision: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=subdivision)


@dataclass(frozen=True)
class WorkCalendar:
    """The days one state's offices are open."""

    subdivision: str = "MS"
    country: str = "US"
    zone: ZoneInfo | None = None
    closed: frozenset[dt.date] = frozenset()  # days the pack names beyond the holidays, such as a storm

    def is_working_day(self, day: dt.date) -> bool:
        return day.weekday() < 5 and day not in self.closed and day not in self._holidays

    def holiday(self, day: dt.date) -> str:
        """Its name, or nothing."""
        return self._holidays.get(day) or ""

    def prior_working_day(self, day: dt.date) -> dt.date:
        """This day, or the closest working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def next_working_day(self, day: dt.date) -> dt.date:
        """This day, or the closest working day after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def closest_working_day(self, day: dt.date) -> dt.date:
        """This day, or the working day fewest days away; of two as near, the one before."""
        before, after = self.prior_working_day(day), self.next_working_day(day)
        return after if after - day < day - before else before

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        """So many working days on, or back when negative; the day itself is not counted."""
        step = ONE_DAY if count >= 0 else -ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """How many working days after `start` up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + n * ONE_DAY) for n in range(1, (end - start).days + 1))

    def local_day(self, at: dt.datetime) -> dt.date:
        return local_day(at, self.zone)

    def local_time(self, at: dt.datetime) -> dt.time:
        """The clock on the wall of the office at this moment."""
        return at.astimezone(self.zone or local.zone()).time()

    def local_moment(self, day: dt.date, time: dt.time) -> dt.datetime:
        return local_moment(day, time, self.zone)

    def deadline(self, day: dt.date, time: dt.time = END_OF_DAY) -> Deadline:
        return Deadline(day, time, self.zone)

    @property
    def _holidays(self) -> holidays.HolidayBase:
        return _state_holidays(self.country, self.subdivision)


# -- Renewal -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Renewal:
    """One renewal date for everyone, every so many years: the closest working day on or before it."""

    calendar: WorkCalendar
    every_years: int
    month: int
    day: int
    anchor_year: int
    skip_days: int  # issued fewer days before a renewal date: the next one counts
    opens_months: int
    late_month: int
    late_day: int
    reinstatement_years: int
    reinstatement_wait_months: int
    audit_cure_months: int
    time: dt.time = CLOSE_OF_BUSINESS

    def date_in(self, year: int) -> dt.date:
        return self.calendar.prior_working_day(dt.date(year, self.month, self.day))

    def date_on_or_after(self, day: dt.date) -> dt.date:
        year = day.year - (day.year - self.anchor_year) % self.every_years
        while self.date_in(year) < day:
            year += self.every_years
        return self.date_in(year)

    def next_expiry(self, issued_on: dt.date) -> dt.date:
        """When a credential issued on this day expires: a renewal date, never the anniversary."""
        expiry = self.date_on_or_after(issued_on)
        if (expiry - issued_on).days < self.skip_days:
            return self.date_in(expiry.year + self.every_years)
        return expiry

    def after(self, expires_on: dt.date) -> dt.date:
        """The expiry that a renewal of this one gives."""
        return self.date_in(expires_on.year + self.every_years)

    def deadline(self, expires_on: dt.date) -> Deadline:
        return self.calendar.deadline(expires_on, self.time)

    def opens_on(self, expires_on: dt.date) -> dt.date:
        return add_months(expires_on, -self.opens_months)

    def period_starts_on(self, expires_on: dt.date) -> dt.date:
        """Education hours count from the day after the renewal date before, whatever day of the week it was."""
        return dt.date(expires_on.year - self.every_years, self.month, self.day) + ONE_DAY

    def late_until(self, expires_on: dt.date) -> dt.date:
        return self.calendar.prior_working_day(dt.date(expires_on.year, self.late_month, self.late_day))

    def lapses_on(self, expires_on: dt.date) -> dt.date:
        return expires_on + ONE_DAY

    def reinstatement_until(self, expires_on: dt.date) -> dt.date:
        return add_years(expires_on, self.reinstatement_years)

    def audit_cure_until(self, found_on: dt.date) -> dt.date:
        return add_months(found_on, self.audit_cure_months)
