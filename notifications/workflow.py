"""Changes to messages: owing one, calling it off, sending what is due, and what the office does by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Profile, User
from audit.models import Entry
from audit.owed import Owed, announce
from audit.reasons import NotAllowed as NotAllowed
from audit.reasons import Reason
from audit.trail import record
from notifications.events import MessageEvent
from notifications.models import SIGN_IN, Channel, Message
from programs.prepared import Prepared

Status = Owed.Status


@dataclass(frozen=True)
class Draft:
    """A message somebody is owed: to a person we know, or to an address."""

    key: str
    kind: str
    due_at: datetime
    person: User | None = None
    to_address: str = ""
    to_name: str = ""
    about: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    sealed: str = ""


def owe(drafts: Iterable[Draft], *, at: datetime) -> None:
    """Write the rows; what is owed already is not owed twice. In the transaction that owes them."""
    drafts = list(drafts)
    profiles = _profiles([draft.person for draft in drafts if draft.person])
    Message.objects.bulk_create([_row(draft, profiles, at) for draft in drafts], ignore_conflicts=True)
    if any(draft.due_at <= at for draft in drafts):
        _announce()


def record_missed(drafts: Iterable[Draft], *, at: datetime) -> None:
    """What should have been sent and is of no use any more: kept, so that nobody wonders."""
    drafts = list(drafts)
    profiles = _profiles([draft.person for draft in drafts if draft.person])
    rows = [_row(draft, profiles, at) for draft in drafts]
    for row in rows:
        row.status = Status.MISSED
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def _row(draft: Draft, profiles: dict[int, Profile], at: datetime) -> Message:
    row = Message(
        key=draft.key[:200],
        kind=draft.kind,
        due_at=draft.due_at,
        person=draft.person,
        to_address=draft.to_address,
        to_name=draft.to_name,
        about=draft.about,
        facts=draft.facts,
        sealed=draft.sealed,
        created_at=at,
    )
    if draft.person:
        readdress(row, draft.person, profiles.get(draft.person.pk))
    return row


def readdress(row: Message, person: User, profile: Profile | None) -> None:
    """Where the person wants their messages today, and how private; a letter where they have no e-mail."""
    row.to_address = profile.write_to if profile else person.email
    row.channel = Channel.EMAIL if row.to_address else Channel.POST
    row.to_name = person.called
    row.is_private = profile.private_wording if profile else True
    row.postal_lines = profile.postal_lines if profile else []


def _profiles(people: Sequence[User]) -> dict[int, Profile]:
    wanted = {person.pk: person for person in people}
    if len(wanted) == 1:
        rows = _PROFILE(person=next(iter(wanted)))
    else:
        rows = list(Profile.objects.filter(person__in=list(wanted)))
    found = {row.person_id: row for row in rows}
    for key, row in found.items():
        row.person = wanted[key]
    return found


_PROFILE = Prepared("person", build=lambda person: Profile.objects.filter(person=person))


def _announce() -> None:
    from notifications.tasks import send  # the task calls this module

    announce(send)


def owe_sign_in_mail(address: str, *, key: str, template: str, sealed: str, at: datetime) -> None:
    """A code or a link for signing in: due at once, wiped when sent, tied to an address and to nobody."""
    owe([Draft(key, SIGN_IN, at, to_address=address, facts={"template": template}, sealed=sealed)], at=at)


def call_off(references: Iterable[str], kinds: Iterable[str]) -> int:
    """What is not sent yet and no longer true is not sent."""
    about = [reference for reference in references if reference]
    return Message.objects.still_owed().filter(about__in=about, kind__in=list(kinds)).update(status=Status.CANCELLED)


def renew(kind: str, references: Any, **facts: Any) -> int:
    """What is not sent yet says how it is now. Two statements, however many."""
    owed = Message.objects.still_owed().filter(kind=kind, about__in=references)
    rows = list(owed.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    for row in rows:
        row.facts = {**row.facts, **facts}
    return Message.objects.bulk_update(rows, ["facts"])


# -- What the office does by hand --------------------------------------------------------------------------


@transaction.atomic
def try_again(message_id: int, *, by: User, at: datetime) -> Message:
    """A message that stopped is sent again, with all its tries before it. Asked twice, it goes once."""
    message = Message.objects.select_for_update(no_key=True).get(pk=message_id)
    if message.status in (Status.OWED, Status.CLAIMED):
        return message
    if message.status != Status.STUCK:
        raise NotAllowed(Reason("message_not_stuck"))
    if message.kind == SIGN_IN:
        raise NotAllowed(Reason("sign_in_mail_is_old"))
    message.status, message.due_at, message.attempts, message.problem = Status.OWED, at, 0, ""
    message.save(update_fields=["status", "due_at", "attempts", "problem"])
    record(Entry.of(MessageEvent.TRIED_AGAIN, message, by=by, at=at, kind=message.kind))
    _announce()
    return message


@transaction.atomic
def mark_mailed(letter_ids: Iterable[int], *, by: User, at: datetime) -> int:
    """The envelopes went to the mail. A letter is marked once."""
    wanted = Message.objects.letters().filter(pk__in=list(letter_ids), mailed_at=None)
    letters = list(wanted.select_for_update(no_key=True, of=("self",)).select_related("person"))
    Message.objects.filter(pk__in=[letter.pk for letter in letters]).update(mailed_at=at, mailed_by=by)
    if letters:
        record(*(Entry.of(MessageEvent.MAILED, letter, by=by, at=at, kind=letter.kind) for letter in letters))
    return len(letters)


def mark_read(person: User, message_ids: Iterable[int] | None = None, *, at: datetime) -> int:
    """Read by the person themselves: these, or all of theirs."""
    unread = Message.objects.shown_to(person).unread()
    if message_ids is not None:
        unread = unread.filter(pk__in=list(message_ids))
    return unread.update(read_at=at)
