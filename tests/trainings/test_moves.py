"""Changing the date, pausing and going on: from every step, with the time kept and nobody passed."""

from datetime import date, timedelta

import pytest

from audit.models import Entry
from audit.reasons import NotAllowed
from notifications.models import Message
from programs.calendar import add_months, local_day, local_moment
from tests.trainings.factories import ALLOCATION, NOON, person, plan, session, spot, standing
from trainings import rules, workflow
from trainings.models import Registration, Seat, Status
from trainings.workflow.steps import MAY_CHANGE_DATE

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = date(2027, 11, 15)


def fresh(one):
    return Registration.objects.select_related("session", "seat").get(pk=one.pk)


def events(one):
    return [name.partition(".")[2] for name in Entry.objects.of(one).values_list("event", flat=True)]


def told(one):
    messages = Message.objects.filter(about=one.reference).exclude(status="cancelled").order_by("pk")
    return list(messages.values_list("kind", flat=True))


def at_step(status):
    """A spot that stands at this step, by the ordinary verbs, and the moment after."""
    where = session(capacity=1)
    first = spot(where)
    second = spot(where, at=NOON + HOUR)
    later = ALLOCATION + HOUR
    if status in (Status.RECEIVED, Status.NOT_ELIGIBLE):
        third = spot(where, at=NOON + 2 * HOUR, admitted=False)
        if status == Status.NOT_ELIGIBLE:
            workflow.not_admit(third.pk, by=None, at=NOON + 3 * HOUR)
        return third, NOON + DAY
    if status == Status.ADMITTED:
        return second, NOON + DAY
    workflow.allocate(where.pk, at=ALLOCATION)
    if status == Status.CONFIRMED:
        return first, later
    if status == Status.WAITING:
        return second, later
    if status == Status.PAUSED:
        workflow.pause(second.pk, by=second.person, at=later)
        return second, later + HOUR
    if status == Status.WITHDRAWN:
        workflow.withdraw(second.pk, by=second.person, at=later)
        return second, later
    if status == Status.CANCELLED:
        workflow.cancel(where.pk, because="The room is gone.", by=person(), at=later)
        return second, later
    if status == Status.NOT_SEATED:
        workflow.close_lines(where.starts_at)
        return second, where.starts_at
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    if status == Status.DECLINED:
        workflow.decline(second.pk, by=second.person, at=later)
    if status == Status.RAN_OUT:
        end = fresh(second).offer_expires_at
        workflow.run_out(end)
        return second, end
    return second, later


def test_the_steps_above_are_reached_by_the_ordinary_verbs():
    assert {status: fresh(at_step(status)[0]).status for status in Status} == {status: status for status in Status}


@pytest.mark.parametrize("status", sorted(MAY_CHANGE_DATE))
def test_a_spot_changes_its_date_from_this_step_and_keeps_its_time(status):
    one, now = at_step(status)
    before = fresh(one)
    november = session(first=NOVEMBER)

    workflow.move_spot(one.pk, november.pk, by=one.person, at=now)

    after = fresh(one)
    assert (after.session, after.received_at, after.admitted_at) == (november, before.received_at, before.admitted_at)
    assert after.status == (Status.ADMITTED if before.admitted_at else Status.RECEIVED)
    assert (after.seat, after.rank, after.tier, after.offer_expires_at, after.paused_until) == (None,) * 5
    moved = Entry.objects.of(one).filter(event="trainings.moved").get()
    assert (moved.facts["moved_from"], moved.facts["moved_to"]) == (before.session.reference, november.reference)
    assert told(one)[-1] == "spot_moved"
    assert told(one).count("spot_moved") == 1


@pytest.mark.parametrize("status", sorted(set(Status) - MAY_CHANGE_DATE))
def test_from_this_step_there_is_no_other_date(status):
    one, now = at_step(status)
    november = session(first=NOVEMBER)

    with pytest.raises(NotAllowed, match="not_at_this_step"):
        workflow.move_spot(one.pk, november.pk, by=one.person, at=now)

    assert fresh(one).session_id != november.pk


def test_pressed_twice_it_moves_once():
    one, now = at_step(Status.ADMITTED)
    november = session(first=NOVEMBER)

    for _press in range(2):
        workflow.move_spot(one.pk, november.pk, by=one.person, at=now)

    assert events(one).count("moved") == 1
    assert told(one).count("spot_moved") == 1


def test_the_seat_it_had_goes_to_the_next_in_line():
    where = session(capacity=1)
    first, second = spot(where), spot(where, at=NOON + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)

    workflow.move_spot(first.pk, session(first=NOVEMBER).pk, by=first.person, at=ALLOCATION + HOUR)

    assert fresh(second).status == Status.OFFERED
    assert "seat_confirmed" not in told(first)  # what was owed about the old date is called off


def test_in_the_new_session_its_time_counts_as_if_it_had_always_been_there():
    where, november = session(), session(first=NOVEMBER, capacity=1)
    mine = spot(where)
    spot(november, at=NOON + HOUR)
    workflow.move_spot(mine.pk, november.pk, by=mine.person, at=NOON + DAY)

    workflow.allocate(november.pk, at=local_moment(november.allocation_on, rules.MORNING))

    assert fresh(mine).status == Status.CONFIRMED


def test_where_the_seats_are_set_it_joins_the_end_of_the_line_with_one_message():
    early, late = session(first=NOVEMBER), session(capacity=1)
    mine = spot(early)  # came before everybody there
    spot(late, at=NOON + HOUR)
    waiting = spot(late, at=NOON + 2 * HOUR)
    workflow.allocate(late.pk, at=ALLOCATION)

    workflow.move_spot(mine.pk, late.pk, by=mine.person, at=ALLOCATION + HOUR)

    assert [fresh(one).status for one in (waiting, mine)] == [Status.WAITING, Status.WAITING]
    assert fresh(waiting).rank < fresh(mine).rank
    assert told(mine)[-1] == "waiting"
    assert "spot_moved" not in told(mine)


def test_between_the_deadline_and_the_setting_of_seats_nobody_joins():
    one, november = spot(session(first=NOVEMBER)), session()
    after_deadline = november.registration_closes_at

    with pytest.raises(NotAllowed, match="date_not_open"):
        workflow.move_spot(one.pk, november.pk, by=one.person, at=after_deadline)
    workflow.move_spot(one.pk, november.pk, by=one.person, at=after_deadline - timedelta(seconds=1))

    assert fresh(one).session == november


def test_refused_are_another_course_a_designation_not_taught_and_a_class_that_has_begun():
    where = session(capacity=1)
    one = spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    elsewhere = session("cpss_supervisor", last=None, first=NOVEMBER)
    narrow = workflow.plan_session(plan(first=NOVEMBER, designations=("CPSSP-Y",)), by=person(), at=NOON)
    workflow.publish(narrow.pk, by=person(), at=NOON)
    wide = session(first=date(2027, 11, 29))

    for to, reason, at in (
        (elsewhere, "not_the_same_course", ALLOCATION),
        (narrow, "designation_not_taught", ALLOCATION),
        (wide, "class_has_begun", where.starts_at),
    ):
        with pytest.raises(NotAllowed, match=reason):
            workflow.move_spot(one.pk, to.pk, by=one.person, at=at)

    assert fresh(one).status == Status.CONFIRMED


def test_an_ended_spot_does_not_move_over_a_newer_one_of_the_same_course():
    one, now = at_step(Status.DECLINED)
    second, third = session(first=NOVEMBER), session(first=date(2027, 11, 29))
    newer = spot(second, one.person, at=now)

    with pytest.raises(NotAllowed, match="already_in_another_session"):
        workflow.move_spot(one.pk, third.pk, by=one.person, at=now)

    assert (fresh(one).status, fresh(newer).session) == (Status.DECLINED, second)


def test_as_people_come_a_free_seat_is_taken_at_once_and_a_full_room_is_waited_for():
    full, free = (
        session("components_1", first=first, last=first, capacity=1) for first in (NOVEMBER, date(2027, 11, 29))
    )
    people = [person() for _ in range(2)]
    for someone in people:
        standing(someone, "certified", "CPSSP-MH")
    seated, waiting = spot(full, people[0]), spot(full, people[1], at=NOON + HOUR)

    moved = workflow.move_spot(waiting.pk, free.pk, by=waiting.person, at=NOON + DAY)
    back = workflow.move_spot(moved.pk, full.pk, by=waiting.person, at=NOON + 2 * DAY)

    assert (moved.status, back.status, fresh(seated).status) == (Status.CONFIRMED, Status.WAITING, Status.CONFIRMED)
    assert free.seats.free().count() == 1


# -- A pause -----------------------------------------------------------------------------------------------

MAY_PAUSE = (Status.RECEIVED, Status.ADMITTED, Status.WAITING, Status.OFFERED, Status.CONFIRMED)


@pytest.mark.parametrize("status", MAY_PAUSE)
def test_a_pause_keeps_the_time_for_twelve_months_and_gives_the_seat_on(status):
    one, now = at_step(status)
    before = fresh(one)

    for _press in range(2):
        workflow.pause(one.pk, by=one.person, at=now)

    after = fresh(one)
    assert (after.status, after.received_at, after.seat) == (Status.PAUSED, before.received_at, None)
    assert after.paused_until == add_months(local_day(now), 12)
    assert events(one).count("paused") == 1
    assert told(one)[-1] == "spot_paused"
    if status == Status.CONFIRMED:
        assert Seat.objects.get(pk=before.seat_id).registration.status == Status.OFFERED


@pytest.mark.parametrize("status", sorted(set(Status) - {*MAY_PAUSE, Status.PAUSED}))
def test_what_is_over_cannot_pause(status):
    one, now = at_step(status)

    with pytest.raises(NotAllowed, match="not_at_this_step"):
        workflow.pause(one.pk, by=one.person, at=now)


def test_a_pause_is_over_once_class_has_begun():
    one, _now = at_step(Status.CONFIRMED)

    with pytest.raises(NotAllowed, match="class_has_begun"):
        workflow.pause(one.pk, by=one.person, at=fresh(one).session.starts_at)


def test_no_reason_for_a_pause_is_stored_anywhere():
    one, now = at_step(Status.ADMITTED)

    workflow.pause(one.pk, by=one.person, at=now)

    facts = Entry.objects.of(one).get(event="trainings.paused").facts
    assert set(facts) == {"session", "before", "until", "kept_for"}


def test_going_on_is_choosing_a_date_the_old_one_too_while_it_is_open():
    one, now = at_step(Status.ADMITTED)
    workflow.pause(one.pk, by=one.person, at=now)

    workflow.move_spot(one.pk, fresh(one).session_id, by=one.person, at=now + HOUR)

    assert (fresh(one).status, fresh(one).paused_until) == (Status.ADMITTED, None)
    assert one.received_at == fresh(one).received_at


def test_the_allocator_passes_who_has_paused():
    where = session(capacity=1)
    first, second = spot(where), spot(where, at=NOON + HOUR)
    workflow.pause(first.pk, by=first.person, at=NOON + DAY)

    workflow.allocate(where.pk, at=ALLOCATION)

    assert [fresh(one).status for one in (first, second)] == [Status.PAUSED, Status.CONFIRMED]


def test_a_pause_ends_kindly_the_day_after_its_last_day():
    one, now = at_step(Status.ADMITTED)
    workflow.pause(one.pk, by=one.person, at=now)
    until = fresh(one).paused_until

    assert workflow.end_pauses(local_moment(until, rules.MORNING)) == 0
    assert workflow.end_pauses(local_moment(until + DAY, rules.MORNING)) == 1
    assert workflow.end_pauses(local_moment(until + DAY, rules.MORNING)) == 0

    assert fresh(one).status == Status.WITHDRAWN
    assert told(one)[-1] == "pause_ended"
