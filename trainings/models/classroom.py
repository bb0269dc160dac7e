"""What happens in class: who was there, the test, and being done."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from accounts.references import new_reference
from trainings.models.courses import Course, HalfDay, TrainingSession
from trainings.models.spots import Registration


def completion_reference() -> str:
    return new_reference("CO")


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
