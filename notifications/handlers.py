"""What the events of all rooms leave behind here: messages owed, and messages called off. Only rows."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from applicants.events import ApplicantEvent
from audit.models import Entry
from audit.subscriptions import on
from certification.events import CertificationEvent
from employment.events import EmploymentEvent
from notifications import workflow
from notifications.kinds import KINDS, REMINDERS
from notifications.messages import MAILS
from notifications.messages.mail import Mail
from notifications.rules import next_kind_hour
from programs.calendar import local_day
from programs.program import program
from trainings.events import TrainingEvent
from trainings.models import Registration

BY_EVENT: dict[str, list[Mail]] = {}
for _mail in MAILS:
    BY_EVENT.setdefault(_mail.event, []).append(_mail)

_OFFER = ("seat_offered", "seat_deadline")
_SPOT = (*_OFFER, "seat_confirmed", "waiting", "meeting_link")
_AWARD = ("award_offered", "award_deadline")
_REFERENCE = ("reference_asked", "reference_again", "reference_waits")
_REQUEST = ("job_request", "job_request_again", "job_request_waits")
_FILE = ("something_missing", "packet_deadline", "file_complete", "on_agenda")

# What has happened, and which messages about the same matter nobody needs any more.
MOOT: dict[str, tuple[str, ...]] = {
    TrainingEvent.ACCEPTED: _OFFER,
    TrainingEvent.DECLINED: _OFFER,
    TrainingEvent.RAN_OUT: _OFFER,
    TrainingEvent.WITHDRAWN: _SPOT,
    TrainingEvent.MOVED: (*_SPOT, "pause_ending", "spot_paused"),
    TrainingEvent.PAUSED: _SPOT,
    TrainingEvent.PAUSE_ENDED: (*_SPOT, "pause_ending"),
    TrainingEvent.SESSION_CANCELLED: (*_SPOT, "session_moved", "session_changed"),
    # What was written and not sent yet named the old days; the link comes again before the new ones.
    TrainingEvent.SESSION_MOVED: ("session_moved", "session_changed", "meeting_link"),
    TrainingEvent.TEAM_LEFT: ("team_named", "team_class_changed"),
    TrainingEvent.EXAM_PASSED: ("exam_not_passed",),  # a score was corrected before the mail left
    TrainingEvent.EXAM_NOT_PASSED: ("exam_passed",),
    TrainingEvent.COMPLETION_TAKEN_BACK: ("training_completed",),
    TrainingEvent.INVITATION_TAKEN_BACK: ("invited",),
    TrainingEvent.WATCH_STOPPED: ("watch_kept",),
    TrainingEvent.WATCH_TOLD: ("watch_kept",),
    ApplicantEvent.APPLICATION_SUBMITTED: ("application_deadline", "application_returned", "returned_deadline"),
    ApplicantEvent.APPLICATION_WITHDRAWN: ("application_deadline", "application_returned", "returned_deadline"),
    ApplicantEvent.ESSAY_SUBMITTED: ("scholarship_deadline",),
    ApplicantEvent.ESSAY_WITHDRAWN: ("scholarship_deadline",),
    ApplicantEvent.AWARD_ACCEPTED: _AWARD,
    ApplicantEvent.AWARD_DECLINED: _AWARD,
    ApplicantEvent.AWARD_RAN_OUT: _AWARD,
    ApplicantEvent.REFERENCE_GIVEN: _REFERENCE,
    ApplicantEvent.REFERENCE_TAKEN_BACK: _REFERENCE,
    EmploymentEvent.JOB_VERIFIED: _REQUEST,
    EmploymentEvent.JOB_CORRECTED: _REQUEST,
    EmploymentEvent.MISADDRESSED: _REQUEST,
    EmploymentEvent.NOT_EMPLOYED: _REQUEST,
    EmploymentEvent.REQUEST_REPLACED: _REQUEST,
    EmploymentEvent.REQUEST_RAN_OUT: _REQUEST,
    CertificationEvent.COMPLETE: ("something_missing", "packet_deadline"),
    CertificationEvent.WITHDRAWN: _FILE,
    CertificationEvent.CLOSED: _FILE,
    CertificationEvent.ON_AGENDA: ("file_complete",),  # the day is known at once: one message says both
    CertificationEvent.MOVED: ("on_agenda",),
}


@on(*MOOT)
def call_off_what_is_moot(entries: list[Entry]) -> None:
    for event in {entry.event for entry in entries}:
        references = [entry.subject_reference for entry in entries if entry.event == event]
        kinds = MOOT[event]
        workflow.call_off(references, (*kinds, "helper_date") if REMINDERS.keys() & set(kinds) else kinds)


# The newest says what an older one, not sent yet, had to say too.
SAYS_ALL = frozenset({"session_changed", "team_class_changed"})


@on(TrainingEvent.SESSION_CHANGED)
def link_messages_give_the_newest_number(entries: list[Entry]) -> None:
    """Written, not sent yet, and about a way in that is another by now."""
    for entry in entries:
        if "dial_in" in entry.facts.get("changed", []):
            session = entry.subject
            told = Registration.objects.filter(Q(session=session) | Q(make_ups__in=session.make_ups.booked()))
            workflow.renew("meeting_link", told.values("reference"), dial_in=session.dial_in)


@on(*BY_EVENT)
def owe_messages(entries: list[Entry]) -> None:
    drafts = [
        _draft(mail, one)
        for entry in entries
        for mail in BY_EVENT[entry.event]
        if mail.is_wanted(entry)
        for one in mail.spread(entry)
    ]
    if drafts:
        for kind in SAYS_ALL & {draft.kind for draft in drafts}:
            workflow.call_off([draft.about for draft in drafts if draft.kind == kind], [kind])
        workflow.owe(drafts, at=max(entry.at for entry in entries))


def _draft(mail: Mail, entry: Entry) -> workflow.Draft:
    """The entry is written once, so its number makes the key unique: one act, one message."""
    to = mail.to(entry)
    return workflow.Draft(
        key=f"{mail.kind}:{entry.subject_reference or entry.subject_id}:{entry.pk}",
        kind=mail.kind,
        due_at=_leaves_at(mail.kind, entry.at),
        person=to.person,
        to_address=to.address,
        to_name=to.name,
        about=entry.subject_reference,
        facts=mail.facts(entry),
    )


def _leaves_at(kind: str, at: datetime) -> datetime:
    """A *no* waits for an hour in which somebody can be asked about it."""
    return next_kind_hour(at, program(local_day(at)).calendar) if KINDS[kind].is_a_no else at
