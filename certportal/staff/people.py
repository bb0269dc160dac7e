"""Finding somebody by name, phone, e-mail or number (`/staff/people/`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.paging import PER_PAGE, page_of
from accounts.search import found_by, how_many
from accounts.workflow import profile_of
from certportal.staff.numbers import people_of_number

LONGEST_QUESTION = 200


@dataclass(frozen=True)
class Found:
    """One person as the list shows them: enough to tell two of the same name apart."""

    reference: str
    name: str
    called: str
    born: str
    phone: str
    email: str


@permission_required("accounts.find_people", raise_exception=True)
def people(request: HttpRequest) -> HttpResponse:
    """Find somebody by the start of any word: of a name, an e-mail, a phone number, the reference; or by the number
    of anything that is theirs."""
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    owners = people_of_number(question)
    context = _of_number(question, owners) if owners else _of_words(request, question)
    return render(request, "certportal/people.html", context)


def _of_number(question: str, owners: list[User]) -> dict[str, Any]:
    count, is_more = min(len(owners), PER_PAGE), len(owners) > PER_PAGE
    return {
        "question": question,
        "found": [_found(person) for person in owners[:PER_PAGE]],
        "how_many": _count_words(count, is_more),
    }


def _of_words(request: HttpRequest, question: str) -> dict[str, Any]:
    page = page_of(found_by(question).select_related("person__profile"), request.GET, by=("word", "person_id"))
    is_all = not page.back and not page.on
    count, is_more = (len(page), False) if is_all else how_many(question)
    return {
        "question": question,
        "page": page,
        "found": [_found(match.person) for match in page],
        "how_many": _count_words(count, is_more),
    }


def _found(person: User) -> Found:
    profile = profile_of(person)
    phone = str(profile.phone)
    return Found(
        reference=person.reference,
        name=str(person),
        called=person.name_in_use if person.legal_name else "",
        born=str(profile.birth_on.year) if profile.birth_on else "",
        phone=phone[-4:],
        email=profile.contact_email or person.email,
    )


def _count_words(count: int, is_more: bool) -> str:
    if is_more:
        return _("More than %s people. Type more to find fewer.") % f"{count:,}"
    return ngettext("%d person", "%d people", count) % count
