"""The office: exceptions to the order with their reason, blocks for providers, the call list, a run played again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import SignedInRequest
from accounts.kept_words import forget
from accounts.models import User
from audit.reasons import NotAllowed, say
from programs.calendar import local_day
from programs.program import program
from programs.words import date_range
from trainings import claims, line, rules, workflow
from trainings.forms.line import BlockForm, GroupForm, LateForm, SeatForm, TimeForm
from trainings.forms.refusals import say_beside
from trainings.models import Allocation, Block, Override, Registration, Seat
from trainings.views.desk import office_only, session_of, step_label, try_to
from trainings.views.doors import press_on, typed
from trainings.words import exception_words
from trainings.workflow.overrides import group_count, passed_over, reasons_not_to_give
from trainings.workflow.seats import free_seat

# -- Exceptions --------------------------------------------------------------------------------------------


@office_only
def exception(request: SignedInRequest, reference: str, registration: str, kind: str) -> HttpResponse:
    """One exception for one spot. Nobody makes one for themselves."""
    now = timezone.now()
    session = session_of(reference)
    spots = session.registrations.select_related("person", "seat", "session__course", "block")
    spot = get_object_or_404(spots, reference=registration)
    if spot.person_id == request.user.pk:
        raise PermissionDenied
    form, act, title = _exception(kind, spot, request, now)
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except NotAllowed as refusal:
            say_beside(form, refusal.reasons)
        else:
            forget(request)
            messages.success(request, _("Saved, with your reason. They read it on their page."))
            return redirect("trainings:desk_session", reference)
    why_no_seat = reasons_not_to_give(session, free_seat(session))
    context = {
        "session": session,
        "spot": spot,
        "form": form,
        "state": step_label(spot.status),
        "title": title,
        "kind": kind,
        "dates": date_range(session.starts_on, session.ends_on),
        "made": _made(spot, now),
        "has_groups": bool(group_count(session, now)),
        "may_give": not why_no_seat,
        "why_no_seat": " ".join(say(reason) for reason in why_no_seat),
        "asks": kind != Override.Kind.SEAT or not why_no_seat or form.is_bound,  # typed words stay on the page
    }
    return render(request, "trainings/desk/exception.html", context)


def _exception(
    kind: str, spot: Registration, request: SignedInRequest, now: datetime
) -> tuple[Form, Callable[[], Registration], str]:
    words = typed(request)
    form: Any
    if kind == Override.Kind.GROUP:
        form = GroupForm(words, groups=_groups(spot, now), initial={"group": spot.tier_override or ""})
        return (
            form,
            _with_reason(form, workflow.put_in_group, spot, request, now, lambda: (_chosen(form),)),
            _("Count in another group"),
        )
    if kind == Override.Kind.TIME:
        form = TimeForm(words, counted_from=spot.received_at)
        act = _with_reason(form, workflow.count_from, spot, request, now, lambda: (form.moment,))
        return form, act, _("Count from another time")
    if kind != Override.Kind.SEAT:
        raise Http404
    form = SeatForm(words, passed=passed_over(spot))

    def give() -> Registration:
        facts = {"seen_passed": form.seen_passed, "because": form.cleaned_data["because"]}
        return workflow.give_seat(spot.pk, **facts, by=request.user, at=now)

    return form, give, _("Give a free seat by hand")


def _chosen(form: GroupForm) -> int | None:
    return form.cleaned_data["group"]


def _with_reason(
    form: Any,
    verb: Any,
    spot: Registration,
    request: SignedInRequest,
    now: datetime,
    facts: Callable[[], tuple[Any, ...]],
) -> Callable[[], Registration]:
    return lambda: verb(spot.pk, *facts(), because=form.cleaned_data["because"], by=request.user, at=now)


def _groups(spot: Registration, now: datetime) -> list[tuple[str, str]]:
    kind = program(local_day(now)).course(spot.session.course.kind)
    numbers = range(1, group_count(spot.session, now) + 1)
    titles = [(str(number), f"{number}. {line.tier_title(kind, number)}") for number in numbers]
    return [("", _("The group their records show")), *titles]


def _made(spot: Registration, now: datetime) -> list[dict[str, Any]]:
    kind = program(local_day(now)).course(spot.session.course.kind)
    overrides = spot.overrides.select_related("by").order_by("-at", "-pk")
    return [
        {"at": one.at, "sentence": exception_words(one, lambda tier: line.tier_title(kind, tier)), "by": one.by}
        for one in overrides
    ]


@office_only
def late_form(request: SignedInRequest, person_reference: str, reference: str) -> HttpResponse:
    """A form after the last day, for somebody who is found already."""
    now = timezone.now()
    session = session_of(reference)
    person = get_object_or_404(User, reference=person_reference)
    if person == request.user:
        raise PermissionDenied
    today = program(local_day(now))
    designations = [(code, today.designation(code).title) for code in session.designations]
    form = LateForm(typed(request), designations=designations)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            workflow.take_late_form(
                session.pk,
                person_id=person.pk,
                designation=words.get("designation", ""),
                received_at=form.moment,
                came_by=words["channel"],
                because=words["because"],
                by=request.user,
                at=now,
            )
        except NotAllowed as refusal:
            say_beside(form, refusal.reasons)
        else:
            forget(request)
            messages.success(request, _("Saved, with your reason. They read it on their page."))
            return redirect("trainings:desk_session", reference)
    dates = date_range(session.starts_on, session.ends_on)
    context = {"session": session, "person": person, "form": form, "dates": dates}
    return render(request, "trainings/desk/late_form.html", context)


# -- Blocks ------------------------------------------------------------------------------------------------


@office_only
def blocks(request: SignedInRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    session = session_of(reference)
    form = BlockForm(typed(request), on=local_day(now))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        facts = {"count": words["count"], "until_on": words["until_on"]}
        try:
            workflow.make_block(session.pk, words["provider"].pk, **facts, by=request.user, at=now)
        except NotAllowed as refusal:
            say_beside(form, refusal.reasons)
        else:
            forget(request)
            messages.success(request, _("The seats are set aside."))
            return redirect("trainings:desk_blocks", reference)
    made = session.blocks.select_related("provider", "made_by")
    used = dict.fromkeys((one.reference for one in made), 0)
    for kept_for in session.seats.filter(registration__isnull=False).values_list("kept_for", flat=True):
        used[kept_for] = used.get(kept_for, 0) + 1
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "form": form,
        "rows": [{"block": one, "used": used[one.reference]} for one in made],
        "may_make": session.is_published and not session.is_allocated and session.registration_closes_at > now,
    }
    return render(request, "trainings/desk/blocks.html", context)


@office_only
@press_on("trainings:desk_blocks")
def release_block(request: SignedInRequest, reference: str, block: str) -> HttpResponse:
    released = get_object_or_404(
        Block.objects.select_related("provider"), session__reference=reference, reference=block
    )
    unused = Seat.objects.free().filter(kept_for=block).count()
    done = ngettext(
        "%(count)d unused seat of %(provider)s goes to the line.",
        "%(count)d unused seats of %(provider)s go to the line.",
        unused,
    ) % {"count": unused, "provider": released.provider}
    try_to(request, lambda: workflow.release_block(released.pk, by=request.user, at=timezone.now()), done)
    return redirect("trainings:desk_blocks", reference)


# -- Whom to call, and a run played again ------------------------------------------------------------------


@office_only
def calls(request: HttpRequest, reference: str) -> HttpResponse:
    """Every open claim that would change a group, with the officer's phone."""
    now = timezone.now()
    session = session_of(reference)
    kind = program(local_day(now)).course(session.course.kind)
    rows = [
        {"claim": one, "now": line.tier_title(kind, one.group), "if_yes": line.tier_title(kind, one.group_if_yes)}
        for one in claims.open_claims(session, now)
    ]
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "rows": rows,
        "calls_from": claims.calls_from(session),
        "is_set": session.is_allocated,
    }
    return render(request, "trainings/desk/calls.html", context)


@office_only
def replay(request: HttpRequest, reference: str, allocation: int) -> HttpResponse:
    """The run as it is stored, and what the rule makes of the same facts today."""
    session = session_of(reference)
    run = get_object_or_404(Allocation.objects.select_related("by"), session=session, pk=allocation)
    again = rules.replay({"claims": run.claims, "waited": run.waited, "free_seats": run.free_seats})
    then = [(key, number) for key, number, _status in run.given]
    spots = {one.pk: one for one in Registration.objects.filter(pk__in=run.order).select_related("person")}
    claimed = {claim[0]: rules.Claim.of(claim) for claim in run.claims}
    order_again = [key for key, _block in run.waited]
    order_again += [claim.registration for claim in rules.in_order(claimed.values())]
    seats_then, seats_again = dict(then), dict(again)
    rows = [
        {
            "number": number,
            "spot": spots[key],
            "claim": claimed.get(key),
            "then": seats_then.get(key),
            "again": seats_again.get(key),
            "differs": seats_then.get(key) != seats_again.get(key) or order_again[number - 1 : number] != [key],
        }
        for number, key in enumerate(run.order, start=1)
        if key in spots
    ]
    is_same = run.order == order_again and then == again
    context = {
        "session": session,
        "run": run,
        "rows": rows,
        "is_same": is_same,
        "has_groups": bool(program(local_day(run.at)).course(session.course.kind).tiers),
        "dates": date_range(session.starts_on, session.ends_on),
    }
    return render(request, "trainings/desk/replay.html", context)
