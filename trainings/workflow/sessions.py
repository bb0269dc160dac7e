"""A session planned and put on the calendar; seats kept for a scholarship and released."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import Deadline, WorkCalendar, local_day
from programs.program import program
from programs.rows import CourseKind
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import Course, HalfDay, Seat, TrainingSession
from trainings.rules import Plan
from trainings.workflow.seats import give_free_seats
from trainings.workflow.steps import lock_session


def as_in_the_rules(kind: CourseKind) -> Course:
    """The course as the program's rules describe it today; not stored."""
    return Course(
        code=rules.course_code(kind.code),
        kind=kind.code,
        title=kind.title,
        about=kind.about,
        who=kind.who,
        topics=[str(topic) for topic in kind.topics],
        organiser=kind.organiser,
        sponsors=list(kind.sponsors),
        designations=list(kind.designations),
        hours=kind.hours,
        admission=kind.admission,
        seating=kind.seating,
        may_miss_minutes=kind.may_miss_minutes,
        care_minutes=kind.care_minutes,
        has_exam=kind.has_exam,
        grants=kind.grants,
    )


def offer_course(kind: CourseKind) -> Course:
    """Once offered it is kept: its words change on the office's page, its rules in the admin."""
    described = as_in_the_rules(kind)
    facts = {field.name: getattr(described, field.name) for field in Course._meta.fields if field.name != "id"}
    course, _made = Course.objects.get_or_create(code=facts.pop("code"), defaults=facts)
    return course


@transaction.atomic
def plan_session(plan: Plan, *, by: User, at: datetime, copied_from: TrainingSession | None = None) -> TrainingSession:
    """A draft with its half-days and its seats; nobody sees it before it is published."""
    rules_today = program(local_day(at))
    course = Course.objects.filter(kind=plan.course).first() or offer_course(rules_today.course(plan.course))
    require_sound(plan, rules_today.calendar, at)
    session = TrainingSession(course=course, changed_at=at, copied_from=copied_from, **columns_of(plan))
    session.designations = designations_of(plan, course)
    session.save()
    lay_half_days(session, plan)
    Seat.objects.bulk_create(Seat(session=session, number=number) for number in range(1, plan.capacity + 1))
    source = {"copied_from": copied_from.reference} if copied_from else {}
    record(Entry.of(TrainingEvent.SESSION_PLANNED, session, by=by, at=at, **_dates(session), **source))
    return session


def designations_of(plan: Plan, course: Course) -> list[str]:
    """Those that were chosen; none chosen means all the course trains for on its first day."""
    return list(plan.designations) or _taught_on(local_day(plan.half_days[0][0]), course)


def _taught_on(day: date, course: Course) -> list[str]:
    """What the course trains for in the rules of that day; earlier designations have ended."""
    rules_then = program(day)
    named = [rules_then.designation(code) for code in course.designations]
    taught = [one for one in named if one.is_in_force(day)]
    # Trained for and certified as, where there is such; a training-only title is chosen by whoever plans.
    both = [one for one in taught if {"training", "certification"} <= one.uses]
    return [one.code for one in both or taught]


def reasons_not_to_plan(plan: Plan, calendar: WorkCalendar, at: datetime) -> list[Reason]:
    """A class that is over already has no other day worth a word."""
    if plan.half_days and plan.half_days[0][0] <= at:
        return [Reason("class_day_is_past")]
    return rules.reasons_not_to_plan(plan, calendar)


def require_sound(plan: Plan, calendar: WorkCalendar, at: datetime) -> None:
    reasons = reasons_not_to_plan(plan, calendar, at)
    if reasons:
        raise NotAllowed(*reasons)


def plan_of(session: TrainingSession) -> Plan:
    """A stored session as the plan it came from."""
    return Plan(
        course=session.course.kind,
        half_days=tuple((half_day.starts_at, half_day.ends_at) for half_day in session.half_days.all()),
        mode=session.mode,
        capacity=session.capacity,
        registration_closes_on=session.registration_closes_on,
        registration_closes_time=session.registration_closes_time,
        documents_close_on=session.documents_close_on,
        documents_close_time=session.documents_close_time,
        allocation_on=session.allocation_on,
        last_offer_on=session.last_offer_on,
        opens_at=session.opens_at,
        location=session.location,
        county=session.county,
        host_sites=tuple(session.host_sites),
        meeting_link=session.meeting_link,
        dial_in=session.dial_in,
        cost_cents=session.cost_cents,
        who_may_pay=session.who_may_pay,
        covered=session.covered,
        materials_by=session.materials_by,
        data_and_device=session.data_and_device,
        minimum=session.minimum,
        go_on=session.go_on,
        designations=tuple(session.designations),
        is_first_come=session.course.is_first_come,
    )


def columns_of(plan: Plan) -> dict[str, Any]:
    closes = Deadline(plan.registration_closes_on, plan.registration_closes_time)
    documents = Deadline(plan.documents_close_on, plan.documents_close_time)
    return {
        "mode": plan.mode,
        "location": plan.location,
        "county": plan.county,
        "host_sites": list(plan.host_sites),
        "meeting_link": plan.meeting_link,
        "dial_in": plan.dial_in,
        "cost_cents": plan.cost_cents,
        "who_may_pay": plan.who_may_pay,
        "covered": plan.covered,
        "materials_by": plan.materials_by,
        "data_and_device": plan.data_and_device,
        "minimum": plan.minimum,
        "go_on": plan.go_on,
        "capacity": plan.capacity,
        "starts_at": plan.half_days[0][0],
        "ends_at": plan.half_days[-1][1],
        "opens_at": plan.opens_at,
        "registration_closes_on": plan.registration_closes_on,
        "registration_closes_time": plan.registration_closes_time,
        "registration_closes_at": closes.closes_at,
        "documents_close_on": plan.documents_close_on,
        "documents_close_time": plan.documents_close_time,
        "documents_close_at": documents.closes_at,
        "allocation_on": plan.allocation_on,
        "last_offer_on": plan.last_offer_on,
    }


def lay_half_days(session: TrainingSession, plan: Plan) -> None:
    HalfDay.objects.bulk_create(HalfDay(session=session, starts_at=start, ends_at=end) for start, end in plan.half_days)


def _dates(session: TrainingSession) -> dict[str, str]:
    return {
        "course": session.course.code,
        "first_day": session.starts_on.isoformat(),
        "last_day": session.ends_on.isoformat(),
        "closes_on": session.registration_closes_on.isoformat(),
    }


def other_last_days(session: TrainingSession, last: Deadline, papers: Deadline) -> dict[str, str]:
    """The last seconds before and now, of whichever differs."""
    facts: dict[str, str] = {}
    if last != session.registration_deadline:
        facts |= {"was": last.last_second.isoformat(), "now": session.registration_deadline.last_second.isoformat()}
    if papers != session.documents_deadline:
        now = session.documents_deadline.last_second
        facts |= {"papers_were": papers.last_second.isoformat(), "papers_now": now.isoformat()}
    return facts


def reasons_not_to_publish(session: TrainingSession, at: datetime) -> list[Reason]:
    if session.status != TrainingSession.Status.DRAFT:
        return [Reason("not_at_this_step", status=session.get_status_display())]
    if session.starts_at <= at:
        return [Reason("class_has_begun")]
    return [Reason("last_day_is_past")] if session.registration_closes_at <= at else []


@transaction.atomic
def publish(session_id: int, *, by: User, at: datetime) -> TrainingSession:
    """Put it on the calendar while people can still sign up. Publishing what is published changes nothing."""
    session = lock_session(session_id)
    if session.is_published:
        return session
    reasons = reasons_not_to_publish(session, at)
    if reasons:
        raise NotAllowed(*reasons)
    session.status, session.changed_at = TrainingSession.Status.PUBLISHED, at
    session.save(update_fields=["status", "changed_at"])
    record(Entry.of(TrainingEvent.SESSION_PUBLISHED, session, by=by, at=at, **_dates(session)))
    return session


# -- Seats kept for a scholarship round --------------------------------------------------------------------


@transaction.atomic
def keep_seats(session_id: int, count: int, *, for_round: str, by: User | None, at: datetime) -> list[Seat]:
    """Set seats aside for a round, before the line is seated. Asking for as many again changes nothing."""
    session = lock_session(session_id)
    kept = list(session.seats.open().filter(kept_for=for_round))
    if len(kept) >= count:
        return kept
    if session.is_allocated:
        raise NotAllowed(Reason("seats_are_set"))
    free = list(session.seats.free().general().order_by("-number")[: count - len(kept)])
    if len(kept) + len(free) < count:
        raise NotAllowed(Reason("too_few_free_seats", free=len(free)))
    Seat.objects.filter(pk__in=[seat.pk for seat in free]).update(kept_for=for_round)
    record(Entry.of(TrainingEvent.SEATS_KEPT, session, by=by, at=at, count=count, round=for_round))
    return kept + free


@transaction.atomic
def release_kept_seats(session_id: int, *, for_round: str, by: User | None, at: datetime) -> int:
    """What a round did not use joins the general line; seats its awards hold stay theirs."""
    session = lock_session(session_id)
    released = session.seats.free().filter(kept_for=for_round).update(kept_for="")
    if released:
        record(Entry.of(TrainingEvent.SEATS_RELEASED, session, by=by, at=at, count=released, round=for_round))
        give_free_seats(session, at=at, by=by)
    return released


def last_offer_on(first_day: date, at: datetime) -> date:
    """Where nobody chose one: the day the rules name, counted back in working days."""
    return program(local_day(at)).due_before("last_offer", first_day)
