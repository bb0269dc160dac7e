"""The public page of one session: when, where, for whom, and how to sign up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from programs.calendar import local_day
from programs.program import Rules, program
from programs.words import date_range, days_left, listed, long_date, money, short_range
from trainings.models import Registration, TrainingSession
from trainings.views import about
from trainings.views.doors import on_behalf
from trainings.views.rows import hours_of, seat_words, seats_besides
from trainings.views.watches import offer_to_tell
from trainings.workflow.links import link_due_at
from trainings.workflow.watches import Wish


@login_not_required
def session(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    on_calendar = TrainingSession.objects.on_the_calendar() | TrainingSession.objects.filter(
        status=TrainingSession.Status.HELD
    )
    shown = get_object_or_404(on_calendar.select_related("course").prefetch_related("half_days"), reference=reference)
    today = program(local_day(now))
    kind = today.course(shown.course.kind)
    half_days = list(shown.half_days.all())
    person = on_behalf(request)
    besides = "" if shown.is_cancelled or shown.starts_at <= now else seats_besides(shown)
    return render(
        request,
        "trainings/session.html",
        {
            "session": shown,
            "course": shown.course,
            "kind": kind,
            "dates": date_range(shown.starts_on, shown.ends_on),
            "short_dates": short_range(shown.starts_on, shown.ends_on),
            "hours": hours_of(half_days),
            "designations": [today.designation(code).title for code in shown.designations],
            "seats": " ".join(filter(None, [seat_words(shown, shown.seats.free().general().count()), besides])),
            "is_open": shown.takes_registrations(now),
            "is_too_early": shown.is_published and now < shown.opens_at,
            "is_over": shown.ends_at <= now,
            "left": days_left(shown.registration_deadline, now),
            "one_deadline": shown.registration_closes_at == shown.documents_close_at,
            "next_session": TrainingSession.objects.next_after(shown, now),
            "also": _other_dates(shown, now),
            "start_url": about.way_in(shown, person),
            "mine": _mine(request, shown, person),
            "next_dates": _next_dates(shown, today),
            "cost": money(shown.cost_cents) if shown.cost_cents else "",
            "paying": about.paying(shown),
            "taking_part": about.taking_part(shown),
            "why_later": about.why_later(shown),
            "hours_it_counts_for": f"{shown.course.hours.normalize():f}" if shown.course.hours else "",
            "office": today.office("training"),
            "pass_mark": today.value("pass_mark") if shown.course.has_exam else None,
            "rule": kind.rule,
            "offer": offer_to_tell(Wish(course=shown.course.code), today, request) if _is_missed(shown, now) else None,
            "on_behalf_of": person,
            "may_type_what_came": _may_type_what_came(shown, now) if person else False,
            "late_form_url": about.late_form_url(request, shown, person, now) if person else "",
            "now": now,
        },
    )


def _may_type_what_came(shown: TrainingSession, now: datetime) -> bool:
    """Between the last day to sign up and the setting of seats the office types what came in time."""
    return shown.is_published and not shown.is_allocated and shown.registration_closes_at <= now < shown.starts_at


def _is_missed(shown: TrainingSession, now: datetime) -> bool:
    """Too late, or it does not happen: who wanted it may want the next one."""
    return shown.is_cancelled or now >= shown.registration_closes_at


def _other_dates(shown: TrainingSession, now: datetime) -> str:
    """ "Also on …": where a course is offered more than once, a person picks one date."""
    others = TrainingSession.objects.taking_registrations(now).filter(course=shown.course_id).exclude(pk=shown.pk)
    return listed([short_range(other.starts_on, other.ends_on) for other in others[:4]])


def _mine(request: HttpRequest, shown: TrainingSession, person: User | None) -> Registration | None:
    if not request.user.is_authenticated:
        return None
    return (
        Registration.objects.live()
        .filter(person=person or request.user, course=shown.course_id)
        .select_related("session")
        .first()
    )


def _next_dates(shown: TrainingSession, today: Rules) -> list[dict[str, Any]]:
    """What happens next, by date."""
    last_word = _("Last day to apply") if shown.course.is_by_application else _("Last day to sign up")
    dates = [(shown.registration_closes_on, last_word)]
    if shown.documents_close_on != shown.registration_closes_on:
        dates.append((shown.documents_close_on, _("Last day for your papers")))
    if not shown.course.is_first_come:
        dates.append((shown.allocation_on, _("We set the seats and tell you")))
    if shown.minimum and shown.go_on:
        dates.append((shown.go_on, about.whether_it_runs(shown)))
    if shown.materials_by:
        dates.append((shown.materials_by, _("We have mailed your materials")))
    if shown.mode == TrainingSession.Mode.ONLINE:
        dates.append((local_day(link_due_at(shown)), _("We send the meeting link to people with a seat")))
    dates.append((shown.starts_on, _("Class starts")))
    if shown.course.has_exam:
        mark = today.value("pass_mark")
        dates.append((shown.ends_on, _("Class ends, and the test. You need %d out of 100") % mark))
    elif shown.ends_on != shown.starts_on:
        dates.append((shown.ends_on, _("Class ends")))
    in_order = sorted(dates, key=lambda pair: pair[0])  # of the same day, as named above
    return [{"label": long_date(day), "value": what} for day, what in in_order]
