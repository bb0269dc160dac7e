"""Work outside the request: papers are made, agendas are filled, old files are closed."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from certification import workflow


@shared_task(name="certification.render")
def render() -> None:
    workflow.make_papers(at=timezone.now())


@shared_task(name="certification.keep_time")
def keep_time() -> None:
    """Complete files that wait get their agenda; files past the life of an application are closed."""
    workflow.fill_agendas(at=timezone.now())
    workflow.close_old(at=timezone.now())
