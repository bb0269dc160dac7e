"""The rules of the state are there in every test of this app that touches the database."""

import pytest
from django.core.management import call_command


@pytest.fixture
def rules_loaded(db):
    call_command("load_program", verbosity=0)
