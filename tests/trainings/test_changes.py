"""A session is moved, cancelled, made larger or smaller: what everyone sees before, and that each is told once."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Entry
from audit.reasons import NotAllowed
from notifications import reminders, sending
from notifications.models import Message
from programs.calendar import local_moment
from tests.applicants import factories as applicants
from tests.trainings.factories import ALLOCATION, NOON, person, plan, session, spot, trainer
from tests.trainings.test_planning import typed
from tests.trainings.test_way_in import guest
from tests.trainings.test_workflow import seated, statuses
from trainings import workflow
from trainings.models import Registration
from trainings.workflow.links import link_due_at

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = date(2027, 9, 20)


def at(client, moment):
    """The office at another time."""
    traveller = time_machine.travel(moment, tick=False)
    traveller.start()
    client.force_login(client.staff)
    return traveller


def moved_to(where, first=LATER, **changes):
    """Class on other days; the days that made the order stay."""
    where.refresh_from_db()
    facts = {
        "capacity": where.capacity,
        "registration_closes_on": where.registration_closes_on,
        "documents_close_on": where.documents_close_on,
        "allocation_on": where.allocation_on,
        "opens_at": where.opens_at,
        "designations": tuple(where.designations),
    }
    return plan(first=first, **{**facts, **changes})


def told(one, *kinds):
    return [
        kind for kind in Message.objects.filter(about=one.reference).values_list("kind", flat=True) if kind in kinds
    ]


# -- Moving ------------------------------------------------------------------------------------------------


def test_a_move_keeps_every_spot_and_tells_each_once_with_old_and_new_days():
    where, spots = seated(capacity=1, people=3)
    before = statuses(*spots)

    moved = workflow.change_session(where.pk, moved_to(where), by=trainer(), at=ALLOCATION + HOUR)
    workflow.change_session(where.pk, moved_to(where), by=trainer(), at=ALLOCATION + HOUR)

    assert statuses(*spots) == before
    assert [told(one, "session_moved", "session_changed") for one in spots] == [["session_moved"]] * 3
    assert moved.changes == 1
    assert Entry.objects.of(spots[0]).filter(event="trainings.session_moved").count() == 1


def test_two_moves_in_a_row_before_the_mail_left_tell_the_last_days_only():
    where, (mine, *_rest) = seated()

    workflow.change_session(where.pk, moved_to(where), by=trainer(), at=ALLOCATION + HOUR)
    workflow.change_session(where.pk, moved_to(where, date(2027, 9, 27)), by=trainer(), at=ALLOCATION + 2 * HOUR)

    states = Message.objects.filter(about=mine.reference, kind="session_moved").order_by("pk")
    assert [one.status for one in states] == ["cancelled", "owed"]
    assert "September 27" in states[1].facts["now"]


def test_another_day_for_the_seats_and_another_cost_are_told_once_to_those_they_concern():
    where = session("cpss", cost_cents=15_000)
    ranked, paid = spot(where), spot(where)
    Registration.objects.filter(pk=paid.pk).update(status="confirmed", seat=where.seats.first())
    same = moved_to(where, where.starts_on, cost_cents=15_000)
    later = where.allocation_on + timedelta(days=1)

    for _press in range(2):
        workflow.change_session(where.pk, replace(same, allocation_on=later), by=trainer(), at=NOON + HOUR)
    assert [told(one, "session_changed") for one in (ranked, paid)] == [["session_changed"], []]
    [said] = Message.objects.get(kind="session_changed").facts["what_else"]
    assert said.startswith("We set the seats on")

    workflow.change_session(
        where.pk, replace(same, allocation_on=later, cost_cents=20_000), by=trainer(), at=NOON + 2 * HOUR
    )
    newest = Message.objects.filter(kind="session_changed").exclude(status="cancelled")
    assert {one.about: one.facts["what_else"] for one in newest}[paid.reference] == ["It costs $200 now."]


@pytest.mark.parametrize("days", [-2, 2])
def test_another_last_day_is_told_to_whoever_began_an_application(days):
    draft = applicants.draft()
    where = draft.session
    last = where.registration_closes_on + timedelta(days=days)
    papers = max(where.documents_close_on, last)
    changed = moved_to(where, where.starts_on, registration_closes_on=last, documents_close_on=papers)

    workflow.change_session(where.pk, replace(changed, cost_cents=where.cost_cents), by=trainer(), at=NOON + HOUR)

    where.refresh_from_db()
    one = Message.objects.get(kind="deadline_moved", about=draft.reference)
    assert one.facts["due_at"] == where.registration_deadline.last_second.isoformat()
    assert not one.facts["was_down"]


def test_after_a_move_the_meeting_link_comes_again_before_the_new_days():
    where, (mine, *_rest) = seated()
    old_link_day = link_due_at(where)
    workflow.keep_time(at=old_link_day)
    assert told(mine, "meeting_link") == ["meeting_link"]

    moved = workflow.change_session(where.pk, moved_to(where, date(2027, 10, 4)), by=trainer(), at=old_link_day + HOUR)
    workflow.keep_time(at=old_link_day + 2 * HOUR)
    assert Registration.objects.get(pk=mine.pk).link_told_at is None
    assert [one.status for one in Message.objects.filter(about=mine.reference, kind="meeting_link")] == ["cancelled"]
    workflow.keep_time(at=link_due_at(moved))
    workflow.keep_time(at=link_due_at(moved) + HOUR)

    links = Message.objects.filter(about=mine.reference, kind="meeting_link").order_by("pk")
    assert [one.status for one in links] == ["cancelled", "owed"]


def test_reminders_follow_a_move():
    draft = applicants.draft()
    where = draft.session
    week_before = where.registration_deadline.closes_at - 7 * DAY
    reminders.plan(at=week_before)
    (first,) = Message.objects.filter(kind="application_deadline", about=draft.reference)

    later = where.registration_closes_on + 14 * DAY
    new_first = where.starts_on + 14 * DAY
    workflow.change_session(
        where.pk,
        plan(
            first=new_first,
            last=where.ends_on + 14 * DAY,
            registration_closes_on=later,
            documents_close_on=later,
            allocation_on=later + 5 * DAY,
            designations=tuple(where.designations),
        ),
        by=trainer(),
        at=week_before + HOUR,
    )
    reminders.plan(at=week_before + 2 * HOUR)

    first.refresh_from_db()
    assert first.status == "cancelled"
    new = Message.objects.filter(kind="application_deadline", about=draft.reference).exclude(pk=first.pk)
    assert [one.status for one in new] == []  # three weeks are left again
    reminders.plan(at=week_before + 14 * DAY)
    assert new.all().count() == 1


def test_who_cannot_come_on_the_new_days_leaves_and_keeps_their_time():
    where, (mine, *_rest) = seated()
    other = session(first=date(2027, 11, 15))
    workflow.change_session(where.pk, moved_to(where), by=trainer(), at=ALLOCATION + HOUR)

    workflow.withdraw(mine.pk, by=mine.person, at=ALLOCATION + DAY)

    again = spot(other, mine.person, at=ALLOCATION + 2 * DAY, admitted=False)
    assert again.received_at == mine.received_at


def test_who_signed_up_for_the_new_days_and_leaves_leaves_their_time_too():
    where = session()
    workflow.change_session(where.pk, moved_to(where), by=trainer(), at=NOON + HOUR)
    mine = spot(where, at=NOON + DAY)
    workflow.withdraw(mine.pk, by=mine.person, at=NOON + 2 * DAY)

    again = spot(session(first=date(2027, 11, 15)), mine.person, at=NOON + 3 * DAY, admitted=False)
    assert again.received_at == NOON + 3 * DAY


def test_the_persons_page_says_the_days_are_new_and_what_they_may_do(client):
    where, (mine, *_rest) = seated()
    workflow.change_session(where.pk, moved_to(where), by=trainer(), at=ALLOCATION + HOUR)

    with time_machine.travel(ALLOCATION + 2 * HOUR, tick=False):
        client.force_login(mine.person)
        page = client.get(mine.get_absolute_url()).content.decode()
        leave = client.get(reverse("trainings:withdraw", args=[mine.reference])).content.decode()

    assert "This training has new days" in page
    assert "The training got new days. You keep your spot." in page
    assert "So you keep your time for the next dates." in leave


def test_an_open_offer_ends_before_a_first_day_that_came_nearer():
    where, spots = seated(capacity=1, people=2)
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION)
    soon = date(2027, 8, 27)  # Friday: two days after the offer

    moved = workflow.change_session(
        where.pk, moved_to(where, soon, last=soon, last_offer_on=date(2027, 8, 26)), by=trainer(), at=ALLOCATION + HOUR
    )

    offer = Registration.objects.get(pk=spots[1].pk)
    assert offer.status == "offered"
    assert offer.offer_expires_at <= moved.starts_at - DAY


def test_once_class_began_only_the_way_in_changes_and_after_it_nothing():
    where, _spots = seated()
    during, staff = where.starts_at + HOUR, trainer()
    new_link = {"meeting_link": "https://meet.example.org/new"}

    for other in ({"capacity": 9}, {"first": date(2027, 10, 4)}, {"mode": "in_person", "location": "Hall"}):
        changed = moved_to(where, **{"first": where.starts_on, **new_link, **other})
        with pytest.raises(NotAllowed, match="only_the_way_in"):
            workflow.change_session(where.pk, changed, by=staff, at=during)
    for over in (where.ends_at, where.ends_at + DAY):
        with pytest.raises(NotAllowed, match="class_has_begun"):
            workflow.change_session(where.pk, moved_to(where, where.starts_on, **new_link), by=staff, at=over)
    with pytest.raises(NotAllowed, match="class_has_begun"):
        workflow.cancel(where.pk, because="Storm.", by=staff, at=during)
    with pytest.raises(NotAllowed, match="class_day_is_past"):
        workflow.change_session(
            where.pk,
            moved_to(where, date(2027, 9, 7), last=date(2027, 9, 7), last_offer_on=date(2027, 9, 2)),
            by=staff,
            at=local_moment(date(2027, 9, 9), time(9)),
        )


# -- More and fewer seats ----------------------------------------------------------------------------------


def test_two_more_seats_are_offered_to_the_first_two_in_line_and_they_are_told():
    where, spots = seated(capacity=1, people=4)

    workflow.change_session(where.pk, moved_to(where, where.starts_on, capacity=3), by=trainer(), at=ALLOCATION + HOUR)

    assert statuses(*spots) == ["confirmed", "offered", "offered", "waiting"]
    kinds = ("seat_offered", "session_moved", "session_changed")
    assert [told(one, *kinds) for one in spots] == [[], ["seat_offered"], ["seat_offered"], []]


def test_under_the_number_seated_nobody_is_removed_and_the_next_to_leave_close_their_seats():
    where, spots = seated(capacity=3, people=5)
    quiet = Message.objects.count()

    workflow.change_session(where.pk, moved_to(where, where.starts_on, capacity=1), by=trainer(), at=ALLOCATION + HOUR)
    assert statuses(*spots) == ["confirmed"] * 3 + ["waiting"] * 2
    assert where.seats.free().count() == 0
    assert Message.objects.count() == quiet
    for mine in spots[:2]:
        workflow.withdraw(mine.pk, by=mine.person, at=ALLOCATION + DAY)
        assert (where.seats.free().count(), statuses(*spots[3:])) == (0, ["waiting"] * 2)
    workflow.withdraw(spots[2].pk, by=spots[2].person, at=ALLOCATION + DAY)

    assert statuses(*spots[3:]) == ["offered", "waiting"]  # the one seat that is left
    assert where.seats.open().count() == 1


# -- Cancelling --------------------------------------------------------------------------------------------


def test_cancelling_tells_each_once_and_calls_off_what_was_not_sent():
    where, spots = seated(capacity=1, people=2)
    workflow.change_session(where.pk, moved_to(where), by=trainer(), at=ALLOCATION + HOUR)

    for _press in range(2):
        workflow.cancel(where.pk, because="The trainer is ill.", by=trainer(), at=ALLOCATION + 2 * HOUR)

    assert statuses(*spots) == ["cancelled", "cancelled"]
    for one in spots:
        states = dict(Message.objects.filter(about=one.reference).values_list("kind", "status"))
        assert (states["session_cancelled"], states["session_moved"]) == ("owed", "cancelled")
    sending.send_due(at=ALLOCATION + 3 * HOUR)
    assert Message.objects.filter(kind="session_cancelled", status="done").count() == 2


def test_whoever_started_an_application_hears_of_a_move_and_a_cancelling_and_is_reminded_no_more():
    draft = applicants.draft()
    where = draft.session
    reminders.plan(at=where.registration_deadline.closes_at - 7 * DAY)

    workflow.change_session(where.pk, moved_to(where), by=trainer(), at=NOON + HOUR)
    sending.send_due(at=NOON + 2 * HOUR)
    workflow.cancel(where.pk, because="The trainer is ill.", by=trainer(), at=NOON + DAY)
    reminders.plan(at=where.registration_deadline.closes_at - 3 * DAY)

    states = dict(Message.objects.filter(about=draft.reference).values_list("kind", "status"))
    assert states == {"session_moved": "done", "session_cancelled": "owed", "application_deadline": "cancelled"}
    assert Message.objects.filter(about=draft.reference).count() == 3


def test_who_paused_goes_on_waiting_when_the_session_is_cancelled():
    where, spots = seated(capacity=1, people=2)
    workflow.pause(spots[1].pk, by=spots[1].person, at=ALLOCATION + HOUR)

    workflow.cancel(where.pk, because="The trainer is ill.", by=trainer(), at=ALLOCATION + 2 * HOUR)

    assert statuses(*spots) == ["cancelled", "paused"]
    assert told(spots[1], "session_cancelled") == []


# -- The pages ---------------------------------------------------------------------------------------------


def test_a_change_shows_who_is_told_what_and_a_second_press_does_it(office):
    where, spots = seated(capacity=1, people=3)
    address = reverse("trainings:desk_change", args=[where.reference])
    clock = at(office, ALLOCATION + HOUR)
    try:
        form = typed(where, capacity="2")
        seen = office.post(address, form).content.decode()
        assert "Look at this change first" in seen and "Get a seat now: 1" in seen and "Wait in line: 1" in seen
        assert str(spots[1].person) in seen and "A seat is yours".lower() in seen.lower()
        assert statuses(*spots) == ["confirmed", "waiting", "waiting"]

        back = office.post(address, {**form, "back": "yes"}).content.decode()
        assert 'name="capacity" value="2"' in back
        for _press in range(2):
            office.post(address, {**form, "sure": "yes", "seen": "0"})
    finally:
        clock.stop()

    assert statuses(*spots) == ["confirmed", "offered", "waiting"]
    assert Message.objects.filter(kind="seat_offered").count() == 1


def test_a_move_is_proposed_for_all_dates_and_names_the_closest_working_day(office):
    where = session()
    address = reverse("trainings:desk_change", args=[where.reference])
    clock = at(office, NOON)
    try:
        page = office.get(address, {"first_day": "2027-11-22"}).content.decode()
    finally:
        clock.stop()

    assert 'name="first_day" value="2027-11-22"' in page and 'name="closes_on" value="2027-10-29"' in page
    assert "There is class on Thursday, November 25, 2027. That is Thanksgiving" in page
    assert "The closest working day is" in page


def test_somebody_elses_change_meanwhile_asks_to_look_again(office):
    where = session()
    address = reverse("trainings:desk_change", args=[where.reference])
    clock = at(office, NOON)
    try:
        form = typed(where, capacity="9")
        office.post(address, form)
        workflow.change_session(where.pk, moved_to(where, where.starts_on, capacity=5), by=trainer(), at=NOON)
        page = office.post(address, {**form, "sure": "yes", "seen": "0"}).content.decode()
    finally:
        clock.stop()

    where.refresh_from_db()
    assert "Someone else changed this session. Look at it again." in page and 'value="9"' in page
    assert "What stands there now" in page and "<dt>Seats</dt><dd>5</dd>" in page
    assert where.capacity == 5


def test_fewer_seats_say_before_that_nobody_loses_one(office):
    where, _spots = seated(capacity=3, people=2)
    clock = at(office, ALLOCATION + HOUR)
    try:
        address = reverse("trainings:desk_change", args=[where.reference])
        page = office.post(address, typed(where, capacity="1")).content.decode()
    finally:
        clock.stop()

    assert "Nobody loses a seat. 1 free seat closes now. 1 more closes when it falls" in page


def test_cancelling_shows_everyone_and_the_sentence_first(office):
    where, spots = seated(capacity=1, people=2)
    address = reverse("trainings:desk_cancel", args=[where.reference])
    clock = at(office, ALLOCATION + HOUR)
    try:
        empty = office.post(address, {"because": ""}).content.decode()
        seen = office.post(address, {"because": "The trainer is ill."}).content.decode()
        assert statuses(*spots) == ["confirmed", "waiting"]
        back = office.post(address, {"because": "The trainer is ill.", "back": "yes"}).content.decode()
        office.post(address, {"because": "The trainer is ill.", "sure": "yes"})
    finally:
        clock.stop()

    assert "Write one sentence, so that people know why." in empty
    assert "Have a seat: 1" in seen and "Wait in line: 1" in seen and "The trainer is ill." in seen
    assert 'value="The trainer is ill."' in back
    assert statuses(*spots) == ["cancelled", "cancelled"]


def test_names_stand_only_before_the_office(client):
    where = session()
    spot(where, person("Ada Hiddenname"))
    client.force_login(person())

    for name in ("desk_change", "desk_cancel"):
        answer = client.post(reverse(f"trainings:{name}", args=[where.reference]), typed(where, because="x"))
        assert answer.status_code == 403


def test_a_preview_counts_and_names_whoever_makes_up_a_half_day_there_as_the_messages_do(office):
    mine, later, over = guest(3)
    spot(later)
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    change, cancel = (reverse(f"trainings:{name}", args=[later.reference]) for name in ("desk_change", "desk_cancel"))
    a_week_on = {"first_day": "2027-11-15", "last_day": "2027-11-19", "looked_at": "on"}
    clock = at(office, over + HOUR)
    try:
        moving = office.post(change, typed(later, **a_week_on)).content.decode()
        bigger = office.post(change, typed(later, capacity="9", looked_at="on")).content.decode()
        cancelling = office.post(cancel, {"because": "The trainer is ill."}).content.decode()
        office.post(cancel, {"because": "The trainer is ill.", "sure": "yes"})
    finally:
        clock.stop()

    for page in (moving, bigger, cancelling):
        assert "Make up a half-day here: 1" in page and f"{mine.reference} {mine.person}" in page
        assert "In the ranking: 1" in page
    assert "They still make up their half-day here." in moving and "That day does not".lower() in cancelling
    assert told(mine, "make_up_given_back", "session_cancelled") == ["make_up_given_back"]
