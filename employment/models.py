"""Providers, who works where, and a verifier's word for it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.references import new_reference
from employment import rules
from programs.calendar import local_day


def provider_reference() -> str:
    return new_reference("PR")


def job_reference() -> str:
    return new_reference("JB")


def verification_reference() -> str:
    return new_reference("VR")


class ProviderQuerySet(models.QuerySet["Provider"]):
    def certified(self, *, on: date) -> ProviderQuerySet:
        """Certified by the department on this day and not closed; a last day is the day before `certified_until`."""
        return (
            self.filter(certified_from__lte=on)
            .filter(models.Q(certified_until=None) | models.Q(certified_until__gt=on))
            .filter(models.Q(closed_on=None) | models.Q(closed_on__gt=on))
        )

    def named(self, words: str) -> ProviderQuerySet:
        """Every word stands in the name, the former name or the region."""
        found = self
        for word in words.split():
            found = found.filter(
                models.Q(name__icontains=word)
                | models.Q(former_name__icontains=word)
                | models.Q(region__icontains=word)
            )
        return found


class Provider(models.Model):
    """A place of work the department has certified, or had."""

    reference = models.CharField(max_length=20, unique=True, default=provider_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=40)  # a code of the program's list
    name = models.CharField(_("name"), max_length=150)
    region = models.CharField(_("city or region"), max_length=100, blank=True)
    certified_from = models.DateField(_("certified from"))
    certified_until = models.DateField(_("no longer certified from"), null=True, blank=True)
    email_domains = models.JSONField(_("work e-mail domains"), default=list, blank=True)
    former_name = models.CharField(_("name before"), max_length=150, blank=True)
    renamed_on = models.DateField(_("renamed on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("keep_providers", "Can keep the provider register and settle requests to employers")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(certified_until=None) | models.Q(certified_until__gt=models.F("certified_from")),
                name="provider_certified_until_after_from",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.region}" if self.region else self.name

    def is_certified(self, on: date) -> bool:
        return (
            self.certified_from <= on
            and (self.certified_until is None or on < self.certified_until)
            and (self.closed_on is None or on < self.closed_on)
        )


class Officer(models.Model):
    """The person at a provider who looks after staff training papers: whom the office calls."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="officers")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        ordering = ["left_on", "name"]

    def __str__(self) -> str:
        return self.name


class JobQuerySet(models.QuerySet["Job"]):
    def held(self, *, on: date) -> JobQuerySet:
        """Begun, not over, not taken back."""
        return (
            self.exclude(status=Job.Status.TAKEN_BACK)
            .filter(hired_on__lte=on)
            .filter(models.Q(ended_on=None) | models.Q(ended_on__gt=on))
        )

    def current(self) -> JobQuerySet:
        return self.exclude(status=Job.Status.TAKEN_BACK).filter(ended_on=None)


class Job(models.Model):
    """Where a person says they work, and what their employer said to it."""

    class Status(models.TextChoices):
        NAMED = "named", _("named")
        ASKED = "asked", _("employer asked")
        VERIFIED = "verified", _("verified")
        TAKEN_BACK = "taken_back", _("taken back")

    reference = models.CharField(max_length=20, unique=True, default=job_reference, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="jobs")
    position = models.CharField(_("job title"), max_length=150)
    role_code = models.CharField(_("kind of work"), max_length=40)  # a code of the program's list
    hired_on = models.DateField(_("first day of work"))
    ended_on = models.DateField(_("first day no longer there"), null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NAMED)
    named_at = models.DateTimeField()

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-hired_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gt=models.F("hired_on")),
                name="job_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person", "provider", "role_code"],
                condition=models.Q(ended_on=None) & ~models.Q(status="taken_back"),
                name="one_open_job_per_provider_and_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.position}"

    @property
    def last_day(self) -> date | None:
        return self.ended_on - timedelta(days=1) if self.ended_on else None

    @property
    def is_verified(self) -> bool:
        return self.status == self.Status.VERIFIED


class VerificationQuerySet(models.QuerySet["Verification"]):
    def out(self) -> VerificationQuerySet:
        """With the verifier: sent, perhaps opened, not answered."""
        return self.filter(status__in=Verification.OUT)

    def waiting_for_the_office(self) -> VerificationQuerySet:
        """The person asked to write to a personal address; nobody has looked at it yet."""
        return self.filter(status=Verification.Status.DRAFTED, address_asked_at__isnull=False, address_settled_at=None)

    def addressed_to(self, emails: list[str]) -> VerificationQuerySet:
        return self.filter(verifier_email__in=[email.lower() for email in emails])


class Verification(models.Model):
    """One question to one verifier about one job. A new addressee or new facts make a new one."""

    class Status(models.TextChoices):
        DRAFTED = "drafted", _("not sent yet")
        SENT = "sent", _("sent")
        OPENED = "opened", _("opened")
        CONFIRMED = "confirmed", _("confirmed")
        CORRECTED = "corrected", _("confirmed with corrections")
        MISADDRESSED = "misaddressed", _("not the right person")
        NOT_EMPLOYED = "not_employed", _("does not work there now")
        EXPIRED = "expired", _("time ran out")
        SUPERSEDED = "superseded", _("replaced by a newer one")
        WITHDRAWN = "withdrawn", _("taken back")

    OUT = (Status.SENT, Status.OPENED)
    GIVEN = (Status.CONFIRMED, Status.CORRECTED)
    ANSWERED = (*GIVEN, Status.MISADDRESSED, Status.NOT_EMPLOYED)

    reference = models.CharField(max_length=20, unique=True, default=verification_reference, editable=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="verifications")
    verifier_name = models.CharField(_("name of the person who confirms"), max_length=150)
    verifier_email = models.EmailField(_("their work e-mail"))
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.DRAFTED)
    link_version = models.PositiveSmallIntegerField(default=0)  # one more at each sending; older links are dead
    drafted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)  # the first moment that is too late

    # A personal address needs a yes of the office; an unknown work address is only looked at.
    address_reason = models.CharField(_("why a personal address"), max_length=200, blank=True)
    address_asked_at = models.DateTimeField(null=True, blank=True)
    address_approved = models.BooleanField(null=True, default=None)
    address_settled_at = models.DateTimeField(null=True, blank=True)
    address_settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # The answer, as it was given.
    signature = models.CharField(_("typed name"), max_length=150, blank=True)
    attested_at = models.DateTimeField(null=True, blank=True)
    said_position = models.CharField(_("job title, says the verifier"), max_length=150, blank=True)
    said_role_code = models.CharField(_("kind of work, says the verifier"), max_length=40, blank=True)
    said_hired_on = models.DateField(_("first day, says the verifier"), null=True, blank=True)
    said_last_day = models.DateField(_("last day, says the verifier"), null=True, blank=True)
    forward_name = models.CharField(_("the right person"), max_length=150, blank=True)
    forward_email = models.EmailField(_("their e-mail"), blank=True)
    # Filled when the answer came by phone and staff wrote it down.
    answered_by_phone = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=models.Q(status__in=["drafted", "sent", "opened"]),
                name="one_open_question_per_job",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["drafted", "superseded", "withdrawn"])
                | models.Q(sent_at__isnull=False, expires_at__isnull=False),
                name="what_is_out_was_sent",
            ),
        ]
        indexes = [models.Index(fields=["status", "expires_at"], name="verification_status")]

    def __str__(self) -> str:
        return self.reference

    @property
    def person(self) -> object:
        """Whose history this belongs to."""
        return self.job.person

    @property
    def is_out(self) -> bool:
        return self.status in self.OUT

    def is_answerable(self, at: datetime) -> bool:
        return self.is_out and self.expires_at is not None and at < self.expires_at

    @property
    def answer_by(self) -> date | None:
        """The last day an answer counts."""
        return local_day(self.expires_at - timedelta(seconds=1)) if self.expires_at else None

    @property
    def is_address_known(self) -> bool:
        return rules.is_known(self.verifier_email, self.job.provider.email_domains)

    @property
    def is_address_personal(self) -> bool:
        return rules.is_personal(self.verifier_email)
