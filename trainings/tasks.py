"""Scheduled work: what falls due by itself."""

import logging

from celery import shared_task
from django.utils import timezone

from trainings import workflow

log = logging.getLogger(__name__)


@shared_task(name="trainings.keep_time")
def keep_time() -> None:
    """Each part stands alone, so that one that stumbles stops no other. The watch comes first: what an outage touched
    is given longer before seats are set."""
    now = timezone.now()
    for part in (workflow.keep_watch, *workflow.DUE):
        try:
            part(at=now)
        except Exception:  # whatever it is, the other parts are still due
            log.exception("trainings.keep_time: %s", part.__name__)
