from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.kept_words import sweep
from accounts.models import KeptWords, Profile, User

NOON = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)
LONG_AFTER = NOON + timedelta(minutes=21)
TYPED = {"legal_given_names": "Wren", "legal_family_name": "Castille", "name_in_use": "", "employer_name": ""}

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    user = User.objects.create_user("wren@example.org", "a long password")
    Profile.objects.create(person=user)
    with time_machine.travel(NOON, tick=False):
        client.force_login(user)
        client.get(names_page())
    return user


def names_page():
    return reverse("profile_part", args=["names"])


def test_a_form_sent_after_the_sign_in_ran_out_is_there_again_after_signing_in(client, person):
    with time_machine.travel(LONG_AFTER, tick=False):
        sent = client.post(names_page(), TYPED)
        client.force_login(person)
        page = client.get(names_page())

    assert sent.url == f"{reverse('account_login')}?next={names_page()}"
    assert 'value="Castille"' in page.content.decode()
    person.refresh_from_db()
    assert person.legal_family_name == ""


def test_what_was_kept_is_not_given_to_somebody_else_on_the_same_machine(client, person):
    with time_machine.travel(LONG_AFTER, tick=False):
        client.post(names_page(), TYPED)
        client.force_login(User.objects.create_user("other@example.org"))
        page = client.get(names_page())

    assert "Castille" not in page.content.decode()


def test_what_was_kept_is_sealed_and_holds_no_token(client, person):
    with time_machine.travel(LONG_AFTER, tick=False):
        client.post(names_page(), TYPED)

    assert "Castille" not in KeptWords.objects.get().sealed


def test_once_sent_what_was_kept_is_gone(client, person):
    with time_machine.travel(LONG_AFTER, tick=False):
        client.post(names_page(), TYPED)
        client.force_login(person)
        client.post(names_page(), TYPED)

    person.refresh_from_db()
    assert person.legal_family_name == "Castille"
    assert not KeptWords.objects.exists()


def test_within_twenty_minutes_nobody_is_signed_out(client, person):
    with time_machine.travel(NOON + timedelta(minutes=19), tick=False):
        assert client.get(names_page()).status_code == 200


def test_after_a_day_what_nobody_came_back_for_is_gone(client, person):
    with time_machine.travel(LONG_AFTER, tick=False):
        client.post(names_page(), TYPED)

    sweep(LONG_AFTER + timedelta(hours=23))
    still_there = KeptWords.objects.count()
    sweep(LONG_AFTER + timedelta(hours=25))

    assert (still_there, KeptWords.objects.count()) == (1, 0)
