"""Scholarships: the rounds, the essay kept while one writes, the answer, and the yes or no to an award."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from accounts.events import AccountEvent
from accounts.kept_words import forget, posted_or_kept
from accounts.stories import own_words
from applicants import rules, workflow
from applicants.forms.application import SendForm
from applicants.forms.scholarship import EssayForm
from applicants.models import Award, Essay, ScholarshipApplication, ScholarshipRound
from applicants.results import results_of
from applicants.views.doors import links, scholarship_of, tried
from audit.models import Entry
from audit.reasons import NotAllowed, Reason, say
from programs.calendar import local_day
from programs.program import program
from programs.words import clock, money, zone_name

Status = ScholarshipApplication.Status


# -- Rounds ------------------------------------------------------------------------------------------------


@login_not_required
def rounds(request: HttpRequest) -> HttpResponse:
    """What is open now, for anybody."""
    now = timezone.now()
    open_now = ScholarshipRound.objects.open_at(now).select_related("session__course").order_by("closes_at")
    return render(request, "applicants/rounds.html", {"rounds": open_now, "now": now})


@login_not_required
def round_page(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    public = ScholarshipRound.objects.exclude(status=ScholarshipRound.Status.DRAFT)
    shown = get_object_or_404(public.select_related("session__course"), reference=reference)
    is_open = not rules.reasons_round_is_shut(is_open=True, opens_at=shown.opens_at, closes_at=shown.closes_at, at=now)
    return render(
        request,
        "applicants/round.html",
        {
            "round": shown,
            "session": shown.session,
            "criteria": shown.criteria.all(),
            "award": money(shown.award_cents),
            "is_open": is_open,
            "now": now,
            "mine": _mine(request, shown),
        },
    )


def _mine(request: HttpRequest, shown: ScholarshipRound) -> ScholarshipApplication | None:
    if not request.user.is_authenticated:
        return None
    return shown.applications.visible_to(request.user).exclude(status=Status.WITHDRAWN).first()


@for_myself_or_by_staff
def start(request: DeskRequest, reference: str) -> HttpResponse:
    """The page before the writing: what everyone needs to know first. The button opens a draft."""
    desk, now = request.desk, timezone.now()
    public = ScholarshipRound.objects.exclude(status=ScholarshipRound.Status.DRAFT)
    shown = get_object_or_404(public.select_related("session__course"), reference=reference)
    mine = shown.applications.visible_to(desk.person).exclude(status=Status.WITHDRAWN).first()
    if mine:
        return redirect(desk.url("applicants:scholarship", reference=mine.reference))
    if request.method == "POST":
        started = tried(
            request, lambda: workflow.start_scholarship(shown.pk, person_id=desk.person.pk, by=desk.by, at=now)
        )
        if started:
            return redirect(desk.url("applicants:essay", reference=started.reference))
    return render(
        request, "applicants/before_writing.html", {"desk": desk, "round": shown, "session": shown.session, "now": now}
    )


# -- One's own ---------------------------------------------------------------------------------------------


@for_myself_or_by_staff
def scholarship(request: DeskRequest, reference: str) -> HttpResponse:
    """Where it stands."""
    desk, mine, now = request.desk, scholarship_of(request.desk, reference), timezone.now()
    if mine.is_draft and not _is_shut(mine):
        return redirect(desk.url("applicants:essay", reference=reference))
    award = mine.awards.order_by("-pk").first()
    return render(
        request,
        "applicants/scholarship.html",
        {
            "desk": desk,
            "mine": mine,
            "round": mine.round,
            "session": mine.round.session,
            "award": award,
            "money": money(award.cents) if award else "",
            "form": SendForm(None, desk=desk),
            "results": results_of(mine) if mine.status == Status.NOT_AWARDED else [],
            "openings": _openings(mine),
            **links(
                desk,
                reference,
                accept="award_accept",
                decline="award_decline",
                essay="essay",
                take_back="scholarship_take_back",
            ),
            "office": program(local_day(now)).office("training"),
            "now": now,
        },
    )


def _is_shut(mine: ScholarshipApplication) -> list[Reason]:
    round_ = mine.round
    return rules.reasons_round_is_shut(
        is_open=True, opens_at=round_.opens_at, closes_at=round_.closes_at, at=timezone.now()
    )


def _openings(mine: ScholarshipApplication) -> Any:
    """Every time somebody opened this essay."""
    essays = mine.essays.values_list("pk", flat=True)
    opened = Entry.objects.filter(event=AccountEvent.STORY_OPENED, subject_kind="applicants.essay")
    return opened.filter(subject_id__in=essays).order_by("at", "pk")


def _log_url(desk: Desk) -> str:
    return "" if desk.is_staff_entry else reverse("openings")


@for_myself_or_by_staff
def essay(request: DeskRequest, reference: str) -> HttpResponse:
    """Write. The button saves and goes on to the check; a script saves every ten seconds besides."""
    desk, mine, now = request.desk, scholarship_of(request.desk, reference), timezone.now()
    if not mine.is_draft:
        return redirect(desk.url("applicants:scholarship", reference=reference))
    kept = _kept(mine)
    words = posted_or_kept(request)
    form = EssayForm(words, initial=_initial(kept, desk), round_=mine.round)
    if request.method == "POST" and form.is_valid():
        saved = tried(request, lambda: _save(mine, form, desk), form)
        if saved:
            forget(request)
            if saved.other_copy:
                return redirect(desk.url("applicants:copies", reference=reference))
            if desk.is_staff_entry or request.POST.get("then") != "stay":
                return redirect(desk.url("applicants:essay_send", reference=reference))
    return render(
        request,
        "applicants/essay.html",
        {
            "desk": desk,
            "form": form,
            "mine": mine,
            "round": mine.round,
            "session": mine.round.session,
            "criteria": mine.round.criteria.all(),
            "is_first_time": kept is None,
            "has_other_copy": mine.essays.filter(is_other_copy=True).exists(),
            "saved_at": kept.saved_at if kept else None,
            "log_url": _log_url(desk),
            **links(desk, reference, autosave="autosave", copies="copies"),
            "office": program(local_day(now)).office("training"),
            "shut": [say(reason) for reason in _is_shut(mine)],
            "now": now,
        },
    )


def _kept(mine: ScholarshipApplication) -> Essay | None:
    return mine.essays.filter(is_other_copy=False).select_related("application__person").first()


def _initial(kept: Essay | None, desk: Desk) -> dict[str, Any]:
    """The writer sees their words. The office writes down what it is told and never reads back what is there."""
    if kept is None:
        return {"essay": "", "version": 0}
    return {"essay": _readable(kept, desk), "version": kept.version}


def _readable(kept: Essay, desk: Desk) -> str:
    return "" if desk.is_staff_entry else own_words(kept, by=desk.by)


def _save(mine: ScholarshipApplication, form: EssayForm, desk: Desk) -> Any:
    return workflow.save_essay(
        mine.pk,
        form.cleaned_data["essay"],
        seen_version=form.cleaned_data["version"],
        by=desk.by,
        at=timezone.now(),
    )


@require_POST
@for_myself_or_by_staff
def autosave(request: DeskRequest, reference: str) -> HttpResponse:
    """Answers with the sentence to show and the version the page now holds."""
    desk, mine = request.desk, scholarship_of(request.desk, reference)
    form = EssayForm(request.POST, round_=mine.round)
    if not form.is_valid():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"sentence": " ".join(sentences)}, status=422)
    try:
        saved = _save(mine, form, desk)
    except NotAllowed as refusal:
        return JsonResponse({"sentence": " ".join(refusal.messages)}, status=409)
    if saved.other_copy:
        # No version: this page goes on with its own copy, and never over the other one.
        both = desk.url("applicants:copies", reference=reference)
        return JsonResponse({"saved": _("You also wrote on another page or phone. We kept both. Choose."), "url": both})
    told = _("Saved at %(time)s %(zone)s.") % {"time": clock(saved.saved_at), "zone": zone_name()}
    return JsonResponse({"saved": told, "version": saved.version})


@for_myself_or_by_staff
def copies(request: DeskRequest, reference: str) -> HttpResponse:
    """Two texts from two pages: which one do you want to keep?"""
    desk, mine = request.desk, scholarship_of(request.desk, reference)
    kept, other = _kept(mine), mine.essays.filter(is_other_copy=True).select_related("application__person").first()
    write = desk.url("applicants:essay", reference=reference)
    if kept is None or other is None or not mine.is_draft:
        return redirect(write)
    if request.method == "POST":
        keep_other = request.POST.get("keep") == "other"
        if tried(request, lambda: workflow.keep_copy(mine.pk, keep_other=keep_other, by=desk.by, at=timezone.now())):
            messages.success(request, _("Saved."))
        return redirect(write)
    shown = [
        {"keep": name, "at": one.saved_at, "words": one.words, "text": _readable(one, desk)}
        for name, one in (("first", kept), ("other", other))
    ]
    return render(request, "applicants/copies.html", {"desk": desk, "mine": mine, "copies": shown})


@for_myself_or_by_staff
def essay_send(request: DeskRequest, reference: str) -> HttpResponse:
    """Read it once more, then send."""
    desk, mine, now = request.desk, scholarship_of(request.desk, reference), timezone.now()
    here = desk.url("applicants:scholarship", reference=reference)
    if not mine.is_draft:
        if request.method == "POST" and mine.is_sent:
            messages.info(request, _("We already have it. Your number is %s. You do not need to do more.") % reference)
        return redirect(here)
    kept = _kept(mine)
    form = SendForm(request.POST if request.method == "POST" else None, desk=desk)
    if request.method == "POST" and form.is_valid():
        sent = tried(
            request,
            lambda: workflow.submit_essay(
                mine.pk,
                received_at=form.received_at(now),
                by=desk.by,
                at=now,
                channel=form.channel,
                helped_by=form.helped_by,
            ),
            form,
        )
        if sent:
            return redirect(here)
    return render(
        request,
        "applicants/essay_send.html",
        {
            "desk": desk,
            "form": form,
            "mine": mine,
            "round": mine.round,
            "words": kept.words if kept else 0,
            "text": _readable(kept, desk) if kept else "",
            **links(desk, reference, essay="essay"),
            "now": now,
        },
    )


@for_myself_or_by_staff
def take_back(request: DeskRequest, reference: str) -> HttpResponse:
    desk, mine = request.desk, scholarship_of(request.desk, reference)
    here = desk.url("applicants:scholarship", reference=reference)
    if mine.status not in (Status.DRAFT, Status.SUBMITTED, Status.WAITLISTED):
        return redirect(here)
    now, form = timezone.now(), SendForm(posted_or_kept(request), desk=desk)
    if request.method == "POST" and form.is_valid():
        receipt = form.receipt(now)
        if tried(request, lambda: workflow.withdraw_scholarship(mine.pk, by=desk.by, at=now, receipt=receipt)):
            forget(request)
            messages.success(request, _("Taken back. Your spot in the training line is not touched."))
        return redirect(here)
    context = {"desk": desk, "mine": mine, "form": form, "back": here}
    return render(request, "applicants/scholarship_take_back.html", context)


# -- The award ---------------------------------------------------------------------------------------------


@require_POST
@for_myself_or_by_staff
def accept(request: DeskRequest, reference: str) -> HttpResponse:
    return _answer(request, reference, workflow.accept_award, _("The scholarship and the seat are yours."))


@require_POST
@for_myself_or_by_staff
def decline(request: DeskRequest, reference: str) -> HttpResponse:
    sentence = _("You said no. The money and the seat go to the next person.")
    return _answer(request, reference, workflow.decline_award, sentence)


def _answer(request: DeskRequest, reference: str, verb: Any, sentence: str) -> HttpResponse:
    desk, mine, now = request.desk, scholarship_of(request.desk, reference), timezone.now()
    award: Award | None = mine.awards.order_by("-pk").first()
    if award is None:
        raise Http404
    here = desk.url("applicants:scholarship", reference=reference)
    form = SendForm(request.POST, desk=desk)
    if not form.is_valid():
        for error in form.errors.values():
            messages.error(request, " ".join(map(str, error)))
        return redirect(here)
    heard = {"answered_at": form.received_at(now), "receipt": form.receipt(now)}
    if tried(request, lambda: verb(award.pk, by=desk.by, at=now, **heard)):
        messages.success(request, sentence)
    return redirect(here)
