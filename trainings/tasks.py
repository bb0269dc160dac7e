"""Scheduled work: what falls due by itself."""

from celery import shared_task
from django.utils import timezone

from audit.sweep import each_alone
from trainings import workflow


@shared_task(name="trainings.keep_time")
def keep_time() -> None:
    """The watch comes first: what an outage touched is given longer before seats are set."""
    each_alone("trainings.keep_time", (workflow.keep_watch, *workflow.DUE), at=timezone.now())
