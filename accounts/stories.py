"""Private accounts: words a person wrote about their own life. They live apart, as ciphertext.

No attribute gives the plain text. Only `open_story` decrypts, and it writes the access entry first; the one
exception is the author's own editor, `own_words`.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models, transaction

from accounts.events import AccountEvent
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record

if TYPE_CHECKING:
    from accounts.models import User

# Every class of private account there is. A test fails for a `Story` that is not listed here.
PRIVATE_ACCOUNTS = (
    "accounts.AccessNeeds",
    "accounts.KeptWords",
    "applicants.Essay",
    "applicants.RecoveryStory",
    "applicants.ReferenceText",
)


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _keys() -> MultiFernet:
    return _box(tuple(settings.STORY_KEYS))


class SealedField(models.TextField):
    """Ciphertext at rest. A look-up by content can only be a mistake, so it is refused."""

    def get_lookup(self, lookup_name: str) -> type[models.Lookup] | None:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class Story(models.Model):
    sealed = SealedField(default="", editable=False)

    class Meta:
        abstract = True

    def seal(self, text: str) -> None:
        """Put the words in, unreadable from here on; the caller saves. Newest key first."""
        self.sealed = _keys().encrypt(text.encode()).decode() if text else ""

    def reseal(self) -> None:
        """Under the newest key, after the list of keys changed; the caller saves."""
        if self.sealed:
            self.sealed = _keys().rotate(self.sealed.encode()).decode()

    @property
    def is_written(self) -> bool:
        return bool(self.sealed)

    def author_of(self) -> User:
        """Whose words these are."""
        raise TypeError(f"{type(self).__name__} does not say whose words it holds")

    def may_be_opened(self, by: User, purpose: str) -> bool:
        """Who may open this, and what for. Nobody, unless the class says so."""
        return False


def _unsealed(story: Story) -> str:
    return _keys().decrypt(story.sealed.encode()).decode() if story.sealed else ""


def open_story(story: Story, *, by: User, purpose: str, at: datetime) -> str:
    """The words, after the opening is in the history, where the author sees it.

    Raises `NotAllowed` for a reader or purpose the class does not name, `InvalidToken` under a wrong key.
    """
    if not story.may_be_opened(by, purpose):
        raise NotAllowed(Reason("story_closed"))
    with transaction.atomic():
        record(Entry.of(AccountEvent.STORY_OPENED, story, by=by, at=at, about=story.author_of(), purpose=purpose))
    return _unsealed(story)


def own_words(story: Story, *, by: User) -> str:
    """For the author's own editor alone: reading one's own words is not an opening."""
    if story.author_of() != by:
        raise NotAllowed(Reason("story_closed"))
    return _unsealed(story)
