"""The office: one session with everyone in it, in rank order, and its seats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from audit.reasons import NotAllowed
from programs.calendar import Deadline, local_day
from programs.program import program
from programs.words import clock, date_range, long_moment, mid_moment, short_date
from trainings import line, workflow
from trainings.models import Allocation, Registration, Status, TrainingSession
from trainings.views import about

office_only = permission_required("trainings.run_sessions", raise_exception=True)


def session_state(session: TrainingSession) -> dict[str, str]:
    if session.is_published and session.is_allocated:
        return {"label": _("Seats set"), "tone": "done"}
    return {
        TrainingSession.Status.DRAFT: {"label": _("Draft"), "tone": "you"},
        TrainingSession.Status.PUBLISHED: {"label": _("On the calendar"), "tone": "them"},
        TrainingSession.Status.CANCELLED: {"label": _("Cancelled"), "tone": "no"},
        TrainingSession.Status.HELD: {"label": _("Held"), "tone": "quiet"},
    }[TrainingSession.Status(session.status)]


def session_of(reference: str) -> TrainingSession:
    sessions = TrainingSession.objects.select_related("course").prefetch_related("half_days")
    return get_object_or_404(sessions, reference=reference)


# -- One session -------------------------------------------------------------------------------------------


@office_only
def session(request: HttpRequest, reference: str) -> HttpResponse:
    """Everyone in it, in rank order, with the reason of each position."""
    now = timezone.now()
    shown = session_of(reference)
    rows = _ranked(shown, now)
    seats = shown.seats.open().aggregate(
        all=Count("pk"),
        free=Count("pk", filter=Q(registration=None, kept_for="")),
        kept=Count("pk", filter=~Q(kept_for="")),
        kept_free=Count("pk", filter=Q(registration=None) & ~Q(kept_for="")),
    )
    day = local_day(now)
    may_set = shown.is_published and not shown.course.is_first_come and not shown.is_allocated
    return render(
        request,
        "trainings/desk/session.html",
        {
            "session": shown,
            "course": shown.course,
            "dates": date_range(shown.starts_on, shown.ends_on),
            "state": session_state(shown),
            "facts": _facts(shown),
            "why_later": about.why_later(shown),
            "rows": rows,
            "seats": seats,
            "may_set_seats": may_set and day >= shown.allocation_on,
            "seats_set_later": may_set and day < shown.allocation_on,
            "by_hand": seats["free"] and shown.is_allocated and shown.last_offer_on < day and shown.starts_at > now,
            "has_begun": shown.starts_at <= now,
            "is_over": shown.ends_at <= now,
            "may_change": shown.starts_at > now and not shown.is_cancelled,
            "allocations": Allocation.objects.filter(session=shown).select_related("by"),
        },
    )


def _facts(shown: TrainingSession) -> list[dict[str, str]]:
    facts = [
        (_("Last day to apply"), _moment(shown.registration_deadline)),
        (_("Last day for papers"), _moment(shown.documents_deadline)),
    ]
    if not shown.course.is_first_come:
        facts.append((_("Seats are set"), short_date(shown.allocation_on)))
    facts.append((_("Last day for offers"), short_date(shown.last_offer_on)))
    if shown.mode == TrainingSession.Mode.ONLINE:
        facts.append((_("Meeting link"), _("Stored") if shown.meeting_link else _("Missing. Add it under Change.")))
    return [{"label": label, "value": value} for label, value in facts] + about.office_facts(shown)


def _moment(deadline: Deadline) -> str:
    return _("%(day)s, until %(clock)s") % {"day": short_date(deadline.day), "clock": clock(deadline.time)}


def _ranked(shown: TrainingSession, now: datetime) -> list[dict[str, Any]]:
    """Seated first, then the line, then those not yet in it, then those who left."""
    kind = program(local_day(now)).course(shown.course.kind)
    spots = list(shown.registrations.select_related("person", "seat").order_by("rank", "received_at", "pk"))
    tiers, proofs = line.provisional_line(shown, kind, now)
    order = {key: number for number, key in enumerate(tiers, start=1)}
    waiting = [spot.pk for spot in spots if spot.status == Status.WAITING]
    for number, key in enumerate(waiting, start=1):
        order[key] = number
    group = {status: place for place, status in enumerate([Status.CONFIRMED, Status.OFFERED, Status.WAITING])}
    group.update({Status.ADMITTED: 3, Status.RECEIVED: 4})
    spots.sort(key=lambda spot: (group.get(Status(spot.status), 5), order.get(spot.pk, 0), spot.rank or 0, spot.pk))
    rows = []
    for spot in spots:
        tier = spot.tier or tiers.get(spot.pk)
        used = spot.proofs or proofs.get(spot.pk, [])
        why = [line.tier_title(kind, tier)] if tier and kind.tiers else []
        why += [line.proof_words(proof) for proof in used]
        rows.append(
            {
                "spot": spot,
                "number": order.get(spot.pk),
                "tier": tier if kind.tiers else None,
                "why": why,
                "received": long_moment(spot.received_at),
                "state": state_of(spot, order.get(spot.pk)),
            }
        )
    return rows


def state_of(spot: Registration, number: int | None = None) -> dict[str, str]:
    """As the office reads it; with its number where the whole line is shown."""
    if spot.outcome:
        tone = "done" if spot.outcome == Registration.Outcome.COMPLETED else "quiet"
        return {"label": spot.get_outcome_display(), "tone": tone}
    if spot.status == Status.CONFIRMED and spot.seat:
        kept = _(" (scholarship)") if spot.kept_for else ""
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
        return {"label": _("To check"), "tone": "you"}
    return {"label": spot.get_status_display(), "tone": "no" if spot.status == Status.NOT_ELIGIBLE else "quiet"}


# -- Acts --------------------------------------------------------------------------------------------------


@require_POST
@office_only
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
        messages.success(request, done)
