"""The office's day: what waits for whom (`/staff/`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import applicants.next_steps
import certification.next_steps
import employment.next_steps
import notifications.next_steps
import trainings.next_steps
from accounts.models import AccessNeeds, User
from accounts.steps import Work
from programs.calendar import local_day
from programs.words import near_date, short_date
from trainings.models import Registration

SOURCES = (
    trainings.next_steps,
    applicants.next_steps,
    employment.next_steps,
    certification.next_steps,
    notifications.next_steps,
)
DESK_PERMISSIONS = (
    "accounts.find_people",
    "accounts.arrange_access",
    "trainings.run_sessions",
    "certification.complete_files",
)


def queue(request: HttpRequest) -> HttpResponse:
    """Late first, then today, then this week; what waits for others stays out of it."""
    if not any(request.user.has_perm(permission) for permission in DESK_PERMISSIONS):
        raise PermissionDenied
    now = timezone.now()
    today = local_day(now)
    work = [item for source in SOURCES for item in source.work_of(request.user, now)] + _access_work(request.user, now)
    rows = [_row(item, today) for item in sorted(work, key=lambda item: (item.due_on, item.reference))]
    groups = [
        (_("Late"), "late", [row for row in rows if row["days"] < 0]),
        (_("Due today"), "today", [row for row in rows if row["days"] == 0]),
        (_("Next seven days"), "week", [row for row in rows if 0 < row["days"] <= 7]),
        (_("Later"), "later", [row for row in rows if row["days"] > 7]),
    ]
    return render(request, "certportal/staff.html", {"today": today, "groups": groups})


def _access_work(user: User, at: datetime) -> list[Work]:
    """What is asked and not answered yet: by the class it is for, where that comes before the day our answer is due."""
    if not user.has_perm("accounts.arrange_access"):
        return []
    waiting = AccessNeeds.objects.filter(answered_at=None).exclude(person=user).select_related("person")
    classes = _next_classes(waiting, at)
    return [
        Work(
            due_on=min([needs.answer_due_on, *classes.get(needs.person_id, [])]),
            reference=needs.person.reference,
            who=str(needs.person),
            verb=_("Answer: what would help them take part"),
            url=reverse("arrange_access", args=[needs.person.reference]),
            detail=_("class starts %s") % short_date(day) if (day := _first(classes.get(needs.person_id))) else "",
        )
        for needs in waiting
    ]


def _next_classes(waiting: QuerySet[AccessNeeds], at: datetime) -> dict[int, list[date]]:
    """The first day of the next class each of them is signed up for."""
    spots = Registration.objects.live().filter(person__in=waiting.values("person"), session__ends_at__gt=at)
    first = spots.values("person").annotate(starts_at=Min("session__starts_at")).values_list("person", "starts_at")
    return {person: [local_day(starts_at)] for person, starts_at in first}


def _first(days: list[date] | None) -> date | None:
    return days[0] if days else None


def _row(item: Work, today: date) -> dict[str, Any]:
    days = (item.due_on - today).days
    if days < 0:
        urgency, tone = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}, "no"
    elif days == 0:
        urgency, tone = _("Today"), "you"
    else:
        urgency, tone = near_date(item.due_on, today), ""
    detail = item.detail or _("due %s") % near_date(item.due_on, today)
    return {
        "days": days,
        "urgency": urgency,
        "tone": tone,
        "reference": item.reference,
        "who": item.who,
        "verb": item.verb,
        "url": item.url,
        "detail": detail,
    }
