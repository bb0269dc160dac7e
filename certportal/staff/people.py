"""Finding somebody by name, phone, e-mail or reference (`/staff/people/`)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.paging import COUNTED_AT_MOST, count_up_to, page_of
from accounts.search import found_by
from accounts.workflow import profile_of

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
    """Find somebody by the start of any word: of a name, an e-mail, a phone number or the reference."""
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    matching = found_by(question)
    page = page_of(matching.select_related("person__profile"), request.GET, by=("word", "person_id"))
    is_all = not page.back and not page.on
    count = len(page) if is_all else count_up_to(matching)
    context = {
        "question": question,
        "page": page,
        "found": [_found(match.person) for match in page],
        "how_many": _how_many(count),
    }
    return render(request, "certportal/people.html", context)


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


def _how_many(count: int) -> str:
    if count > COUNTED_AT_MOST:
        return _("More than 1,000 people. Add a word to find fewer.")
    return ngettext("%d person", "%d people", count) % count
