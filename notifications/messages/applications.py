"""What people hear about applications, references and scholarships."""

from __future__ import annotations

from typing import Any

from applicants.events import ApplicantEvent
from audit.models import Entry
from notifications.messages.facts import application_facts, iso, requirement_titles, session_facts
from notifications.messages.mail import Facts, mail, name_given, the_reference
from notifications.rendering import link_to, secret_link
from programs.words import money


def about_the_application(entry: Entry) -> Facts:
    return application_facts(entry.subject) | {"review_on": entry.facts.get("review_due_on")}


def what_to_send(entry: Entry) -> Facts:
    application = entry.subject
    items = requirement_titles(entry.facts.get("missing", []), application.judged_on)
    return application_facts(application) | {"items": items, "due_on": entry.facts.get("answer_by")}


def why_not_accepted(entry: Entry) -> Facts:
    application = entry.subject
    return application_facts(application) | {"items": requirement_titles(application.missing, application.judged_on)}


def scholarship_facts(wish: Any) -> Facts:
    return session_facts(wish.round.session) | link_to("applicants:scholarship", wish.reference)


def about_the_wish(entry: Entry) -> Facts:
    wish = entry.subject
    return scholarship_facts(wish) | {"decides_on": iso(wish.round.decides_on)}


def award_facts(award: Any) -> Facts:
    return scholarship_facts(award.application) | {
        "money": money(award.cents),
        "due_at": iso(award.answer_by),
        "use_by_on": iso(award.use_by),
    }


def about_the_award(entry: Entry) -> Facts:
    return award_facts(entry.subject)


def why_it_ended(entry: Entry) -> Facts:
    return award_facts(entry.subject) | {"because": entry.facts.get("because", "")}


def the_award_line(entry: Entry) -> Facts:
    wish = entry.subject
    return scholarship_facts(wish) | {"spot": wish.waitlist_rank}


def why_not_awarded(entry: Entry) -> Facts:
    wish = entry.subject
    return scholarship_facts(wish) | {"because": wish.reason}


def reference_facts(reference: Any) -> Facts:
    secret = secret_link("applicants:reference", reference, purpose="reference")
    return secret | {"applicant": name_given(reference.person), "due_at": iso(reference.answer_by)}


def reference_page(reference: Any) -> Facts:
    return link_to("applicants:application", reference.application.reference)


def about_the_reference(entry: Entry) -> Facts:
    return reference_page(entry.subject)


APPLICANT_MAILS = (
    mail(ApplicantEvent.APPLICATION_SUBMITTED, "application_received", about_the_application),
    mail(
        ApplicantEvent.DOCUMENT_REFUSED,
        "paper_refused",
        lambda entry: link_to("applicants:documents", entry.subject.application.reference),
    ),
    mail(ApplicantEvent.APPLICATION_RETURNED, "application_returned", what_to_send),
    mail(ApplicantEvent.APPLICATION_ACCEPTED, "application_accepted", about_the_application),
    mail(ApplicantEvent.APPLICATION_NOT_ACCEPTED, "application_not_accepted", why_not_accepted),
    mail(ApplicantEvent.ESSAY_SUBMITTED, "scholarship_received", about_the_wish),
    mail(ApplicantEvent.AWARD_OFFERED, "award_offered", about_the_award),
    mail(ApplicantEvent.AWARD_ACCEPTED, "award_accepted", about_the_award),
    mail(ApplicantEvent.AWARD_DECLINED, "award_declined", about_the_award),
    mail(ApplicantEvent.AWARD_RAN_OUT, "award_ran_out", about_the_award),
    mail(ApplicantEvent.AWARD_ENDED, "award_ended", why_it_ended),
    mail(ApplicantEvent.AWARD_WAITLISTED, "award_waitlisted", the_award_line),
    mail(ApplicantEvent.NOT_AWARDED, "not_awarded", why_not_awarded),
    mail(
        ApplicantEvent.REFERENCE_ASKED,
        "reference_asked",
        lambda entry: reference_facts(entry.subject),
        to=the_reference,
    ),
    mail(ApplicantEvent.REFERENCE_GIVEN, "reference_given", about_the_reference),
)
