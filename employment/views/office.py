"""The office's pages: the provider register, and one question with what staff may do about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.desk import SignedInRequest
from employment import workflow
from employment.forms import AnswerForm, OfficerForm, ProviderForm, answer_form, show_refusal
from employment.models import Officer, Provider, Verification
from employment.views.jobs import shown_facts
from employment.words import kind_title
from employment.workflow import NotAllowed
from programs.calendar import local_day

SHOWN_AT_MOST = 100
keeps_providers = permission_required("employment.keep_providers", raise_exception=True)


# -- The register ------------------------------------------------------------------------------------------


@keeps_providers
def providers(request: SignedInRequest) -> HttpResponse:
    today = local_day(timezone.now())
    words = request.GET.get("q", "").strip()[:100]
    found = Provider.objects.named(words)[:SHOWN_AT_MOST]
    rows = [
        {
            "provider": provider,
            "kind": kind_title(provider.kind, today),
            "is_certified": provider.is_certified(today),
            "last_day": _last_day(provider),
        }
        for provider in found
    ]
    return render(request, "employment/providers.html", {"rows": rows, "words": words})


def _last_day(provider: Provider) -> Any:
    ends = [day for day in (provider.certified_until, provider.closed_on) if day]
    return min(ends) - timedelta(days=1) if ends else None


@keeps_providers
def new_provider(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    form = ProviderForm(request.POST or None, on=local_day(now))
    if request.method == "POST" and form.is_valid():
        provider = workflow.list_provider(form.cleaned_data, by=request.user, at=now)
        messages.success(request, _("The provider is on the list. Its number is %s.") % provider.reference)
        return redirect("employment:provider", provider.reference)
    return render(request, "employment/provider_new.html", {"form": form})


@keeps_providers
def provider(request: SignedInRequest, reference: str) -> HttpResponse:
    """Change what is known; each change is dated in the history."""
    now = timezone.now()
    provider = get_object_or_404(Provider, reference=reference)
    form = ProviderForm(request.POST or None, on=local_day(now), provider=provider)
    if request.method == "POST" and form.is_valid():
        workflow.change_provider(provider.pk, form.cleaned_data, by=request.user, at=now)
        messages.success(request, _("Saved."))
        return redirect("employment:provider", provider.reference)
    return _provider_page(request, provider, form, OfficerForm())


def _provider_page(
    request: SignedInRequest, provider: Provider, form: ProviderForm, officer: OfficerForm
) -> HttpResponse:
    return render(
        request,
        "employment/provider.html",
        {
            "provider": provider,
            "form": form,
            "officer_form": officer,
            "has_errors": bool(officer.errors),
            "officers": provider.officers.filter(left_on=None),
        },
    )


@keeps_providers
@require_POST
def new_officer(request: SignedInRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    provider = get_object_or_404(Provider, reference=reference)
    form = OfficerForm(request.POST)
    if not form.is_valid():
        return _provider_page(request, provider, ProviderForm(on=local_day(now), provider=provider), form)
    typed = form.cleaned_data
    workflow.list_officer(
        provider.pk, name=typed["name"], email=typed["email"], phone=typed["phone"], by=request.user, at=now
    )
    messages.success(request, _("Saved."))
    return redirect("employment:provider", provider.reference)


@keeps_providers
@require_POST
def officer_left(request: SignedInRequest, reference: str, officer: int) -> HttpResponse:
    gone = get_object_or_404(Officer, provider__reference=reference, pk=officer)
    workflow.officer_left(gone.pk, by=request.user, at=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("employment:provider", reference)


# -- One question ------------------------------------------------------------------------------------------


def _question(user: Any, reference: str) -> Verification:
    question = get_object_or_404(
        Verification.objects.select_related("job__person", "job__provider"), reference=reference
    )
    if question.job.person == user:  # nobody looks after their own matter
        raise PermissionDenied
    return question


@keeps_providers
def question(request: SignedInRequest, reference: str) -> HttpResponse:
    """What was asked of whom; look at the address; write down what somebody said on the phone."""
    question = _question(request.user, reference)
    now = timezone.now()
    form = answer_form(_posted(request), job=question.job, on=local_day(now), by_phone=True)
    if form.is_bound and form.is_valid() and _write_down(request, question, form):
        return redirect("employment:question", reference)
    return render(
        request,
        "employment/question.html",
        {
            "question": question,
            "person": question.job.person,
            "facts": shown_facts(question.job, local_day(now)),
            "officers": question.job.provider.officers.filter(left_on=None),
            "form": form,
            "is_first": isinstance(form, AnswerForm),
            "said": request.POST.get("said", ""),
            "can_be_answered": question.status in (*Verification.OUT, Verification.Status.EXPIRED),
            "can_settle_address": _can_settle_address(question),
        },
    )


def _posted(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _can_settle_address(question: Verification) -> bool:
    is_open = question.status == Verification.Status.DRAFTED or question.is_out
    asks = bool(question.address_asked_at) or not question.is_address_known
    return is_open and asks and question.address_settled_at is None


def _write_down(request: SignedInRequest, question: Verification, form: Any) -> bool:
    try:
        workflow.answer_by_phone(
            question.pk,
            form.answer,
            confirmed_by=form.cleaned_data.get("signature") or question.verifier_name,
            by=request.user,
            at=timezone.now(),
        )
    except NotAllowed as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, _("Written down. The person is told."))
    return True


@keeps_providers
@require_POST
def settle_address(request: SignedInRequest, reference: str) -> HttpResponse:
    question = _question(request.user, reference)
    is_approved = request.POST.get("verdict") == "yes"
    try:
        workflow.settle_address(question.pk, is_approved=is_approved, by=request.user, at=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Saved. The person is told."))
    return redirect("employment:question", reference)
