"""The sentence for each reason of this app, and the one text of the question to an employer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from django.template import Context, Engine
from django.utils.translation import gettext as _

from programs.program import program
from programs.words import long_date, long_moment, mid_date

if TYPE_CHECKING:
    from employment.models import Verification

SENTENCES: dict[str, Callable[..., str]] = {
    "verifier_is_you": lambda: _("This is your own address. Name the person at work who can say yes for you."),
    "verifier_has_your_name": lambda: _(
        "This is your own name. Name the person at work who can say yes for you. "
        "If they have the same name, call us and we ask them."
    ),
    "provider_not_certified": lambda provider: (
        _("%s is not on the state's list of certified providers today. Call us if you think it is.") % provider
    ),
    "personal_mail": lambda: _(
        "This is a personal address. Use their work address. "
        "If they have none, tell us why, and we look at it before you send."
    ),
    "personal_mail_waits": lambda: _("We look at this address first. We tell you when you can send."),
    "personal_mail_refused": lambda: _("We cannot write to this address. Give us a work address."),
    "first_day_ahead": lambda hired_on: (
        _("Your first day is still to come: %s. Tell us about this job when you have started.") % long_date(hired_on)
    ),
    "first_day_too_long_ago": lambda: _("Check the year of the first day."),
    "last_day_before_first": lambda hired_on: _("The last day is before the first day, %s.") % long_date(hired_on),
    "last_day_ahead": lambda: _("This day is still to come. Tell us when it has passed."),
    "job_named_already": lambda reference: _("You told us about this job already. Its number is %s.") % reference,
    "job_is_settled": lambda: _("This job is confirmed. To change it, call us."),
    "job_is_over": lambda: _("This job has ended. Nothing more can be asked about it."),
    "message_changed": lambda: _("The message changed since you read it. Read it once more, then send it."),
    "sent_just_now": lambda sent_at, again_at: (
        _("We wrote to them on %(sent)s. You can send it again from %(again)s.")
        % {"sent": long_moment(sent_at), "again": long_moment(again_at)}
    ),
    "sent_often_enough": lambda sends: (
        _("We wrote to them %d times. Give us another person, or call us and we call your provider.") % sends
    ),
    "not_out": lambda: _("This was not sent yet."),
    "request_answered": lambda: _("We have an answer already. Nothing was changed."),
    "request_replaced": lambda: _("A newer message has taken the place of this one."),
    "request_ran_out": lambda: _("The time to answer has passed."),
    "not_signed": lambda: _("Type your full name to sign."),
    "forward_is_the_person": lambda: _("This is the address of the person we ask about. Give us someone else."),
    "other_job_has_this_role": lambda: _(
        "We know of a job with this kind of work already. Call us, and we sort it out."
    ),
    "address_settled": lambda: _("Someone has decided about this address already."),
}


# -- Names of codes ----------------------------------------------------------------------------------------


def role_title(code: str, on: date) -> str:
    return next((role.title for role in program(on).job_roles if role.code == code), code)


def kind_title(code: str, on: date) -> str:
    return next((kind.title for kind in program(on).provider_kinds if kind.code == code), code)


# -- The question to an employer ---------------------------------------------------------------------------


PURPOSE = "employment.verify"  # what the link in the message is signed for


class RequestMessage(NamedTuple):
    subject: str
    text: str

    @property
    def digest(self) -> str:
        """Tells whether the message that is sent is the one that was read."""
        return sha256(f"{self.subject}\n{self.text}".encode()).hexdigest()[:32]

    @property
    def paragraphs(self) -> list[str]:
        """As a reader sees them; `! ` begins the date that counts."""
        return [" ".join(part.removeprefix("! ").split()) for part in self.text.split("\n\n")]


def request_context(verification: Verification, *, answer_by: date) -> dict[str, str]:
    """Everything `templates/email/job_request.*` may say: whom we ask, about whom, by when. The frame of a mail
    adds the greeting, the link and the phone."""
    return {
        "applicant": verification.job.person.known_at_work_as,
        "provider": verification.job.provider.name,
        "to_name": verification.verifier_name,
        "due": long_date(answer_by),
        "due_day": mid_date(answer_by),
    }


def request_message(verification: Verification, *, answer_by: date) -> RequestMessage:
    """Subject and words of the question, from the same two files the mail is made of."""
    context = request_context(verification, answer_by=answer_by)
    return RequestMessage(
        " ".join(_plain("email/job_request.subject.txt", context).split()),
        _plain("email/job_request.txt", context).strip(),
    )


def _plain(template: str, context: dict[str, str]) -> str:
    return Engine.get_default().get_template(template).render(Context(context, autoescape=False))
