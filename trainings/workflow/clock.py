"""What falls due by itself: offers that end, seats to be set, links to be told, lines that close, sessions held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from audit.models import Entry
from audit.trail import record
from programs.calendar import local_day, local_moment
from programs.program import program
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import Registration, Status, TrainingSession
from trainings.workflow.access import lengthen, wait_for_access
from trainings.workflow.blocks import release_blocks_due
from trainings.workflow.changes import clear_cancelled
from trainings.workflow.links import A_MONTH, is_link_out, tell_guests_due, tell_links_of
from trainings.workflow.moves import end_pauses
from trainings.workflow.regroup import regroup_by_date
from trainings.workflow.seats import allocate, end_offer, give_free_seats, secure
from trainings.workflow.steps import each, entry, lock_session, lock_spot

IN_LINE = (Status.RECEIVED, Status.ADMITTED, Status.WAITING)


def keep_time(*, at: datetime) -> None:
    """Everything that is due at this moment. Run twice, or late, it does each thing once."""
    for part in DUE:
        part(at=at)


def run_out(at: datetime) -> int:
    """Offers nobody answered in time end, and the seats go on. An end missed while the portal was down counts too."""
    over = Registration.objects.filter(status=Status.OFFERED, offer_expires_at__lte=at)
    return each(over.order_by("offer_expires_at", "pk").values_list("pk", flat=True), _run_out_one, at)


@transaction.atomic
def _run_out_one(registration_id: int, at: datetime) -> bool:
    spot = lock_spot(registration_id)
    if spot.status != Status.OFFERED or spot.offer_expires_at is None or at < spot.offer_expires_at:
        return False  # answered while we came
    if lengthen(spot, at):
        return False  # our answer about what helps them take part is still owed
    end_offer(spot, Status.RAN_OUT, by=None, at=at)
    return True


def secure_due(at: datetime) -> int:
    """Courses with groups, between the last day to sign up and the day the seats are set."""
    kinds = [kind.code for kind in program(local_day(at)).courses if kind.tiers]
    closed = TrainingSession.objects.filter(
        status=TrainingSession.Status.PUBLISHED,
        course__kind__in=kinds,
        course__seating="on_allocation_day",
        allocated_at=None,
        registration_closes_at__lte=at,
        starts_at__gt=at,
    )
    return sum(len(secure(key, at=at)) for key in closed.order_by("pk").values_list("pk", flat=True))


def allocate_due(at: datetime) -> int:
    """Sets the seats of every session whose day has come, in the morning of that day."""
    due = TrainingSession.objects.filter(
        status=TrainingSession.Status.PUBLISHED,
        course__seating="on_allocation_day",
        allocated_at=None,
        allocation_on__lte=local_day(at),
    )
    due_now = [one.pk for one in due if at >= local_moment(one.allocation_on, rules.MORNING)]
    for session_id in due_now:
        _allocate_once(session_id, at)
    return len(due_now)


@transaction.atomic
def _allocate_once(session_id: int, at: datetime) -> None:
    if not lock_session(session_id).is_allocated:  # another worker, or staff, may have been quicker
        allocate(session_id, at=at, by=None)


def seat_left_over(at: datetime) -> int:
    """Somebody who came in while the seats were being set, or whose process ended before the allocator ran."""
    late = TrainingSession.objects.with_a_line().filter(
        status=TrainingSession.Status.PUBLISHED,
        starts_at__gt=at,
        registrations__status=Status.ADMITTED,
        registrations__outcome="",
    )
    return each(late.order_by("pk").values_list("pk", flat=True).distinct(), _seat_one, at)


@transaction.atomic
def _seat_one(session_id: int, at: datetime) -> int:
    return len(give_free_seats(lock_session(session_id), at=at, by=None))


def tell_links_due(at: datetime) -> int:
    """Sessions whose link is due: everyone with a seat who was not told yet."""
    near = TrainingSession.objects.filter(
        status=TrainingSession.Status.PUBLISHED,
        ends_at__gt=at,
        starts_at__lte=at + A_MONTH,
        registrations__status=Status.CONFIRMED,
        registrations__link_told_at=None,
    ).exclude(meeting_link="")
    return sum(tell_links(key, at=at) for key in near.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def tell_links(session_id: int, *, at: datetime) -> int:
    session = lock_session(session_id)
    if not is_link_out(session, at):
        return 0
    spots = session.registrations.filter(status=Status.CONFIRMED, link_told_at=None).select_related("person")
    return tell_links_of(session, list(spots), at=at)


def close_lines(at: datetime) -> int:
    """When class begins, whoever has no seat is told so and is free for the next session, with their time."""
    begun = TrainingSession.objects.filter(
        status=TrainingSession.Status.PUBLISHED, starts_at__lte=at, registrations__status__in=IN_LINE
    )
    return sum(_close_line(key, at) for key in begun.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def _close_line(session_id: int, at: datetime) -> int:
    session = lock_session(session_id)
    if not session.is_published or session.starts_at > at:
        return 0  # moved or cancelled while we came
    spots = list(session.registrations.filter(status__in=IN_LINE).select_related("person"))
    before = {spot.pk: spot.status for spot in spots}
    for spot in spots:
        spot.status, spot.session = Status.NOT_SEATED, session
    Registration.objects.bulk_update(spots, ["status"])
    record(*(entry(TrainingEvent.NOT_SEATED, spot, by=None, at=at, before=before[spot.pk]) for spot in spots))
    return len(spots)


def hold_past_sessions(at: datetime) -> int:
    past = TrainingSession.objects.filter(status=TrainingSession.Status.PUBLISHED, ends_at__lte=at)
    return sum(_hold(key, at) for key in past.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _hold(session_id: int, at: datetime) -> bool:
    session = lock_session(session_id)
    if not session.is_published or session.ends_at > at:
        return False
    session.status, session.changed_at = TrainingSession.Status.HELD, at
    session.save(update_fields=["status", "changed_at"])
    record(Entry.of(TrainingEvent.SESSION_HELD, session, by=None, at=at))
    return True


DUE: tuple[Callable[..., object], ...] = (
    wait_for_access,
    run_out,
    secure_due,
    allocate_due,
    seat_left_over,
    tell_links_due,
    tell_guests_due,
    close_lines,
    end_pauses,
    release_blocks_due,
    regroup_by_date,
    hold_past_sessions,
    clear_cancelled,
)
