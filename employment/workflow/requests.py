"""The question to an employer: sent, opened, answered, corrected, run out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import StandingKind, User
from accounts.workflow import grant_standing, refuse_own_matter
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from employment import rules
from employment.events import EmploymentEvent
from employment.models import Job, Verification
from employment.rules import Answer, Said
from employment.words import request_message
from employment.workflow.held import asking, hold_question, own_addresses
from employment.workflow.questions import NOT_ANSWERED, replace
from programs.calendar import Deadline, local_day
from programs.program import program

Status = Verification.Status

RESULT = {
    Said.YES: (Status.CONFIRMED, EmploymentEvent.JOB_VERIFIED),
    Said.CORRECTED: (Status.CORRECTED, EmploymentEvent.JOB_CORRECTED),
    Said.NOT_ME: (Status.MISADDRESSED, EmploymentEvent.MISADDRESSED),
    Said.GONE: (Status.NOT_EMPLOYED, EmploymentEvent.NOT_EMPLOYED),
}


# -- Sending -----------------------------------------------------------------------------------------------


def answer_deadline(at: datetime) -> Deadline:
    """The end of the last day on which an answer to a message sent now counts."""
    today = local_day(at)
    return Deadline(program(today).due_after("verification_link", today))


@transaction.atomic
def send_request(
    verification_id: int, *, by: User, at: datetime, seen: str = "", receipt: Mapping[str, str] | None = None
) -> Verification:
    """The person has read the message and pressed Send: from now on the state owes it to the verifier.

    `seen` is the digest of the message that was on the screen. Pressed twice, it is sent once.
    """
    question = hold_question(verification_id)
    if question.is_out:
        return question
    if question.status != Status.DRAFTED:
        raise NotAllowed(_why_dead(question))
    if seen and seen != request_message(question, answer_by=answer_deadline(at).day).digest:
        raise NotAllowed(Reason("message_changed"))
    _refuse_unless_askable(question, at)
    return _send(question, by=by, at=at, receipt=receipt)


@transaction.atomic
def send_again(verification_id: int, *, by: User, at: datetime) -> Verification:
    """The same message with a new link and new days to answer; the link before it is dead."""
    question = hold_question(verification_id)
    if question.status not in (*Verification.OUT, Status.EXPIRED) or question.sent_at is None:
        raise NotAllowed(Reason("not_out") if question.status == Status.DRAFTED else _why_dead(question))
    reasons = rules.reasons_not_to_send_again(question.sent_at, question.link_version, at)
    if reasons:
        raise NotAllowed(*reasons)
    _refuse_unless_askable(question, at)
    return _send(question, by=by, at=at)


def _refuse_unless_askable(question: Verification, at: datetime) -> None:
    job = question.job
    if job.ended_on or job.status == Job.Status.TAKEN_BACK:
        raise NotAllowed(Reason("job_is_over"))
    if question.address_approved is False:
        raise NotAllowed(Reason("personal_mail_refused"))
    if question.address_asked_at and question.address_approved is None:
        raise NotAllowed(Reason("personal_mail_waits"))
    asked = asking(
        job.person,
        job.provider,
        question.verifier_name,
        question.verifier_email,
        local_day(at),
        approved=bool(question.address_approved),
    )
    reasons = rules.reasons_not_to_ask(asked)
    if reasons:
        raise NotAllowed(*reasons)


def _send(question: Verification, *, by: User, at: datetime, receipt: Mapping[str, str] | None = None) -> Verification:
    question.link_version += 1
    question.status, question.sent_at, question.opened_at = Status.SENT, at, None
    question.expires_at = answer_deadline(at).closes_at
    question.save(update_fields=["link_version", "status", "sent_at", "opened_at", "expires_at"])
    question.job.status = Job.Status.ASKED
    question.job.save(update_fields=["status"])
    record(
        Entry.of(
            EmploymentEvent.REQUEST_SENT,
            question,
            by=by,
            at=at,
            job=question.job.reference,
            verifier=question.verifier_name,
            version=question.link_version,
            answer_by=answer_deadline(at).day.isoformat(),
            address_is_known=question.is_address_known,
            **(receipt or {}),
        )
    )
    return question


# -- Another addressee -------------------------------------------------------------------------------------


@transaction.atomic
def correct_verifier(
    verification_id: int,
    *,
    verifier_name: str,
    verifier_email: str,
    by: User,
    at: datetime,
    address_reason: str = "",
    receipt: Mapping[str, str] | None = None,
) -> Verification:
    """Another person to ask. The old link is dead at once; the new message waits to be read and sent."""
    old = hold_question(verification_id)
    newest = old.job.verifications.first()
    assert newest is not None  # `old` is one of them
    if _is_to(newest, verifier_name, verifier_email) and newest.status in NOT_ANSWERED:
        return newest
    if old.pk != newest.pk:
        raise NotAllowed(Reason("request_replaced"))
    if old.job.ended_on or old.job.status == Job.Status.TAKEN_BACK:
        raise NotAllowed(Reason("job_is_over"))
    if old.status in Verification.GIVEN:
        raise NotAllowed(Reason("job_is_settled"))
    asked = asking(
        old.job.person,
        old.job.provider,
        verifier_name,
        verifier_email,
        local_day(at),
        approved=bool(address_reason.strip()),
    )
    reasons = rules.reasons_not_to_ask(asked)
    if reasons:
        raise NotAllowed(*reasons)
    return replace(old, verifier_name, verifier_email, address_reason, by=by, at=at, receipt=receipt)


def _is_to(question: Verification, name: str, email: str) -> bool:
    return (question.verifier_name, question.verifier_email) == (name, email.lower())


@transaction.atomic
def settle_address(verification_id: int, *, is_approved: bool, by: User, at: datetime) -> Verification:
    """The office has looked at an address: a personal one may be written to, or an unknown one is what it seems.

    A no to a question that is out takes it back.
    """
    question = hold_question(verification_id)
    refuse_own_matter(question.job.person, by)
    if question.address_settled_at:
        if question.address_approved == is_approved:
            return question
        raise NotAllowed(Reason("address_settled"))
    if question.status not in NOT_ANSWERED:
        raise NotAllowed(_why_dead(question))
    question.address_approved = is_approved
    question.address_settled_at, question.address_settled_by = at, by
    if question.is_out and not is_approved:
        question.status, question.job.status = Status.WITHDRAWN, Job.Status.NAMED
        question.job.save(update_fields=["status"])
    question.save(update_fields=["address_approved", "address_settled_at", "address_settled_by", "status"])
    event = EmploymentEvent.ADDRESS_APPROVED if is_approved else EmploymentEvent.ADDRESS_REFUSED
    record(Entry.of(event, question, by=by, at=at, job=question.job.reference))
    return question


# -- The verifier ------------------------------------------------------------------------------------------


@transaction.atomic
def mark_opened(verification_id: int, *, at: datetime, version: int | None = None) -> Verification:
    """Start was pressed. A mail scanner that fetches the page never gets here."""
    question = hold_question(verification_id)
    refuse_dead(question, at, version)
    if question.status == Status.OPENED:
        return question
    question.status, question.opened_at = Status.OPENED, at
    question.save(update_fields=["status", "opened_at"])
    entry = Entry.of(EmploymentEvent.REQUEST_OPENED, question, by=None, at=at, job=question.job.reference)
    entry.actor_name = _by_link(question.verifier_name)
    record(entry)
    return question


@transaction.atomic
def answer(
    verification_id: int, answer: Answer, *, at: datetime, version: int | None = None, by: User | None = None
) -> Verification:
    """The verifier's word, once. Of two devices the first counts. `by` is who is signed in, if anybody is."""
    question = hold_question(verification_id)
    refuse_dead(question, at, version)
    person = question.job.person
    refuse_own_matter(person, by)
    reasons = rules.reasons_against_the_answer(answer, hired_on=question.job.hired_on, today=local_day(at))
    # The person may have added the verifier's address to their own after sending.
    if rules.is_own(question.verifier_email, own_addresses(person)):
        reasons.insert(0, Reason("verifier_is_you"))
    if answer.forward_email and rules.is_own(answer.forward_email, own_addresses(person)):
        reasons.append(Reason("forward_is_the_person"))
    if reasons:
        raise NotAllowed(*reasons)
    question.opened_at = question.opened_at or at
    return _take(question, answer, actor=None, actor_name=_by_link(answer.signature or question.verifier_name), at=at)


@transaction.atomic
def answer_by_phone(verification_id: int, answer: Answer, *, confirmed_by: str, by: User, at: datetime) -> Verification:
    """What an officer or the verifier said on the phone, written down by staff. It counts like the link."""
    question = hold_question(verification_id)
    refuse_own_matter(question.job.person, by)
    if question.status not in (*Verification.OUT, Status.EXPIRED):
        raise NotAllowed(Reason("not_out") if question.status == Status.DRAFTED else _why_dead(question))
    reasons = rules.reasons_against_the_answer(answer, hired_on=question.job.hired_on, today=local_day(at))
    if not confirmed_by.strip():
        reasons.append(Reason("not_signed"))
    if reasons:
        raise NotAllowed(*reasons)
    question.answered_by_phone = by
    return _take(question, answer, actor=by, actor_name=str(by), at=at, by_phone_from=confirmed_by)


def refuse_dead(question: Verification, at: datetime, version: int | None) -> None:
    """Raises `NotAllowed` when this link may neither show nor take anything any more."""
    if version is not None and version != question.link_version:
        raise NotAllowed(Reason("request_replaced"))
    if not question.is_answerable(at):
        raise NotAllowed(_why_dead(question))


def _why_dead(question: Verification) -> Reason:
    if question.status in Verification.ANSWERED:
        return Reason("request_answered")
    if question.status in (*Verification.OUT, Status.EXPIRED):
        return Reason("request_ran_out")
    return Reason("request_replaced")


def _by_link(name: str) -> str:
    return f"{name} (by link)"


def _take(
    question: Verification,
    answer: Answer,
    *,
    actor: User | None,
    actor_name: str,
    at: datetime,
    by_phone_from: str = "",
) -> Verification:
    question.status, event = RESULT[answer.said]
    question.answered_at = at
    question.signature = by_phone_from or answer.signature
    question.attested_at = at if answer.said != Said.NOT_ME else None
    question.said_position, question.said_role_code = answer.position, answer.role_code
    question.said_hired_on, question.said_last_day = answer.hired_on, answer.last_day
    question.forward_name, question.forward_email = answer.forward_name, answer.forward_email.lower()
    question.save()
    changed = _settle_job(question, answer, at)
    if answer.is_yes:
        _grant(question, actor=actor, at=at)
    entry = Entry.of(
        event,
        question,
        by=actor,
        at=at,
        job=question.job.reference,
        verifier=question.verifier_name,
        signed=question.signature,
        by_phone=bool(by_phone_from),
        **changed,
    )
    entry.actor_name = actor_name
    record(entry)
    return question


def _settle_job(question: Verification, answer: Answer, at: datetime) -> dict[str, dict[str, str]]:
    """The employer's facts take the place of the person's; the history keeps both."""
    job = question.job
    if not answer.is_yes:
        job.status = Job.Status.NAMED
        job.save(update_fields=["status"])
        return {}
    if not job.provider.is_certified(local_day(at)):
        raise NotAllowed(Reason("provider_not_certified", provider=job.provider.name))
    said = {"position": answer.position, "role_code": answer.role_code, "hired_on": answer.hired_on}
    changed = {name: value for name, value in said.items() if value and value != getattr(job, name)}
    before = {name: str(getattr(job, name)) for name in changed}
    others = Job.objects.current().filter(person=job.person, provider=job.provider).exclude(pk=job.pk)
    if "role_code" in changed and others.filter(role_code=answer.role_code).exists():
        raise NotAllowed(Reason("other_job_has_this_role"))
    for name, value in changed.items():
        setattr(job, name, value)
    job.status = Job.Status.VERIFIED
    job.save(update_fields=["status", *changed])
    return {"before": before, "after": {name: str(value) for name, value in changed.items()}} if changed else {}


def _grant(question: Verification, *, actor: User | None, at: datetime) -> None:
    job = question.job
    grant_standing(
        job.person_id,
        StandingKind.EMPLOYED,
        job.role_code,
        starts_on=job.hired_on,
        source=question.reference,
        by=actor,
        at=at,
    )


# -- Time --------------------------------------------------------------------------------------------------


def run_out(at: datetime) -> int:
    """Questions whose days are over go back to the person, one small transaction each."""
    late = Verification.objects.out().filter(expires_at__lte=at).order_by("pk").values_list("pk", flat=True)
    return sum(_run_out(pk, at) for pk in list(late))


@transaction.atomic
def _run_out(verification_id: int, at: datetime) -> bool:
    question = hold_question(verification_id)
    if not question.is_out or question.is_answerable(at):
        return False
    question.status, question.job.status = Status.EXPIRED, Job.Status.NAMED
    question.save(update_fields=["status"])
    question.job.save(update_fields=["status"])
    record(Entry.of(EmploymentEvent.REQUEST_RAN_OUT, question, by=None, at=at, job=question.job.reference))
    return True
