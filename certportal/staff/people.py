"""Finding somebody by name, phone, e-mail or reference (`/staff/people/`)."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User

FOUND_AT_MOST = 25


@permission_required("accounts.find_people", raise_exception=True)
def people(request: HttpRequest) -> HttpResponse:
    """Find somebody by name, phone, e-mail or reference."""
    words = request.GET.get("q", "").strip()
    found = list(_matching(words)[: FOUND_AT_MOST + 1]) if words else []
    return render(
        request,
        "certportal/people.html",
        {"words": words, "found": found[:FOUND_AT_MOST], "there_are_more": len(found) > FOUND_AT_MOST},
    )


def _matching(words: str) -> QuerySet[User]:
    """Every word of the question starts a word of a name, or is (the start of) an address, phone or reference."""
    people = User.objects.select_related("profile").order_by("legal_family_name", "legal_given_names", "pk")
    for word in words.split():
        digits = "".join(mark for mark in word if mark.isdigit())
        fits = (
            Q(legal_given_names__icontains=word)
            | Q(legal_family_name__istartswith=word)
            | Q(name_in_use__istartswith=word)
            | Q(email__istartswith=word)
            | Q(reference__iexact=word)
            | Q(reference__iendswith=word)
        )
        if len(digits) >= 4:
            fits |= Q(profile__phone__contains=digits)
        people = people.filter(fits)
    return people
