"""Whose a number is: of a spot, an application, a job, a certificate or a paper, as it stands on a letter."""

from __future__ import annotations

import re

from django.db.models import Model

from accounts.models import User
from accounts.paging import PER_PAGE
from accounts.references import LETTERS
from applicants.models import Award, Reference, ScholarshipApplication, TrainingApplication
from certification.models import CertificationApplication, Credential, Document
from employment.models import Job, Verification
from trainings.models import Completion, Registration

# First letters: (the table that gives them, the way from there to the person)
OWNERS: dict[str, tuple[type[Model], str]] = {
    "RG": (Registration, "person"),
    "CO": (Completion, "person"),
    "TA": (TrainingApplication, "person"),
    "RF": (Reference, "application__person"),
    "SA": (ScholarshipApplication, "person"),
    "AW": (Award, "application__person"),
    "JB": (Job, "person"),
    "VR": (Verification, "job__person"),
    "CA": (CertificationApplication, "person"),
    "DO": (Document, "person"),
}
WHOLE = 7
# The letters of a reference hold no vowel, so that hardly a name with a hyphen looks like one.
REFERENCE = re.compile(rf"([A-Z]{{2}})(?:[-\s]([{LETTERS}]{{3,{WHOLE}}})|([{LETTERS}]{{{WHOLE}}}))")
CREDENTIAL = re.compile(r"[A-Z]{1,8}-\d{4}(-[0-9A-Z]*)*")


def people_of_number(question: str) -> list[User]:
    """The people whose number begins so, one more than a page at most; nobody where it is no such number. At most two
    statements, each a stretch of the index on the number."""
    typed = question.strip().upper().replace("–", "-")
    return _by_reference(typed) or _by_credential(typed)


def _by_reference(typed: str) -> list[User]:
    match = REFERENCE.fullmatch(typed)
    if not match or match[1] not in OWNERS:
        return []
    model, way = OWNERS[match[1]]
    return _owners(model, way, "reference", f"{match[1]}-{match[2] or match[3]}")


def _by_credential(typed: str) -> list[User]:
    return _owners(Credential, "person", "number", typed) if CREDENTIAL.fullmatch(typed) else []


def _owners(model: type[Model], way: str, field: str, start: str) -> list[User]:
    numbers = model._default_manager.filter(**{f"{field}__startswith": start}).order_by(field)
    people = User.objects.filter(pk__in=numbers.values(way)[: PER_PAGE + 1])
    return list(people.select_related("profile").order_by("legal_family_name", "legal_given_names", "pk"))
