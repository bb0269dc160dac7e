"""The doors of this room: for whom a page is read, and coming back to it after the sign-in ran out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.desk import Desk, DeskRequest
from accounts.kept_words import forget, given_back
from accounts.models import User
from audit.reasons import Reason, say
from programs.calendar import local_day
from programs.program import program
from programs.words import phone
from trainings.models import Registration


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


def found_spot(desk: Desk, reference: str) -> Registration:
    """A spot of the person at this desk; nobody else's is found."""
    return get_object_or_404(Registration.objects.of(desk.person).for_pages(), reference=reference)


def led_back(request: DeskRequest, spot: Registration, reasons: list[Reason], now: datetime) -> HttpResponse:
    """A page whose press would be refused: why, whom to call, and the page of the spot instead."""
    said, office = [say(reason) for reason in reasons], program(local_day(now)).office("training")
    if office.phone:
        said.append(_("Is something wrong? Call us: %s.") % phone(office.phone))
    messages.info(request, " ".join(said))
    return redirect(request.desk.url("trainings:registration", reference=spot.reference))


def somebody_waits(spot: Registration) -> bool:
    """Is anybody next for a seat this person gives up?"""
    return Registration.objects.next_for_a_seat(spot).exists()


# -- Back after signing in ---------------------------------------------------------------------------------


def typed(request: HttpRequest, back: str = "") -> QueryDict | None:
    """What the form shows: what is posted, or what was typed when the sign-in ran out. The page says which; whoever
    takes what was posted calls `forget`. Where there was only a button, there is only that to say."""
    if request.method == "POST":
        return request.POST
    kept = given_back(request)
    if kept is not None:
        words = _("This is what you wrote before you were signed out. Press the button to keep it.")
        messages.info(request, back or (words if kept else press_once_more()))
    return kept


def press_once_more() -> str:
    return _("You are signed in again. Press the button once more.")


def why_here(request: HttpRequest) -> str:
    """Who comes to the address of a button by a link: after a sign-in that ran out as they pressed, or just so."""
    if given_back(request) is not None:
        return press_once_more()
    return _("Nothing was done. Press the button here if you want it.")


View = Callable[..., HttpResponse]


def press_on(page: str) -> Callable[[View], View]:
    """The address of a button alone. Whoever comes by a link, as after signing in again, is led to its page."""

    def press_only(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, reference: str, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                forget(request)
                return view(request, reference, **kwargs)
            messages.info(request, why_here(request))
            return redirect(page, reference)

        return door

    return press_only
