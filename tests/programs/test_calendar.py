from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.calendar import (
    CLOSE_OF_BUSINESS,
    Deadline,
    Offset,
    Renewal,
    WorkCalendar,
    add_months,
    add_years,
    age_on,
    in_time,
    local_day,
    local_moment,
)

MISSISSIPPI = WorkCalendar("MS")
CENTRAL = ZoneInfo("America/Chicago")
RENEWAL = Renewal(
    calendar=MISSISSIPPI,
    every_years=4,
    month=9,
    day=30,
    anchor_year=2015,
    skip_days=90,
    opens_months=3,
    late_month=10,
    late_day=31,
    reinstatement_years=3,
    reinstatement_wait_months=6,
    audit_cure_months=6,
)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def after(day, **offset):
    return Offset(**offset).after(day, MISSISSIPPI)


def before(day, **offset):
    return Offset(**offset).before(day, MISSISSIPPI)


EXAMPLES = [
    ("D1 28 days before the September 2021 session", before(date(2021, 9, 27), days=28), date(2021, 8, 30)),
    ("D1 24 days before the July 2021 session", before(date(2021, 7, 26), days=24), date(2021, 7, 2)),
    ("D1 28 days before the November 2021 session", before(date(2021, 11, 15), days=28), date(2021, 10, 18)),
    ("D1 27 days before the 2021 supervisor session", before(date(2021, 9, 23), days=27), date(2021, 8, 27)),
    ("D2 link seven days before", before(date(2026, 6, 15), days=7), date(2026, 6, 8)),
    ("D3 support hours since", before(date(2026, 7, 1), years=3), date(2023, 7, 1)),
    ("D4 study since", before(date(2026, 7, 1), years=3), date(2023, 7, 1)),
    ("D5 sixteen on the birthday", age_on(date(2010, 7, 1), date(2026, 7, 1)), 16),
    ("D5 seventeen the day before eighteen", age_on(date(2008, 7, 1), date(2026, 6, 30)), 17),
    ("D5 still twenty-six the day before twenty-seven", age_on(date(1999, 7, 2), date(2026, 7, 1)), 26),
    ("D6 one year of recovery", after(date(2025, 3, 14), years=1), date(2026, 3, 14)),
    ("D8 hire date is Day One", after(date(2025, 3, 3), days=30, first_counts=True), date(2025, 4, 1)),
    ("D9 application stays open", after(date(2025, 2, 10), years=2), date(2027, 2, 10)),
    ("D10 a new credential expires", RENEWAL.next_expiry(date(2025, 5, 12)), date(2027, 9, 30)),
    ("D11 a Saturday rolls to Friday", RENEWAL.date_in(2023), date(2023, 9, 29)),
    ("D12 late window ends", RENEWAL.late_until(date(2027, 9, 30)), date(2027, 10, 29)),
    ("D13 lapse", RENEWAL.lapses_on(date(2027, 9, 30)), date(2027, 10, 1)),
    ("D14 status change asked at renewal", RENEWAL.deadline(date(2027, 9, 30)).day, date(2027, 9, 30)),
    ("D15 education hours count from", RENEWAL.period_starts_on(date(2027, 9, 30)), date(2023, 10, 1)),
    ("D16 issued just before a renewal date", RENEWAL.next_expiry(date(2027, 9, 1)), date(2031, 9, 30)),
    ("D17 audit cure", RENEWAL.audit_cure_until(date(2028, 1, 15)), date(2028, 7, 15)),
    ("D18 reinstatement until", RENEWAL.reinstatement_until(date(2027, 9, 30)), date(2030, 9, 30)),
    ("D19 six months in a renewal year", after(date(2027, 10, 1), months=6), date(2028, 4, 1)),
    ("D20 report a change", after(date(2026, 3, 2), days=14, working=True), date(2026, 3, 20)),
    ("D21 hearing notice", before(date(2026, 6, 1), days=30), date(2026, 5, 2)),
    ("D22 letter date is Day One", after(date(2024, 5, 1), days=10, first_counts=True), date(2024, 5, 10)),
    ("D23 Deputy Director", after(date(2024, 5, 10), days=10), date(2024, 5, 20)),
    ("D24 denial appeal", after(date(2024, 6, 10), days=30), date(2024, 7, 10)),
    ("D24 answer", after(date(2024, 7, 10), days=30), date(2024, 8, 9)),
    ("D24 to the State Board", after(date(2024, 8, 9), days=15), date(2024, 8, 24)),
    ("D24 State Board answers", after(date(2024, 8, 24), days=45), date(2024, 10, 8)),
    ("D25 final order", after(date(2024, 6, 10), days=15), date(2024, 6, 25)),
    ("D26 exam registration", before(date(2026, 6, 18), days=5, working=True), date(2026, 6, 11)),
    ("D27 four attempts in 24 months", after(date(2026, 6, 18), months=24), date(2028, 6, 18)),
    ("D28 retake code asked", before(date(2026, 6, 18), days=7), date(2026, 6, 11)),
    ("D30 mailing labels", after(date(2026, 3, 2), days=14, working=True), date(2026, 3, 20)),
    ("D31 renewal notice", RENEWAL.opens_on(date(2027, 9, 30)), date(2027, 6, 30)),
    ("D32 scholarship use-by", after(date(2026, 2, 10), months=12), date(2027, 2, 10)),
    ("D33 grace of 90 days", after(date(2025, 1, 1), days=90), date(2025, 4, 1)),
    ("D34 two weeks before", before(date(2026, 6, 15), days=14), date(2026, 6, 1)),
    ("D36 Level One", after(date(2026, 1, 5), months=4), date(2026, 5, 5)),
    ("D36 Level Two", after(date(2026, 5, 5), years=1), date(2027, 5, 5)),
]


@pytest.mark.parametrize(("computed", "expected"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES])
def test_the_examples_of_the_domain_rules(computed, expected):
    assert computed == expected


@pytest.mark.parametrize(
    ("issued_on", "expires_on"),
    [
        (date(2023, 9, 29), date(2027, 9, 30)),  # the renewal date itself: skipped
        (date(2023, 9, 30), date(2027, 9, 30)),  # the Saturday after a rolled date
        (date(2027, 7, 2), date(2027, 9, 30)),  # 90 days before: not fewer
        (date(2027, 7, 3), date(2031, 9, 30)),  # 89 days before
        (date(2027, 10, 1), date(2031, 9, 30)),
        (date(2028, 2, 29), date(2031, 9, 30)),
        (date(2012, 1, 2), date(2015, 9, 30)),  # before the anchor the series runs back
    ],
)
def test_a_credential_expires_on_a_renewal_date_and_never_within_ninety_days(issued_on, expires_on):
    assert RENEWAL.next_expiry(issued_on) == expires_on


@given(DAYS)
def test_an_expiry_is_a_working_day_of_the_series_and_at_least_ninety_days_off(issued_on):
    expiry = RENEWAL.next_expiry(issued_on)

    assert (expiry.year - 2015) % 4 == 0
    assert MISSISSIPPI.is_working_day(expiry)
    assert 90 <= (expiry - issued_on).days <= 4 * 366 + 90


@pytest.mark.parametrize(
    ("stored", "arrives", "accepted"),
    [
        (time(23, 59, 59), datetime(2021, 7, 2, 23, 59, 59, tzinfo=CENTRAL), True),
        (time(23, 59, 59), datetime(2021, 7, 2, 23, 59, 59, 999_000, tzinfo=CENTRAL), True),
        (time(23, 59, 59), datetime(2021, 7, 3, 0, 0, 0, tzinfo=CENTRAL), False),
        (CLOSE_OF_BUSINESS, datetime(2021, 7, 2, 16, 59, 59, 999_000, tzinfo=CENTRAL), True),
        (CLOSE_OF_BUSINESS, datetime(2021, 7, 2, 17, 0, 0, 999_000, tzinfo=CENTRAL), True),
        (CLOSE_OF_BUSINESS, datetime(2021, 7, 2, 17, 0, 1, tzinfo=CENTRAL), False),
    ],
)
def test_the_stored_second_is_the_last_that_counts(stored, arrives, accepted):
    deadline = Deadline(date(2021, 7, 2), stored)

    assert deadline.accepts(arrives) is accepted
    assert in_time(arrives, deadline.last_second) is accepted
    assert Deadline.stored(deadline.last_second) == deadline


@given(DAYS, st.times())
def test_a_deadline_keeps_its_wall_clock_second_on_every_day_of_every_year(day, at_time):
    deadline = Deadline(day, at_time.replace(microsecond=0))

    assert deadline.accepts(deadline.last_second)
    assert not deadline.accepts(deadline.last_second + timedelta(seconds=1))


def test_days_and_hours_around_both_clock_changes():
    spring, autumn = date(2027, 3, 14), date(2027, 11, 7)

    assert Deadline(spring).last_second == datetime(2027, 3, 15, 4, 59, 59, tzinfo=UTC)
    assert Deadline(autumn).last_second == datetime(2027, 11, 8, 5, 59, 59, tzinfo=UTC)
    assert local_moment(spring, time(9)) == datetime(2027, 3, 14, 14, tzinfo=UTC)
    assert local_moment(autumn, time(9)) == datetime(2027, 11, 7, 15, tzinfo=UTC)
    assert local_day(datetime(2027, 3, 15, 4, 30, tzinfo=UTC)) == spring
    assert local_day(datetime(2027, 11, 8, 5, 30, tzinfo=UTC)) == autumn


def test_an_hour_that_is_skipped_moves_on_and_an_hour_that_repeats_closes_the_second_time():
    assert local_moment(date(2027, 3, 14), time(2, 30)) == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)
    assert Deadline(date(2027, 3, 14), time(2, 30)).last_second == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)
    assert local_moment(date(2027, 11, 7), time(1, 30)) == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    assert Deadline(date(2027, 11, 7), time(1, 30)).last_second == datetime(2027, 11, 7, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("computed", "expected"),
    [
        (add_years(date(2024, 2, 29), 1), date(2025, 2, 28)),
        (add_years(date(2024, 2, 29), 4), date(2028, 2, 29)),
        (add_years(date(2028, 2, 29), -3), date(2025, 2, 28)),
        (add_months(date(2027, 1, 31), 1), date(2027, 2, 28)),
        (add_months(date(2028, 1, 31), 1), date(2028, 2, 29)),
        (add_months(date(2027, 12, 31), 2), date(2028, 2, 29)),
        (add_months(date(2027, 1, 15), -1), date(2026, 12, 15)),
        (age_on(date(2008, 2, 29), date(2026, 2, 28)), 17),
        (age_on(date(2008, 2, 29), date(2026, 3, 1)), 18),
        (age_on(date(2008, 2, 29), date(2028, 2, 29)), 20),
    ],
)
def test_february_and_month_ends(computed, expected):
    assert computed == expected


@pytest.mark.parametrize(
    "closed",
    [
        date(2026, 4, 27),  # Confederate Memorial Day, kept by Mississippi
        date(2026, 7, 3),  # July 4 on a Saturday
        date(2026, 11, 26),
        date(2027, 1, 1),
        date(2026, 6, 13),
    ],
)
def test_state_holidays_and_weekends_are_not_working_days(closed):
    assert not MISSISSIPPI.is_working_day(closed)
    assert MISSISSIPPI.prior_working_day(closed) < closed < MISSISSIPPI.next_working_day(closed)


def test_a_day_the_pack_closes_is_not_a_working_day():
    stormy = WorkCalendar("MS", closed=frozenset({date(2026, 9, 16)}))

    assert stormy.add_working_days(date(2026, 9, 15), 1) == date(2026, 9, 17)


def test_a_working_day_count_that_starts_with_day_one():
    assert after(date(2026, 3, 2), days=5, working=True, first_counts=True) == date(2026, 3, 6)
    assert after(date(2026, 3, 1), days=5, working=True, first_counts=True) == date(2026, 3, 6)


def test_an_offset_may_roll_to_the_closest_prior_working_day():
    assert after(date(2027, 9, 30), days=31, rolls=True) == date(2027, 10, 29)


@given(DAYS, st.integers(0, 60))
def test_counting_back_the_working_days_that_were_added_gives_their_number(day, count):
    later = MISSISSIPPI.add_working_days(day, count)

    assert MISSISSIPPI.working_days_between(day, later) == count
    assert MISSISSIPPI.working_days_between(later, day) == -count
