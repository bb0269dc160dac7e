"""A person's own spot: where it stands, why, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.desk import DeskRequest, for_myself_or_by_staff
from accounts.models import StandingKind
from accounts.steps import Step, Tone
from audit.models import Entry
from employment.models import Verification
from programs.calendar import local_day
from programs.program import Rules, program
from programs.rows import CourseKind
from programs.words import clock, date_range, days_left, long_date, long_moment, mid_date, money, short_range
from trainings import workflow
from trainings.events import TrainingEvent
from trainings.line import place_of, proofs_of, standings_of, tier_of, tier_title
from trainings.models import KEEPS_ITS_TIME, Block, Registration, Status, TrainingSession
from trainings.told_above import papers_above, step_above
from trainings.views.doors import found_spot
from trainings.views.in_class import class_part, let_forms_lead_to, scheme_of, service_day
from trainings.views.rows import hours_of, seats_besides
from trainings.views.watches import offer_to_tell
from trainings.words import CAME_BY, exception_words, how_you_told_us, regrouped_words
from trainings.workflow.links import is_link_out, link_due_at
from trainings.workflow.watches import Wish

STOPPED = (Registration.Outcome.ENDED_EARLY, Registration.Outcome.DID_NOT_ATTEND, Registration.Outcome.NOT_PASSED)


@for_myself_or_by_staff
def registration(request: DeskRequest, reference: str) -> HttpResponse:
    desk, now = request.desk, timezone.now()
    spot = found_spot(desk, reference)
    session = spot.session
    today = program(local_day(now))
    kind = today.course(spot.course.kind)
    pages = ("answer", "withdraw", "join", "change_date", "pause")
    urls = {name: desk.url(f"trainings:{name}", reference=spot.reference) for name in pages}
    keeps_its_time = spot.status in (*KEEPS_ITS_TIME, Status.PAUSED) and not spot.outcome
    in_class = class_part(request, spot, now)
    application = step_above(spot, now) if spot.status == Status.RECEIVED else None
    moves_to = _moves_to(workflow.dates_for(spot, now), now) if keeps_its_time else []
    next_session = TrainingSession.objects.next_open(spot.course_id, now) if not spot.is_live else None
    wants_a_date = keeps_its_time or spot.status == Status.WITHDRAWN or spot.outcome in STOPPED
    has_no_date = wants_a_date and not (moves_to or next_session)
    page = render(
        request,
        "trainings/registration.html",
        {
            "desk": desk,
            "spot": spot,
            "session": session,
            "course": spot.course,
            "kind": kind,
            "place": (place := place_of(spot, now)),
            "all_seats": session.capacity,
            "besides": seats_besides(session) if place and place.is_provisional else "",
            "dates": date_range(session.starts_on, session.ends_on),
            "may_enter_answer": desk.is_staff_entry and spot.may_have_answered_in_time(now),
            "short_dates": short_range(session.starts_on, session.ends_on),
            "hours": hours_of(list(session.half_days.all())),
            "facts": _facts(spot, today, kept_time := _kept_time(spot)),
            "kept_time": kept_time,
            "happened": _happened(spot, kind),
            "review_day": _review_day(spot, application, today, now),
            "asked_of_you": application if application and application.tone == Tone.YOU else None,
            "asked_left": days_left(application.due_on, now) if application and application.due_on else "",
            "offer_days": max(today.value("offer_hours") // 24, 1),
            "pause_ran_out": _pause_ran_out(spot),
            "offers_are_over": session.last_offer_on < local_day(now),
            "confirmed_by": _confirmed_by(spot, kind, now),
            "exceptions": _exceptions(spot, kind),
            "is_secured": spot.is_confirmed
            and not session.is_allocated
            and not spot.kept_for
            and not spot.course.is_first_come,
            "access_url": "" if desk.is_staff_entry else reverse("access"),
            "ahead": _dates_ahead(spot, now),
            "reasons": _why_not(spot),
            "urls": urls,
            "answer_left": days_left(spot.offer_expires_at, now) if spot.is_offered and spot.offer_expires_at else "",
            "offer_is_open": spot.is_offered and spot.offer_expires_at is not None and now < spot.offer_expires_at,
            "link_is_out": spot.is_confirmed and is_link_out(session, now) and now < session.ends_at,
            "link_day": link_due_at(session),
            "link_is_late": not session.meeting_link and link_due_at(session) <= now < session.starts_at,
            "entered_by": None if spot.outcome or _is_not_passed_yet(spot) else service_day(spot, now),
            "days_are_new": spot.is_live and session.starts_at > now and spot.was_moved,
            "may_leave": spot.is_live and (session.starts_at > now or spot.status == Status.PAUSED),
            "may_change_date": spot.is_live and spot.status != Status.PAUSED and session.starts_at > now,
            "moves_to": moves_to,
            "has_begun": session.starts_at <= now,
            "is_over": session.ends_at <= now,
            **in_class,
            "completion": getattr(spot, "completion", None),
            "papers": papers_above(spot, desk) if session.starts_at <= now else [],
            "next_session": next_session,
            "has_no_date": has_no_date,
            "offer": None if desk.is_staff_entry or not has_no_date else _tell_me(spot, today, request),
            "office": today.office("training"),
            "pass_mark": today.value("pass_mark") if spot.course.has_exam else None,
        },
    )
    return let_forms_lead_to(page, {scheme_of(session), *(row["leads_to"] for row in in_class["make_ups"])})


def _is_not_passed_yet(spot: Registration) -> bool:
    attempts = list(spot.exam_attempts.all())
    return bool(attempts) and not any(one.passed for one in attempts)


def _review_day(spot: Registration, application: Step | None, today: Rules, now: datetime) -> date | None:
    """By when we look at an application, as it says itself; nothing once that day is past."""
    if spot.status != Status.RECEIVED:
        return None
    due = application.due_on if application else today.service_due("training_review", local_day(spot.entered_at))
    return due if due and due >= local_day(now) else None


def _pause_ran_out(spot: Registration) -> bool:
    """Closed by the clock, not left by its person, who may leave on the first day of a pause."""
    if spot.status != Status.WITHDRAWN or spot.paused_until is None:
        return False
    ends = Entry.objects.of(spot).filter(event__in=[TrainingEvent.WITHDRAWN, TrainingEvent.PAUSE_ENDED])
    return [entry.event for entry in ends][-1:] == [TrainingEvent.PAUSE_ENDED]


def _tell_me(spot: Registration, today: Rules, request: DeskRequest) -> dict[str, Any] | None:
    return offer_to_tell(Wish(course=spot.course.code), today, request)


def _moves_to(sessions: list[TrainingSession], now: datetime) -> list[dict[str, Any]]:
    """Dates whose line is not set yet come first: there the kept time counts in full."""
    by_worth = sorted(sessions, key=lambda one: not one.takes_registrations(now))
    return [
        {
            "reference": one.reference,
            "dates": date_range(one.starts_on, one.ends_on),
            "short_dates": short_range(one.starts_on, one.ends_on),
            "is_set": one.is_allocated or not one.takes_registrations(now),
        }
        for one in by_worth
    ]


def _kept_time(spot: Registration) -> str:
    """The earlier spot of the same course whose time counts on this one."""
    before = Registration.objects.filter(person=spot.person_id, course=spot.course_id, received_at=spot.received_at)
    found = before.filter(entered_at__lt=spot.entered_at).exclude(pk=spot.pk).order_by("-entered_at", "-pk").first()
    return _("This is the time of your earlier spot, %s. You kept it.") % found.reference if found else ""


def _when(spot: Registration, kept: str) -> list[str]:
    """The time that counts; where it is that of an earlier spot, that too, and when this one was made."""
    if not kept:
        return [long_moment(spot.received_at)]
    return [long_moment(spot.received_at) + ".", kept, _("You signed up again on %s.") % long_moment(spot.entered_at)]


def _facts(spot: Registration, today: Any, kept: str) -> list[dict[str, str]]:
    rows = [{"label": _("Your number"), "value": spot.reference}]
    if spot.designation:
        rows.append({"label": _("Designation"), "value": today.designation(spot.designation).title})
    rows.append({"label": _("When you signed up"), "value": " ".join(filter(None, _when(spot, kept)))})
    if spot.came_by in CAME_BY:
        rows.append({"label": _("How it came"), "value": str(CAME_BY[spot.came_by])})
    if spot.session.cost_cents:
        rows.append({"label": _("Cost"), "value": _cost(spot)})
    return rows


def _cost(spot: Registration) -> str:
    if not spot.session.cost_cents:
        return ""
    return _("Your scholarship pays it.") if spot.is_paid_for else money(spot.session.cost_cents)


SAID = {
    TrainingEvent.REGISTERED: lambda facts: _("You signed up."),
    TrainingEvent.ADMITTED: lambda facts: _("You are in the ranking."),
    TrainingEvent.NOT_ADMITTED: lambda facts: _("You were not in the ranking."),
    TrainingEvent.CONFIRMED: lambda facts: _("You have a seat."),
    TrainingEvent.WAITING: lambda facts: (
        _("You were number %s in line.") % facts["spot"] if facts.get("spot") else _("You were in line.")
    ),
    TrainingEvent.SEAT_OFFERED: lambda facts: _("We offered you a seat."),
    TrainingEvent.ACCEPTED: lambda facts: _("You said yes."),
    TrainingEvent.DECLINED: lambda facts: _("You said no to the seat."),
    TrainingEvent.RAN_OUT: lambda facts: _("The time to answer passed."),
    TrainingEvent.WITHDRAWN: lambda facts: _("You left."),
    TrainingEvent.MOVED: lambda facts: (
        _("Your date changed from %(was)s to %(now)s. You kept your time.") % facts
        if "was" in facts and "now" in facts
        else _("Your date changed. You kept your time.")
    ),
    TrainingEvent.PAUSED: lambda facts: (
        _("%s pressed Pause for you. We kept your time.") % facts["by_helper"]
        if facts.get("by_helper")
        else _("You paused. We kept your time.")
    ),
    TrainingEvent.PAUSE_ENDED: lambda facts: _("Your pause was over."),
    TrainingEvent.NOT_SEATED: lambda facts: _("Class began. There was no seat for you."),
    TrainingEvent.LINK_DUE: lambda facts: _("We sent the meeting link."),
    TrainingEvent.SESSION_CANCELLED: lambda facts: _("The training was cancelled."),
    TrainingEvent.SESSION_MOVED: lambda facts: _("The training got new days. You keep your spot."),
    TrainingEvent.MAKE_UP_BOOKED: lambda facts: _("A day to make up class time was booked."),
    TrainingEvent.MAKE_UP_TAKEN_BACK: lambda facts: _("That day to make up class time is not booked any more."),
    TrainingEvent.SCORE_CORRECTED: lambda facts: _("We corrected your test score."),
    TrainingEvent.EXAM_PASSED: lambda facts: _("You passed the test."),
    TrainingEvent.EXAM_NOT_PASSED: lambda facts: _("You took the test. Not passed yet."),
}


def _happened(spot: Registration, kind: CourseKind) -> list[dict[str, Any]]:
    """The history of this spot as its owner reads it, newest first."""
    found = Entry.objects.of(spot).filter(event__in=[*(str(event) for event in SAID), TrainingEvent.REGROUPED])
    entries = list(found)
    first_days = _first_days(entries)
    rows = [{"at": entry.at, "sentence": _said(entry, kind, spot, first_days)} for entry in entries]
    return rows[::-1]


def _first_days(entries: list[Entry]) -> dict[str, str]:
    """{session: its first day in words} for the dates a spot changed between, in one statement."""
    moves = [entry.facts for entry in entries if entry.event == TrainingEvent.MOVED]
    named = {facts.get(name) for facts in moves for name in ("moved_from", "moved_to")} - {None}
    sessions = TrainingSession.objects.filter(reference__in=named).only("reference", "starts_at") if named else []
    return {one.reference: mid_date(one.starts_on) for one in sessions}


def _said(entry: Entry, kind: CourseKind, spot: Registration, first_days: dict[str, str]) -> str:
    facts = entry.facts
    if entry.event == TrainingEvent.REGROUPED:
        return regrouped_words(facts, lambda tier: tier_title(kind, tier))
    if entry.event == TrainingEvent.MOVED and facts.get("moved_from") == facts.get("moved_to") is not None:
        return " ".join(filter(None, [_("You went on with your date. You kept your time."), how_you_told_us(facts)]))
    if entry.event == TrainingEvent.MOVED:
        days = {"was": first_days.get(facts.get("moved_from")), "now": first_days.get(facts.get("moved_to"))}
        facts = {name: day for name, day in days.items() if day}
    said = _said_of_a_seat(entry, spot) or SAID[TrainingEvent(entry.event)](facts)
    if entry.event == TrainingEvent.WAITING and not spot.course.is_first_come:
        said = _("The seats were set.") + " " + said
    return " ".join(filter(None, [said, how_you_told_us(entry.facts)]))


def _said_of_a_seat(entry: Entry, spot: Registration) -> str:
    """Where there is no ranking none is named; and a seat that comes with a scholarship says so."""
    if entry.event == TrainingEvent.ADMITTED and spot.course.is_first_come:
        return _("We took your sign-up.")
    if not comes_with_a_scholarship(entry.facts):
        return ""
    words = {
        TrainingEvent.SEAT_OFFERED: _("We offered you a seat with a scholarship."),
        TrainingEvent.ACCEPTED: _("You said yes to the seat with a scholarship."),
        TrainingEvent.DECLINED: _("You said no to the seat with a scholarship."),
        TrainingEvent.RAN_OUT: _("The time to answer passed. The seat came with a scholarship."),
        TrainingEvent.CONFIRMED: _("You have a seat. It comes with a scholarship."),
    }
    return words.get(TrainingEvent(entry.event), "")


def comes_with_a_scholarship(facts: Mapping[str, Any]) -> bool:
    """By what the history keeps of the seat: one of a round, not of an employer's block."""
    kept_for = facts.get("kept_for") or ""
    return bool(kept_for) and not kept_for.startswith(Block.PREFIX)


def _exceptions(spot: Registration, kind: CourseKind) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "sentence": exception_words(one, lambda tier: tier_title(kind, tier))}
        for one in spot.overrides.order_by("-at", "-pk")
    ]


def _confirmed_by(spot: Registration, kind: CourseKind, now: datetime) -> list[str]:
    """Who gave their word for the job that counts here, and how."""
    if not kind.tiers or spot.status not in (Status.ADMITTED, Status.WAITING):
        return []
    used = spot.proofs
    if spot.status == Status.ADMITTED:
        held = standings_of(kind, [spot.person_id], now).get(spot.person_id, [])
        used = proofs_of(kind, tier_of(kind, held), held)
    sources = [proof["source"] for proof in used if proof["kind"] == StandingKind.EMPLOYED]
    given = Verification.objects.filter(reference__in=sources).select_related("job__provider") if sources else []
    return [_word_for_the_job(one, one.answered_at) for one in given if one.answered_at]


def _word_for_the_job(question: Verification, answered_at: datetime) -> str:
    facts = {"who": question.signature, "provider": question.job.provider.name, "day": long_date(answered_at)}
    if question.answered_by_phone_id:
        return _("%(who)s of %(provider)s confirmed your job by phone on %(day)s.") % facts
    return _("%(who)s of %(provider)s confirmed your job on %(day)s.") % facts


def _dates_ahead(spot: Registration, now: datetime) -> list[dict[str, Any]]:
    session = spot.session
    if not spot.is_live or session.is_cancelled:
        return []
    if spot.status == Status.PAUSED:
        until = spot.paused_until or local_day(now)
        return [{"day": until, "text": _("Last day of your pause"), "note": days_left(until, now), "soft": True}]
    days: list[tuple[Any, str, bool]] = []
    if spot.is_offered and spot.offer_expires_at:
        days.append((local_day(spot.offer_expires_at), _("Answer by %s") % clock(spot.offer_expires_at), False))
    if not session.is_allocated and not spot.course.is_first_come:
        days.append((session.allocation_on, _("We set the seats and tell you"), True))
    elif spot.is_waiting:
        days.append((session.last_offer_on, _("Last day for offers"), True))
    if spot.is_confirmed and session.mode == TrainingSession.Mode.ONLINE:
        days.append((local_day(link_due_at(session)), _("We send your meeting link"), True))
    start = session.half_days.first()
    starts = _("Class starts, %s") % clock(start.starts_at) if start else _("Class starts")
    days.append((session.starts_on, starts, True))
    today = local_day(now)
    return [
        {"day": day, "text": text, "note": days_left(day, now), "soft": soft}
        for day, text, soft in days
        if day >= today
    ]


def _why_not(spot: Registration) -> list[str]:
    known = {
        "not_checked_in_time": _("Your application was not yet accepted when the seats were set."),
        "documents_incomplete": _("Your papers were not all in when the seats were set."),
    }
    return [known[code] for code in spot.not_admitted_because if code in known]
