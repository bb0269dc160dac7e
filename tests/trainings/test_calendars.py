"""Files for people's own calendars: what is moved and called off comes through; a person's own says nothing aloud."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.workflow import change_profile
from audit.models import Entry
from notifications.models import Message
from programs.calendar import local_moment
from tests.notifications.test_words import FORTY_WORDS, _holds
from tests.trainings.calendars import read_back
from tests.trainings.factories import (
    ALLOCATION,
    CENTRAL,
    FIRST_DAY,
    NOON,
    person,
    plan,
    session,
    spot,
    standing,
)
from tests.trainings.test_changes import moved_to
from trainings import rules, workflow
from trainings.models import CalendarAddress, ExamSitting, MakeUp
from trainings.workflow.sittings import SittingPlan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def public(client):
    return read_back(client.get(reverse("trainings:calendar_file")).content)


def own(client, someone):
    address = CalendarAddress.objects.filter(person=someone).first() or workflow.open_calendar(
        someone, by=someone, at=NOON
    )
    return read_back(client.get(reverse("trainings:own_calendar_file", args=[address.token])).content)


def numbers(found, status="CONFIRMED"):
    return sorted(int(uid.split("@")[0].rpartition("-")[2]) for uid, event in found.items() if event.status == status)


def move(where, *, first, last, at):
    by = person()
    changed = plan(where.course.kind, first=first, last=last, capacity=where.capacity)
    return workflow.change_session(where.pk, changed, by=by, at=at)


# -- Dates that are hard -----------------------------------------------------------------------------------


@pytest.mark.parametrize("last_day", [date(2027, 3, 14), date(2027, 11, 7), date(2028, 2, 29), date(2027, 12, 31)])
def test_both_parsers_read_nine_in_the_morning_on_each_side_of_a_hard_day(client, last_day):
    """Class the day before, on and after a clock change, a leap day and the end of a year."""
    first, last = last_day - DAY, last_day + DAY
    with time_machine.travel(datetime(2027, 1, 4, 18, tzinfo=UTC), tick=False):
        session(
            "cpss_supervisor",
            first=first,
            last=last,
            at=datetime(2027, 1, 4, 18, tzinfo=UTC),
            opens_at=NOON - 300 * DAY,
        )
        found = public(client)

    starts = sorted(event.starts_at.astimezone(CENTRAL) for event in found.values())
    assert [(one.date(), one.hour) for one in starts] == [(first + n * DAY, 9) for n in range(3)]
    assert {event.ends_at - event.starts_at for event in found.values()} == {7 * HOUR}


def test_the_zone_is_written_once_and_by_hand(client):
    session()
    content = client.get(reverse("trainings:calendar_file")).content

    assert content.count(b"BEGIN:VTIMEZONE") == 1
    assert b"RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in content or b"BYMONTH=3;BYDAY=2SU" in content


# -- What changes ------------------------------------------------------------------------------------------


def test_a_move_to_fewer_days_calls_off_the_days_that_are_left_over(client):
    where = session(last=FIRST_DAY + 4 * DAY)
    before = public(client)

    move(where, first=FIRST_DAY + 7 * DAY, last=FIRST_DAY + 8 * DAY, at=NOON + HOUR)
    after = public(client)

    assert numbers(before) == [1, 2, 3, 4, 5]
    assert (numbers(after), numbers(after, "CANCELLED")) == ([1, 2], [3, 4, 5])
    for uid, event in after.items():
        assert event.sequence > before[uid].sequence and event.modified_at == NOON + HOUR
    assert {after[uid].starts_at == before[uid].starts_at for uid in after if after[uid].status == "CANCELLED"} == {
        True
    }


def test_days_that_were_called_off_live_again_after_a_longer_move(client):
    where = session(last=FIRST_DAY + 4 * DAY)
    move(where, first=FIRST_DAY, last=FIRST_DAY + DAY, at=NOON + HOUR)
    fewer = public(client)

    move(where, first=FIRST_DAY, last=FIRST_DAY + 3 * DAY, at=NOON + 2 * HOUR)
    after = public(client)

    assert (numbers(after), numbers(after, "CANCELLED")) == ([1, 2, 3, 4], [5])
    assert all(after[uid].sequence > fewer[uid].sequence for uid in after)


def test_a_draft_that_is_shortened_owes_calendars_nothing(client):
    planned = workflow.plan_session(plan(last=FIRST_DAY + 4 * DAY), by=person(), at=NOON)
    move(planned, first=FIRST_DAY, last=FIRST_DAY, at=NOON)
    workflow.publish(planned.pk, by=person(), at=NOON)

    assert (numbers(public(client)), numbers(public(client), "CANCELLED")) == ([1], [])


@pytest.mark.parametrize(
    ("before", "dropped", "now", "expected"),
    [
        ("abcde", "", "xy", "cde"),
        ("xy", "cde", "pqr", "de"),
        ("xy", "cde", "pqrstu", ""),
        ("abc", "", "xyz", ""),
        ("ab", "", "wxyz", ""),
    ],
)
def test_only_days_beyond_the_last_are_dropped(before, dropped, now, expected):
    assert "".join(rules.dropped_days(before, dropped, now)) == expected


def test_while_nothing_changed_a_calendar_is_told_so_and_nothing_more(client):
    where = session()
    url = reverse("trainings:session_file", args=[where.reference])
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    workflow.cancel(where.pk, because="The room is flooded.", by=person(), at=NOON + HOUR)
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]
    assert {event.status for event in read_back(changed.content).values()} == {"CANCELLED"}


def test_the_public_file_costs_as_many_statements_for_ten_sessions_as_for_one(client, django_assert_num_queries):
    session()
    with django_assert_num_queries(2):
        public(client)
    for week in range(9):
        session(first=FIRST_DAY + timedelta(weeks=week + 1))
    with django_assert_num_queries(2):
        public(client)


# -- A person's own ----------------------------------------------------------------------------------------


def seated(**changes):
    where = session("cpss", **changes)
    one = spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    one.refresh_from_db()
    assert one.is_confirmed
    return where, one


def test_somebody_who_waits_has_nothing_in_their_calendar_and_one_with_a_seat_has_their_days(client):
    where, one = seated(capacity=1)
    waiting = spot(session(capacity=1, first=FIRST_DAY + 70 * DAY))

    days = own(client, one.person)

    assert own(client, waiting.person) == {}
    assert numbers(days) == [1, 2, 3, 4, 5]
    assert {event.title for event in days.values()} == {"Class day"}
    assert min(event.starts_at for event in days.values()) == where.starts_at


def test_a_persons_own_file_says_no_word_of_the_list_and_names_nobody(client):
    where, one = seated(mode="in_person", location="Mental Health Center, 12 Oak Street")
    content = client.get(
        reverse("trainings:own_calendar_file", args=[workflow.open_calendar(one.person, by=one.person, at=NOON).token])
    )

    text = re.sub(r"https://[^\s]+", "", content.content.decode())
    assert [word for word in FORTY_WORDS if _holds(word, text)] == []
    assert "Ada" not in text and "Person" not in text and "Oak" not in text
    assert "dates.ics" in content["Content-Disposition"]


def test_with_private_wording_off_the_training_and_the_room_are_named_and_that_is_a_change(client):
    where, one = seated(mode="in_person", location="12 Oak Street")
    before = own(client, one.person)

    change_profile(one.person.pk, names={}, facts={"private_wording": False}, by=one.person, at=ALLOCATION)
    after = own(client, one.person)

    assert {event.title for event in after.values()} == {where.course.title}
    assert all(after[uid].sequence > before[uid].sequence for uid in before)


def test_a_move_of_the_session_comes_through_in_the_file_of_somebody_with_a_seat(client):
    where, one = seated()
    before = own(client, one.person)

    moved = plan(first=FIRST_DAY + 7 * DAY, last=FIRST_DAY + 8 * DAY)
    workflow.change_session(
        where.pk,
        replace(
            moved,
            registration_closes_on=where.registration_closes_on,
            documents_close_on=where.documents_close_on,
            allocation_on=where.allocation_on,
        ),
        by=person(),
        at=ALLOCATION + HOUR,
    )
    after = own(client, one.person)

    assert (numbers(after), numbers(after, "CANCELLED")) == ([1, 2], [3, 4, 5])
    assert all(after[uid].sequence > before[uid].sequence for uid in before)


def test_a_seat_given_back_and_a_session_cancelled_come_through(client):
    _where, one = seated()
    before = own(client, one.person)

    workflow.withdraw(one.pk, by=one.person, at=ALLOCATION + HOUR)
    after = own(client, one.person)

    assert numbers(after, "CANCELLED") == [1, 2, 3, 4, 5]
    assert all(after[uid].sequence > before[uid].sequence for uid in before)

    other, two = seated()
    before = own(client, two.person)
    workflow.cancel(other.pk, because="The room is flooded.", by=person(), at=ALLOCATION + HOUR)
    after = own(client, two.person)
    assert numbers(after, "CANCELLED") == [1, 2, 3, 4, 5]
    assert all(after[uid].sequence > before[uid].sequence for uid in before)


def test_somebody_who_changed_the_date_sees_the_old_days_called_off(client):
    where, one = seated()
    later = session(first=FIRST_DAY + 70 * DAY)
    workflow.move_spot(one.pk, later.pk, by=one.person, at=ALLOCATION + HOUR)

    found = own(client, one.person)

    assert numbers(found, "CANCELLED") == [1, 2, 3, 4, 5] and numbers(found) == []
    assert all(where.reference in uid for uid in found)


def test_a_pause_calls_the_days_off(client):
    _where, one = seated()
    workflow.pause(one.pk, by=one.person, at=ALLOCATION + HOUR)

    assert numbers(own(client, one.person), "CANCELLED") == [1, 2, 3, 4, 5]


def booked_for_a_test(where, one, day):
    by = person()
    plan_of_it = SittingPlan("paper", "Room 5", local_moment(day, time(10)), 90)
    sitting = workflow.plan_sitting(where.pk, plan_of_it, by=by, at=ALLOCATION)
    return workflow.book_sitting(sitting.pk, one.pk, by=by, at=ALLOCATION)


SPOT_ENDS = {
    "withdraw": lambda one, by: workflow.withdraw(one.pk, by=one.person, at=ALLOCATION + HOUR),
    "pause": lambda one, by: workflow.pause(one.pk, by=one.person, at=ALLOCATION + HOUR),
    "move": lambda one, by: workflow.move_spot(
        one.pk, session(first=FIRST_DAY + 70 * DAY).pk, by=one.person, at=ALLOCATION + HOUR
    ),
    "cancel": lambda one, by: workflow.cancel(one.session_id, because="x", by=by, at=ALLOCATION + HOUR),
    "end": lambda one, by: workflow.end_early(one.pk, "ended_early", by=by, at=one.session.ends_at),
    "pass": lambda one, by: workflow.record_exam(
        one.pk, 90, taken_on=one.session.ends_on, by=by, at=one.session.ends_at + HOUR
    ),
}


@pytest.mark.parametrize("way", SPOT_ENDS)
def test_a_test_ahead_is_given_back_with_the_spot_stands_as_called_off_and_is_told_once(client, way):
    where, one = seated()
    booking = booked_for_a_test(where, one, where.ends_on + 7 * DAY)
    uid = next(uid for uid in own(client, one.person) if "-test-" in uid)
    before = own(client, one.person)[uid]

    SPOT_ENDS[way](one, person())

    after = own(client, one.person)[uid]
    assert (before.status, after.status, after.sequence > before.sequence) == ("CONFIRMED", "CANCELLED", True)
    booking.refresh_from_db()
    assert booking.taken_back_at is not None
    assert Entry.objects.of(one).filter(event="trainings.sitting_given_back").count() == 1
    assert not Message.objects.filter(about=one.reference, kind="test_given_back").exists()


def test_a_test_that_class_moved_behind_is_given_back_and_told_and_a_later_one_stays(client):
    where, one = seated()
    early, late = (booked_for_a_test(where, one, day) for day in (where.ends_on + 2 * DAY, where.ends_on + 30 * DAY))

    moved = moved_to(where, first=FIRST_DAY + 14 * DAY)
    workflow.change_session(where.pk, moved, by=person(), at=ALLOCATION + HOUR)

    for booking, is_given_back in ((early, True), (late, False)):
        booking.refresh_from_db()
        assert (booking.taken_back_at is not None) == is_given_back
    assert Message.objects.filter(about=one.reference, kind="test_given_back").count() == 1


def test_an_offer_stands_with_its_answer_by_and_is_called_off_once_answered(client):
    where = session(capacity=1)
    first, second = spot(where), spot(where, at=NOON + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION + HOUR)
    second.refresh_from_db()

    (offer,) = own(client, second.person).values()
    workflow.accept(second.pk, by=second.person, at=ALLOCATION + 2 * HOUR)
    answered = own(client, second.person)

    assert (offer.status, offer.starts_at, offer.ends_at) == ("CONFIRMED", second.offer_expires_at, None)
    assert offer.title == "Last time to answer"
    assert answered[offer.uid].status == "CANCELLED" and answered[offer.uid].sequence > offer.sequence
    assert numbers({uid: event for uid, event in answered.items() if uid != offer.uid}) == [1, 2, 3, 4, 5]


def test_a_new_address_ends_the_old_one_and_looking_makes_none(client):
    me = person()
    client.force_login(me)
    page = reverse("trainings:own_calendar")
    client.get(page)
    assert not CalendarAddress.objects.exists()

    client.post(page, {"do": "renew"})
    old = CalendarAddress.objects.get(person=me).token
    client.post(page, {"do": "renew"})
    new = CalendarAddress.objects.get(person=me).token

    client.logout()
    assert len(old) >= 40 and old != new
    assert client.get(f"/calendars/{old}.ics").status_code == 404
    assert client.get(f"/calendars/{new}.ics").status_code == 200
    client.force_login(me)
    assert f"/calendars/{new}.ics" in client.get(page).content.decode()
    client.post(page, {"do": "close"})
    assert client.get(f"/calendars/{new}.ics").status_code == 404


def test_the_own_file_costs_the_same_for_one_spot_and_for_many(client, django_assert_max_num_queries):
    _where, one = seated()
    address = workflow.open_calendar(one.person, by=one.person, at=NOON)
    url = reverse("trainings:own_calendar_file", args=[address.token])
    for number, kind in enumerate(("cpss_supervisor", "peer_bridger")):
        standing(one.person, "certified", "CPSSP-MH", since=date(2026, 1, 5 + number))
        spot(session(kind, first=FIRST_DAY + (number + 20) * DAY), one.person)

    with django_assert_max_num_queries(8):
        client.get(url)


def test_the_test_somebody_is_booked_for_stands_there_with_their_extra_time(client):
    where, one = seated()
    begins = where.ends_at + DAY
    sitting = ExamSitting.objects.create(
        session=where,
        kind="paper",
        where="DMH, Room 2",
        starts_at=begins,
        minutes=60,
        planned_by=person(),
        planned_at=NOON,
    )
    booking = workflow.book_sitting(sitting.pk, one.pk, by=person(), at=ALLOCATION, extra_minutes=30)
    before = own(client, one.person)

    workflow.give_back_sitting(booking.pk, by=person(), at=ALLOCATION + HOUR)
    after = own(client, one.person)

    (uid,) = [uid for uid, event in before.items() if event.title == "Test"]
    assert (before[uid].starts_at, before[uid].ends_at) == (begins, begins + timedelta(minutes=90))
    assert (before[uid].status, after[uid].status) == ("CONFIRMED", "CANCELLED")
    assert after[uid].sequence > before[uid].sequence


def test_a_half_day_made_up_later_stands_there_at_its_own_hours(client):
    _where, one = seated()
    later = session(first=FIRST_DAY + 70 * DAY)
    MakeUp.objects.create(registration=one, number=3, session=later, booked_at=ALLOCATION, booked_by=one.person)

    found = own(client, one.person)

    (made_up,) = [event for uid, event in found.items() if "make-up" in uid]
    third = list(later.half_days.all())[2]
    assert (made_up.starts_at, made_up.ends_at, made_up.title) == (third.starts_at, third.ends_at, "Class day")
