"""One page for each course: what it is, who it is for, what it takes, and the dates ahead; and its flyer."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programs.calendar import local_day
from programs.program import Rules, program
from programs.rows import Designation
from trainings.models import Course, TrainingSession
from trainings.offered import Offered, offered
from trainings.views.rows import Row, for_rows, rows_of
from trainings.views.watches import offer_to_tell
from trainings.workflow.watches import Wish

DATES_SHOWN = 10


@login_not_required
@require_safe
def course(request: HttpRequest, code: str) -> HttpResponse:
    """A course the rules name has its page before its first date is planned."""
    now = timezone.now()
    today = program(local_day(now))
    one = offered(code, today)
    if one is None:
        raise Http404
    ahead = TrainingSession.objects.on_the_calendar().ahead(now).filter(course=one.course)
    rows = rows_of(for_rows(ahead)[:DATES_SHOWN], now, "", today) if one.course else []
    return render(
        request,
        "trainings/course.html",
        {
            "one": one,
            "words": one.course or one.kind,
            "hours": _plain(one),
            "designations": taught(one, today),
            "rows": rows,
            "offer": offer_to_tell(Wish(course=one.code), today, request, [one]) if _waits(one, rows) else None,
            "office": today.office("training"),
            "pass_mark": today.value("pass_mark") if one.kind.has_exam else None,
        },
    )


def _waits(one: Offered, rows: list[Row]) -> bool:
    """No date ahead that one may still take."""
    return one.has_sessions and all(row.is_closed for row in rows)


def _plain(one: Offered) -> str:
    hours = float(one.course.hours if one.course else one.kind.hours)
    return f"{hours:g}" if hours else ""


def taught(one: Offered, today: Rules) -> list[Designation]:
    """What it trains for today; the pages of earlier designations are reached from these."""
    codes = one.course.designations if one.course else one.kind.designations
    named = {found.code: found for found in today.training_designations if "certification" in found.uses}
    return [named[code] for code in codes if code in named]


@login_not_required
@require_safe
def flyer(request: HttpRequest, code: str) -> FileResponse:
    """Saved, never shown in the page: it came from outside, even if written anew."""
    found = get_object_or_404(Course.objects.exclude(flyer=""), code=code)
    name = f"{found.code}{PurePath(found.flyer.name or '').suffix}"
    return FileResponse(found.flyer.open(), as_attachment=True, filename=name)
