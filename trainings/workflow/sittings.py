"""Days on which the test is taken: planned, booked by staff for people, and their results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.workflow import refuse_own_matter
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import ExamAttempt, ExamBooking, ExamSitting, Registration, Status
from trainings.workflow.classroom import OPEN, exam_rule, record_exam
from trainings.workflow.steps import entry, lock_session, lock_spot


@dataclass(frozen=True)
class SittingPlan:
    kind: str
    where: str
    starts_at: datetime
    minutes: int


@transaction.atomic
def plan_sitting(session_id: int, plan: SittingPlan, *, by: User, at: datetime) -> ExamSitting:
    """The same plan sent twice is one sitting."""
    session = lock_session(session_id)
    if not session.course.has_exam:
        raise NotAllowed(Reason("no_exam_here"))
    if session.is_cancelled or local_day(plan.starts_at) < session.starts_on:
        raise NotAllowed(Reason("sitting_before_class", first_day=session.starts_on))
    same = session.sittings.filter(starts_at=plan.starts_at, kind=plan.kind, where=plan.where).first()
    if same:
        return same
    facts = {"kind": plan.kind, "where": plan.where, "starts_at": plan.starts_at, "minutes": plan.minutes}
    sitting = ExamSitting.objects.create(session=session, planned_by=by, planned_at=at, **facts)
    starts_at = plan.starts_at.isoformat()
    record(
        Entry.of(TrainingEvent.SITTING_PLANNED, sitting, by=by, at=at, session=session.reference, starts_at=starts_at)
    )
    return sitting


def to_sit(sitting: ExamSitting) -> list[Registration]:
    """Who may be booked: in a class of this course, and not passed yet. The days to wait are told beside them."""
    spots = Registration.objects.filter(
        course=sitting.session.course_id,
        status=Status.CONFIRMED,
        outcome__in=OPEN,
        session__starts_at__lte=sitting.starts_at,
    ).exclude(exam_attempts__passed=True)
    return list(
        spots.select_related("person__access_needs", "session", "course")
        .prefetch_related("exam_attempts")
        .order_by("person__legal_family_name", "person__legal_given_names", "pk")
    )


def reasons_not_to_book(spot: Registration, sitting: ExamSitting) -> list[Reason]:
    """As if they sat on that day. Reads `exam_attempts`, prefetched or not."""
    taken: list[ExamAttempt] = list(spot.exam_attempts.all())
    return rules.reasons_not_to_sit(
        taken_on=sitting.on,
        today=sitting.on,
        first_day=spot.session.starts_on,
        has_passed=any(attempt.passed for attempt in taken),
        taken=len(taken),
        next_on=taken[-1].next_try_on if taken else None,
        rule=exam_rule(sitting.on),
    )


@transaction.atomic
def book_sitting(
    sitting_id: int, registration_id: int, *, by: User, at: datetime, extra_minutes: int = 0
) -> ExamBooking:
    """Somebody is expected there; booked again with other extra time, the booking has the new time."""
    sitting = ExamSitting.objects.select_related("session").get(pk=sitting_id)
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    if spot.status != Status.CONFIRMED or spot.outcome not in OPEN or spot.course_id != sitting.session.course_id:
        raise NotAllowed(Reason("not_for_this_session"))
    if sitting.starts_at <= at:
        raise NotAllowed(Reason("sitting_has_begun"))
    reasons = reasons_not_to_book(spot, sitting)
    if reasons:
        raise NotAllowed(*reasons)
    booking = spot.exam_bookings.filter(sitting=sitting, taken_back_at=None).first()
    if booking and booking.extra_minutes == extra_minutes:
        return booking
    if booking:
        booking.extra_minutes = extra_minutes
        booking.save(update_fields=["extra_minutes"])
    else:
        booking = ExamBooking.objects.create(
            sitting=sitting, registration=spot, extra_minutes=extra_minutes, booked_at=at, booked_by=by
        )
    record(entry(TrainingEvent.SITTING_BOOKED, spot, by=by, at=at, sitting=sitting.reference))
    return booking


@transaction.atomic
def give_back_sitting(booking_id: int, *, by: User, at: datetime) -> ExamBooking:
    registration_id = ExamBooking.objects.values_list("registration_id", flat=True).get(pk=booking_id)
    spot = lock_spot(registration_id)
    refuse_own_matter(spot.person, by)
    booking = ExamBooking.objects.select_related("sitting").get(pk=booking_id)
    if booking.taken_back_at is not None:
        return booking
    if booking.sitting.attempts.filter(registration=spot).exists():
        raise NotAllowed(Reason("sitting_has_begun"))
    booking.taken_back_at = at
    booking.save(update_fields=["taken_back_at"])
    record(entry(TrainingEvent.SITTING_GIVEN_BACK, spot, by=by, at=at, sitting=booking.sitting.reference))
    return booking


def record_result(sitting_id: int, registration_id: int, score: int, *, by: User, at: datetime) -> ExamAttempt:
    """The score of somebody booked there, on the day of the sitting."""
    sitting = ExamSitting.objects.get(pk=sitting_id)
    if not sitting.bookings.filter(registration=registration_id, taken_back_at=None).exists():
        raise NotAllowed(Reason("not_booked_here"))
    return record_exam(registration_id, score, taken_on=sitting.on, sitting=sitting, by=by, at=at)
