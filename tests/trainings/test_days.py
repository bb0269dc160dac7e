"""What dates become: after an outage, when class moves, when a year is copied."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from programs.calendar import Deadline, WorkCalendar, local_moment
from tests.trainings.factories import plan
from trainings.days import Down, OutageRule, after_outages, behind, same_weekday, shifted

CALENDAR = WorkCalendar()
RULE = OutageRule(before=timedelta(hours=24), until=time(12))
HOUR = timedelta(hours=1)


def down(day: date, start: time, hours: float = 1, *, noted: datetime | None = None) -> Down:
    began = local_moment(day, start)
    ended = began + timedelta(hours=hours)
    return Down(began, ended, noted or ended)


def moved(deadline: Deadline, *outages: Down) -> Deadline:
    return after_outages(deadline, outages, CALENDAR, RULE)


FRIDAY = Deadline(date(2027, 8, 20))


def test_an_outage_in_the_last_day_moves_the_deadline_to_the_next_working_day_at_noon():
    assert moved(FRIDAY, down(FRIDAY.day, time(20))) == Deadline(date(2027, 8, 23), time(12))


@pytest.mark.parametrize(
    ("started", "hours", "touches"),
    [
        (datetime(2027, 8, 20, 0), 0.5, True),  # from the first moment of the last 24 hours
        (datetime(2027, 8, 19, 23), 1, False),  # over at that moment
        (datetime(2027, 8, 19, 12), 1, False),
        (datetime(2027, 8, 20, 23, 59, 59), 1, True),  # began in the last second
        (datetime(2027, 8, 21, 0), 1, False),  # began when it was closed
        (datetime(2027, 8, 15), 24 * 10, True),  # around all of it
    ],
)
def test_only_the_last_24_hours_count(started, hours, touches):
    one = down(started.date(), started.time(), hours)

    assert (moved(FRIDAY, one) != FRIDAY) is touches


def test_asked_again_the_same_outage_moves_it_no_further():
    thursday = Deadline(date(2027, 8, 19))
    one = down(thursday.day, time(23), 0.5)
    twin = down(thursday.day, time(22, 50), 1)  # staff noted the same with other minutes

    assert moved(thursday, one) == moved(thursday, one, one) == moved(thursday, one, twin)
    assert moved(thursday, one) == Deadline(date(2027, 8, 20), time(12))


def test_another_outage_in_the_longer_time_moves_it_again():
    thursday = Deadline(date(2027, 8, 19))
    first, second = down(thursday.day, time(23), 0.5), down(date(2027, 8, 20), time(9))

    assert moved(thursday, first, second) == Deadline(date(2027, 8, 23), time(12))


def test_the_longer_day_is_after_the_portal_came_back_and_never_past_when_it_is_noted():
    over_the_weekend = down(FRIDAY.day, time(20), 24 * 3)  # back on Monday evening
    noted_on_tuesday = down(FRIDAY.day, time(20), noted=local_moment(date(2027, 8, 24), time(13)))

    assert moved(FRIDAY, over_the_weekend) == Deadline(date(2027, 8, 24), time(12))
    assert moved(FRIDAY, noted_on_tuesday) == Deadline(date(2027, 8, 25), time(12))


@pytest.mark.parametrize(
    ("deadline", "became", "closes_at"),
    [
        # The day before the spring change, and on it: noon on Monday is 17:00 in UTC.
        (date(2027, 3, 13), date(2027, 3, 15), datetime(2027, 3, 15, 17, 0, 1, tzinfo=UTC)),
        (date(2027, 3, 14), date(2027, 3, 15), datetime(2027, 3, 15, 17, 0, 1, tzinfo=UTC)),
        # The autumn change: noon on Monday is 18:00.
        (date(2027, 11, 6), date(2027, 11, 8), datetime(2027, 11, 8, 18, 0, 1, tzinfo=UTC)),
        (date(2027, 11, 7), date(2027, 11, 8), datetime(2027, 11, 8, 18, 0, 1, tzinfo=UTC)),
        # To and from February 29.
        (date(2028, 2, 28), date(2028, 2, 29), datetime(2028, 2, 29, 18, 0, 1, tzinfo=UTC)),
        (date(2028, 2, 29), date(2028, 3, 1), datetime(2028, 3, 1, 18, 0, 1, tzinfo=UTC)),
        # Over a holiday: Labor Day.
        (date(2027, 9, 3), date(2027, 9, 7), datetime(2027, 9, 7, 17, 0, 1, tzinfo=UTC)),
    ],
)
def test_clock_changes_leap_day_and_holidays(deadline, became, closes_at):
    after = moved(Deadline(deadline), down(deadline, time(21)))

    assert (after.day, after.closes_at) == (became, closes_at)


@pytest.mark.parametrize(("change", "length"), [(date(2027, 3, 14), 23), (date(2027, 11, 7), 25)])
def test_24_hours_are_24_hours_also_when_the_day_has_more_or_less(change, length):
    deadline = Deadline(change)
    first = deadline.closes_at - timedelta(hours=24)
    just = Down(first - HOUR, first + timedelta(seconds=1), first + HOUR)
    before = Down(first - HOUR, first, first + HOUR)

    assert deadline.closes_at - local_moment(change, time()) == timedelta(hours=length)
    assert (moved(deadline, just) != deadline, moved(deadline, before) != deadline) == (True, False)


def test_the_seats_are_set_on_a_working_day_behind_the_last_day():
    assert behind(date(2027, 8, 25), date(2027, 8, 23), CALENDAR) == date(2027, 8, 25)
    assert behind(date(2027, 8, 23), date(2027, 8, 23), CALENDAR) == date(2027, 8, 24)
    assert behind(date(2027, 8, 20), date(2027, 8, 20), CALENDAR) == date(2027, 8, 23)


@pytest.mark.parametrize(
    ("day", "year", "twin"),
    [
        (date(2026, 9, 14), 2027, date(2027, 9, 13)),
        (date(2021, 7, 26), 2027, date(2027, 7, 26)),
        (date(2027, 9, 13), 2028, date(2028, 9, 11)),
        (date(2028, 2, 29), 2029, date(2029, 2, 27)),
        (date(2027, 1, 1), 2028, date(2027, 12, 31)),
    ],
)
def test_a_copied_day_keeps_its_weekday(day, year, twin):
    copied = same_weekday(day, year=year)

    assert copied == twin
    assert copied.weekday() == day.weekday()
    assert abs((copied - day.replace(year=year, day=min(day.day, 28))).days) <= 4


def test_a_shift_over_a_clock_change_keeps_the_clock_on_the_wall():
    summer = plan(materials_by=date(2027, 9, 1), minimum=2, go_on=date(2027, 9, 8))

    winter = shifted(summer, 70, CALENDAR)

    assert CALENDAR.local_day(winter.half_days[0][0]) == date(2027, 11, 22)
    assert [CALENDAR.local_time(start) for start, _end in winter.half_days[:2]] == [time(9), time(13)]
    assert (winter.registration_closes_on, winter.go_on) == (date(2027, 10, 29), date(2027, 11, 17))
    assert winter.opens_at.astimezone(UTC).hour == 13 or CALENDAR.local_time(winter.opens_at) == time(8)


def test_once_the_seats_are_set_what_decided_the_order_stays():
    before = plan()

    later = shifted(before, 7, CALENDAR, seats_are_set=True)

    kept = ("registration_closes_on", "documents_close_on", "allocation_on", "opens_at")
    assert [getattr(later, name) for name in kept] == [getattr(before, name) for name in kept]
    assert later.last_offer_on == before.last_offer_on + timedelta(days=7)
    assert replace(later, half_days=(), last_offer_on=date.min) == replace(before, half_days=(), last_offer_on=date.min)
