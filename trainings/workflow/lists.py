"""The meeting platform's list: taken as a whole, matched by staff, and shown beside the half-days as a hint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.workflow import refuse_own_matter
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from trainings import presence
from trainings.events import TrainingEvent
from trainings.models import HalfDay, MakeUp, MeetingList, Presence, Registration, Status, TrainingSession
from trainings.presence import Known, Stay, name_key
from trainings.rules import ONE_HOUR
from trainings.workflow.steps import lock_session


class ListHasErrors(NotAllowed):
    """Nothing was stored; what is wrong, line by line."""

    def __init__(self, errors: tuple[tuple[int, Reason], ...]) -> None:
        super().__init__(*(reason for _line, reason in errors))
        self.errors = errors


@transaction.atomic
def take_list(
    session_id: int, raw: bytes, *, name: str, by: User, at: datetime, day: date | None = None
) -> MeetingList:
    """All of the file or nothing of it. The same file twice is one list."""
    session = lock_session(session_id)
    checksum = hashlib.sha256(raw).hexdigest()
    before = session.meeting_lists.filter(checksum=checksum).first()
    if before:
        return before
    read = presence.read_list(raw, day=day)
    if read.errors:
        raise ListHasErrors(read.errors)
    other_days = _days_without_class(session, read.stays)
    if other_days:
        reason = Reason("list_of_another_day", days=other_days, first=session.starts_on, last=session.ends_on)
        raise ListHasErrors(((0, reason),))
    taken = MeetingList.objects.create(
        session=session, name=name[:200], checksum=checksum, uploaded_at=at, uploaded_by=by
    )
    Presence.objects.bulk_create(
        Presence(
            meeting_list=taken,
            line=stay.line,
            name=stay.name,
            email=stay.email,
            phone=stay.phone,
            joined_at=stay.joined_at,
            left_at=stay.left_at,
        )
        for stay in read.stays
    )
    record(Entry.of(TrainingEvent.MEETING_LIST_TAKEN, session, by=by, at=at, rows=len(read.stays)))
    return taken


def _days_without_class(session: TrainingSession, stays: Iterable[Stay]) -> tuple[date, ...]:
    """The days of a list that has nothing of any day of class: the wrong file, or the wrong class."""
    class_days = {half_day.on for half_day in session.half_days.all()}
    days = {local_day(moment) for stay in stays for moment in (stay.joined_at, stay.left_at)}
    return () if days & class_days else tuple(sorted(days))


def in_class(session: TrainingSession) -> list[Registration]:
    """Who may stand on the meeting's list: people with a seat, and people who make up a half-day."""
    own = session.registrations.filter(status=Status.CONFIRMED)
    guests = Registration.objects.filter(make_ups__in=MakeUp.objects.standing().filter(session=session))
    keys = {*own.values_list("pk", flat=True), *guests.values_list("pk", flat=True)}
    found = Registration.objects.filter(pk__in=keys).select_related("person__profile", "course")
    return list(found.order_by("person__name_in_use", "person__legal_given_names", "pk"))


@dataclass(frozen=True)
class Named:
    """One name of the list, with all its stays: what staff decide about."""

    key: str  # of the first of its rows
    rows: tuple[Presence, ...]
    proposed: int | None
    by: str  # email, name_in_use, legal_name, phone, before, or ""
    is_settled: bool

    @property
    def first(self) -> Presence:
        return self.rows[0]


def named_on(taken: MeetingList, people: list[Registration]) -> list[Named]:
    """Each name once. What was said about the same name in an earlier list of this session is proposed again,
    also that it is nobody's here."""
    known = [known_of(spot) for spot in people]
    said = {
        _who(row): row.registration_id
        for row in Presence.objects.filter(meeting_list__session=taken.session_id, settled_at__isnull=False).exclude(
            meeting_list=taken
        )
    }
    groups: dict[tuple[str, str, str], list[Presence]] = {}
    for row in taken.rows.all():
        groups.setdefault(_who(row), []).append(row)
    found = []
    for who, rows in groups.items():
        first = rows[0]
        if first.settled_at is not None:
            proposed, by = first.registration_id, ""
        elif who in said:
            proposed, by = said[who], "before"
        else:
            proposed, by = presence.propose(name=first.name, email=first.email, phone=first.phone, people=known)
        found.append(Named(str(first.pk), tuple(rows), proposed, by, first.settled_at is not None))
    return found


def _who(row: Presence) -> tuple[str, str, str]:
    return name_key(row.name), row.email, row.phone


def known_of(spot: Registration) -> Known:
    person = spot.person
    profile = getattr(person, "profile", None)
    emails = {person.email.lower(), profile.contact_email.lower() if profile else ""}
    given = (person.legal_given_names.split() or [""])[0]
    called = {person.called, f"{person.called} {person.legal_family_name}"} if person.called else set()
    legal = {person.legal_name, f"{given} {person.legal_family_name}"}
    return Known(
        spot.pk,
        emails=frozenset(emails - {""}),
        name_in_use=frozenset(filter(None, map(name_key, called))),
        legal_name=frozenset(filter(None, map(name_key, legal))),
        phones=frozenset({str(profile.phone)} if profile and profile.phone else set()),
    )


@transaction.atomic
def match_list(list_id: int, whose: Mapping[int, int | None], *, by: User, at: datetime) -> int:
    """{row: registration, or None for nobody here}. A name stands for all its rows. Returns how many changed."""
    taken = MeetingList.objects.select_related("session").get(pk=list_id)
    session = lock_session(taken.session_id)
    people = {spot.pk: spot for spot in in_class(session)}
    rows = list(taken.rows.all())
    by_name: dict[tuple[str, str, str], int | None] = {}
    for row in rows:
        if row.pk in whose:
            by_name[_who(row)] = whose[row.pk]
    changed = []
    for row in rows:
        if _who(row) not in by_name:
            continue
        spot_id = by_name[_who(row)]
        if row.settled_at is not None and row.registration_id == spot_id:
            continue
        if spot_id is not None and spot_id not in people:
            raise NotAllowed(Reason("not_on_this_list"))
        for concerned in people.keys() & {spot_id, row.registration_id}:
            refuse_own_matter(people[concerned].person, by)
        row.registration_id, row.settled_at = spot_id, at
        changed.append(row)
    Presence.objects.bulk_update(changed, ["registration", "settled_at"])
    if changed:
        matched = sum(row.registration_id is not None for row in changed)
        facts = {"matched": matched, "nobody": len(changed) - matched}
        record(Entry.of(TrainingEvent.MEETING_LIST_MATCHED, session, by=by, at=at, **facts))
    return len(changed)


@dataclass(frozen=True)
class Seen:
    """What the machine noted of one person and one half-day. A hint; the trainer decides."""

    minutes: int | None  # by the meeting's list; None where no list speaks of that day
    pressed_at: datetime | None


def hints(session: TrainingSession, people: list[Registration]) -> dict[tuple[int, int], Seen]:
    """{(registration, half-day): what was seen}, in two statements however many people and half-days."""
    stays: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = Presence.objects.filter(meeting_list__session=session)
    spans = list(rows.values_list("registration", "joined_at", "left_at"))
    for who, joined_at, left_at in spans:
        if who is not None:
            stays.setdefault(who, []).append((joined_at, left_at))
    presses: dict[int, list[datetime]] = {}
    for who, at in session.join_presses.values_list("registration", "at"):
        presses.setdefault(who, []).append(at)
    found = {}
    for half_day in session.half_days.all():
        speaks = any(a < half_day.ends_at and half_day.starts_at < b for _who_, a, b in spans)
        for spot in people:
            minutes = presence.minutes_in(stays.get(spot.pk, []), half_day.starts_at, half_day.ends_at)
            pressed = [at for at in presses.get(spot.pk, []) if _near(half_day, at)]
            if speaks or pressed:
                found[spot.pk, half_day.pk] = Seen(minutes if speaks else None, pressed[0] if pressed else None)
    return found


def _near(half_day: HalfDay, at: datetime) -> bool:
    return half_day.starts_at - ONE_HOUR <= at < half_day.ends_at
