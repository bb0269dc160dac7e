"""Sending what is due: claim a batch, take it to the mail server row by row, mark each with what was sent."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from accounts.models import Profile, User
from audit.owed import ATTEMPTS, Owed
from notifications import delivery, rules
from notifications.delivery import Answer
from notifications.kinds import KINDS, REMINDERS
from notifications.models import Channel, Message
from notifications.rendering import Moot, Versions, versions
from notifications.workflow import readdress
from programs.calendar import WorkCalendar, in_time, local_day
from programs.program import Rules, program

log = logging.getLogger(__name__)

Status = Owed.Status
BATCH = 100
# A batch that takes longer gives the rest back, well before a sweep may think its claim is stale.
PATIENCE_SECONDS = 180
RETRY_AFTER_OUTAGE = timedelta(minutes=1)


@dataclass(frozen=True)
class Batch:
    """The moment of sending and the rules of that day, the same for all rows of a batch."""

    at: datetime
    rules: Rules

    @property
    def calendar(self) -> WorkCalendar:
        return self.rules.calendar


def send_due(*, at: datetime, limit: int = BATCH) -> int:
    """Send one batch; says how many rows it claimed."""
    claimed = Message.objects.claim(at=at, limit=limit)
    if not claimed:
        return 0
    _load_people(claimed)
    batch = Batch(at, program(local_day(at)))
    ready = [row for row in claimed if _is_still_to_send(row, batch)]
    for letter in (row for row in ready if row.channel == Channel.POST):
        _put_into_the_post(letter, batch)
    _mail([row for row in ready if row.channel == Channel.EMAIL], batch)
    return len(claimed)


def _load_people(rows: Sequence[Message]) -> None:
    """Everybody's address as it is now, in two questions for the whole batch."""
    people = User.objects.in_bulk({row.person_id for row in rows if row.person_id})
    profiles = {row.person_id: row for row in Profile.objects.filter(person__in=people).select_related("person")}
    for row in rows:
        if row.person_id:
            readdress(row, people[row.person_id], profiles.get(row.person_id))


def _is_still_to_send(row: Message, batch: Batch) -> bool:
    """Not after its end, not a *no* in the evening, and not for ever."""
    if row.attempts > ATTEMPTS:  # its sender died every time
        _stop(row, "too_often")
    elif _is_over(row, batch.at):
        _give_back([row], status=Status.MISSED, due_at=row.due_at)
    elif (later := _later_hour(row, batch)) is not None:
        _give_back([row], status=Status.OWED, due_at=later)
    else:
        return True
    return False


def _is_over(row: Message, at: datetime) -> bool:
    """A reminder is of use until its end and not a second longer."""
    if row.kind not in REMINDERS:
        return False
    moment, day = row.facts.get("due_at"), row.facts.get("due_on")
    if moment:
        return not in_time(at, datetime.fromisoformat(moment))
    return bool(day) and date.fromisoformat(day) < local_day(at)


def _later_hour(row: Message, batch: Batch) -> datetime | None:
    kind = KINDS.get(row.kind)
    if kind is None or not kind.is_a_no or rules.is_kind_hour(batch.at, batch.calendar):
        return None
    return rules.next_kind_hour(batch.at, batch.calendar)


def _put_into_the_post(row: Message, batch: Batch) -> None:
    """A letter is written now and waits in the print batch of the day."""
    said = _written(row, batch)
    if said:
        _mark_done(row, said, batch.at)


# -- By e-mail ---------------------------------------------------------------------------------------------


def _mail(rows: Sequence[Message], batch: Batch) -> None:
    if not rows:
        return
    began = time.monotonic()
    with delivery.mail_server() as server:
        for number, row in enumerate(rows):
            if server is None or time.monotonic() - began > PATIENCE_SECONDS:
                log.warning("mail server not reached in time; %d messages wait", len(rows) - number)
                _give_back(rows[number:], status=Status.OWED, due_at=batch.at + RETRY_AFTER_OUTAGE)
                return
            if not _send_one(server, row, batch) and not delivery.reconnected(server):
                server = None


def _send_one(server: delivery.BaseEmailBackend, row: Message, batch: Batch) -> bool:
    """False when the server hung up; whatever happened to this row is already written down."""
    said = _written(row, batch)
    if said is None:
        return True
    answer = delivery.send(
        server,
        to=row.to_address,
        subject=said.sent.subject,
        text=said.sent.text,
        html=said.sent.html,
        message_id=row.message_id,
        at=batch.at,
    )
    if answer is Answer.SENT:
        _mark_done(row, said, batch.at)
    elif answer in delivery.FOR_GOOD:
        _stop(row, answer)
    else:
        row.put_back(at=batch.at, problem=str(answer))
        log.warning("message %s not sent: %s", row.pk, answer)
    return answer is not Answer.DOWN


def _written(row: Message, batch: Batch) -> Versions | None:
    """Its words; a message that cannot be written must not hold up the others."""
    try:
        return versions(row, at=batch.at, rules=batch.rules)
    except Moot:
        _give_back([row], status=Status.CANCELLED, due_at=row.due_at)
    except Exception as trouble:  # a missing fact or page; the row shows it to staff
        log.error("message %s (%s) could not be written: %s", row.pk, row.kind, type(trouble).__name__)
        _stop(row, "not_written")
    return None


def _mark_done(row: Message, said: Versions, at: datetime) -> None:
    row.mark_done(
        at=at,
        subject=said.kept.subject,
        text=said.kept.text,
        html=said.kept.html,
        full_subject=said.full.subject,
        full_text=said.full.text,
        to_address=row.to_address if not row.is_sign_in else "wiped",
        to_name=row.to_name,
        channel=row.channel,
        is_private=row.is_private,
        postal_lines=row.postal_lines,
    )


def _stop(row: Message, problem: str) -> None:
    """Shown to staff; what was secret in it is gone."""
    ours = Message.objects.filter(pk=row.pk, status=Status.CLAIMED, claimed_at=row.claimed_at)
    ours.update(status=Status.STUCK, problem=str(problem), claimed_at=None, sealed="")
    log.warning("message %s (%s) stopped: %s", row.pk, row.kind, problem)


def _give_back(rows: Sequence[Message], *, status: str, due_at: datetime) -> None:
    """Not this row's fault: the try does not count."""
    for row in rows[:1]:
        ours = Message.objects.filter(pk__in=[one.pk for one in rows], status=Status.CLAIMED, claimed_at=row.claimed_at)
        ours.update(status=status, due_at=due_at, claimed_at=None, attempts=F("attempts") - 1)
