"""Who leads a session in class: its coordinator and facilitators, of the department or of a partner."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trainings.models.courses import TrainingSession


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def standing(self) -> TeamMemberQuerySet:
        return self.filter(withdrawn_at=None)


class TeamMember(models.Model):
    """Somebody named for one session. The row is the right: no role opens a class, and no row opens another one."""

    class Part(models.TextChoices):
        COORDINATOR = "coordinator", _("Coordinator")
        FACILITATOR = "facilitator", _("Facilitator")

    session = models.ForeignKey(TrainingSession, on_delete=models.PROTECT, related_name="team")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("part"), max_length=12, choices=Part.choices)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"], condition=models.Q(withdrawn_at=None), name="on_a_team_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.person_id} of session {self.session_id}"

    @property
    def reference(self) -> str:
        """The session's number and which of its team: in the history, and what messages are kept under."""
        return f"{self.session.reference}-{self.pk}"
