"""What happens in class: who came, who was there, half-days made up later, the test, and being done."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.references import new_reference
from programs.calendar import local_day
from trainings.models.courses import Course, HalfDay, TrainingSession
from trainings.models.spots import Registration


def completion_reference() -> str:
    return new_reference("CO")


def sitting_reference() -> str:
    return new_reference("EX")


# -- Who was there -----------------------------------------------------------------------------------------


class Attendance(models.Model):
    """Whether somebody was there for one half-day, by the trainer's list, and how much of it they were out."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendances")
    half_day = models.ForeignKey(HalfDay, on_delete=models.PROTECT, related_name="+")
    was_there = models.BooleanField()
    minutes_missed = models.PositiveSmallIntegerField(default=0)  # of a half-day they were there for
    care_minutes = models.PositiveSmallIntegerField(default=0)  # of these: out to care for someone or themselves
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["registration", "half_day"], name="attendance_once"),
            models.CheckConstraint(
                condition=models.Q(care_minutes__lte=models.F("minutes_missed")), name="care_time_was_missed"
            ),
            models.CheckConstraint(
                condition=models.Q(was_there=True) | models.Q(minutes_missed=0), name="away_is_the_whole_half_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {'there' if self.was_there else 'away'}"


class JoinPress(models.Model):
    """Somebody pressed Join: each press, so that the trainer sees when they came and came back."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="join_presses")
    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="join_presses")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.registration_id} at {self.at:%Y-%m-%d %H:%M}"


class MeetingList(models.Model):
    """The list of who was in the meeting, as the platform's file gave it. Taken as a whole or not at all."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="meeting_lists")
    name = models.CharField(max_length=200)
    checksum = models.CharField("sha-256 of the file", max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["uploaded_at", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["session", "checksum"], name="meeting_list_once")]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """One stay in the meeting, by the platform's list. Staff say whose it is, or that it is nobody's here."""

    meeting_list = models.ForeignKey(MeetingList, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # digits: they called in
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField()
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.SET_NULL, related_name="presences"
    )
    settled_at = models.DateTimeField(null=True, blank=True)  # somebody said whose it is, or that it is nobody's

    class Meta:
        ordering = ["meeting_list", "line"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting_list", "line"], name="presence_once"),
            models.CheckConstraint(condition=models.Q(left_at__gte=models.F("joined_at")), name="presence_ends_later"),
        ]

    def __str__(self) -> str:
        return f"line {self.line} of list {self.meeting_list_id}"


class MakeUpQuerySet(models.QuerySet["MakeUp"]):
    def standing(self) -> MakeUpQuerySet:
        """Booked or made: not taken back, and not missed again."""
        return self.filter(taken_back_at=None).exclude(was_there=False)

    def booked(self) -> MakeUpQuerySet:
        return self.filter(taken_back_at=None, was_there=None)


class MakeUp(models.Model):
    """A half-day somebody missed, made up in a later session of the course: an extra chair, no spot in its line.

    The half-day is a number in the course's order, so that a session that moves takes it along.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="make_ups")
    number = models.PositiveSmallIntegerField()  # 1 is the first half-day of the course
    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="make_ups")
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    link_told_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    was_there = models.BooleanField(null=True, blank=True)
    minutes_missed = models.PositiveSmallIntegerField(default=0)
    care_minutes = models.PositiveSmallIntegerField(default=0)
    made_on = models.DateField(null=True, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MakeUpQuerySet.as_manager()

    class Meta:
        ordering = ["number", "booked_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "number"],
                condition=models.Q(taken_back_at=None) & (models.Q(was_there=None) | models.Q(was_there=True)),
                name="make_up_once",
            ),
            models.CheckConstraint(
                condition=models.Q(care_minutes__lte=models.F("minutes_missed")), name="make_up_care_time_was_missed"
            ),
        ]
        indexes = [models.Index(fields=["session", "number"], name="make_up_list")]

    def __str__(self) -> str:
        return f"half-day {self.number} of {self.registration_id}"

    @property
    def is_booked(self) -> bool:
        return self.taken_back_at is None and self.was_there is None


# -- The test ----------------------------------------------------------------------------------------------


class ExamSitting(models.Model):
    """A date on which the test can be taken."""

    class Kind(models.TextChoices):
        ONLINE = "online", _("Online")
        PAPER = "paper", _("On paper")
        READ_ALOUD = "read_aloud", _("Read aloud")

    reference = models.CharField(max_length=20, unique=True, default=sitting_reference, editable=False)
    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="sittings")
    kind = models.CharField(_("how"), max_length=10, choices=Kind.choices)
    where = models.CharField(_("where"), max_length=200)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(minutes__gt=0), name="sitting_lasts")]

    def __str__(self) -> str:
        return self.reference

    @property
    def on(self) -> date:
        return local_day(self.starts_at)


class ExamBooking(models.Model):
    """Somebody is expected at a sitting, with the time an arrangement gives them."""

    sitting = models.ForeignKey(ExamSitting, on_delete=models.PROTECT, related_name="bookings")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="exam_bookings")
    extra_minutes = models.PositiveSmallIntegerField(default=0)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["booked_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "registration"], condition=models.Q(taken_back_at=None), name="exam_booking_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} at sitting {self.sitting_id}"


class ExamAttempt(models.Model):
    """One try at the test."""

    sitting = models.ForeignKey(ExamSitting, null=True, blank=True, on_delete=models.PROTECT, related_name="attempts")
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


class ScoreCorrection(models.Model):
    """A score put right. Who may see scores sees the one before and why; history names no score."""

    attempt = models.ForeignKey(ExamAttempt, on_delete=models.PROTECT, related_name="corrections")
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    because = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~models.Q(before=models.F("after")), name="a_correction_changes_the_score")
        ]

    def __str__(self) -> str:
        return f"correction of {self.attempt_id}"


# -- Done --------------------------------------------------------------------------------------------------


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
    certificate_at = models.DateTimeField(null=True, blank=True)  # made: what it rests on stays as it is

    class Meta:
        ordering = ["completed_on", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.reference
