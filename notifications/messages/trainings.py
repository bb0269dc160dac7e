"""What people hear about trainings: their spot, the session, the class."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from applicants.models import TrainingApplication
from audit.models import Entry
from notifications.messages.facts import application_facts, first_sentence, iso, session_facts, spot_facts
from notifications.messages.mail import Facts, To, mail
from notifications.models import Message
from notifications.rendering import link_to, secret_link
from programs.calendar import local_day
from programs.words import clock_range, date_range, long_date, money
from trainings.events import TrainingEvent
from trainings.models import Block, Registration, Status, TeamMember, TrainingSession, Watch
from trainings.workflow.changes import WAY_IN

Outcome = Registration.Outcome


def about_the_spot(entry: Entry) -> Facts:
    return spot_facts(entry.subject)


def the_seat(entry: Entry) -> Facts:
    session = entry.subject.session
    return spot_facts(entry.subject) | {
        "where": session.location or _("It is online. We write to you how to join."),
        "cost": money(session.cost_cents) if session.cost_cents and not entry.subject.is_paid_for else "",
    }


def the_line(entry: Entry) -> Facts:
    return about_the_spot(entry) | {"spot": entry.facts.get("spot")}


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
    """Somebody who is not checked yet may still join the line, as long as seats are offered."""
    because = first_sentence(entry.facts.get("reasons", []))
    last_offer_on = entry.subject.session.last_offer_on
    until = iso(last_offer_on) if last_offer_on >= local_day(entry.at) else None
    can_still_join = bool(entry.facts.get("can_still_join"))
    return about_the_spot(entry) | {"because": because, "can_still_join": can_still_join, "last_offer_on": until}


def why_cancelled(entry: Entry) -> Facts:
    return spot_facts(entry.subject) | {"because": entry.subject.session.cancelled_because} | link_to("trainings:list")


def the_exam(entry: Entry) -> Facts:
    """No score: the office reads what was sent. It stands on the person's own page."""
    result = {"next_on": entry.facts.get("next_try_on"), "was_corrected": bool(entry.facts.get("corrected"))}
    return about_the_spot(entry) | result


def how_it_ended(entry: Entry) -> Facts:
    return about_the_spot(entry) | {"did_not_attend": entry.facts.get("outcome") == Outcome.DID_NOT_ATTEND}


def what_was_left(entry: Entry) -> Facts:
    spot = entry.subject
    had_a_seat = entry.facts.get("before") == Status.CONFIRMED
    waits = had_a_seat and Registration.objects.next_for_a_seat(spot).exists()
    return about_the_spot(entry) | {
        "had_a_seat": had_a_seat,
        "somebody_waits": waits,
        "keeps_its_time": spot.keeps_its_time,
    }


def the_completion(entry: Entry) -> Facts:
    done = entry.subject
    counts_for = f"{done.hours.normalize():f}" if done.hours else ""
    return session_facts(done.session) | link_to("me") | {"done_on": iso(done.completed_on), "counts_for": counts_for}


def the_make_up(entry: Entry) -> Facts:
    """With the way there, where that class is in person."""
    made_in = TrainingSession.objects.filter(reference=entry.facts["made_in"]).only("mode", "location").get()
    is_online = made_in.mode == TrainingSession.Mode.ONLINE
    where = {"is_online": is_online, "where": "" if is_online else made_in.location}
    return about_the_spot(entry) | {"when_at": entry.facts.get("half_day")} | where


def why_not_that_day(entry: Entry) -> Facts:
    return about_the_spot(entry) | {"was_cancelled": entry.facts.get("because") == "session_cancelled"}


def the_sitting(entry: Entry) -> Facts:
    booking = entry.subject.exam_bookings.filter(sitting__reference=entry.facts["sitting"]).last()
    sitting = booking.sitting
    facts = {"how": str(sitting.get_kind_display()), "where": sitting.where, "extra": booking.extra_minutes}
    return about_the_spot(entry) | facts | {"when_at": iso(sitting.starts_at)}


def the_way_in(entry: Entry) -> Facts:
    """The link stands on the person's page only; a number to call has to be read by somebody without a screen."""
    half_day = entry.facts.get("half_day")  # the one that is made up there
    own_day = {"starts_at": half_day} if half_day else {}
    return about_the_spot(entry) | own_day | {"dial_in": entry.subject.session.dial_in}


def each_spot(entry: Entry) -> list[Entry]:
    """The entry of a session, once for everybody with a live spot in it, not paused, or a half-day to make up there;
    once class began, for whoever has a seat. A new way in concerns only those who were told the old one."""
    session = entry.subject
    prefetch_related_objects([session], "half_days")
    spots = session.registrations.live().exclude(status=Status.PAUSED).select_related("person")
    if session.starts_at <= entry.at:
        spots = spots.filter(status=Status.CONFIRMED)
    told = [*(_about(entry, spot, knows_the_way=spot.link_told_at is not None) for spot in spots), *each_guest(entry)]
    _add_what_is_still_owed(told)
    return [one for one in told if FELT & _changed(one) or _new_way_in(one) or _what_else(one)]


def _add_what_is_still_owed(told: list[Entry]) -> None:
    """One message says all that changed since the last one left; and whose link message has not left yet knows no old
    way in. The rows are held to the end, so that none of them leaves meanwhile."""
    owed = Message.objects.still_owed().filter(
        kind__in=("session_changed", "meeting_link"), about__in=[one.subject_reference for one in told]
    )
    by_spot: dict[str, list[Message]] = {}
    for message in owed.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        by_spot.setdefault(message.about, []).append(message)
    for one in told:
        for message in by_spot.get(one.subject_reference, []):
            if message.kind == "meeting_link":
                one.facts["knows_the_way"] = False
            else:
                one.facts["changed"] = sorted(_changed(one) | set(message.facts.get("changed", [])))


def each_guest(entry: Entry) -> list[Entry]:
    """The entry of a session, once for everybody with a half-day to make up there."""
    half_days = dict(enumerate(entry.subject.half_days.all(), start=1))
    booked = entry.subject.make_ups.booked().select_related("registration__person").order_by("-number", "pk")
    first_of = {make_up.registration_id: make_up for make_up in booked}
    return [
        _about(
            entry,
            make_up.registration,
            knows_the_way=make_up.link_told_at is not None,
            half_day=iso(half_days[make_up.number].starts_at) if make_up.number in half_days else None,
        )
        for make_up in first_of.values()
    ]


def _about(entry: Entry, spot: Registration, **facts: Any) -> Entry:
    one = copy(entry)
    one.facts = {**entry.facts, **facts}
    spot.session = entry.subject
    one.subject, one.subject_reference = spot, spot.reference
    return one


FELT = frozenset({"location", "mode"})  # other days and hours are told as a move


def _changed(entry: Entry) -> set[str]:
    return set(entry.facts.get("changed", []))


def is_a_change_people_feel(entry: Entry) -> bool:
    return entry.subject.is_published and bool((FELT | WAY_IN | {"allocation_on", "cost_cents"}) & _changed(entry))


def _what_else(entry: Entry) -> list[str]:
    """Another day for the seats, to whoever waits for it; another cost, to whoever pays it."""
    spot: Registration = entry.subject
    session, changed, said = spot.session, _changed(entry), []
    if "allocation_on" in changed and spot.status in (Status.RECEIVED, Status.ADMITTED):
        said.append(_("We set the seats on %s now.") % long_date(session.allocation_on))
    if "cost_cents" in changed and not spot.is_paid_for:
        cost = money(session.cost_cents) if session.cost_cents else ""
        said.append(_("It costs %s now.") % cost if cost else _("It costs nothing now."))
    return said


def _new_way_in(entry: Entry) -> set[str]:
    """What is another of the way in, where this person knows the old one. Whoever does not is told when it is due."""
    was_told = entry.facts.get("knows_the_way") and entry.subject.session.meeting_link
    return set(WAY_IN & _changed(entry)) if was_told else set()


def what_changed(entry: Entry) -> Facts:
    session, way_in = entry.subject.session, _new_way_in(entry)
    ahead = [half_day.starts_at for half_day in session.half_days.all() if half_day.ends_at > entry.at]
    is_online = session.mode == TrainingSession.Mode.ONLINE
    return about_the_spot(entry) | {
        "starts_at": entry.facts.get("half_day") or iso(min(ahead, default=session.starts_at)),
        "where": (_("It is online.") if is_online else session.location) if FELT & _changed(entry) else "",
        "is_online": is_online,
        "new_link": "meeting_link" in way_in,
        "dial_in": session.dial_in if way_in else "",
        "what_else": _what_else(entry),
        "changed": sorted(_changed(entry)),
    }


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


def is_told_by_the_seat(entry: Entry) -> bool:
    """Where seats go as people come, the seat or the number in line is told in the same moment."""
    return entry.subject.session.course.is_first_come


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


def each_of_the_team(entry: Entry) -> list[Entry]:
    """The entry of a session, once for everybody who leads it."""
    team = entry.subject.team.standing().select_related("person")
    return [_of_the_team(entry, member) for member in team]


def _of_the_team(entry: Entry, member: TeamMember) -> Entry:
    one = copy(entry)
    member.session = entry.subject
    one.subject, one.subject_reference = member, member.reference
    return one


def the_class(entry: Entry) -> Facts:
    session = entry.subject.session
    return session_facts(session) | link_to("trainings:class_session", session.reference)


def the_class_that_was(entry: Entry) -> Facts:
    session = entry.subject.session
    return session_facts(session) | link_to("trainings:classes") | {"because": session.cancelled_because}


def is_new_on_a_team(entry: Entry) -> bool:
    """A draft is nobody's business yet: its team hears of it once it is on the calendar."""
    return entry.subject.session.is_published and "was" not in entry.facts


def is_off_the_team(entry: Entry) -> bool:
    return entry.subject.session.is_published and "becomes" not in entry.facts


def is_felt_by_the_team(entry: Entry) -> bool:
    return entry.subject.is_published and bool((FELT | WAY_IN) & _changed(entry))


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
    days = {"was_at": said[was], "due_at": said[now], "was_down": bool(said.get("outage"))}
    return application_facts(application) | days


TRAINING_MAILS = (
    mail(
        TrainingEvent.REGISTERED,
        "registered",
        about_the_spot,
        only=lambda entry: not is_told_by_the_application(entry) and not is_told_by_the_seat(entry),
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
    mail(TrainingEvent.WITHDRAWN, "registration_withdrawn", what_was_left),
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
        what_changed,
        only=is_a_change_people_feel,
        spread=each_spot,
    ),
    mail(TrainingEvent.TEAM_JOINED, "team_named", the_class, only=is_new_on_a_team),
    mail(TrainingEvent.SESSION_PUBLISHED, "team_named", the_class, spread=each_of_the_team),
    mail(TrainingEvent.TEAM_LEFT, "team_left", the_class_that_was, only=is_off_the_team),
    mail(
        TrainingEvent.SESSION_CANCELLED,
        "team_class_cancelled",
        the_class_that_was,
        only=is_about_the_session,
        spread=each_of_the_team,
    ),
    mail(
        TrainingEvent.SESSION_MOVED,
        "team_class_changed",
        the_class,
        only=is_about_the_session,
        spread=each_of_the_team,
    ),
    mail(
        TrainingEvent.SESSION_CHANGED,
        "team_class_changed",
        the_class,
        only=is_felt_by_the_team,
        spread=each_of_the_team,
    ),
    mail(TrainingEvent.DEADLINE_MOVED, "deadline_moved", the_later_day, spread=each_started_application),
    mail(TrainingEvent.LINK_DUE, "meeting_link", the_way_in),
    mail(TrainingEvent.EXAM_PASSED, "exam_passed", the_exam),
    mail(TrainingEvent.EXAM_NOT_PASSED, "exam_not_passed", the_exam),
    mail(TrainingEvent.SITTING_BOOKED, "test_booked", the_sitting),
    mail(
        TrainingEvent.SITTING_GIVEN_BACK,
        "test_given_back",
        the_sitting,
        only=lambda entry: not entry.facts.get("told_by"),  # what ended the spot tells of it
    ),
    mail(TrainingEvent.MAKE_UP_OPENED, "make_up_open", about_the_spot),
    mail(TrainingEvent.MAKE_UP_BOOKED, "make_up_booked", the_make_up),
    mail(
        TrainingEvent.MAKE_UP_TAKEN_BACK,
        "make_up_given_back",
        why_not_that_day,
        only=lambda entry: not entry.facts.get("told_by"),  # what ended the spot tells of it
    ),
    mail(TrainingEvent.COMPLETED, "training_completed", the_completion),
    mail(TrainingEvent.NOT_COMPLETED, "training_not_completed", how_it_ended),
    mail(TrainingEvent.WATCH_ASKED, "watch_kept", the_wish, to=who_asked),
    mail(
        TrainingEvent.WATCH_TOLD,
        "training_opened",
        what_opened,
        to=who_asked,
        only=lambda entry: not entry.facts["again"],  # told by the message about another wish of theirs
    ),
)
