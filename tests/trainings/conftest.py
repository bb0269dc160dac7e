"""What tests of trainings ask for by name."""

import pytest
import time_machine

from tests.trainings.factories import NOON, trainer


@pytest.fixture
def clock():
    """It is noon, and stays noon until a test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(client):
    """A browser of the Training Office."""
    staff = trainer()
    client.force_login(staff)
    client.staff = staff
    return client
