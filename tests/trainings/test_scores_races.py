"""A score is corrected while somebody else corrects it, or while its paper is made, on PostgreSQL with real
connections. Each case has its control: without the lock it goes wrong."""

from threading import Event, Lock

import pytest

from certification.models import Document
from certification.workflow import store_document
from tests.trainings.factories import trainer
from tests.trainings.test_changes_races import quietly
from tests.trainings.test_races import at_once
from tests.trainings.test_scores import attempt_of, correct, taken
from trainings import workflow
from trainings.models import Completion, Registration, ScoreCorrection
from trainings.workflow import scores

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("pack"),
]


class Pause:
    """Whoever corrects first stops after the guards, until the other is through or cannot come."""

    def __init__(self, monkeypatch, *, is_locked):
        self.is_there, self.other_is_through, self.first = Event(), Event(), Lock()
        self.guard = scores.reasons_not_to_correct
        monkeypatch.setattr(scores, "reasons_not_to_correct", self)
        if not is_locked:
            spots = Registration.objects.select_related("person", "course", "session__course")
            monkeypatch.setattr(scores, "lock_sessions", lambda keys: None)
            monkeypatch.setattr(scores, "lock_spot", lambda key: spots.get(pk=key))

    def __call__(self, attempt):
        found = self.guard(attempt)
        if self.first.acquire(blocking=False):
            self.is_there.set()
            self.other_is_through.wait(timeout=2)
        return found

    def after_that(self, act):
        def run():
            assert self.is_there.wait(timeout=30)
            done = act()
            self.other_is_through.set()
            return done

        return run


@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control"])
def test_of_two_who_correct_one_score_at_once_the_second_is_told(monkeypatch, is_locked):
    mine, staff, at = taken(40)
    other, pause = trainer(), Pause(monkeypatch, is_locked=is_locked)

    came_of_it = at_once(
        quietly(lambda: correct(mine, 90, at, by=staff, seen=40).score),
        pause.after_that(quietly(lambda: correct(mine, 55, at, by=other, seen=40).score)),
    )

    if is_locked:
        assert came_of_it == [90, "score_changed_meanwhile"]
        assert (attempt_of(mine).score, ScoreCorrection.objects.count()) == (90, 1)
    else:
        assert came_of_it == [90, 55] and ScoreCorrection.objects.count() == 2


@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control"])
def test_a_certificate_made_in_that_moment_never_outlives_its_completion(monkeypatch, is_locked):
    mine, staff, at = taken(90)
    workflow.complete(mine.pk, by=staff, at=at)
    paper = Document.objects.get(kind="completion_certificate")
    pause = Pause(monkeypatch, is_locked=is_locked)

    at_once(
        quietly(lambda: correct(mine, 40, at, by=staff)),
        pause.after_that(quietly(lambda: store_document(paper.pk, b"%PDF-", at=at))),
    )

    paper.refresh_from_db()
    is_out, is_done = paper.status == "done", Completion.objects.exists()
    assert (is_out, is_done) == ((False, False) if is_locked else (True, False))
