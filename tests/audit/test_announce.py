"""The broker hears of owed rows at once, and in a rush not more than once a second."""

import time

import pytest
from celery import shared_task

from audit import owed
from audit.owed import announce

pytestmark = pytest.mark.django_db(transaction=True)


@shared_task(name="tests.heard")
def heard() -> None:
    """Never run: only what the broker is told counts here."""


@pytest.fixture
def told():
    """What lies in the queue, with the delay each was sent with."""
    from certportal.celery import app

    with app.connection_for_write() as connection, connection.channel() as channel:
        channel.queue_purge("celery")
        owed._quiet_until.clear()

        def read():
            found = []
            while (message := channel.basic_get("celery", no_ack=True)) is not None:
                if message.headers["task"] == "tests.heard":
                    found.append("later" if message.headers.get("eta") else "at once")
            return found

        yield read


def test_a_rush_is_told_at_once_and_then_once_more_at_the_end_of_the_second(told):
    for _ in range(20):
        announce(heard)

    assert told() == ["at once", "later"]


def test_after_a_quiet_second_it_is_told_at_once_again(told):
    announce(heard)
    time.sleep(owed.QUIET + 0.05)
    announce(heard)

    assert told() == ["at once", "at once"]
