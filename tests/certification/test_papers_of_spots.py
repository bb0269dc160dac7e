"""The papers of a training are got from the page of its spot."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from certification.models import Document
from tests.trainings.factories import person
from tests.trainings.test_workflow import in_class, mark_all
from trainings import workflow

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_finished_spot_leads_to_its_paper_and_says_while_it_is_being_made(client):
    where, [mine, other] = in_class(people=2)
    staff, over = person(), where.ends_at + HOUR
    for one in (mine, other):
        mark_all(where, one, by=staff, at=over)
        workflow.record_exam(one.pk, 90, taken_on=where.ends_on, by=staff, at=over)
        workflow.complete(one.pk, by=staff, at=over)
    paper = Document.objects.get(person=mine.person, kind="completion_certificate")
    link = reverse("certification:document", args=[paper.reference])

    with time_machine.travel(over, tick=False):
        client.force_login(mine.person)
        early = client.get(mine.get_absolute_url()).content.decode()
        Document.objects.update(status="done")
        made = client.get(mine.get_absolute_url()).content.decode()

    assert "We are making it." in early and link not in early
    assert "Certificate of completion" in made and link in made
    assert not any(one.reference in made for one in Document.objects.filter(person=other.person))
