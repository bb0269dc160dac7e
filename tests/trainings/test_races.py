"""Many people at the same instant, on PostgreSQL with real connections; and the control that shows it can fail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connections

from audit.models import Entry
from notifications.models import Message
from tests.trainings.factories import ALLOCATION, NOON, person, session, spot, standing
from trainings import workflow
from trainings.models import Allocation, Registration, TrainingSession
from trainings.workflow import seats, steps

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("pack"),
]
CLASS_DAY = date(2027, 9, 13)


def at_once(*acts):
    """Runs each act in a thread and connection of its own, all let go at the same instant."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait(timeout=30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def certified(count):
    people = [person() for _ in range(count)]
    for someone in people:
        standing(someone, "certified", "CPSSP-MH")
    return people


def first_come(capacity):
    return session("components_1", last=CLASS_DAY, capacity=capacity)


def sign_up(where, someone):
    return lambda: spot(where, someone)


def test_two_people_one_seat_one_confirmed_one_waiting():
    where, people = first_come(1), certified(2)

    at_once(*(sign_up(where, someone) for someone in people))

    assert sorted(Registration.objects.values_list("status", flat=True)) == ["confirmed", "waiting"]


def test_a_rush_of_forty_for_twelve_seats_oversells_nothing_and_loses_nobody():
    where, people = first_come(12), certified(40)

    for batch in range(0, 40, 20):
        at_once(*(sign_up(where, someone) for someone in people[batch : batch + 20]))

    found = list(Registration.objects.filter(session=where))
    assert len(found) == 40
    assert sorted(one.status for one in found) == ["confirmed"] * 12 + ["waiting"] * 28
    assert len({one.seat_id for one in found if one.seat_id}) == 12
    assert sorted(one.rank for one in found) == list(range(1, 41))


def test_without_the_lock_the_same_rush_goes_wrong(monkeypatch):
    """The control: the allocator without its lock ranks or seats two people alike, or a constraint stops it."""

    def unlocked(session_id):
        return TrainingSession.objects.select_related("course").get(pk=session_id)

    monkeypatch.setattr(seats, "lock_session", unlocked)
    monkeypatch.setattr(steps, "lock_session", unlocked)
    went_wrong = False
    for _try in range(10):
        where, people = first_come(6), certified(12)
        try:
            at_once(*(sign_up(where, someone) for someone in people))
        except Exception:  # the database refused what the code would have done
            went_wrong = True
        ranks = list(Registration.objects.filter(session=where).exclude(rank=None).values_list("rank", flat=True))
        went_wrong = went_wrong or len(set(ranks)) < len(ranks)
        if went_wrong:
            break

    assert went_wrong


def a_freed_seat():
    """One seat just left, and nobody in line was asked yet: whoever runs the allocator first offers it."""
    where = session(capacity=1)
    spots = [spot(where, at=NOON + timedelta(hours=number)) for number in range(3)]
    workflow.allocate(where.pk, at=ALLOCATION)
    Registration.objects.filter(pk=spots[0].pk).update(status="withdrawn", seat=None)
    return where, spots[1:]


def what_was_offered(spots):
    """Offers, history entries, messages and runs of the allocator, all told."""
    numbers = [one.reference for one in spots]
    return (
        [Registration.objects.get(pk=one.pk).status for one in spots],
        list(Entry.objects.filter(event="trainings.seat_offered").values_list("subject_reference", flat=True)),
        list(Message.objects.filter(kind="seat_offered", about__in=numbers).values_list("about", flat=True)),
        Allocation.objects.filter(session=spots[0].session, is_first=False).count(),
    )


def test_two_allocators_on_one_freed_seat_make_one_offer_one_message_and_one_entry():
    where, spots = a_freed_seat()
    assert what_was_offered(spots) == (["waiting", "waiting"], [], [], 0)

    at_once(*[lambda: workflow.allocate(where.pk, at=ALLOCATION)] * 2)

    first = spots[0].reference
    assert what_was_offered(spots) == (["offered", "waiting"], [first], [first], 1)


def test_two_allocators_without_the_lock_offer_twice_or_are_stopped(monkeypatch):
    """The control of the one before."""
    gate = Barrier(2)

    def unlocked(session_id):
        found = TrainingSession.objects.select_related("course").get(pk=session_id)
        gate.wait(timeout=30)
        return found

    went_wrong = False
    for _try in range(10):
        where, spots = a_freed_seat()
        with monkeypatch.context() as patch:
            patch.setattr(seats, "lock_session", unlocked)
            try:
                at_once(*[lambda where=where: workflow.allocate(where.pk, at=ALLOCATION)] * 2)
            except Exception:  # the database refused what the code would have done
                went_wrong = True
        went_wrong = went_wrong or Allocation.objects.filter(session=where, is_first=False).count() > 1
        if went_wrong:
            break

    assert went_wrong


def test_the_same_press_twice_at_once_is_one_spot():
    where, (me,) = first_come(3), certified(1)

    found = at_once(*[sign_up(where, me)] * 4)

    assert len({one.pk for one in found}) == 1
    assert Entry.objects.filter(event="trainings.registered").count() == 1


def test_yes_and_the_clock_at_the_same_instant_leave_one_of_both():
    where = session(capacity=1)
    first, second = spot(where), spot(where, at=NOON + timedelta(hours=1))
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    end = Registration.objects.get(pk=second.pk).offer_expires_at

    at_once(
        lambda: workflow.accept(second.pk, by=second.person, at=end - timedelta(seconds=1)),
        lambda: workflow.run_out(end - timedelta(seconds=1)),
        lambda: workflow.run_out(end - timedelta(seconds=1)),
    )

    assert Registration.objects.get(pk=second.pk).status == "confirmed"


def test_the_last_seat_is_left_and_asked_for_at_once_and_goes_to_one():
    where = session(capacity=2)
    spots = [spot(where, at=NOON + timedelta(hours=n)) for n in range(4)]
    workflow.allocate(where.pk, at=ALLOCATION)

    at_once(*(lambda one=one: workflow.withdraw(one.pk, by=one.person, at=ALLOCATION) for one in spots[:2]))

    found = [Registration.objects.get(pk=one.pk) for one in spots]
    assert [one.status for one in found] == ["withdrawn", "withdrawn", "offered", "offered"]
    assert len({one.seat_id for one in found[2:]}) == 2
