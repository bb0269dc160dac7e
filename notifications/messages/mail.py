"""What a message is made of: which event, who hears of it, and the facts its words need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from audit.models import Entry

Facts = dict[str, Any]


@dataclass(frozen=True)
class To:
    """A person we know, or somebody without a record here."""

    person: User | None = None
    address: str = ""
    name: str = ""


@dataclass(frozen=True)
class Mail:
    event: str
    kind: str
    facts: Callable[[Entry], Facts]
    to: Callable[[Entry], To]
    is_wanted: Callable[[Entry], bool]
    spread: Callable[[Entry], list[Entry]]  # one entry may concern many


def mail(
    event: str,
    kind: str,
    facts: Callable[[Entry], Facts],
    *,
    to: Callable[[Entry], To] | None = None,
    only: Callable[[Entry], bool] | None = None,
    spread: Callable[[Entry], list[Entry]] | None = None,
) -> Mail:
    return Mail(
        str(event), kind, facts, to or the_person, only or (lambda entry: True), spread or (lambda entry: [entry])
    )


def the_person(entry: Entry) -> To:
    return To(person=entry.subject.person)


def the_verifier(entry: Entry) -> To:
    return To(address=entry.subject.verifier_email, name=entry.subject.verifier_name)


def the_reference(entry: Entry) -> To:
    return To(address=entry.subject.email, name=entry.subject.name)


def name_given(person: User) -> str:
    """What somebody who knows the person calls them."""
    return f"{person.called} {person.legal_family_name}".strip()
