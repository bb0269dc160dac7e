"""How the line came to its order: every run of the allocator, and every exception somebody made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trainings.models.courses import Course, TrainingSession
from trainings.models.spots import Registration


class Allocation(models.Model):
    """One run of the allocator with all it looked at, so that any past moment can be played again."""

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="allocations")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    is_first = models.BooleanField()
    free_seats = models.JSONField(default=list)  # [number, block it is kept for or ""]
    claims = models.JSONField(default=list)  # who was ranked now: [registration key, tier, time, block or ""]
    waited = models.JSONField(default=list)  # who stood in line before, as far as the seats reach: [key, block]
    order = models.JSONField(default=list)  # registration keys, first in line first
    given = models.JSONField(default=list)  # [registration key, seat number, "confirmed" or "offered"]

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"allocation of session {self.session_id} at {self.at:%Y-%m-%d %H:%M}"


class Override(models.Model):
    """An exception to the order that staff made, with its reason. The person reads it on their own page."""

    class Kind(models.TextChoices):
        GROUP = "group", _("Counted in another group")
        TIME = "time", _("Counted from another time")
        LATE_FORM = "late_form", _("Taken after the last day to apply")
        SEAT = "seat", _("Given a seat by hand")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="overrides")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    because = models.CharField(_("reason"), max_length=300)
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(condition=~models.Q(because=""), name="override_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.kind} for registration {self.registration_id}"


class WatchQuerySet(models.QuerySet["Watch"]):
    def still_open(self) -> WatchQuerySet:
        return self.filter(told_at=None)

    def fitting(self, session: TrainingSession) -> WatchQuerySet:
        """Those this session answers. One can take part online from every county."""
        fits = models.Q(course=None) | models.Q(course=session.course_id)
        fits &= models.Q(designation="") | models.Q(designation__in=session.designations)
        fits &= models.Q(mode="") | models.Q(mode=session.mode)
        if session.mode != TrainingSession.Mode.ONLINE:
            fits &= models.Q(county="") | models.Q(county=session.county)
        return self.filter(fits)


class Watch(models.Model):
    """Tell me when one opens: one message, when the next session that fits is published, and then it is over."""

    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    designation = models.CharField(max_length=40, blank=True)
    mode = models.CharField(max_length=10, blank=True)
    county = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    email = models.EmailField(blank=True)  # for somebody without an account
    asked_for = models.CharField(max_length=450, editable=False)  # who and what in one line, so that twice is once
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_of = models.ForeignKey(TrainingSession, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = WatchQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | ~models.Q(email=""), name="somebody_to_tell"
            ),
            models.UniqueConstraint(
                fields=["asked_for"], condition=models.Q(told_at=None), name="one_open_watch_for_each_wish"
            ),
        ]
        indexes = [models.Index(fields=["course"], name="watch_open", condition=models.Q(told_at=None))]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"WA-{self.pk}"

    @property
    def link_version(self) -> int:
        """A link to stop it lives as long as the watch: taking it back removes the row."""
        return 1

    @property
    def is_open(self) -> bool:
        return self.told_at is None
