"""An outage in the last hours before a deadline moves it by rule, once, and says so."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit.models import Entry
from audit.trail import record
from programs import outages
from programs.calendar import Deadline, local_day
from programs.models import Outage
from programs.program import Rules, program
from trainings.days import Down, OutageRule, after_outages, behind
from trainings.events import TrainingEvent
from trainings.models import TrainingSession
from trainings.workflow.sessions import other_last_days
from trainings.workflow.steps import lock_session

TICK = "trainings.keep_time"


def keep_watch(*, at: datetime) -> None:
    """Each minute: leave a tick, note a silence, and work through what was noted."""
    longest = timedelta(minutes=program(local_day(at)).value("outage_minutes"))
    outages.tick(TICK, longest=longest, at=at)
    move_deadlines(at=at)


@transaction.atomic
def note_outage(
    *, started_at: datetime, ended_at: datetime, by: User, at: datetime
) -> tuple[Outage, list[TrainingSession]]:
    """What staff note works at once. Returns the sessions whose last day it touched."""
    outage = outages.note_outage(started_at=started_at, ended_at=ended_at, by=by, at=at)
    return outage, move_deadlines(at=at, by=by)


@transaction.atomic
def move_deadlines(*, at: datetime, by: User | None = None) -> list[TrainingSession]:
    """Looks at each outage once: the deadlines it touched move, and their sessions say so."""
    touched = []
    for outage in Outage.objects.select_for_update(of=("self",), no_key=True).filter(worked_at=None).order_by("pk"):
        rules_today = program(local_day(at))
        for session_id in _touched_by(outage, rule_of(rules_today), at):
            session = _move(session_id, outage, rules_today, by=by, at=at)
            touched += [session] if session else []
        outage.worked_at = at
        outage.save(update_fields=["worked_at"])
    return touched


def rule_of(rules_today: Rules) -> OutageRule:
    return OutageRule(
        before=timedelta(hours=rules_today.value("outage_before_hours")),
        until=time.fromisoformat(rules_today.value("outage_deadline_time")),
    )


def _touched_by(outage: Outage, rule: OutageRule, at: datetime) -> list[int]:
    """Sessions with a deadline while the portal was down, or within the hours after it; also one moved before."""
    window = (outage.started_at, outage.ended_at + rule.before)
    ahead = TrainingSession.objects.filter(status=TrainingSession.Status.PUBLISHED, starts_at__gt=at)
    near = Q(registration_closes_at__range=window) | Q(documents_close_at__range=window)
    return list(ahead.filter(near).order_by("pk").values_list("pk", flat=True))


def _move(
    session_id: int, outage: Outage, rules_today: Rules, *, by: User | None, at: datetime
) -> TrainingSession | None:
    session = lock_session(session_id)
    calendar, rule = rules_today.calendar, rule_of(rules_today)
    last = _moved(session.registration_deadline, session.deadline_was_at, outage, rules_today, rule)
    papers = _moved(session.documents_deadline, session.documents_were_at, outage, rules_today, rule)
    if last == session.registration_deadline and papers == session.documents_deadline:
        return None
    last_day = max(last.day, papers.day)
    allocation_on = behind(session.allocation_on, last_day, calendar)
    ends = last_day if session.course.is_first_come else allocation_on
    if session.is_allocated or ends >= session.starts_on:
        return _no_room(session, outage, by=by, at=at)
    facts = _set(session, last, papers)
    if not session.course.is_first_come:
        session.allocation_on = allocation_on
    session.changes, session.changed_at = session.changes + 1, at  # calendars show the last day
    session.save()
    event = TrainingEvent.DEADLINE_MOVED
    seats_on = session.allocation_on.isoformat()
    record(Entry.of(event, session, by=by, at=at, outage=outage.reference, seats_are_set_on=seats_on, **facts))
    return session


def _moved(stands: Deadline, was_at: datetime | None, outage: Outage, rules_today: Rules, rule: OutageRule) -> Deadline:
    """From the deadline as it was first, with every outage since; a later day that staff chose stays."""
    if was_at is None:
        return after_outages(stands, [_down(outage)], rules_today.calendar, rule)
    first = Deadline.stored(was_at)
    known = Outage.objects.filter(ended_at__gt=first.closes_at - rule.before)
    moved = after_outages(first, [_down(one) for one in known], rules_today.calendar, rule)
    return max(moved, stands)


def _down(outage: Outage) -> Down:
    return Down(outage.started_at, outage.ended_at, outage.noted_at)


def _set(session: TrainingSession, last: Deadline, papers: Deadline) -> dict[str, str]:
    """What they were first is kept beside them, however many outages follow."""
    was, papers_were = session.registration_deadline, session.documents_deadline
    if last != was:
        session.deadline_was_at = session.deadline_was_at or was.last_second
        session.registration_closes_on, session.registration_closes_time = last.day, last.time
        session.registration_closes_at = last.closes_at
    if papers != papers_were:
        session.documents_were_at = session.documents_were_at or papers_were.last_second
        session.documents_close_on, session.documents_close_time = papers.day, papers.time
        session.documents_close_at = papers.closes_at
    return other_last_days(session, was, papers_were)


def _no_room(session: TrainingSession, outage: Outage, *, by: User | None, at: datetime) -> TrainingSession:
    """The seats are set, or class is too near: staff decide what is fair."""
    session.no_room_to_move_at = at
    session.save(update_fields=["no_room_to_move_at"])
    record(Entry.of(TrainingEvent.DEADLINE_NOT_MOVED, session, by=by, at=at, outage=outage.reference))
    return session


@transaction.atomic
def settle_no_room(session_id: int, *, by: User, at: datetime) -> TrainingSession:
    """Staff looked at it: there is nothing left to decide."""
    session = lock_session(session_id)
    if session.no_room_to_move_at is None:
        return session
    session.no_room_to_move_at = None
    session.save(update_fields=["no_room_to_move_at"])
    record(Entry.of(TrainingEvent.DEADLINE_SETTLED, session, by=by, at=at))
    return session
