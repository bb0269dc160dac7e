"""A spot moves while its seat is answered, given or moved from elsewhere: PostgreSQL, real connections, a control."""

from datetime import date, timedelta

import pytest

from audit.models import Entry
from audit.reasons import NotAllowed
from tests.trainings.factories import ALLOCATION, NOON, person, session, spot
from tests.trainings.test_fairness import beside
from tests.trainings.test_races import at_once
from trainings import workflow
from trainings.models import Registration, Seat, TrainingSession
from trainings.workflow import moves, seats, steps

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("pack"),
]
HOUR = timedelta(hours=1)
NOVEMBER = date(2027, 11, 15)


def fresh(one):
    return Registration.objects.get(pk=one.pk)


def offered():
    """One seat, offered to the second person; a third waits."""
    where = session(capacity=1)
    first, second, third = (spot(where, at=NOON + number * HOUR) for number in range(3))
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    return where, second, third


def said_no_or(act):
    """The verb may be refused: the other was quicker. Anything else is an error."""

    def run():
        try:
            return act()
        except NotAllowed as refusal:
            return refusal.reasons[0].code

    return run


def test_yes_and_the_move_at_the_same_instant_leave_one_seat_with_one_owner():
    for _try in range(5):
        where, second, third = offered()
        november = session(first=NOVEMBER)

        at_once(
            said_no_or(lambda second=second: workflow.accept(second.pk, by=second.person, at=ALLOCATION + HOUR)),
            said_no_or(
                lambda second=second, november=november: workflow.move_spot(
                    second.pk, november.pk, by=second.person, at=ALLOCATION + HOUR
                )
            ),
        )

        moved, behind = fresh(second), fresh(third)
        assert (moved.session_id, moved.seat_id, moved.status) == (november.pk, None, "admitted")
        assert behind.status == "offered"
        assert Seat.objects.get(session=where).registration == behind


def test_the_setting_of_seats_and_the_move_at_the_same_instant_lose_nobody():
    for _try in range(5):
        where, november = session(capacity=1), session(first=NOVEMBER)
        first, second = spot(where), spot(where, at=NOON + HOUR)

        at_once(
            lambda where=where: workflow.allocate(where.pk, at=ALLOCATION),
            lambda first=first, november=november: workflow.move_spot(
                first.pk, november.pk, by=first.person, at=ALLOCATION
            ),
        )

        moved, left = fresh(first), fresh(second)
        assert (moved.session_id, moved.seat_id) == (november.pk, None)
        assert left.status in ("confirmed", "offered")  # at once, or because the seat was given up
        assert Seat.objects.filter(session=where, registration__isnull=False).count() == 1


def test_two_who_swap_their_dates_do_not_wait_for_each_other_in_a_circle():
    for _try in range(5):
        one, other = session(), session(first=NOVEMBER)
        here, there = spot(one), spot(other)

        at_once(
            lambda here=here, other=other: workflow.move_spot(here.pk, other.pk, by=here.person, at=NOON + HOUR),
            lambda there=there, one=one: workflow.move_spot(there.pk, one.pk, by=there.person, at=NOON + HOUR),
        )

        assert (fresh(here).session_id, fresh(there).session_id) == (other.pk, one.pk)


def test_the_same_press_from_two_devices_moves_once():
    where, november = session(), session(first=NOVEMBER)
    one = spot(where)

    at_once(*[lambda: workflow.move_spot(one.pk, november.pk, by=one.person, at=NOON + HOUR)] * 4)

    assert fresh(one).session_id == november.pk
    assert Entry.objects.of(one).filter(event="trainings.moved").count() == 1


def test_two_dates_chosen_at_once_leave_the_spot_on_one_of_them():
    where, november, december = session(), session(first=NOVEMBER), session(first=date(2027, 12, 13))
    one = spot(where)

    at_once(
        said_no_or(lambda: workflow.move_spot(one.pk, november.pk, by=one.person, at=NOON + HOUR)),
        said_no_or(lambda: workflow.move_spot(one.pk, december.pk, by=one.person, at=NOON + HOUR)),
    )

    assert fresh(one).session_id in (november.pk, december.pk)
    assert Registration.objects.filter(person=one.person).count() == 1


def test_the_last_free_seat_by_hand_goes_to_one_of_two():
    where = session(capacity=1)
    seated, second, third = (spot(where, at=NOON + number * HOUR) for number in range(3))
    workflow.allocate(where.pk, at=ALLOCATION)
    now = where.starts_at - timedelta(days=1)
    workflow.withdraw(seated.pk, by=seated.person, at=now)
    staff = person()

    found = at_once(
        said_no_or(lambda: workflow.give_seat(second.pk, seen_passed=[], because="Called.", by=staff, at=now)),
        said_no_or(
            lambda: workflow.give_seat(third.pk, seen_passed=[second.reference], because="Called.", by=staff, at=now)
        ),
    )

    assert sorted(fresh(one).status for one in (second, third)) == ["confirmed", "waiting"]
    assert {"no_free_seat", "passed_not_ticked"} & {one for one in found if isinstance(one, str)}


@pytest.mark.parametrize("statement", range(4, 12))
def test_a_seat_given_by_hand_while_the_person_moves_is_a_seat_of_their_own_session(statement):
    where, november = session(capacity=1), session(first=NOVEMBER)
    seated, waiting = (spot(where, at=NOON + number * HOUR) for number in range(2))
    workflow.allocate(where.pk, at=ALLOCATION)
    now = where.starts_at - timedelta(days=1)
    workflow.withdraw(seated.pk, by=seated.person, at=now)
    staff = person()

    beside(
        lambda: workflow.move_spot(waiting.pk, november.pk, by=waiting.person, at=now),
        lambda: workflow.give_seat(waiting.pk, seen_passed=[], because="Called.", by=staff, at=now),
        statement,
    )

    one = Registration.objects.select_related("seat").get(pk=waiting.pk)
    assert one.session_id == november.pk
    assert one.seat is None or one.seat.session_id == november.pk


def test_without_the_locks_the_yes_and_the_move_go_wrong(monkeypatch):
    """The control: the same race without the session's lock and the spot's. A seat is given back while it is taken,
    or the move is lost, or a constraint stops it."""

    def unlocked_session(session_id):
        return TrainingSession.objects.select_related("course").get(pk=session_id)

    def unlocked_spot(registration_id):
        return Registration.objects.select_related("person", "seat", "course", "session__course").get(
            pk=registration_id
        )

    def unlocked_both(registration_id, to_session_id):
        return unlocked_spot(registration_id), unlocked_session(to_session_id)

    monkeypatch.setattr(steps, "lock_session", unlocked_session)
    monkeypatch.setattr(seats, "lock_spot", unlocked_spot)
    monkeypatch.setattr(moves, "_lock_both", unlocked_both)
    went_wrong = False
    for _try in range(30):
        _where, second, third = offered()
        november = session(first=NOVEMBER)
        try:
            at_once(
                said_no_or(lambda second=second: workflow.accept(second.pk, by=second.person, at=ALLOCATION + HOUR)),
                said_no_or(
                    lambda second=second, november=november: workflow.move_spot(
                        second.pk, november.pk, by=second.person, at=ALLOCATION + HOUR
                    )
                ),
            )
        except Exception:  # the database refused what the code would have done
            went_wrong = True
        moved = fresh(second)
        is_right = (moved.session_id, moved.status) == (november.pk, "admitted") and fresh(third).status == "offered"
        went_wrong = went_wrong or not is_right
        if went_wrong:
            break

    assert went_wrong
