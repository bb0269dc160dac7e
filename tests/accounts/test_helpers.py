"""Somebody who helps: one at a time, named once, taken back at any time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import workflow
from accounts.helper_links import helper_by, helper_token
from accounts.models import Helper
from audit.models import Entry
from audit.reasons import NotAllowed
from tests.trainings.factories import NOON, person

pytestmark = pytest.mark.django_db


def named(someone, name="Ruth Vance", email="ruth@example.org", at=NOON):
    return workflow.name_helper(someone.pk, name=name, email=email, by=someone, at=at)


def events():
    return list(
        Entry.objects.filter(event__startswith="accounts.helper").order_by("pk").values_list("event", flat=True)
    )


def test_naming_the_same_twice_is_once():
    someone = person()

    assert named(someone) == named(someone, email="Ruth@Example.org", at=NOON + timedelta(minutes=1))

    assert Helper.objects.count() == 1
    assert events() == ["accounts.helper_named"]


def test_another_takes_the_place_of_the_one_before_and_the_old_link_is_dead():
    someone = person()
    link = helper_token(named(someone))

    new = named(someone, "Jo Ray", "jo@example.org")

    assert workflow.helper_of(someone) == new
    assert helper_by(helper_token(new)).name == "Jo Ray"
    with pytest.raises(NotAllowed):
        helper_by(link)
    assert events() == ["accounts.helper_named", "accounts.helper_withdrawn", "accounts.helper_named"]


def test_taken_back_twice_is_once_and_the_link_is_dead():
    someone = person()
    link = helper_token(named(someone))

    for _time in range(2):
        workflow.withdraw_helper(someone.pk, by=someone, at=NOON)

    assert workflow.helper_of(someone) is None
    assert events() == ["accounts.helper_named", "accounts.helper_withdrawn"]
    with pytest.raises(NotAllowed):
        helper_by(link)


@pytest.mark.parametrize("mine", ["sign-in@example.org", "contact@example.org"])
def test_nobody_is_their_own_helper(mine):
    someone = person(email="sign-in@example.org")
    someone.profile.contact_email = "Contact@example.org"
    someone.profile.save()

    with pytest.raises(NotAllowed) as refusal:
        named(someone, email=mine.title())

    assert refusal.value.reasons[0].code == "helper_is_yourself"


def test_a_mailbox_is_not_flooded_by_naming_many():
    someone = person()
    for number in range(workflow.HELPERS_A_DAY):
        named(someone, email=f"ruth{number}@example.org")

    with pytest.raises(NotAllowed):
        named(someone, email="one-more@example.org")

    assert named(someone, email="one-more@example.org", at=NOON + timedelta(days=1))


def test_the_database_keeps_one_live_helper_per_person():
    someone = person()
    named(someone)

    with pytest.raises(IntegrityError), transaction.atomic():
        Helper.objects.create(person=someone, name="Jo", email="jo@example.org", named_at=NOON)


def test_the_history_does_not_say_who_helps():
    someone = person()
    named(someone)

    entry = Entry.objects.get(event="accounts.helper_named")

    assert entry.about == someone.reference
    assert "ruth" not in str(entry.facts).lower()
