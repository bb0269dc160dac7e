"""Decisions about files, votes, numbers and names: plain values in, plain values and reason codes out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from audit.reasons import Reason

YES, MORE, NO, ABSTAIN = "yes", "more", "no", "abstain"
OUTCOMES = {YES: "recommended", MORE: "asks_more", NO: "not_recommended"}


# -- The Board ---------------------------------------------------------------------------------------------


def quorum(seated: int) -> int:
    """A majority of the members who sit; vacant seats do not count, recused members still do."""
    return seated // 2 + 1


def outcome(tally: Mapping[str, int]) -> str | None:
    """What more than half of the votes said, abstentions aside; nothing where no answer has that many."""
    said = {choice: tally.get(choice, 0) for choice in OUTCOMES}
    winner = max(said, key=lambda choice: said[choice])
    return OUTCOMES[winner] if said[winner] * 2 > sum(said.values()) else None


def presiding(seats: Iterable[tuple[int, bool]], recused: Collection[int]) -> int | None:
    """The seat that records for one file: the chair's, or the lowest that has not stepped back."""
    present = sorted((not is_chair, seat) for seat, is_chair in seats if seat not in recused)
    return present[0][1] if present else None


def reasons_not_to_recommend(*, seated: int, tally: Mapping[str, int], meeting_on: date, today: date) -> list[Reason]:
    reasons = []
    if today < meeting_on:
        reasons.append(Reason("meeting_still_ahead", meeting_on=meeting_on))
    cast, needed = sum(tally.values()), quorum(seated)
    if cast < needed:
        reasons.append(Reason("no_quorum", cast=cast, needed=needed))
    elif outcome(tally) is None:
        reasons.append(Reason("no_majority"))
    return reasons


def reasons_not_to_plan(*, meets_at: datetime, packet_deadline_at: datetime, at: datetime) -> list[Reason]:
    reasons = []
    if meets_at <= at:
        reasons.append(Reason("meeting_in_the_past"))
    if packet_deadline_at > meets_at:
        reasons.append(Reason("deadline_after_meeting"))
    return reasons


# -- Numbers and names -------------------------------------------------------------------------------------


def credential_number(prefix: str, year: int, serial: int, check: str) -> str:
    """For example MS-2027-00042-K7Q."""
    return f"{prefix}-{year}-{serial:05d}-{check}"


def number_from(typed: str) -> str:
    """A number as it is kept, from what people type: small letters, spaces, no dashes. Nothing when it is none."""
    signs = re.sub(r"[^0-9A-Z]", "", typed.upper())
    parts = re.fullmatch(r"([A-Z]{2,4})(\d{4})(\d{5,7})([0-9A-Z]{3})", signs)
    return "-".join(parts.groups()) if parts else ""


def plain_name(name: str) -> str:
    """As compared: accents, case, hyphens and spaces set aside, letters of every script kept."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in apart if sign.isalnum())


# -- Two clocks --------------------------------------------------------------------------------------------


def days_with_us(turns: Iterable[tuple[datetime, bool]], *, until: datetime) -> int:
    """Of a file's life, the whole days it lay with the office or the Board. `turns`: when, and with us from then."""
    total, since = timedelta(), None
    for at, with_us in turns:
        if since is not None:
            total += at - since
        since = at if with_us else None
    if since is not None:
        total += max(until - since, timedelta())
    return total.days
