"""The way into a class: the link on the page, the number to call, who hears of either, and who never does."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Entry
from notifications import sending
from notifications.models import Message
from programs.program import program
from tests.trainings.factories import FIRST_DAY, session, trainer
from tests.trainings.test_workflow import in_class, seated
from trainings import workflow
from trainings.forms.sessions import initial_of
from trainings.next_steps import work_of
from trainings.workflow.links import link_due_at
from trainings.workflow.sessions import plan_of
from trainings.workflow.year import proposed

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NUMBER = "601-555-0148, passcode 2207#"


def page_of(client, reader, one, at, *, by_staff=False):
    """The page of a spot, as its person or the office sees it at that moment."""
    with time_machine.travel(at, tick=False):
        client.force_login(reader)
        args = [one.person.reference, one.reference] if by_staff else [one.reference]
        return client.get(reverse("trainings:registration", args=args)).content.decode()


# -- The number to call ------------------------------------------------------------------------------------


def test_the_number_to_call_is_on_the_persons_page_and_the_offices_from_the_day_of_the_link(client):
    where, [mine] = in_class(dial_in=NUMBER)
    due, clerk = link_due_at(where), trainer()

    early = page_of(client, mine.person, mine, due - HOUR) + page_of(client, clerk, mine, due - HOUR, by_staff=True)
    shown = page_of(client, mine.person, mine, due)
    read_out = page_of(client, clerk, mine, due, by_staff=True)

    assert NUMBER not in early
    assert f"No internet? Join by phone. When class starts, call {NUMBER}." in shown and "Read it" not in shown
    assert f"Read it to the caller: no internet? Join by phone. When class starts, call {NUMBER}." in read_out


def test_whoever_waits_and_the_public_never_see_the_number(client):
    where, (_first, second) = seated(dial_in=NUMBER)
    due = link_due_at(where)

    waiting = page_of(client, second.person, second, due + HOUR)
    client.logout()
    with time_machine.travel(due + HOUR, tick=False):
        public = [client.get(where.get_absolute_url()), client.get(reverse("trainings:calendar_file"))]
        public.append(client.get(reverse("trainings:session_file", args=[where.reference])))

    assert "601-555-0148" not in waiting
    assert [one.status_code for one in public] == [200, 200, 200]
    assert not any(b"601-555-0148" in one.content for one in public)
    assert "601-555-0148" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_the_link_message_has_the_number_and_a_letter_says_how_to_join_by_phone():
    where, [mine, by_post] = in_class(people=2, dial_in=NUMBER)
    mine.person.profile.private_wording = False
    mine.person.profile.save()
    by_post.person.email = ""
    by_post.person.save()

    workflow.keep_time(at=link_due_at(where))
    sending.send_due(at=link_due_at(where))

    mail, letter = (Message.objects.get(kind="meeting_link", about=one.reference) for one in (mine, by_post))
    assert f"call {NUMBER}." in " ".join(mail.text.split()) and "Press Join" in mail.text
    assert letter.channel == "post"
    assert f"You can join by phone. When class starts, call {NUMBER}." in " ".join(letter.text.split())
    assert "Press Join" not in letter.text


def test_a_private_email_keeps_the_number_for_after_the_sign_in():
    where, [mine] = in_class(dial_in=NUMBER)

    workflow.keep_time(at=link_due_at(where))
    sending.send_due(at=link_due_at(where))

    message = Message.objects.get(kind="meeting_link", about=mine.reference)
    assert "0148" not in message.text + message.html and NUMBER in message.full_text


def test_the_office_types_the_number_once_and_next_year_gets_another():
    where = session(dial_in=NUMBER)

    assert initial_of(plan_of(where))["dial_in"] == NUMBER
    assert proposed(where, 2028, program(where.starts_on)).dial_in == ""


# -- Another way in ----------------------------------------------------------------------------------------

OTHER = "https://meet.example.org/day-two"


def changed(where, staff, at, **new):
    return workflow.change_session(where.pk, replace(plan_of(where), **new), by=staff, at=at)


def told_of_a_change(one):
    return Message.objects.filter(about=one.reference, kind="session_changed").order_by("pk")


def test_on_the_second_day_the_office_stores_a_new_link_and_whoever_is_in_class_is_told_once():
    where, (mine, waiting) = seated()
    workflow.keep_time(at=link_due_at(where))
    sending.send_due(at=link_due_at(where))
    workflow.keep_time(at=where.starts_at)
    second_day = where.starts_at + DAY

    for _press in range(2):
        where = changed(where, trainer(), second_day, meeting_link=OTHER, dial_in=NUMBER)
    workflow.keep_time(at=second_day + HOUR)

    (message,) = told_of_a_change(mine)
    assert message.facts["new_link"] and message.facts["dial_in"] == NUMBER and message.facts["where"] == ""
    assert message.facts["starts_at"][:10] == "2027-09-14"
    assert not told_of_a_change(waiting).exists()
    assert Message.objects.filter(about=mine.reference, kind="meeting_link").count() == 1
    assert workflow.join(mine.pk, by=mine.person, at=second_day + HOUR) == OTHER
    assert "meet.example.org" not in str(list(Entry.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize("first", [{"meeting_link": "https://meet.example.org/other"}, {"dial_in": "601-555-0177"}])
def test_two_new_ways_in_before_the_mail_left_are_one_message_with_the_newest(first):
    where, [mine] = in_class()
    workflow.keep_time(at=link_due_at(where))
    sending.send_due(at=link_due_at(where))
    at = where.starts_at + DAY

    where = changed(where, trainer(), at, **first)
    where = changed(where, trainer(), at + timedelta(minutes=1), meeting_link=OTHER, dial_in=NUMBER)
    sending.send_due(at=at + timedelta(minutes=2))

    assert [one.status for one in told_of_a_change(mine)] == ["cancelled", "done"]
    facts = told_of_a_change(mine).last().facts
    assert facts["new_link"] and facts["dial_in"] == NUMBER


def test_the_newest_message_also_says_what_the_one_that_had_not_left_would_have_said():
    where, [mine] = in_class(mode="in_person", location="Hall A", meeting_link="")
    at = where.starts_at - 10 * DAY

    where = changed(where, trainer(), at, location="Hall B")
    where = changed(where, trainer(), at + timedelta(minutes=1), cost_cents=20_000)

    one = Message.objects.get(about=mine.reference, kind="session_changed", status="owed")
    assert (one.facts["where"], one.facts["what_else"]) == ("Hall B", ["It costs $200 now."])


def test_after_the_mail_left_another_change_is_another_message():
    where, [mine] = in_class()
    workflow.keep_time(at=link_due_at(where))
    sending.send_due(at=link_due_at(where))
    at = where.starts_at + DAY

    where = changed(where, trainer(), at, dial_in="601-555-0177")
    sending.send_due(at=at)
    changed(where, trainer(), at + HOUR, meeting_link=OTHER)

    assert [one.status for one in told_of_a_change(mine)] == ["done", "owed"]
    assert told_of_a_change(mine).last().facts["new_link"]


def test_a_new_number_before_the_link_message_left_is_in_that_message_and_in_no_other():
    where, [mine] = in_class(dial_in="601-555-0177")
    workflow.keep_time(at=link_due_at(where))

    changed(where, trainer(), link_due_at(where) + timedelta(minutes=1), dial_in=NUMBER)

    assert Message.objects.get(about=mine.reference, kind="meeting_link").facts["dial_in"] == NUMBER
    assert not told_of_a_change(mine).exists()


def test_the_message_about_a_new_link_says_to_press_join():
    where, [mine] = in_class()
    mine.person.profile.private_wording = False
    mine.person.profile.save()
    workflow.keep_time(at=link_due_at(where))
    sending.send_due(at=link_due_at(where))

    changed(where, trainer(), where.starts_at + DAY, meeting_link=OTHER, dial_in=NUMBER)
    sending.send_due(at=where.starts_at + DAY)

    said = " ".join(told_of_a_change(mine).get().text.split())
    assert "The link to the class is new. The old one does not work now. Press Join on your page." in said
    assert f"To join by phone, call {NUMBER}." in said and "day-two" not in said


def test_another_room_while_class_runs_is_told_to_whoever_has_a_seat():
    where, (mine, _waiting) = seated(mode="in_person", location="Hall A", meeting_link="")
    workflow.keep_time(at=where.starts_at)

    changed(where, trainer(), where.starts_at + DAY, location="Hall B")

    assert [one.facts["where"] for one in told_of_a_change(mine)] == ["Hall B"]
    assert not told_of_a_change(_waiting).exists()


def test_a_new_link_before_anybody_knows_the_old_one_is_told_by_the_link_message_alone():
    where, [mine] = in_class()

    where = changed(where, trainer(), link_due_at(where) - DAY, meeting_link=OTHER)
    workflow.keep_time(at=link_due_at(where))

    assert not told_of_a_change(mine).exists()
    assert Message.objects.filter(about=mine.reference, kind="meeting_link").count() == 1


def test_days_that_move_with_a_new_link_bring_the_link_message_again():
    where, [mine] = in_class()
    due = link_due_at(where)
    workflow.keep_time(at=due)
    halves = tuple((start + HOUR, end + HOUR) for start, end in plan_of(where).half_days)

    changed(where, trainer(), due + HOUR, meeting_link=OTHER, half_days=halves)
    workflow.keep_time(at=due + 2 * HOUR)

    links = Message.objects.filter(about=mine.reference, kind="meeting_link").order_by("pk")
    assert [one.status for one in links] == ["cancelled", "owed"]


def test_while_class_runs_the_office_sees_three_fields_and_first_who_is_told(client):
    where, [mine] = in_class()
    workflow.keep_time(at=link_due_at(where))
    sending.send_due(at=link_due_at(where))
    staff, address = trainer(), reverse("trainings:desk_change", args=[where.reference])
    sent = {"meeting_link": OTHER, "dial_in": NUMBER, "location": "", "capacity": "99"}

    with time_machine.travel(where.starts_at + DAY, tick=False):
        client.force_login(staff)
        desk = client.get(reverse("trainings:desk_session", args=[where.reference])).content.decode()
        form = client.get(address).content.decode()
        seen = client.post(address, sent).content.decode()
        unchanged = where.meeting_link
        where.refresh_from_db()
        assert where.meeting_link == unchanged
        client.post(address, {**sent, "sure": "yes", "seen": "0"})

    assert "Change the link, the number or the address" in desk and "Cancel this session" not in desk
    assert [name for name in ("meeting_link", "dial_in", "location") if f'name="{name}"' not in form] == []
    assert 'name="capacity"' not in form and 'name="first_day"' not in form
    assert "Have a seat: 1" in seen and str(mine.person) in seen and "there is a new way in" in " ".join(seen.split())
    assert "day-two" not in seen.replace(f'value="{OTHER}"', "") and "A new one is stored" in seen
    where.refresh_from_db()
    assert (where.meeting_link, where.dial_in, where.capacity) == (OTHER, NUMBER, 1)
    assert told_of_a_change(mine).count() == 1


def test_a_class_that_runs_without_its_link_stays_in_the_work_of_the_office():
    where, _spots = in_class(meeting_link="")
    verbs = [one.verb for one in work_of(trainer(), where.starts_at + DAY)]
    over = [one.verb for one in work_of(trainer(), where.ends_at)]

    assert "Add the meeting link" in verbs and "Add the meeting link" not in over


# -- Whoever makes up a half-day there ---------------------------------------------------------------------


def guest(*numbers, **changes):
    """Booked, six weeks ahead, into half-days of a later session."""
    where, [mine] = in_class()
    staff, over = trainer(), where.ends_at + HOUR
    marks = {(mine.pk, half.pk): number not in numbers for number, half in enumerate(where.half_days.all(), start=1)}
    workflow.mark_session(where.pk, marks, by=staff, at=over)
    return mine, session(first=FIRST_DAY + timedelta(weeks=8), **changes), over


def links_of(one):
    found = Message.objects.filter(about=one.reference, kind="meeting_link", facts__starts_at__startswith="2027-11")
    return list(found.order_by("pk"))


def test_a_guest_gets_the_link_of_their_day_once_seven_days_before():
    mine, later, over = guest(3, dial_in=NUMBER)
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    due = link_due_at(later)

    workflow.keep_time(at=due - HOUR)
    assert links_of(mine) == []
    for moment in (due, due + HOUR, due + DAY):
        workflow.keep_time(at=moment)

    (message,) = links_of(mine)
    assert message.facts["starts_at"] == later.half_days.all()[2].starts_at.isoformat()
    assert message.facts["dial_in"] == NUMBER
    assert message.facts["page"]["args"] == [mine.reference]


def test_two_half_days_of_one_day_are_one_message_and_of_two_days_are_two():
    mine, later, over = guest(3, 4, 5)
    for number in (3, 4, 5):
        workflow.book_make_up(mine.pk, number, later.pk, by=mine.person, at=over)

    workflow.keep_time(at=link_due_at(later))

    assert [one.facts["starts_at"][:10] for one in links_of(mine)] == ["2027-11-09", "2027-11-10"]


def test_who_books_later_than_that_gets_the_link_at_once():
    mine, later, _over = guest(3)
    late = link_due_at(later) + DAY

    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=late)
    assert len(links_of(mine)) == 1
    workflow.keep_time(at=late + HOUR)

    assert len(links_of(mine)) == 1


def test_who_took_their_day_back_gets_no_link():
    mine, later, over = guest(3)
    booked = workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    workflow.take_back_make_up(booked.pk, by=mine.person, at=over + HOUR)

    workflow.keep_time(at=link_due_at(later))

    assert links_of(mine) == []


def test_a_guest_hears_of_a_new_link_for_their_day_and_gets_it_again_after_a_move():
    mine, later, over = guest(3)
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    due = link_due_at(later)
    workflow.keep_time(at=due)
    sending.send_due(at=due)

    later = changed(later, trainer(), due + HOUR, meeting_link=OTHER)
    (message,) = told_of_a_change(mine)
    assert message.facts["new_link"] and message.facts["starts_at"][:10] == "2027-11-09"
    halves = tuple((start + DAY * 14, end + DAY * 14) for start, end in plan_of(later).half_days)
    later = changed(later, trainer(), due + 2 * HOUR, half_days=halves)
    workflow.keep_time(at=link_due_at(later))

    assert [one.facts["starts_at"][:10] for one in links_of(mine)] == ["2027-11-09", "2027-11-23"]
