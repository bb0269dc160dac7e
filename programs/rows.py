"""What a row of the rules becomes: plain frozen values, and how they are read out of the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from accounts.models import StandingKind
from programs.models import RuleVersion
from programs.requirements import Citation
from programs.texts import Text

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A row of the rules: its code, its texts, where it stands written and since when."""

    code: str
    texts: Mapping[str, Text] = field(repr=False, hash=False, compare=False, default_factory=dict)
    rule: Citation = field(repr=False, compare=False, default=Citation())
    starts_on: dt.date = dt.date.min
    ends_on: dt.date | None = None  # half-open

    def said(self, name: str) -> str:
        return str(self.texts.get(name, ""))

    @property
    def title(self) -> str:
        return self.said("title")

    def is_in_force(self, on: dt.date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)


@dataclass(frozen=True)
class Designation(Row):
    """What one may be trained for or certified as."""

    aliases: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()  # training, certification
    successors: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    prerequisite_before: dt.date | None = None
    activities: tuple[Text, ...] = field(default=(), repr=False)
    amended_on: tuple[dt.date, ...] = ()

    @property
    def short(self) -> str:
        return self.said("short") or self.title

    @property
    def who(self) -> str:
        return self.said("who")

    @property
    def slug(self) -> str:
        return self.code.lower()

    def is_called(self, name: str) -> bool:
        wanted = name.casefold()
        return wanted in (self.code.casefold(), *(alias.casefold() for alias in self.aliases))


@dataclass(frozen=True)
class Tier:
    """A group with priority, proved by a standing in force."""

    text: Text
    kind: str
    codes: frozenset[str] = frozenset()  # empty: any

    @property
    def title(self) -> str:
        return str(self.text)

    def admits(self, standings: Iterable[tuple[str, str]]) -> bool:
        """Does one of these (kind, code) pairs prove it?"""
        return any(kind == self.kind and (not self.codes or code in self.codes) for kind, code in standings)


COMPLETED = "completed"  # a course of this program, as against a standing


@dataclass(frozen=True)
class Prerequisite:
    """What somebody needs before a course: a standing in force, or one of the named courses completed."""

    text: Text
    kind: str
    codes: frozenset[str] = frozenset()  # one of them; for a standing empty means any

    @property
    def title(self) -> str:
        return str(self.text)

    def is_met(self, standings: Iterable[tuple[str, str]], completed: Iterable[str]) -> bool:
        if self.kind == COMPLETED:
            return not self.codes.isdisjoint(completed)
        return any(kind == self.kind and (not self.codes or code in self.codes) for kind, code in standings)


@dataclass(frozen=True)
class CourseKind(Row):
    """What may be taught, and how people come in."""

    aliases: tuple[str, ...] = ()
    designations: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    outside_tiers: str = "last"  # or "refused"
    prerequisites: tuple[Prerequisite, ...] = ()  # all of them
    is_self_paced: bool = False  # done in one's own time; it has no sessions
    admission: str = "by_application"  # or "by_registration"
    seating: str = "on_allocation_day"  # or "first_come"
    has_exam: bool = False
    grants: str = ""  # the standing that completion gives
    days: int = 1
    hours: int = 0
    may_miss_minutes: int = 0
    care_minutes: int = 0  # out to care for someone or oneself, and still counted
    topics: tuple[Text, ...] = ()
    organiser: str = ""
    sponsors: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        return self.said("about")

    @property
    def who(self) -> str:
        return self.said("who")

    def tier_of(self, standings: Iterable[tuple[str, str]]) -> int | None:
        """1 for the first group; the one after the last where outsiders come last; nothing where they are refused."""
        held = list(standings)
        for number, tier in enumerate(self.tiers, start=1):
            if tier.admits(held):
                return number
        return None if self.tiers and not self.has_others else len(self.tiers) + 1

    @property
    def has_others(self) -> bool:
        """Whether somebody of no group comes in too, behind all groups."""
        return bool(self.tiers) and self.outside_tiers != "refused"

    @property
    def asks_for_courses(self) -> bool:
        """Whether anybody needs to look up what a person has completed."""
        return any(one.kind == COMPLETED for one in self.prerequisites)

    def missing(self, standings: Iterable[tuple[str, str]], completed: Iterable[str] = ()) -> tuple[str, ...]:
        """What is asked first and is not there yet, in the program's words. `completed`: kinds of courses."""
        held, done = list(standings), set(completed)
        return tuple(one.title for one in self.prerequisites if not one.is_met(held, done))


@dataclass(frozen=True)
class Step(Row):
    order: int = 0

    @property
    def sentence(self) -> str:
        return self.said("sentence")


@dataclass(frozen=True)
class DecisionStep(Row):
    """Who says yes on the way to a credential, in which order."""

    order: int = 0
    decides: bool = False  # False: recommends
    seats: int = 0
    term_years: int = 0


@dataclass(frozen=True)
class Office(Row):
    phone: str = ""
    email: str = ""
    address: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.title

    @property
    def hours(self) -> str:
        return self.said("hours")

    @property
    def mail(self) -> str:
        return self.email

    @property
    def phone_digits(self) -> str:
        return "".join(sign for sign in self.phone if sign.isdigit())


@dataclass(frozen=True)
class Fee(Row):
    cents: int = 0


@dataclass(frozen=True)
class Appeal(Row):
    """Where a no can be taken, and by when."""

    of: str = ""
    to: str = ""
    period: str = ""

    @property
    def sentence(self) -> str:
        return self.said("sentence")


@dataclass(frozen=True)
class Choice:
    code: str
    text: Text

    @property
    def title(self) -> str:
        return str(self.text)


def cited(row: RuleVersion) -> Citation:
    return Citation(row.citation_title, row.citation_url, row.evidence_class)


def _is_text(raw: object) -> bool:
    return isinstance(raw, dict) and bool(raw) and all(len(name) == 2 for name in raw)


def base_of(row: RuleVersion) -> dict[str, Any]:
    return {
        "code": row.code,
        "texts": {name: Text.of(raw) for name, raw in row.body.items() if _is_text(raw)},
        "rule": cited(row),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }


def only(body: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: tuple(body[name]) if isinstance(body[name], list) else body[name] for name in names if name in body}


def _texts(raw: Iterable[Any]) -> tuple[Text, ...]:
    return tuple(Text.of(one) for one in raw)


def choices_of(raw: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(one["code"], Text.of(one["title"])) for one in raw)


def designation_of(row: RuleVersion) -> Designation:
    body = row.body
    before = body.get("prerequisite_before")
    return Designation(
        **base_of(row),
        **only(body, "aliases", "successors", "prerequisites"),
        uses=frozenset(body.get("uses", ())),
        prerequisite_before=dt.date.fromisoformat(before) if before else None,
        activities=_texts(body.get("activities", ())),
        amended_on=tuple(dt.date.fromisoformat(day) for day in body.get("amended_on", ())),
    )


def course_of(row: RuleVersion) -> CourseKind:
    body = row.body
    plain = ("aliases", "designations", "outside_tiers", "admission", "seating", "has_exam", "grants", "is_self_paced")
    return CourseKind(
        **base_of(row),
        **only(body, *plain, "days", "hours", "may_miss_minutes", "care_minutes", "organiser", "sponsors"),
        tiers=tuple(
            Tier(Text.of(tier["title"]), tier["kind"], frozenset(tier.get("codes", ())))
            for tier in body.get("tiers", ())
        ),
        prerequisites=tuple(_prerequisite(one) for one in body.get("prerequisites", ())),
        topics=_texts(body.get("topics", ())),
    )


def _prerequisite(raw: Mapping[str, Any]) -> Prerequisite:
    """A kind nobody could hold, or no course named, would shut the course to everybody."""
    codes = frozenset(raw.get("codes", ()))
    if raw["kind"] == COMPLETED and not codes:
        raise ValueError("a prerequisite of kind completed names its courses")
    if raw["kind"] not in (COMPLETED, *StandingKind.values):
        raise ValueError(f"a prerequisite of kind {raw['kind']}")
    return Prerequisite(Text.of(raw["title"]), raw["kind"], codes)


def office_of(row: RuleVersion) -> Office:
    return Office(**base_of(row), **only(row.body, "phone", "email", "address"))


def fee_of(row: RuleVersion) -> Fee:
    return Fee(**base_of(row), cents=row.body["cents"])
