"""Where a person's application and scholarship stand, and what they ask of the office and of readers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.steps import Stage, Step, Tone, Work
from applicants import rules
from applicants.models import Award, Review, ScholarshipApplication, ScholarshipRound, TrainingApplication
from programs.calendar import local_day
from programs.words import long_date, long_moment, money, short_range
from trainings.models import Registration
from trainings.told_above import tells_of_spots

SHOWN_FOR = timedelta(days=365)


def steps_of(person: User, at: datetime) -> list[Step]:
    return [*_applications(person, at), *_scholarships(person, at)]


# -- The training application ------------------------------------------------------------------------------


def _applications(person: User, at: datetime) -> list[Step]:
    """The newest of each course. Once accepted, the spot in line tells the rest."""
    Status = TrainingApplication.Status
    mine = (
        TrainingApplication.objects.visible_to(person)
        .filter(started_at__gte=at - SHOWN_FOR)
        .exclude(status=Status.WITHDRAWN)
        .select_related("session__course", "registration")
        .order_by("started_at", "pk")
    )
    newest = {application.course_id: application for application in mine}
    return [_application_step(one, at) for one in newest.values() if one.status != Status.ACCEPTED]


@tells_of_spots
def step_of_spot(spot: Registration, at: datetime) -> Step | None:
    """What My pathway says of this spot while its application tells the rest of it."""
    one = TrainingApplication.objects.filter(registration=spot.pk).select_related("session__course", "registration")
    mine = one.exclude(status=TrainingApplication.Status.WITHDRAWN).order_by("started_at", "pk").last()
    return _application_step(mine, at) if mine and _spot_it_tells_of(mine) else None


def _application_step(one: TrainingApplication, at: datetime) -> Step:
    Status = TrainingApplication.Status
    session, today = one.session, local_day(at)
    facts: dict[str, Any] = {
        "stage": Stage.TRAINING,
        "title": f"{session.course}, {short_range(session.starts_on, session.ends_on)}",
        "url": reverse("applicants:application", args=[one.reference]),
        "reference": one.reference,
        "tells_of": _spot_it_tells_of(one),
    }
    if one.status == Status.DRAFT:
        return _draft_step(one, at, facts)
    if one.status == Status.RETURNED:
        due = one.answer_by or today
        sentence = _("We need something more from you by %s.") % long_date(due)
        return Step(
            tone=Tone.YOU,
            chip=_("Something is missing"),
            sentence=sentence,
            next_actor=_("you"),
            due_on=due,
            link_text=_("See what is missing"),
            **facts,
        )
    if one.status == Status.SUBMITTED:
        due = one.review_due_on or today
        return Step(
            tone=Tone.THEM,
            chip=_("Sent"),
            sentence=_("We check it by %s.") % long_date(due),
            next_actor=_("the Training Office"),
            due_on=due,
            link_text=_("See my application"),
            **facts,
        )
    return Step(
        tone=Tone.NO,
        chip=_("Not this time"),
        sentence=_("Your page says why, and when the next chance is."),
        is_over=True,
        link_text=_("See why"),
        **facts,
    )


def _spot_it_tells_of(one: TrainingApplication) -> str:
    """While we check it, and after a no, the application says more than the spot it made."""
    spot = one.registration
    return spot.reference if spot and spot.status in ("received", "not_eligible") else ""


def _draft_step(one: TrainingApplication, at: datetime, facts: dict[str, Any]) -> Step:
    session = one.session
    if session.registration_deadline.accepts(at):
        due, sentence = session.registration_closes_on, _("Send it by %s.") % long_moment(session.registration_deadline)
    else:  # nothing is lost, and there is no hurry
        due = local_day(at) + timedelta(days=30)
        sentence = _("The time for this training has passed. What you wrote is saved for the next one.")
    return Step(
        tone=Tone.YOU,
        chip=_("Started"),
        sentence=sentence,
        next_actor=_("you"),
        due_on=due,
        link_text=_("Go on with it"),
        **facts,
    )


# -- Scholarships ------------------------------------------------------------------------------------------


def _scholarships(person: User, at: datetime) -> list[Step]:
    mine = (
        ScholarshipApplication.objects.visible_to(person)
        .filter(started_at__gte=at - SHOWN_FOR)
        .exclude(status=ScholarshipApplication.Status.WITHDRAWN)
        .select_related("round__session")
        .prefetch_related("awards")
        .order_by("started_at", "pk")
    )
    return [_scholarship_step(one, at) for one in mine]


def _scholarship_step(one: ScholarshipApplication, at: datetime) -> Step:
    Status, round_, today = ScholarshipApplication.Status, one.round, local_day(at)
    facts: dict[str, Any] = {
        "stage": Stage.SCHOLARSHIP,
        "title": round_.title,
        "url": reverse("applicants:scholarship", args=[one.reference]),
        "reference": one.reference,
        "link_text": _("See my scholarship"),
    }
    if one.status == Status.DRAFT:
        return _essay_step(one, at, facts)
    if one.status == Status.SUBMITTED:
        return Step(
            tone=Tone.THEM,
            chip=_("Sent"),
            sentence=_("You hear from us by %s.") % long_date(round_.decides_on),
            next_actor=_("the people who score it"),
            due_on=max(round_.decides_on, today),
            **facts,
        )
    if one.status == Status.WAITLISTED:
        return _waitlist_step(one, today, facts)
    if one.status == Status.NOT_AWARDED:
        sentence = _("Your page says why. You can ask again in the next round.")
        return Step(tone=Tone.NO, chip=_("Not this time"), sentence=sentence, is_over=True, **facts)
    return _award_step(max(one.awards.all(), key=lambda award: award.pk), facts)


def _essay_step(one: ScholarshipApplication, at: datetime, facts: dict[str, Any]) -> Step:
    round_ = one.round
    if rules.reasons_round_is_shut(is_open=True, opens_at=round_.opens_at, closes_at=round_.closes_at, at=at):
        sentence = _("The time for essays has passed. What you wrote is saved.")
        return Step(tone=Tone.QUIET, chip=_("Closed"), sentence=sentence, is_over=True, **facts)
    return Step(
        tone=Tone.YOU,
        chip=_("Started"),
        sentence=_("Send your essay by %s.") % long_moment(round_.closes_at),
        next_actor=_("you"),
        due_on=local_day(round_.closes_at),
        **{**facts, "link_text": _("Go on writing")},
    )


def _waitlist_step(one: ScholarshipApplication, today: date, facts: dict[str, Any]) -> Step:
    ends_on = one.round.session.allocation_on
    if today >= ends_on:
        sentence = _("No scholarship came free. You keep your spot in the line for a seat.")
        return Step(tone=Tone.QUIET, chip=_("The line has ended"), sentence=sentence, is_over=True, **facts)
    sentence = _("You are number %d in line. If someone ahead says no, we offer it to you.") % (one.waitlist_rank or 1)
    return Step(
        tone=Tone.THEM,
        chip=_("In line for one"),
        sentence=sentence,
        next_actor=_("the people ahead of you"),
        due_on=ends_on,
        **facts,
    )


def _award_step(award: Award, facts: dict[str, Any]) -> Step:
    if award.status == Award.Status.OFFERED:
        return Step(
            tone=Tone.YOU,
            chip=_("You have a scholarship, if you want it"),
            sentence=_("It pays %(money)s. Say yes by %(time)s.")
            % {"money": money(award.cents), "time": long_moment(award.answer_by)},
            next_actor=_("you"),
            due_on=local_day(award.answer_by),
            **{**facts, "link_text": _("Answer")},
        )
    said = {
        Award.Status.ACCEPTED: (Tone.DONE, _("Yours"), _("It pays %s.") % money(award.cents)),
        Award.Status.DECLINED: (Tone.QUIET, _("Given back"), _("You gave it to the next person.")),
        Award.Status.RAN_OUT: (Tone.QUIET, _("The offer ran out"), _("You can ask again in the next round.")),
    }
    tone, chip, sentence = said[Award.Status(award.status)]
    return Step(tone=tone, chip=chip, sentence=sentence, is_over=True, **facts)


# -- Work --------------------------------------------------------------------------------------------------


def work_of(user: User, at: datetime) -> list[Work]:
    work: list[Work] = []
    if user.has_perm("applicants.screen_applications"):
        work += _to_check(user, at)
    if user.has_perm("applicants.review_scholarships"):
        work += _to_score(user)
    if user.has_perm("applicants.run_scholarships"):
        work += _to_decide(at)
    return work


def _to_check(user: User, at: datetime) -> list[Work]:
    sent = TrainingApplication.objects.to_check().exclude(person=user).select_related("person", "session__course")
    return [
        Work(
            due_on=one.review_due_on or local_day(at),
            reference=one.reference,
            who=str(one.person),
            verb=_("Check the application"),
            url=reverse("applicants:staff_application", args=[one.reference]),
            detail=short_range(one.session.starts_on, one.session.ends_on),
        )
        for one in sent
    ]


def _to_score(user: User) -> list[Work]:
    """Without names, whatever the round says: the queue shows numbers."""
    mine = Review.objects.of_reader(user).to_score().select_related("application__round")
    return [
        Work(
            due_on=review.due_on,
            reference=review.application.reference,
            who="",
            verb=_("Score the essay"),
            url=reverse("admin:applicants_review_change", args=[review.pk]),
            detail=review.application.round.title,
        )
        for review in mine
    ]


def _to_decide(at: datetime) -> list[Work]:
    reading = ScholarshipRound.objects.filter(status=ScholarshipRound.Status.READING)
    return [
        Work(
            due_on=round_.decides_on,
            reference=round_.reference,
            who=round_.title,
            verb=_("Decide and tell everyone"),
            url=reverse("admin:applicants_scholarshipround_change", args=[round_.pk]),
        )
        for round_ in reading
        if round_.applications.filter(status=ScholarshipApplication.Status.SUBMITTED).exists()
    ]
