"""Scheduled work on messages: plan the reminders, send what is due."""

from celery import shared_task
from django.utils import timezone

from notifications import reminders, sending

BATCHES_AT_ONCE = 20


@shared_task(name="notifications.plan")
def plan() -> None:
    reminders.plan(at=timezone.now())


@shared_task(name="notifications.send")
def send() -> None:
    for _batch in range(BATCHES_AT_ONCE):
        if sending.send_due(at=timezone.now()) < sending.BATCH:
            return
