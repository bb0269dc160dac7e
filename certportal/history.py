"""Each event in the words the office uses, for the person page. A test fails for an event that has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import StandingKind
from applicants.words import EVENT_SENTENCES as APPLICANTS
from audit.models import Entry
from certification.words import EVENT_SENTENCES as CERTIFICATION
from programs.words import clock, long_date, short_date
from trainings.words import EVENT_SENTENCES as TRAININGS

# What a reader scored and how a member voted is theirs and the round's or the Board's, not the desk's.
NOT_FOR_THE_DESK = (
    "applicants.review_assigned",
    "applicants.review_filed",
    "applicants.review_conflict",
    "applicants.decision_staged",
    "certification.voted",
    "certification.recused",
)

SENTENCES = {
    **APPLICANTS,
    **CERTIFICATION,
    **TRAININGS,
    "accounts.person_opened": gettext_lazy("The office opened the record."),
    "accounts.profile_changed": gettext_lazy("Their facts were changed."),
    "accounts.standing_granted": gettext_lazy("A standing was added."),
    "accounts.standing_withdrawn": gettext_lazy("A standing was withdrawn."),
    "accounts.story_opened": gettext_lazy("Private words were opened."),
    "accounts.access_asked": gettext_lazy("They asked for help to take part."),
    "accounts.access_arranged": gettext_lazy("Help to take part was arranged."),
    "accounts.note_written": gettext_lazy("A note was written."),
    "accounts.roles_changed": gettext_lazy("Their roles were changed."),
    "accounts.helper_named": gettext_lazy("They named somebody who helps them."),
    "accounts.helper_withdrawn": gettext_lazy("They took back who helps them."),
    "employment.job_named": gettext_lazy("Told us about a job."),
    "employment.job_changed": gettext_lazy("Changed the facts of a job."),
    "employment.job_taken_back": gettext_lazy("Took a job back."),
    "employment.job_ended": gettext_lazy("A job ended."),
    "employment.request_sent": gettext_lazy("We asked the employer."),
    "employment.request_opened": gettext_lazy("The employer opened the request."),
    "employment.request_replaced": gettext_lazy("The request went to someone else."),
    "employment.request_ran_out": gettext_lazy("The request ran out without an answer."),
    "employment.job_verified": gettext_lazy("The employer said yes."),
    "employment.job_corrected": gettext_lazy("The employer said yes, with a correction."),
    "employment.misaddressed": gettext_lazy("The request went to the wrong person."),
    "employment.not_employed": gettext_lazy("The employer said: no longer here."),
    "employment.address_asked": gettext_lazy("Asked the office to allow a personal mail address."),
    "employment.address_approved": gettext_lazy("A personal mail address was allowed."),
    "employment.address_refused": gettext_lazy("A personal mail address was not allowed."),
    "employment.provider_listed": gettext_lazy("A provider joined the register."),
    "employment.provider_changed": gettext_lazy("A provider was changed."),
    "employment.officer_listed": gettext_lazy("A Staff Development Officer was added."),
    "employment.officer_left": gettext_lazy("A Staff Development Officer left."),
    "notifications.mailed": gettext_lazy("A letter was put in the mail."),
    "notifications.tried_again": gettext_lazy("A message was sent again."),
    "programs.pack_loaded": gettext_lazy("Rules were loaded."),
    "programs.rule_changed": gettext_lazy("A rule was changed."),
    "programs.outage_noted": gettext_lazy("The portal was down for a time. Last days moved."),
    "programs.page_changed": gettext_lazy("A page was changed."),
    "audit.reference_data_added": gettext_lazy("Reference data was added."),
    "audit.reference_data_changed": gettext_lazy("Reference data was changed."),
}


Facts = Mapping[str, Any]


def _half_day(facts: Facts) -> str:
    starts_at = timezone.localtime(datetime.fromisoformat(facts["half_day"]))
    return _("%(day)s, %(clock)s") % {"day": short_date(starts_at), "clock": clock(starts_at)}


def _mark(facts: Facts) -> str:
    words = {"when": _half_day(facts)}
    if not facts.get("was_there"):
        return _("%(when)s: not there.") % words
    if facts.get("minutes_missed"):
        return _("%(when)s: there, %(minutes)d minutes out.") % {**words, "minutes": facts["minutes_missed"]}
    return _("%(when)s: there.") % words


def _standing(facts: Facts) -> str:
    kind = facts["kind"]
    words = {"kind": capfirst(str(dict(StandingKind.choices).get(kind, kind))), "code": facts["code"]}
    if not facts.get("starts_on"):
        return _("%(kind)s (%(code)s).") % words
    return _("%(kind)s (%(code)s), from %(day)s.") % {**words, "day": long_date(date.fromisoformat(facts["starts_on"]))}


# Acts of which one sitting leaves many: what tells one from the next, from what history kept.
DETAILS: dict[str, tuple[str, Callable[[Facts], str]]] = {
    "trainings.attended": ("half_day", _mark),
    "trainings.make_up_marked": ("half_day", _mark),
    "trainings.make_up_booked": ("half_day", lambda facts: f"{_half_day(facts)}."),
    "accounts.standing_granted": ("kind", _standing),
    "accounts.standing_withdrawn": ("kind", _standing),
}


def sentence_of(entry: Entry) -> str:
    words = " ".join([str(SENTENCES[entry.event]), *_detail(entry)])
    if entry.subject_reference in ("", entry.about):
        return words
    return _("%(words)s (%(reference)s)") % {"words": words, "reference": entry.subject_reference}


def _detail(entry: Entry) -> list[str]:
    needed, tell = DETAILS.get(entry.event, ("", None))
    return [tell(entry.facts)] if tell and needed in entry.facts else []
