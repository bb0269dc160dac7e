"""The steps that several changes share: a question is drafted, replaced, or taken back. Callers hold the person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from audit.models import Entry
from audit.trail import record
from employment import rules
from employment.events import EmploymentEvent
from employment.models import Job, Verification

Status = Verification.Status
NOT_ANSWERED = (Status.DRAFTED, Status.SENT, Status.OPENED, Status.EXPIRED)


def draft(job: Job, name: str, email: str, address_reason: str, *, by: User, at: datetime) -> Verification:
    """Written, not sent. A personal address asks the office to look at it first."""
    asks_the_office = rules.is_personal(email)
    question = Verification.objects.create(
        job=job,
        verifier_name=name,
        verifier_email=email.lower(),
        drafted_at=at,
        address_reason=address_reason.strip() if asks_the_office else "",
        address_asked_at=at if asks_the_office else None,
    )
    if asks_the_office:
        record(Entry.of(EmploymentEvent.ADDRESS_ASKED, question, by=by, at=at, job=job.reference))
    return question


def replace(
    old: Verification,
    name: str,
    email: str,
    address_reason: str,
    *,
    by: User,
    at: datetime,
    receipt: Mapping[str, str] | None = None,
) -> Verification:
    """A new question in the place of the old one, whose link shows nothing from now on."""
    if old.status in NOT_ANSWERED:
        old.status = Status.SUPERSEDED
        old.save(update_fields=["status"])
    question = draft(old.job, name, email, address_reason, by=by, at=at)
    if old.address_approved and old.verifier_email == question.verifier_email:
        _carry_approval(old, question)
    old.job.status = Job.Status.NAMED
    old.job.save(update_fields=["status"])
    facts = {"replaced_by": question.reference, **(receipt or {})}
    record(Entry.of(EmploymentEvent.REQUEST_REPLACED, old, by=by, at=at, **facts))
    return question


def _carry_approval(old: Verification, question: Verification) -> None:
    """The office said yes to this very address at this provider; it is not asked twice."""
    question.address_approved = True
    question.address_settled_at, question.address_settled_by = old.address_settled_at, old.address_settled_by
    question.save(update_fields=["address_approved", "address_settled_at", "address_settled_by"])


def take_back(job: Job) -> None:
    job.verifications.filter(status__in=NOT_ANSWERED).update(status=Status.WITHDRAWN)
