"""Exceptions with a reason: another group, another time, a late form, a free seat by hand."""

from datetime import date, timedelta

import pytest

from audit.models import Entry
from audit.reasons import NotAllowed
from programs.calendar import local_moment
from tests.trainings.factories import ALLOCATION, NOON, person, session, spot, standing
from tests.trainings.test_moves import at_step
from trainings import rules, workflow
from trainings.models import Override, Registration, Status
from trainings.workflow.overrides import IN_THE_LINE

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "Their paper lay in our mail room."


def fresh(one):
    return Registration.objects.get(pk=one.pk)


def bridgers(capacity=1, people=3):
    """A session with groups, and people of the second group in the order they came."""
    where = session("peer_bridger", capacity=capacity)
    spots = []
    for number in range(people):
        someone = person()
        standing(someone, "certified", "CPSSP-MH")
        spots.append(spot(where, someone, at=NOON + number * HOUR))
    return where, spots


def allocate(where):
    workflow.allocate(where.pk, at=local_moment(where.allocation_on, rules.MORNING))
    where.refresh_from_db()


def act(name, one, *, by, at, because=WHY):
    """Each exception by its name, with facts that are right for it."""
    if name == "group":
        return workflow.put_in_group(one.pk, 1, because=because, by=by, at=at)
    if name == "time":
        return workflow.count_from(one.pk, NOON - DAY, because=because, by=by, at=at)
    return workflow.give_seat(one.pk, seen_passed=[], because=because, by=by, at=at)


EXCEPTIONS = ("group", "time", "seat")


@pytest.mark.parametrize("name", EXCEPTIONS)
@pytest.mark.parametrize("status", sorted({*Status} - {*IN_THE_LINE, Status.CONFIRMED}))
def test_no_exception_from_a_step_outside_the_line(name, status):
    one, now = at_step(status)

    with pytest.raises(NotAllowed, match="not_at_this_step"):
        act(name, one, by=person(), at=now)

    assert not Override.objects.exists()


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_never_on_ones_own_matter_a_superuser_included_and_never_without_a_reason(name):
    where, (one, *_others) = bridgers()
    me = one.person
    me.is_superuser = True
    me.save()

    with pytest.raises(NotAllowed, match="own_matter"):
        act(name, one, by=me, at=NOON + DAY)
    with pytest.raises(NotAllowed, match="reason_needed"):
        act(name, one, by=person(), at=NOON + DAY, because="  ")

    assert not Override.objects.exists()


def test_put_in_the_first_group_the_last_to_come_is_seated_first():
    where, (first, second, third) = bridgers()

    for _press in range(2):
        workflow.put_in_group(third.pk, 1, because=WHY, by=person(), at=NOON + DAY)
    allocate(where)

    assert [fresh(one).status for one in (first, second, third)] == ["waiting", "waiting", "confirmed"]
    exception = Override.objects.get()
    assert (exception.kind, exception.before, exception.after, exception.because) == ("group", "", "1", WHY)
    assert Entry.objects.of(third).filter(event="trainings.overridden").count() == 1


def test_taken_back_the_records_count_again():
    where, (first, _second, third) = bridgers()
    workflow.put_in_group(third.pk, 1, because=WHY, by=person(), at=NOON + DAY)

    workflow.put_in_group(third.pk, None, because="It was another person.", by=person(), at=NOON + DAY)
    allocate(where)

    assert fresh(first).status == Status.CONFIRMED
    assert Override.objects.count() == 2


def test_there_is_no_such_group_and_where_only_time_counts_there_are_none():
    where, (one, *_others) = bridgers()
    plain = spot(session())

    with pytest.raises(NotAllowed, match="no_such_group"):
        workflow.put_in_group(one.pk, 9, because=WHY, by=person(), at=NOON + DAY)
    with pytest.raises(NotAllowed, match="no_groups_here"):
        workflow.put_in_group(plain.pk, 1, because=WHY, by=person(), at=NOON + DAY)


def test_counted_from_the_time_on_the_stamp():
    where = session(capacity=1)
    first, second = spot(where), spot(where, at=NOON + HOUR)

    workflow.count_from(second.pk, NOON - HOUR, because=WHY, by=person(), at=NOON + DAY)
    allocate(where)

    assert [fresh(one).status for one in (first, second)] == ["waiting", "confirmed"]


def test_after_the_seats_are_set_one_spot_moves_and_the_others_keep_their_order():
    where = session(capacity=1)
    spots = [spot(where, at=NOON + number * HOUR) for number in range(5)]
    allocate(where)

    workflow.count_from(spots[4].pk, NOON + 90 * timedelta(minutes=1), because=WHY, by=person(), at=ALLOCATION + HOUR)

    line = list(where.registrations.in_line())
    assert line == [spots[1], spots[4], spots[2], spots[3]]
    assert [one.rank for one in line] == [2, 3, 4, 5]


def test_a_time_still_to_come_is_refused():
    one = spot(session())

    with pytest.raises(NotAllowed, match="time_still_to_come"):
        workflow.count_from(one.pk, NOON + 2 * DAY, because=WHY, by=person(), at=NOON + DAY)


# -- A late form -------------------------------------------------------------------------------------------


def late(where, someone, by=None, **changes):
    at = changes.pop("at", where.registration_closes_at + HOUR)
    facts = {"designation": "CPSSP-MH", "received_at": at, "because": WHY, "by": by or person(), **changes}
    return workflow.take_late_form(where.pk, person_id=someone.pk, at=at, **facts)


def test_a_form_after_the_last_day_is_taken_once_with_its_reason():
    where, someone = session(), person()

    found = [late(where, someone) for _press in range(2)]

    assert found[0] == found[1]
    assert (found[0].status, Override.objects.get().kind) == (Status.RECEIVED, "late_form")


def test_a_late_form_cannot_have_come_after_now():
    where, someone = session(), person()

    with pytest.raises(NotAllowed, match="time_still_to_come"):
        late(where, someone, received_at=where.registration_closes_at + 2 * HOUR)


def test_after_the_seats_are_set_a_late_form_joins_the_end_of_the_line():
    where, people = bridgers()
    someone = person()
    standing(someone, "employed", "peer_bridger")
    allocate(where)

    one = late(where, someone, at=local_moment(where.allocation_on, rules.MORNING) + HOUR)

    assert fresh(one).status == Status.WAITING
    assert list(where.registrations.in_line())[-1] == one


def test_a_late_form_is_refused_while_it_is_not_late_or_class_has_begun_or_it_is_ones_own():
    where, someone = session(), person()

    for at, reason in ((NOON, "still_open_for_all"), (where.starts_at, "class_has_begun")):
        with pytest.raises(NotAllowed, match=reason):
            late(where, someone, at=at)
    with pytest.raises(NotAllowed, match="own_matter"):
        late(where, someone, by=someone)


# -- A seat by hand ----------------------------------------------------------------------------------------


def by_hand():
    """Two wait, the last day for offers is over, and a seat falls free."""
    where = session(capacity=1)
    seated, second, third = (spot(where, at=NOON + number * HOUR) for number in range(3))
    allocate(where)
    now = local_moment(where.last_offer_on + DAY, rules.MORNING)
    workflow.withdraw(seated.pk, by=seated.person, at=now)
    return where, second, third, now


def test_the_first_in_line_gets_the_free_seat_and_a_second_press_gives_no_more():
    where, second, _third, now = by_hand()

    for _press in range(2):
        workflow.give_seat(second.pk, seen_passed=[], because="They said yes on the phone.", by=person(), at=now)

    assert fresh(second).status == Status.CONFIRMED
    assert Override.objects.count() == 1
    assert where.seats.free().count() == 0


def test_nobody_is_passed_without_being_named_and_ticked():
    _where, second, third, now = by_hand()

    with pytest.raises(NotAllowed, match="passed_not_ticked"):
        workflow.give_seat(third.pk, seen_passed=[], because=WHY, by=person(), at=now)
    workflow.give_seat(third.pk, seen_passed=[second.reference], because=WHY, by=person(), at=now)

    assert [fresh(one).status for one in (second, third)] == ["waiting", "confirmed"]
    confirmed = Entry.objects.of(third).get(event="trainings.confirmed")
    assert confirmed.facts["passed"] == [second.reference]


def test_no_seat_by_hand_while_none_is_free_or_none_is_set():
    where = session(capacity=1)
    _seated, second = spot(where), spot(where, at=NOON + HOUR)

    with pytest.raises(NotAllowed, match="seats_not_set_yet"):
        workflow.give_seat(second.pk, seen_passed=[], because=WHY, by=person(), at=NOON + DAY)
    allocate(where)
    with pytest.raises(NotAllowed, match="no_free_seat"):
        workflow.give_seat(second.pk, seen_passed=[], because=WHY, by=person(), at=ALLOCATION + HOUR)

    assert date(2027, 9, 13) == where.starts_on


def test_taking_back_another_group_puts_somebody_who_waits_where_their_records_say():
    where, (first, second, third) = bridgers(capacity=1)
    allocate(where)
    workflow.put_in_group(third.pk, 1, because=WHY, by=person(), at=ALLOCATION)
    assert [one.pk for one in where.registrations.in_line()] == [third.pk, second.pk]

    workflow.put_in_group(third.pk, None, because="It was another person.", by=person(), at=ALLOCATION)

    assert [one.pk for one in where.registrations.in_line()] == [second.pk, third.pk]
    assert fresh(third).tier == fresh(second).tier != 1
