"""What is known about a person, gathered from every room below, and held against the rules of their file.

One checklist drives the person's page, the office's check, the Board's packet and the guard that refuses a
certificate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from accounts.models import User
from accounts.workflow import profile_of
from applicants.checklist import evidence_of as training_evidence
from applicants.models import TrainingApplication
from certification.models import AddedTime, CertificationApplication
from employment.models import Job, Verification
from programs.calendar import END_OF_DAY, local_moment
from programs.checklist import Checklist, Item, evaluate
from programs.evidence import CompletionFact, Evidence, ExamFact, JobFact, PaymentFact, Spell
from programs.program import program
from programs.requirements import Requirement
from trainings.models import Completion, ExamAttempt

STAGE = "certification"

# These have to hold on the day of the decision; all others once they held on the day the file was sent, or since.
STILL_TO_HOLD = frozenset({"verified_employment", "document", "background_check", "job_commitment", "fee"})


def asked_of(application: CertificationApplication, on: date) -> tuple[Requirement, ...]:
    """By the rules of the day the file was sent; a draft sees today's."""
    return program(application.judged_on or on).requirements(STAGE, application.designation)


def checklist(application: CertificationApplication, on: date) -> Checklist:
    """Every requirement with its state, reason and fix."""
    asked, evidence = asked_of(application, on), evidence_of(application, on)
    today = evaluate(asked, evidence, on)
    if application.judged_on is None:
        return today
    sent = evaluate(asked, evidence, application.judged_on)
    return Checklist(tuple(_decisive(then, now) for then, now in zip(sent.items, today.items, strict=True)))


def _decisive(then: Item, now: Item) -> Item:
    return now if now.is_met or now.kind in STILL_TO_HOLD or not then.is_met else then


def evidence_of(application: CertificationApplication, on: date) -> Evidence:
    """Only what counts for this file: a class taken for another designation does not."""
    person, designation = application.person, application.designation
    told = _told_before(person, designation, on)
    return replace(
        told,
        first_day=None,
        lives_in_state=application.lives_in_state,
        attestations={**told.attestations, **_agreements(application)},
        support_hours=(*told.support_hours, *_time(application, AddedTime.Kind.HOURS)),
        school_years=(*told.school_years, *_time(application, AddedTime.Kind.SCHOOL)),
        completions=tuple(_completions(person, designation)),
        exams=tuple(_exams(person, designation)),
        jobs=tuple(_jobs(person)),
        payments=tuple(
            PaymentFact(payment.fee, payment.cents, payment.received_on, is_good=payment.came_back_on is None)
            for payment in application.payments.all()
        ),
        needs_cosigner=application.has_cosigner,
        cosigned_on=application.cosigned_on,
        cosigner_asked_on=on if application.has_cosigner else None,
    )


def training_application(person: User, designation: str) -> TrainingApplication | None:
    """The packet whose answers still speak: of this designation first, the newest of those sent."""
    sent = TrainingApplication.objects.filter(person=person, received_at__isnull=False)
    sent = sent.exclude(status=TrainingApplication.Status.WITHDRAWN).select_related("session", "person")
    return max(sent, key=lambda one: (one.designation == designation, one.received_at), default=None)


def _told_before(person: User, designation: str, on: date) -> Evidence:
    application = training_application(person, designation)
    if application:
        return training_evidence(application, local_moment(on, END_OF_DAY))
    profile = profile_of(person)
    return Evidence(birth_on=profile.birth_on, county=profile.county)


def _agreements(application: CertificationApplication) -> dict[str, bool]:
    """The ethics rules are agreed to anew; what was said at the training does not answer for it."""
    return {"ethics": True} if application.ethics_agreed_at else {"ethics": False}


def _time(application: CertificationApplication, kind: str) -> Iterable[Spell]:
    return (Spell(row.starts_on, row.ends_on, row.amount) for row in application.added_time.all() if row.kind == kind)


def _completions(person: User, designation: str) -> Iterable[CompletionFact]:
    done = Completion.objects.filter(person=person, designation__in=["", designation]).select_related("course")
    return (CompletionFact(one.course.kind, one.designation, one.completed_on) for one in done)


def _exams(person: User, designation: str) -> Iterable[ExamFact]:
    sat = ExamAttempt.objects.filter(
        registration__person=person, registration__designation__in=["", designation]
    ).select_related("registration__course")
    return (
        ExamFact(
            one.registration.course.kind,
            one.taken_on,
            one.score,
            next_try_on=one.next_try_on,
            designation=one.registration.designation,
        )
        for one in sat
    )


def told_by_others(application: CertificationApplication) -> list[datetime]:
    """When an employer first confirmed a job, and when each reference wrote: pieces that come without the person."""
    confirmed = Verification.objects.filter(
        job__person=application.person, job__status=Job.Status.VERIFIED, status__in=Verification.GIVEN
    )
    first = confirmed.order_by("answered_at").values_list("answered_at", flat=True)[:1]
    packet = training_application(application.person, application.designation)
    written = packet.references.values_list("given_at", flat=True) if packet else []
    return [moment for moment in [*first, *written] if moment]


def _jobs(person: User) -> Iterable[JobFact]:
    held = Job.objects.filter(person=person).exclude(status=Job.Status.TAKEN_BACK).select_related("provider")
    for job in held:
        ends = [day for day in (job.provider.certified_until, job.provider.closed_on) if day]
        yield JobFact(
            provider_kind=job.provider.kind,
            status=job.status,
            hired_on=job.hired_on,
            ended_on=job.ended_on,
            certified_from=job.provider.certified_from,
            certified_until=min(ends, default=None),
        )
