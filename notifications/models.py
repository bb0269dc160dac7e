"""Every message the state owes somebody: one row, sent once, kept as it was sent."""

from __future__ import annotations

import secrets
from datetime import datetime
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.stories import SealedField
from audit.owed import Owed, OwedQuerySet

SIGN_IN = "sign_in"  # the kind of every code, sign-in link and warning about an account: wiped when sent


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    POST = "post", _("a letter")


def stable_message_id() -> str:
    """Given once, so that a copy sent twice is seen as one by the reader's mail program."""
    return f"<{secrets.token_hex(16)}@{_domain(settings.DEFAULT_FROM_EMAIL)}>"


@lru_cache(maxsize=4)
def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"


class MessageQuerySet(OwedQuerySet):
    def shown_to(self, person: User) -> MessageQuerySet:
        """What this person may read again: their own, as sent, and never a sign-in mail."""
        return self.filter(person=person, status=Owed.Status.DONE).exclude(kind=SIGN_IN)

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at=None)

    def letters(self) -> MessageQuerySet:
        """Letters of the print batches."""
        return self.filter(channel=Channel.POST, status=Owed.Status.DONE)

    def still_owed(self) -> MessageQuerySet:
        return self.filter(status=Owed.Status.OWED)


class Message(Owed):
    """One message to one person or address. Its words are made when it is sent, from the facts kept here."""

    kind = models.CharField(max_length=60)
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    to_address = models.CharField(max_length=320, blank=True)
    to_name = models.CharField("what we call them", max_length=310, blank=True)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.EMAIL)
    about = models.CharField("reference of the matter", max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    sealed = SealedField(default="", blank=True, editable=False)
    is_private = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    message_id = models.CharField(max_length=120, default=stable_message_id, editable=False)
    # As sent: links and codes read "[link]" and "[code]".
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # What a reader with private wording sees after signing in.
    full_subject = models.CharField(max_length=250, blank=True)
    full_text = models.TextField(blank=True)
    postal_lines = models.JSONField(default=list, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mailed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MessageQuerySet.as_manager()  # type: ignore[misc]  # the abstract row has one of its own

    class Meta(Owed.Meta):
        indexes = [
            *Owed.Meta.indexes,
            models.Index(fields=["person", "done_at"], name="message_inbox"),
            models.Index(fields=["about", "kind"], name="message_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(channel="email") | ~models.Q(to_address="") | models.Q(status="stuck"),
                name="email_has_an_address",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=SIGN_IN) | ~models.Q(status="done") | models.Q(text="", html="", subject=""),
                name="sign_in_mail_is_wiped_when_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()

    @property
    def title(self) -> str:
        """Its subject for a reader who has signed in."""
        return self.full_subject or self.subject

    @property
    def is_sign_in(self) -> bool:
        return self.kind == SIGN_IN

    @property
    def has_secret_link(self) -> bool:
        return "token" in self.facts

    def mark_done(self, *, at: datetime, **as_sent: Any) -> bool:
        """Only while the claim is still ours: a process that came back late changes nothing."""
        ours = type(self).objects.filter(pk=self.pk, status=Owed.Status.CLAIMED, claimed_at=self.claimed_at)
        return bool(ours.update(status=Owed.Status.DONE, done_at=at, claimed_at=None, problem="", sealed="", **as_sent))
