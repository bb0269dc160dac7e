"""When a reminder is due, and the hours in which a *no* may reach somebody."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.rules import DEADLINE_STEPS, is_kind_hour, next_kind_hour, step_due, step_missed
from programs.calendar import WorkCalendar

CALENDAR = WorkCalendar()
END = date(2027, 3, 20)
LONG_BEFORE = date(2027, 1, 1)


def due(days_left: int, since: date = LONG_BEFORE) -> int | None:
    return step_due(today=END - timedelta(days=days_left), ends_on=END, since=since, steps=DEADLINE_STEPS)


@pytest.mark.parametrize(
    ("days_left", "step"), [(15, None), (14, 14), (10, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-1, None)]
)
def test_the_nearest_step_reached_is_due_and_days_without_a_worker_are_caught_up(days_left, step):
    assert due(days_left) == step


def test_who_begins_five_days_before_is_reminded_first_at_three():
    begun = END - timedelta(days=5)

    assert [due(days, begun) for days in (5, 4, 3, 1)] == [None, None, 3, 1]


def test_who_begins_on_the_last_day_is_not_reminded_at_once():
    assert due(0, END) is None


def test_after_the_end_the_last_step_counts_as_missed():
    assert step_missed(today=END + timedelta(days=1), ends_on=END, since=LONG_BEFORE, steps=DEADLINE_STEPS) == 1
    assert step_missed(today=END, ends_on=END, since=LONG_BEFORE, steps=DEADLINE_STEPS) is None


@pytest.mark.parametrize(
    ("decided", "leaves"),
    [
        ("2027-03-03T18:00", "2027-03-03T18:00"),  # Wednesday noon: at once
        ("2027-03-03T12:00", "2027-03-03T15:00"),  # Wednesday 6 a.m.: at nine
        ("2027-03-03T21:00", "2027-03-04T15:00"),  # Wednesday 3 p.m. is too late
        ("2027-03-05T18:00", "2027-03-08T15:00"),  # Friday: Monday
        ("2027-07-01T18:00", "2027-07-01T18:00"),  # Thursday before a working Friday
        ("2027-11-24T18:00", "2027-11-29T15:00"),  # the day before Thanksgiving: after it
        ("2027-05-31T18:00", "2027-06-01T14:00"),  # Memorial Day itself
        ("2027-03-14T18:00", "2027-03-15T14:00"),  # the Sunday the clocks change
    ],
)
def test_a_no_leaves_in_kind_hours_only(decided, leaves):
    at = datetime.fromisoformat(decided).replace(tzinfo=UTC)

    assert next_kind_hour(at, CALENDAR) == datetime.fromisoformat(leaves).replace(tzinfo=UTC)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2032, 1, 1), timezones=st.just(UTC)))
def test_the_next_kind_hour_is_always_kind_and_never_earlier(at):
    leaves = next_kind_hour(at, CALENDAR)

    assert leaves >= at
    assert is_kind_hour(leaves, CALENDAR)
