"""The training application from the first line to the office's answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

import trainings.workflow
from accounts.models import User
from accounts.workflow import lock_person, refuse_own_matter
from applicants import rules
from applicants.answers import answers_of
from applicants.checklist import checklist_of, complete_at, rules_of, who_is_missing
from applicants.events import ApplicantEvent
from applicants.models import RecoveryStory, TrainingApplication
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day
from programs.program import program
from trainings.models import Override, Registration, RegistrationQuerySet, TrainingSession
from trainings.workflow.spots import reasons_not_to_register
from trainings.workflow.steps import lock_session

Status = TrainingApplication.Status
ANSWERS = frozenset(
    {"designation", "education", "private_place", "signed_name", "needs_cosigner", "cosigner_name", "cosigned_on"}
)


def lock_application(application_id: int) -> TrainingApplication:
    return (
        TrainingApplication.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person", "session__course")
        .get(pk=application_id)
    )


def _lock_with_session(application_id: int) -> TrainingApplication:
    """Where the spot changes too, the session comes first: the order in which the rooms below lock."""
    lock_session(TrainingApplication.objects.values_list("session_id", flat=True).get(pk=application_id))
    return lock_application(application_id)


def _require_step(application: TrainingApplication, to: str) -> None:
    if reasons := rules.reasons_not_to_move(application.status, to):
        raise NotAllowed(*reasons)


def require_with_the_person(application: TrainingApplication) -> None:
    if not application.is_with_the_person:
        raise NotAllowed(Reason("application_not_so", status=application.status))


@transaction.atomic
def start(session_id: int, *, person_id: int, designation: str, by: User, at: datetime) -> TrainingApplication:
    """A new draft, or the one that is open for this course already. Where the office types what came on paper, the
    day it came is said as it is sent, and judged then."""
    person = lock_person(person_id)
    session = TrainingSession.objects.select_related("course").get(pk=session_id)
    live = TrainingApplication.objects.live().filter(person=person, course=session.course).first()
    if live:
        return live
    if not session.course.is_by_application:
        raise NotAllowed(Reason("session_needs_no_application"))
    in_time = session.registration_closes_at - timedelta(seconds=1)
    came_at = at if by.pk == person.pk else min(at, in_time)
    reasons = reasons_not_to_register(session, person, designation=designation, received_at=came_at, at=at)
    if reasons and not taken_late(session, person).exists():
        raise NotAllowed(*reasons)
    application = TrainingApplication.objects.create(
        person=person, course=session.course, session=session, designation=designation, started_at=at, saved_at=at
    )
    record(
        Entry.of(
            ApplicantEvent.APPLICATION_STARTED,
            application,
            by=by,
            at=at,
            session=session.reference,
            designation=designation,
        )
    )
    return application


def taken_late(session: TrainingSession, person: User) -> RegistrationQuerySet:
    """The office took a form after the last day: the packet may follow."""
    spots = Registration.objects.live().filter(session=session, person=person)
    return spots.filter(overrides__kind=Override.Kind.LATE_FORM)


def _is_taken_late(application: TrainingApplication) -> bool:
    return taken_late(application.session, application.person).exists()


@transaction.atomic
def answer(
    application_id: int,
    part: str,
    *,
    by: User,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    attested: Mapping[str, bool] | None = None,
    story: str | None = None,
) -> TrainingApplication:
    """Save one page. The history names the page, never what was said on it."""
    application = lock_application(application_id)
    require_with_the_person(application)
    for name, value in (facts or {}).items():
        if name not in ANSWERS:
            raise ValueError(f"{name} is not an answer of the application")
        setattr(application, name, value)
    application.attestations = {**application.attestations, **(attested or {})}
    application.saved_at = at
    application.save(update_fields=[*(facts or {}), "attestations", "saved_at"])
    if story is not None:
        _seal_story(application, story, at)
    record(Entry.of(ApplicantEvent.APPLICATION_ANSWERED, application, by=by, at=at, part=part))
    return application


def _seal_story(application: TrainingApplication, words: str, at: datetime) -> None:
    kept = RecoveryStory.objects.filter(application=application).first()
    if kept is None and not words:
        return
    kept = kept or RecoveryStory(application=application)
    kept.seal(words)
    kept.saved_at = at
    kept.save()


@transaction.atomic
def submit(
    application_id: int, *, received_at: datetime, by: User, at: datetime, channel: str = "online", helped_by: str = ""
) -> TrainingApplication:
    """Send the packet. A second press finds it sent and changes nothing."""
    application = lock_application(application_id)
    if application.status in (Status.SUBMITTED, Status.ACCEPTED):
        return application
    _require_step(application, Status.SUBMITTED)
    if not application.is_sent and not _is_taken_late(application):
        _refuse_late(application, received_at, at)
    application.judged_on = application.judged_on or local_day(received_at)
    _refuse_incomplete(application, at)
    _stamp(application, received_at=received_at, channel=channel, helped_by=helped_by, by=by, at=at)
    record(
        Entry.of(
            ApplicantEvent.APPLICATION_SUBMITTED,
            application,
            by=by,
            at=at,
            received_at=application.received_at.isoformat() if application.received_at else None,
            judged_on=application.judged_on.isoformat(),
            channel=channel,
            helped_by=helped_by,
            review_due_on=application.review_due_on.isoformat() if application.review_due_on else None,
        )
    )
    return application


def _refuse_late(application: TrainingApplication, received_at: datetime, at: datetime) -> None:
    following = TrainingSession.objects.next_after(application.session, at)
    reasons = rules.reasons_too_late(
        application.session.registration_deadline, received_at, following.starts_on if following else None
    )
    if reasons:
        raise NotAllowed(*reasons)


def _refuse_incomplete(application: TrainingApplication, at: datetime) -> None:
    reasons = who_is_missing(application) + [item.reason for item in checklist_of(application, at).missing]
    if reasons:
        raise NotAllowed(*reasons)


def _stamp(
    application: TrainingApplication, *, received_at: datetime, channel: str, helped_by: str, by: User, at: datetime
) -> None:
    """What sending writes down, and the spot in line it opens."""
    if application.registration_id is None:
        application.registration = trainings.workflow.register(
            application.session_id,
            person_id=application.person_id,
            designation=application.designation,
            received_at=received_at,
            by=by,
            at=at,
            came_by=channel,
            block=trainings.workflow.block_for(application.session, application.person, at=at),
        )
        trainings.workflow.use_invitations(application.registration)
    application.status, application.submitted_at = Status.SUBMITTED, at
    application.received_at = application.received_at or received_at
    application.channel, application.helped_by = channel, helped_by
    application.missing, application.answer_by = [], None
    application.review_due_on = program(local_day(at)).service_due("training_review", local_day(at))
    application.sent_copy = answers_of(application)
    application.save()


@transaction.atomic
def move_to_next(application_id: int, *, by: User, at: datetime) -> TrainingApplication:
    """The same words for the next session of the course, when the time for this one has passed."""
    application = lock_application(application_id)
    if application.status != Status.DRAFT:
        raise NotAllowed(Reason("application_not_so", status=application.status))
    if application.session.takes_registrations(at):
        return application
    following = TrainingSession.objects.next_after(application.session, at)
    if following is None:
        raise NotAllowed(Reason("no_next_session"))
    before, application.session = application.session.reference, following
    application.save(update_fields=["session"])
    record(
        Entry.of(ApplicantEvent.APPLICATION_MOVED, application, by=by, at=at, before=before, after=following.reference)
    )
    return application


@transaction.atomic
def send_for_next(application_id: int, *, by: User, at: datetime) -> TrainingApplication:
    """Late by a minute: one press uses the packet for the next session and sends it. Nothing moves if it is not
    whole. Pressed twice, the second finds it sent."""
    application = lock_application(application_id)
    if application.status == Status.DRAFT:
        move_to_next(application_id, by=by, at=at)
    return submit(application_id, received_at=at, by=by, at=at)


@transaction.atomic
def withdraw(
    application_id: int, *, by: User, at: datetime, receipt: Mapping[str, str] | None = None
) -> TrainingApplication:
    application = _lock_with_session(application_id)
    if application.status == Status.WITHDRAWN:
        return application
    _require_step(application, Status.WITHDRAWN)
    application.status = Status.WITHDRAWN
    application.save(update_fields=["status"])
    if application.registration_id:
        trainings.workflow.withdraw(application.registration_id, by=by, at=at, receipt=receipt)
    record(Entry.of(ApplicantEvent.APPLICATION_WITHDRAWN, application, by=by, at=at, **(receipt or {})))
    return application


@transaction.atomic
def accept(application_id: int, *, by: User, at: datetime) -> TrainingApplication:
    """Everything the rules ask is met: the person is in the ranking."""
    application = _lock_with_session(application_id)
    refuse_own_matter(application.person, by)
    if application.status == Status.ACCEPTED:
        return application
    _require_step(application, Status.ACCEPTED)
    checklist = checklist_of(application, at)
    if not checklist.is_met:
        raise NotAllowed(*checklist.reasons)
    application.status, application.decided_at = Status.ACCEPTED, at
    application.save(update_fields=["status", "decided_at"])
    assert application.registration_id is not None  # a constraint holds it for everything sent
    trainings.workflow.admit(application.registration_id, by=by, at=at, complete_at=complete_at(application))
    record(Entry.of(ApplicantEvent.APPLICATION_ACCEPTED, application, by=by, at=at))
    return application


@transaction.atomic
def return_to_person(
    application_id: int, *, missing: Collection[str], note: str, by: User, at: datetime
) -> TrainingApplication:
    """Ask for what is missing, all of it at once. `missing` are codes of requirements."""
    application = lock_application(application_id)
    refuse_own_matter(application.person, by)
    _require_step(application, Status.RETURNED)
    if not missing and not note.strip():
        raise NotAllowed(Reason("return_needs_words"))
    today = local_day(at)
    application.status, application.missing, application.office_note = Status.RETURNED, list(missing), note.strip()
    application.answer_by = rules.answer_by(
        today, application.session.documents_close_on, rules_of(application, at).calendar
    )
    application.save(update_fields=["status", "missing", "office_note", "answer_by"])
    record(
        Entry.of(
            ApplicantEvent.APPLICATION_RETURNED,
            application,
            by=by,
            at=at,
            missing=list(missing),
            answer_by=application.answer_by.isoformat(),
        )
    )
    return application


@transaction.atomic
def not_accept(application_id: int, *, reason: str, by: User, at: datetime) -> TrainingApplication:
    """Not this time, with the reason the person reads."""
    application = _lock_with_session(application_id)
    refuse_own_matter(application.person, by)
    if application.status == Status.NOT_ACCEPTED:
        return application
    _require_step(application, Status.NOT_ACCEPTED)
    if not reason.strip():
        raise NotAllowed(Reason("no_needs_words"))
    application.status, application.office_note, application.decided_at = Status.NOT_ACCEPTED, reason.strip(), at
    application.save(update_fields=["status", "office_note", "decided_at"])
    if application.registration_id:
        trainings.workflow.not_admit(application.registration_id, reasons=["not_this_time"], by=by, at=at)
    record(Entry.of(ApplicantEvent.APPLICATION_NOT_ACCEPTED, application, by=by, at=at))
    return application


@transaction.atomic
def follow_spot(registration_id: int, *, by: User | None, at: datetime) -> None:
    """The person left the line on the spot's own page: the application is over too."""
    application = lock_application(TrainingApplication.objects.get(registration=registration_id).pk)
    if application.status not in TrainingApplication.LIVE:
        return
    application.status = Status.WITHDRAWN
    application.save(update_fields=["status"])
    record(Entry.of(ApplicantEvent.APPLICATION_WITHDRAWN, application, by=by, at=at))


@transaction.atomic
def follow_date(registration_id: int, *, by: User | None, at: datetime) -> None:
    """The person changed the date of their spot: the packet goes along as it is, judged by the rules of the day it
    was sent. Where something is asked or still to check, the days for it count anew."""
    packet = TrainingApplication.objects.filter(registration=registration_id).values_list("pk", flat=True).first()
    if packet is None:
        return
    application = lock_application(packet)
    spot = Registration.objects.select_related("session").get(pk=registration_id)
    before = application.session.reference
    if application.session_id == spot.session_id and application.status not in TrainingApplication.LIVE:
        return
    application.session, today = spot.session, local_day(at)
    if application.status == Status.RETURNED:
        closes_on = spot.session.documents_close_on
        application.answer_by = rules.answer_by(today, closes_on, program(today).calendar)
    if application.status == Status.SUBMITTED:
        application.review_due_on = program(today).service_due("training_review", today)
    application.save(update_fields=["session", "answer_by", "review_due_on"])
    after = spot.session.reference
    record(Entry.of(ApplicantEvent.APPLICATION_MOVED, application, by=by, at=at, before=before, after=after))


def follow_deadline(session_id: int, documents_close_on: date) -> int:
    """People have longer for their papers: what was sent back for more has at least as long."""
    returned = TrainingApplication.objects.filter(session=session_id, status=Status.RETURNED)
    return returned.filter(answer_by__lt=documents_close_on).update(answer_by=documents_close_on)
