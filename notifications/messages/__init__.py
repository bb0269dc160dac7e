"""Who is told what: one row for each event that becomes a message, and the list of events nobody is told of.

The facts are plain values kept with the message; dates are ISO texts in facts named `…_at` or `…_on`, written out
when the message leaves. Never a health word, a story, or another person's name.
"""

from __future__ import annotations

from accounts.events import AccountEvent
from applicants.events import ApplicantEvent
from certification.events import CertificationEvent
from employment.events import EmploymentEvent
from notifications.events import MessageEvent
from notifications.messages.applications import APPLICANT_MAILS
from notifications.messages.certification import CERTIFICATION_MAILS
from notifications.messages.employment import EMPLOYMENT_MAILS
from notifications.messages.people import ACCOUNT_MAILS
from notifications.messages.trainings import TRAINING_MAILS
from programs.events import ProgramEvent
from trainings.events import TrainingEvent

MAILS = (*TRAINING_MAILS, *APPLICANT_MAILS, *EMPLOYMENT_MAILS, *CERTIFICATION_MAILS, *ACCOUNT_MAILS)


# Nobody is told: the person does it and sees it at once, it is the office's own work, or another message says it.
SILENT = frozenset(
    {
        *(event for event in AccountEvent if event not in (AccountEvent.ACCESS_ARRANGED, AccountEvent.HELPER_NAMED)),
        *ProgramEvent,
        *MessageEvent,
        # The person's own pages say it at once.
        ApplicantEvent.APPLICATION_STARTED,
        ApplicantEvent.APPLICATION_ANSWERED,
        ApplicantEvent.APPLICATION_MOVED,
        ApplicantEvent.DOCUMENT_RECEIVED,
        ApplicantEvent.DOCUMENT_READY,
        ApplicantEvent.DOCUMENT_REMOVED,
        ApplicantEvent.REFERENCE_TAKEN_BACK,
        ApplicantEvent.ESSAY_STARTED,
        ApplicantEvent.ESSAY_WITHDRAWN,
        CertificationEvent.STARTED,
        CertificationEvent.ANSWERED,
        CertificationEvent.WITHDRAWN,
        CertificationEvent.DOCUMENT_READ,
        EmploymentEvent.JOB_NAMED,
        EmploymentEvent.JOB_CHANGED,
        EmploymentEvent.JOB_TAKEN_BACK,
        EmploymentEvent.REQUEST_REPLACED,
        TrainingEvent.JOINED,
        TrainingEvent.WATCH_STOPPED,
        TrainingEvent.OFFER_WAITS,
        TrainingEvent.CALENDAR_OPENED,
        TrainingEvent.CALENDAR_CLOSED,
        # The office's own work.
        ApplicantEvent.ROUND_CHANGED,
        ApplicantEvent.ROUND_OPENED,
        ApplicantEvent.ROUND_CLOSED,
        ApplicantEvent.REVIEW_ASSIGNED,
        ApplicantEvent.REVIEW_FILED,
        ApplicantEvent.REVIEW_CONFLICT,
        ApplicantEvent.DECISION_STAGED,
        ApplicantEvent.MONEY_RETURNED,
        CertificationEvent.MEMBER_SEATED,
        CertificationEvent.MEMBER_LEFT,
        CertificationEvent.MEETING_PLANNED,
        CertificationEvent.RECUSED,
        CertificationEvent.VOTED,
        EmploymentEvent.ADDRESS_ASKED,
        EmploymentEvent.PROVIDER_LISTED,
        EmploymentEvent.PROVIDER_CHANGED,
        EmploymentEvent.OFFICER_LISTED,
        EmploymentEvent.OFFICER_LEFT,
        TrainingEvent.COURSE_REWORDED,
        TrainingEvent.SESSION_PLANNED,
        TrainingEvent.SESSION_DISCARDED,
        TrainingEvent.SESSION_HELD,
        TrainingEvent.SESSION_RUNS,
        TrainingEvent.DEADLINE_NOT_MOVED,
        TrainingEvent.DEADLINE_SETTLED,
        TrainingEvent.SESSION_ALLOCATED,
        TrainingEvent.SEATS_KEPT,
        TrainingEvent.SEATS_RELEASED,
        TrainingEvent.ATTENDED,
        TrainingEvent.BLOCK_MADE,
        TrainingEvent.BLOCK_RELEASED,
        # The person's own page says it, with the reason.
        TrainingEvent.REGROUPED,
        TrainingEvent.OVERRIDDEN,
        TrainingEvent.INVITATION_TAKEN_UP,
        TrainingEvent.INVITATION_TAKEN_BACK,
        TrainingEvent.MEETING_LIST_TAKEN,
        TrainingEvent.MEETING_LIST_MATCHED,
        TrainingEvent.MAKE_UP_MARKED,
        TrainingEvent.SITTING_PLANNED,
        # The result says it, where it is another one now; the person's page shows the score with the reason.
        TrainingEvent.SCORE_CORRECTED,
        TrainingEvent.COMPLETION_TAKEN_BACK,
        # Another message says it: the spot's, the application's, the credential's, or the one about the new day.
        ApplicantEvent.APPLICATION_WITHDRAWN,
        ApplicantEvent.AWARD_MOVED,
        CertificationEvent.PAYMENT_TAKEN,
        CertificationEvent.MISSING_FIXED,
        CertificationEvent.MEETING_CANCELLED,
        CertificationEvent.APPROVED,
        CertificationEvent.DOCUMENT_OWED,
        EmploymentEvent.REQUEST_OPENED,
        TrainingEvent.ADMITTED,
        TrainingEvent.ACCEPTED,
    }
)
