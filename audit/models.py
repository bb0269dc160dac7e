"""What happened: entries written once, which the database itself refuses to change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, reference: str) -> EntryQuerySet:
        """Everything in one person's history, oldest first."""
        return self.filter(about=reference).order_by("at", "id")

    def of(self, subject: models.Model) -> EntryQuerySet:
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk).order_by("at", "id")


class Entry(models.Model):
    """One thing that happened to one subject. Never edited, never deleted."""

    event = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    subject_reference = models.CharField(max_length=40, blank=True)
    about = models.CharField("reference of the person concerned", max_length=20, blank=True)
    # The one link from history to people: who did it; the name beside it stays as it was that day.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=True
    )
    actor_name = models.CharField(max_length=310)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["about", "at"], name="entry_about_at"),
            models.Index(fields=["subject_kind", "subject_id"], name="entry_subject"),
        ]
        permissions = [("read_history", "Can read the whole history")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.event} {self.subject_reference}".strip()

    @classmethod
    def of(cls, event: str, subject: models.Model, *, by: Any, at: datetime, about: Any = None, **facts: Any) -> Entry:
        """An entry not yet written. `by=None` is the portal itself; `about` defaults to `subject.person`.

        `facts` are plain values (before, after, reason codes, references): never an essay, never health words.
        The subject stays attached for the handlers that are told in the same transaction.
        """
        person = about or getattr(subject, "person", None)
        entry = cls(
            event=str(event),
            subject_kind=subject._meta.label_lower,
            subject_id=subject.pk,
            subject_reference=str(getattr(subject, "reference", "") or ""),
            about=getattr(person, "reference", "") or "",
            actor=by,
            actor_name=str(by) if by else "The portal",
            at=at,
            facts=facts,
        )
        entry.subject = subject
        return entry

    subject: Any = None
