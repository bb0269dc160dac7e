"""The credential, its number, and the papers made for it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.references import new_reference
from audit.owed import Owed
from certification.models.files import CertificationApplication


def document_reference() -> str:
    return new_reference("DO")


class Counter(models.Model):
    """The last number given in a series; its row is locked while the next is taken."""

    series = models.CharField(max_length=20, unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"


class CredentialQuerySet(models.QuerySet["Credential"]):
    def in_force(self, *, on: date) -> CredentialQuerySet:
        return self.filter(status=Credential.Status.CURRENT, issued_on__lte=on, expires_on__gte=on)


class Credential(models.Model):
    """The right to the title, as it was given: names and words of that day."""

    class Status(models.TextChoices):
        CURRENT = "current", pgettext_lazy("a credential", "Current")

    number = models.CharField(max_length=30, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    application = models.OneToOneField(CertificationApplication, on_delete=models.PROTECT, related_name="credential")
    designation = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    designation_title = models.CharField(max_length=200)
    issued_on = models.DateField()
    expires_on = models.DateField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.CURRENT)
    name_as_printed = models.CharField(max_length=310)
    family_name_as_printed = models.CharField(max_length=150)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__gte=models.F("issued_on")), name="expires_no_earlier_than_issued"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        return self.number

    def is_valid_on(self, day: date) -> bool:
        return self.status == self.Status.CURRENT and self.issued_on <= day <= self.expires_on


class Document(Owed):
    """A paper with our name on it: owed with the facts it will show, made once, then never changed."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Certificate")
        AWARD_LETTER = "award_letter", _("Credential award letter")
        COMPLETION_CERTIFICATE = "completion_certificate", _("Certificate of completion")
        ATTENDANCE_CERTIFICATE = "attendance_certificate", _("Certificate of attendance")

    reference = models.CharField(max_length=20, unique=True, default=document_reference, editable=False)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    credential = models.ForeignKey(
        Credential, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    subject_reference = models.CharField("what it proves", max_length=40)
    title = models.CharField(max_length=400)
    context = models.JSONField("everything it says, as of its day")
    check_code = models.CharField(max_length=20, blank=True)
    file = models.FileField(upload_to="documents/", null=True, blank=True, editable=False)
    checksum = models.CharField("sha-256 of the file", max_length=64, blank=True)
    owed_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)
        indexes = [models.Index(fields=["status", "due_at"], name="certification_document_owed")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.DONE
