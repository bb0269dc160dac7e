"""The office: every sign-up there is, the newest first (`/staff/registrations/`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.paging import COUNTED_AT_MOST, count_up_to, page_of
from programs.words import long_moment, short_range
from trainings.models import Course, Registration, Status, TrainingSession
from trainings.views.desk import office_only, state_of, step_label
from trainings.words import CAME_BY


@office_only
def registrations(request: HttpRequest) -> HttpResponse:
    """By course, session and status; one index per filter, read from the key of the last row shown."""
    courses = list(Course.objects.all())
    chosen = {name: request.GET.get(name, "").strip() for name in ("course", "session", "status")}
    course = next((one for one in courses if one.code == chosen["course"]), None)
    is_possible = bool(course or not chosen["course"]) and chosen["status"] in ("", *Status.values)
    found = Registration.objects.all() if is_possible else Registration.objects.none()
    if course:
        found = found.filter(course=course)
    if chosen["session"]:
        named = TrainingSession.objects.filter(reference=chosen["session"][:20].upper())
        found = found.filter(session=named.values("pk")[:1])
    if chosen["status"]:
        found = found.filter(status=chosen["status"])
    page = page_of(found.select_related("person", "seat", "session__course"), request.GET, by=["pk"], newest_first=True)
    is_all = not page.back and not page.on
    context = {
        "page": page,
        "rows": [_row(spot) for spot in page],
        "how_many": _how_many(len(page) if is_all else count_up_to(found)),
        "courses": courses,
        "statuses": [(status, step_label(status)) for status in Status],
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
    }
    return render(request, "trainings/desk/registrations.html", context)


def _row(spot: Registration) -> dict[str, Any]:
    return {
        "spot": spot,
        "url": reverse("trainings:registration", args=[spot.person.reference, spot.reference]),
        "dates": short_range(spot.session.starts_on, spot.session.ends_on),
        "year": spot.session.starts_on.year,
        "state": state_of(spot),
        "received": long_moment(spot.received_at),
        "came_by": CAME_BY.get(spot.came_by, ""),
    }


def _how_many(count: int) -> str:
    if count > COUNTED_AT_MOST:
        return _("More than 1,000 sign-ups.")
    return ngettext("%d sign-up", "%d sign-ups", count) % count
