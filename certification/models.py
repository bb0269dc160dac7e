"""The certification file, the Board that reads it, and the credential it ends in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.references import new_reference
from audit.owed import Owed


def _person(**more: Any) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **more)


def application_reference() -> str:
    return new_reference("CA")


def meeting_reference() -> str:
    return new_reference("MT")


def document_reference() -> str:
    return new_reference("DO")


# -- The file ----------------------------------------------------------------------------------------------


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
    noted_by = _person()
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
    entered_by = _person()
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


# -- The Board ---------------------------------------------------------------------------------------------


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def ahead(self, at: datetime) -> MeetingQuerySet:
        return self.filter(status=Meeting.Status.PLANNED, meets_at__gt=at).order_by("meets_at")

    def still_taking(self, whole_at: datetime, at: datetime) -> MeetingQuerySet:
        """Meetings to come whose packet deadline a file that was whole by then has kept."""
        return self.ahead(at).filter(packet_deadline_at__gte=whole_at)


class Meeting(models.Model):
    """One meeting of the Review Board. Files that are whole by its packet deadline are read there."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CANCELLED = "cancelled", _("Cancelled")

    reference = models.CharField(max_length=20, unique=True, default=meeting_reference, editable=False)
    meets_at = models.DateTimeField()
    packet_deadline_at = models.DateTimeField()
    location = models.CharField(_("where"), max_length=300)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLANNED)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["meets_at"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(packet_deadline_at__lte=models.F("meets_at")), name="packets_come_before_the_meeting"
            ),
            models.UniqueConstraint(
                fields=["meets_at"], condition=models.Q(status="planned"), name="one_meeting_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BoardMemberQuerySet(models.QuerySet["BoardMember"]):
    def seated(self, *, on: date) -> BoardMemberQuerySet:
        """Who sits on the Board that day; a vacant seat has nobody."""
        return self.filter(starts_on__lte=on).filter(models.Q(ends_on=None) | models.Q(ends_on__gt=on)).order_by("seat")


class BoardMember(models.Model):
    """One person's term in one seat, half-open."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seat = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_chair = models.BooleanField(default=False)

    objects = BoardMemberQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=models.Q(ends_on=None), name="one_member_in_a_seat_without_end"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="a_term_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.seat}: {self.person}"


class Outcome(models.TextChoices):
    RECOMMENDED = "recommended", _("Recommended")
    ASKS_MORE = "asks_more", _("Board asks for more")
    NOT_RECOMMENDED = "not_recommended", _("Not recommended")


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def live(self) -> AgendaItemQuerySet:
        """Still to be read: neither moved away nor recommended upon."""
        return self.filter(left_at=None, recommendation=None)


class AgendaItem(models.Model):
    """One line of a meeting's agenda. The public sees its number only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(CertificationApplication, on_delete=models.PROTECT, related_name="agenda_items")
    number = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    left_at = models.DateTimeField("moved to another meeting, or withdrawn", null=True, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_line_per_number"),
            models.UniqueConstraint(
                fields=["meeting", "application"], condition=models.Q(left_at=None), name="a_file_once_on_an_agenda"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.number}"

    @property
    def person(self) -> Any:
        return self.application.person


class Recusal(models.Model):
    """A member steps back from a file: they cannot open it, and do not count for it. Not an abstention."""

    application = models.ForeignKey(CertificationApplication, on_delete=models.PROTECT, related_name="recusals")
    member = models.ForeignKey(BoardMember, on_delete=models.PROTECT, related_name="+")
    recused_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["application", "member"], name="recused_once")]

    def __str__(self) -> str:
        return f"{self.member} not on {self.application}"


class Choice(models.TextChoices):
    YES = "yes", _("Recommend approval")
    MORE = "more", _("Ask for more")
    NO = "no", _("Do not recommend")
    ABSTAIN = "abstain", _("Abstain")


class Vote(models.Model):
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(BoardMember, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    reasons = models.TextField(blank=True)
    cast_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="one_vote_per_member")]

    def __str__(self) -> str:
        return f"{self.item}: {self.choice}"


class Recommendation(models.Model):
    """What the votes of a quorum said, recorded by the chair. It issues nothing."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="recommendation")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reasons = models.TextField(blank=True)
    recorded_by = _person()
    recorded_at = models.DateTimeField()
    seated = models.PositiveSmallIntegerField()
    quorum = models.PositiveSmallIntegerField()
    tally = models.JSONField(default=dict)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.item}: {self.outcome}"


class Decision(models.Model):
    """The Director's yes or no: one per file, by somebody who did not recommend it."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        DISAPPROVED = "disapproved", _("Disapproved")

    application = models.OneToOneField(CertificationApplication, on_delete=models.PROTECT, related_name="decision")
    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reasons = models.TextField(blank=True)
    decided_by = _person()
    decided_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.application}: {self.outcome}"


# -- The credential ----------------------------------------------------------------------------------------


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
