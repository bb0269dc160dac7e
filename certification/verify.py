"""The public check of one credential: the same answer for a wrong pair as for a number that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.throttle import Throttle
from certification.models import Credential, Document
from certification.rules import number_from, plain_name
from programs.program import NotInTheRules, program

MISSES = Throttle("verify")  # after ten answers that did not fit, an address waits ten minutes


@dataclass(frozen=True)
class Question:
    """What is printed on the paper: the number, with the family name or the code of the paper's picture."""

    number: str
    on: date
    family_name: str = ""
    check_code: str = ""
    designation: str = ""


@dataclass(frozen=True)
class Answer:
    """All that the public is told. Not known: nothing but the day and the moment."""

    on: date
    as_of: datetime
    is_known: bool = False
    is_valid: bool = False
    name: str = ""
    expires_on: date | None = None
    designation: str = ""
    is_certified_as: bool | None = None

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"valid": self.is_valid, "on": self.on.isoformat(), "as_of": self.as_of.isoformat()}
        if self.is_known and self.expires_on:
            told |= {"name": self.name, "expires_on": self.expires_on.isoformat()}
            if self.is_certified_as is not None:
                told |= {"designation": self.designation, "certified_as": self.is_certified_as}
        return told


def check(question: Question, *, at: datetime) -> Answer:
    credential = _find(question)
    if credential is None:
        return Answer(on=question.on, as_of=at)
    return Answer(
        on=question.on,
        as_of=at,
        is_known=True,
        is_valid=credential.is_valid_on(question.on),
        name=credential.name_as_printed,
        expires_on=credential.expires_on,
        designation=question.designation,
        is_certified_as=_is_certified_as(credential, question.designation) if question.designation else None,
    )


def _find(question: Question) -> Credential | None:
    credential = Credential.objects.filter(number=number_from(question.number)).first()
    if credential is None:
        return None
    if question.check_code:
        papers = Document.objects.filter(credential=credential, kind=Document.Kind.CERTIFICATE)
        return credential if papers.filter(check_code=question.check_code.strip().upper()).exists() else None
    printed = plain_name(credential.family_name_as_printed)
    return credential if printed and plain_name(question.family_name) == printed else None


def _is_certified_as(credential: Credential, designation: str) -> bool:
    """Asked by code, by the words on the paper, or by a name it goes by."""
    asked = plain_name(designation)
    if asked in (plain_name(credential.designation), plain_name(credential.designation_title)):
        return True
    try:
        return program(credential.issued_on).designation(designation).code == credential.designation
    except NotInTheRules:
        return False
