"""Tell me when one opens: asked for, answered once, or taken back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from programs.program import program
from trainings.events import TrainingEvent
from trainings.models import Course, TrainingSession, Watch
from trainings.offered import offered
from trainings.workflow.sessions import offer_course


@dataclass(frozen=True)
class Wish:
    """What somebody waits for. Blank means any."""

    course: str = ""  # its code; the course may be one that was never planned yet
    designation: str = ""
    mode: str = ""
    county: str = ""


@transaction.atomic
def watch(wish: Wish, *, person: User | None = None, email: str = "", by: User | None, at: datetime) -> None:
    """Somebody wants to hear when one opens. Asked twice is asked once; the answer is the same either way."""
    who = person.reference if person else email.lower()
    row = Watch(
        course=_course(wish.course, at) if wish.course else None,
        designation=wish.designation,
        mode=wish.mode,
        county=wish.county,
        person=person,
        email="" if person else email,
        asked_for="|".join([who, *asdict(wish).values()]),
        asked_at=at,
    )
    if Watch.objects.still_open().filter(asked_for=row.asked_for).exists():
        return
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # pressed twice at the same instant
        return
    record(Entry.of(TrainingEvent.WATCH_ASKED, row, by=by, at=at, **asdict(wish)))


def _course(code: str, at: datetime) -> Course:
    one = offered(code, program(local_day(at)))
    if one is None:
        raise NotAllowed(Reason("course_unknown"))
    return one.course or offer_course(one.kind)


@transaction.atomic
def stop_watching(watch_id: int, *, by: User | None, at: datetime) -> bool:
    """Taken back: the row goes, and the address with it. False where there is nothing left to stop."""
    row = Watch.objects.select_for_update(of=("self",)).select_related("person").filter(pk=watch_id).first()
    if row is None or not row.is_open:
        return False
    record(Entry.of(TrainingEvent.WATCH_STOPPED, row, by=by, at=at))
    row.delete()
    return True


@transaction.atomic
def tell_who_asked(session: TrainingSession, *, at: datetime) -> int:
    """Everyone who waits for such a session is told once, and their wait is over. Somebody with two wishes that it
    answers gets one message. A handful of statements, however many asked."""
    if at >= session.registration_closes_at:
        return 0
    waiting = Watch.objects.still_open().fitting(session).select_for_update(of=("self",), no_key=True)
    rows = list(waiting.select_related("person").order_by("pk"))
    if not rows:
        return 0
    Watch.objects.filter(pk__in=[row.pk for row in rows if row.person]).update(told_at=at, told_of=session)
    Watch.objects.filter(pk__in=[row.pk for row in rows if not row.person]).delete()  # the address was for this alone
    written_to: set[object] = set()
    entries = []
    for row in rows:
        row.told_at, row.told_of = at, session
        who = row.person_id or row.email.lower()
        entries.append(
            Entry.of(TrainingEvent.WATCH_TOLD, row, by=None, at=at, session=session.reference, again=who in written_to)
        )
        written_to.add(who)
    record(*entries)
    return len(written_to)
