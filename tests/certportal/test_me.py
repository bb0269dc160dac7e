from datetime import UTC, date, datetime

import pytest
import time_machine

from accounts.models import User
from accounts.steps import Stage, Step, Tone
from applicants import workflow as applications
from certportal.me import greeting, landings, most_urgent, progress, steps_of
from tests.applicants import factories as make
from tests.trainings.factories import NOON, session, trainer

TUESDAY = date(2027, 3, 2)
FRIDAY = date(2027, 3, 5)


def step(tone=Tone.YOU, *, stage=Stage.TRAINING, due_on=FRIDAY, is_over=False):
    return Step(
        stage=stage, tone=tone, chip="chip", sentence="sentence", next_actor="you", due_on=due_on, is_over=is_over
    )


@pytest.mark.parametrize("missing", [{"next_actor": ""}, {"due_on": None}])
def test_a_matter_that_is_open_always_says_who_acts_next_and_by_when(missing):
    with pytest.raises(ValueError, match="does not say who acts next"):
        Step(
            **{
                "stage": Stage.TRAINING,
                "tone": Tone.YOU,
                "chip": "c",
                "sentence": "s",
                "next_actor": "you",
                "due_on": FRIDAY,
            }
            | missing
        )


def test_what_the_person_can_do_comes_before_what_others_owe_sooner():
    theirs, mine = step(Tone.THEM, due_on=TUESDAY), step(Tone.YOU, due_on=FRIDAY)

    assert most_urgent([theirs, mine]) is mine


def test_of_two_things_to_do_the_one_due_first_is_the_urgent_one():
    later, sooner = step(due_on=FRIDAY), step(due_on=TUESDAY)

    assert most_urgent([later, sooner]) is sooner


def test_nothing_is_urgent_when_all_is_over():
    assert most_urgent([step(Tone.DONE, is_over=True)]) is None


def test_every_stage_has_a_landing_even_before_it_begins():
    shown = landings([step(Tone.DONE, is_over=True)])

    assert [landing.title for landing in shown] == ["Training", "Scholarship", "Job", "Certification", "Renewal"]
    assert [landing.place for landing in shown] == ["done", "ahead", "ahead", "ahead", "ahead"]


def test_a_landing_that_is_open_says_who_is_next_by_which_weekday():
    assert landings([step()])[0].next == "you, by Friday, March 5, 2027"


@pytest.mark.parametrize(
    ("hour", "words"), [(13, "Good morning, Wren."), (19, "Good afternoon, Wren."), (1, "Good evening, Wren.")]
)
def test_the_greeting_goes_by_the_clock_on_the_wall_in_mississippi(hour, words):
    assert greeting(User(legal_given_names="Wren Ada"), datetime(2027, 3, 2, hour, tzinfo=UTC)) == words


def test_progress_counts_stages_not_matters():
    done = [step(Tone.DONE, is_over=True), step(Tone.DONE, is_over=True)]

    assert progress(done) == "One step is done."


@pytest.mark.django_db
def test_an_application_being_checked_shows_once_and_its_spot_tells_the_rest(client):
    with time_machine.travel(NOON, tick=False):
        mine = make.submitted()
        client.force_login(mine.person)

        page = client.get("/me/").content.decode()
        told = [step.reference for step in steps_of(mine.person, NOON) if step.stage == Stage.TRAINING]
        applications.accept(mine.pk, by=trainer(), at=NOON)
        told += [step.reference for step in steps_of(mine.person, NOON) if step.stage == Stage.TRAINING]

    assert told == [mine.reference, mine.registration.reference]
    assert "With the Training Office" in page and "Next: the Training Office, by" in page
    assert page.count("Training: the Training Office") == 1


@pytest.mark.django_db
def test_the_scholarship_officer_chooses_a_session_by_its_dates():
    assert str(session()).startswith("Peer Support Specialist training, Sep 13–17, 2027 (TS-")
