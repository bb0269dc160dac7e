"""Every page of this room reads at grade six or easier, in each state it can be in."""

import re

import pytest
import time_machine
from django.urls import reverse

from employment import workflow
from employment.rules import Answer
from employment.words import SENTENCES, request_message
from tests.employment.factories import NOON, TODAY, ProviderFactory, own_address
from tests.employment.test_views import link
from tests.employment.test_workflow import answered, name_job, sent
from tests.reading import MOST, grade, words_in

pytestmark = pytest.mark.usefixtures("rules_loaded")

FACTS = {
    "provider": "Cypress Bend",
    "hired_on": TODAY,
    "reference": "JB-7K3QM2",
    "sent_at": NOON,
    "again_at": NOON,
    "sends": 5,
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def words_of(client, url):
    html = client.get(url).content.decode()
    return re.search(r"(?s)<main.*</main>", html).group()


def job_page(question):
    return question.job.person, reverse("employment:job", args=[question.job.reference])


def pages():
    provider = ProviderFactory()
    drafted = name_job(provider=provider)
    yield drafted.person, reverse("employment:jobs")
    yield drafted.person, reverse("employment:new")
    yield drafted.person, f"{reverse('employment:new')}?provider={provider.reference}"
    for name in ("job", "message", "change", "verifier", "end"):
        yield drafted.person, reverse(f"employment:{name}", args=[drafted.reference])
    out = sent()
    yield job_page(out)
    yield None, link(out)
    opened = sent()
    workflow.mark_opened(opened.pk, at=NOON)
    yield job_page(opened)
    yield None, link(opened)
    for answer in (Answer.yes_as_shown("Marcus Bell"), Answer.not_me("Ana", "a@b.example"), Answer.no_longer_here("M")):
        yield job_page(answered(answer))
    supervisor = name_job().person
    own_address(supervisor, "marcus.bell@cypressbend.example")
    yield supervisor, reverse("employment:team")
    yield None, reverse("employment:thanks")
    yield None, reverse("employment:verify", args=["forged"])


def test_every_page_reads_at_grade_six(client):
    short, hard = "", []
    for person, url in pages():
        client.force_login(person) if person else client.logout()
        words = words_of(client, url)
        if words_in(words) < 60:
            short += words
        elif grade(words) > MOST:
            hard.append((url, grade(words)))

    assert hard == []
    assert not short or grade(short) <= MOST


def test_every_reason_and_the_message_read_at_grade_six():
    said = []
    for sentence in SENTENCES.values():
        wanted = sentence.__code__.co_varnames[: sentence.__code__.co_argcount]
        said.append(sentence(**{name: FACTS[name] for name in wanted}))
    message = request_message(name_job().verifications.get(), answer_by=TODAY)

    assert grade("\n".join(said)) <= MOST
    assert grade(f"{message.subject}\n{message.text}") <= MOST
