"""What the Board does with one file: step back, vote, recommend. None of it issues anything."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.workflow import refuse_own_matter
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from certification.events import CertificationEvent
from certification.models import (
    AgendaItem,
    BoardMember,
    CertificationApplication,
    Choice,
    Meeting,
    MissingItem,
    Outcome,
    Recommendation,
    Recusal,
    Status,
    Vote,
)
from certification.rules import outcome, presiding, quorum, reasons_not_to_recommend
from certification.workflow.steps import lock, move, told
from programs.calendar import local_day
from programs.program import program

EVENTS = {
    Outcome.RECOMMENDED: CertificationEvent.RECOMMENDED,
    Outcome.ASKS_MORE: CertificationEvent.BOARD_ASKS_MORE,
    Outcome.NOT_RECOMMENDED: CertificationEvent.NOT_RECOMMENDED,
}


def member_for(meeting: Meeting, person: User) -> BoardMember | None:
    """This person's seat on the day of the meeting."""
    return BoardMember.objects.seated(on=local_day(meeting.meets_at)).filter(person=person).first()


def _lock_item(item_id: int) -> AgendaItem:
    """The line with its file held, so that votes and the recommendation come one after the other."""
    item = AgendaItem.objects.select_related("meeting").get(pk=item_id)
    item.application = lock(item.application_id)
    return item


def _seat_of(item: AgendaItem, by: User) -> BoardMember:
    """Guards shared by every verb of a member: their own matter, their term, stepped back or not."""
    refuse_own_matter(item.application.person, by)
    member = member_for(item.meeting, by)
    if member is None:
        raise NotAllowed(Reason("not_a_member"))
    return member


def _require_live(item: AgendaItem) -> None:
    if (
        item.left_at
        or item.application.status != Status.ON_AGENDA
        or item.meeting.status != Meeting.Status.PLANNED
        or Recommendation.objects.filter(item=item).exists()
    ):
        raise NotAllowed(Reason("file_step"))


@transaction.atomic
def recuse(item_id: int, *, by: User, at: datetime) -> Recusal:
    """Step back from a file, here and at a later meeting. A vote already filed no longer counts; its entry stays."""
    item = _lock_item(item_id)
    member = _seat_of(item, by)
    already = Recusal.objects.filter(application=item.application, member=member).first()
    if already:
        return already
    _require_live(item)
    Vote.objects.filter(item=item, member=member).delete()
    recusal = Recusal.objects.create(application=item.application, member=member, recused_at=at)
    record(told(CertificationEvent.RECUSED, item.application, by=by, at=at, seat=member.seat))
    return recusal


@transaction.atomic
def vote(item_id: int, choice: str, *, by: User, at: datetime, reasons: str = "") -> Vote:
    """File one vote. The same vote again is the one that is there; another one is refused."""
    item = _lock_item(item_id)
    member = _seat_of(item, by)
    if Recusal.objects.filter(application=item.application, member=member).exists():
        raise NotAllowed(Reason("recused"))
    filed = Vote.objects.filter(item=item, member=member).first()
    if filed and (filed.choice, filed.reasons) == (choice, reasons.strip()):
        return filed
    if filed:
        raise NotAllowed(Reason("voted_already"))
    _require_live(item)
    if Choice(choice) in (Choice.MORE, Choice.NO) and not reasons.strip():
        raise NotAllowed(Reason("reasons_needed"))
    filed = Vote.objects.create(item=item, member=member, choice=choice, reasons=reasons.strip(), cast_at=at)
    record(told(CertificationEvent.VOTED, item.application, by=by, at=at, seat=member.seat, choice=choice))
    return filed


@transaction.atomic
def recommend(item_id: int, *, by: User, at: datetime, reasons: str = "") -> Recommendation:
    """The chair records what the votes of a quorum say; where the chair stepped back, the lowest seat present."""
    item = _lock_item(item_id)
    already = Recommendation.objects.filter(item=item).first()
    if already:
        return already
    member = _seat_of(item, by)
    _require_live(item)
    seated = list(BoardMember.objects.seated(on=local_day(item.meeting.meets_at)))
    if member.seat != presiding_seat(item, seated):
        raise NotAllowed(Reason("not_the_chair"))
    tally = votes_of(item)
    refusals = reasons_not_to_recommend(
        seated=len(seated), tally=tally, meeting_on=local_day(item.meeting.meets_at), today=local_day(at)
    )
    result = outcome(tally)
    if refusals or result is None:
        raise NotAllowed(*refusals)
    if result != Outcome.RECOMMENDED and not reasons.strip():
        raise NotAllowed(Reason("reasons_needed"))
    recommendation = Recommendation.objects.create(
        item=item,
        outcome=result,
        reasons=reasons.strip(),
        recorded_by=by,
        recorded_at=at,
        seated=len(seated),
        quorum=quorum(len(seated)),
        tally=tally,
    )
    move(item.application, Status(result))
    record(_recommended(item, recommendation, by=by, at=at))
    if result == Outcome.ASKS_MORE:
        _ask(item.application, recommendation)
    return recommendation


def presiding_seat(item: AgendaItem, seated: list[BoardMember]) -> int | None:
    recused = {recusal.member.seat for recusal in item.application.recusals.select_related("member")} | {
        member.seat for member in seated if member.person_id == item.application.person_id
    }
    return presiding([(member.seat, member.is_chair) for member in seated], recused)


def votes_of(item: AgendaItem) -> dict[str, int]:
    """Votes by choice; those who stepped back have none."""
    return dict(Counter(item.votes.values_list("choice", flat=True)))


def _recommended(item: AgendaItem, recommendation: Recommendation, *, by: User, at: datetime) -> Entry:
    return told(
        EVENTS[Outcome(recommendation.outcome)],
        item.application,
        by=by,
        at=at,
        meeting=item.meeting.reference,
        number=item.number,
        tally=recommendation.tally,
        seated=recommendation.seated,
        quorum=recommendation.quorum,
    )


def _ask(application: CertificationApplication, recommendation: Recommendation) -> None:
    """What the Board wants to know becomes one open thing for the person, mended like any other."""
    at = recommendation.recorded_at
    MissingItem.objects.create(
        application=application,
        code="other",
        words=recommendation.reasons[:500],
        noted_by=recommendation.recorded_by,
        noted_at=at,
        due_on=answer_due(at),
    )


def answer_due(at: datetime) -> date:
    """By when an answer reaches the next meeting; where none is planned, in the office's own time."""
    coming = Meeting.objects.filter(status=Meeting.Status.PLANNED, packet_deadline_at__gt=at).order_by("meets_at")
    meeting = coming.first()
    today = local_day(at)
    return local_day(meeting.packet_deadline_at) if meeting else program(today).service_due("place_review", today)
