"""How it went before for a person at this spot: in the ranking, in the line, on their page and for the caller."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from programs.calendar import local_moment
from tests.trainings.factories import FIRST_DAY, NOON, session, spot, trainer
from trainings import line, rules, workflow
from trainings.models import TrainingSession
from trainings.workflow.clock import hold_past_sessions

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
SEEN = local_moment(FIRST_DAY + 9 * WEEK, rules.MORNING)


def held(weeks, *, capacity, people, leave=0, course="cpss"):
    """A past session of the course: its seats were set, some left again, and it took place."""
    where = session(course, first=FIRST_DAY + weeks * WEEK, capacity=capacity)
    spots = [spot(where, at=NOON + number * HOUR) for number in range(people)]
    set_at = local_moment(where.allocation_on, rules.MORNING)
    workflow.allocate(where.pk, at=set_at)
    for one in spots[:leave]:
        workflow.withdraw(one.pk, by=one.person, at=set_at + HOUR)
    return where


def three_before():
    """Seats went as far as number 3 (nobody came that far), number 2 (one left), number 1."""
    before = [held(0, capacity=3, people=2), held(4, capacity=1, people=3, leave=1), held(8, capacity=1, people=2)]
    hold_past_sessions(SEEN)
    assert {one.status for one in TrainingSession.objects.filter(pk__in=[one.pk for one in before])} == {"held"}
    return session(first=FIRST_DAY + 16 * WEEK)


def test_the_seats_that_opened_to_the_line_and_how_far_seats_reached_are_counted_session_by_session():
    where = three_before()

    assert line._seats_opened(where) == [0, 1, 0]
    assert sorted(line._seats_reached(where)) == [1, 2, 3]


def test_before_the_seats_are_set_the_share_is_of_people_at_that_number_in_the_ranking():
    where = three_before()
    spots = [spot(where, at=NOON + number * HOUR) for number in range(4)]

    shares = [line.place_of(one, SEEN).share for one in spots]

    assert shares == [(3, 3), (2, 3), (1, 3), (0, 3)]


def test_whoever_has_a_seat_ahead_of_the_day_still_counts_in_the_ranking():
    where = three_before()
    first, second = (spot(where, at=NOON + number * HOUR) for number in range(2))
    seat = where.seats.first()
    type(first).objects.filter(pk=first.pk).update(status="confirmed", seat=seat)

    place = line.place_of(second, SEEN)

    assert (place.number, place.share) == (1, (2, 3))


def test_under_three_sessions_nobody_is_told_a_number():
    held(0, capacity=1, people=1)
    hold_past_sessions(SEEN)
    mine = spot(session(first=FIRST_DAY + 16 * WEEK))

    assert line.place_of(mine, SEEN).share is None


def test_the_persons_page_and_the_callers_panel_say_it_before_the_seats_are_set(client):
    where = three_before()
    spot(where)
    mine, clerk = spot(where, at=NOON + HOUR), trainer()
    said = "In 2 of the last 3 sessions a person at number 2 got a seat."

    with time_machine.travel(SEEN, tick=False):
        client.force_login(mine.person)
        own = client.get(mine.get_absolute_url()).content.decode()
        client.force_login(clerk)
        read_out = client.get(reverse("person", args=[mine.person.reference])).content.decode()

    assert "You are number 2 in the ranking now" in own and said in own
    assert "You are number 2 in the ranking now" in read_out and said in read_out
