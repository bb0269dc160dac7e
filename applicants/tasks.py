"""Scheduled work: find the rows, call the workflow."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from applicants import papers, workflow

log = logging.getLogger(__name__)


@shared_task(name="applicants.check_papers")
def check_papers() -> None:
    papers.check_all(at=timezone.now())


@shared_task(name="applicants.settle_awards")
def settle_awards() -> None:
    workflow.settle_awards(at=timezone.now())


@shared_task(name="applicants.keep_time")
def keep_time() -> None:
    """What the clock asks of this room; each part stands alone, so that one that stumbles stops no other."""
    now = timezone.now()
    for part in (papers.check_all, workflow.close_rounds, workflow.settle_awards, workflow.end_rounds):
        try:
            part(at=now)
        except Exception:  # whatever it is, the other parts are still due
            log.exception("applicants.keep_time: %s", part.__name__)
