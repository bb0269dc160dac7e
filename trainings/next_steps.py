"""What a person sees of their trainings on one line each, and what the office has to do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.steps import Stage, Step, Tone, Work
from accounts.workflow import profile_of
from programs.calendar import ONE_DAY, local_day
from programs.program import Rules, program
from programs.words import long_date, mid_date, mid_moment, near_range, short_range
from trainings.claims import is_time_to_call, open_claims_of
from trainings.models import KEEPS_ITS_TIME, LIVE, Attendance, Registration, Seat, Status, TrainingSession
from trainings.workflow.classroom import OPEN
from trainings.workflow.links import link_due_at
from trainings.workflow.makeup import missed_half_days

SHOWN_FOR = timedelta(days=365)
STILL_OPEN = Q(status__in=LIVE, outcome__in=OPEN)
COMING = Q(
    registrations__status__in=[Status.ADMITTED, Status.WAITING, Status.OFFERED, Status.CONFIRMED],
    registrations__outcome="",
)


def steps_of(person: User, at: datetime) -> list[Step]:
    """Every spot that is open, however old; of a course with none, what became of the newest, for a year."""
    spots = list(
        Registration.objects.of(person)
        .filter(STILL_OPEN | Q(entered_at__gte=at - SHOWN_FOR))
        .exclude(status__in=[Status.WITHDRAWN])
        .select_related("session__course", "course", "seat", "completion")
        .prefetch_related("exam_attempts")
        .order_by("-entered_at", "-pk")
    )
    today = program(local_day(at))
    newest = {spot.course_id: spot for spot in reversed(spots)}
    newest |= {spot.course_id: spot for spot in spots if spot.is_live}  # one of a course
    return [_step(spot, today, at) for spot in newest.values()]


def _step(spot: Registration, today: Rules, at: datetime) -> Step:
    facts: dict[str, Any] = {
        "stage": Stage.TRAINING,
        "title": _("%(course)s, %(dates)s")
        % {"course": spot.course.title, "dates": short_range(spot.session.starts_on, spot.session.ends_on)},
        "url": spot.get_absolute_url(),
        "link_text": _("See my spot"),
        "reference": spot.reference,
    }
    if spot.outcome == Registration.Outcome.COMPLETED:
        done_on = long_date(spot.completion.completed_on)
        return Step(tone=Tone.DONE, chip=_("Done"), sentence=_("You finished on %s.") % done_on, is_over=True, **facts)
    if spot.outcome == Registration.Outcome.MAKE_UP:
        return _to_make_up(spot, today, at, facts)
    if spot.outcome:
        sentence = _("You can sign up for the next one.")
        if spot.outcome == Registration.Outcome.NOT_PASSED:
            sentence = _("All tries are used. You can take the training again.")
        return Step(tone=Tone.QUIET, chip=spot.get_outcome_display(), sentence=sentence, is_over=True, **facts)
    if spot.status == Status.CONFIRMED:
        return _seated(spot, today, at, facts)
    if spot.is_live:
        return _in_line(spot, today, at, facts)
    return _over(spot, facts)


def _in_line(spot: Registration, today: Rules, at: datetime, facts: dict[str, Any]) -> Step:
    session, office, today_is = spot.session, _("the Training Office"), local_day(at)
    if spot.status == Status.OFFERED and spot.offer_expires_at is not None:
        return Step(
            tone=Tone.YOU,
            chip=_("A seat is yours if you want it"),
            sentence=_("Answer by %s.") % mid_moment(spot.offer_expires_at),
            next_actor=_("you"),
            due_on=max(local_day(spot.offer_expires_at), today_is),
            **{**facts, "link_text": _("Answer")},
        )
    if spot.status == Status.PAUSED and spot.paused_until is not None:
        return Step(
            tone=Tone.QUIET,
            chip=_("On pause"),
            sentence=_("Your time is kept. Choose a date when you want to go on."),
            next_actor=_("you"),
            due_on=max(spot.paused_until, today_is),
            **facts,
        )
    if spot.status == Status.WAITING:
        return Step(
            tone=Tone.THEM,
            chip=_("Waiting in line"),
            sentence=_("We offer each open seat to the first person in line."),
            next_actor=office,
            due_on=max(session.last_offer_on, today_is) if session.last_offer_on >= today_is else session.starts_on,
            **facts,
        )
    if spot.status == Status.ADMITTED and spot.course.is_first_come:
        return Step(
            tone=Tone.THEM,
            chip=_("Signed up"),
            sentence=_("We give the seats as people sign up. We tell you soon."),
            next_actor=office,
            due_on=max(session.last_offer_on, today_is) if session.last_offer_on >= today_is else session.starts_on,
            **facts,
        )
    if spot.status == Status.ADMITTED:
        return Step(
            tone=Tone.THEM,
            chip=_("You are in the ranking"),
            sentence=_("We set the seats on %s.") % long_date(session.allocation_on),
            next_actor=office,
            due_on=max(session.allocation_on, today_is),
            **facts,
        )
    due = session.last_offer_on if session.is_allocated else session.allocation_on
    return Step(
        tone=Tone.THEM,
        chip=_("Sent"),
        sentence=_("We check your application."),
        next_actor=office,
        due_on=max(due, today_is),
        **facts,
    )


def _seated(spot: Registration, today: Rules, at: datetime, facts: dict[str, Any]) -> Step:
    session, today_is = spot.session, local_day(at)
    if session.ends_at > at:
        link = link_due_at(session)
        is_told = spot.link_told_at is not None or not session.meeting_link
        sentence = _("Class starts on %s.") % long_date(session.starts_on)
        if not is_told and link > at:
            sentence += " " + _("We send your link on %s.") % mid_date(link)
        is_here = session.starts_at <= at or is_told
        return Step(
            tone=Tone.DONE,
            chip=_("You have a seat"),
            sentence=sentence,
            next_actor=_("you") if is_here else _("the Training Office"),
            due_on=max(session.starts_on if is_told else local_day(link), today_is),
            **facts,
        )
    attempts = list(spot.exam_attempts.all())
    if attempts and attempts[-1].next_try_on:
        return _not_passed_yet(attempts[-1], today_is, facts)
    return Step(
        tone=Tone.THEM,
        chip=_("Class is over"),
        sentence=_("We enter who was there and how the test went."),
        next_actor=_("the Training Office"),
        due_on=max(today.service_due("completion", session.ends_on), today_is),
        **facts,
    )


def _to_make_up(spot: Registration, today: Rules, at: datetime, facts: dict[str, Any]) -> Step:
    """Class time is missing: a day is booked, or to be chosen, or nothing is left but our word."""
    chip, today_is = _("Some class time is left"), local_day(at)
    missed = missed_half_days(spot, at)
    booked = [one.booked_half_day.on for one in missed if one.booked_half_day and one.booked_half_day.ends_at > at]
    if any(one.dates and not one.booked for one in missed):
        until = max(today_is, min(one.dates[-1].on for one in missed if one.dates))
        sentence = _("Choose a day to make it up. You do not wait in line.")
        return Step(tone=Tone.YOU, chip=chip, sentence=sentence, next_actor=_("you"), due_on=until, **facts)
    if booked:
        sentence = _("You make it up on %s.") % long_date(min(booked))
        return Step(tone=Tone.DONE, chip=chip, sentence=sentence, next_actor=_("you"), due_on=min(booked), **facts)
    sentence = _("We plan the next class.") if missed else _("We enter that you made it up.")
    due = max(today.service_due("completion", spot.session.ends_on), today_is)
    return Step(tone=Tone.THEM, chip=chip, sentence=sentence, next_actor=_("the Training Office"), due_on=due, **facts)


def _not_passed_yet(last: Any, today_is: date, facts: dict[str, Any]) -> Step:
    return Step(
        tone=Tone.YOU,
        chip=_("Not passed yet"),
        sentence=_("You can take the test again from %s.") % long_date(last.next_try_on),  # the desk reads this too
        next_actor=_("you"),
        due_on=max(last.next_try_on, today_is),
        **facts,
    )


def _over(spot: Registration, facts: dict[str, Any]) -> Step:
    chips = {
        Status.DECLINED: _("You said no"),
        Status.RAN_OUT: _("The time to answer passed"),
        Status.NOT_SEATED: _("No seat this time"),
        Status.CANCELLED: _("This training is cancelled"),
        Status.NOT_ELIGIBLE: _("Not this time"),
    }
    keeps = spot.status in KEEPS_ITS_TIME
    sentence = _("You keep your time for the next dates.") if keeps else _("Your message says why.")
    tone = Tone.NO if spot.status in (Status.CANCELLED, Status.NOT_ELIGIBLE) else Tone.QUIET
    chip = chips.get(Status(spot.status), spot.get_status_display())
    if keeps:
        facts = {**facts, "link_text": _("Use my time"), "keeps_its_time": True}
    return Step(tone=tone, chip=chip, sentence=sentence, is_over=True, **facts)


# -- The office --------------------------------------------------------------------------------------------


def work_of(user: User, at: datetime) -> list[Work]:
    """Sessions that need something by a day: drafts, seats to set, seats free too late, lists and scores to enter."""
    if not user.has_perm("trainings.run_sessions"):
        return []
    today = program(local_day(at))
    before = [*_drafts(at), *_to_decide(at), *_missing_links(today, at), *_to_be_set(at), *_free_by_hand(at)]
    return [*before, *offers_to_read_out(user, at), *_to_call(at), *_made_up(at), *_to_finish(today, at)]


def _work(session: TrainingSession, verb: str, due_on: date, *, page: str = "desk_session", detail: str = "") -> Work:
    return Work(
        due_on=due_on,
        reference=session.reference,
        who=f"{session.course.title}, {near_range(session.starts_on, session.ends_on, due_on)}",
        verb=verb,
        url=reverse(f"trainings:{page}", args=[session.reference]),
        detail=detail,
    )


def _published(at: datetime) -> Any:
    published = TrainingSession.objects.filter(status=TrainingSession.Status.PUBLISHED, starts_at__gt=at)
    return published.select_related("course")


def _drafts(at: datetime) -> list[Work]:
    drafts = TrainingSession.objects.filter(status=TrainingSession.Status.DRAFT, starts_at__gt=at)
    return [
        _work(one, _("Put the draft on the calendar"), local_day(one.opens_at))
        for one in drafts.select_related("course")
    ]


def _to_decide(at: datetime) -> list[Work]:
    """Few people on the day this is looked at; and an outage that found no room to move the last day."""
    no_room = _published(at).filter(no_room_to_move_at__isnull=False)
    verb = _("The portal was down before the last day. There was no room to move it")
    return [
        *(_work(one, verb, local_day(at), page="desk_decide") for one in no_room),
        *(
            _work(one, _("Decide if it runs"), one.go_on, page="desk_decide", detail=few_words(one))
            for one in short_of_people(_published(at), local_day(at))
        ),
    ]


def short_of_people(sessions: Any, today: date) -> list[Any]:
    """Their day has come, and fewer people are seated or in the ranking than they need."""
    counted = sessions.filter(go_on__lte=today, go_decided_at=None, minimum__isnull=False).annotate(
        people=Count("registrations", filter=COMING, distinct=True)
    )
    return list(counted.filter(people__lt=F("minimum")))


def few_words(session: Any) -> str:
    return _("%(people)d of %(minimum)d people") % {"people": session.people, "minimum": session.minimum}


def _missing_links(today: Rules, at: datetime) -> list[Work]:
    """Before class and while it runs: without it nobody comes in."""
    published = TrainingSession.objects.filter(status=TrainingSession.Status.PUBLISHED, ends_at__gt=at)
    bare = published.filter(mode=TrainingSession.Mode.ONLINE, meeting_link="").select_related("course")
    verb = _("Add the meeting link")
    return [_work(one, verb, local_day(link_due_at(one)) - ONE_DAY, page="desk_change") for one in bare]


def _to_be_set(at: datetime) -> list[Work]:
    """From a week before, so that open claims can still be looked at."""
    soon = local_day(at) + 7 * ONE_DAY
    due = _published(at).filter(course__seating="on_allocation_day", allocated_at=None, allocation_on__lte=soon)
    counted = due.annotate(
        to_check=Count("registrations", filter=Q(registrations__status=Status.RECEIVED)),
        ranked=Count("registrations", filter=Q(registrations__status=Status.ADMITTED)),
    )
    return [
        _work(
            one,
            _to_check(one.to_check),
            one.allocation_on,
            detail=_("%(people)d people, %(seats)d seats") % {"people": one.ranked, "seats": one.capacity},
        )
        for one in counted
    ]


def _to_check(count: int) -> str:
    if not count:
        return _("Seats are set soon. Nothing to check")
    words = ngettext(
        "Check %d application before the seats are set", "Check %d applications before the seats are set", count
    )
    return words % count


def _to_call(at: datetime) -> list[Work]:
    """From seven working days before the seats are set: open answers of employers that would change a group."""
    today = local_day(at)
    near = _published(at).filter(course__seating="on_allocation_day", allocated_at=None, allocation_on__gte=today)
    due = [one for one in near.filter(allocation_on__lte=today + 21 * ONE_DAY) if is_time_to_call(one, today)]
    open_now = open_claims_of(due, at)
    counted = [(one, len(open_now[one.pk])) for one in due]
    return [
        _work(
            one,
            ngettext("Call %d officer about a job", "Call %d officers about a job", count) % count,
            one.allocation_on,
            page="desk_calls",
        )
        for one, count in counted
        if count
    ]


def offers_to_read_out(user: User, at: datetime) -> list[Work]:
    """An offer runs for days, and a letter takes as long. One statement; offers are never more than seats."""
    out = Registration.objects.filter(status=Status.OFFERED, outcome="", offer_expires_at__gt=at).exclude(person=user)
    spots = out.select_related("person__profile", "session__course").order_by("offer_expires_at", "pk")
    return [_read_out(spot) for spot in spots if profile_of(spot.person).needs_a_call]


def _read_out(spot: Registration) -> Work:
    moment, profile = spot.offer_expires_at or spot.session.starts_at, profile_of(spot.person)
    phone = profile.phone.as_national if profile.phone else _("no phone number")
    return Work(
        due_on=local_day(moment),
        reference=spot.reference,
        who=f"{spot.person}, {spot.session.course.title}",
        verb=_("Call %(name)s. The offer of a seat runs out %(moment)s")
        % {"name": spot.person.called or spot.person, "moment": mid_moment(moment)},
        url=reverse("trainings:registration", args=[spot.person.reference, spot.reference]),
        detail=phone if profile.voicemail_is_safe or not profile.phone else _("%s, leave no voicemail") % phone,
    )


def _free_by_hand(at: datetime) -> list[Work]:
    """After the last day for offers a free seat is filled by hand, in the same order."""
    free = Seat.objects.free().general().filter(session=OuterRef("pk"))
    late = _published(at).with_a_line().filter(Exists(free), last_offer_on__lt=local_day(at))
    waiting = late.filter(registrations__status=Status.WAITING).distinct()
    return [_work(one, _("A seat is free. Call the next people"), one.starts_on) for one in waiting]


def _made_up(at: datetime) -> list[Work]:
    """Somebody made up what they had missed, and nobody recorded yet that they are done."""
    made = Q(make_ups__was_there=True, make_ups__taken_back_at=None)
    made &= Q(make_ups__registration__outcome=Registration.Outcome.MAKE_UP)
    made &= Q(course__has_exam=False) | Q(make_ups__registration__exam_attempts__passed=True)
    past = TrainingSession.objects.filter(made).exclude(status=TrainingSession.Status.CANCELLED).distinct()
    verb = _("Record who made up their class time")
    return [
        _work(one, verb, max(one.ends_on, local_day(at)), page="desk_finish") for one in past.select_related("course")
    ]


def _to_finish(today: Rules, at: datetime) -> list[Work]:
    """Class is over, and somebody is neither done nor said to have stopped."""
    open_spots = Q(registrations__status=Status.CONFIRMED, registrations__outcome="")
    marked = Attendance.objects.filter(registration__session=OuterRef("pk"))
    past = (
        TrainingSession.objects.filter(open_spots, ends_at__lte=at)
        .exclude(status=TrainingSession.Status.CANCELLED)
        .annotate(people=Count("registrations", filter=open_spots), is_marked=Exists(marked))
        .select_related("course")
        .order_by(F("ends_at"))
    )
    return [
        _work(
            one,
            _("Record who is done") if one.is_marked else _("Mark who was there"),
            today.service_due("completion", one.ends_on),
            page="desk_finish" if one.is_marked else "desk_attendance",
            detail=ngettext("%d person", "%d people", one.people) % one.people,
        )
        for one in past
    ]
