"""The supervisor's own page: requests addressed to them, and who of their team is certified until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.desk import SignedInRequest
from accounts.models import Standing, StandingKind, User
from employment.models import Job, Verification
from employment.views.verify import verify_url
from employment.words import role_title
from programs.calendar import local_day
from programs.words import days_left


def team(request: SignedInRequest) -> HttpResponse:
    """Only what concerns the job, and only people who named a mailbox that is proved to be the reader's."""
    now = timezone.now()
    today = local_day(now)
    emails = _own_mailboxes(request.user)
    mine = Verification.objects.addressed_to(emails).exclude(job__person=request.user)
    waiting = mine.out().filter(expires_at__gt=now).select_related("job__person", "job__provider")
    return render(
        request,
        "employment/team.html",
        {
            "has_mailbox": bool(emails),
            "requests": [
                {
                    "name": question.job.person.known_at_work_as,
                    "provider": question.job.provider.name,
                    "url": verify_url(question),
                    "answer_by": question.answer_by,
                    "left": days_left(question.answer_by, now) if question.answer_by else "",
                }
                for question in waiting.order_by("expires_at")
            ],
            "team": _team(mine, today),
        },
    )


def _own_mailboxes(user: Any) -> list[str]:
    """Only addresses the reader has proved: a typed one would show them other people's names."""
    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def _team(mine: Any, today: date) -> list[dict[str, Any]]:
    jobs = (
        Job.objects.held(on=today)
        .filter(status=Job.Status.VERIFIED, verifications__in=mine.filter(status__in=Verification.GIVEN))
        .select_related("person", "provider")
        .distinct()
        .order_by("person__legal_family_name", "pk")
    )
    until = _certified_until([job.person for job in jobs], today)
    return [
        {
            "name": job.person.known_at_work_as,
            "role": role_title(job.role_code, today),
            "provider": job.provider.name,
            "hired_on": job.hired_on,
            "is_certified": job.person_id in until,
            "certified_until": until.get(job.person_id),
        }
        for job in jobs
    ]


def _certified_until(people: list[User], today: date) -> dict[int, date | None]:
    held = Standing.objects.in_force(on=today).filter(person__in=people, kind=StandingKind.CERTIFIED)
    return dict(held.order_by("ends_on").values_list("person_id", "ends_on"))
