"""The file of one person's certification: what was sent, what is missing, what was paid."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.references import new_reference


def person_key(**more: Any) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **more)


def application_reference() -> str:
    return new_reference("CA")


class Status(models.TextChoices):
    """As staff read it; people read the sentences of `next_steps`."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To check")
    MISSING = "missing", _("Something is missing")
    COMPLETE = "complete", _("Complete")
    ON_AGENDA = "on_agenda", _("On agenda")
    RECOMMENDED = "recommended", _("Recommended, to Director")
    ASKS_MORE = "asks_more", _("Board asks for more")
    NOT_RECOMMENDED = "not_recommended", _("Not recommended, to Director")
    APPROVED = "approved", _("Approved")
    DISAPPROVED = "disapproved", _("Disapproved")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("Closed")


ENDS = (Status.APPROVED, Status.DISAPPROVED, Status.WITHDRAWN, Status.CLOSED)


class Kind(models.TextChoices):
    INITIAL = "initial", _("First certification")


class ApplicationQuerySet(models.QuerySet["CertificationApplication"]):
    def still_open(self) -> ApplicationQuerySet:
        return self.exclude(status__in=ENDS)

    def waiting_for_a_meeting(self) -> ApplicationQuerySet:
        """Complete files, in the order in which they became whole."""
        return self.filter(status=Status.COMPLETE).order_by("whole_at", "pk")


class CertificationApplication(models.Model):
    """One person's request to be certified as one designation, from the first answer to the decision."""

    reference = models.CharField(max_length=20, unique=True, default=application_reference, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    designation = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.INITIAL)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    started_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    # The day whose rules hold for this file: set when it is sent, never moved.
    judged_on = models.DateField(null=True, blank=True)
    # The moment the last piece came in; a packet deadline is held against it, not against our own checking.
    whole_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=10, default="online")

    # What certification asks beyond the training's own questions.
    lives_in_state = models.BooleanField(_("lives in the state"), null=True, blank=True)
    ethics_agreed_at = models.DateTimeField(null=True, blank=True)
    signed_name = models.CharField(_("name typed to sign"), max_length=310, blank=True)
    has_cosigner = models.BooleanField("the law asks somebody to sign with them", null=True, blank=True)
    cosigned_on = models.DateField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        permissions = [
            ("complete_files", "Can check certification files, take payments and plan meetings"),
            ("serve_on_board", "Can read packets and vote"),
            ("chair_board", "Can record the Board's recommendation"),
            ("direct", "Can approve or disapprove"),
        ]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["person", "designation", "kind"],
                condition=~models.Q(status__in=["approved", "disapproved", "withdrawn", "closed"]),
                name="one_open_file_per_designation",
            )
        ]
        indexes = [models.Index(fields=["status", "received_at"], name="certification_by_status")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("certification:file", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.status not in ENDS


class AddedTime(models.Model):
    """Helping others, or school, since the training application was sent."""

    class Kind(models.TextChoices):
        HOURS = "hours", _("Hours of helping others, paid or not")
        SCHOOL = "school", _("Years of school or college")

    application = models.ForeignKey(CertificationApplication, on_delete=models.PROTECT, related_name="added_time")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    where = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    amount = models.DecimalField("hours, or years of school", max_digits=7, decimal_places=2)

    class Meta:
        default_permissions = ()
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="added_time_has_an_amount"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="added_time_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.kind} since {self.starts_on}"


class MissingItem(models.Model):
    """One thing a notice asked for. Mending it clears this one and no other."""

    application = models.ForeignKey(CertificationApplication, on_delete=models.PROTECT, related_name="missing_items")
    code = models.CharField("requirement of the pack, or “other”", max_length=80)
    words = models.CharField(_("what we need, and how to mend it"), max_length=500)
    noted_by = person_key()
    noted_at = models.DateTimeField()
    due_on = models.DateField()
    fixed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ("view",)
        ordering = ["noted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "code"],
                condition=models.Q(fixed_at=None) & ~models.Q(code="other"),
                name="asked_for_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.code}"


class Payment(models.Model):
    """Money that came by mail or over the counter. Never cash; what the bank sends back is dated, not deleted."""

    class Method(models.TextChoices):
        CHECK = "check", _("Check")
        MONEY_ORDER = "money_order", _("Money order")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(CertificationApplication, on_delete=models.PROTECT, related_name="payments")
    fee = models.CharField("fee of the pack", max_length=40)
    cents = models.PositiveIntegerField()
    received_on = models.DateField()
    method = models.CharField(max_length=20, choices=Method.choices)
    number = models.CharField(_("number on the check or money order"), max_length=40, blank=True)
    paid_by = models.CharField(_("who paid, if not the person"), max_length=150, blank=True)
    entered_by = person_key()
    entered_at = models.DateTimeField()
    came_back_on = models.DateField(null=True, blank=True)

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="a_payment_is_some_money"),
            models.UniqueConstraint(
                fields=["application", "fee"],
                condition=models.Q(came_back_on=None),
                name="a_fee_is_paid_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.fee}"
