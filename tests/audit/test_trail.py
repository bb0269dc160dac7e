from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from audit.models import Entry
from audit.subscriptions import _HANDLERS, on
from audit.trail import record

NOON = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user("wren@example.org", legal_given_names="Wren", legal_family_name="Castille")


@pytest.fixture
def told():
    """A handler that keeps what it was told, for as long as the test runs."""
    calls = []
    on("test.happened")(calls.append)
    yield calls
    _HANDLERS.pop("test.happened")


def test_record_tells_a_subscriber_once_with_the_whole_list(person, told):
    record(*(Entry.of("test.happened", person, by=None, at=NOON, about=person, turn=turn) for turn in range(3)))

    assert [[entry.facts["turn"] for entry in call] for call in told] == [[0, 1, 2]]


def test_record_gives_the_subscriber_the_subject_itself(person, told):
    record(Entry.of("test.happened", person, by=None, at=NOON))

    assert told[0][0].subject is person


@pytest.mark.django_db(transaction=True)
def test_record_refuses_to_write_outside_the_transaction_of_the_change(person):
    with pytest.raises(RuntimeError):
        record(Entry.of("test.happened", person, by=None, at=NOON))

    assert not Entry.objects.filter(event__startswith="test.").exists()


def test_a_handler_that_fails_takes_the_change_and_its_history_back(person):
    def fail(entries):
        raise ValueError("no")

    on("test.broken")(fail)
    with pytest.raises(ValueError), transaction.atomic():
        record(Entry.of("test.broken", person, by=None, at=NOON))
    _HANDLERS.pop("test.broken")

    assert not Entry.objects.filter(event__startswith="test.").exists()


def test_an_entry_keeps_the_name_of_the_actor_as_it_was(person):
    record(Entry.of("test.happened", person, by=person, at=NOON, about=person))
    person.legal_family_name = "Rhodes"
    person.save()

    assert Entry.objects.about(person.reference).get().actor_name == "Wren Castille"


@pytest.mark.parametrize(
    "change",
    [lambda entries: entries.update(event="other"), lambda entries: entries.delete()],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_history(person, change):
    record(Entry.of("test.happened", person, by=None, at=NOON, about=person))

    with pytest.raises(DatabaseError, match="history is written once"), transaction.atomic():
        change(Entry.objects.all())

    assert Entry.objects.about(person.reference).get().event == "test.happened"
