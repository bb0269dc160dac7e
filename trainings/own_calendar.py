"""A person's own calendar: their days of class, an offer's answer-by, their test. Of nothing else, and of nobody else.

With private wording the file holds no program, condition or department word anywhere, the address of the room left
out: it stands on a screen others may see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.events import AccountEvent
from accounts.models import Profile, User
from audit.models import Entry
from trainings.calendar_file import Item, numbered_days, written
from trainings.events import TrainingEvent
from trainings.models import ExamBooking, MakeUp, Registration, Status, TrainingSession

KEPT_FOR = timedelta(days=120)  # a subscribed calendar still hears of what was called off

SEATED = (TrainingEvent.CONFIRMED, TrainingEvent.ACCEPTED)


@dataclass
class Stay:
    """A spot in one session, as the history tells it: a spot may have moved, and come back."""

    spot: Registration
    session: TrainingSession
    had_a_seat: bool = False
    offers: list[datetime] = field(default_factory=list)

    @property
    def is_here(self) -> bool:
        return self.spot.session_id == self.session.pk


def own_calendar(person: User, *, at: datetime) -> bytes:
    profile = Profile.objects.filter(person=person).first()
    is_private = profile.private_wording if profile else True
    stays, changes = _stays(person, at)
    items = [item for stay in stays for item in _items(stay, changes[stay.spot.reference], is_private)]
    items += _tests(person, changes, is_private, at)
    items += _make_ups(person, changes, is_private, at)
    return written(items, maker="Training Office//Dates", name=_("My dates"))


@dataclass
class Changes:
    """How often a spot's history grew, and when last: what makes each change count in a calendar."""

    count: int = 0
    last_at: datetime | None = None


def _stays(person: User, at: datetime) -> tuple[list[Stay], dict[str, Changes]]:
    spots = {spot.reference: spot for spot in Registration.objects.of(person)}
    of_spots = Q(subject_kind=Registration._meta.label_lower)
    history = list(Entry.objects.about(person.reference).filter(of_spots | Q(event=AccountEvent.PROFILE_CHANGED)))
    entries = [entry for entry in history if entry.event != AccountEvent.PROFILE_CHANGED]
    named = {entry.facts.get("session", "") for entry in entries}
    ahead = TrainingSession.objects.filter(reference__in=named, ends_at__gte=at - KEPT_FOR)
    sessions = {one.reference: one for one in ahead.select_related("course").prefetch_related("half_days")}
    stays: dict[tuple[str, str], Stay] = {}
    changes: dict[str, Changes] = {}
    for entry in entries:
        known = changes.setdefault(entry.subject_reference, Changes())
        known.count, known.last_at = known.count + 1, entry.at
        spot, session = spots.get(entry.subject_reference), sessions.get(entry.facts.get("session", ""))
        if spot is None or session is None:
            continue
        stay = stays.setdefault((spot.reference, session.reference), Stay(spot, session))
        stay.had_a_seat |= entry.event in SEATED
        if entry.event == TrainingEvent.SEAT_OFFERED and entry.facts.get("answer_by"):
            stay.offers.append(datetime.fromisoformat(entry.facts["answer_by"]))
    for entry in history:
        if "private_wording" in entry.facts.get("changed", []):  # every entry of the file now reads otherwise
            for known in changes.values():
                known.count, known.last_at = known.count + 1, max(known.last_at or entry.at, entry.at)
    return list(stays.values()), changes


def _items(stay: Stay, changes: Changes, is_private: bool) -> Iterator[Item]:
    spot, session = stay.spot, stay.session
    sequence = session.changes + changes.count
    changed_at = max(session.changed_at, changes.last_at or session.changed_at)
    uid, path = f"{spot.reference}-{session.reference}", spot.get_absolute_url()
    if stay.had_a_seat:
        has_seat = stay.is_here and spot.status == Status.CONFIRMED
        title = _("Class day") if is_private else session.course.title
        location = "" if is_private else session.location or _("Online")
        for number, start, end, is_on in numbered_days(session):
            is_mine = is_on and has_seat
            yield Item(f"{uid}-{number}", sequence, changed_at, start, end, title, is_mine, location, path)
    if stay.offers:
        is_open = stay.is_here and spot.is_offered and not session.is_cancelled
        ends_at = spot.offer_expires_at if is_open and spot.offer_expires_at else stay.offers[-1]
        title = _("Last time to answer") if is_private else _("Last time to answer: %s") % session.course.title
        yield Item(f"{uid}-answer", sequence, changed_at, ends_at, None, title, is_open, path=path)


def _tests(person: User, changes: dict[str, Changes], is_private: bool, at: datetime) -> Iterator[Item]:
    """Every sitting they were booked for; one taken back is called off."""
    booked = ExamBooking.objects.filter(registration__person=person, sitting__starts_at__gte=at - KEPT_FOR)
    for one in booked.select_related("sitting", "registration__course").order_by("pk"):
        spot, sitting = one.registration, one.sitting
        known = changes.get(spot.reference, Changes())
        yield Item(
            uid=f"{spot.reference}-test-{one.pk}",
            sequence=known.count,
            changed_at=known.last_at or one.booked_at,
            starts_at=sitting.starts_at,
            ends_at=sitting.starts_at + timedelta(minutes=sitting.minutes + one.extra_minutes),
            title=_("Test") if is_private else _("Test: %s") % spot.course.title,
            is_on=one.taken_back_at is None,
            location="" if is_private else sitting.where,
            path=spot.get_absolute_url(),
        )


def _make_ups(person: User, changes: dict[str, Changes], is_private: bool, at: datetime) -> Iterator[Item]:
    """Half-days made up in a later session: the chair of a day, not a spot there."""
    booked = MakeUp.objects.filter(registration__person=person, session__ends_at__gte=at - KEPT_FOR)
    rows = booked.select_related("session__course", "registration").prefetch_related("session__half_days")
    for one in rows.order_by("pk"):
        spot, session = one.registration, one.session
        half_days = list(session.half_days.all())
        if one.number > len(half_days):
            continue
        known = changes.get(spot.reference, Changes())
        yield Item(
            uid=f"{spot.reference}-make-up-{one.pk}",
            sequence=session.changes + known.count,
            changed_at=max(session.changed_at, known.last_at or one.booked_at),
            starts_at=half_days[one.number - 1].starts_at,
            ends_at=half_days[one.number - 1].ends_at,
            title=_("Class day") if is_private else session.course.title,
            is_on=one.taken_back_at is None and not session.is_cancelled,
            location="" if is_private else session.location or _("Online"),
            path=spot.get_absolute_url(),
        )
