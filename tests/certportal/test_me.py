from datetime import UTC, date, datetime

import pytest

from accounts.models import User
from accounts.steps import Stage, Step, Tone
from certportal.me import greeting, landings, most_urgent, progress

TUESDAY = date(2027, 3, 2)
FRIDAY = date(2027, 3, 5)


def step(tone=Tone.YOU, *, stage=Stage.TRAINING, due_on=FRIDAY, is_over=False):
    return Step(
        stage=stage, tone=tone, chip="chip", sentence="sentence", next_actor="You", due_on=due_on, is_over=is_over
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
                "next_actor": "You",
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
    assert landings([step()])[0].next == "You, by Friday, March 5, 2027"


@pytest.mark.parametrize(
    ("hour", "words"), [(13, "Good morning, Wren."), (19, "Good afternoon, Wren."), (1, "Good evening, Wren.")]
)
def test_the_greeting_goes_by_the_clock_on_the_wall_in_mississippi(hour, words):
    assert greeting(User(legal_given_names="Wren Ada"), datetime(2027, 3, 2, hour, tzinfo=UTC)) == words


def test_progress_counts_stages_not_matters():
    done = [step(Tone.DONE, is_over=True), step(Tone.DONE, is_over=True)]

    assert progress(done) == "One step is done."
