from enum import StrEnum
from importlib import import_module

import audit.admin
from certportal.history import NOT_FOR_THE_DESK, SENTENCES
from tests.reading import grade

APPS = ("accounts", "programs", "employment", "trainings", "applicants", "certification", "notifications")


def every_event():
    modules = [import_module(f"{app}.events") for app in APPS]
    kinds = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    named = {str(event) for kind in kinds if issubclass(kind, StrEnum) and kind is not StrEnum for event in kind}
    return named | {audit.admin.REFERENCE_DATA_ADDED, audit.admin.REFERENCE_DATA_CHANGED}


def test_every_event_has_its_sentence_or_is_not_for_the_desk():
    assert every_event() - set(NOT_FOR_THE_DESK) - SENTENCES.keys() == set()


def test_the_office_reads_plain_words():
    assert grade(" ".join(str(sentence) for sentence in SENTENCES.values())) <= 6
