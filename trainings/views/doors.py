"""For whom a public page is read: oneself, or somebody the office helps."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User


def on_behalf(request: HttpRequest) -> User | None:
    """Staff look for a training for somebody: `?for=P-…`, from the person's page."""
    reference = request.GET.get("for", "")
    if not reference:
        return None
    if not request.user.is_authenticated or not request.user.has_perm("accounts.enter_for_people"):
        raise PermissionDenied
    person = get_object_or_404(User, reference=reference)
    if person == request.user:
        raise PermissionDenied
    return person


def reader(request: HttpRequest) -> User | None:
    """Whose page it is, where we know."""
    return on_behalf(request) or (request.user if request.user.is_authenticated else None)
