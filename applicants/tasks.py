"""Scheduled work: find the rows, call the workflow."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from applicants import papers, workflow
from audit.sweep import each_alone


@shared_task(name="applicants.check_papers")
def check_papers() -> None:
    papers.check_all(at=timezone.now())


@shared_task(name="applicants.settle_awards")
def settle_awards() -> None:
    workflow.settle_awards(at=timezone.now())


@shared_task(name="applicants.keep_time")
def keep_time() -> None:
    """What the clock asks of this room."""
    parts = (papers.check_all, workflow.close_rounds, workflow.settle_awards, workflow.end_rounds)
    each_alone("applicants.keep_time", parts, at=timezone.now())
