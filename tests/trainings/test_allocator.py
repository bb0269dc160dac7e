"""The allocator: how many statements it takes, whom a block's seats go to, and who is told early."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.employment.factories import ProviderFactory
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, session, spot, standing, trainer
from trainings import rules, workflow
from trainings.models import Allocation, Block, Registration
from trainings.workflow.seats import seat_newcomer

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOT_COUNTED = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return [one["sql"] for one in captured if not one["sql"].startswith(NOT_COUNTED)]


def trained(count):
    people = [person() for _ in range(count)]
    for someone in people:
        standing(someone, "trained", "CPSSP-MH")
    return people


def fresh(spots):
    return [Registration.objects.get(pk=one.pk) for one in spots]


# -- Statements --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("course", ["cpss", "peer_bridger"])
def test_signing_up_takes_at_most_eight_statements(course):
    where, (me,) = session(course), trained(1)

    written = statements(lambda: spot(where, me, admitted=False))

    assert len(written) <= 8, written


@pytest.mark.parametrize("people", [5, 60])
def test_setting_the_seats_takes_at_most_twelve_statements_whatever_the_numbers(people):
    where = session("peer_bridger", last=None, capacity=people // 2)
    for someone in trained(people):
        spot(where, someone)

    written = statements(lambda: workflow.allocate(where.pk, at=ALLOCATION))

    assert len(written) <= 12, written
    assert Registration.objects.filter(status="confirmed").count() == people // 2


@pytest.mark.parametrize("people", [5, 60])
def test_offering_freed_seats_takes_at_most_twelve_statements_whatever_the_numbers(people):
    where = session(capacity=1)
    for _ in range(people + 1):
        spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    where.seats.bulk_create(type(where.seats.first())(session=where, number=n) for n in range(2, people))
    type(where).objects.filter(pk=where.pk).update(capacity=people - 1)

    written = statements(lambda: workflow.allocate(where.pk, at=ALLOCATION + HOUR))

    assert len(written) <= 12, written
    assert Registration.objects.filter(status="offered").count() == people - 2


# -- Blocks ------------------------------------------------------------------------------------------------


def test_somebody_the_run_before_has_seated_already_costs_no_run_of_their_own():
    where = session("components_1", last=None, capacity=1)
    someone = person()
    standing(someone, "certified", "CPSSP-MH")
    seated = spot(where, someone)
    runs = Allocation.objects.count()

    looked = statements(lambda: seat_newcomer(seated, at=NOON))

    assert (len(looked), Allocation.objects.count(), fresh([seated])[0].status) == (2, runs, "confirmed")


def block_of(where, count):
    """A provider's seats, as staff set them aside."""
    block = Block.objects.create(
        session=where, provider=ProviderFactory(), count=count, until_on=FIRST_DAY, made_by=trainer(), made_at=NOON
    )
    keys = list(where.seats.order_by("-number").values_list("pk", flat=True)[:count])
    where.seats.filter(pk__in=keys).update(kept_for=block.reference)
    return block


def test_a_block_seat_goes_to_its_own_person_although_others_came_first():
    where = session(capacity=2)
    block = block_of(where, 1)
    first, second = spot(where), spot(where, at=NOON + HOUR)
    hired = spot(where, at=NOON + 2 * HOUR, block=block)

    workflow.allocate(where.pk, at=ALLOCATION)

    assert [one.status for one in fresh([first, second, hired])] == ["confirmed", "waiting", "confirmed"]
    assert fresh([hired])[0].kept_for == block.reference


def test_a_block_seat_that_falls_free_is_offered_inside_the_block_however_far_back_its_person_stands():
    where = session(capacity=2)
    block = block_of(where, 1)
    mine = spot(where, block=block)
    spots = [spot(where, at=NOON + n * HOUR) for n in range(1, 5)]
    also_mine = spot(where, at=NOON + 9 * HOUR, block=block)
    workflow.allocate(where.pk, at=ALLOCATION)

    workflow.withdraw(mine.pk, by=mine.person, at=ALLOCATION + HOUR)

    assert fresh([also_mine])[0].status == "offered"
    assert [one.status for one in fresh(spots)] == ["confirmed", "waiting", "waiting", "waiting"]


def test_nobody_outside_gets_a_block_seat_while_it_is_kept():
    where = session(capacity=1)
    block_of(where, 1)
    mine = spot(where)

    workflow.allocate(where.pk, at=ALLOCATION)

    assert fresh([mine])[0].status == "waiting"


# -- Sure before the day -----------------------------------------------------------------------------------


def bridger(where, at):
    someone = person()
    standing(someone, "employed", "peer_bridger")
    return spot(where, someone, at=at)


CLOSED = NOON.replace(day=21)  # the day after the last day to sign up


def test_a_first_group_person_whose_seat_can_no_longer_be_lost_has_it_before_the_seats_are_set():
    where = session("peer_bridger", last=None, capacity=2)
    lower = spot(where, trained(1)[0])
    sure, not_sure = bridger(where, NOON + HOUR), bridger(where, NOON + 2 * HOUR)

    workflow.secure_due(CLOSED)

    # The third could still be passed: the first may prove a job before the day.
    assert [one.status for one in fresh([lower, sure, not_sure])] == ["admitted", "confirmed", "admitted"]
    assert workflow.secure(where.pk, at=CLOSED) == []


def test_who_is_offered_a_kept_seat_and_may_come_back_counts_among_those_before():
    where = session("peer_bridger", last=None, capacity=2)
    first = bridger(where, NOON)
    others = [bridger(where, NOON + number * HOUR) for number in (1, 2)]
    workflow.keep_seats(where.pk, 1, for_round="SR-TEST", by=trainer(), at=NOON)
    workflow.offer_kept_seat(first.pk, answer_by=ALLOCATION, by=trainer(), at=NOON + HOUR, for_round="SR-TEST")

    workflow.secure_due(CLOSED)
    assert [one.status for one in fresh(others)] == ["admitted", "admitted"]

    workflow.decline(first.pk, by=first.person, at=CLOSED)
    workflow.secure_due(CLOSED)
    assert [one.status for one in fresh([first, *others])] == ["confirmed", "admitted", "admitted"]


@pytest.mark.parametrize("course", ["components_1", "peer_bridger"])
def test_somebody_left_over_is_seen_to_within_the_minute(course):
    """As after a process that ended between the sign-up and the allocator."""
    where = session(course, last=None, capacity=2)
    (someone,) = trained(1)
    standing(someone, "certified", "CPSSP-MH")
    mine = spot(where, someone)
    if course == "peer_bridger":
        workflow.allocate(where.pk, at=ALLOCATION)
    Registration.objects.filter(pk=mine.pk).update(status="admitted", seat=None, rank=None, confirmed_at=None)

    workflow.keep_time(at=ALLOCATION)

    assert fresh([mine])[0].status in ("confirmed", "offered")


def test_pressing_again_asks_for_the_seat_again():
    where = session("components_1", last=None, capacity=1)
    someone = person()
    standing(someone, "certified", "CPSSP-MH")
    Registration.objects.filter(pk=spot(where, someone).pk).update(status="admitted", seat=None, rank=None)

    assert spot(where, someone).status == "confirmed"


def test_nobody_is_told_early_while_people_may_still_sign_up():
    where = session("peer_bridger", last=None, capacity=2)
    mine = bridger(where, NOON)

    workflow.secure_due(NOON + HOUR)

    assert fresh([mine])[0].status == "admitted"


def test_the_allocation_after_it_ranks_the_others_behind_and_every_run_replays():
    where = session("peer_bridger", last=None, capacity=2)
    lower = spot(where, trained(1)[0])
    sure, other = bridger(where, NOON + HOUR), bridger(where, NOON + 2 * HOUR)
    workflow.secure_due(CLOSED)

    workflow.allocate(where.pk, at=ALLOCATION)

    assert [(one.status, one.rank) for one in fresh([sure, other, lower])] == [
        ("confirmed", 1),
        ("confirmed", 2),
        ("waiting", 3),
    ]
    for run in Allocation.objects.filter(session=where):
        played = rules.replay(
            {"claims": run.claims, "waited": run.waited, "free_seats": run.free_seats[: len(run.given)]}
        )
        assert played == [(key, number) for key, number, _status in run.given]


def test_staff_may_put_a_person_in_another_group_and_the_order_follows():
    where = session("peer_bridger", last=None, capacity=1)
    first, second = (spot(where, someone, at=NOON + n * HOUR) for n, someone in enumerate(trained(2)))
    Registration.objects.filter(pk=second.pk).update(tier_override=1)

    workflow.allocate(where.pk, at=ALLOCATION)

    assert [one.status for one in fresh([first, second])] == ["waiting", "confirmed"]


def test_a_group_that_ended_before_the_day_does_not_count():
    where = session("peer_bridger", last=None, capacity=1)
    someone, (other,) = person(), trained(1)
    standing(someone, "employed", "peer_bridger", until=date(2027, 8, 20))
    standing(someone, "trained", "CPSSP-MH")
    late, early = spot(where, someone, at=NOON + HOUR), spot(where, other)

    workflow.allocate(where.pk, at=ALLOCATION)

    assert [one.status for one in fresh([early, late])] == ["confirmed", "waiting"]
