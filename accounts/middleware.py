"""Signed in, still there, and with a second factor where the work asks for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import kept_words
from accounts.models import User

SEEN = "last_seen"


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless its view says otherwise; what was typed waits for the sign-in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method == "POST":
            request.session[kept_words.SESSION_KEY] = kept_words.keep(request, None, timezone.now())
            messages.info(request, _("Sign in and you are back here, with what you wrote."))
        return super().handle_no_permission(request, view_func)


class PlainTextMiddleware:
    """Nothing that is typed turns the words after it around: marks that only steer the direction of writing are
    dropped on the way in. Letters of every script stay, and so do the joiners some scripts need."""

    STEERING = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.method != "POST":
            return
        plain = {name: [self._plain(value) for value in values] for name, values in request.POST.lists()}
        if plain != dict(request.POST.lists()):
            typed = request.POST.copy()
            for name, values in plain.items():
                typed.setlist(name, values)
            typed._mutable = False
            request.POST = typed  # type: ignore[assignment]
        for _field, files in request.FILES.lists():
            for file in files:
                file.name = self._plain(file.name or "")

    def _plain(self, value: str) -> str:
        return value.translate(self.STEERING)


class IdleSignOutMiddleware:
    """After twenty quiet minutes the person is signed out; a form they were filling in is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        now = timezone.now().timestamp()
        seen = request.session.get(SEEN, now)
        if now - seen > settings.IDLE_SIGN_OUT_AFTER.total_seconds():
            return self._sign_out(request)
        if now - seen > 30 or SEEN not in request.session:  # not a database write for every click
            request.session[SEEN] = now
        return None

    @staticmethod
    def _sign_out(request: HttpRequest) -> HttpResponse:
        token = kept_words.keep(request, request.user, timezone.now()) if request.method == "POST" else ""
        path = request.get_full_path()
        logout(request)
        if token:
            request.session[kept_words.SESSION_KEY] = token
        messages.info(
            request, _("You were signed out to keep you safe. Sign in and you are back here, with what you wrote.")
        )
        return redirect_to_login(path)


class StaffSecondFactorMiddleware:
    """Outside a demonstration nobody works with other people's records on a password alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._works_without_it(request):
            return to_second_factor(request)
        return self.get_response(request)

    @staticmethod
    def _works_without_it(request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or request.path.startswith("/accounts/"):
            return False
        works_here = user.is_staff or user.is_superuser or bool(user.roles)
        return works_here and lacks_second_factor(user)


def lacks_second_factor(user: User) -> bool:
    """For whoever works with other people's records; a page that opens them without a role asks it itself."""
    return not settings.DEMONSTRATION and not is_mfa_enabled(user)


def to_second_factor(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Your work here needs a second step at sign-in. Set it up now."))
    return redirect("mfa_activate_totp")
