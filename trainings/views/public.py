"""Find a training: the sessions ahead, by month, narrowed by what somebody chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import dates as names
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.paging import page_of
from programs.calendar import local_day
from programs.program import Rules, program
from trainings.models import Course, SessionQuerySet, TrainingSession
from trainings.offered import Offered, all_offered
from trainings.views.doors import on_behalf
from trainings.views.rows import Row, for_rows, rows_of
from trainings.views.watches import offer_to_tell
from trainings.workflow.watches import Wish

MONTHS_OFFERED = 18


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
