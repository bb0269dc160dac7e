"""Two devices at the same instant, on PostgreSQL: one answer, one standing, one sending."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Standing
from audit.models import Entry
from audit.reasons import codes
from employment import workflow
from employment.models import Job, Verification
from employment.rules import Answer
from employment.workflow import NotAllowed, requests
from tests.employment.factories import NOON, PersonFactory, ProviderFactory
from tests.employment.test_workflow import name_job

pytestmark = [
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def rules_of_the_state():
    call_command("load_program", verbosity=0)


def at_once(*changes):
    """What each change gave or why it was refused, all started together."""
    together = Barrier(len(changes))

    def run(change):
        together.wait()
        try:
            return change()
        except NotAllowed as refusal:
            return codes(refusal.reasons)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(changes)) as pool:
        return list(pool.map(run, changes))


def question_that_is_out():
    job = name_job()
    return workflow.send_request(job.verifications.get().pk, by=job.person, at=NOON)


def answers(question):
    return [
        lambda: workflow.answer(question.pk, Answer.yes_as_shown("Marcus Bell"), at=NOON),
        lambda: workflow.answer(question.pk, Answer.no_longer_here("Marcus Bell"), at=NOON),
    ]


def told(question):
    return Entry.objects.of(question).exclude(event="employment.request_sent").count()


def test_two_devices_answer_at_once_and_one_answer_counts():
    for _ in range(5):
        question = question_that_is_out()

        results = at_once(*answers(question))

        question.refresh_from_db()
        assert results.count(["request_answered"]) == 1
        assert told(question) == 1
        is_yes = question.status == "confirmed"
        assert Standing.objects.filter(source=question.reference).exists() is is_yes


def test_without_the_lock_both_answers_would_count(monkeypatch):
    """The control: the same race with the lock taken off shows two answers."""
    both_have_looked = Barrier(2)

    def hold_nothing(pk):
        question = Verification.objects.select_related("job__person", "job__provider").get(pk=pk)
        both_have_looked.wait()
        return question

    question = question_that_is_out()
    monkeypatch.setattr(requests, "hold_question", hold_nothing)

    at_once(*answers(question))

    assert told(question) == 2


def test_send_pressed_on_two_devices_sends_once():
    job = name_job()
    pk = job.verifications.get().pk
    press = [lambda: workflow.send_request(pk, by=job.person, at=NOON)] * 2

    at_once(*press)

    assert Entry.objects.filter(event="employment.request_sent").count() == 1


def test_the_same_job_named_on_two_devices_is_one_job():
    person, provider = PersonFactory(), ProviderFactory()

    at_once(*[lambda: name_job(person, provider)] * 4)

    assert Job.objects.count() == 1
    assert Verification.objects.count() == 1
