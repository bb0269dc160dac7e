"""The office changes a session while people answer and sign up, on PostgreSQL with real connections."""

from datetime import timedelta

import pytest

from audit.models import Entry
from audit.reasons import NotAllowed
from notifications.models import Message
from tests.trainings.factories import ALLOCATION, NOON, person, session, spot
from tests.trainings.test_changes import moved_to
from tests.trainings.test_races import at_once
from tests.trainings.test_workflow import seated
from trainings import workflow
from trainings.models import Registration, Seat
from trainings.workflow import changes, clock

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("pack"),
]
HOUR = timedelta(hours=1)


def quietly(act):
    def run():
        try:
            return act()
        except NotAllowed as refusal:
            return refusal.reasons[0].code

    return run


@pytest.mark.parametrize("_round", range(3))
def test_fewer_seats_while_people_say_yes_takes_none_from_anybody(_round):
    where, spots = seated(capacity=3, people=6)
    staff = person()
    for one in spots[:3]:
        workflow.withdraw(one.pk, by=one.person, at=ALLOCATION)
    fewer = moved_to(where, where.starts_on, capacity=1)

    at_once(
        lambda: workflow.change_session(where.pk, fewer, by=staff, at=ALLOCATION + HOUR),
        *(lambda one=one: workflow.accept(one.pk, by=one.person, at=ALLOCATION + HOUR) for one in spots[3:]),
    )

    held = list(Registration.objects.filter(session=where, status="confirmed").values_list("seat", flat=True))
    assert len(held) == len(set(held)) == 3
    assert not Seat.objects.filter(pk__in=held).exclude(closed_at=None).exists()
    where.refresh_from_db()
    assert (where.capacity, where.seats.free().count()) == (1, 0)


def test_cancelled_while_people_sign_up_leaves_no_live_spot_and_tells_each_once():
    where, people, staff = session("cpss_supervisor"), [person() for _number in range(8)], person()
    sign_up = [
        quietly(
            lambda one=one: workflow.register(
                where.pk, person_id=one.pk, designation="", received_at=NOON, by=one, at=NOON
            )
        )
        for one in people
    ]

    at_once(*sign_up, lambda: workflow.cancel(where.pk, because="The trainer is ill.", by=staff, at=NOON))
    workflow.keep_time(at=NOON + timedelta(minutes=1))

    spots = list(Registration.objects.filter(session=where))
    assert {one.status for one in spots} <= {"cancelled"}
    for one in spots:
        assert Entry.objects.of(one).filter(event="trainings.session_cancelled").count() == 1
        assert Message.objects.filter(about=one.reference, kind="session_cancelled").count() == 1


def test_without_the_sweep_somebody_who_signed_up_in_that_moment_would_wait_in_vain(monkeypatch):
    """The control: a sign-up that read the session before it was cancelled and was written after it."""
    where, staff, someone = session("cpss_supervisor"), person(), person()
    late = spot(where, someone)
    Registration.objects.filter(pk=late.pk).update(status="withdrawn")
    workflow.cancel(where.pk, because="The trainer is ill.", by=staff, at=NOON)
    Registration.objects.filter(pk=late.pk).update(status="admitted")

    with monkeypatch.context() as off:
        off.setattr(clock, "DUE", [part for part in clock.DUE if part is not changes.clear_cancelled])
        workflow.keep_time(at=NOON + HOUR)
    assert Registration.objects.get(pk=late.pk).is_live

    assert changes.clear_cancelled(NOON + HOUR) == 1
    assert Message.objects.filter(about=late.reference, kind="session_cancelled").count() == 1


def test_a_move_waits_for_whoever_is_just_signing_up_and_tells_them_too():
    where, people, staff = session("cpss_supervisor"), [person() for _number in range(6)], person()
    sign_up = [lambda one=one: spot(where, one) for one in people]

    at_once(
        *sign_up,
        lambda: workflow.change_session(
            where.pk, moved_to(where, where.starts_on + timedelta(days=7)), by=staff, at=NOON
        ),
    )

    where.refresh_from_db()
    assert where.registrations.live().count() == 6
    assert (
        Message.objects.filter(kind="session_moved").count()
        == Message.objects.filter(kind="session_moved").values("about").distinct().count()
    )


def test_a_move_and_a_cancelling_at_once_tell_one_story():
    where, spots = seated(capacity=2, people=4)
    first, second = person(), person()

    at_once(
        quietly(
            lambda: workflow.change_session(
                where.pk, moved_to(where, where.starts_on + timedelta(days=7)), by=first, at=ALLOCATION + HOUR
            )
        ),
        quietly(lambda: workflow.cancel(where.pk, because="x", by=second, at=ALLOCATION + HOUR)),
    )

    where.refresh_from_db()
    assert where.is_cancelled
    for one in spots:
        owed = Message.objects.filter(about=one.reference, kind__in=["session_moved", "session_cancelled"])
        assert list(owed.filter(status="owed").values_list("kind", flat=True)) == ["session_cancelled"]
