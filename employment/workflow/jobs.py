"""A person's jobs: named, changed, taken back, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import StandingKind, User
from accounts.workflow import grant_standing, lock_person, withdraw_standings
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from employment import rules
from employment.events import EmploymentEvent
from employment.models import Job, Provider, Verification
from employment.workflow.held import asking, hold_job
from employment.workflow.questions import draft, replace, take_back
from programs.calendar import local_day


@transaction.atomic
def name_job(
    person_id: int,
    *,
    provider_id: int,
    position: str,
    role_code: str,
    hired_on: date,
    verifier_name: str,
    verifier_email: str,
    by: User,
    at: datetime,
    address_reason: str = "",
    receipt: Mapping[str, str] | None = None,
) -> Job:
    """A job and whom to ask about it. Nothing is sent. The same job named twice is one job.

    `address_reason`, given with a personal address, asks the office to look at the address first.
    """
    person = lock_person(person_id)
    provider = Provider.objects.get(pk=provider_id)
    twin = _twin(person, provider, role_code)
    if twin and (twin.position, twin.hired_on) == (position, hired_on):
        return twin
    asked = asking(
        person, provider, verifier_name, verifier_email, local_day(at), approved=bool(address_reason.strip())
    )
    reasons = rules.reasons_about_the_first_day(hired_on, local_day(at)) + rules.reasons_not_to_ask(asked)
    if twin:
        reasons.insert(0, Reason("job_named_already", reference=twin.reference))
    if reasons:
        raise NotAllowed(*reasons)
    job = Job.objects.create(
        person=person, provider=provider, position=position, role_code=role_code, hired_on=hired_on, named_at=at
    )
    record(Entry.of(EmploymentEvent.JOB_NAMED, job, by=by, at=at, **_facts(job), **(receipt or {})))
    draft(job, verifier_name, verifier_email, address_reason, by=by, at=at)
    return job


@transaction.atomic
def change_job(
    job_id: int,
    *,
    position: str,
    role_code: str,
    hired_on: date,
    by: User,
    at: datetime,
    receipt: Mapping[str, str] | None = None,
) -> Job:
    """New facts before anybody has confirmed them. A question that is out is replaced: it showed the old ones."""
    job = hold_job(job_id)
    if (job.position, job.role_code, job.hired_on) == (position, role_code, hired_on):
        return job
    _refuse_if_settled(job)
    reasons = rules.reasons_about_the_first_day(hired_on, local_day(at))
    twin = _twin(job.person, job.provider, role_code)
    if twin and twin != job:
        reasons.append(Reason("job_named_already", reference=twin.reference))
    if reasons:
        raise NotAllowed(*reasons)
    before = _facts(job)
    job.position, job.role_code, job.hired_on = position, role_code, hired_on
    job.save(update_fields=["position", "role_code", "hired_on"])
    facts = {"before": before, "after": _facts(job)}
    record(Entry.of(EmploymentEvent.JOB_CHANGED, job, by=by, at=at, **facts, **(receipt or {})))
    question = job.verifications.first()
    if question and question.status not in (Verification.Status.DRAFTED, *Verification.ANSWERED):
        replace(question, question.verifier_name, question.verifier_email, question.address_reason, by=by, at=at)
    return job


@transaction.atomic
def take_back_job(job_id: int, *, by: User, at: datetime) -> Job:
    """Named by mistake: the job and the question about it are gone; a link that is out shows nothing."""
    job = hold_job(job_id)
    if job.status == Job.Status.TAKEN_BACK:
        return job
    _refuse_if_settled(job)
    take_back(job)
    job.status = Job.Status.TAKEN_BACK
    job.save(update_fields=["status"])
    record(Entry.of(EmploymentEvent.JOB_TAKEN_BACK, job, by=by, at=at))
    return job


@transaction.atomic
def end_job(job_id: int, *, last_day: date, by: User, at: datetime, receipt: Mapping[str, str] | None = None) -> Job:
    """The person's own word that a job is over. The standing it supported ends that day; no other is touched."""
    job = hold_job(job_id)
    if job.last_day == last_day:
        return job
    if job.ended_on or job.status == Job.Status.TAKEN_BACK:
        raise NotAllowed(Reason("job_is_over"))
    reasons = rules.reasons_about_the_last_day(last_day, job.hired_on, local_day(at))
    if reasons:
        raise NotAllowed(*reasons)
    take_back(job)
    job.ended_on = last_day + timedelta(days=1)
    job.status = Job.Status.VERIFIED if job.is_verified else Job.Status.NAMED
    job.save(update_fields=["ended_on", "status"])
    _end_standing(job, by=by, at=at)
    record(
        Entry.of(
            EmploymentEvent.JOB_ENDED,
            job,
            by=by,
            at=at,
            last_day=last_day.isoformat(),
            was_verified=job.is_verified,
            provider=job.provider.reference,
            **(receipt or {}),
        )
    )
    return job


def _end_standing(job: Job, *, by: User, at: datetime) -> None:
    """A standing is never edited: the open one is taken back and one with its last day is put in its place."""
    for proof in job.verifications.filter(status__in=Verification.GIVEN):
        if withdraw_standings(job.person_id, source=proof.reference, by=by, at=at):
            grant_standing(
                job.person_id,
                StandingKind.EMPLOYED,
                job.role_code,
                starts_on=job.hired_on,
                ends_on=job.ended_on,
                source=proof.reference,
                by=by,
                at=at,
            )


def _twin(person: User, provider: Provider, role_code: str) -> Job | None:
    return Job.objects.current().filter(person=person, provider=provider, role_code=role_code).first()


def _refuse_if_settled(job: Job) -> None:
    if job.ended_on or job.status == Job.Status.TAKEN_BACK:
        raise NotAllowed(Reason("job_is_over"))
    if job.is_verified:
        raise NotAllowed(Reason("job_is_settled"))


def _facts(job: Job) -> dict[str, str]:
    return {
        "provider": job.provider.reference,
        "position": job.position,
        "role_code": job.role_code,
        "hired_on": job.hired_on.isoformat(),
    }
