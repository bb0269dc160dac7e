"""The verifier's link: job facts only, and no account. Looking changes nothing, however often; a press counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.links import Linked, link_token, open_link
from accounts.models import User
from audit.reasons import Reason, say
from employment import workflow
from employment.forms import AnswerForm, answer_form, show_refusal
from employment.models import Verification
from employment.rules import Said
from employment.views.jobs import shown_facts
from employment.words import PURPOSE
from employment.workflow import NotAllowed
from programs.calendar import local_day
from programs.program import program

# The record says when its days are over; this only bounds how long a signature is worth reading.
SIGNATURE_LIVES = timedelta(days=120)
MOST_PRESSES, WAIT_SECONDS = 30, 600


def verify_url(question: Verification) -> str:
    """A fresh link to a question that is out, for the supervisor who is signed in."""
    return reverse("employment:verify", args=[link_token(question.pk, question.link_version, purpose=PURPOSE)])


@login_not_required
@never_cache
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """GET and HEAD show; a POST is the answer."""
    now = timezone.now()
    try:
        linked = open_link(token, purpose=PURPOSE, max_age=SIGNATURE_LIVES)
        question = _live(linked, now)
    except NotAllowed as refusal:
        return _dead(request, refusal)
    if request.method == "POST":
        return _answer(request, token, linked, question, now)
    form = answer_form(None, job=question.job, on=local_day(now))
    return _page(request, token, question, form, now)


@login_not_required
@never_cache
@require_POST
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Start was pressed: only now it counts as opened."""
    now = timezone.now()
    try:
        linked = open_link(token, purpose=PURPOSE, max_age=SIGNATURE_LIVES)
        if _is_too_often(linked):
            return render(request, "429.html", status=429)
        workflow.mark_opened(linked.pk, at=now, version=linked.version)
    except (NotAllowed, Verification.DoesNotExist) as refusal:
        return _dead(request, refusal)
    return redirect("employment:verify", token)


@login_not_required
@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """After an answer. Says nothing about anybody, so it may stay open on a shared screen."""
    return render(request, "employment/thanks.html")


def _live(linked: Linked, now: datetime) -> Verification:
    question = Verification.objects.filter(pk=linked.pk).select_related("job__person", "job__provider").first()
    if question is None:
        raise NotAllowed(Reason("link_bad"))
    workflow.refuse_dead(question, now, linked.version)
    return question


def _answer(request: HttpRequest, token: str, linked: Linked, question: Verification, now: datetime) -> HttpResponse:
    if _is_too_often(linked):
        return render(request, "429.html", status=429)
    form = answer_form(request.POST, job=question.job, on=local_day(now))
    if not form.is_bound or not form.is_valid():
        return _page(request, token, question, form, now)
    try:
        workflow.answer(
            question.pk,
            form.answer,
            at=now,
            version=linked.version,
            by=_signed_in(request),
        )
    except NotAllowed as refusal:
        if _is_dead(refusal):
            return _dead(request, refusal)
        show_refusal(form, refusal)
        return _page(request, token, question, form, now)
    return redirect("employment:thanks")


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _is_dead(refusal: NotAllowed) -> bool:
    return refusal.reasons[0].code.startswith("request_")


def _page(request: HttpRequest, token: str, question: Verification, form: object, now: datetime) -> HttpResponse:
    is_first = isinstance(form, AnswerForm)
    return render(
        request,
        "employment/verify.html",
        {
            "token": token,
            "question": question,
            "name": question.job.person.known_at_work_as,
            "facts": shown_facts(question.job, local_day(now)),
            "has_started": question.status == Verification.Status.OPENED or request.method == "POST",
            "form": form,
            "is_first": is_first,
            "said": "" if is_first else request.POST.get("said", ""),
            "is_forward": request.POST.get("said") == Said.NOT_ME,
            "rule": program(local_day(now)).citation("requirement", "employment"),
        },
    )


def _dead(request: HttpRequest, refusal: Exception) -> HttpResponse:
    """A link that no longer works says why, and nothing about anybody."""
    reason = refusal.reasons[0] if isinstance(refusal, NotAllowed) else Reason("link_bad")
    is_answered = reason.code == "request_answered"
    context = {"sentence": say(reason), "is_answered": is_answered}
    return render(request, "employment/dead_link.html", context, status=200 if is_answered else 410)


def _is_too_often(linked: Linked) -> bool:
    """Counted for each question, and only presses: a scanner that looks does not use up anybody's tries."""
    key = f"employment:verify:{linked.pk}"
    if cache.add(key, 1, WAIT_SECONDS):
        return False
    try:
        return cache.incr(key) > MOST_PRESSES
    except ValueError:  # it ran out between the two lines
        return False
