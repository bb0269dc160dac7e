"""Seats, and a person's spot from received to completed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.references import new_reference
from employment.models import Provider
from trainings.models.courses import Course, TrainingSession


def registration_reference() -> str:
    return new_reference("RG")


def block_reference() -> str:
    return new_reference(Block.PREFIX)


def invitation_reference() -> str:
    return new_reference("IN")


class SeatQuerySet(models.QuerySet["Seat"]):
    def open(self) -> SeatQuerySet:
        return self.filter(closed_at=None)

    def free(self) -> SeatQuerySet:
        return self.open().filter(registration=None)

    def general(self) -> SeatQuerySet:
        """Those the line may have."""
        return self.filter(kept_for="")


class Seat(models.Model):
    """One place in the room, made in advance. It has at most one owner because a registration points at it."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField()
    # The reference of a scholarship round (SR-…) or of a provider's block (BL-…): only its people may have the seat.
    kept_for = models.CharField("round or block it is kept for", max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # the capacity was lowered and it fell free

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="seat_number_once")]

    def __str__(self) -> str:
        return f"seat {self.number}"


class Block(models.Model):
    """Seats kept for a provider's new hires who sign up until a day; what they do not use joins the general line."""

    PREFIX = "BL"

    reference = models.CharField(max_length=20, unique=True, default=block_reference, editable=False)
    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="blocks")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveSmallIntegerField(_("seats"))
    until_on = models.DateField(_("they can sign up until the end of"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["session", "provider"],
                condition=models.Q(released_at=None),
                name="one_open_block_per_provider",
            ),
            models.CheckConstraint(condition=models.Q(count__gt=0), name="block_has_seats"),
        ]

    def __str__(self) -> str:
        return self.reference


class Status(models.TextChoices):
    """Where a registration stands; what became of it in class is its outcome."""

    RECEIVED = "received", _("Received")
    ADMITTED = "admitted", _("In the ranking")
    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("Offer out")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    RAN_OUT = "ran_out", _("Offer ran out")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible")
    NOT_SEATED = "not_seated", _("No seat this time")
    CANCELLED = "cancelled", _("Cancelled")
    PAUSED = "paused", _("Paused")


WITH_A_SEAT = (Status.OFFERED, Status.CONFIRMED)
# Who left the line through no fault of their own keeps their time for the next session of the course.
KEEPS_ITS_TIME = (Status.RAN_OUT, Status.DECLINED, Status.NOT_SEATED, Status.CANCELLED)
# Counts on its session; who paused waits for another.
IN_THIS_SESSION = (Status.RECEIVED, Status.ADMITTED, Status.WAITING, Status.OFFERED, Status.CONFIRMED)
LIVE = (Status.RECEIVED, Status.ADMITTED, Status.WAITING, Status.OFFERED, Status.CONFIRMED, Status.PAUSED)


def is_live(status: str, outcome: str) -> bool:
    """One of these per person and course: the way to a seat, or to the end of class, is not over."""
    return status in LIVE and not outcome


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def live(self) -> RegistrationQuerySet:
        return self.filter(status__in=LIVE, outcome="")

    def with_a_seat(self) -> RegistrationQuerySet:
        return self.filter(status__in=WITH_A_SEAT)

    def in_line(self) -> RegistrationQuerySet:
        """Ranked and without a seat, first in line first."""
        return self.filter(status=Status.WAITING).order_by("rank", "received_at", "pk")

    def next_for_a_seat(self, but: Registration) -> RegistrationQuerySet:
        """Whom a seat may go to that this one gives up: the others of its session in line, or still to be ranked."""
        still = self.filter(session=but.session_id, status__in=[Status.RECEIVED, Status.ADMITTED, Status.WAITING])
        return still.filter(outcome="").exclude(pk=but.pk)

    def of(self, person: Any) -> RegistrationQuerySet:
        return self.filter(person=person)

    def visible_to(self, user: Any) -> RegistrationQuerySet:
        """One's own; the office has pages of its own."""
        return self.filter(person=user)

    def for_pages(self) -> RegistrationQuerySet:
        return self.select_related("session__course", "person", "seat")


class Registration(models.Model):
    """A person's spot in a session."""

    class Outcome(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        MAKE_UP = "make_up", _("Make-up open")
        ENDED_EARLY = "ended_early", _("Ended early")
        DID_NOT_ATTEND = "did_not_attend", _("Did not attend")
        NOT_PASSED = "not_passed", _("Not passed yet")  # all tries at the test are used

    reference = models.CharField(max_length=20, unique=True, default=registration_reference, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="registrations", db_index=False)
    # For the constraint below.
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", db_index=False)
    designation = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RECEIVED)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    received_at = models.DateTimeField()  # the moment that counts for the order
    entered_at = models.DateTimeField()  # the moment it was typed: later than received_at for paper and phone
    came_by = models.CharField(max_length=10, default="online")
    admitted_at = models.DateTimeField(null=True, blank=True)
    not_admitted_because = models.JSONField(default=list, blank=True)  # reason codes
    # Stored when the seats are set: where the person stood, in which group, and what proved it.
    rank = models.PositiveIntegerField(null=True, blank=True)
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    proofs = models.JSONField(default=list, blank=True)
    # Staff put the person into this group, with a reason that stands in an Override and on the person's page.
    tier_override = models.PositiveSmallIntegerField(null=True, blank=True)
    block = models.ForeignKey(Block, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations")
    paused_until = models.DateField(null=True, blank=True)  # the last day it waits; no reason is asked or stored
    seat = models.OneToOneField(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="registration")
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True)  # half-open
    confirmed_at = models.DateTimeField(null=True, blank=True)
    link_told_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    # Left after class got other days: no fault of theirs, so the time counts for the next session.
    keeps_its_time = models.BooleanField(default=False)
    link_version = models.PositiveIntegerField(default=1)  # a new offer kills the link of the one before

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=models.Q(status__in=[str(status) for status in LIVE], outcome=""),
                name="one_live_registration_per_course",
            ),
            models.CheckConstraint(
                condition=models.Q(seat__isnull=False, status__in=[str(status) for status in WITH_A_SEAT])
                | (models.Q(seat__isnull=True) & ~models.Q(status__in=[str(status) for status in WITH_A_SEAT])),
                name="a_seat_is_offered_or_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(offer_expires_at__isnull=False) | ~models.Q(status="offered"),
                name="an_offer_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["session", "status", "rank"], name="registration_line"),
            models.Index(fields=["status", "offer_expires_at"], name="registration_offers"),
            # The office's list, newest first, by each of its filters.
            models.Index(fields=["session", "id"], name="registrations_of_session"),
            models.Index(fields=["course", "id"], name="registrations_of_course"),
            models.Index(fields=["status", "id"], name="registrations_at_status"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("trainings:registration", args=[self.reference])

    @property
    def is_live(self) -> bool:
        return is_live(self.status, self.outcome)

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.WAITING

    @property
    def is_offered(self) -> bool:
        return self.status == Status.OFFERED

    @property
    def is_confirmed(self) -> bool:
        return self.status == Status.CONFIRMED

    def may_have_answered_in_time(self, now: datetime) -> bool:
        """The offer ran out, and the office may still type what it heard before."""
        return self.status == Status.RAN_OUT and self.offer_expires_at is not None and now < self.session.starts_at

    @property
    def is_paid_for(self) -> bool:
        """The seat is a scholarship round's."""
        return bool(self.kept_for) and not self.kept_for.startswith(Block.PREFIX)

    @property
    def was_moved(self) -> bool:
        """Class got other days after the person signed up."""
        return self.session.moved_at is not None and self.entered_at < self.session.moved_at

    @property
    def kept_for(self) -> str:
        """The scholarship round or the block whose seat this is, if it is one."""
        return self.seat.kept_for if self.seat_id and self.seat else ""


class Invitation(models.Model):
    """A provider's officer starts a sign-up for a new hire; the person finishes it, or not. It takes no spot."""

    reference = models.CharField(max_length=20, unique=True, default=invitation_reference, editable=False)
    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="invitations")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    block = models.ForeignKey(Block, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    link_version = models.PositiveIntegerField(default=1)
    registration = models.OneToOneField(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="invitation"
    )
    # Who opened the link and said: this is me. The address may be another than their account's.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.registration_id is None and self.withdrawn_at is None

    @property
    def is_taken_up(self) -> bool:
        """Somebody said: this is me; or signed up under the address it went to."""
        return self.person_id is not None or self.registration_id is not None
