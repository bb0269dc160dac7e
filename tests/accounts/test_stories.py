from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.exceptions import FieldError

from accounts.events import AccountEvent
from accounts.models import AccessNeeds, User
from accounts.stories import PRIVATE_ACCOUNTS, Story, open_story, own_words
from accounts.workflow import ask_for_access
from audit.models import Entry
from audit.reasons import NotAllowed

NOON = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)
WORDS = "I read lips, and I get tired after three hours."

pytestmark = pytest.mark.django_db


@pytest.fixture
def needs():
    person = User.objects.create_user("ada@example.org", legal_given_names="Ada", legal_family_name="Sims")
    return ask_for_access(person.pk, WORDS, answer_due_on=NOON.date(), by=person, at=NOON)


@pytest.fixture
def coordinator():
    user = User.objects.create_user("coordinator@example.org")
    user.user_permissions.add(Permission.objects.get(codename="arrange_access"))
    return user


def test_every_private_account_is_listed_and_every_listed_one_exists():
    stories = {model._meta.label for model in apps.get_models() if issubclass(model, Story)}

    assert stories == set(PRIVATE_ACCOUNTS)


def test_no_attribute_of_a_story_gives_the_plain_text(needs):
    needs.refresh_from_db()
    values = [str(getattr(needs, field.attname)) for field in needs._meta.concrete_fields]

    assert not any("read lips" in value for value in [*values, str(needs), repr(needs)])


def test_opening_a_story_is_in_the_history_of_its_author_before_it_is_read(needs, coordinator):
    words = open_story(needs, by=coordinator, purpose="arrange access", at=NOON)

    entry = Entry.objects.filter(event=AccountEvent.STORY_OPENED).get()
    assert words == WORDS
    assert (entry.about, entry.actor, entry.facts["purpose"]) == (needs.person.reference, coordinator, "arrange access")


@pytest.mark.parametrize("purpose", ["curiosity", ""])
def test_a_purpose_the_class_does_not_name_opens_nothing(needs, coordinator, purpose):
    with pytest.raises(NotAllowed, match="story_closed"):
        open_story(needs, by=coordinator, purpose=purpose, at=NOON)

    assert not Entry.objects.filter(event=AccountEvent.STORY_OPENED).exists()


def test_a_superuser_without_the_duty_is_one_permission_away_from_nothing_of_their_own(needs):
    needs.person.is_superuser = True
    needs.person.save()

    with pytest.raises(NotAllowed, match="story_closed"):
        open_story(needs, by=needs.person, purpose="arrange access", at=NOON)


def test_the_author_reads_their_own_words_and_nobody_else_does_so(needs, coordinator):
    assert own_words(needs, by=needs.person) == WORDS
    with pytest.raises(NotAllowed, match="story_closed"):
        own_words(needs, by=coordinator)


def test_a_wrong_key_raises_instead_of_handing_out_what_is_stored(needs, settings):
    settings.STORY_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(InvalidToken):
        own_words(needs, by=needs.person)


def test_an_older_key_still_opens_and_resealing_moves_to_the_newest(needs, settings):
    newest = Fernet.generate_key().decode()
    settings.STORY_KEYS = [newest, *settings.STORY_KEYS]
    needs.reseal()
    settings.STORY_KEYS = [newest]

    assert own_words(needs, by=needs.person) == WORDS


def test_a_story_cannot_be_looked_up_by_its_content():
    with pytest.raises(FieldError):
        AccessNeeds.objects.filter(sealed="x").exists()
