"""What this app does when something happens in the rooms below: only rows, in the same transaction."""

from __future__ import annotations

from django.db.models import Q

from applicants.events import ApplicantEvent
from audit.models import Entry
from audit.owed import announce
from audit.subscriptions import on
from certification import tasks, workflow
from certification.events import CertificationEvent
from employment.events import EmploymentEvent
from trainings.events import TrainingEvent
from trainings.models import Completion, Registration, Status, TrainingSession
from trainings.workflow.classroom import sat_of


@on(TrainingEvent.COMPLETED)
def owe_completion_papers(entries: list[Entry]) -> None:
    """Who finished a class gets a paper about it. A file for certification the person starts on their own."""
    done = Completion.objects.filter(registration__in=[_registration_of(entry) for entry in entries])
    workflow.owe_completion_certificates(
        done.select_related("person", "course", "session__course"), at=max(entry.at for entry in entries)
    )


@on(TrainingEvent.COMPLETION_TAKEN_BACK)
def call_off_completion_papers(entries: list[Entry]) -> None:
    workflow.call_off_completion_certificates([entry.subject_reference for entry in entries])


@on(
    TrainingEvent.ATTENDED,
    TrainingEvent.MAKE_UP_MARKED,
    TrainingEvent.SESSION_HELD,
    TrainingEvent.COMPLETED,
    TrainingEvent.NOT_COMPLETED,
)
def owe_attendance_papers(entries: list[Entry]) -> None:
    """Class is over and the list is done, or somebody stopped: a paper with their true hours, whatever comes of it."""
    at = max(entry.at for entry in entries)
    sessions = [entry.subject.pk for entry in entries if isinstance(entry.subject, TrainingSession)]
    one_by_one = [_registration_of(entry) for entry in entries if not isinstance(entry.subject, TrainingSession)]
    stopped = {entry.subject.pk for entry in entries if entry.event == TrainingEvent.NOT_COMPLETED}
    found = Registration.objects.filter(Q(session__in=sessions) | Q(pk__in=one_by_one), status=Status.CONFIRMED)
    found = found.select_related("person", "course", "session").prefetch_related(
        "attendances", "make_ups", "session__half_days"
    )
    over = [spot for spot in found if spot.pk in stopped or (spot.session.ends_at <= at and _is_marked(spot))]
    workflow.owe_attendance_certificates(over, at=at)


def _is_marked(spot: Registration) -> bool:
    return all(one.counted is not None for one in sat_of(spot))


def _registration_of(entry: Entry) -> int:
    """The entry's subject is the registration or its completion."""
    subject = entry.subject
    return subject.registration_id if isinstance(subject, Completion) else subject.pk


@on(
    TrainingEvent.COMPLETED,
    TrainingEvent.EXAM_PASSED,
    EmploymentEvent.JOB_VERIFIED,
    EmploymentEvent.JOB_CORRECTED,
    ApplicantEvent.REFERENCE_GIVEN,
)
def clear_what_is_mended(entries: list[Entry]) -> None:
    """What a notice asked for and is here now is taken off the person's list."""
    for entry in entries:
        workflow.recheck(entry.subject.person.pk, at=entry.at)


@on(CertificationEvent.DOCUMENT_OWED)
def tell_the_worker(entries: list[Entry]) -> None:
    announce(tasks.render)
