"""The team of a session: named by the office, seeing that class only, until some days after it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.workflow import refuse_own_matter
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.calendar import local_day, local_moment
from programs.program import program
from trainings import rules
from trainings.events import TrainingEvent
from trainings.models import IN_THIS_SESSION, MakeUp, Registration, SessionQuerySet, TeamMember, TrainingSession
from trainings.workflow.steps import lock_session

SHOWN = (TrainingSession.Status.PUBLISHED, TrainingSession.Status.HELD)


def team_days(at: datetime) -> int:
    days: int = program(local_day(at)).value("team_access_days")
    return days


def team_sees_until(session: TrainingSession, at: datetime) -> date:
    """The last day on which its team may look at this class."""
    return rules.team_sees_until(session.ends_on, team_days(at))


def led_by(person: User, at: datetime) -> SessionQuerySet:
    """The classes this person may open now. Rights and a superuser's flag open none: only a row of the team does, and
    not where they sit in the room themselves."""
    first = local_moment(rules.team_sees_last_days_from(local_day(at), team_days(at)), time.min)
    named = TeamMember.objects.standing().filter(person=person)
    found = TrainingSession.objects.filter(pk__in=named.values("session"), status__in=SHOWN, ends_at__gte=first)
    return found.exclude(pk__in=sessions_sat_in(person))


def may_lead(person: User, session: TrainingSession, at: datetime) -> bool:
    """The one door to a class for whoever is no office."""
    return led_by(person, at).filter(pk=session.pk).exists()


HAS_A_SPOT = Q(status__in=IN_THIS_SESSION)


def sessions_sat_in(person: User) -> set[int]:
    """Where they have a spot, or make up a half-day: whatever became of it, nobody leads the class they are in."""
    spots = Registration.objects.filter(HAS_A_SPOT, person=person)
    guests = MakeUp.objects.filter(registration__person=person, taken_back_at=None)
    return {*spots.values_list("session_id", flat=True), *guests.values_list("session_id", flat=True)}


def who_sits_in(session: TrainingSession) -> set[int]:
    """The same asked of one class: the people."""
    spots = Registration.objects.filter(HAS_A_SPOT, session=session)
    guests = MakeUp.objects.filter(session=session, taken_back_at=None)
    return {*spots.values_list("person_id", flat=True), *guests.values_list("registration__person_id", flat=True)}


def require_team(person: User, session: TrainingSession, at: datetime) -> None:
    """Asked again once the session is held: who left the team a moment ago marks nobody."""
    if not may_lead(person, session, at):
        raise NotAllowed(Reason("not_on_the_team"))


@transaction.atomic
def join_team(session_id: int, person_id: int, part: str, *, by: User, at: datetime) -> TeamMember:
    """Name somebody for this class. The same once more changes nothing; another part takes the place of the first."""
    session = lock_session(session_id)
    person = User.objects.get(pk=person_id)
    refuse_own_matter(person, by)
    there = TeamMember.objects.standing().filter(session=session, person=person).first()
    if there and there.part == part:
        return there
    reasons = _reasons_against(session, person, at)
    if reasons:
        raise NotAllowed(*reasons)
    history = [_withdraw(there, session, by=by, at=at, becomes=part)] if there else []
    member = TeamMember.objects.create(session=session, person=person, part=part, added_at=at, added_by=by)
    was = {"was": there.part} if there else {}
    record(*history, _entry(TrainingEvent.TEAM_JOINED, member, session, by=by, at=at, **was))
    return member


def _reasons_against(session: TrainingSession, person: User, at: datetime) -> list[Reason]:
    if session.is_cancelled:
        return [Reason("session_cancelled")]
    last_day = team_sees_until(session, at)
    if last_day < local_day(at):
        return [Reason("team_time_is_over", day=last_day)]
    return [Reason("has_a_spot_here")] if person.pk in who_sits_in(session) else []


@transaction.atomic
def leave_team(member_id: int, *, by: User, at: datetime) -> TeamMember:
    """From now on the class is closed to them. What they marked stays, with their name. Twice is once."""
    session = lock_session(TeamMember.objects.values_list("session_id", flat=True).get(pk=member_id))
    member = TeamMember.objects.select_related("person").get(pk=member_id)
    refuse_own_matter(member.person, by)
    if member.withdrawn_at is None:
        record(_withdraw(member, session, by=by, at=at))
    return member


def _withdraw(member: TeamMember, session: TrainingSession, *, by: User, at: datetime, **facts: Any) -> Entry:
    member.withdrawn_at, member.withdrawn_by = at, by
    member.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return _entry(TrainingEvent.TEAM_LEFT, member, session, by=by, at=at, **facts)


def _entry(event: str, member: TeamMember, session: TrainingSession, *, by: User, at: datetime, **facts: Any) -> Entry:
    """It stands in the history of the member and of the person, and names the session."""
    return Entry.of(event, member, by=by, at=at, session=session.reference, part=member.part, **facts)


def teams_of(person: User) -> list[TeamMember]:
    """Every class they are named for, newest first: also those that are over or off, so that the list can say so."""
    named = TeamMember.objects.standing().filter(person=person)
    told = Q(session__status__in=(*SHOWN, TrainingSession.Status.CANCELLED))
    return list(named.filter(told).select_related("session__course").order_by("-session__starts_at", "pk"))
