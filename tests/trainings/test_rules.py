"""The order, the deadlines, the end of an offer, being done: plain values, no database."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.reasons import codes, say
from programs.calendar import Deadline, WorkCalendar
from tests.trainings.factories import CALENDAR, plan
from trainings import rules
from trainings.rules import Claim, Door, ExamRule, in_order

NINE = datetime(2027, 7, 1, 14, tzinfo=UTC)
EXAM = ExamRule(pass_mark=75, attempts=3, wait_days=7)
claims = st.builds(
    Claim,
    registration=st.integers(1, 50),
    tier=st.integers(1, 4),
    received_at=st.datetimes(datetime(2027, 1, 1), datetime(2027, 1, 3), timezones=st.just(UTC)),
)


def test_a_better_group_stands_before_an_earlier_time():
    late_first_group, early_second_group = Claim(3, 1, NINE + timedelta(days=9)), Claim(1, 2, NINE)

    assert in_order([early_second_group, late_first_group]) == [late_first_group, early_second_group]


def test_in_one_group_and_second_the_first_written_down_stands_first():
    assert in_order([Claim(2, 1, NINE), Claim(1, 1, NINE)]) == [Claim(1, 1, NINE), Claim(2, 1, NINE)]


@settings(max_examples=60)
@given(st.lists(claims, unique_by=lambda claim: claim.registration), st.randoms())
def test_the_order_does_not_depend_on_how_the_claims_come(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)

    assert in_order(shuffled) == in_order(found)
    assert [Claim.of(claim.stored()) for claim in in_order(found)] == in_order(found)


@settings(max_examples=60)
@given(st.lists(claims, unique_by=lambda claim: claim.registration, min_size=1), claims)
def test_one_more_person_changes_nobody_elses_order(found, newcomer):
    others = [claim for claim in found if claim.registration != newcomer.registration]

    together = [claim for claim in in_order([*others, newcomer]) if claim != newcomer]

    assert together == in_order(others)


def door(**changes):
    facts = {"status": "published", "opens_at": NINE, "deadline": Deadline(date(2027, 8, 20))}
    return Door(**{**facts, **changes})


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, []), (-0.000001, []), (0, ["registration_closed"]), (1, ["registration_closed"])]
)
def test_the_deadlines_last_second_counts_and_the_next_does_not(seconds, expected):
    arrived_at = Deadline(date(2027, 8, 20)).closes_at + timedelta(seconds=seconds)

    assert codes(rules.reasons_not_to_register(door(), arrived_at=arrived_at, tier=1)) == expected


@pytest.mark.parametrize(
    ("changes", "tier", "designation", "expected"),
    [
        ({}, None, "", ["not_open_to_you_yet"]),
        ({"designations": ("MH",)}, 1, "SU", ["designation_not_taught"]),
        ({"designations": ("MH",)}, None, "", ["not_open_to_you_yet", "designation_not_taught"]),
        ({"designations": ("MH",)}, 1, "MH", []),
        ({"status": "draft"}, 1, "", ["session_not_open"]),
        ({"status": "held"}, 1, "", ["session_not_open"]),
        ({"status": "cancelled"}, 1, "", ["session_cancelled"]),
        ({"opens_at": NINE + timedelta(seconds=2)}, 1, "", ["registration_not_open_yet"]),
        ({"is_allocated": True}, 1, "", ["seats_are_set"]),
    ],
)
def test_what_keeps_somebody_out(changes, tier, designation, expected):
    found = rules.reasons_not_to_register(
        door(**changes), arrived_at=NINE + timedelta(seconds=1), tier=tier, designation=designation
    )

    assert codes(found) == expected


def test_what_is_missing_first_is_named_beside_every_other_reason():
    found = rules.reasons_not_to_register(
        door(designations=("MH",)), arrived_at=NINE + timedelta(seconds=1), tier=None, missing=("Part 1", "A job")
    )

    assert codes(found) == ["not_open_to_you_yet", "prerequisite_missing", "designation_not_taught"]
    assert say(found[1]) == "You need this first: Part 1 and A job."


@pytest.mark.parametrize(
    ("offered", "starts", "expected"),
    [
        ("2027-08-25T13:00", "2027-09-13T14:00", "2027-08-28T13:00"),  # on the hour: exactly three days
        ("2027-08-25T13:00:23", "2027-09-13T14:00", "2027-08-28T14:00"),  # never less than three days
        ("2027-09-10T13:00", "2027-09-13T14:00", "2027-09-12T14:00"),  # near class: a day before
        ("2027-09-13T08:00", "2027-09-13T14:00", "2027-09-13T14:00"),  # on the last morning: until class
    ],
)
def test_an_offer_lasts_three_days_and_less_near_class(offered, starts, expected):
    offered_at, starts_at, ends = (datetime.fromisoformat(f"{text}Z") for text in (offered, starts, expected))

    assert rules.offer_expires_at(offered_at, starts_at=starts_at, hours=72) == ends


@pytest.mark.parametrize(("spot", "expected"), [(1, (3, 4)), (2, (2, 4)), (5, (1, 4)), (6, (0, 4))])
def test_the_share_counts_the_sessions_that_reached_the_spot(spot, expected):
    assert rules.share_seated(spot, [0, 1, 3, 5]) == expected


def test_under_three_sessions_there_is_no_share():
    assert rules.share_seated(1, [5, 5]) is None


@pytest.mark.parametrize(
    ("score", "number", "expected"),
    [(75, 1, None), (74, 1, date(2027, 9, 24)), (0, 2, date(2027, 9, 24)), (74, 3, None)],
)
def test_after_a_miss_the_test_waits_a_week_and_after_the_last_try_it_is_over(score, number, expected):
    assert rules.next_try_on(score, number=number, taken_on=date(2027, 9, 17), rule=EXAM) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"has_passed": True}, ["exam_already_passed"]),
        ({"taken": 3}, ["exam_attempts_used"]),
        ({"taken_on": date(2027, 9, 26)}, ["day_still_to_come"]),
        ({"taken_on": date(2027, 9, 12)}, ["exam_before_class"]),
        ({"next_on": date(2027, 9, 25)}, ["exam_too_soon"]),
        ({"next_on": date(2027, 9, 24)}, []),
    ],
)
def test_who_may_sit(changes, expected):
    facts = {
        "taken_on": date(2027, 9, 24),
        "today": date(2027, 9, 25),
        "first_day": date(2027, 9, 13),
        "has_passed": False,
        "taken": 1,
        "next_on": None,
        "rule": EXAM,
    }

    assert codes(rules.reasons_not_to_sit(**{**facts, **changes})) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"unmarked": 1}, ["half_days_not_marked"]),
        ({"missed": 1}, ["time_missed"]),
        ({"missed": 1, "may_miss": 1}, []),
        ({"has_passed": False}, ["exam_not_passed_yet"]),
        ({"has_passed": False, "has_exam": False}, []),
        ({"class_is_over": False}, ["class_not_over"]),
        (
            {"unmarked": 2, "missed": 2, "has_passed": False},
            ["half_days_not_marked", "time_missed", "exam_not_passed_yet"],
        ),
    ],
)
def test_who_is_done(changes, expected):
    facts = {"unmarked": 0, "missed": 0, "may_miss": 0, "has_exam": True, "has_passed": True}

    assert codes(rules.reasons_not_complete(**{**facts, **changes})) == expected


FIRST = date(2027, 9, 13)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"half_days": ()}, ["session_without_hours"]),
        ({"capacity": 0}, ["session_without_seats"]),
        ({"registration_closes_on": FIRST}, ["closes_after_class_begins", "allocated_before_deadline"]),
        ({"allocation_on": FIRST}, ["allocated_after_class_begins"]),
        ({"documents_close_on": date(2027, 8, 25)}, ["allocated_before_deadline"]),
        ({"last_offer_on": FIRST}, ["offers_after_class_begins"]),
        ({"opens_at": datetime(2027, 8, 21, 12, tzinfo=UTC)}, ["opens_after_it_closes"]),
        ({"is_first_come": True, "allocation_on": FIRST}, []),
    ],
)
def test_a_plan_that_cannot_work_is_refused(changes, expected):
    assert codes(rules.reasons_not_to_plan(plan(**changes), CALENDAR)) == expected


def test_half_days_may_not_overlap():
    hours = ((time(9), time(12)), (time(11), time(16)))

    overlapping = plan(half_days=rules.half_days(FIRST, FIRST, hours, CALENDAR))

    assert codes(rules.reasons_not_to_plan(overlapping, CALENDAR)) == ["half_days_overlap"]


def test_a_class_over_the_clock_change_starts_at_nine_on_both_sides_of_it():
    days = rules.half_days(date(2027, 11, 5), date(2027, 11, 8), [(time(9), time(12))], CALENDAR)

    assert [start.isoformat() for start, _end in days] == [
        "2027-11-05T14:00:00+00:00",
        "2027-11-06T14:00:00+00:00",
        "2027-11-07T15:00:00+00:00",
        "2027-11-08T15:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("ends", "counts_for", "far"),
    [
        (time(9, 9), 3, True),  # nine minutes
        (time(10, 29), 3, True),
        (time(10, 30), 3, False),
        (time(12), 3, False),
        (time(15), 3, False),
        (time(15, 1), 3, True),
        (time(9, 9), 0, False),  # it counts for the time somebody was there
    ],
)
def test_class_time_far_from_the_hours_the_course_counts_for_is_worth_a_look(ends, counts_for, far):
    day = date(2027, 9, 13)
    short = plan(half_days=rules.half_days(day, day, [(time(9), ends)], CALENDAR))

    found = rules.worth_a_look(short, CALENDAR, counts_for=counts_for)

    assert codes(found) == (["hours_far_from_course"] if far else [])


def test_a_weekend_and_a_holiday_are_worth_a_look():
    odd = plan(first=date(2027, 9, 6), last=date(2027, 9, 6), registration_closes_on=date(2027, 8, 14))

    found = rules.worth_a_look(odd, WorkCalendar(), counts_for=6)

    assert [(one.facts["what"], one.facts["day"], one.facts["holiday"]) for one in found] == [
        ("class_on", date(2027, 9, 6), "Labor Day"),
        ("deadline_on", date(2027, 8, 14), ""),
    ]
