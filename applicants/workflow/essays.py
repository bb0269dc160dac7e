"""A wish for a scholarship: the essay kept while it is written, sent once, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.stories import own_words
from accounts.workflow import lock_person
from applicants import rules
from applicants.events import ApplicantEvent
from applicants.models import Essay, ScholarshipApplication, ScholarshipRound
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record

Status = ScholarshipApplication.Status


@dataclass(frozen=True)
class Saved:
    """What an editor is told: the version it holds now, and whether another tab wrote too."""

    version: int
    saved_at: datetime
    other_copy: bool = False


def lock_scholarship(application_id: int) -> ScholarshipApplication:
    return (
        ScholarshipApplication.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "round__session")
        .get(pk=application_id)
    )


def _refuse_shut(round_: ScholarshipRound, at: datetime) -> None:
    reasons = rules.reasons_round_is_shut(
        is_open=round_.status != ScholarshipRound.Status.DRAFT,
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        at=at,
    )
    if reasons:
        raise NotAllowed(*reasons)


@transaction.atomic
def start_scholarship(round_id: int, *, person_id: int, by: User, at: datetime) -> ScholarshipApplication:
    """A new draft, or the one this person has. Taken back before the end, it opens again."""
    person = lock_person(person_id)
    round_ = ScholarshipRound.objects.get(pk=round_id)
    application = ScholarshipApplication.objects.filter(person=person, round=round_).first()
    if application and application.status != Status.WITHDRAWN:
        return application
    _refuse_shut(round_, at)
    if application is None:
        application = ScholarshipApplication(person=person, round=round_)
    application.status, application.started_at, application.received_at = Status.DRAFT, at, None
    application.save()
    record(Entry.of(ApplicantEvent.ESSAY_STARTED, application, by=by, at=at, round=round_.reference))
    return application


@transaction.atomic
def save_essay(application_id: int, text: str, *, seen_version: int, by: User, at: datetime) -> Saved:
    """Keep what is typed. Words written elsewhere since are not overwritten: both texts stay."""
    application = lock_scholarship(application_id)
    if not application.is_draft:
        raise NotAllowed(Reason("essay_sent" if application.is_sent else "essay_over"))
    essay = _main(application) or Essay(application=application, saved_at=at)
    if essay.version and own_words(essay, by=application.person) == text:  # nothing new, whoever sends it
        return Saved(essay.version, essay.saved_at)
    if essay.version == seen_version:
        return _keep(essay, text, at)
    other = application.essays.filter(is_other_copy=True).first() or Essay(application=application, is_other_copy=True)
    _keep(other, text, at)
    return Saved(essay.version, at, other_copy=True)


def _main(application: ScholarshipApplication) -> Essay | None:
    return application.essays.filter(is_other_copy=False).first()


def _keep(essay: Essay, text: str, at: datetime) -> Saved:
    essay.seal(text)
    essay.words, essay.version, essay.saved_at = rules.count_words(text), essay.version + 1, at
    essay.save()
    return Saved(essay.version, at)


@transaction.atomic
def keep_copy(application_id: int, *, keep_other: bool, by: User, at: datetime) -> Saved | None:
    """Of two copies the person keeps one."""
    application = lock_scholarship(application_id)
    if not application.is_draft:
        raise NotAllowed(Reason("essay_sent"))
    essay, other = _main(application), application.essays.filter(is_other_copy=True).first()
    if essay is None or other is None:
        return None
    saved = (
        _keep(essay, own_words(other, by=application.person), at)
        if keep_other
        else Saved(essay.version, essay.saved_at)
    )
    other.delete()
    return saved


@transaction.atomic
def submit_essay(
    application_id: int, *, received_at: datetime, by: User, at: datetime, channel: str = "online", helped_by: str = ""
) -> ScholarshipApplication:
    """Send what is kept. A second press finds it sent and changes nothing."""
    application = lock_scholarship(application_id)
    if application.is_sent:
        return application
    if application.status != Status.DRAFT:
        raise NotAllowed(Reason("essay_over"))
    round_, essay = application.round, _main(application)
    _refuse_shut(round_, received_at)
    words = essay.words if essay else 0
    reasons = rules.reasons_not_to_send_essay(words=words, least=round_.min_words, most=round_.max_words)
    if reasons:
        raise NotAllowed(*reasons)
    application.status, application.received_at, application.word_count = Status.SUBMITTED, received_at, words
    application.channel = channel
    application.save()
    record(
        Entry.of(
            ApplicantEvent.ESSAY_SUBMITTED,
            application,
            by=by,
            at=at,
            round=round_.reference,
            received_at=received_at.isoformat(),
            words=words,
            channel=channel,
            helped_by=helped_by,
            decides_on=round_.decides_on.isoformat(),
        )
    )
    return application


@transaction.atomic
def withdraw_scholarship(
    application_id: int, *, by: User, at: datetime, receipt: Mapping[str, str] | None = None
) -> ScholarshipApplication:
    application = lock_scholarship(application_id)
    if application.status == Status.WITHDRAWN:
        return application
    if application.status not in (Status.DRAFT, Status.SUBMITTED, Status.WAITLISTED):
        raise NotAllowed(Reason("essay_over"))
    application.status, application.staged, application.waitlist_rank = Status.WITHDRAWN, "", None
    application.save(update_fields=["status", "staged", "waitlist_rank"])
    record(Entry.of(ApplicantEvent.ESSAY_WITHDRAWN, application, by=by, at=at, **(receipt or {})))
    return application
