"""Scheduled work: questions to employers whose days are over."""

from celery import shared_task
from django.utils import timezone

from employment import workflow


@shared_task(name="employment.keep_time")
def keep_time() -> None:
    workflow.run_out(timezone.now())
