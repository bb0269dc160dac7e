"""The Board's calendar: seats, meetings, agendas, and what happens when a meeting is cancelled."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from accounts.models import User
from accounts.workflow import lock_person, refuse_own_matter
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from certification.events import CertificationEvent
from certification.models import AgendaItem, BoardMember, CertificationApplication, Meeting, Status
from certification.rules import reasons_not_to_plan
from certification.workflow.steps import lock, move, require_step, told
from programs.calendar import in_time, local_day
from programs.program import Rules, program

# -- Who sits ----------------------------------------------------------------------------------------------


@transaction.atomic
def seat_member(
    person_id: int,
    seat: int,
    *,
    starts_on: date,
    by: User | None,
    at: datetime,
    ends_on: date | None = None,
    is_chair: bool = False,
) -> BoardMember:
    """Begin a term. The same person in the same seat from the same day is given back."""
    person = lock_person(person_id)
    refuse_own_matter(person, by)
    same = BoardMember.objects.filter(person=person, seat=seat, starts_on=starts_on).first()
    if same:
        return same
    seats = board_seats(program(local_day(at)))
    if not 1 <= seat <= seats:
        raise NotAllowed(Reason("seat_unknown", seats=seats))
    overlapping = BoardMember.objects.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if ends_on:
        overlapping = overlapping.filter(starts_on__lt=ends_on)
    if overlapping.filter(seat=seat).exists():
        raise NotAllowed(Reason("seat_taken"))
    if overlapping.filter(person=person).exists():
        raise NotAllowed(Reason("seated_already"))
    member = BoardMember.objects.create(
        person=person, seat=seat, starts_on=starts_on, ends_on=ends_on, is_chair=is_chair
    )
    record(
        Entry.of(
            CertificationEvent.MEMBER_SEATED,
            member,
            by=by,
            at=at,
            seat=seat,
            is_chair=is_chair,
            starts_on=starts_on.isoformat(),
            ends_on=ends_on.isoformat() if ends_on else None,
        )
    )
    return member


def board_seats(rules: Rules) -> int:
    """As the pack says; seven where it does not."""
    return max((step.seats for step in rules.decision_steps), default=0) or 7


@transaction.atomic
def end_term(member_id: int, *, ends_on: date, by: User | None, at: datetime) -> BoardMember:
    member = BoardMember.objects.select_for_update(no_key=True).select_related("person").get(pk=member_id)
    if member.ends_on == ends_on:
        return member
    member.ends_on = ends_on
    member.save(update_fields=["ends_on"])
    record(Entry.of(CertificationEvent.MEMBER_LEFT, member, by=by, at=at, ends_on=ends_on.isoformat()))
    return member


# -- Meetings ----------------------------------------------------------------------------------------------


@transaction.atomic
def plan_meeting(
    *, meets_at: datetime, packet_deadline_at: datetime, location: str, by: User | None, at: datetime
) -> Meeting:
    """Put a meeting on the calendar. Complete files without one go on its agenda at once."""
    reasons = reasons_not_to_plan(meets_at=meets_at, packet_deadline_at=packet_deadline_at, at=at)
    if reasons:
        raise NotAllowed(*reasons)
    same = Meeting.objects.filter(meets_at=meets_at, status=Meeting.Status.PLANNED).first()
    if same and same.packet_deadline_at == packet_deadline_at and same.location == location:
        return same
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                meets_at=meets_at, packet_deadline_at=packet_deadline_at, location=location
            )
    except IntegrityError as twice:
        raise NotAllowed(Reason("meeting_twice")) from twice
    record(
        Entry.of(
            CertificationEvent.MEETING_PLANNED,
            meeting,
            by=by,
            at=at,
            meets_at=meets_at.isoformat(),
            packet_deadline_at=packet_deadline_at.isoformat(),
        )
    )
    fill_agendas(at=at, by=by)
    return meeting


@transaction.atomic
def cancel_meeting(meeting_id: int, *, by: User, at: datetime) -> Meeting:
    """Every file that waits for it moves to the next meeting, keeping the dates of its completeness."""
    meeting = lock_meeting(meeting_id)
    if meeting.status == Meeting.Status.CANCELLED:
        return meeting
    if local_day(meeting.meets_at) < local_day(at):
        raise NotAllowed(Reason("meeting_over"))
    meeting.status, meeting.cancelled_at = Meeting.Status.CANCELLED, at
    meeting.save(update_fields=["status", "cancelled_at"])
    record(Entry.of(CertificationEvent.MEETING_CANCELLED, meeting, by=by, at=at))
    for item in list(meeting.items.live().order_by("number")):
        _take_off(item, cancelled=meeting, by=by, at=at)
    return meeting


def _take_off(item: AgendaItem, *, cancelled: Meeting, by: User, at: datetime) -> None:
    """Unless the Board was quicker and has recommended on it."""
    application = lock(item.application_id)
    if application.status != Status.ON_AGENDA:
        return
    item.left_at = at
    item.save(update_fields=["left_at"])
    move(application, Status.COMPLETE)
    _place_again(application, cancelled=cancelled, by=by, at=at)


def lock_meeting(meeting_id: int) -> Meeting:
    return Meeting.objects.select_for_update(no_key=True).get(pk=meeting_id)


# -- Agendas -----------------------------------------------------------------------------------------------


@transaction.atomic
def put_on_agenda(application_id: int, meeting_id: int, *, by: User | None, at: datetime) -> AgendaItem:
    """Staff choose the meeting. The same file on the same agenda twice is once."""
    application = lock(application_id)
    refuse_own_matter(application.person, by)
    already = application.agenda_items.live().filter(meeting_id=meeting_id).first()
    if already:
        return already
    require_step(application, Status.ON_AGENDA)
    meeting = lock_meeting(meeting_id)
    if meeting.status != Meeting.Status.PLANNED or meeting.meets_at <= at:
        raise NotAllowed(Reason("meeting_over"))
    if not in_time(application.whole_at or at, meeting.packet_deadline_at):
        raise NotAllowed(Reason("came_after_deadline", deadline=meeting.packet_deadline_at.isoformat()))
    item = _add_line(meeting, application, at=at)
    record(_on_agenda(CertificationEvent.ON_AGENDA, item, by=by, at=at))
    return item


def fill_agendas(*, at: datetime, by: User | None = None) -> int:
    """Give every complete file without a meeting the first one whose packet deadline it kept."""
    pks = list(CertificationApplication.objects.waiting_for_a_meeting().values_list("pk", flat=True))
    placed = 0
    for pk in pks:
        with transaction.atomic():
            application = lock(pk)
            placed += application.status == Status.COMPLETE and place(application, by=by, at=at) is not None
    return placed


def place(application: CertificationApplication, *, by: User | None, at: datetime) -> AgendaItem | None:
    """On the first agenda that still takes this file; none where no such meeting is planned."""
    item = _first_agenda(application, at)
    if item:
        record(_on_agenda(CertificationEvent.ON_AGENDA, item, by=by, at=at))
    return item


def _place_again(application: CertificationApplication, *, cancelled: Meeting, by: User | None, at: datetime) -> None:
    """One entry, so that one message tells the person, whether or not there is a next meeting."""
    item = _first_agenda(application, at)
    facts = {"cancelled": cancelled.reference, "cancelled_meets_at": cancelled.meets_at.isoformat()}
    if item:
        record(_on_agenda(CertificationEvent.MOVED, item, by=by, at=at, **facts))
    else:
        record(told(CertificationEvent.MOVED, application, by=by, at=at, meeting="", meets_at="", **facts))


def _first_agenda(application: CertificationApplication, at: datetime) -> AgendaItem | None:
    for meeting in Meeting.objects.still_taking(application.whole_at or at, at):
        held = lock_meeting(meeting.pk)  # it may have been cancelled while we looked
        if held.status == Meeting.Status.PLANNED:
            return _add_line(held, application, at=at)
    return None


def _add_line(meeting: Meeting, application: CertificationApplication, *, at: datetime) -> AgendaItem:
    last = meeting.items.aggregate(last=Max("number"))["last"] or 0
    item = AgendaItem.objects.create(meeting=meeting, application=application, number=last + 1, added_at=at)
    move(application, Status.ON_AGENDA)
    return item


def _on_agenda(event: CertificationEvent, item: AgendaItem, *, by: User | None, at: datetime, **facts: str) -> Entry:
    return told(
        event,
        item.application,
        by=by,
        at=at,
        meeting=item.meeting.reference,
        meets_at=item.meeting.meets_at.isoformat(),
        number=item.number,
        **facts,
    )
