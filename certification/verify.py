"""The public check of one credential: the same answer for a wrong pair as for a number that does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from certification.models import Credential, Document
from certification.rules import number_from, plain_name
from programs.program import NotInTheRules, program

TRIES, WAIT_SECONDS = 10, 600


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


# -- Not too often -----------------------------------------------------------------------------------------


def is_throttled(request: HttpRequest) -> bool:
    """After ten answers that did not fit, this address waits ten minutes."""
    return cache.get(_counter(request), 0) >= TRIES


def count_miss(request: HttpRequest) -> None:
    key = _counter(request)
    if not cache.add(key, 1, WAIT_SECONDS):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two lines
            cache.set(key, 1, WAIT_SECONDS)


def _counter(request: HttpRequest) -> str:
    return f"verify:{_address(request)}"


def _address(request: HttpRequest) -> str:
    """Who asks; behind our own proxy the last address it wrote, for the ones before are the asker's to invent."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and forwarded:
        return str(forwarded).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
