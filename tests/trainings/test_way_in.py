"""The way into a class: the link on the page, the number to call, who hears of either, and who never does."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Entry
from notifications import sending
from notifications.models import Message
from programs.program import program
from tests.trainings.factories import session, trainer
from tests.trainings.test_workflow import in_class, seated
from trainings import workflow
from trainings.forms.sessions import initial_of
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
