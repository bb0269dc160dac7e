"""Decisions about applications and scholarships: plain values in, answers or reasons out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from audit.reasons import Reason
from programs.calendar import Deadline, WorkCalendar, add_months, in_time

DRAFT, SUBMITTED, RETURNED = "draft", "submitted", "returned"
ACCEPTED, NOT_ACCEPTED, WITHDRAWN = "accepted", "not_accepted", "withdrawn"

NEXT: Mapping[str, frozenset[str]] = {
    DRAFT: frozenset({SUBMITTED, WITHDRAWN}),
    SUBMITTED: frozenset({RETURNED, ACCEPTED, NOT_ACCEPTED, WITHDRAWN}),
    RETURNED: frozenset({SUBMITTED, NOT_ACCEPTED, WITHDRAWN}),
    ACCEPTED: frozenset(),
    NOT_ACCEPTED: frozenset(),
    WITHDRAWN: frozenset(),
}

MOST_POINTS = 4
WIDE_SPREAD = Decimal("1.5")


# -- The training application ------------------------------------------------------------------------------


def reasons_not_to_move(status: str, to: str) -> list[Reason]:
    return [] if to in NEXT[status] else [Reason("application_not_so", status=status)]


def reasons_too_late(deadline: Deadline, arrived_at: datetime, next_starts_on: date | None) -> list[Reason]:
    if deadline.accepts(arrived_at):
        return []
    return [Reason("application_closed", deadline=deadline, next_on=next_starts_on)]


def answer_by(today: date, documents_close_on: date, calendar: WorkCalendar) -> date:
    """The day papers close, and never less than five working days from now."""
    return max(documents_close_on, calendar.add_working_days(today, 5))


# -- References --------------------------------------------------------------------------------------------


def reasons_not_to_name(
    *, email: str, relation: str, own_addresses: Collection[str], named: Collection[str], excluded: Collection[str]
) -> list[Reason]:
    reasons = []
    if relation in excluded:
        reasons.append(Reason("reference_is_family"))
    if email.casefold() in {address.casefold() for address in own_addresses if address}:
        reasons.append(Reason("reference_is_yourself"))
    if email.casefold() in {address.casefold() for address in named}:
        reasons.append(Reason("reference_named_twice"))
    return reasons


# -- Essays ------------------------------------------------------------------------------------------------


def count_words(text: str) -> int:
    return len(text.split())


def reasons_not_to_send_essay(*, words: int, least: int, most: int) -> list[Reason]:
    if not words:
        return [Reason("essay_empty")]
    if words < least:
        return [Reason("essay_too_short", words=words, least=least)]
    return [Reason("essay_too_long", words=words, most=most)] if words > most else []


def reasons_round_is_shut(*, is_open: bool, opens_at: datetime, closes_at: datetime, at: datetime) -> list[Reason]:
    if not is_open or at < opens_at:
        return [Reason("round_not_open")]
    return [] if in_time(at, closes_at) else [Reason("round_closed", closes_at=closes_at)]


# -- Reading and ranking -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Someone:
    """What is compared between a writer and a reader, to find a conflict nobody declared."""

    person: int
    employers: frozenset[int] = frozenset()
    address: str = ""
    emails: frozenset[str] = frozenset()


def conflict_hints(writer: Someone, reader: Someone) -> list[Reason]:
    """Why this reader should not get this essay. Empty: nothing is known."""
    hints = [Reason("conflict_self")] if writer.person == reader.person else []
    if writer.employers & reader.employers:
        hints.append(Reason("conflict_employer"))
    if writer.address and writer.address == reader.address:
        hints.append(Reason("conflict_address"))
    if writer.emails & reader.emails and writer.person != reader.person:
        hints.append(Reason("conflict_email"))
    return hints


def readers_for(
    writer: Someone, readers: Sequence[tuple[Someone, int]], *, already: Collection[int], needed: int
) -> list[int]:
    """Who reads next: those without a known conflict, the least burdened first."""
    free = [(load, someone.person) for someone, load in readers if someone.person not in already]
    fit = {someone.person for someone, _load in readers if not conflict_hints(writer, someone)}
    return [person for _load, person in sorted(free) if person in fit][: max(needed, 0)]


def weighted(points: Mapping[int, int], weights: Mapping[int, int]) -> Decimal | None:
    """The points of one reader on the scale 0 to 4, by weight; None until every line has one."""
    if not weights or set(points) != set(weights):
        return None
    total = sum(points[line] * weight for line, weight in weights.items())
    return (Decimal(total) / sum(weights.values())).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Standing:
    """Where one essay stands among the others."""

    application: int
    received_at: datetime
    scores: tuple[Decimal, ...]

    @property
    def average(self) -> Decimal | None:
        if not self.scores:
            return None
        return (sum(self.scores, Decimal(0)) / len(self.scores)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def spread(self) -> Decimal:
        return max(self.scores) - min(self.scores) if self.scores else Decimal(0)

    @property
    def is_wide(self) -> bool:
        return self.spread > WIDE_SPREAD


def ranked(standings: Iterable[Standing]) -> list[Standing]:
    """The best first; of equals the one that came first."""
    return sorted(
        standings, key=lambda one: (one.average is None, -(one.average or 0), one.received_at, one.application)
    )


# -- Awards ------------------------------------------------------------------------------------------------


def reasons_not_to_award(*, free_cents: int, award_cents: int, free_seats: int, count: int = 1) -> list[Reason]:
    reasons = []
    if count * award_cents > free_cents:
        reasons.append(Reason("money_short", can=free_cents // award_cents, wanted=count))
    if count > free_seats:
        reasons.append(Reason("kept_seats_short", can=free_seats, wanted=count))
    return reasons


def award_answer_by(offered_at: datetime, days: int, first_day_at: datetime) -> datetime:
    """So many days, but never past the day before the training."""
    return min(offered_at + timedelta(days=days), first_day_at - timedelta(days=1))


def award_use_by(offered_on: date, months: int) -> date:
    return add_months(offered_on, months)
