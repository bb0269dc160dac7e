"""Decisions on scholarships: prepared, told together, and awards that take money and a kept seat in one step.

Locks are taken in one order by everybody: the round, the session, the spot, the award.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

import trainings.workflow
from accounts.models import User
from accounts.workflow import refuse_own_matter
from applicants import rules
from applicants.events import ApplicantEvent
from applicants.models import Award, LedgerLine, Review, ScholarshipApplication, ScholarshipRound
from applicants.workflow.essays import lock_scholarship
from applicants.workflow.reviews import ranking
from applicants.workflow.rounds import lock_round
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from trainings.models import Registration
from trainings.models import Status as Spot

Status, Choice = ScholarshipApplication.Status, ScholarshipApplication.Choice
IN_THE_RANKING = (Spot.ADMITTED, Spot.WAITING)
_ALIVE = (Award.Status.OFFERED, Award.Status.ACCEPTED)
NEWS = {
    Award.Status.ACCEPTED: ApplicantEvent.AWARD_ACCEPTED,
    Award.Status.DECLINED: ApplicantEvent.AWARD_DECLINED,
    Award.Status.RAN_OUT: ApplicantEvent.AWARD_RAN_OUT,
}


# -- Decisions ---------------------------------------------------------------------------------------------


@transaction.atomic
def stage(
    application_id: int, choice: str, *, seen: str, by: User, at: datetime, reason: str = ""
) -> ScholarshipApplication:
    """Prepare a decision; nobody is told. `seen` is what the page showed: two people do not decide over each other."""
    application = lock_scholarship(application_id)
    refuse_own_matter(application.person, by)
    if application.staged == choice and application.reason == reason:
        return application
    if reasons := _reasons_not_to_stage(application, choice, seen, reason):
        raise NotAllowed(*reasons)
    before, application.staged, application.reason = application.staged, choice, reason
    application.save(update_fields=["staged", "reason"])
    record(Entry.of(ApplicantEvent.DECISION_STAGED, application, by=by, at=at, before=before, after=choice))
    return application


def _reasons_not_to_stage(application: ScholarshipApplication, choice: str, seen: str, reason: str) -> list[Reason]:
    if application.status != Status.SUBMITTED:
        return [Reason("already_told")]
    if application.round.status == ScholarshipRound.Status.OPEN:
        return [Reason("round_not_closed")]
    if application.staged != seen:
        return [Reason("decision_changed")]
    unfiled = application.reviews.readable().exclude(status=Review.Status.FILED).count()
    if unfiled or not application.reviews.filed().exists():
        return [Reason("not_filed_yet", count=max(unfiled, 1))]
    return [Reason("no_needs_words")] if choice == Choice.NO and not reason.strip() else []


@transaction.atomic
def release(round_id: int, *, by: User, at: datetime) -> list[ScholarshipApplication]:
    """Tell everyone of the round at once. All of it happens, or none; the second of two presses is told so."""
    round_ = lock_round(round_id)
    list(round_.applications.select_for_update(no_key=True).order_by("pk").values_list("pk"))  # nobody leaves meanwhile
    ranked = [application for application, _standing in ranking(round_) if application.status == Status.SUBMITTED]
    if round_.status == ScholarshipRound.Status.OPEN:
        raise NotAllowed(Reason("round_not_closed"))
    if not any(application.staged for application in ranked):
        raise NotAllowed(Reason("nothing_staged"))
    undecided = sum(not application.staged for application in ranked)
    if undecided:
        raise NotAllowed(Reason("undecided_left", count=undecided))
    for application in ranked:
        refuse_own_matter(application.person, by)
    winners = [application for application in ranked if application.staged == Choice.AWARD]
    _refuse_short(round_, len(winners))
    for application in winners:
        _offer(round_, application, by=by, at=at)
    _tell_the_others(ranked, by=by, at=at)
    round_.status = ScholarshipRound.Status.DECIDED
    round_.save(update_fields=["status"])
    return ranked


def _tell_the_others(ranked: list[ScholarshipApplication], *, by: User, at: datetime) -> None:
    news = []
    places = iter(range(1, len(ranked) + 1))
    for application in ranked:
        if application.staged == Choice.WAITLIST:
            application.status, application.waitlist_rank = Status.WAITLISTED, next(places)
            news.append(
                Entry.of(ApplicantEvent.AWARD_WAITLISTED, application, by=by, at=at, number=application.waitlist_rank)
            )
        elif application.staged == Choice.NO:
            application.status = Status.NOT_AWARDED
            news.append(Entry.of(ApplicantEvent.NOT_AWARDED, application, by=by, at=at))
        else:
            continue
        application.released_at = at
        application.save(update_fields=["status", "waitlist_rank", "released_at"])
    if news:
        record(*news)


# -- Awards ------------------------------------------------------------------------------------------------


@transaction.atomic
def offer_award(application_id: int, *, by: User | None, at: datetime) -> Award:
    """Money and a seat for one person, in one step. Offered already, it is offered once."""
    round_id = ScholarshipApplication.objects.values_list("round_id", flat=True).get(pk=application_id)
    round_ = lock_round(round_id)
    application = lock_scholarship(application_id)
    refuse_own_matter(application.person, by)
    _refuse_short(round_, 1)
    return _offer(round_, application, by=by, at=at)


def _refuse_short(round_: ScholarshipRound, count: int) -> None:
    reasons = rules.reasons_not_to_award(
        free_cents=round_.free_cents, award_cents=round_.award_cents, free_seats=free_seats(round_), count=count
    )
    if reasons:
        raise NotAllowed(*reasons)


def free_seats(round_: ScholarshipRound) -> int:
    return round_.session.seats.free().filter(kept_for=round_.reference).count()


def _offer(round_: ScholarshipRound, application: ScholarshipApplication, *, by: User | None, at: datetime) -> Award:
    """The round is held. Its constraint refuses money beyond the budget whatever is written here."""
    live = application.awards.filter(status__in=[Award.Status.OFFERED, Award.Status.ACCEPTED]).first()
    if live:
        return live
    registration = _spot_of(application, round_)
    round_.committed_cents += round_.award_cents
    round_.save(update_fields=["committed_cents"])
    award = Award.objects.create(
        application=application,
        registration=registration,
        cents=round_.award_cents,
        offered_at=at,
        answer_by=rules.award_answer_by(at, round_.answer_by_days, round_.session.starts_at),
        use_by=rules.award_use_by(local_day(at), round_.use_by_months),
    )
    LedgerLine.objects.create(round=round_, award=award, kind=LedgerLine.Kind.SET_ASIDE, cents=award.cents, at=at)
    trainings.workflow.offer_kept_seat(
        registration.pk, for_round=round_.reference, answer_by=award.answer_by, by=by, at=at
    )
    application.status, application.waitlist_rank, application.released_at = Status.AWARDED, None, at
    application.save(update_fields=["status", "waitlist_rank", "released_at"])
    record(
        Entry.of(
            ApplicantEvent.AWARD_OFFERED,
            award,
            by=by,
            at=at,
            application=application.reference,
            cents=award.cents,
            answer_by=award.answer_by.isoformat(),
        )
    )
    return award


def _spot_of(application: ScholarshipApplication, round_: ScholarshipRound) -> Registration:
    """The accepted application's own spot: an award is an offer on it, never a second way in."""
    spots = Registration.objects.live().filter(
        person=application.person_id, session=round_.session_id, status__in=IN_THE_RANKING
    )
    spot = spots.first()
    if spot is None:
        raise NotAllowed(Reason("no_admitted_registration", reference=application.reference))
    return spot


def _require_open(award: Award, at: datetime) -> None:
    if award.status != Award.Status.OFFERED or at >= award.answer_by:
        raise NotAllowed(Reason("award_over"))


@transaction.atomic
def accept_award(
    award_id: int,
    *,
    by: User,
    at: datetime,
    answered_at: datetime | None = None,
    receipt: Mapping[str, str] | None = None,
) -> Award:
    """Yes. The seat is taken below, and the award follows its seat in the same transaction. `answered_at` is when
    somebody said it, where the office types it."""
    award = Award.objects.get(pk=award_id)
    if award.status == Award.Status.ACCEPTED:
        return award
    _require_open(award, answered_at or at)
    trainings.workflow.accept(award.registration_id, by=by, at=at, answered_at=answered_at, receipt=receipt)
    award.refresh_from_db()
    return award


@transaction.atomic
def decline_award(
    award_id: int,
    *,
    by: User,
    at: datetime,
    answered_at: datetime | None = None,
    receipt: Mapping[str, str] | None = None,
) -> Award:
    """No. The seat is freed below, and the award follows it; money and seat go to the next."""
    award = Award.objects.get(pk=award_id)
    if award.status == Award.Status.DECLINED:
        return award
    _require_open(award, answered_at or at)
    trainings.workflow.decline(award.registration_id, by=by, at=at, answered_at=answered_at, receipt=receipt)
    award.refresh_from_db()
    return award


def _held_awards() -> QuerySet[Award]:
    return Award.objects.select_for_update(of=("self",), no_key=True).select_related("application__person")


def follow_seat(registration_id: int, status: str, *, by: User | None, at: datetime) -> Award | None:
    """What became of the seat became of the award. Called with the session held, so the round is not touched here:
    money goes back in `settle_awards`."""
    live = [Award.Status.OFFERED] if status == Award.Status.ACCEPTED else [Award.Status.OFFERED, Award.Status.ACCEPTED]
    award = _held_awards().filter(registration=registration_id, status__in=live).first()
    if award is None:
        return None
    award.status, award.answered_at = status, at
    award.save(update_fields=["status", "answered_at"])
    record(Entry.of(NEWS[Award.Status(status)], award, by=by, at=at, application=award.application.reference))
    return award


def follow_move(registration_id: int, *, is_another_date: bool, by: User | None, at: datetime) -> Award | None:
    """The person changed the date, or went on after a pause. To another date the award goes along once, with a seat
    kept for it where one is free; money stays set aside, so the ledger has nothing to write. A second time, or too
    late to use it, it ends."""
    award = _held_awards().filter(registration=registration_id, status__in=_ALIVE).first()
    if award is None:
        return None
    session = award.registration.session
    if (award.moved_at and is_another_date) or session.starts_on > award.use_by:
        return end_award(
            registration_id, "too_late_to_use" if session.starts_on > award.use_by else "moved_before", by=by, at=at
        )
    round_ = award.application.round
    is_offer = award.status == Award.Status.OFFERED
    award.moved_at = at if is_another_date else award.moved_at
    if is_offer:
        award.answer_by = rules.award_answer_by(at, round_.answer_by_days, session.starts_at)
    award.save(update_fields=["moved_at", "answer_by"])
    has_a_seat = trainings.workflow.take_seat_along(
        registration_id, kept_for=round_.reference, answer_by=award.answer_by if is_offer else None, by=by, at=at
    )
    facts = {"application": award.application.reference, "session": session.reference, "has_a_seat": has_a_seat}
    record(Entry.of(ApplicantEvent.AWARD_MOVED, award, by=by, at=at, **facts))
    return award


def end_award(registration_id: int, why: str, *, by: User | None, at: datetime) -> Award | None:
    """The award of this spot is over, for a reason the person reads; `settle_awards` gives the money back."""
    award = _held_awards().filter(registration=registration_id, status__in=_ALIVE).first()
    if award is None:
        return None
    award.status, award.answered_at = Award.Status.RAN_OUT, at
    award.save(update_fields=["status", "answered_at"])
    reference = award.application.reference
    record(Entry.of(ApplicantEvent.AWARD_ENDED, award, by=by, at=at, application=reference, because=why))
    return award


# -- What comes back ---------------------------------------------------------------------------------------


def settle_awards(*, at: datetime) -> int:
    """Give back the money of awards that are over, then offer money and seat to the head of each award waitlist."""
    over = list(Award.objects.owing_money_back().values_list("pk", "application__round_id"))
    for award_id, _round_id in over:
        give_back_money(award_id, at=at)
    waiting = ScholarshipApplication.objects.filter(
        status=Status.WAITLISTED, round__status=ScholarshipRound.Status.DECIDED
    )
    return sum(offer_next(round_id, at=at) for round_id in set(waiting.values_list("round_id", flat=True)))


@transaction.atomic
def give_back_money(award_id: int, *, at: datetime) -> Award:
    """Once. The ledger says both movements, and the round has the money again."""
    round_id = Award.objects.values_list("application__round_id", flat=True).get(pk=award_id)
    round_ = lock_round(round_id)
    award = _held_awards().get(pk=award_id)
    if award.returned_at or award.status not in (Award.Status.DECLINED, Award.Status.RAN_OUT):
        return award
    award.returned_at = at
    award.save(update_fields=["returned_at"])
    round_.committed_cents -= award.cents
    round_.save(update_fields=["committed_cents"])
    LedgerLine.objects.create(round=round_, award=award, kind=LedgerLine.Kind.GIVEN_BACK, cents=-award.cents, at=at)
    record(Entry.of(ApplicantEvent.MONEY_RETURNED, award, by=None, at=at, cents=award.cents, round=round_.reference))
    return award


@transaction.atomic
def offer_next(round_id: int, *, at: datetime) -> int:
    """Offer to waiting people in their order while there is money and a kept seat; who cannot be seated is passed."""
    round_ = lock_round(round_id)
    if round_.status != ScholarshipRound.Status.DECIDED:
        return 0
    offered = 0
    for application in round_.applications.filter(status=Status.WAITLISTED).order_by("waitlist_rank", "id"):
        if rules.reasons_not_to_award(
            free_cents=round_.free_cents, award_cents=round_.award_cents, free_seats=free_seats(round_)
        ):
            break
        if (
            Registration.objects.live()
            .filter(person=application.person_id, session=round_.session_id, status__in=IN_THE_RANKING)
            .exists()
        ):
            _offer(round_, lock_scholarship(application.pk), by=None, at=at)
            offered += 1
    return offered
