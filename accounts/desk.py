"""Every form has a twin for the office: the same view, filled in for somebody who called or sent paper.

`both()` gives a form its two addresses; `for_myself_or_by_staff` says whose it is; `DeskForm` asks staff when and
how it came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import DayField
from accounts.models import User

STAFF_PREFIX = "staff/people/<str:person_reference>/"


@dataclass(frozen=True)
class Desk:
    """Whose form this is, and who is typing."""

    person: User
    by: User

    @property
    def is_staff_entry(self) -> bool:
        return self.person.pk != self.by.pk

    def url(self, name: str, **kwargs: Any) -> str:
        """The address of a page on this side of the desk."""
        if self.is_staff_entry:
            kwargs["person_reference"] = self.person.reference
        return reverse(name, kwargs=kwargs)

    @property
    def home(self) -> str:
        """Where this side of the desk goes back to."""
        return reverse("person", args=[self.person.reference]) if self.is_staff_entry else reverse("me")


class SignedInRequest(HttpRequest):
    """What a view gets behind the sign-in: somebody is there."""

    user: User


class DeskRequest(SignedInRequest):
    desk: Desk


View = Callable[..., HttpResponseBase]


def for_myself_or_by_staff(view: View) -> View:
    """Gives the view `request.desk`. Staff need `accounts.enter_for_people` and never type for themselves here."""

    @wraps(view)
    def door(request: DeskRequest, *args: Any, person_reference: str | None = None, **kwargs: Any) -> HttpResponseBase:
        request.desk = _desk(request.user, person_reference)
        return view(request, *args, **kwargs)

    return door


def _desk(user: User, person_reference: str | None) -> Desk:
    if person_reference is None:
        return Desk(person=user, by=user)
    if not user.has_perm("accounts.enter_for_people"):
        raise PermissionDenied
    person = get_object_or_404(User, reference=person_reference)
    if person == user:
        raise PermissionDenied
    return Desk(person=person, by=user)


def both(route: str, view: View, *, name: str, mine: str = "") -> list[URLPattern]:
    """The person's own address (under `mine`) and the office's twin under one name; `Desk.url` picks by side."""
    return [path(mine + route, view, name=name), path(STAFF_PREFIX + route, view, name=name)]


class DeskForm(forms.Form):
    """A form that ends something (sends, answers, accepts). When staff type it, it asks how and when it came."""

    BY_PHONE, ON_PAPER, ONLINE = "phone", "paper", "online"

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        if desk.is_staff_entry:
            self.fields.update(self._receipt_fields())

    @staticmethod
    def _receipt_fields() -> dict[str, forms.Field]:
        return {
            "channel": forms.ChoiceField(
                label=_("How did it come?"),
                choices=[(DeskForm.BY_PHONE, _("By phone")), (DeskForm.ON_PAPER, _("On paper"))],
                widget=forms.RadioSelect,
            ),
            "came_on": DayField(
                label=_("Which day did it come?"),
                help_text=_("The day of the call, or of the stamp on the paper."),
            ),
            "came_at": forms.TimeField(
                label=_("At what time?"),
                help_text=_("Central time. For paper without a time, the hour the mail was opened."),
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            ),
            "helped_by": forms.CharField(
                label=_("Did someone help them?"),
                help_text=_("A name, or leave it blank."),
                max_length=150,
                required=False,
            ),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "came_on" in cleaned and "came_at" in cleaned:
            self._came = timezone.make_aware(datetime.combine(cleaned["came_on"], cleaned["came_at"]))
            if self._came > timezone.now():
                self.add_error("came_at", _("This time is still to come. Check the day and the time."))
        return cleaned

    _came: datetime | None = None

    @property
    def channel(self) -> str:
        return self.cleaned_data.get("channel", self.ONLINE)

    @property
    def helped_by(self) -> str:
        return self.cleaned_data.get("helped_by", "")

    def receipt(self, now: datetime) -> dict[str, str]:
        """How it came, for the history: by which way, when, and with whose help. Nothing for what people type
        themselves."""
        if not self.desk.is_staff_entry:
            return {}
        helped_by = self.helped_by
        return {
            "channel": self.channel,
            "received_at": self.received_at(now).isoformat(),
            **({"helped_by": helped_by} if helped_by else {}),
        }

    def received_at(self, now: datetime) -> datetime:
        """The moment that counts: the stamp for paper and phone, else now."""
        return self._came or now
