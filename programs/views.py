"""Public pages about the work, its designations, and whether it is for me."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from programs import pages
from programs.calendar import ONE_DAY, local_day
from programs.models import Page
from programs.program import NotInTheRules, Rules, program
from programs.words import listed, plain_date


def _rules_today() -> Rules:
    return program(local_day(timezone.now()))


@login_not_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of words from the pack, as staff last left it."""
    found = get_object_or_404(Page, slug=slug)
    office = _rules_today().office("concerns" if slug == "concerns" else "training")
    return render(request, "programs/page.html", {"page": found, "body": pages.render(found.words), "office": office})


@login_not_required
@require_safe
def peer_support(request: HttpRequest) -> HttpResponse:
    """What peer support is, the way, and the designations of today."""
    rules = _rules_today()
    about = Page.objects.filter(slug="home").first()
    return render(
        request,
        "programs/peer_support.html",
        {"rules": rules, "about": about, "designations": rules.designations, "steps": rules.steps, "more": _more()},
    )


def _more() -> list[tuple[str, str]]:
    """The pages one reads next, by URL name, in the order of the pack."""
    shown = ("jobs", "success-stories", "community", "partners", "questions", "documents", "elsewhere", "concerns")
    titles = {row.slug: row.heading for row in Page.objects.filter(slug__in=shown)}
    return [(f"programs:{slug.replace('-', '_')}", titles[slug]) for slug in shown if slug in titles]


@login_not_required
@require_safe
def designation(request: HttpRequest, designation: str) -> HttpResponse:
    """What somebody with this designation does, by which rule, and what it takes."""
    rules = _rules_today()
    try:
        found = rules.designation(designation)
    except NotInTheRules as unknown:
        raise Http404 from unknown
    if found.slug != designation or "supervision" in found.uses:
        raise Http404
    stage = "certification" if "certification" in found.uses else "training"
    return render(
        request,
        "programs/designation.html",
        {
            "one": found,
            "rules": rules,
            "is_current": found.is_in_force(rules.on),
            "now_called": rules.now_called(found.code),
            "last_day": plain_date(found.ends_on - ONE_DAY) if found.ends_on else "",
            "amended": listed([plain_date(day) for day in found.amended_on]),
            "asked": rules.requirements(stage, found.code),
        },
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def readiness(request: HttpRequest) -> HttpResponse:
    """Nine statements to think about. The answers are shown back and gone: nothing is kept, scored or sent on."""
    rules = _rules_today()
    answers = [(row, request.POST.get(row.code, "")) for row in rules.readiness]
    said = {
        "yes": [row.title for row, answer in answers if answer == "yes"],
        "not_yet": [row.title for row, answer in answers if answer in ("not_yet", "no")],
    }
    return render(
        request,
        "programs/readiness.html",
        {
            "statements": [(row, answer, _choices(answer)) for row, answer in answers],
            "prompts": rules.prompts,
            "said": said if request.method == "POST" else None,
        },
    )


def _choices(chosen: str) -> list[tuple[str, str, bool]]:
    words = (("yes", _("Yes")), ("not_yet", _("Not yet")), ("no", _("No")))
    return [(value, label, value == chosen) for value, label in words]
