"""What people and verifiers hear about jobs."""

from __future__ import annotations

from typing import Any

from audit.models import Entry
from employment.events import EmploymentEvent
from notifications.messages.facts import iso
from notifications.messages.mail import Facts, mail, the_verifier
from notifications.rendering import link_to, secret_link


def request_facts(question: Any) -> Facts:
    """The words are `employment`'s: the person has read them before pressing Send."""
    return secret_link("employment:verify", question, purpose="employment.verify") | {
        "applicant": question.job.person.known_at_work_as,
        "provider": question.job.provider.name,
        "due_on": iso(question.answer_by),
    }


def job_facts(job: Any) -> Facts:
    return link_to("employment:job", job.reference) | {"provider": job.provider.name}


def waiting_facts(question: Any) -> Facts:
    return job_facts(question.job)


def about_the_job(entry: Entry) -> Facts:
    """The subject is the job, or the question about it."""
    subject = entry.subject
    forward = bool(getattr(subject, "forward_email", ""))
    return job_facts(getattr(subject, "job", subject)) | {"forward": forward}


EMPLOYMENT_MAILS = (
    mail(EmploymentEvent.REQUEST_SENT, "job_request", lambda entry: request_facts(entry.subject), to=the_verifier),
    mail(EmploymentEvent.JOB_VERIFIED, "job_verified", about_the_job),
    mail(EmploymentEvent.JOB_CORRECTED, "job_corrected", about_the_job),
    mail(EmploymentEvent.MISADDRESSED, "job_misaddressed", about_the_job),
    mail(EmploymentEvent.NOT_EMPLOYED, "job_not_confirmed", about_the_job),
    mail(EmploymentEvent.REQUEST_RAN_OUT, "job_request_ran_out", about_the_job),
    mail(EmploymentEvent.ADDRESS_APPROVED, "address_approved", about_the_job),
    mail(EmploymentEvent.ADDRESS_REFUSED, "address_refused", about_the_job),
    mail(EmploymentEvent.JOB_ENDED, "job_ended", about_the_job),
)
