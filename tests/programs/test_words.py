from datetime import UTC, date, datetime, time

import pytest

from programs import words
from programs.calendar import Deadline

AUGUST_20 = date(2027, 8, 20)
LAST_SECOND = datetime(2027, 8, 21, 4, 59, 59, tzinfo=UTC)  # 11:59:59 p.m. Central on August 20


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (words.long_date(AUGUST_20), "Friday, August 20, 2027"),
        (words.long_date(LAST_SECOND), "Friday, August 20, 2027"),
        (words.mid_date(AUGUST_20), "Friday, August 20"),
        (words.short_date(AUGUST_20), "Fri, Aug 20"),
        (words.plain_date(AUGUST_20), "August 20, 2027"),
        (words.long_moment(LAST_SECOND), "Friday, August 20, 2027, 11:59 p.m. Central"),
        (words.long_moment(Deadline(AUGUST_20)), "Friday, August 20, 2027, 11:59 p.m. Central"),
        (words.long_moment(Deadline(AUGUST_20, time(17))), "Friday, August 20, 2027, 5 p.m. Central"),
        (words.mid_moment(datetime(2027, 12, 6, 18, tzinfo=UTC)), "Monday, December 6, noon Central"),
        (words.clock(time(9)), "9 a.m."),
        (words.clock(time(14, 41)), "2:41 p.m."),
        (words.clock(time(12)), "noon"),
        (words.clock(time(12, 30)), "12:30 p.m."),
        (words.clock(time(0)), "midnight"),
        (words.clock(time(0, 5)), "12:05 a.m."),
        (words.clock_range(time(9), time(12)), "9 a.m. to noon Central"),
        (
            words.date_range(date(2027, 9, 13), date(2027, 9, 17)),
            "Monday, September 13 to Friday, September 17, 2027",
        ),
        (
            words.date_range(date(2027, 12, 30), date(2028, 1, 3)),
            "Thursday, December 30, 2027 to Monday, January 3, 2028",
        ),
        (words.date_range(AUGUST_20, AUGUST_20), "Friday, August 20, 2027"),
        (words.short_range(date(2027, 9, 13), date(2027, 9, 17)), "Sep 13–17"),
        (words.short_range(date(2027, 9, 28), date(2027, 10, 2)), "Sep 28 – Oct 2"),
        (words.short_range(AUGUST_20, AUGUST_20), "Aug 20"),
        (words.money(3000), "$30"),
        (words.money(3050), "$30.50"),
        (words.money(450000), "$4,500"),
        (words.ledger_money(450000), "$4,500.00"),
        (words.ledger_money(-1500), "−$15.00"),
        (words.phone("+16015550142"), "601-555-0142"),
        (words.phone("(601) 555-0142"), "601-555-0142"),
        (words.phone("988"), "988"),
        (words.phone_link("601-555-0142"), "tel:+16015550142"),
        (words.phone_link("988"), "tel:988"),
        (words.listed(["one"]), "one"),
        (words.listed(["one", "two"]), "one and two"),
        (words.listed(["one", "two", "three"]), "one, two, and three"),
    ],
)
def test_dates_times_money_and_phones_are_written_one_way(written, expected):
    assert written == expected


def test_the_weekday_of_the_2023_deadline_is_the_true_one():
    assert words.long_date(date(2023, 9, 29)).startswith("Friday")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2027, 8, 9, 15, tzinfo=UTC), "11 days left"),
        (datetime(2027, 8, 18, 15, tzinfo=UTC), "2 days left"),
        (datetime(2027, 8, 19, 15, tzinfo=UTC), "Tomorrow"),
        (datetime(2027, 8, 20, 15, tzinfo=UTC), "Today, until 11:59 p.m."),
        (datetime(2027, 8, 21, 4, 59, 59, 999_000, tzinfo=UTC), "Today, until 11:59 p.m."),
        (datetime(2027, 8, 21, 5, tzinfo=UTC), "The time has passed"),
    ],
)
def test_days_left_until_the_end_of_a_day(at, expected):
    assert words.days_left(LAST_SECOND, at) == expected
    assert words.days_left(Deadline(AUGUST_20), at) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2027, 10, 20, 15, tzinfo=UTC), "3 days left"),
        (datetime(2027, 10, 21, 15, 30, tzinfo=UTC), "47 hours left"),
        (datetime(2027, 10, 22, 14, tzinfo=UTC), "25 hours left"),
        (datetime(2027, 10, 23, 13, tzinfo=UTC), "Today, until 10 a.m."),
    ],
)
def test_under_two_days_the_hours_are_counted_for_an_hour_inside_a_day(at, expected):
    assert words.days_left(datetime(2027, 10, 23, 15, tzinfo=UTC), at) == expected


def test_a_bare_date_has_days_only():
    at = datetime(2027, 8, 19, 15, tzinfo=UTC)

    assert words.days_left(AUGUST_20, at) == "Tomorrow"
    assert words.days_left(date(2027, 8, 19), at) == "Today"
    assert words.days_left(date(2027, 8, 18), at) == "The time has passed"


def test_a_list_that_crosses_years_shows_the_year_that_is_not_this_one():
    today = date(2027, 12, 1)

    assert words.near_range(date(2027, 12, 13), date(2027, 12, 17), today) == "Dec 13–17"
    assert words.near_range(date(2027, 12, 30), date(2028, 1, 3), today) == "Dec 30 – Jan 3, 2028"
    assert words.near_range(date(2028, 1, 10), date(2028, 1, 14), today) == "Jan 10–14, 2028"
    assert words.near_date(date(2027, 12, 13), today) == "Mon, Dec 13"
    assert words.near_date(date(2028, 1, 10), today) == "Mon, Jan 10, 2028"
