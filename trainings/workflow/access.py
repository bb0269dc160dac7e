"""An offer does not run out while we still arrange what helps its person take part."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.db.models import Q

from accounts.models import AccessNeeds
from audit.trail import record
from programs.calendar import local_moment
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import Registration, Status
from trainings.workflow.steps import each, entry, lock_spot

END_OF_DAY = time(23, 59)


def open_needs(person_id: int) -> AccessNeeds | None:
    return AccessNeeds.objects.filter(person=person_id, answered_at=None).first()


def wait_for_access(at: datetime) -> int:
    """Offers that would end within the hour while our answer is still owed. Run each minute, so that none ends."""
    soon = Q(status=Status.OFFERED, offer_expires_at__lte=at + rules.ONE_HOUR)
    waiting = Registration.objects.filter(soon, person__access_needs__in=AccessNeeds.objects.filter(answered_at=None))
    return each(waiting.order_by("pk").values_list("pk", flat=True), _wait_one, at)


@transaction.atomic
def _wait_one(registration_id: int, at: datetime) -> bool:
    return lengthen(lock_spot(registration_id), at)


def lengthen(spot: Registration, at: datetime) -> bool:
    """A day beyond the day our answer is due, or beyond now where it is late. The caller holds the spot."""
    needs = open_needs(spot.person_id)
    if needs is None:
        return False
    answered_at = max(at, local_moment(needs.answer_due_on, END_OF_DAY))
    return _give_until(spot, answered_at, at)


def offers_of_somebody_answered(person_id: int, *, at: datetime) -> None:
    offers = Registration.objects.filter(person=person_id, status=Status.OFFERED)
    each(offers.order_by("session_id").values_list("pk", flat=True), _answered_one, at)


def _answered_one(registration_id: int, at: datetime) -> bool:
    return _give_until(lock_spot(registration_id), at, at)


def _give_until(spot: Registration, answered_at: datetime, at: datetime) -> bool:
    if spot.status != Status.OFFERED or spot.offer_expires_at is None:
        return False
    starts_at = spot.session.starts_at
    until = rules.offer_waits_until(spot.offer_expires_at, answered_at=answered_at, starts_at=starts_at)
    if until == spot.offer_expires_at:
        return False
    spot.offer_expires_at = until
    spot.save(update_fields=["offer_expires_at"])
    record(entry(TrainingEvent.OFFER_WAITS, spot, by=None, at=at, answer_by=until.isoformat()))
    return True
