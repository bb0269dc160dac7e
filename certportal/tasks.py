"""Scheduled work that belongs to no single app."""

from celery import shared_task
from django.utils import timezone

from certportal import health


@shared_task(name="certportal.heartbeat")
def heartbeat() -> None:
    health.beat(timezone.now())
