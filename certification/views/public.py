"""For anybody: checking one certificate, and the calendar of the Review Board."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from certification.forms import CheckForm
from certification.models import Meeting
from certification.verify import MISSES, Answer, Question, check
from programs.calendar import local_day
from programs.program import program
from programs.words import long_date, long_moment


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """A form; the answer comes on POST, so that no name stands in an address or a log."""
    now = timezone.now()
    today = local_day(now)
    rules = program(today)
    if request.method != "POST":
        scanned = {name: request.GET.get(name, "") for name in ("number", "check")}
        return _check_page(request, CheckForm(initial={**scanned, "on": today}, rules=rules, today=today))
    form = CheckForm(request.POST, rules=rules, today=today)
    if not form.is_valid():
        return _check_page(request, form)
    if MISSES.is_over(request):
        return render(request, "429.html", status=429)
    answer = check(_question(form.cleaned_data), at=now)
    if not answer.is_known:
        MISSES.count(request)
    again = CheckForm(initial={"on": today}, rules=rules, today=today)
    return _check_page(request, again, answer=answer, number=form.cleaned_data["number"])


def _question(typed: dict[str, Any]) -> Question:
    return Question(
        number=typed["number"],
        on=typed["on"],
        family_name=typed["family_name"],
        check_code=typed["check"],
        designation=typed["designation"],
    )


def _check_page(
    request: HttpRequest, form: CheckForm, *, answer: Answer | None = None, number: str = ""
) -> HttpResponse:
    return render(
        request,
        "certification/check.html",
        {
            "form": form,
            "is_scanned": bool(form.initial.get("check")),
            "answer": answer,
            "facts": _facts(answer) if answer and answer.is_known else [],
            "sentences": _not_known(number) if answer and not answer.is_known else [],
        },
    )


def _facts(answer: Answer) -> list[dict[str, str]]:
    rows = [
        {"label": _("Name on the certificate"), "value": answer.name},
        {"label": _("On this day"), "value": long_date(answer.on)},
        {"label": _("Good through"), "value": long_date(answer.expires_on) if answer.expires_on else ""},
        {"label": _("As of"), "value": long_moment(answer.as_of)},
    ]
    if answer.is_certified_as is not None:
        title = program(local_day(answer.as_of)).designation(answer.designation).title
        said = _("Yes") if answer.is_certified_as else _("No")
        rows.append({"label": _("Certified as %s?") % title, "value": said})
    return rows


def _not_known(number: str) -> list[str]:
    return [
        _("We have no certificate with this number and name: %s.") % number,
        _("Look at both again. Two digits may have changed places. If they are right, ask the person, or call us."),
    ]


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def check_api(request: HttpRequest) -> JsonResponse:
    """The same check for programs. GET takes the number with the code of the paper; a name comes by POST only."""
    now = timezone.now()
    question = _asked(request, now)
    if question is None:
        return JsonResponse({"error": "Send number and check; or by POST number and family_name."}, status=400)
    if MISSES.is_over(request):
        return JsonResponse({"error": _("Please wait 10 minutes, or call us.")}, status=429)
    answer = check(question, at=now)
    if not answer.is_known:
        MISSES.count(request)
    return JsonResponse(answer.as_json())


def _asked(request: HttpRequest, now: datetime) -> Question | None:
    typed = _typed(request)
    number, family_name, code = (str(typed.get(name) or "")[:150] for name in ("number", "family_name", "check"))
    if request.method == "GET":
        family_name = ""
    try:
        on = date.fromisoformat(str(typed.get("on") or local_day(now).isoformat()))
    except ValueError:
        return None
    if not number or not (family_name or code) or on > local_day(now):
        return None
    return Question(number, on, family_name, code, str(typed.get("designation") or "")[:150])


def _typed(request: HttpRequest) -> dict[str, Any]:
    if request.method == "GET":
        return request.GET.dict()
    if request.content_type == "application/json":
        try:
            body = json.loads(request.body)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}
    return request.POST.dict()


# -- The Board's calendar ----------------------------------------------------------------------------------


@login_not_required
def review_board(request: HttpRequest) -> HttpResponse:
    """When the Board meets, by when packets need to be here, how it works."""
    now = timezone.now()
    rules = program(local_day(now))
    first_day = datetime(local_day(now).year, 1, 1, tzinfo=now.tzinfo)
    meetings = list(Meeting.objects.filter(meets_at__gte=first_day).order_by("meets_at"))
    return render(
        request,
        "certification/review_board.html",
        {
            "now": now,
            "ahead": [one for one in meetings if one.meets_at > now],
            "past": [one for one in meetings if one.meets_at <= now],
            "office": rules.office("place"),
            "rule": rules.citation("decision", "board"),
        },
    )


@login_not_required
def agenda(request: HttpRequest, reference: str) -> HttpResponse:
    """The public agenda: numbers only."""
    meeting = get_object_or_404(Meeting, reference=reference)
    lines = list(meeting.items.filter(left_at=None).values_list("number", "application__reference"))
    return render(request, "certification/agenda.html", {"meeting": meeting, "lines": lines})
