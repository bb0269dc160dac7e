"""Scheduled work: what falls due by itself."""

from celery import shared_task
from django.utils import timezone

from trainings import workflow


@shared_task(name="trainings.keep_time")
def keep_time() -> None:
    now = timezone.now()
    workflow.keep_watch(at=now)  # first: what an outage touched is given longer before seats are set
    workflow.keep_time(at=now)
