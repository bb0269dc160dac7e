"""What My pathway says of an application is what the page of its spot says."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from applicants import workflow
from programs.words import long_date, mid_date
from tests.applicants import factories as make
from tests.applicants.factories import NOON, trainings
from trainings import workflow as seats
from trainings.models import Registration

pytestmark = pytest.mark.django_db


def pages_of(client, application, at):
    """My pathway, and the page of the spot."""
    with time_machine.travel(at, tick=False):
        client.force_login(application.person)
        spot = Registration.objects.get(pk=application.registration_id)
        return [client.get(url).content.decode() for url in (reverse("me"), spot.get_absolute_url())]


def sent_back(where=None):
    application = make.submitted(where)
    staff = trainings.trainer()
    return workflow.return_to_person(application.pk, missing=["school_paper"], note="Cut off.", by=staff, at=NOON)


def test_while_we_ask_for_something_both_pages_say_that_it_is_the_persons_turn(client):
    application = sent_back()

    me, spot = pages_of(client, application, NOON + timedelta(hours=1))

    said = f"We need something more from you by {long_date(application.answer_by)}."
    link = reverse("applicants:application", args=[application.reference])
    assert said in me and said in spot
    assert "Something is missing" in spot and link in spot
    assert "We have your application" not in spot


def test_once_it_is_sent_again_the_spot_is_with_us_by_the_same_day(client):
    application, later = sent_back(), NOON + timedelta(days=5)
    workflow.answer(application.pk, "education", facts={"education": "diploma"}, by=application.person, at=later)
    application = workflow.submit(application.pk, received_at=later, by=application.person, at=later)

    me, spot = pages_of(client, application, later)

    due = long_date(application.review_due_on)
    assert f"We check it by {due}." in me
    assert "We have your application" in spot and f"We mean to be done by {due}." in spot


def test_asked_after_the_seats_were_set_the_spot_still_says_what_is_missing_and_what_it_leads_to(client):
    where = make.session()
    application = sent_back(where)
    seats.allocate(where.pk, at=trainings.ALLOCATION)
    where.refresh_from_db()

    _me, spot = pages_of(client, application, trainings.ALLOCATION + timedelta(hours=1))

    assert "Something is missing" in spot
    assert f"If we accept your application by {mid_date(where.last_offer_on)}, you join the end of the line." in spot


def test_the_office_reads_it_too_without_a_link_that_is_the_persons_own(client):
    application = sent_back()
    spot = Registration.objects.get(pk=application.registration_id)

    with time_machine.travel(NOON, tick=False):
        client.force_login(trainings.trainer())
        page = client.get(reverse("trainings:registration", args=[application.person.reference, spot.reference]))

    assert "Something is missing" in page.content.decode()
    assert reverse("applicants:application", args=[application.reference]) not in page.content.decode()
