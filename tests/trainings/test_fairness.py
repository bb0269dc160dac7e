"""Nobody oversold, nobody lost, nobody out of order: in rushes, and with one allocator stopped at every statement."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, connections
from django.utils import timezone

from bench.rush import PEOPLE, SEATS, Outcome, Press, judged, rush
from tests.trainings.factories import ALLOCATION, NOON, person, session, spot, standing, trainer
from trainings import workflow
from trainings.models import Registration, TrainingSession
from trainings.workflow import seats, spots, steps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pack")]
RUSHES = 20
HOUR = timedelta(hours=1)


def unlocked(session_id):
    return TrainingSession.objects.select_related("course").get(pk=session_id)


def take_the_lock_away(monkeypatch):
    for module in (seats, spots, steps):
        if hasattr(module, "lock_session"):
            monkeypatch.setattr(module, "lock_session", unlocked)


# -- Rushes ------------------------------------------------------------------------------------------------


def test_twenty_rushes_of_a_hundred_people_for_thirty_seats_are_fair():
    people = [person() for _ in range(PEOPLE)]
    for someone in people:
        standing(someone, "certified", "CPSSP-MH")
    now, staff = timezone.now(), trainer()
    first = (now + timedelta(days=90)).date()

    total = Outcome(0, 0, 0)
    for _ in range(RUSHES):
        Registration.objects.update(status="withdrawn", seat=None)
        where = session("components_1", by=staff, at=now, first=first, last=first, capacity=SEATS)
        total += judged(where, rush(where, people))

    assert total == Outcome(oversold=0, lost=0, out_of_order=0)


def test_two_hundred_people_press_for_thirty_seats_and_a_hundred_and_seventy_wait_in_one_line():
    people = [person() for _ in range(200)]
    for someone in people:
        standing(someone, "certified", "CPSSP-MH")
    now = timezone.now()
    first = (now + timedelta(days=90)).date()
    where = session("components_1", by=trainer(), at=now, first=first, last=first, capacity=SEATS)

    presses = rush(where, people)

    found = list(Registration.objects.filter(session=where))
    seated = [one for one in found if one.status == "confirmed"]
    waiting = [one for one in found if one.status == "waiting"]
    assert {one.person_id for one in found} == {one.pk for one in people}
    assert (len(seated), len({one.seat_id for one in seated}), len(waiting)) == (30, 30, 170)
    assert sorted(one.rank for one in seated) == list(range(1, 31))
    assert sorted(one.rank for one in waiting) == list(range(31, 201))
    assert judged(where, presses) == Outcome(oversold=0, lost=0, out_of_order=0)


def test_the_judge_sees_what_is_unfair():
    """The control of the judge itself: each kind of wrong is counted."""
    where = session("components_1", last=None, capacity=1)
    people = [person() for _ in range(3)]
    for someone in people:
        standing(someone, "certified", "CPSSP-MH")
    mine = [spot(where, someone) for someone in people[:2]]
    Registration.objects.filter(pk=mine[0].pk).update(rank=5)
    presses = [Press(people[0].pk, 1.0, 2.0), Press(people[1].pk, 3.0, 4.0), Press(people[2].pk, 5.0, 6.0)]

    found = judged(where, presses)

    assert (found.lost, found.is_fair) == (1, False)
    assert found.out_of_order >= 2


# -- One allocator stopped at every statement, while another commits ---------------------------------------


class Stopped:
    """Runs an act in a thread of its own and stops it before its n-th statement until it is let go."""

    def __init__(self, act, at_statement):
        self.act, self.at_statement = act, at_statement
        self.reached, self.let_go, self.count, self.trouble = Event(), Event(), 0, None
        self.thread = Thread(target=self._run, daemon=True)

    def _run(self):
        try:
            with connection.execute_wrapper(self._stop):
                self.act()
        except Exception as wrong:  # a constraint that refuses what the code would have done
            self.trouble = wrong
        finally:
            self.reached.set()
            connections.close_all()

    def _stop(self, execute, sql, params, many, context):
        self.count += 1
        if self.count == self.at_statement:
            self.reached.set()
            self.let_go.wait(timeout=20)
        return execute(sql, params, many, context)


def beside(act, other, at_statement):
    """`act` is stopped before that statement while `other` runs as far as it can; then both end."""
    first = Stopped(act, at_statement)
    first.thread.start()
    assert first.reached.wait(timeout=20)
    second = Stopped(other, 0)
    second.thread.start()
    second.thread.join(timeout=0.3)  # it ends, or it waits for the lock
    first.let_go.set()
    for one in (first, second):
        one.thread.join(timeout=20)
        assert not one.thread.is_alive()
    return first, second


def a_freed_seat():
    """Two wait, one seat has fallen free, and nobody has offered it yet."""
    where = session(capacity=1)
    holder, *waiting = (spot(where, at=NOON + n * HOUR) for n in range(3))
    workflow.allocate(where.pk, at=ALLOCATION)
    Registration.objects.filter(pk=holder.pk).update(status="withdrawn", seat=None)
    return where, waiting


def offers(where):
    return list(Registration.objects.filter(session=where, status="offered").values_list("pk", flat=True))


def pauses():
    """How many statements one allocation has: each is a point to be stopped at."""
    where, _waiting = a_freed_seat()
    counting = Stopped(lambda: workflow.allocate(where.pk, at=ALLOCATION + HOUR), 0)
    counting.thread.start()
    counting.thread.join(timeout=20)
    return range(1, counting.count + 1)


def test_an_allocator_stopped_at_any_statement_while_another_runs_makes_one_offer_to_the_first():
    for at_statement in pauses():
        where, waiting = a_freed_seat()

        def allocate(key=where.pk):
            workflow.allocate(key, at=ALLOCATION + HOUR)

        first, second = beside(allocate, allocate, at_statement)

        assert (first.trouble, second.trouble) == (None, None), at_statement
        assert offers(where) == [waiting[0].pk], at_statement


def test_an_allocator_stopped_at_any_statement_while_somebody_leaves_gives_each_seat_once_and_in_order():
    for at_statement in pauses():
        where, waiting = a_freed_seat()

        beside(
            lambda key=where.pk: workflow.allocate(key, at=ALLOCATION + HOUR),
            lambda who=waiting[0]: workflow.withdraw(who.pk, by=who.person, at=ALLOCATION + HOUR),
            at_statement,
        )

        assert offers(where) == [waiting[1].pk], at_statement


def test_without_the_lock_stopping_at_some_statement_goes_wrong(monkeypatch):
    """The control: the same walk finds a statement at which two allocators give one seat twice, or the database
    has to refuse it."""
    points = pauses()
    take_the_lock_away(monkeypatch)
    went_wrong = []
    for at_statement in points:
        where, waiting = a_freed_seat()

        def allocate(key=where.pk):
            workflow.allocate(key, at=ALLOCATION + HOUR)

        first, second = beside(allocate, allocate, at_statement)

        went_wrong.append(bool(first.trouble or second.trouble) or offers(where) != [waiting[0].pk])

    assert any(went_wrong)
