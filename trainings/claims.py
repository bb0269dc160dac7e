"""Open claims: what somebody says about a job and no employer has confirmed yet, where it would change their group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import StandingKind
from employment.models import Officer, Verification
from programs.calendar import local_day
from programs.program import program
from trainings.line import standings_of, tier_of
from trainings.models import Registration, Status, TrainingSession


@dataclass(frozen=True)
class OpenClaim:
    """One row of the call list: who, where they stand now, which group a yes would give, and whom to call."""

    spot: Registration
    number: int | None  # in the ranking as of now; nothing while the application is still to check
    group: int
    group_if_yes: int
    question: Verification
    officers: tuple[Officer, ...]


def calls_from(session: TrainingSession) -> date:
    """The first day of the call list: so many working days before the seats are set."""
    return program(session.allocation_on).due_before("open_claims_call", session.allocation_on)


def is_time_to_call(session: TrainingSession, day: date) -> bool:
    is_open = session.is_published and not session.has_a_line
    return is_open and calls_from(session) <= day <= session.allocation_on


def open_claims(session: TrainingSession, at: datetime) -> list[OpenClaim]:
    return open_claims_of([session], at)[session.pk]


def open_claims_of(sessions: Iterable[TrainingSession], at: datetime) -> dict[int, list[OpenClaim]]:
    """In rank order, for any number of sessions in the same number of statements per kind of course."""
    found: dict[int, list[OpenClaim]] = {session.pk: [] for session in sessions}
    today = program(local_day(at))
    grouped = {one.pk: today.course(one.course.kind) for one in sessions}
    of_sessions = [key for key, kind in grouped.items() if kind.tiers]
    spots = list(
        Registration.objects.filter(
            session__in=of_sessions, status__in=[Status.ADMITTED, Status.RECEIVED], outcome="", tier_override=None
        )
        .select_related("person")
        .order_by("received_at", "pk")
    )
    asked = _asked({spot.person_id for spot in spots}) if spots else {}
    if not asked:
        return found
    held = standings_of(next(grouped[key] for key in of_sessions), [spot.person_id for spot in spots], at)
    tiers = {spot.pk: tier_of(grouped[spot.session_id], held.get(spot.person_id, [])) for spot in spots}
    numbers = _numbers(spots, tiers)
    for spot in sorted(spots, key=lambda one: (tiers[one.pk], one.received_at, one.pk)):
        kind, theirs = grouped[spot.session_id], held.get(spot.person_id, [])
        pairs = [(one.kind, one.code) for one in theirs]
        for question in asked.get(spot.person_id, []):
            if_yes = kind.tier_of([*pairs, (StandingKind.EMPLOYED, question.job.role_code)]) or len(kind.tiers) + 1
            if if_yes < tiers[spot.pk]:
                officers = tuple(one for one in question.job.provider.officers.all() if one.left_on is None)
                claim = OpenClaim(spot, numbers.get(spot.pk), tiers[spot.pk], if_yes, question, officers)
                found[spot.session_id].append(claim)
    return found


def _asked(people: set[int]) -> dict[int, list[Verification]]:
    """The questions nobody has answered; one whose time ran out may still be answered by phone."""
    waiting = (*Verification.OUT, Verification.Status.EXPIRED)
    questions = (
        Verification.objects.filter(job__person__in=people, status__in=waiting, job__ended_on=None)
        .exclude(job__status="verified")
        .select_related("job__provider", "job__person")
        .prefetch_related("job__provider__officers")
        .order_by("job", "-pk")
    )
    newest: dict[int, Verification] = {}
    for question in questions:
        newest.setdefault(question.job_id, question)
    by_person: dict[int, list[Verification]] = {}
    for question in newest.values():
        by_person.setdefault(question.job.person_id, []).append(question)
    return by_person


def _numbers(spots: list[Registration], tiers: dict[int, int]) -> dict[int, int]:
    numbers: dict[int, int] = {}
    for session_id in {spot.session_id for spot in spots}:
        ranked = [one for one in spots if one.session_id == session_id and one.status == Status.ADMITTED]
        ranked.sort(key=lambda one: (tiers[one.pk], one.received_at, one.pk))
        numbers |= {one.pk: number for number, one in enumerate(ranked, start=1)}
    return numbers
