"""Fees that came by mail: taken once, and dated when the bank sends one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.workflow import refuse_own_matter
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from certification.events import CertificationEvent
from certification.evidence import asked_of
from certification.models import CertificationApplication, Payment, Status
from certification.workflow.file import clear_what_is_met
from certification.workflow.steps import lock, move, told
from programs.calendar import local_day


@dataclass(frozen=True)
class Money:
    """What was in the envelope."""

    cents: int
    received_on: date
    method: str
    number: str = ""
    paid_by: str = ""


@transaction.atomic
def take_payment(application_id: int, fee: str, money: Money, *, by: User, at: datetime) -> Payment:
    """Write down a check or a money order. A fee that is paid already is given back as it was."""
    application = lock(application_id)
    refuse_own_matter(application.person, by)
    paid = application.payments.filter(fee=fee, came_back_on=None).first()
    if paid:
        return paid
    reasons = list(_reasons_not_to_take(application, fee, money, on=local_day(at)))
    if reasons:
        raise NotAllowed(*reasons)
    payment = Payment.objects.create(
        person=application.person,
        application=application,
        fee=fee,
        cents=money.cents,
        received_on=money.received_on,
        method=money.method,
        number=money.number,
        paid_by=money.paid_by,
        entered_by=by,
        entered_at=at,
    )
    record(
        told(
            CertificationEvent.PAYMENT_TAKEN,
            application,
            by=by,
            at=at,
            fee=fee,
            cents=money.cents,
            received_on=money.received_on.isoformat(),
        )
    )
    clear_what_is_met(application, by=by, at=at)
    return payment


def _reasons_not_to_take(application: CertificationApplication, fee: str, money: Money, *, on: date) -> list[Reason]:
    fees = {asked.params["fee"]: asked.params["cents"] for asked in asked_of(application, on) if asked.kind == "fee"}
    if not application.is_open:
        return [Reason("file_step")]
    if fee not in fees:
        return [Reason("no_such_fee")]
    reasons = []
    if money.cents != fees[fee]:
        reasons.append(Reason("fee_amount", cents=fees[fee]))
    if money.received_on > on:
        reasons.append(Reason("date_is_ahead"))
    return reasons


@transaction.atomic
def note_payment_back(payment_id: int, *, on: date, by: User, at: datetime) -> Payment:
    """The bank sent it back: the fee is open again, and a complete file is not complete without it."""
    payment = Payment.objects.get(pk=payment_id)
    application = lock(payment.application_id)
    payment.refresh_from_db()
    refuse_own_matter(application.person, by)
    if payment.came_back_on:
        return payment
    payment.came_back_on = on
    payment.save(update_fields=["came_back_on"])
    if application.status == Status.COMPLETE:
        move(application, Status.SUBMITTED, completed_at=None, whole_at=None)
    record(told(CertificationEvent.PAYMENT_CAME_BACK, application, by=by, at=at, fee=payment.fee))
    return payment
