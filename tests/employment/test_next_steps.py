"""Each state of a job names who acts next and by when; the office sees what waits for it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission

from accounts.steps import Tone
from employment import workflow
from employment.next_steps import steps_of, work_of
from employment.rules import Answer
from tests.employment.factories import NOON, PersonFactory
from tests.employment.test_workflow import answered, name_job, sent

pytestmark = pytest.mark.usefixtures("rules_loaded")


def keeper():
    person = PersonFactory()
    person.user_permissions.set(Permission.objects.filter(codename="keep_providers"))
    return person


def only_step(person, at=NOON):
    (step,) = steps_of(person, at)
    return step


def test_a_job_not_yet_sent_is_with_the_person():
    step = only_step(name_job().person)

    assert (step.tone, step.chip, step.is_over) == (Tone.YOU, "Not sent yet", False)


def test_a_message_that_is_out_is_with_the_verifier_until_the_link_ends():
    step = only_step(sent().job.person)

    assert (step.tone, step.next_actor, step.due_on) == (Tone.THEM, "Marcus Bell", date(2027, 3, 16))


def test_when_the_days_are_over_the_person_has_the_ball_before_any_sweep_ran():
    question = sent()

    step = only_step(question.job.person, question.expires_at)

    assert (step.tone, step.chip) == (Tone.YOU, "No answer yet")


def test_a_personal_address_waits_for_the_office_two_working_days():
    job = name_job(verifier_email="marcus@gmail.com", address_reason="No other.")

    step = only_step(job.person)

    assert (step.tone, step.next_actor, step.due_on) == (Tone.THEM, "our office", date(2027, 3, 4))


def test_not_employed_gives_ten_working_days_to_say_something():
    step = only_step(answered(Answer.no_longer_here("Marcus Bell")).job.person)

    assert (step.tone, step.due_on) == (Tone.YOU, date(2027, 3, 16))


def test_a_confirmed_job_is_done_and_says_by_whom():
    step = only_step(answered().job.person)

    assert (step.tone, step.is_over) == (Tone.DONE, True)
    assert step.sentence.startswith("Marcus Bell confirmed your job.")


def test_a_job_taken_back_is_not_shown():
    job = name_job()
    workflow.take_back_job(job.pk, by=job.person, at=NOON)

    assert steps_of(job.person, NOON) == []


def test_the_office_sees_personal_addresses_unknown_ones_and_long_silence():
    personal = name_job(verifier_email="marcus@gmail.com", address_reason="No other.").verifications.get()
    unknown = sent(verifier_email="marcus@elsewhere.example")
    silent = sent()

    work = work_of(keeper(), NOON + timedelta(days=14))

    assert sorted((item.reference, item.verb) for item in work) == sorted(
        [
            (personal.reference, "Look at a personal address"),
            (unknown.reference, "Look at an address that is new for this provider"),
            (unknown.reference, "Call the provider: no answer yet"),
            (silent.reference, "Call the provider: no answer yet"),
        ]
    )


def test_a_fresh_question_at_a_known_address_is_no_work():
    sent()

    assert work_of(keeper(), NOON) == []


def test_ones_own_matter_is_not_ones_work_and_others_have_none():
    clerk = keeper()
    sent(person=clerk, verifier_email="marcus@elsewhere.example")

    assert work_of(clerk, NOON) == []
    assert work_of(PersonFactory(), NOON) == []
