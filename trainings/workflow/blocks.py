"""Seats set aside for a provider's new hires who sign up until a day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from employment.models import Job, Provider
from programs.calendar import local_day
from trainings.events import TrainingEvent
from trainings.models import Block, Invitation, TrainingSession
from trainings.workflow.sessions import keep_seats, release_kept_seats
from trainings.workflow.steps import lock_session


@transaction.atomic
def make_block(session_id: int, provider_id: int, *, count: int, until_on: date, by: User, at: datetime) -> Block:
    """Before the seats are set. The same once more finds the block that is open, and changes nothing."""
    session = lock_session(session_id)
    provider = Provider.objects.get(pk=provider_id)
    there = Block.objects.filter(session=session, provider=provider, released_at=None).first()
    if there is not None:
        if (there.count, there.until_on) == (count, until_on):
            return there
        raise NotAllowed(Reason("block_is_there", count=there.count, day=there.until_on))
    reasons = _reasons_against(session, provider, until_on, at)
    if reasons:
        raise NotAllowed(*reasons)
    block = Block.objects.create(
        session=session, provider=provider, count=count, until_on=until_on, made_by=by, made_at=at
    )
    keep_seats(session.pk, count, for_round=block.reference, by=by, at=at)
    facts = {"provider": provider.reference, "count": count, "until_on": until_on.isoformat()}
    record(Entry.of(TrainingEvent.BLOCK_MADE, block, by=by, at=at, session=session.reference, **facts))
    return block


def _reasons_against(session: TrainingSession, provider: Provider, until_on: date, at: datetime) -> list[Reason]:
    if not session.is_published:
        return [Reason("session_not_open")]
    reasons = []
    if not provider.is_certified(local_day(at)):
        reasons.append(Reason("provider_not_certified_now", provider=provider.name))
    if session.registration_closes_at <= at:
        reasons.append(Reason("sign_up_is_over"))
    elif not local_day(at) <= until_on <= session.registration_closes_on:
        reasons.append(Reason("block_day_wrong", last=session.registration_closes_on))
    return reasons


@transaction.atomic
def release_block(block_id: int, *, by: User | None, at: datetime) -> Block:
    """What is not used goes to the line; who has a seat of the block keeps it."""
    session = lock_session(Block.objects.values_list("session_id", flat=True).get(pk=block_id))
    block = Block.objects.select_for_update(no_key=True).get(pk=block_id)
    if block.released_at:
        return block
    block.released_at = at
    block.save(update_fields=["released_at"])
    released = release_kept_seats(session.pk, for_round=block.reference, by=by, at=at)
    record(Entry.of(TrainingEvent.BLOCK_RELEASED, block, by=by, at=at, session=session.reference, count=released))
    return block


def release_blocks_due(at: datetime) -> int:
    """On the day after a block's last day; where seats are set on one day, not before that, or its people who signed up
    in time would have nothing of it."""
    are_given = Q(session__in=TrainingSession.objects.with_a_line()) | Q(session__starts_at__lte=at)
    over = Block.objects.filter(are_given, released_at=None, until_on__lt=local_day(at)).order_by("pk")
    due = list(over.values_list("pk", flat=True))
    for block_id in due:
        release_block(block_id, by=None, at=at)
    return len(due)


def block_for(session: TrainingSession, person: User, *, at: datetime) -> Block | None:
    """The open block this person may use: a job there that the employer confirmed, or their officer's invitation."""
    today = local_day(at)
    jobs = Job.objects.held(on=today).filter(person=person, status=Job.Status.VERIFIED)
    asked = Invitation.objects.filter(session=session, person=person, withdrawn_at=None)
    theirs = Q(provider__in=jobs.values("provider")) | Q(provider__in=asked.values("provider"))
    open_now = Block.objects.filter(theirs, session=session, released_at=None, until_on__gte=today)
    return open_now.select_related("provider").first()
