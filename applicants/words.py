"""The sentence for each reason this app gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template import Context, Engine
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applicants.events import ApplicantEvent as Event
from applicants.models import Reference
from programs.calendar import Deadline
from programs.words import long_date, long_moment, mid_date


def _application_closed(deadline: Deadline, next_on: date | None) -> str:
    first = _("The time to send this passed on %s. What you wrote is saved.") % long_date(deadline)
    if next_on is None:
        return first + " " + _("We will tell you when the next training is on the calendar.")
    return first + " " + _("The next training starts on %s. You can use it for that one.") % long_date(next_on)


def _round_closed(closes_at: datetime) -> str:
    return _("The time for essays passed on %s. What you wrote is saved.") % long_date(closes_at)


def _essay_too_long(words: int, most: int) -> str:
    over = words - most
    return ngettext(
        "Your essay has %(words)d words. Take out %(over)d word, so that it has %(most)d.",
        "Your essay has %(words)d words. Take out %(over)d words, so that it has %(most)d.",
        over,
    ) % {"words": words, "over": over, "most": most}


def _essay_too_short(words: int, least: int) -> str:
    lack = least - words
    return ngettext(
        "Your essay has %(words)d words. Write %(lack)d more word.",
        "Your essay has %(words)d words. Write %(lack)d more words.",
        lack,
    ) % {"words": words, "lack": lack}


@dataclass(frozen=True)
class ReferenceMessage:
    """What a reference gets, word for word, but for the frame of a mail: its link and our phone."""

    subject: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """As a reader sees them; `! ` begins the date that counts."""
        return [" ".join(part.removeprefix("! ").split()) for part in self.text.split("\n\n")]


def reference_message(reference: Reference, at: datetime) -> ReferenceMessage:
    """From the same two files the mail is made of; `at` is when it is sent."""
    until, person = Reference.end_of_link(at), reference.person
    context = {
        "applicant": f"{person.called} {person.legal_family_name}".strip(),
        "due": long_moment(until),
        "due_day": mid_date(until),
    }
    return ReferenceMessage(
        " ".join(_plain("email/reference_asked.subject.txt", context).split()),
        _plain("email/reference_asked.txt", context).strip(),
    )


def _plain(template: str, context: dict[str, str]) -> str:
    return Engine.get_default().get_template(template).render(Context(context, autoescape=False))


SENTENCES: dict[str, Callable[..., Any]] = {
    # the training application
    "application_not_so": lambda status: {
        "draft": _("This application is not sent yet."),
        "submitted": _("This application is sent. We check it now."),
        "returned": _("We asked for more. It waits for the person."),
        "accepted": _("This application is accepted."),
        "not_accepted": _("This application is over. You can start a new one."),
        "withdrawn": _("This application was taken back. You can start a new one."),
    }[status],
    "application_closed": _application_closed,
    "session_needs_no_application": lambda: _("You do not need an application for this training. Sign up on its page."),
    "names_missing": lambda: _("Write your legal first and last name."),
    "contact_missing": lambda: _("Tell us how to reach you."),
    "return_needs_words": lambda: _("Choose what is missing, or write it down."),
    "no_needs_words": lambda: _("Write the reason. The person reads it."),
    "no_next_session": lambda: _("The next training is not on the calendar yet. Your words are safe here."),
    # references
    "reference_is_family": lambda: _("Family cannot be a reference. Name someone else who knows you well."),
    "reference_is_yourself": lambda: _("This is your own address. Write the address of the other person."),
    "reference_named_twice": lambda: _("You named this address already. Each reference is another person."),
    "reference_over": lambda: _("This was answered or taken back."),
    # papers
    "upload_too_many": lambda most: _("You sent %d papers. Remove one before you send another.") % most,
    # essays
    "essay_empty": lambda: _("Your essay is still empty. Write what you want us to know."),
    "essay_too_long": _essay_too_long,
    "essay_too_short": _essay_too_short,
    "round_not_open": lambda: _("This scholarship does not take essays now."),
    "round_closed": _round_closed,
    "essay_sent": lambda: _("Your essay is sent. It cannot be changed now."),
    "essay_over": lambda: _("This one is over. Nothing is left to change."),
    # reading
    "conflict_self": lambda: _("This is the reader's own essay."),
    "conflict_employer": lambda: _("Reader and writer work for the same employer."),
    "conflict_address": lambda: _("Reader and writer have the same address."),
    "conflict_email": lambda: _("Reader and writer share an e-mail."),
    "reader_may_not_read": lambda: _("This person does not read essays. Choose a scholarship reader."),
    "review_filed": lambda: _("These scores are filed. They do not change any more."),
    "scores_missing": lambda names: _("Choose a number for: %s.") % names,
    # rounds and awards
    "round_is_open": lambda: _("This round is open. Money and seats can be raised, the rest stays as people read it."),
    "round_not_complete": lambda what: {
        "rubric": _("Write the lines of the rubric before the round opens."),
        "budget": _("The budget is less than one award. Raise it before the round opens."),
    }[what],
    "round_decides_late": lambda day: (
        _("The round decides after the seats are set. Choose a day before %s.") % mid_date(day)
    ),
    "round_not_closed": lambda: _("People can still write for this round. Decide after it closes."),
    "budget_below_set_aside": lambda: _("The budget cannot be less than what is set aside already."),
    "nothing_staged": lambda: _("No decision waits to be told. Someone may have told them already. Look again."),
    "undecided_left": lambda count: (
        ngettext(
            "%d essay has no decision yet. Decide it too, then tell everyone together.",
            "%d essays have no decision yet. Decide them too, then tell everyone together.",
            count,
        )
        % count
    ),
    "not_filed_yet": lambda count: (
        ngettext("%d score is not filed yet.", "%d scores are not filed yet.", count) % count
    ),
    "decision_changed": lambda: _("Someone else changed this decision. Look again before you choose."),
    "already_told": lambda: _("This decision was told already. Load the page again."),
    "no_admitted_registration": lambda reference: (
        _("%s has no accepted application for this training, so there can be no award yet.") % reference
    ),
    "money_short": lambda can, wanted: (
        _("There is money for %(can)d more, and %(wanted)d are chosen.") % {"can": can, "wanted": wanted}
    ),
    "kept_seats_short": lambda can, wanted: (
        _("There are %(can)d kept seats left, and %(wanted)d are chosen.") % {"can": can, "wanted": wanted}
    ),
    "award_over": lambda: _("The time to answer has passed, or the answer is in. Call us if this is wrong."),
}

# What the office reads in a person's history. Essays show by number, never by what they say.
EVENT_SENTENCES = {
    str(event): sentence
    for event, sentence in {
        Event.APPLICATION_STARTED: gettext_lazy("Training application started."),
        Event.APPLICATION_ANSWERED: gettext_lazy("A page of the application was saved."),
        Event.APPLICATION_MOVED: gettext_lazy("Application used for the next training."),
        Event.APPLICATION_SUBMITTED: gettext_lazy("Training application sent."),
        Event.APPLICATION_RETURNED: gettext_lazy("We asked for what is missing."),
        Event.APPLICATION_ACCEPTED: gettext_lazy("Training application accepted."),
        Event.APPLICATION_NOT_ACCEPTED: gettext_lazy("Training application: not this time."),
        Event.APPLICATION_WITHDRAWN: gettext_lazy("Training application taken back."),
        Event.DOCUMENT_RECEIVED: gettext_lazy("A paper came in."),
        Event.DOCUMENT_READY: gettext_lazy("A paper was checked and can be opened."),
        Event.DOCUMENT_REFUSED: gettext_lazy("A paper could not be used."),
        Event.DOCUMENT_REMOVED: gettext_lazy("A paper was removed."),
        Event.REFERENCE_ASKED: gettext_lazy("A reference was asked."),
        Event.REFERENCE_GIVEN: gettext_lazy("A reference answered."),
        Event.REFERENCE_TAKEN_BACK: gettext_lazy("A reference was taken back."),
        Event.ROUND_CHANGED: gettext_lazy("Scholarship round changed."),
        Event.ROUND_OPENED: gettext_lazy("Scholarship round opened, seats kept."),
        Event.ROUND_CLOSED: gettext_lazy("Scholarship round closed."),
        Event.ESSAY_STARTED: gettext_lazy("Essay started."),
        Event.ESSAY_SUBMITTED: gettext_lazy("Essay sent."),
        Event.ESSAY_WITHDRAWN: gettext_lazy("Essay taken back."),
        Event.REVIEW_ASSIGNED: gettext_lazy("Essay given to a reader."),
        Event.REVIEW_FILED: gettext_lazy("A reader filed their scores."),
        Event.REVIEW_CONFLICT: gettext_lazy("A reader stepped back."),
        Event.DECISION_STAGED: gettext_lazy("A scholarship decision was prepared."),
        Event.AWARD_OFFERED: gettext_lazy("Scholarship offered, money and a seat set aside."),
        Event.AWARD_ACCEPTED: gettext_lazy("Scholarship accepted."),
        Event.AWARD_DECLINED: gettext_lazy("Scholarship given back."),
        Event.AWARD_RAN_OUT: gettext_lazy("Scholarship offer ran out."),
        Event.AWARD_MOVED: gettext_lazy("Scholarship moved to another date with its person."),
        Event.AWARD_ENDED: gettext_lazy("Scholarship ended, the money goes back."),
        Event.AWARD_WAITLISTED: gettext_lazy("In line for a scholarship."),
        Event.NOT_AWARDED: gettext_lazy("Scholarship: not this time."),
        Event.MONEY_RETURNED: gettext_lazy("Money went back to the round."),
    }.items()
}
