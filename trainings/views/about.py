"""What a session's pages say about it: what it costs, what one needs, and why its last day moved."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from programs.calendar import Deadline
from programs.words import long_date, long_moment, mid_date, mid_moment, money, short_date
from trainings.models import TrainingSession

Fact = dict[str, str]


def way_in(session: TrainingSession, person: User | None = None) -> str:
    """Where the one filled button leads: the application, or the short sign-up form; the office's twin of either, for
    `person`."""
    name = "applicants:start" if session.course.is_by_application else "trainings:sign_up"
    of_the_desk = [person.reference] if person else []
    try:
        return reverse(name, args=[*of_the_desk, session.reference])
    except NoReverseMatch:  # an installation without that room
        return ""


def _stated(*pairs: tuple[str, str]) -> list[Fact]:
    return [{"label": label, "value": value} for label, value in pairs if value]


def paying(session: TrainingSession) -> list[Fact]:
    """Cost, who may pay it, and what it covers."""
    return _stated(
        (_("Cost"), money(session.cost_cents) if session.cost_cents else _("None.")),
        (_("Who may pay"), session.who_may_pay),
        (_("What is covered"), session.covered),
    )


def taking_part(session: TrainingSession) -> list[Fact]:
    """What one needs, and where one may join with a screen that is already there."""
    mailed = _("We mail them by %s.") % long_date(session.materials_by) if session.materials_by else ""
    return _stated(
        (_("County"), session.county),
        (_("What you need"), session.data_and_device),
        (_("Your books and papers"), mailed),
        (_("Sites with a screen"), "\n".join(session.host_sites)),
    )


def whether_it_runs(session: TrainingSession) -> str:
    if not session.minimum or not session.go_on:
        return ""
    return ngettext(
        "We decide if this training takes place. It needs %d person. If not, we tell you and you keep your time.",
        "We decide if this training takes place. It needs %d people. If not, we tell you and you keep your time.",
        session.minimum,
    ) % (session.minimum)


def why_later(session: TrainingSession) -> list[str]:
    """In plain words: the portal was down, and so these days moved."""
    moved = []
    if session.deadline_was_at:
        last = _("The last day to apply") if session.course.is_by_application else _("The last day to sign up")
        moved.append((last, session.deadline_was_at, session.registration_deadline))
    if session.documents_were_at and not _is_told_with_the_other(session):
        moved.append((_("The last day for papers"), session.documents_were_at, session.documents_deadline))
    return [_later(what, was, now) for what, was, now in moved]


def _is_told_with_the_other(session: TrainingSession) -> bool:
    return (
        session.documents_were_at == session.deadline_was_at
        and session.documents_close_at == session.registration_closes_at
    )


def _later(what: str, was: datetime, now: Deadline) -> str:
    return _("The portal was down for a time. So %(what)s moved from %(was)s to %(now)s.") % {
        "what": what[0].lower() + what[1:],
        "was": mid_moment(Deadline.stored(was)),
        "now": long_moment(now),
    }


def later_in_short(session: TrainingSession) -> str:
    """For one line of a list."""
    if session.deadline_was_at is None or not session.is_published:
        return ""
    return _("The last day was %s. It moved, for the portal was down.") % mid_date(session.deadline_was_at)


def office_facts(session: TrainingSession) -> list[Fact]:
    """What the office's page adds to the dates."""
    needs = ""
    if session.minimum and session.go_on:
        needs = _("With %(count)d people. Decided on %(day)s.") % {
            "count": session.minimum,
            "day": short_date(session.go_on),
        }
    mailed = short_date(session.materials_by) if session.materials_by else ""
    return [
        *paying(session),
        *_stated(
            (_("County"), session.county),
            (_("What people need"), session.data_and_device),
            (_("Materials are mailed by"), mailed),
            (_("Sites with a screen"), "\n".join(session.host_sites)),
            (_("It runs"), needs),
        ),
    ]


def late_form_url(request: HttpRequest, session: TrainingSession, person: User, now: datetime) -> str:
    """For the office: where a form is typed that came after the last day to sign up."""
    is_late = session.is_published and session.registration_closes_at <= now < session.starts_at
    if not is_late or not request.user.has_perm("trainings.run_sessions"):
        return ""
    return reverse("trainings:late_form", args=[person.reference, session.reference])
