"""Is the portal well? For load balancers, for `manage.py doctor`, and for the page shown when the database is away."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certportal.celery import app

HEARTBEAT = "worker-heartbeat"
RETRY_AFTER_SECONDS = 30


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked, so that a database that is away does not get us restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything a person's request may need is there."""
    found = look(timezone.now())
    return JsonResponse(
        {part: trouble or "ok" for part, trouble in found.items()}, status=503 if any(found.values()) else 200
    )


def look(at: datetime) -> dict[str, str]:
    """Each part with its trouble; an empty text is well."""
    return {
        "database": _trouble_with(_ask_database),
        "broker": _trouble_with(_ask_broker),
        "worker": _trouble_with(lambda: _hear_worker(at)),
    }


def _trouble_with(ask: Callable[[], None]) -> str:
    try:
        ask()
    except Exception as trouble:  # whatever its library raises, the part is not well; the kind is enough to say
        return str(trouble) if isinstance(trouble, NotWell) else type(trouble).__name__
    return ""


class NotWell(Exception):
    """Found out by us, in our words."""


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with app.connection_for_write(connect_timeout=1) as broker:
        broker.channel().close()


def _hear_worker(at: datetime) -> None:
    heard = cache.get(HEARTBEAT)
    if heard is None or at - heard > silence_allowed():
        raise NotWell("no heartbeat")


def silence_allowed() -> timedelta:
    return timedelta(seconds=max(60.0, 4 * settings.SWEEP_SECONDS))


def beat(at: datetime) -> None:
    """The worker is alive and reaches what the web reaches."""
    cache.set(HEARTBEAT, at, timeout=None)


# -- When something broke ----------------------------------------------------------------------------------


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, so that browsers and balancers try again; 500 for our own mistakes.

    The page asks the database nothing: no session, no person.
    """
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    page = render_to_string("500.html", {"is_away": is_away})
    response = HttpResponse(page, status=503 if is_away else 500)
    if is_away:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
