"""The Board: its members and meetings, and how a file is decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.references import new_reference
from certification.models.files import CertificationApplication, person_key


def meeting_reference() -> str:
    return new_reference("MT")


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
    recorded_by = person_key()
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
    decided_by = person_key()
    decided_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.application}: {self.outcome}"
