"""Tell me when one opens: asked with or without an account, seen again, and taken back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from accounts.kept_words import forget
from accounts.models import User
from accounts.throttle import Throttle
from audit.reasons import NotAllowed
from programs.calendar import local_day
from programs.program import NotInTheRules, Rules, program
from trainings import workflow
from trainings.forms.spots import TellMeForm
from trainings.models import TrainingSession, Watch
from trainings.offered import Offered, all_offered
from trainings.views.doors import press_once_more, reader, typed
from trainings.watch_links import watch_of
from trainings.words import wish_words
from trainings.workflow.watches import Wish

ASKS = Throttle("tell-me")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tell_me(request: HttpRequest) -> HttpResponse:
    """What somebody wants to hear of stands in the address, and is shown before the one button. The answer is the
    same for an address we know and for one we do not."""
    now = timezone.now()
    today = program(local_day(now))
    wish = Wish(**{name: request.GET.get(name, "") for name in ("course", "designation", "mode", "county")})
    offer, person = offer_to_tell(wish, today, request), reader(request)
    if offer is None:
        raise Http404
    form = TellMeForm(typed(request), is_known=person is not None)
    if request.method == "POST" and form.is_valid():
        if person is None and ASKS.is_over(request):
            return render(request, "429.html", status=429)
        by = request.user if request.user.is_authenticated else None
        workflow.watch(wish, person=person, email=form.cleaned_data.get("email", ""), by=by, at=now)
        forget(request)
        if person is None:
            ASKS.count(request)
        messages.success(request, _("We have it. We write once, when a date opens."))
        return redirect(_after(person, by))
    return render(request, "trainings/tell_me.html", {"form": form, "offer": offer})


def _after(person: User | None, by: User | None) -> str:
    return Desk(person, by).url("trainings:watches") if person and by else reverse("trainings:list")


def offer_to_tell(
    wish: Wish, today: Rules, request: HttpRequest, courses: list[Offered] | None = None
) -> dict[str, Any] | None:
    """What the offer shows, on its own page and where a list is empty or a session closed. Nothing where the wish
    is one that nothing could answer."""
    course = next((one for one in courses or all_offered(today) if one.code == wish.course), None)
    designation = _designation(wish.designation, today)
    if designation is None or wish.course and course is None:
        return None
    if wish.mode and wish.mode not in TrainingSession.Mode.values or wish.county and wish.county not in today.counties:
        return None
    person = reader(request)
    asked = {name: value for name, value in asdict(wish).items() if value}
    if person and person != request.user:
        asked["for"] = person.reference
    here = reverse("trainings:tell_me")
    return {
        "wish": wish_words(course.title if course else "", designation, wish.mode, wish.county),
        "tell_me_url": f"{here}?{urlencode(asked)}" if asked else here,
        "knows_you": person is not None,
    }


def _designation(code: str, today: Rules) -> str | None:
    try:
        return today.designation(code).title if code else ""
    except NotInTheRules:
        return None


# -- Taken back --------------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in our message. Looking changes nothing; the press stops it. Over or forged, the answer is the same."""
    now = timezone.now()
    try:
        watch = watch_of(token)
    except NotAllowed:
        watch = None
    if watch and request.method == "POST":
        workflow.stop_watching(watch.pk, by=None, at=now)
        watch = None
    wish = _of(watch, program(local_day(now))) if watch else ""
    return render(request, "trainings/watch.html", {"wish": wish, "is_open": watch is not None})


def _of(watch: Watch, today: Rules) -> str:
    title = watch.course.title if watch.course else ""
    return wish_words(title, _designation(watch.designation, today) or "", watch.mode, watch.county)


@for_myself_or_by_staff
def mine(request: DeskRequest) -> HttpResponse:
    """What the person waits to hear of, each with its own Stop."""
    desk, now = request.desk, timezone.now()
    open_ones = Watch.objects.still_open().filter(person=desk.person).select_related("course").order_by("pk")
    if request.method == "POST":
        key = request.POST.get("watch", "")
        wanted = open_ones.filter(pk=int(key)).first() if key.isdecimal() else None
        if wanted:
            workflow.stop_watching(wanted.pk, by=desk.by, at=now)
        forget(request)
        messages.success(request, _("We do not write about this any more."))
        return redirect(desk.url("trainings:watches"))
    typed(request, press_once_more())
    today = program(local_day(now))
    rows = [{"pk": watch.pk, "wish": _of(watch, today), "asked_at": watch.asked_at} for watch in open_ones]
    return render(request, "trainings/watches.html", {"desk": desk, "rows": rows})
