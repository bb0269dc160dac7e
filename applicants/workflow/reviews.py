"""Who reads which essay, and their scores."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.contrib.auth.models import Permission
from django.db import transaction

from accounts.models import User
from accounts.workflow import profile_of, refuse_own_matter
from applicants import rules
from applicants.events import ApplicantEvent
from applicants.models import Review, ReviewScore, ScholarshipApplication, ScholarshipRound
from applicants.workflow.essays import lock_scholarship
from applicants.workflow.rounds import lock_round
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from employment.models import Job

Status = Review.Status


def readers() -> list[User]:
    """Everybody whose role reads essays."""
    reading = Permission.objects.filter(codename="review_scholarships", content_type__app_label="applicants")
    return list(User.objects.filter(is_active=True, groups__permissions__in=reading).distinct().order_by("pk"))


def someone(person: User) -> rules.Someone:
    """What of a person is compared to find a conflict."""
    profile = profile_of(person)
    address = f"{profile.street} {profile.zip_code[:5]}".casefold().strip() if profile.street else ""
    emails = {email.casefold() for email in (person.email, profile.contact_email) if email}
    jobs = Job.objects.filter(person=person, ended_on=None).values_list("provider_id", flat=True)
    return rules.Someone(person.pk, frozenset(jobs), address, frozenset(emails))


@transaction.atomic
def assign(application_id: int, *, reader_id: int, due_on: date, by: User | None, at: datetime) -> Review:
    """Give one essay to one reader. Given twice, it is given once."""
    application = lock_scholarship(application_id)
    reader = User.objects.get(pk=reader_id)
    if not reader.has_perm("applicants.review_scholarships"):
        raise NotAllowed(Reason("reader_may_not_read"))
    if hints := rules.conflict_hints(someone(application.person), someone(reader)):
        raise NotAllowed(*hints)
    review, is_new = Review.objects.get_or_create(
        application=application, reader=reader, defaults={"assigned_at": at, "due_on": due_on}
    )
    if is_new:
        record(
            Entry.of(
                ApplicantEvent.REVIEW_ASSIGNED, review, by=by, at=at, reader=reader.reference, due_on=due_on.isoformat()
            )
        )
    return review


@transaction.atomic
def assign_round(round_id: int, *, due_on: date, by: User, at: datetime) -> tuple[list[Review], list[str]]:
    """Give every essay of a round its readers; returns what was given, and the essays that lack a reader."""
    round_ = lock_round(round_id)
    people = readers()
    known = {reader.pk: someone(reader) for reader in people}
    load = {reader.pk: Review.objects.to_score().filter(reader=reader).count() for reader in people}
    given: list[Review] = []
    short: list[str] = []
    sent = round_.applications.filter(status=ScholarshipApplication.Status.SUBMITTED)
    for application in sent.select_related("person").order_by("received_at"):
        held = list(application.reviews.values_list("reader_id", "status"))
        needed = round_.readers_per_essay - sum(status != Status.CONFLICT for _reader, status in held)
        chosen = rules.readers_for(
            someone(application.person),
            [(known[pk], load[pk]) for pk in known],
            already={reader for reader, _status in held},
            needed=needed,
        )
        for reader_id in chosen:
            given.append(assign(application.pk, reader_id=reader_id, due_on=due_on, by=by, at=at))
            load[reader_id] += 1
        if len(chosen) < needed:
            short.append(application.reference)
    return given, short


def refuse_conflict(review: Review) -> None:
    """Facts change after an essay was given out: a reader who works with the writer now does not read on."""
    if hints := rules.conflict_hints(someone(review.application.person), someone(review.reader)):
        raise NotAllowed(*hints)


def _lock_review(review_id: int, by: User) -> Review:
    """Only its own reader, never about themselves."""
    review = (
        Review.objects.select_for_update(of=("self",), no_key=True)
        .select_related("application__person", "application__round", "reader")
        .get(pk=review_id)
    )
    refuse_own_matter(review.application.person, by)
    if review.reader_id != by.pk or review.status == Status.CONFLICT:
        raise NotAllowed(Reason("story_closed"))
    refuse_conflict(review)
    return review


@transaction.atomic
def save_review(review_id: int, *, points: Mapping[int, int], note: str, by: User, at: datetime) -> Review:
    """A draft of the scores: seen by nobody else, counted nowhere."""
    review = _lock_review(review_id, by)
    if review.is_filed:
        raise NotAllowed(Reason("review_filed"))
    lines = set(review.application.round.criteria.values_list("pk", flat=True))
    for criterion_id in points.keys() & lines:
        ReviewScore.objects.update_or_create(
            review=review, criterion_id=criterion_id, defaults={"points": points[criterion_id]}
        )
    review.status, review.note = Status.DRAFT, note
    review.save(update_fields=["status", "note"])
    return review


@transaction.atomic
def file_review(review_id: int, *, points: Mapping[int, int], note: str, by: User, at: datetime) -> Review:
    """The scores count from here and do not change. Filed twice, the first stays."""
    review = _lock_review(review_id, by)
    if review.is_filed:
        return review
    save_review(review_id, points=points, note=note, by=by, at=at)
    lines = list(review.application.round.criteria.all())
    scored = set(review.scores.values_list("criterion_id", flat=True))
    lacking = [line.name for line in lines if line.pk not in scored]
    if lacking:
        raise NotAllowed(Reason("scores_missing", names=", ".join(lacking)))
    review.status, review.note, review.filed_at = Status.FILED, note, at
    review.save(update_fields=["status", "note", "filed_at"])
    record(Entry.of(ApplicantEvent.REVIEW_FILED, review, by=by, at=at))
    return review


@transaction.atomic
def declare_conflict(review_id: int, *, by: User, at: datetime) -> Review:
    """ "I know this person": the essay closes for this reader and goes to another. No reason is asked."""
    review = Review.objects.select_for_update(of=("self",), no_key=True).select_related("application").get(pk=review_id)
    if review.reader_id != by.pk:
        raise NotAllowed(Reason("story_closed"))
    if review.status == Status.CONFLICT:
        return review
    if review.is_filed:
        raise NotAllowed(Reason("review_filed"))
    review.scores.all().delete()
    review.status, review.note = Status.CONFLICT, ""
    review.save(update_fields=["status", "note"])
    record(Entry.of(ApplicantEvent.REVIEW_CONFLICT, review, by=by, at=at))
    return review


def standing_of(application: ScholarshipApplication, weights: Mapping[int, int]) -> rules.Standing:
    """Where one essay stands by the scores that are filed."""
    scores = []
    for review in application.reviews.all():
        if review.is_filed:
            points = {score.criterion_id: score.points for score in review.scores.all()}
            score = rules.weighted(points, weights)
            if score is not None:
                scores.append(score)
    assert application.received_at is not None  # only sent ones are ranked
    return rules.Standing(application.pk, application.received_at, tuple(scores))


def ranking(round_: ScholarshipRound) -> list[tuple[ScholarshipApplication, rules.Standing]]:
    """Every essay that was sent, the best first."""
    weights = dict(round_.criteria.values_list("pk", "weight"))
    sent = {
        application.pk: application
        for application in round_.applications.sent().prefetch_related("reviews__scores", "awards")
    }
    standings = rules.ranked(standing_of(application, weights) for application in sent.values())
    return [(sent[standing.application], standing) for standing in standings]
