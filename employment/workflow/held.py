"""What every change here starts with: the rows, held in one order (person, job, question), and the facts of asking."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.workflow import lock_person, profile_of
from employment import rules
from employment.models import Job, Provider, Verification


def hold_job(job_id: int) -> Job:
    """Everything about a person's jobs waits for the lock on the person, so two devices take turns."""
    lock_person(Job.objects.values_list("person_id", flat=True).get(pk=job_id))
    return Job.objects.select_for_update(no_key=True, of=("self",)).select_related("person", "provider").get(pk=job_id)


def hold_question(verification_id: int) -> Verification:
    job = hold_job(Verification.objects.values_list("job_id", flat=True).get(pk=verification_id))
    question = Verification.objects.select_for_update(no_key=True).get(pk=verification_id)
    question.job = job
    return question


def own_addresses(person: User) -> frozenset[str]:
    """Every address that is the person's: of the account, waiting to be confirmed, and of the contacts."""
    known = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return frozenset({person.email, profile_of(person).contact_email, *known} - {""})


def own_names(person: User) -> frozenset[str]:
    return frozenset({person.legal_name, person.employer_name, person.name_in_use} - {""})


def asking(person: User, provider: Provider, name: str, email: str, on: date, *, approved: bool) -> rules.Asking:
    return rules.Asking(
        verifier_name=name,
        verifier_email=email,
        own_names=own_names(person),
        own_addresses=own_addresses(person),
        provider_name=provider.name,
        provider_is_certified=provider.is_certified(on),
        personal_mail_is_approved=approved,
    )
