"""Who is told what: one row for each event that becomes a message, and the list of events nobody is told of.

The facts are plain values kept with the message; dates are ISO texts in facts named `…_at` or `…_on`, written out
when the message leaves. Never a health word, a story, or another person's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.events import AccountEvent
from accounts.helper_links import PURPOSE as HELPER
from accounts.models import Helper, User
from applicants.events import ApplicantEvent
from applicants.models import TrainingApplication
from audit.models import Entry
from audit.reasons import Reason, say
from certification.events import CertificationEvent
from employment.events import EmploymentEvent
from notifications.events import MessageEvent
from notifications.rendering import link_to, secret_link
from programs.calendar import local_day
from programs.events import ProgramEvent
from programs.program import program
from programs.words import clock_range, date_range, money
from trainings.events import TrainingEvent
from trainings.models import Block, Registration, Status, TrainingSession, Watch

Facts = dict[str, Any]

# Kinds of requirement whose very name would say something about a person's life.
UNSPOKEN = ("lived_experience", "recovery_time", "background", "cosigner")


@dataclass(frozen=True)
class To:
    """A person we know, or somebody without a record here."""

    person: User | None = None
    address: str = ""
    name: str = ""


@dataclass(frozen=True)
class Mail:
    event: str
    kind: str
    facts: Callable[[Entry], Facts]
    to: Callable[[Entry], To]
    is_wanted: Callable[[Entry], bool]
    spread: Callable[[Entry], list[Entry]]  # one entry may concern many


def mail(
    event: str,
    kind: str,
    facts: Callable[[Entry], Facts],
    *,
    to: Callable[[Entry], To] | None = None,
    only: Callable[[Entry], bool] | None = None,
    spread: Callable[[Entry], list[Entry]] | None = None,
) -> Mail:
    return Mail(
        str(event), kind, facts, to or the_person, only or (lambda entry: True), spread or (lambda entry: [entry])
    )


# -- To whom -----------------------------------------------------------------------------------------------


def the_person(entry: Entry) -> To:
    return To(person=entry.subject.person)


def the_verifier(entry: Entry) -> To:
    return To(address=entry.subject.verifier_email, name=entry.subject.verifier_name)


def the_reference(entry: Entry) -> To:
    return To(address=entry.subject.email, name=entry.subject.name)


def name_given(person: User) -> str:
    """What somebody who knows the person calls them."""
    return f"{person.called} {person.legal_family_name}".strip()


# -- Trainings ---------------------------------------------------------------------------------------------


def session_facts(session: TrainingSession) -> Facts:
    return {
        "course": session.course.title,
        "dates": _dates(session.starts_on, session.ends_on, get_language()),
        "starts_at": iso(session.starts_at),
        "seats_on": iso(session.allocation_on),
    }


@lru_cache(maxsize=256)
def _dates(first: date, last: date, _language: str | None) -> str:
    """One session's words for a thousand messages of one minute."""
    return date_range(first, last)


def spot_facts(spot: Registration) -> Facts:
    return session_facts(spot.session) | link_to("trainings:registration", spot.reference)


def about_the_spot(entry: Entry) -> Facts:
    return spot_facts(entry.subject)


def the_seat(entry: Entry) -> Facts:
    session = entry.subject.session
    return spot_facts(entry.subject) | {
        "where": session.location or _("It is online. We write to you how to join."),
        "cost": money(session.cost_cents) if session.cost_cents and not entry.subject.is_paid_for else "",
    }


def the_line(entry: Entry) -> Facts:
    return about_the_spot(entry) | {"spot": entry.facts.get("number_in_line")}


def is_of_a_scholarship(entry: Entry) -> bool:
    kept_for = entry.facts.get("kept_for") or ""
    return bool(kept_for) and not kept_for.startswith(Block.PREFIX)


def the_pause(entry: Entry) -> Facts:
    return spot_facts(entry.subject) | {"until_on": iso(entry.subject.paused_until)}


def the_invited(entry: Entry) -> To:
    return To(address=entry.subject.email, name=entry.subject.name)


def the_invitation(entry: Entry) -> Facts:
    asked = entry.subject
    secret = secret_link("trainings:invitation", asked, purpose="trainings.invitation")
    closes_on = iso(asked.session.registration_closes_on)
    return session_facts(asked.session) | secret | {"provider": asked.provider.name, "closes_on": closes_on}


def offer_facts(spot: Registration) -> Facts:
    secret = secret_link("trainings:offer", spot, purpose="trainings.offer")
    return spot_facts(spot) | secret | {"due_at": iso(spot.offer_expires_at)}


def why_not_admitted(entry: Entry) -> Facts:
    return about_the_spot(entry) | {"because": first_sentence(entry.facts.get("reasons", []))}


def why_cancelled(entry: Entry) -> Facts:
    return spot_facts(entry.subject) | {"because": entry.subject.session.cancelled_because} | link_to("trainings:list")


def the_exam(entry: Entry) -> Facts:
    """No score: the office reads what was sent. It stands on the person's own page."""
    return about_the_spot(entry) | {"next_on": entry.facts.get("next_try_on")}


def the_completion(entry: Entry) -> Facts:
    done = entry.subject
    counts_for = f"{done.hours.normalize():f}" if done.hours else ""
    return session_facts(done.session) | link_to("me") | {"done_on": iso(done.completed_on), "counts_for": counts_for}


def the_make_up(entry: Entry) -> Facts:
    return about_the_spot(entry) | {"when_at": entry.facts.get("half_day")}


def why_not_that_day(entry: Entry) -> Facts:
    return about_the_spot(entry) | {"was_cancelled": entry.facts.get("because") == "session_cancelled"}


def the_sitting(entry: Entry) -> Facts:
    booking = entry.subject.exam_bookings.filter(sitting__reference=entry.facts["sitting"]).last()
    sitting = booking.sitting
    facts = {"how": str(sitting.get_kind_display()), "where": sitting.where, "extra": booking.extra_minutes}
    return about_the_spot(entry) | facts | {"when_at": iso(sitting.starts_at)}


def each_spot(entry: Entry) -> list[Entry]:
    """The entry of a session, once for everybody with a live spot in it, not paused, or a half-day to make up there."""
    spots = entry.subject.registrations.live().exclude(status=Status.PAUSED).select_related("person")
    return [*(_about(entry, spot) for spot in spots), *each_guest(entry)]


def each_guest(entry: Entry) -> list[Entry]:
    """The entry of a session, once for everybody with a half-day to make up there."""
    guests = Registration.objects.filter(make_ups__in=entry.subject.make_ups.booked()).select_related("person")
    return [_about(entry, spot) for spot in guests.distinct()]


def _about(entry: Entry, spot: Registration) -> Entry:
    one = copy(entry)
    spot.session = entry.subject
    one.subject, one.subject_reference = spot, spot.reference
    return one


def is_a_change_people_feel(entry: Entry) -> bool:
    felt = {"location", "mode"}  # other days and hours are told as a move
    return entry.subject.is_published and bool(felt & set(entry.facts.get("changed", [])))


def the_new_dates(entry: Entry) -> Facts:
    session = entry.subject.session
    return about_the_spot(entry) | {"where": session.location or _("It is online.")}


def the_move(entry: Entry) -> Facts:
    return about_the_spot(entry) | the_days(entry)


def the_days(entry: Entry) -> Facts:
    """Old and new, and where."""
    session, said = entry.subject.session, entry.facts
    was_from, was_to = (datetime.fromisoformat(said[name]) for name in ("was_from", "was_to"))
    return {
        "was": days_and_hours(was_from, was_to),
        "now": days_and_hours(session.starts_at, session.ends_at),
        "where": session.location or _("It is online."),
    }


def days_and_hours(first: datetime, last: datetime) -> str:
    return _("%(dates)s, %(hours)s") % {
        "dates": date_range(local_day(first), local_day(last)),
        "hours": clock_range(first, last),
    }


def is_told_by_the_application(entry: Entry) -> bool:
    """The application's own message says it; two messages for one act are one too many."""
    return entry.subject.session.course.is_by_application


def who_asked(entry: Entry) -> To:
    watch: Watch = entry.subject
    return To(person=watch.person) if watch.person else To(address=watch.email)


def the_wish(entry: Entry) -> Facts:
    """Whoever asked without an account may share a mailbox: the message names no training."""
    watch: Watch = entry.subject
    page = link_to("trainings:watches") if watch.person else {}
    course = watch.course.title if watch.person and watch.course else ""
    return page | secret_link("trainings:watch", watch, purpose="trainings.watch") | {"course": course}


def what_opened(entry: Entry) -> Facts:
    watch: Watch = entry.subject
    session = watch.told_of
    assert session is not None  # it is what the entry tells of
    facts = session_facts(session) | {"closes_at": iso(session.registration_deadline.last_second)}
    return facts | link_to("trainings:session", session.reference) | ({} if watch.person else {"course": ""})


def each_started_application(entry: Entry) -> list[Entry]:
    """What is begun and not sent, where the last day to apply moved; what is to be mended, where papers have longer."""
    Status = TrainingApplication.Status
    begun = [Status.DRAFT] if entry.facts.get("now") else []
    begun += [Status.RETURNED] if entry.facts.get("papers_now") else []
    applications = TrainingApplication.objects.filter(session=entry.subject, status__in=begun)
    return [_of_application(entry, one) for one in applications.select_related("person").order_by("pk")]


def _of_application(entry: Entry, application: TrainingApplication) -> Entry:
    one = copy(entry)
    application.session = entry.subject
    one.subject, one.subject_reference = application, application.reference
    return one


def each_draft(entry: Entry) -> list[Entry]:
    """Whoever began an application to this session and did not send it: they have no spot, and hear of it too."""
    drafts = TrainingApplication.objects.filter(session=entry.subject, status=TrainingApplication.Status.DRAFT)
    return [_of_application(entry, one) for one in drafts.select_related("person").order_by("pk")]


def is_about_the_session(entry: Entry) -> bool:
    return isinstance(entry.subject, TrainingSession)


def why_cancelled_for_a_draft(entry: Entry) -> Facts:
    session = entry.subject.session
    facts = session_facts(session) | {"because": session.cancelled_because, "is_draft": True}
    return facts | link_to("applicants:application", entry.subject.reference)


def the_move_for_a_draft(entry: Entry) -> Facts:
    application = entry.subject
    link = link_to("applicants:application", application.reference)
    due = {"due_at": iso(application.session.registration_deadline.last_second)}
    return session_facts(application.session) | the_days(entry) | due | link | {"is_draft": True}


def the_later_day(entry: Entry) -> Facts:
    application, said = entry.subject, entry.facts
    is_draft = application.status == TrainingApplication.Status.DRAFT
    was, now = ("was", "now") if is_draft else ("papers_were", "papers_now")
    return application_facts(application) | {"was_at": said[was], "due_at": said[now]}


TRAINING_MAILS = (
    mail(
        TrainingEvent.REGISTERED,
        "registered",
        about_the_spot,
        only=lambda entry: not is_told_by_the_application(entry),
    ),
    mail(
        TrainingEvent.NOT_ADMITTED,
        "not_admitted",
        why_not_admitted,
        only=lambda entry: not is_told_by_the_application(entry) or entry.facts.get("can_still_join", False),
    ),
    mail(TrainingEvent.NOT_SEATED, "not_seated", about_the_spot),
    mail(
        TrainingEvent.CONFIRMED,
        "seat_confirmed",
        the_seat,
        only=lambda entry: not entry.facts.get("moved_along"),  # the message of the move says it
    ),
    mail(TrainingEvent.WAITING, "waiting", the_line),
    mail(
        TrainingEvent.SEAT_OFFERED,
        "seat_offered",
        lambda entry: offer_facts(entry.subject),
        only=lambda entry: not is_of_a_scholarship(entry),  # its own offer tells of the seat
    ),
    mail(TrainingEvent.DECLINED, "seat_declined", about_the_spot, only=lambda entry: not is_of_a_scholarship(entry)),
    mail(TrainingEvent.RAN_OUT, "offer_ran_out", about_the_spot, only=lambda entry: not is_of_a_scholarship(entry)),
    mail(
        TrainingEvent.MOVED,
        "spot_moved",
        about_the_spot,
        only=lambda entry: not entry.facts.get("is_told_by_the_line"),  # the line tells of a seat, or of the number
    ),
    mail(TrainingEvent.PAUSED, "spot_paused", the_pause),
    mail(TrainingEvent.INVITED, "invited", the_invitation, to=the_invited),
    mail(TrainingEvent.PAUSE_ENDED, "pause_ended", about_the_spot),
    mail(TrainingEvent.WITHDRAWN, "registration_withdrawn", about_the_spot),
    mail(
        TrainingEvent.SESSION_CANCELLED,
        "session_cancelled",
        why_cancelled,
        only=lambda entry: isinstance(entry.subject, Registration),
    ),
    mail(
        TrainingEvent.SESSION_CANCELLED,
        "session_cancelled",
        why_cancelled_for_a_draft,
        only=is_about_the_session,
        spread=each_draft,
    ),
    mail(
        TrainingEvent.SESSION_MOVED,
        "session_moved",
        the_move_for_a_draft,
        only=is_about_the_session,
        spread=each_draft,
    ),
    mail(
        TrainingEvent.SESSION_MOVED,
        "session_moved",
        the_move,
        only=lambda entry: isinstance(entry.subject, Registration),
    ),
    mail(TrainingEvent.SESSION_MOVED, "session_moved", the_move, only=is_about_the_session, spread=each_guest),
    mail(
        TrainingEvent.SESSION_CHANGED,
        "session_changed",
        the_new_dates,
        only=is_a_change_people_feel,
        spread=each_spot,
    ),
    mail(TrainingEvent.DEADLINE_MOVED, "deadline_moved", the_later_day, spread=each_started_application),
    mail(TrainingEvent.LINK_DUE, "meeting_link", about_the_spot),
    mail(TrainingEvent.EXAM_PASSED, "exam_passed", the_exam),
    mail(TrainingEvent.EXAM_NOT_PASSED, "exam_not_passed", the_exam),
    mail(TrainingEvent.SITTING_BOOKED, "test_booked", the_sitting),
    mail(TrainingEvent.SITTING_GIVEN_BACK, "test_given_back", the_sitting),
    mail(TrainingEvent.MAKE_UP_OPENED, "make_up_open", about_the_spot),
    mail(TrainingEvent.MAKE_UP_BOOKED, "make_up_booked", the_make_up),
    mail(TrainingEvent.MAKE_UP_TAKEN_BACK, "make_up_given_back", why_not_that_day),
    mail(TrainingEvent.COMPLETED, "training_completed", the_completion),
    mail(TrainingEvent.NOT_COMPLETED, "training_not_completed", about_the_spot),
    mail(TrainingEvent.WATCH_ASKED, "watch_kept", the_wish, to=who_asked),
    mail(
        TrainingEvent.WATCH_TOLD,
        "training_opened",
        what_opened,
        to=who_asked,
        only=lambda entry: not entry.facts["again"],  # told by the message about another wish of theirs
    ),
)


# -- Applications and scholarships -------------------------------------------------------------------------


def application_facts(application: Any) -> Facts:
    return session_facts(application.session) | link_to("applicants:application", application.reference)


def about_the_application(entry: Entry) -> Facts:
    return application_facts(entry.subject) | {"review_on": entry.facts.get("review_due_on")}


def what_to_send(entry: Entry) -> Facts:
    application = entry.subject
    items = requirement_titles(entry.facts.get("missing", []), application.judged_on)
    return application_facts(application) | {"items": items, "due_on": entry.facts.get("answer_by")}


def why_not_accepted(entry: Entry) -> Facts:
    application = entry.subject
    return application_facts(application) | {"items": requirement_titles(application.missing, application.judged_on)}


def scholarship_facts(wish: Any) -> Facts:
    return session_facts(wish.round.session) | link_to("applicants:scholarship", wish.reference)


def about_the_wish(entry: Entry) -> Facts:
    wish = entry.subject
    return scholarship_facts(wish) | {"decides_on": iso(wish.round.decides_on)}


def award_facts(award: Any) -> Facts:
    return scholarship_facts(award.application) | {
        "money": money(award.cents),
        "due_at": iso(award.answer_by),
        "use_by_on": iso(award.use_by),
    }


def about_the_award(entry: Entry) -> Facts:
    return award_facts(entry.subject)


def why_it_ended(entry: Entry) -> Facts:
    return award_facts(entry.subject) | {"because": entry.facts.get("because", "")}


def the_award_line(entry: Entry) -> Facts:
    wish = entry.subject
    return scholarship_facts(wish) | {"spot": wish.waitlist_rank}


def why_not_awarded(entry: Entry) -> Facts:
    wish = entry.subject
    return scholarship_facts(wish) | {"because": wish.reason}


def reference_facts(reference: Any) -> Facts:
    secret = secret_link("applicants:reference", reference, purpose="reference")
    return secret | {"applicant": name_given(reference.person), "due_at": iso(reference.answer_by)}


def reference_page(reference: Any) -> Facts:
    return link_to("applicants:application", reference.application.reference)


def about_the_reference(entry: Entry) -> Facts:
    return reference_page(entry.subject)


APPLICANT_MAILS = (
    mail(ApplicantEvent.APPLICATION_SUBMITTED, "application_received", about_the_application),
    mail(
        ApplicantEvent.DOCUMENT_REFUSED,
        "paper_refused",
        lambda entry: link_to("applicants:documents", entry.subject.application.reference),
    ),
    mail(ApplicantEvent.APPLICATION_RETURNED, "application_returned", what_to_send),
    mail(ApplicantEvent.APPLICATION_ACCEPTED, "application_accepted", about_the_application),
    mail(ApplicantEvent.APPLICATION_NOT_ACCEPTED, "application_not_accepted", why_not_accepted),
    mail(ApplicantEvent.ESSAY_SUBMITTED, "scholarship_received", about_the_wish),
    mail(ApplicantEvent.AWARD_OFFERED, "award_offered", about_the_award),
    mail(ApplicantEvent.AWARD_ACCEPTED, "award_accepted", about_the_award),
    mail(ApplicantEvent.AWARD_DECLINED, "award_declined", about_the_award),
    mail(ApplicantEvent.AWARD_RAN_OUT, "award_ran_out", about_the_award),
    mail(ApplicantEvent.AWARD_ENDED, "award_ended", why_it_ended),
    mail(ApplicantEvent.AWARD_WAITLISTED, "award_waitlisted", the_award_line),
    mail(ApplicantEvent.NOT_AWARDED, "not_awarded", why_not_awarded),
    mail(
        ApplicantEvent.REFERENCE_ASKED,
        "reference_asked",
        lambda entry: reference_facts(entry.subject),
        to=the_reference,
    ),
    mail(ApplicantEvent.REFERENCE_GIVEN, "reference_given", about_the_reference),
)


# -- Employment --------------------------------------------------------------------------------------------


def request_facts(question: Any) -> Facts:
    """The words are `employment`'s: the person has read them before pressing Send."""
    return secret_link("employment:verify", question, purpose="employment.verify") | {
        "applicant": question.job.person.known_at_work_as,
        "provider": question.job.provider.name,
        "due_on": iso(question.answer_by),
    }


def job_facts(job: Any) -> Facts:
    return link_to("employment:job", job.reference) | {"provider": job.provider.name}


def waiting_facts(question: Any) -> Facts:
    return job_facts(question.job)


def about_the_job(entry: Entry) -> Facts:
    """The subject is the job, or the question about it."""
    subject = entry.subject
    forward = bool(getattr(subject, "forward_email", ""))
    return job_facts(getattr(subject, "job", subject)) | {"forward": forward}


EMPLOYMENT_MAILS = (
    mail(EmploymentEvent.REQUEST_SENT, "job_request", lambda entry: request_facts(entry.subject), to=the_verifier),
    mail(EmploymentEvent.JOB_VERIFIED, "job_verified", about_the_job),
    mail(EmploymentEvent.JOB_CORRECTED, "job_corrected", about_the_job),
    mail(EmploymentEvent.MISADDRESSED, "job_misaddressed", about_the_job),
    mail(EmploymentEvent.NOT_EMPLOYED, "job_not_confirmed", about_the_job),
    mail(EmploymentEvent.REQUEST_RAN_OUT, "job_request_ran_out", about_the_job),
    mail(EmploymentEvent.ADDRESS_APPROVED, "address_approved", about_the_job),
    mail(EmploymentEvent.ADDRESS_REFUSED, "address_refused", about_the_job),
    mail(EmploymentEvent.JOB_ENDED, "job_ended", about_the_job),
)


# -- Certification -----------------------------------------------------------------------------------------


def file_facts(application: Any) -> Facts:
    return link_to("certification:file", application.reference)


def about_the_file(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"still_open": bool(entry.facts.get("still_open"))}


def what_is_missing(entry: Entry) -> Facts:
    unspoken = {one.code for one in program(local_day(entry.at)).requirements("certification") if one.kind in UNSPOKEN}
    items = [_private_item() if item["code"] in unspoken else item["words"] for item in entry.facts.get("items", [])]
    return file_facts(entry.subject) | {"items": items, "due_on": entry.facts.get("due_on")}


def the_meeting(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"meets_at": entry.facts.get("meets_at")}


def the_recommendation(entry: Entry) -> Facts:
    day = local_day(entry.at)
    return file_facts(entry.subject) | {"decides_on": iso(program(day).service_due("director", day))}


def what_the_board_asks(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"due_on": entry.facts.get("due_on")}


def the_appeal(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"due_on": entry.facts.get("appeal_by")}


def credential_facts(credential: Any) -> Facts:
    return link_to("me") | {"number": credential.number, "expires_on": iso(credential.expires_on)}


def the_credential(entry: Entry) -> Facts:
    return credential_facts(entry.subject)


def the_paper(entry: Entry) -> Facts:
    return link_to("certification:document", entry.subject.reference) | {"title": entry.subject.get_kind_display()}


def the_payment(entry: Entry) -> Facts:
    return file_facts(entry.subject) | {"fee": money(program(local_day(entry.at)).fee(entry.facts["fee"]))}


CERTIFICATION_MAILS = (
    mail(CertificationEvent.SUBMITTED, "file_received", about_the_file),
    mail(CertificationEvent.SOMETHING_MISSING, "something_missing", what_is_missing),
    mail(CertificationEvent.PAYMENT_CAME_BACK, "payment_came_back", the_payment),
    mail(CertificationEvent.COMPLETE, "file_complete", about_the_file),
    mail(CertificationEvent.CLOSED, "file_closed", about_the_file),
    mail(CertificationEvent.ON_AGENDA, "on_agenda", the_meeting),
    mail(CertificationEvent.MOVED, "agenda_moved", the_meeting),
    mail(CertificationEvent.RECOMMENDED, "recommended", the_recommendation),
    mail(CertificationEvent.BOARD_ASKS_MORE, "board_asks_more", what_the_board_asks),
    mail(CertificationEvent.NOT_RECOMMENDED, "not_recommended", about_the_file),
    mail(CertificationEvent.DISAPPROVED, "disapproved", the_appeal),
    mail(CertificationEvent.CREDENTIAL_ISSUED, "credential_issued", the_credential),
    mail(CertificationEvent.DOCUMENT_READY, "document_ready", the_paper),
)


# -- The person's own record -------------------------------------------------------------------------------


def helper_facts(helper: Helper, person: User) -> Facts:
    """Whose helper they are, and their link; never what a date is about."""
    return {"applicant": person.called or _("Somebody you know")} | secret_link("helper_link", helper, purpose=HELPER)


def the_helper(entry: Entry) -> To:
    return To(address=entry.subject.email, name=entry.subject.name)


ACCOUNT_MAILS = (
    mail(AccountEvent.ACCESS_ARRANGED, "access_arranged", lambda entry: link_to("access")),
    mail(
        AccountEvent.HELPER_NAMED,
        "helper_named",
        lambda entry: helper_facts(entry.subject, entry.subject.person),
        to=the_helper,
    ),
)

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
        TrainingEvent.SESSION_PLANNED,
        TrainingEvent.SESSION_PUBLISHED,
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
        TrainingEvent.MEETING_LIST_TAKEN,
        TrainingEvent.MEETING_LIST_MATCHED,
        TrainingEvent.MAKE_UP_MARKED,
        TrainingEvent.SITTING_PLANNED,
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


# -- Words the facts share ---------------------------------------------------------------------------------


def iso(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None


def first_sentence(codes: Iterable[str]) -> str:
    """The sentence of the first reason; one that needs facts we do not have is left to the page."""
    for code in codes:
        try:
            return say(Reason(code))
        except (KeyError, TypeError):
            continue
    return ""


def requirement_titles(codes: Iterable[str], on: date | None) -> list[str]:
    """What is missing, as the rules name it; what would tell of a person's life is not named."""
    asked = {one.code: one for one in program(on).requirements("training")} if on else {}
    titles = [_private_item() if asked[code].kind in UNSPOKEN else asked[code].title for code in codes if code in asked]
    return list(dict.fromkeys(titles))


def _private_item() -> str:
    return _("One of your answers. You see it on your page, or call us.")
