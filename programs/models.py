"""A state's rules as dated rows, each version written once, and the pages staff write."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.references import new_reference
from programs.texts import Text


def checksum(content: Any) -> str:
    """The same content has the same sum, however it was ordered or spaced."""
    canonical = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class EvidenceClass(models.TextChoices):
    """How far a row may be trusted; the letters are those of the fact sheet the pack was written from."""

    RULE = "R", _("the rule that governs the credential")
    PRACTICE = "P", _("a page or form of the department")
    SIBLING = "S", _("a rule for a sibling credential")
    ELSEWHERE = "X", _("another state")
    INFERRED = "I", _("our inference; the department is to confirm it")


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def of(self, kind: str, code: str) -> RuleVersionQuerySet:
        return self.filter(kind=kind, code=code).order_by("version")


class WrittenOnce(Exception):
    """Somebody tried to edit a version of a rule."""


class RuleVersion(models.Model):
    """One version of one row of the pack. A change is the next version; nothing here is edited."""

    class Origin(models.TextChoices):
        PACK = "pack", _("the pack")
        ADMIN = "admin", _("the administration")

    kind = models.CharField(max_length=30)
    code = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    body = models.JSONField(default=dict)
    citation_title = models.CharField(max_length=200, blank=True)
    citation_url = models.CharField(max_length=600, blank=True)
    evidence_class = models.CharField(max_length=1, choices=EvidenceClass.choices)
    starts_on = models.DateField(_("in force from"))
    ends_on = models.DateField(_("no longer in force from"), null=True, blank=True)
    checksum = models.CharField(max_length=64, editable=False)
    origin = models.CharField(max_length=5, choices=Origin.choices)
    reason = models.CharField(max_length=300, blank=True)
    loaded_at = models.DateTimeField()

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        default_permissions = ("view",)
        permissions = [("keep_reference_data", "Can change the rules and pages of the program")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "version"], name="rule_version_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="rule_version_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["starts_on", "version"], name="rule_version_begun")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}, version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise WrittenOnce(str(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise WrittenOnce(str(self))

    @classmethod
    def draft(cls, **fields: Any) -> RuleVersion:
        """A version not yet written, with its sum."""
        row = cls(**fields)
        row.checksum = checksum(row.content)
        return row

    def begin_no_earlier(self, day: date) -> None:
        """While it is still a draft."""
        self.starts_on = max(self.starts_on, day)
        self.checksum = checksum(self.content)

    @property
    def reference(self) -> str:
        return f"{self.kind}:{self.code}"[:40]

    @property
    def content(self) -> dict[str, Any]:
        """What the checksum covers: all that a rule says, and nothing about how it came here."""
        return {
            "kind": self.kind,
            "code": self.code,
            "body": self.body,
            "citation": [self.citation_title, self.citation_url, self.evidence_class],
            "dates": [str(self.starts_on), str(self.ends_on or "")],
        }


def outage_reference() -> str:
    return new_reference("OU")


class Outage(models.Model):
    """A stretch of time in which people could not reach the portal: noted by staff, or by the portal itself."""

    reference = models.CharField(max_length=20, unique=True, default=outage_reference, editable=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()  # half-open
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # nobody: the portal itself
    noted_at = models.DateTimeField()
    worked_at = models.DateTimeField(null=True, blank=True)  # the deadlines it touched were looked at

    class Meta:
        ordering = ["-started_at"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=models.Q(ended_at__gt=models.F("started_at")), name="outage_ends_later")
        ]

    def __str__(self) -> str:
        return self.reference


class Tick(models.Model):
    """When the work of each minute last ran: a long silence is an outage."""

    code = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.code} {self.at:%Y-%m-%d %H:%M}"


class Page(models.Model):
    """A page of words that staff may change; its texts are data, one per language."""

    slug = models.SlugField(unique=True)
    title = models.JSONField(default=dict)
    body = models.JSONField(_("words, in Markdown"), default=dict)
    order = models.PositiveSmallIntegerField(default=0)
    pack_checksum = models.CharField(max_length=64, editable=False, blank=True)
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["order", "slug"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.slug

    @property
    def reference(self) -> str:
        return self.slug[:40]

    @property
    def heading(self) -> str:
        return str(Text.of(self.title))

    @property
    def words(self) -> str:
        return str(Text.of(self.body))

    @property
    def content(self) -> dict[str, Any]:
        return {"slug": self.slug, "title": self.title, "body": self.body, "order": self.order}
