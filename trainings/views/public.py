"""The public calendar: the list, one session, and the file for people's own calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import dates as names
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.paging import page_of
from programs.calendar import local_day
from programs.program import Rules, program
from programs.words import (
    clock_range,
    date_range,
    days_left,
    listed,
    long_date,
    mid_date,
    mid_moment,
    money,
    short_range,
    weekday,
)
from trainings.models import Course, HalfDay, Registration, Seat, SessionQuerySet, TrainingSession, days_of
from trainings.offered import Offered, all_offered
from trainings.views import about
from trainings.views.doors import on_behalf
from trainings.views.watches import offer_to_tell
from trainings.workflow.links import link_due_at
from trainings.workflow.watches import Wish

NEAR_DAYS = 14  # look.md §3.2: the chip turns amber
MONTHS_OFFERED = 18

# A day of class is over before midnight: its half-days begin within fifteen hours of the first.
FIRST_DAY = HalfDay.objects.filter(
    session=OuterRef("pk"), starts_at__lt=OuterRef("starts_at") + timedelta(hours=15)
).order_by("-ends_at")
OPEN_SEATS = (
    Seat.objects.free().general().filter(session=OuterRef("pk")).order_by().values("session").annotate(n=Count("pk"))
)


@dataclass(frozen=True)
class Row:
    """One session in the list."""

    url: str
    first: date
    dates: str
    weekdays: str
    title: str
    line: str
    seats: str
    chip: str
    left: str
    is_near: bool
    is_cancelled: bool
    is_closed: bool


def for_rows(sessions: QuerySet[TrainingSession]) -> QuerySet[TrainingSession]:
    """With what a row needs; it is looked up only for the rows a page takes."""
    return sessions.select_related("course").annotate(
        open_seats=Coalesce(Subquery(OPEN_SEATS.values("n")), 0),
        first_day_ends_at=Subquery(FIRST_DAY.values("ends_at")[:1]),
    )


def rows_of(
    sessions: Iterable[TrainingSession], at: datetime, query: str = "", today: Rules | None = None
) -> list[Row]:
    """What the list and the front door show, of sessions read `for_rows`."""
    today = today or program(local_day(at))
    return [_row(one, today, at, query) for one in sessions]


def _row(session: Any, today: Rules, at: datetime, query: str) -> Row:
    deadline = session.registration_deadline
    is_closed = not session.takes_registrations(at)
    seats = designation_words(session, today), seat_words(session, session.open_seats), about.later_in_short(session)
    return Row(
        url=session.get_absolute_url() + query,
        first=session.starts_on,
        dates=short_range(session.starts_on, session.ends_on),
        weekdays=weekdays(session),
        title=session.course.title,
        line=_where_and_when(session, session.starts_at, session.first_day_ends_at),
        seats=" ".join(filter(None, seats)),
        chip=_chip(session, at),
        left="" if is_closed else days_left(deadline, at),
        is_near=not is_closed and (deadline.day - local_day(at)).days <= NEAR_DAYS,
        is_cancelled=session.is_cancelled,
        is_closed=is_closed,
    )


def _chip(session: TrainingSession, at: datetime) -> str:
    day = mid_date(session.registration_closes_on)
    if session.is_cancelled:
        return _("Cancelled")
    if at < session.opens_at:
        return _("Opens on %s") % mid_moment(session.opens_at)
    if not session.takes_registrations(at):
        return _("Closed on %s") % day
    return _("Apply by %s") % day if session.course.is_by_application else _("Sign up by %s") % day


def weekdays(session: TrainingSession) -> str:
    if session.starts_on == session.ends_on:
        return weekday(session.starts_on)
    return _("%(first)s to %(last)s") % {"first": weekday(session.starts_on), "last": weekday(session.ends_on)}


def where_and_when(session: TrainingSession, half_days: list[HalfDay]) -> str:
    starts_at, ends_at = days_of(half_days)[0] if half_days else (session.starts_at, None)
    return _where_and_when(session, starts_at, ends_at)


def _where_and_when(session: TrainingSession, starts_at: datetime, ends_at: datetime | None) -> str:
    where = _("Online") if session.mode == TrainingSession.Mode.ONLINE else session.location
    if ends_at is None:
        return f"{where}."
    return _("%(where)s, %(hours)s.") % {"where": where, "hours": clock_range(starts_at, ends_at)}


def hours_of(half_days: list[HalfDay]) -> str:
    start, end = days_of(half_days)[0]
    return clock_range(start, end)


def designation_words(session: TrainingSession, today: Rules) -> str:
    if len(session.designations) < 2:
        return ""
    return listed([today.designation(code).short for code in session.designations]) + "."


def seat_words(session: TrainingSession, free: int) -> str:
    if session.is_cancelled:
        return ""
    seats = ngettext("%d seat.", "%d seats.", session.capacity) % session.capacity
    if session.course.is_first_come:
        return _("%(free)d of %(all)d seats open.") % {"free": free, "all": session.capacity}
    if session.is_allocated:
        return seats + " " + _("They are given.")
    return seats + " " + _("They are set on %s.") % mid_date(session.allocation_on)


# -- The list ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """What somebody chose above the list; blank is any. What nobody could have chosen finds nothing."""

    course: str = ""
    designation: str = ""
    mode: str = ""
    county: str = ""
    month: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], today: Rules) -> Choice:
        """A designation is found by the legal and by the everyday name: CPSSP-MH, CPSS-MH."""
        chosen = cls(**{one.name: asked.get(one.name, "") for one in fields(cls)})
        known = (one.code for one in today.training_designations if one.is_called(chosen.designation))
        return replace(chosen, designation=next(known, chosen.designation))

    @property
    def is_made(self) -> bool:
        return any(asdict(self).values())

    @property
    def wish(self) -> Wish:
        """The same without the month: somebody who waits, waits for any."""
        return Wish(self.course, self.designation, self.mode, self.county)


@login_not_required
def calendar(request: HttpRequest) -> HttpResponse:
    """The sessions ahead, by month, a page at a time. Where a choice finds nothing, we offer to tell when one opens."""
    now = timezone.now()
    today = program(local_day(now))
    ahead = TrainingSession.objects.on_the_calendar().ahead(now)
    chosen = Choice.of(request.GET, today)
    rows_of_courses, months = _courses_and_months(ahead, now)
    courses = all_offered(today, rows_of_courses)
    choices = _choices(chosen, months, courses, today)
    person = on_behalf(request)
    shown = _chosen(ahead, chosen, months, courses) if _is_possible(choices) else ahead.none()
    page = page_of(for_rows(shown), request.GET, by=("starts_at", "pk"))
    rows = rows_of(page, now, f"?for={person.reference}" if person else "", today)
    return render(
        request,
        "trainings/list.html",
        {
            "months": [(_month(month), list(of_month)) for month, of_month in groupby(rows, _first_of_month)],
            "page": page,
            "choices": choices,
            "is_filtered": chosen.is_made,
            "offer": None if rows else offer_to_tell(chosen.wish, today, request, courses),
            "courses": courses,
            "on_behalf_of": person,
        },
    )


@dataclass(frozen=True)
class Select:
    """One of the choices above the list."""

    name: str
    label: str
    any: str
    options: list[tuple[str, str]]
    chosen: str
    hint: str = ""

    @property
    def is_possible(self) -> bool:
        return not self.chosen or any(value == self.chosen for value, _label in self.options)


def _choices(chosen: Choice, months: list[date], offered: list[Offered], today: Rules) -> list[Select]:
    courses = [(one.code, one.title) for one in offered if one.has_sessions]
    designations = [(one.code, one.title) for one in today.training_designations]
    in_months = [(f"{month:%Y-%m}", _month(month)) for month in months]
    counties = [(county, county) for county in today.counties]
    modes = [(mode.value, str(mode.label)) for mode in TrainingSession.Mode]
    online = _("Online fits every county.")
    return [
        Select("course", _("Training"), _("All trainings"), courses, chosen.course),
        Select("designation", _("For which designation"), _("Any"), designations, chosen.designation),
        Select("month", _("Month"), _("Any month"), in_months, chosen.month),
        Select("mode", _("Online or in person"), _("Both"), modes, chosen.mode),
        Select("county", _("County"), _("Any county"), counties, chosen.county, hint=online),
    ]


def _is_possible(choices: list[Select]) -> bool:
    return all(one.is_possible for one in choices)


def _chosen(
    sessions: SessionQuerySet, chosen: Choice, months: list[date], offered: list[Offered]
) -> QuerySet[TrainingSession]:
    if chosen.course:
        course = next(one.course for one in offered if one.code == chosen.course)
        sessions = sessions.filter(course=course.pk) if course else sessions.none()
    if chosen.designation:
        sessions = sessions.teaching(chosen.designation)
    if chosen.mode:
        sessions = sessions.filter(mode=chosen.mode)
    if chosen.county:
        sessions = sessions.within_reach_of(chosen.county)
    month = next((one for one in months if f"{one:%Y-%m}" == chosen.month), None)
    return _in_month(sessions, month) if month else sessions


def _courses_and_months(ahead: QuerySet[TrainingSession], now: datetime) -> tuple[list[Course], list[date]]:
    """All courses, and which months of the next year and a half have a date: one look per month, in one statement."""
    this_month = local_day(now).replace(day=1)
    months = [_months_later(this_month, number) for number in range(MONTHS_OFFERED)]
    looks = {f"month_{number}": Exists(_in_month(ahead, month)) for number, month in enumerate(months)}
    rows = list(Course.objects.annotate(**looks))  # the looks do not read the course: each is made once
    return rows, [month for month, look in zip(months, looks, strict=True) if rows and getattr(rows[0], look)]


def _months_later(month: date, number: int) -> date:
    years, months = divmod(month.month - 1 + number, 12)
    return date(month.year + years, months + 1, 1)


def _in_month(sessions: QuerySet[TrainingSession], month: date) -> QuerySet[TrainingSession]:
    first, last = (timezone.make_aware(datetime(day.year, day.month, 1)) for day in (month, _months_later(month, 1)))
    return sessions.filter(starts_at__gte=first, starts_at__lt=last)


def _first_of_month(row: Row) -> date:
    return row.first.replace(day=1)


def _month(day: date) -> str:
    return _("%(month)s %(year)s") % {"month": names.MONTHS[day.month], "year": day.year}


# -- One session -------------------------------------------------------------------------------------------


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
            "seats": seat_words(shown, shown.seats.free().general().count()),
            "is_open": shown.takes_registrations(now),
            "is_too_early": shown.is_published and now < shown.opens_at,
            "is_over": shown.ends_at <= now,
            "left": days_left(shown.registration_deadline, now),
            "one_deadline": shown.registration_closes_at == shown.documents_close_at,
            "next_session": TrainingSession.objects.next_after(shown, now),
            "also": _other_dates(shown, now),
            "start_url": _start_url(shown, person),
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


def _start_url(shown: TrainingSession, person: User | None) -> str:
    """Where the one filled button leads: the application, or the short sign-up form; the office's twin of either."""
    name = "applicants:start" if shown.course.is_by_application else "trainings:sign_up"
    of_the_desk = [person.reference] if person else []
    try:
        return reverse(name, args=[*of_the_desk, shown.reference])
    except NoReverseMatch:  # an installation without that room
        return ""


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
