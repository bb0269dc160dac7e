"""The pages of a class have two doors: the office's, and the one of who leads it.

`two_doors()` gives such a page its two addresses; `by_office_or_team` says who came in, and lets nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.desk import SignedInRequest
from accounts.middleware import lacks_second_factor, to_second_factor
from trainings.models import TrainingSession
from trainings.views.desk import session_of
from trainings.workflow.team import may_lead


@dataclass(frozen=True)
class Room:
    """One class, and by which door its reader came."""

    session: TrainingSession
    is_team: bool
    now: datetime

    def url(self, name: str, *args: Any) -> str:
        """The address of a page of this class behind the same door."""
        return reverse(f"trainings:{'class' if self.is_team else 'desk'}_{name}", args=[self.session.reference, *args])

    @property
    def home(self) -> str:
        return self.url("session")

    @property
    def title(self) -> str:
        """What leads back there."""
        return _("My class") if self.is_team else self.session.reference


def by_office_or_team(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the room. To a class one does not lead this door is no door: the page is not found."""

    @wraps(view)
    def door(request: SignedInRequest, reference: str, *, is_team: bool = False, **kwargs: Any) -> HttpResponse:
        if not is_team and not request.user.has_perm("trainings.run_sessions"):
            raise PermissionDenied
        session, now = session_of(reference), timezone.now()
        if is_team and not may_lead(request.user, session, now):
            raise Http404
        if is_team and lacks_second_factor(request.user):
            return to_second_factor(request)
        return view(request, Room(session, is_team, now), **kwargs)

    return door


def two_doors(route: str, view: Callable[..., HttpResponse], *, name: str) -> list[URLPattern]:
    return [
        path(f"staff/trainings/<str:reference>/{route}", view, name=f"desk_{name}"),
        path(f"me/classes/<str:reference>/{route}", view, {"is_team": True}, name=f"class_{name}"),
    ]
