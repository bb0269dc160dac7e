"""The rules in force on one day, as plain frozen values: what every app above asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from accounts.models import StandingKind
from programs.calendar import Offset, Renewal, WorkCalendar
from programs.models import RuleVersion
from programs.prepared import Prepared
from programs.requirements import Citation, Requirement
from programs.texts import Text

T = TypeVar("T")


class NotInTheRules(LookupError):
    """The program has no such row on that day."""


# -- What a row becomes ------------------------------------------------------------------------------------


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
        return None if self.tiers and self.outside_tiers == "refused" else len(self.tiers) + 1

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


# -- The rules of one day ----------------------------------------------------------------------------------


class Rules:
    """Everything the program says on one day. Never changed once built; kept between requests."""

    def __init__(self, on: dt.date, in_force: Iterable[RuleVersion], known: Iterable[RuleVersion] = ()) -> None:
        self.on = on
        self._rows: dict[str, dict[str, RuleVersion]] = {}
        for row in in_force:
            self._rows.setdefault(row.kind, {})[row.code] = row
        self._everything = known = tuple(known)
        self._known = {(row.kind, row.code): row for row in known}
        self._place = {(row.kind, row.code): row.pk or 0 for row in sorted(known, key=lambda row: -(row.pk or 0))}

    def then(self, day: dt.date) -> Rules:
        """The same program's rules on another day; nothing is looked up."""
        return self if day == self.on else _then(self._everything, day)

    # -- the program itself

    @cached_property
    def _program(self) -> dict[str, Any]:
        row = self._rows.get("program", {}).get("program")
        return row.body if row else {}

    @property
    def is_loaded(self) -> bool:
        return bool(self._rows)

    @property
    def name(self) -> str:
        return str(Text.of(self._program.get("title", "")))

    @property
    def state(self) -> str:
        return str(Text.of(self._program.get("state", "")))

    @property
    def state_code(self) -> str:
        return self._program.get("state_code", "")

    @property
    def department(self) -> str:
        return str(Text.of(self._program.get("department", "")))

    @property
    def department_short(self) -> str:
        return self._program.get("department_short", "")

    @property
    def authority(self) -> str:
        """The law a certificate names."""
        return str(Text.of(self._program.get("authority", "")))

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self._program.get("zone", "America/Chicago"))

    @cached_property
    def titles(self) -> dict[str, str]:
        """legal and legal_short (CPSSP), everyday and everyday_short (CPSS)."""
        return {name: str(Text.of(text)) for name, text in self._program.get("titles", {}).items()}

    @property
    def credential_prefix(self) -> str:
        return self._program.get("credential_prefix", "")

    @cached_property
    def counties(self) -> list[str]:
        return list(self._program.get("counties", []))

    @property
    def job_roles(self) -> tuple[Choice, ...]:
        return _choices(self._program.get("job_roles", []))

    @property
    def provider_kinds(self) -> tuple[Choice, ...]:
        return _choices(self._program.get("provider_kinds", []))

    # -- dates

    @cached_property
    def calendar(self) -> WorkCalendar:
        calendar = self._program.get("calendar", {})
        return WorkCalendar(
            subdivision=calendar.get("subdivision", "MS"),
            country=calendar.get("country", "US"),
            zone=self.zone,
            closed=frozenset(dt.date.fromisoformat(day) for day in calendar.get("closed", [])),
        )

    @cached_property
    def renewal(self) -> Renewal:
        body = dict(self._one("renewal", "renewal").body)
        time = dt.time.fromisoformat(body.pop("time"))
        return Renewal(calendar=self.calendar, time=time, **{k: v for k, v in body.items() if k != "title"})

    def period(self, code: str) -> Offset:
        """A stretch of time a rule names: report_change, application_life, denial_appeal, …"""
        return Offset(**{k: v for k, v in self._one("period", code).body.items() if k != "title"})

    def due_after(self, code: str, day: dt.date) -> dt.date:
        return self.period(code).after(day, self.calendar)

    def due_before(self, code: str, day: dt.date) -> dt.date:
        return self.period(code).before(day, self.calendar)

    def service_days(self, code: str) -> int:
        """How many working days an office gives itself: training_review, place_review, director, access_needs, …"""
        return self._one("service", code).body["working_days"]

    def service_due(self, code: str, day: dt.date) -> dt.date:
        return self.calendar.add_working_days(day, self.service_days(code))

    # -- what is asked

    @cached_property
    def _requirements(self) -> tuple[Requirement, ...]:
        return tuple(_requirement(row, self) for row in self._in_order("requirement"))

    def requirements(self, stage: str, designation: str = "") -> tuple[Requirement, ...]:
        return tuple(asked for asked in self._requirements if asked.asked(stage, designation))

    # -- designations

    @cached_property
    def _designations(self) -> tuple[Designation, ...]:
        return tuple(_designation(row) for row in self._in_order("designation"))

    @property
    def designations(self) -> tuple[Designation, ...]:
        """What one may be certified as today."""
        return tuple(one for one in self._designations if "certification" in one.uses)

    @property
    def training_designations(self) -> tuple[Designation, ...]:
        """What a session may train for today."""
        return tuple(one for one in self._designations if "training" in one.uses)

    def designation(self, name: str) -> Designation:
        """By code or by any name it goes by; one that has ended is still found, in the words of its day."""
        past = (_designation(row) for (kind, _code), row in self._known.items() if kind == "designation")
        for candidates in (self._designations, past):
            for one in candidates:
                if one.is_called(name):
                    return one
        raise NotInTheRules(f"designation {name}")

    def now_called(self, name: str, *, then: str = "") -> str:
        """What an earlier designation is called today: empty when nothing changed or nobody has said."""
        one = self.designation(name)
        if one.is_in_force(self.on):
            return one.title if then and then != one.title else ""
        return " / ".join(self.designation(code).title for code in one.successors)

    # -- courses

    @cached_property
    def courses(self) -> tuple[CourseKind, ...]:
        return tuple(_course(row) for row in self._in_order("course"))

    def course(self, name: str) -> CourseKind:
        for one in self.courses:
            if name.casefold() in (one.code, *(alias.casefold() for alias in one.aliases)):
                return one
        raise NotInTheRules(f"course {name}")

    def tiers(self, course_kind: str) -> tuple[Tier, ...]:
        return self.course(course_kind).tiers

    # -- the way, the offices, the money

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return self._all("step", lambda row: Step(**_base(row), order=row.body["order"]))

    @cached_property
    def decision_steps(self) -> tuple[DecisionStep, ...]:
        """Only those that are on."""
        return tuple(
            DecisionStep(**_base(row), **_only(row.body, "order", "decides", "seats", "term_years"))
            for row in self._in_order("decision")
            if row.body.get("is_on", True)
        )

    @cached_property
    def offices(self) -> tuple[Office, ...]:
        return self._all("office", _office)

    def office(self, code: str) -> Office:
        if not self.is_loaded:  # a bare database still answers with a page
            return Office(code)
        return _office(self._one("office", code))

    @cached_property
    def fees(self) -> tuple[Fee, ...]:
        return self._all("fee", _fee)

    def fee(self, code: str, on: dt.date | None = None) -> int:
        """Cents, on the day of these rules or on another."""
        rules = self if on in (None, self.on) else program(on)
        return _fee(rules._one("fee", code)).cents

    def value(self, name: str) -> Any:
        """A number or word the state may set, such as pass_mark or exam_attempts."""
        return self._one("value", name).body["value"]

    @cached_property
    def appeals(self) -> tuple[Appeal, ...]:
        return self._all("appeal", lambda row: Appeal(**_base(row), **_only(row.body, "of", "to", "period")))

    @cached_property
    def readiness(self) -> tuple[Row, ...]:
        return self._all("readiness", lambda row: Row(**_base(row)))

    @cached_property
    def prompts(self) -> tuple[Row, ...]:
        return self._all("prompt", lambda row: Row(**_base(row)))

    def citation(self, kind: str, code: str) -> Citation:
        """Where any row stands written."""
        return _cited(self._one(kind, code))

    # -- inside

    def _one(self, kind: str, code: str) -> RuleVersion:
        try:
            return self._rows[kind][code]
        except KeyError:
            raise NotInTheRules(f"{kind} {code} on {self.on}") from None

    def _in_order(self, kind: str) -> list[RuleVersion]:
        """By the order a row names, else as the rows first came; a later version keeps the row's place."""
        rows = self._rows.get(kind, {}).values()
        return sorted(rows, key=lambda row: (row.body.get("order", 0), self._place.get((kind, row.code), 0)))

    def _all(self, kind: str, build: Callable[[RuleVersion], T]) -> tuple[T, ...]:
        return tuple(build(row) for row in self._in_order(kind))


def program(on: dt.date) -> Rules:
    """The rules in force on one day. One small query tells whether anything was loaded since."""
    known = _KNOWN.get()
    if known is None:
        return _rules(_newest(), on)
    if not known:
        known.append(_newest())
    return _rules(known[0], on)


@contextmanager
def looked_up_once() -> Iterator[None]:
    """For a page that only shows: whatever it asks of the rules, they are the same from its first line to its last,
    and that one query is made once."""
    token = _KNOWN.set([])
    try:
        yield
    finally:
        _KNOWN.reset(token)


Newest = tuple[int, str] | None
_KNOWN: ContextVar[list[Newest] | None] = ContextVar("newest rules known to this page", default=None)
_NEWEST = Prepared(build=lambda: RuleVersion.objects.order_by("-pk").values_list("pk", "checksum")[:1])


def _newest() -> Newest:
    return next(iter(_NEWEST()), None)


@lru_cache(maxsize=512)
def _rules(newest: Newest, on: dt.date) -> Rules:
    return rules_of(_loaded(newest), on)


@lru_cache(maxsize=64)
def _then(everything: tuple[RuleVersion, ...], day: dt.date) -> Rules:
    return rules_of(everything, day)


def rules_of(rows: Iterable[RuleVersion], on: dt.date) -> Rules:
    """Of each row's versions begun by that day the latest begun speaks, and of these the last written. It may say
    that the row has ended."""
    known = sorted(rows, key=lambda row: (row.starts_on, row.version))
    decisive = {(row.kind, row.code): row for row in known if row.starts_on <= on}
    return Rules(on, [row for row in decisive.values() if row.ends_on is None or on < row.ends_on], known=known)


@lru_cache(maxsize=4)
def _loaded(newest: Newest) -> tuple[RuleVersion, ...]:
    return tuple(RuleVersion.objects.all())


# -- From rows to values -----------------------------------------------------------------------------------


def _cited(row: RuleVersion) -> Citation:
    return Citation(row.citation_title, row.citation_url, row.evidence_class)


def _is_text(raw: object) -> bool:
    return isinstance(raw, dict) and bool(raw) and all(len(name) == 2 for name in raw)


def _base(row: RuleVersion) -> dict[str, Any]:
    return {
        "code": row.code,
        "texts": {name: Text.of(raw) for name, raw in row.body.items() if _is_text(raw)},
        "rule": _cited(row),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }


def _only(body: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: tuple(body[name]) if isinstance(body[name], list) else body[name] for name in names if name in body}


def _texts(raw: Iterable[Any]) -> tuple[Text, ...]:
    return tuple(Text.of(one) for one in raw)


def _choices(raw: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(one["code"], Text.of(one["title"])) for one in raw)


def _designation(row: RuleVersion) -> Designation:
    body = row.body
    before = body.get("prerequisite_before")
    return Designation(
        **_base(row),
        **_only(body, "aliases", "successors", "prerequisites"),
        uses=frozenset(body.get("uses", ())),
        prerequisite_before=dt.date.fromisoformat(before) if before else None,
        activities=_texts(body.get("activities", ())),
        amended_on=tuple(dt.date.fromisoformat(day) for day in body.get("amended_on", ())),
    )


def _course(row: RuleVersion) -> CourseKind:
    body = row.body
    plain = ("aliases", "designations", "outside_tiers", "admission", "seating", "has_exam", "grants", "is_self_paced")
    return CourseKind(
        **_base(row),
        **_only(body, *plain, "days", "hours", "may_miss_minutes", "care_minutes", "organiser", "sponsors"),
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


def _office(row: RuleVersion) -> Office:
    return Office(**_base(row), **_only(row.body, "phone", "email", "address"))


def _fee(row: RuleVersion) -> Fee:
    return Fee(**_base(row), cents=row.body["cents"])


def _requirement(row: RuleVersion, rules: Rules) -> Requirement:
    """A fee's amount stands once, in its own row."""
    body = row.body
    params = dict(body.get("params", {}))
    if body["kind"] == "fee":
        params["cents"] = rules.fee(params["fee"])
    return Requirement(
        kind=body["kind"],
        code=row.code,
        stages=frozenset(body["stages"]),
        designations=frozenset(body.get("designations", ())),
        params=params,
        fix=body.get("fix", ""),
        text=Text.of(body["title"]),
        statement_text=Text.of(body.get("statement", "")),
        rule=_cited(row),
    )


def prove(rules: Rules) -> None:
    """Build everything once, so that a row nobody could read is refused when it is loaded."""
    for name in ("designations", "courses", "steps", "decision_steps", "offices", "fees", "appeals", "readiness"):
        getattr(rules, name)
    for appeal in rules.appeals:
        rules.period(appeal.period)
    for code in rules._rows.get("period", {}):
        rules.period(code)
    for code in rules._rows.get("service", {}):
        rules.service_days(code)
    for code in rules._rows.get("value", {}):
        rules.value(code)
    if "renewal" in rules._rows:
        rules.renewal.next_expiry(rules.on)
    rules.requirements("training"), rules.zone, rules.calendar.is_working_day(rules.on)  # noqa: B018
