"""The office: one session with everyone in it, in rank order, and its seats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.kept_words import forget
from audit.reasons import NotAllowed
from programs.calendar import Deadline, local_day
from programs.program import program
from programs.rows import CourseKind
from programs.words import clock, date_range, listed, long_moment, mid_moment, short_date
from trainings import line, workflow
from trainings.claims import OpenClaim, is_time_to_call, open_claims
from trainings.models import Allocation, Block, Registration, Status, TrainingSession
from trainings.views import about
from trainings.views.doors import press_on
from trainings.words import CAME_BY
from trainings.workflow.changes import reasons_not_to_touch, runs

PER_PAGE = 100
IN_A_BLOCK = Q(kept_for__startswith=Block.PREFIX)
IN_THE_LINE = (Status.RECEIVED, Status.ADMITTED, Status.WAITING)
office_only = permission_required("trainings.run_sessions", raise_exception=True)


def session_state(session: TrainingSession) -> dict[str, str]:
    if session.is_published and session.is_allocated:
        return {"label": _("Seats set"), "tone": "done"}
    return {
        TrainingSession.Status.DRAFT: {"label": _("Draft"), "tone": "you"},
        TrainingSession.Status.PUBLISHED: {"label": _("On the calendar"), "tone": "them"},
        TrainingSession.Status.CANCELLED: {"label": _("Cancelled"), "tone": "no"},
        TrainingSession.Status.DISCARDED: {"label": _("Draft not used"), "tone": "quiet"},
        TrainingSession.Status.HELD: {"label": _("Held"), "tone": "quiet"},
    }[TrainingSession.Status(session.status)]


def session_of(reference: str) -> TrainingSession:
    sessions = TrainingSession.objects.select_related("course").prefetch_related("half_days")
    return get_object_or_404(sessions, reference=reference)


@dataclass(frozen=True)
class RankedView:
    """What the rows of the ranked list are made from, read once for the page."""

    kind: CourseKind
    tiers: dict[int, int]  # {registration: group}, first in line first, while the seats are not set
    proofs: dict[int, list[dict[str, str]]]
    numbers: dict[int, int]
    claims: dict[int, list[OpenClaim]]
    reader: int


# -- One session -------------------------------------------------------------------------------------------


@office_only
def session(request: HttpRequest, reference: str) -> HttpResponse:
    """Everyone in it, in rank order, with the reason of each position."""
    now = timezone.now()
    shown = session_of(reference)
    kind = program(local_day(now)).course(shown.course.kind)
    tiers, proofs = line.provisional_line(shown, kind, now)
    keys, numbers = _in_rank_order(shown, tiers)
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    is_open = shown.is_published and not shown.is_allocated
    claims = open_claims(shown, now) if is_open else []
    by_spot = {claim.spot.pk: [one for one in claims if one.spot.pk == claim.spot.pk] for claim in claims}
    view = RankedView(kind, tiers, proofs, numbers, by_spot, request.user.pk or 0)
    seats = shown.seats.open().aggregate(
        all=Count("pk"),
        free=Count("pk", filter=Q(registration=None, kept_for="")),
        kept=Count("pk", filter=~Q(kept_for="") & ~IN_A_BLOCK),
        kept_free=Count("pk", filter=Q(registration=None) & ~Q(kept_for="") & ~IN_A_BLOCK),
        blocked=Count("pk", filter=IN_A_BLOCK),
        blocked_free=Count("pk", filter=IN_A_BLOCK & Q(registration=None)),
    )
    day = local_day(now)
    may_set = shown.is_published and not shown.has_a_line
    return render(
        request,
        "trainings/desk/session.html",
        {
            "session": shown,
            "course": shown.course,
            "dates": date_range(shown.starts_on, shown.ends_on),
            "state": session_state(shown),
            "facts": _facts(shown, now),
            "why_later": about.why_later(shown),
            "rows": _rows(shown, list(page), view),
            "page": page,
            "has_groups": bool(kind.tiers),
            "claims": len(claims),
            "is_time_to_call": is_time_to_call(shown, day),
            "seats": seats,
            "seats_more": max(seats["all"] - shown.capacity, 0),  # beyond a lowered capacity: nobody is sent away
            "may_set_seats": may_set and day >= shown.allocation_on,
            "seats_set_later": may_set and day < shown.allocation_on,
            "by_hand": seats["free"] and shown.has_a_line and shown.last_offer_on < day and shown.starts_at > now,
            "has_begun": shown.starts_at <= now,
            "is_over": shown.ends_at <= now,
            "class_runs": runs(shown, now),
            "may_change": shown.starts_at > now and not shown.is_cancelled,
            "allocations": Allocation.objects.filter(session=shown).select_related("by"),
            "leads": listed([str(member.person) for member in shown.team.standing().select_related("person")]),
        },
    )


def _facts(shown: TrainingSession, now: datetime) -> list[dict[str, str]]:
    facts = [
        (_("Last day to apply"), _moment(shown.registration_deadline)),
        (_("Last day for papers"), _moment(shown.documents_deadline)),
    ]
    if not shown.course.is_first_come:
        facts.append((_("Seats are set"), short_date(shown.allocation_on)))
    facts.append((_("Last day for offers"), short_date(shown.last_offer_on)))
    if shown.mode == TrainingSession.Mode.ONLINE:
        missing = _("None") if reasons_not_to_touch(shown, at=now) else _("Missing. Add it under Change.")
        facts.append((_("Meeting link"), _("Stored") if shown.meeting_link else missing))
        facts.append((_("Number to call in"), _("Stored") if shown.dial_in else _("None")))
    return [{"label": label, "value": value} for label, value in facts] + about.office_facts(shown)


def _moment(deadline: Deadline) -> str:
    return _("%(day)s, until %(clock)s") % {"day": short_date(deadline.day), "clock": clock(deadline.time)}


def _in_rank_order(shown: TrainingSession, tiers: dict[int, int]) -> tuple[list[int], dict[int, int]]:
    """Everyone's key: seated first, then the line, then those not yet in it, then those who left; and the numbers in
    line. Only what the order needs is read, however many there are."""
    spots = list(shown.registrations.values_list("pk", "status", "rank", "received_at"))
    numbers = {key: number for number, key in enumerate(tiers, start=1)}
    waiting = sorted((rank or 0, came, key) for key, status, rank, came in spots if status == Status.WAITING)
    numbers |= {key: number for number, (_rank, _came, key) in enumerate(waiting, start=1)}
    steps = [Status.CONFIRMED, Status.OFFERED, Status.WAITING, Status.ADMITTED, Status.RECEIVED, Status.PAUSED]
    place = {str(status): number for number, status in enumerate(steps)}
    spots.sort(key=lambda one: (place.get(one[1], len(steps)), numbers.get(one[0], 0), one[2] or 0, one[3], one[0]))
    return [key for key, _status, _rank, _came in spots], numbers


def _rows(shown: TrainingSession, keys: list[int], view: RankedView) -> list[dict[str, Any]]:
    """One page of people, each with the reason of the position and what would change it."""
    found = shown.registrations.select_related("person", "seat", "block__provider").prefetch_related("overrides")
    spots = {spot.pk: spot for spot in found.filter(pk__in=keys)}
    return [_row(spots[key], view) for key in keys if key in spots]


def _row(spot: Registration, view: RankedView) -> dict[str, Any]:
    number, kind = view.numbers.get(spot.pk), view.kind
    tier = view.tiers.get(spot.pk) or spot.tier
    used = spot.proofs or view.proofs.get(spot.pk, [])
    why = [line.tier_title(kind, tier)] if tier and kind.tiers else []
    why += [line.proof_words(proof, to_staff=True) for proof in used]
    if spot.block_id and spot.block:
        why.append(_("Through %s, which has seats of its own") % spot.block.provider.name)
    exceptions = [_("Exception: %s") % one.get_kind_display() for one in spot.overrides.all()]
    return {
        "spot": spot,
        "number": number,
        "tier": tier if kind.tiers else None,
        "why": [*why, *exceptions],
        "would_change": _would_change(spot, tier, view),
        "received": long_moment(spot.received_at),
        "came_by": CAME_BY.get(spot.came_by, ""),
        "state": state_of(spot, number),
        "may_except": spot.status in IN_THE_LINE and not spot.outcome and spot.person_id != view.reader,
    }


def _would_change(spot: Registration, tier: int | None, view: RankedView) -> list[str]:
    """What would put this person elsewhere in the order."""
    if spot.outcome:
        return []
    claims = [
        _("A yes of %(provider)s: group %(group)d") % {"provider": one.question.job.provider, "group": one.group_if_yes}
        for one in view.claims.get(spot.pk, [])
    ]
    if spot.status == Status.ADMITTED:
        better = view.kind.tiers[: tier - 1] if tier else ()
        records = _("A record for: %s") % listed([one.title for one in better]) if better else ""
        return [*claims, *filter(None, [records])] or [_("Only an exception, or somebody ahead who leaves")]
    return {
        Status.RECEIVED: [*claims, _("Ranked when the application is accepted")],
        Status.WAITING: [_("A seat that falls free, or somebody ahead who leaves")],
        Status.OFFERED: [_("No answer in time: the seat goes on")],
        Status.PAUSED: [_("They choose a date when they go on")],
    }.get(Status(spot.status), [])


def step_label(status: str) -> str:
    """One word for each step wherever the office reads it: what is received is there to be checked."""
    return _("To check") if status == Status.RECEIVED else str(Status(status).label)


def state_of(spot: Registration, number: int | None = None) -> dict[str, str]:
    """As the office reads it; with its number where the whole line is shown."""
    if spot.outcome:
        tone = "done" if spot.outcome == Registration.Outcome.COMPLETED else "quiet"
        return {"label": spot.get_outcome_display(), "tone": tone}
    if spot.status == Status.CONFIRMED and spot.seat:
        kept = _(" (scholarship)") if spot.is_paid_for else _(" (employer's seat)") if spot.kept_for else ""
        return {
            "label": _("Confirmed, seat %(seat)d%(kept)s") % {"seat": spot.seat.number, "kept": kept},
            "tone": "done",
        }
    if spot.status == Status.OFFERED and spot.offer_expires_at:
        return {"label": _("Offer out, until %s") % mid_moment(spot.offer_expires_at), "tone": "you"}
    if spot.status == Status.WAITING:
        return {"label": _("Waiting, number %s") % number if number else _("Waiting"), "tone": "them"}
    if spot.status == Status.ADMITTED:
        label = _("In the ranking, number %s") % number if number else _("In the ranking")
        return {"label": label, "tone": "them"}
    if spot.status == Status.RECEIVED:
        return {"label": step_label(spot.status), "tone": "you"}
    if spot.status == Status.PAUSED and spot.paused_until:
        return {"label": _("Paused until %s") % short_date(spot.paused_until), "tone": "quiet"}
    return {"label": step_label(spot.status), "tone": "no" if spot.status == Status.NOT_ELIGIBLE else "quiet"}


# -- Acts --------------------------------------------------------------------------------------------------


@office_only
@press_on("trainings:desk_session")
def allocate(request: HttpRequest, reference: str) -> HttpResponse:
    """Set the seats by the rule. Pressed twice it gives nothing more."""
    session = session_of(reference)
    try:
        given = workflow.allocate(session.pk, at=timezone.now(), by=request.user)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        told = ngettext("%d person got a seat now.", "%d people got a seat now.", len(given)) % len(given)
        messages.success(request, told if given else _("Nothing to give: everyone has been told already."))
    return redirect("trainings:desk_session", reference)


def try_to(request: HttpRequest, act: Any, done: str) -> None:
    try:
        act()
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        forget(request)
        messages.success(request, done)
