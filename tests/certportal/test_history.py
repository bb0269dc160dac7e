from enum import StrEnum
from importlib import import_module

import pytest

import audit.admin
from audit.models import Entry
from certportal.history import NOT_FOR_THE_DESK, SENTENCES, sentence_of
from tests.reading import grade
from tests.trainings.factories import trainer
from tests.trainings.test_classroom import halves
from tests.trainings.test_workflow import in_class, mark_all
from trainings import workflow
from trainings.rules import Mark

APPS = ("accounts", "programs", "employment", "trainings", "applicants", "certification", "notifications")


def every_event():
    modules = [import_module(f"{app}.events") for app in APPS]
    kinds = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    named = {str(event) for kind in kinds if issubclass(kind, StrEnum) and kind is not StrEnum for event in kind}
    return named | {audit.admin.REFERENCE_DATA_ADDED, audit.admin.REFERENCE_DATA_CHANGED}


def test_every_event_has_its_sentence_or_is_not_for_the_desk():
    assert every_event() - set(NOT_FOR_THE_DESK) - SENTENCES.keys() == set()


@pytest.mark.django_db
def test_each_half_day_marked_says_which_and_a_standing_says_what():
    where, [mine] = in_class()
    staff, first = trainer(), halves(where)[0]
    mark_all(where, mine, by=staff, at=where.ends_at)
    workflow.mark_session(where.pk, {(mine.pk, first.pk): Mark(True, 30)}, by=staff, at=where.ends_at)
    workflow.mark_session(where.pk, {(mine.pk, first.pk): False}, by=staff, at=where.ends_at)
    workflow.mark_session(where.pk, {(mine.pk, first.pk): True}, by=staff, at=where.ends_at)
    workflow.record_exam(mine.pk, 90, taken_on=where.ends_on, by=staff, at=where.ends_at)
    done = workflow.complete(mine.pk, by=staff, at=where.ends_at)

    said = [sentence_of(entry) for entry in Entry.objects.filter(about=mine.person.reference).order_by("pk")]

    marked = [words for words in said if words.startswith("A half-day was marked.")]
    assert marked[0] == f"A half-day was marked. Mon, Sep 13, 9 a.m.: there. ({mine.reference})"
    assert marked[10] == f"A half-day was marked. Mon, Sep 13, 9 a.m.: there, 30 minutes out. ({mine.reference})"
    assert marked[11] == f"A half-day was marked. Mon, Sep 13, 9 a.m.: not there. ({mine.reference})"
    assert len(set(marked[:10])) == 10
    assert f"Trained ({done.designation}), from Friday, September 17, 2027." in " ".join(said)


def test_the_office_reads_plain_words():
    assert grade(" ".join(str(sentence) for sentence in SENTENCES.values())) <= 6
