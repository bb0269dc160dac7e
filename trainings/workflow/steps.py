"""The allowed moves of a spot and of a session, and the locks every change takes: the session first, then the spot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from trainings.models import Registration, Status, TrainingSession

_OUT = {Status.WITHDRAWN, Status.CANCELLED}
_NEVER_SEATED = {Status.NOT_ELIGIBLE, Status.NOT_SEATED}

NEXT: dict[str, set[Status]] = {
    Status.RECEIVED: {Status.ADMITTED, Status.PAUSED, *_NEVER_SEATED, *_OUT},
    Status.ADMITTED: {Status.WAITING, Status.OFFERED, Status.CONFIRMED, Status.PAUSED, *_NEVER_SEATED, *_OUT},
    Status.WAITING: {Status.OFFERED, Status.CONFIRMED, Status.NOT_SEATED, Status.PAUSED, *_OUT},
    # Back to admitted: the offer was of a scholarship's seat, and the line is still to be ranked.
    Status.OFFERED: {Status.CONFIRMED, Status.DECLINED, Status.RAN_OUT, Status.ADMITTED, Status.PAUSED, *_OUT},
    Status.CONFIRMED: {Status.PAUSED, *_OUT},
    Status.PAUSED: set(_OUT),
    # The office heard the answer in time, and typed it later.
    Status.RAN_OUT: {Status.CONFIRMED, Status.DECLINED},
    **{
        end: set()
        for end in (
            Status.DECLINED,
            Status.WITHDRAWN,
            Status.NOT_ELIGIBLE,
            Status.NOT_SEATED,
            Status.CANCELLED,
        )
    },
}

# Another date of the same course: the spot moves as it is, whatever it stands at here.
MAY_CHANGE_DATE = frozenset(
    {
        Status.RECEIVED,
        Status.ADMITTED,
        Status.WAITING,
        Status.OFFERED,
        Status.CONFIRMED,
        Status.PAUSED,
        Status.RAN_OUT,
        Status.DECLINED,
        Status.NOT_SEATED,
        Status.CANCELLED,
    }
)


def lock_session(session_id: int) -> TrainingSession:
    """Whoever gives or frees a seat waits here for the one before. Registering does not: it only appends."""
    sessions = TrainingSession.objects.select_related("course").select_for_update(of=("self",), no_key=True)
    return sessions.get(pk=session_id)


def lock_sessions(session_ids: Iterable[int]) -> dict[int, TrainingSession]:
    """Several at once, always in one order, so that two who need the same ones do not wait for each other."""
    sessions = TrainingSession.objects.select_related("course").select_for_update(of=("self",), no_key=True)
    return {session.pk: session for session in sessions.filter(pk__in=set(session_ids)).order_by("pk")}


def lock_spot(registration_id: int) -> Registration:
    """The spot as it is now, with its session held.

    Raises `NotAllowed(spot_changed_meanwhile)`.
    """
    session_id = Registration.objects.values_list("session_id", flat=True).get(pk=registration_id)
    session = lock_session(session_id)
    spots = Registration.objects.select_related("person", "seat", "course").select_for_update(of=("self",), no_key=True)
    spot = spots.get(pk=registration_id)
    if spot.session_id != session_id:  # moved to another date while we waited for this one
        raise NotAllowed(Reason("spot_changed_meanwhile"))
    spot.session = session
    return spot


def each(keys: Iterable[int], act: Callable[[int, datetime], int], at: datetime) -> int:
    """The same for every row that is due. One that changed while we came is left for the next time."""
    done = 0
    for key in keys:
        with suppress(NotAllowed):
            done += act(key, at)
    return done


def require_step(spot: Registration, status: Status) -> None:
    if status not in NEXT[spot.status] or spot.outcome:
        raise NotAllowed(Reason("not_at_this_step", status=spot.get_status_display()))


def reasons_not_to_leave(spot: Registration, to: Status, at: datetime) -> list[Reason]:
    """Why a spot is neither left nor put on pause: `to` is what it would be then."""
    if to not in NEXT[spot.status] or spot.outcome:
        return [Reason("not_at_this_step", status=spot.get_outcome_display() or spot.get_status_display())]
    has_begun = spot.session.starts_at <= at and spot.status != Status.PAUSED
    return [Reason("class_has_begun")] if has_begun else []


def entry(event: str, spot: Registration, /, *, by: User | None, at: datetime, **facts: Any) -> Entry:
    """History of a spot names its session, so that a reader needs no second look."""
    return Entry.of(event, spot, by=by, at=at, session=spot.session.reference, **facts)
