"""The Director's yes or no. A yes gives number, term, standing and the papers owed, all in one transaction."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import transaction

from accounts.models import StandingKind, User
from accounts.references import LETTERS
from accounts.workflow import grant_standing, refuse_own_matter
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from certification.events import CertificationEvent
from certification.evidence import checklist
from certification.models import (
    CertificationApplication,
    Counter,
    Credential,
    Decision,
    Outcome,
    Recommendation,
    Status,
    Vote,
)
from certification.rules import credential_number
from certification.workflow.documents import owe_credential_papers
from certification.workflow.steps import lock, move, require_step, told
from programs.calendar import local_day
from programs.program import Rules, program


@transaction.atomic
def approve(application_id: int, *, by: User, at: datetime) -> Credential:
    """Certify. Refused unless the Board said yes, another person decides, and every requirement holds today.

    Pressed twice, the second press gets the credential that is there.
    """
    application = lock(application_id)
    issued = Credential.objects.filter(application=application).first()
    if issued:
        return issued
    recommendation = _recommendation(application)
    _require_another_person(application, recommendation, by)
    if recommendation is None or recommendation.outcome != Outcome.RECOMMENDED:
        raise NotAllowed(Reason("no_recommendation"), *checklist(application, local_day(at)).reasons)
    require_step(application, Status.APPROVED)
    unmet = checklist(application, local_day(at)).reasons
    if unmet:
        raise NotAllowed(*unmet)
    decision = Decision.objects.create(
        application=application,
        recommendation=recommendation,
        outcome=Decision.Outcome.APPROVED,
        decided_by=by,
        decided_at=at,
    )
    move(application, Status.APPROVED, ended_at=at)
    record(told(CertificationEvent.APPROVED, application, by=by, at=at))
    return _issue(application, decision, by=by, at=at)


@transaction.atomic
def disapprove(application_id: int, *, reasons: str, by: User, at: datetime) -> Decision:
    """Say no, with reasons that go into the letter."""
    application = lock(application_id)
    already = Decision.objects.filter(application=application).first()
    if already and already.outcome == Decision.Outcome.DISAPPROVED:
        return already
    if already:
        raise NotAllowed(Reason("decided_already"))
    recommendation = _recommendation(application)
    _require_another_person(application, recommendation, by)
    if recommendation is None:
        raise NotAllowed(Reason("no_recommendation"))
    require_step(application, Status.DISAPPROVED)
    if not reasons.strip():
        raise NotAllowed(Reason("reasons_needed"))
    decision = Decision.objects.create(
        application=application,
        recommendation=recommendation,
        outcome=Decision.Outcome.DISAPPROVED,
        reasons=reasons.strip(),
        decided_by=by,
        decided_at=at,
    )
    move(application, Status.DISAPPROVED, ended_at=at)
    today = local_day(at)
    record(
        told(
            CertificationEvent.DISAPPROVED,
            application,
            by=by,
            at=at,
            appeal_by=program(today).due_after("denial_appeal", today).isoformat(),
        )
    )
    return decision


def _recommendation(application: CertificationApplication) -> Recommendation | None:
    """The last word of the Board on this file, unless it asked for more."""
    newest = Recommendation.objects.filter(item__application=application).order_by("-recorded_at", "-pk").first()
    return newest if newest and newest.outcome != Outcome.ASKS_MORE else None


def _require_another_person(
    application: CertificationApplication, recommendation: Recommendation | None, by: User
) -> None:
    """Not the applicant, not who recorded the recommendation, not who voted on it."""
    refuse_own_matter(application.person, by)
    if recommendation is None:
        return
    voted = Vote.objects.filter(item=recommendation.item, member__person=by).exists()
    if voted or recommendation.recorded_by_id == by.pk:
        raise NotAllowed(Reason("same_person_twice"))


# -- What a yes gives --------------------------------------------------------------------------------------


def _issue(application: CertificationApplication, decision: Decision, *, by: User, at: datetime) -> Credential:
    today, person = local_day(at), application.person
    rules = program(today)
    credential = Credential.objects.create(
        number=_next_number(rules, today),
        person=person,
        application=application,
        designation=application.designation,
        title=rules.titles["legal"],
        designation_title=rules.designation(application.designation).title,
        issued_on=today,
        expires_on=rules.renewal.next_expiry(today),
        name_as_printed=person.legal_name,
        family_name_as_printed=person.legal_family_name,
    )
    grant_standing(
        person.pk,
        StandingKind.CERTIFIED,
        credential.designation,
        starts_on=today,
        ends_on=rules.renewal.lapses_on(credential.expires_on),
        source=credential.number,
        by=by,
        at=at,
    )
    owe_credential_papers(credential, decision, rules, by=by, at=at)
    record(
        Entry.of(
            CertificationEvent.CREDENTIAL_ISSUED,
            credential,
            by=by,
            at=at,
            number=credential.number,
            designation=credential.designation,
            issued_on=today.isoformat(),
            expires_on=credential.expires_on.isoformat(),
        )
    )
    return credential


def _next_number(rules: Rules, on: date) -> str:
    """Counted under a lock, so that no number is given twice; the check part makes it hard to guess."""
    series = f"{rules.credential_prefix}-{on.year}"
    Counter.objects.get_or_create(series=series)
    counter = Counter.objects.select_for_update(no_key=True).get(series=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    check = "".join(secrets.choice(LETTERS) for _ in range(3))
    return credential_number(rules.credential_prefix, on.year, counter.last, check)
