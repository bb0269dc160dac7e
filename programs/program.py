"""The rules in force on one day, as plain frozen values: what every app above asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Window

from programs.calendar import Offset, Renewal, WorkCalendar
from programs.kinds import KINDS
from programs.models import RuleVersion
from programs.prepared import Prepared
from programs.requirements import Citation, Requirement
from programs.rows import (
    Appeal,
    Choice,
    CourseKind,
    DecisionStep,
    Designation,
    Fee,
    Office,
    Row,
    Step,
    T,
    Tier,
    base_of,
    choices_of,
    cited,
    course_of,
    designation_of,
    fee_of,
    office_of,
    only,
)
from programs.texts import Text


class NotInTheRules(LookupError):
    """The program has no such row on that day."""


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

    @property
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
        return choices_of(self._program.get("job_roles", []))

    @property
    def provider_kinds(self) -> tuple[Choice, ...]:
        return choices_of(self._program.get("provider_kinds", []))

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
        return tuple(designation_of(row) for row in self._in_order("designation"))

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
        past = (designation_of(row) for (kind, _code), row in self._known.items() if kind == "designation")
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
        return tuple(course_of(row) for row in self._in_order("course"))

    def course(self, name: str) -> CourseKind:
        """By code or by any name it goes by; one that has ended is still found: its people and sessions remain."""
        past = (course_of(row) for (kind, _code), row in self._known.items() if kind == "course")
        for candidates in (self.courses, past):
            for one in candidates:
                if name.casefold() in (one.code, *(alias.casefold() for alias in one.aliases)):
                    return one
        raise NotInTheRules(f"course {name}")

    def tiers(self, course_kind: str) -> tuple[Tier, ...]:
        return self.course(course_kind).tiers

    # -- the way, the offices, the money

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return self._all("step", lambda row: Step(**base_of(row), order=row.body["order"]))

    @cached_property
    def decision_steps(self) -> tuple[DecisionStep, ...]:
        """Only those that are on."""
        return tuple(
            DecisionStep(**base_of(row), **only(row.body, "order", "decides", "seats", "term_years"))
            for row in self._in_order("decision")
            if row.body.get("is_on", True)
        )

    @cached_property
    def offices(self) -> tuple[Office, ...]:
        return self._all("office", office_of)

    def office(self, code: str) -> Office:
        if not self.is_loaded:  # a bare database still answers with a page
            return Office(code)
        return office_of(self._one("office", code))

    @cached_property
    def fees(self) -> tuple[Fee, ...]:
        return self._all("fee", fee_of)

    def fee(self, code: str, on: dt.date | None = None) -> int:
        """Cents, on the day of these rules or on another."""
        rules = self if on in (None, self.on) else program(on)
        return fee_of(rules._one("fee", code)).cents

    def value(self, name: str) -> Any:
        """A number or word the state may set, such as pass_mark or exam_attempts."""
        return self._one("value", name).body["value"]

    @cached_property
    def appeals(self) -> tuple[Appeal, ...]:
        return self._all("appeal", lambda row: Appeal(**base_of(row), **only(row.body, "of", "to", "period")))

    @cached_property
    def readiness(self) -> tuple[Row, ...]:
        return self._all("readiness", lambda row: Row(**base_of(row)))

    @cached_property
    def prompts(self) -> tuple[Row, ...]:
        return self._all("prompt", lambda row: Row(**base_of(row)))

    def citation(self, kind: str, code: str) -> Citation:
        """Where any row stands written."""
        return cited(self._one(kind, code))

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


Newest = tuple[int, str, int] | None


_KNOWN: ContextVar[list[Newest] | None] = ContextVar("newest rules known to this page", default=None)


# The number of rows too: of two changes written side by side the earlier may be seen later.
_COUNTED = RuleVersion.objects.annotate(known=Window(Count("pk"))).order_by("-pk")
_NEWEST = Prepared(build=lambda: _COUNTED.values_list("pk", "checksum", "known")[:1])


def _newest() -> Newest:
    return next((tuple(row) for row in _NEWEST()), None)


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


def _requirement(row: RuleVersion, rules: Rules) -> Requirement:
    """A fee's amount stands once, in its own row."""
    body = row.body
    if body["kind"] not in KINDS:
        raise ValueError(f"{row.code}: no kind of requirement is called {body['kind']!r}")
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
        rule=cited(row),
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
