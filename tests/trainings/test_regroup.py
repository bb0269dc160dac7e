"""Standings change before the seats are set: the order follows, and the history says why."""

from datetime import timedelta

import pytest

from accounts.workflow import grant_standing, withdraw_standings
from audit.models import Entry
from programs.calendar import local_day, local_moment
from tests.trainings.factories import NOON, person, session, spot, standing
from trainings import rules, workflow
from trainings.workflow.regroup import regroup_by_date

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def in_line():
    where = session("peer_bridger", capacity=1)
    people = [person(), person()]
    spots = []
    for number, someone in enumerate(people):
        standing(someone, "certified", "CPSSP-MH")
        spots.append(spot(where, someone, at=NOON + number * HOUR))
    return where, spots


def regrouped(one):
    entries = Entry.objects.of(one).filter(event="trainings.regrouped")
    return [(entry.facts["before"], entry.facts["after"], entry.facts["source"]) for entry in entries]


def hire(one, *, at, **dates):
    start = {"starts_on": local_day(at), **dates}
    return grant_standing(one.person_id, "employed", "peer_bridger", source="VR-1", by=None, at=at, **start)


def test_a_confirmed_job_moves_a_person_up_and_its_end_back_and_each_time_the_history_says_why():
    where, (first, second) = in_line()

    hire(second, at=NOON + DAY)
    withdraw_standings(second.person_id, source="VR-1", by=None, at=NOON + 2 * DAY)

    assert [(before, after) for before, after, _source in regrouped(second)] == [(2, 1), (1, 2)]
    assert regrouped(first) == []


def test_the_allocation_follows_the_new_facts():
    where, (first, second) = in_line()
    hire(second, at=NOON + DAY)

    workflow.allocate(where.pk, at=local_moment(where.allocation_on, rules.MORNING))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("waiting", "confirmed")


def test_a_standing_that_changes_no_group_writes_nothing_and_after_the_seats_are_set_none_does():
    where, (first, second) = in_line()
    grant_standing(
        first.person_id, "trained", "CPSSP-MH", starts_on=local_day(NOON), source="CO-1", by=None, at=NOON + DAY
    )
    workflow.allocate(where.pk, at=local_moment(where.allocation_on, rules.MORNING))
    hire(second, at=local_moment(where.allocation_on, rules.MORNING) + HOUR)

    assert regrouped(first) + regrouped(second) == []


def test_what_ends_by_its_own_date_is_written_down_that_day_once():
    where, (_first, second) = in_line()
    ends = NOON + 3 * DAY
    hire(second, at=NOON + DAY, ends_on=local_day(ends))

    assert regroup_by_date(ends - DAY) == 0
    assert [regroup_by_date(ends), regroup_by_date(ends + HOUR)] == [1, 0]

    assert [(before, after) for before, after, _source in regrouped(second)] == [(2, 1), (1, 2)]
