"""Courses, sessions with their half-days and seats, and a person's spot from received to completed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.references import new_reference
from programs.calendar import Deadline, local_day


def session_reference() -> str:
    return new_reference("TS")


def registration_reference() -> str:
    return new_reference("RG")


def completion_reference() -> str:
    return new_reference("CO")


class Course(models.Model):
    """What is taught. Its priority groups stand in the program's rules under the same kind."""

    class Admission(models.TextChoices):
        BY_APPLICATION = "by_application", _("by application")
        BY_REGISTRATION = "by_registration", _("by signing up")

    class Seating(models.TextChoices):
        ON_ALLOCATION_DAY = "on_allocation_day", _("on one day, by rank")
        FIRST_COME = "first_come", _("as people sign up")

    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind in the rules"), max_length=40)
    title = models.CharField(_("title"), max_length=150)
    about = models.TextField(_("what you will learn"), blank=True)
    who = models.TextField(_("who it is for"), blank=True)
    topics = models.JSONField(_("topics"), default=list, blank=True)
    organiser = models.CharField(_("who runs it"), max_length=150, blank=True)
    sponsors = models.JSONField(_("with the help of"), default=list, blank=True)
    designations = models.JSONField(_("designations"), default=list, blank=True)
    hours = models.DecimalField(_("hours it counts for"), max_digits=5, decimal_places=2, default=0)
    admission = models.CharField(_("how people come in"), max_length=20, choices=Admission.choices)
    seating = models.CharField(_("when seats are given"), max_length=20, choices=Seating.choices)
    may_miss_half_days = models.PositiveSmallIntegerField(_("half-days one may miss"), default=0)
    has_exam = models.BooleanField(_("ends with a test"), default=False)
    grants = models.CharField(_("standing it gives"), max_length=20, blank=True)

    class Meta:
        ordering = ["title"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        return self.code[:40]

    @property
    def is_by_application(self) -> bool:
        return self.admission == self.Admission.BY_APPLICATION

    @property
    def is_first_come(self) -> bool:
        return self.seating == self.Seating.FIRST_COME


class SessionQuerySet(models.QuerySet["TrainingSession"]):
    def on_the_calendar(self) -> SessionQuerySet:
        """What the public sees: a cancelled one stays, so that nobody looks for it in vain."""
        return self.filter(status__in=[TrainingSession.Status.PUBLISHED, TrainingSession.Status.CANCELLED])

    def ahead(self, at: datetime) -> SessionQuerySet:
        return self.filter(ends_at__gte=at)

    def taking_registrations(self, at: datetime) -> SessionQuerySet:
        return self.filter(status=TrainingSession.Status.PUBLISHED, opens_at__lte=at, registration_closes_at__gt=at)

    def next_after(self, session: TrainingSession, at: datetime) -> TrainingSession | None:
        """The next one of the same course that a person may still sign up for."""
        return self.taking_registrations(at).filter(course=session.course_id).exclude(pk=session.pk).first()


class TrainingSession(models.Model):
    """One dated run of a course."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("On the calendar")
        CANCELLED = "cancelled", _("Cancelled")
        HELD = "held", _("Held")

    class Mode(models.TextChoices):
        ONLINE = "online", _("Online")
        IN_PERSON = "in_person", _("In person")

    reference = models.CharField(max_length=20, unique=True, default=session_reference, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    designations = models.JSONField(_("designations"), default=list, blank=True)
    mode = models.CharField(_("where"), max_length=10, choices=Mode.choices)
    location = models.CharField(_("location"), max_length=200, blank=True)
    # Goes to people with a seat seven days before; never on a public page.
    meeting_link = models.URLField(_("meeting link"), max_length=500, blank=True)
    cost_cents = models.PositiveIntegerField(_("cost in cents"), default=0)
    capacity = models.PositiveSmallIntegerField(_("seats"))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    registration_closes_on = models.DateField(_("last day to apply"))
    registration_closes_time = models.TimeField(_("until"), default=time(23, 59, 59))
    documents_close_on = models.DateField(_("last day for papers"))
    documents_close_time = models.TimeField(_("until"), default=time(23, 59, 59))
    # Half-open: what arrives at this moment is too late. To show a deadline use `registration_deadline`.
    registration_closes_at = models.DateTimeField(editable=False)
    documents_close_at = models.DateTimeField(editable=False)
    allocation_on = models.DateField(_("day the seats are set"))
    last_offer_on = models.DateField(_("last day for offers"))
    allocated_at = models.DateTimeField(null=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    cancelled_because = models.CharField(max_length=300, blank=True)
    changes = models.PositiveIntegerField("how often calendars were told", default=0, editable=False)
    changed_at = models.DateTimeField(editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        default_permissions = ("view",)
        permissions = [("run_sessions", "Can run training sessions: seats, attendance, tests, completion")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_later"),
            models.CheckConstraint(condition=models.Q(capacity__gt=0), name="session_has_seats"),
        ]
        indexes = [models.Index(fields=["status", "starts_at"], name="session_calendar")]

    def __str__(self) -> str:
        return f"{self.course} {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:session", args=[self.reference])

    @property
    def starts_on(self) -> date:
        return local_day(self.starts_at)

    @property
    def ends_on(self) -> date:
        return local_day(self.ends_at)

    @property
    def registration_deadline(self) -> Deadline:
        return Deadline(self.registration_closes_on, self.registration_closes_time)

    @property
    def documents_deadline(self) -> Deadline:
        return Deadline(self.documents_close_on, self.documents_close_time)

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def is_allocated(self) -> bool:
        return self.allocated_at is not None

    def takes_registrations(self, at: datetime) -> bool:
        return self.is_published and self.opens_at <= at < self.registration_closes_at


class HalfDay(models.Model):
    """A morning or an afternoon: the unit in which attendance is counted."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="half_days")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["session", "starts_at"], name="half_day_once"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="half_day_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def on(self) -> date:
        return local_day(self.starts_at)

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds() / 3600


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
    kept_for = models.CharField("scholarship round it is kept for", max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # the capacity was lowered and it fell free

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="seat_number_once")]

    def __str__(self) -> str:
        return f"seat {self.number}"


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
LIVE = (Status.RECEIVED, Status.ADMITTED, Status.WAITING, Status.OFFERED, Status.CONFIRMED, Status.PAUSED)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def live(self) -> RegistrationQuerySet:
        return self.filter(status__in=LIVE, outcome="")

    def with_a_seat(self) -> RegistrationQuerySet:
        return self.filter(status__in=WITH_A_SEAT)

    def in_line(self) -> RegistrationQuerySet:
        """Ranked and without a seat, first in line first."""
        return self.filter(status=Status.WAITING).order_by("rank", "received_at", "pk")

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

    reference = models.CharField(max_length=20, unique=True, default=registration_reference, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="registrations")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")  # for the constraint below
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
    seat = models.OneToOneField(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="registration")
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True)  # half-open
    confirmed_at = models.DateTimeField(null=True, blank=True)
    link_told_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
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
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("trainings:registration", args=[self.reference])

    @property
    def is_live(self) -> bool:
        return self.status in LIVE and not self.outcome

    @property
    def is_waiting(self) -> bool:
        return self.status == Status.WAITING

    @property
    def is_offered(self) -> bool:
        return self.status == Status.OFFERED

    @property
    def is_confirmed(self) -> bool:
        return self.status == Status.CONFIRMED

    @property
    def kept_for(self) -> str:
        """The scholarship round whose seat this is, if it is one."""
        return self.seat.kept_for if self.seat_id and self.seat else ""


class Attendance(models.Model):
    """Whether somebody was there for one half-day, by the trainer's list."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendances")
    half_day = models.ForeignKey(HalfDay, on_delete=models.PROTECT, related_name="+")
    was_there = models.BooleanField()
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["registration", "half_day"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.registration_id} {'there' if self.was_there else 'away'}"


class ExamAttempt(models.Model):
    """One sitting of the test."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="exam_attempts")
    number = models.PositiveSmallIntegerField()
    taken_on = models.DateField()
    score = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    pass_mark = models.PositiveSmallIntegerField()  # as it was that day
    passed = models.BooleanField()
    next_try_on = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["registration", "number"], name="exam_attempt_once"),
            models.CheckConstraint(condition=models.Q(score__lte=100), name="exam_score_up_to_100"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.registration_id}"


class Completion(models.Model):
    """Somebody finished a course; the paper about it is written one floor up."""

    reference = models.CharField(max_length=20, unique=True, default=completion_reference, editable=False)
    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="completion")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    designation = models.CharField(max_length=40, blank=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    completed_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["completed_on", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.reference


class Allocation(models.Model):
    """One run of the allocator with all it looked at, so that any past moment can be played again."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="allocations")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    is_first = models.BooleanField()
    free_seats = models.JSONField(default=list)  # numbers
    claims = models.JSONField(default=list)  # what was ranked, with tier and time
    order = models.JSONField(default=list)  # registration keys, first in line first
    given = models.JSONField(default=list)  # [registration key, seat number, "confirmed" or "offered"]

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"allocation of session {self.session_id} at {self.at:%Y-%m-%d %H:%M}"
