"""The sentence for each reason this app gives, and how the office reads evidence and history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.reasons import say
from certification.events import CertificationEvent
from programs.checklist import Item
from programs.words import long_date, long_moment, money

StrPromise = str | Promise

SENTENCES: dict[str, Callable[..., str]] = {
    "training_first": lambda: _("First you finish the training. Then you can start here."),
    "not_a_designation": lambda: _("You cannot be certified for this today. Choose another one."),
    "already_certified": lambda number: _("You are certified for this. Your number is %s.") % number,
    "file_step": lambda: _("Someone else changed this. Look again."),
    "answers_first": lambda: _("First answer the questions and say yes to the ethics rules."),
    "signature_differs": lambda: _("Type your legal name as it stands in your profile."),
    "nothing_missing_named": lambda: _("Choose at least one thing that is missing."),
    "second_finding": lambda: _("You sent a notice before. A second one needs another person from the office."),
    "still_missing_items": lambda count: (
        ngettext("%d thing we asked for is still open.", "%d things we asked for are still open.", count) % count
    ),
    "fee_amount": lambda cents: _("The fee is %s. Check the amount.") % money(cents),
    "date_is_ahead": lambda: _("This day is still to come. Check the date."),
    "no_such_fee": lambda: _("This file has no such fee."),
    "meeting_in_the_past": lambda: _("This time has passed. Choose a time to come."),
    "deadline_after_meeting": lambda: _("Packets are due before the meeting, not after it. Check both times."),
    "meeting_twice": lambda: _("There is a meeting at this time already."),
    "meeting_over": lambda: _("This meeting is over or was cancelled."),
    "seat_unknown": lambda seats: _("The Board has %d seats. Choose one of them.") % seats,
    "seat_taken": lambda: _("Someone sits in this seat in those days. End that term first."),
    "seated_already": lambda: _("This person is on the Board already."),
    "came_after_deadline": lambda deadline: _("The packet deadline was %s. This file came later.") % _moment(deadline),
    "not_a_member": lambda: _("You do not sit on the Board on this day."),
    "recused": lambda: _("You stepped back from this file. You cannot open it."),
    "voted_already": lambda: _("Your vote is filed. It does not change."),
    "reasons_needed": lambda: _("Write your reasons. They go into the letter."),
    "not_the_chair": lambda: _("The chair records what the Board says."),
    "meeting_still_ahead": lambda meeting_on: _("The Board meets on %s. Record it then.") % _day(meeting_on),
    "no_quorum": lambda cast, needed: (
        _("%(cast)d votes are in. The Board needs %(needed)d.") % {"cast": cast, "needed": needed}
    ),
    "no_majority": lambda: _("No answer has more than half of the votes. Talk again, and ask those who did not vote."),
    "no_recommendation": lambda: _("The Board has not said yes to this file. So it cannot be approved."),
    "same_person_twice": lambda: _("You took part in the Board’s step. Someone else has to decide."),
    "decided_already": lambda: _("This file has a decision. It does not change here."),
    "file_changed": lambda: _("This paper is not as we stored it, so we do not hand it out. Call us."),
}


def _day(day: date | str) -> str:
    return long_date(date.fromisoformat(day) if isinstance(day, str) else day)


def _moment(at: datetime | str) -> str:
    return long_moment(datetime.fromisoformat(at) if isinstance(at, str) else at)


# -- What happened, for the office ---------------------------------------------------------------------------

EVENT_SENTENCES: dict[str, StrPromise] = {
    CertificationEvent.STARTED: gettext_lazy("Certification file started."),
    CertificationEvent.ANSWERED: gettext_lazy("An answer changed in the certification file."),
    CertificationEvent.SUBMITTED: gettext_lazy("Certification file sent."),
    CertificationEvent.PAYMENT_TAKEN: gettext_lazy("Fee received."),
    CertificationEvent.PAYMENT_CAME_BACK: gettext_lazy("The bank sent the payment back."),
    CertificationEvent.SOMETHING_MISSING: gettext_lazy("Asked for what is missing."),
    CertificationEvent.MISSING_FIXED: gettext_lazy("Something that was missing is here."),
    CertificationEvent.COMPLETE: gettext_lazy("File checked and complete."),
    CertificationEvent.WITHDRAWN: gettext_lazy("Certification file taken back by the person."),
    CertificationEvent.CLOSED: gettext_lazy("File closed: its time was over."),
    CertificationEvent.MEMBER_SEATED: gettext_lazy("Took a seat on the Review Board."),
    CertificationEvent.MEMBER_LEFT: gettext_lazy("Term on the Review Board set to end."),
    CertificationEvent.MEETING_PLANNED: gettext_lazy("Board meeting planned."),
    CertificationEvent.MEETING_CANCELLED: gettext_lazy("Board meeting cancelled."),
    CertificationEvent.ON_AGENDA: gettext_lazy("Put on the agenda of the Board."),
    CertificationEvent.MOVED: gettext_lazy("Moved to another meeting, since one was cancelled."),
    CertificationEvent.RECUSED: gettext_lazy("A member of the Board stepped back."),
    CertificationEvent.VOTED: gettext_lazy("A member of the Board voted."),
    CertificationEvent.RECOMMENDED: gettext_lazy("Recommended by the Board."),
    CertificationEvent.BOARD_ASKS_MORE: gettext_lazy("The Board asks for more."),
    CertificationEvent.NOT_RECOMMENDED: gettext_lazy("Not recommended by the Board."),
    CertificationEvent.APPROVED: gettext_lazy("Approved by the Director."),
    CertificationEvent.DISAPPROVED: gettext_lazy("Disapproved by the Director."),
    CertificationEvent.CREDENTIAL_ISSUED: gettext_lazy("Credential issued."),
    CertificationEvent.DOCUMENT_OWED: gettext_lazy("A paper is being made."),
    CertificationEvent.DOCUMENT_READY: gettext_lazy("A paper is ready."),
    CertificationEvent.DOCUMENT_READ: gettext_lazy("A paper was opened by the office."),
}


# -- Evidence, as the office and the Board read it: no story, no birth date, no score --------------------------

OFFICE_LINES: dict[str, Callable[..., str]] = {
    "residency_met": lambda county: _("Told us. %s County") % county if county else _("Told us"),
    "age_met": lambda minimum: _("Met, by the date of birth"),
    "lived_experience_met": lambda: _("Told us yes. Text not shown"),
    "recovery_time_met": lambda: _("Told us yes. Text not shown"),
    "ethics_agreement_met": lambda: _("Said yes to the rules"),
    "education_met": lambda: _("Told us"),
    "education_enrolled": lambda: _("In school now"),
    "support_hours_met": lambda hours, since: (
        _("%(hours)d hours or more since %(since)s") % {"hours": hours, "since": _day(since)}
    ),
    "support_hours_school": lambda: _("A year of school instead"),
    "references_met": lambda count: ngettext("%d is in", "%d are in", count) % count,
    "training_met": lambda done_on: _("Done on %s") % _day(done_on),
    "exam_met": lambda done_on: _("Passed on %s") % _day(done_on),
    "employment_met": lambda: _("Confirmed by the employer"),
    "fee_met": lambda cents: _("%s paid") % money(cents),
    "cosigner_none": lambda: _("Nobody has to"),
    "cosigner_met": lambda: _("Signed"),
    "residency_missing": lambda: _("Not told yet"),
    "residency_elsewhere": lambda: _("Lives elsewhere"),
    "birth_date_missing": lambda: _("No date of birth"),
    "lived_experience_missing": lambda **_facts: _("Not told yet"),
    "lived_experience_not_yet": lambda **_facts: _("Told us: not yet"),
    "ethics_agreement_missing": lambda **_facts: _("Not agreed yet"),
    "ethics_agreement_not_yet": lambda **_facts: _("Not agreed yet"),
    "education_missing": lambda: _("Not told yet"),
    "support_hours_missing": lambda hours, left, since: (
        _("%(left)d hours short since %(since)s") % {"left": left, "since": _day(since)}
    ),
    "references_waiting": lambda given, count: _("%(given)d of %(count)d are in") % {"given": given, "count": count},
    "references_missing": lambda asked, count: _("%(asked)d of %(count)d asked") % {"asked": asked, "count": count},
    "training_missing": lambda: _("Not done"),
    "exam_missing": lambda mark: _("Not passed"),
    "exam_not_yet": lambda mark, next_on: _("Not passed yet"),
    "employment_waiting": lambda: _("Employer asked, no answer yet"),
    "employment_not_asked": lambda: _("Named, employer not asked"),
    "employment_not_certified": lambda: _("Provider not certified"),
    "employment_ended": lambda: _("Last job has ended"),
    "employment_missing": lambda: _("No job named"),
    "fee_missing": lambda cents: _("%s open") % money(cents),
    "fee_came_back": lambda cents: _("Check came back. %s open") % money(cents),
    "cosigner_unasked": lambda: _("Not told yet"),
    "cosigner_waiting": lambda: _("Signature not here yet"),
}


def office_line(item: Item) -> str:
    """What shows it, or what is open, in a few words."""
    line = OFFICE_LINES.get(item.reason.code)
    return line(**item.facts) if line else say(item.reason)
