"""Votes, numbers, names and clocks, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.reasons import codes
from certification import rules

NOON = datetime(2027, 11, 1, 18, tzinfo=UTC)


@pytest.mark.parametrize(("seated", "needed"), [(7, 4), (6, 4), (5, 3), (4, 3), (1, 1)])
def test_a_quorum_is_more_than_half_of_those_who_sit(seated, needed):
    assert rules.quorum(seated) == needed


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        ({"yes": 4}, "recommended"),
        ({"yes": 3, "no": 1}, "recommended"),
        ({"yes": 2, "abstain": 2}, "recommended"),
        ({"yes": 2, "no": 2}, None),
        ({"yes": 2, "more": 1, "no": 1}, None),
        ({"more": 3, "yes": 1}, "asks_more"),
        ({"no": 3, "yes": 1}, "not_recommended"),
        ({"abstain": 4}, None),
        ({}, None),
    ],
)
def test_an_answer_needs_more_than_half_of_the_votes_abstentions_aside(tally, said):
    assert rules.outcome(tally) == said


def test_the_chair_presides_unless_they_stepped_back():
    seats = [(1, False), (2, False), (3, True)]

    assert rules.presiding(seats, recused=()) == 3
    assert rules.presiding(seats, recused=(3,)) == 1
    assert rules.presiding(seats, recused=(1, 2, 3)) is None


def test_a_recommendation_waits_for_the_day_and_the_quorum():
    early = rules.reasons_not_to_recommend(
        seated=6, tally={"yes": 3}, meeting_on=date(2027, 11, 18), today=date(2027, 11, 17)
    )

    assert codes(early) == ["meeting_still_ahead", "no_quorum"]
    assert early[1].facts == {"cast": 3, "needed": 4}


@pytest.mark.parametrize(
    "typed", ["MS-2027-00042-K7Q", "ms-2027-00042-k7q", " MS 2027 00042 K7Q ", "MS202700042K7Q", "ms–2027–00042–k7q"]
)
def test_a_number_is_found_however_it_is_typed(typed):
    assert rules.number_from(typed) == "MS-2027-00042-K7Q"


@pytest.mark.parametrize("typed", ["", "MS-2027-42-K7Q", "MS-2027-00042-K7", "'; DROP TABLE", "K7Q"])
def test_what_is_no_number_is_nothing(typed):
    assert rules.number_from(typed) == ""


@pytest.mark.parametrize(
    ("printed", "typed"),
    [("Núñez", "nunez"), ("O'Neil", "O’NEIL"), ("de la Cruz", "De La Cruz "), ("Smith-Jones", "smith jones")],
)
def test_a_name_is_the_same_with_or_without_accents_marks_and_capitals(printed, typed):
    assert rules.plain_name(printed) == rules.plain_name(typed)


@pytest.mark.parametrize(("printed", "typed"), [("山田", "山本"), ("Smith", "Smit"), ("الحسيني", "الحسن")])
def test_another_name_stays_another_name(printed, typed):
    assert rules.plain_name(printed) != rules.plain_name(typed)


def test_the_second_clock_counts_only_the_days_with_us():
    turns = [
        (NOON, True),
        (NOON + timedelta(days=3), False),
        (NOON + timedelta(days=10), True),
    ]

    assert rules.days_with_us(turns, until=NOON + timedelta(days=12)) == 5
    assert rules.days_with_us([], until=NOON) == 0
