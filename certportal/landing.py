"""Where a person lands after signing in: at the work they came for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from certportal.roles import ROLES


def landing(request: HttpRequest) -> HttpResponse:
    """The home of the first role in the table the person holds; everybody else has `/me/`."""
    return redirect(home_of(request.user))


def home_of(user: User) -> str:
    for name, role in ROLES.items():
        if name in user.roles:
            return reverse(role.home)
    return reverse("admin:index" if user.is_superuser else "me")
