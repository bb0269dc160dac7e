"""Scheduled work: what falls due by itself."""

from celery import shared_task
from django.utils import timezone

from trainings import workflow


@shared_task(name="trainings.keep_time")
def keep_time() -> None:
    workflow.keep_time(at=timezone.now())
