"""The portal was down: noted by staff, or by the portal itself when the work of each minute was silent too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.events import ProgramEvent
from programs.models import Outage, Tick

LONGEST = timedelta(days=14)  # longer is a typing mistake


def reasons_not_to_note(started_at: datetime, ended_at: datetime, *, at: datetime) -> list[Reason]:
    if ended_at <= started_at:
        return [Reason("outage_ends_first")]
    if ended_at > at:
        return [Reason("outage_not_over")]
    return [Reason("outage_too_long", days=LONGEST.days)] if ended_at - started_at > LONGEST else []


@transaction.atomic
def note_outage(*, started_at: datetime, ended_at: datetime, by: User | None, at: datetime) -> Outage:
    """Noting the same stretch twice is one outage."""
    known = Outage.objects.filter(started_at=started_at, ended_at=ended_at).first()
    if known:
        return known
    reasons = reasons_not_to_note(started_at, ended_at, at=at)
    if reasons and by is not None:
        raise NotAllowed(*reasons)
    outage = Outage.objects.create(started_at=started_at, ended_at=ended_at, noted_by=by, noted_at=at)
    facts = {"started_at": started_at.isoformat(), "ended_at": ended_at.isoformat()}
    record(Entry.of(ProgramEvent.OUTAGE_NOTED, outage, by=by, at=at, **facts))
    return outage


@transaction.atomic
def tick(code: str, *, longest: timedelta, at: datetime) -> Outage | None:
    """The work of this minute runs. A silence before it, longer than is usual, was an outage."""
    last, is_new = Tick.objects.select_for_update().get_or_create(code=code, defaults={"at": at})
    if is_new or at <= last.at:
        return None
    silent_since, last.at = last.at, at
    last.save(update_fields=["at"])
    if at - silent_since <= longest:
        return None
    return note_outage(started_at=silent_since, ended_at=at, by=None, at=at)
