"""What is asked of a person, item by item, and what is still missing. Pure: facts in, a checklist out.

The same `evaluate` drives the person's task list, the staff's completeness check, the Board's packet and the guard
that refuses a certificate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.reasons import Reason
from programs.evidence import Evidence
from programs.kinds import KINDS
from programs.requirements import Citation, Finding, Requirement, State


@dataclass(frozen=True)
class Item:
    requirement: Requirement
    finding: Finding

    @property
    def code(self) -> str:
        return self.requirement.code

    @property
    def kind(self) -> str:
        return self.requirement.kind

    @property
    def title(self) -> str:
        return self.requirement.title

    @property
    def state(self) -> State:
        return self.finding.state

    @property
    def reason(self) -> Reason:
        return self.finding.reason

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.finding.reason.facts

    @property
    def next_actor(self) -> str:
        return self.finding.next_actor

    @property
    def fix(self) -> str:
        return self.requirement.fix

    @property
    def rule(self) -> Citation:
        return self.requirement.rule

    @property
    def is_met(self) -> bool:
        return self.state is State.MET


@dataclass(frozen=True)
class Checklist:
    items: tuple[Item, ...]

    @property
    def is_met(self) -> bool:
        return all(item.is_met for item in self.items)

    @property
    def met(self) -> tuple[Item, ...]:
        return self._in(State.MET)

    @property
    def missing(self) -> tuple[Item, ...]:
        """What the person can mend: missing, or run out."""
        return self._in(State.MISSING, State.EXPIRED)

    @property
    def expired(self) -> tuple[Item, ...]:
        return self._in(State.EXPIRED)

    @property
    def waiting(self) -> tuple[Item, ...]:
        return self._in(State.WAITING)

    @property
    def unmet(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.is_met)

    @property
    def reasons(self) -> list[Reason]:
        """Why not: for a guard that refuses."""
        return [item.reason for item in self.unmet]

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)

    def of_kind(self, kind: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind == kind)

    def without(self, *kinds: str) -> Checklist:
        """The same list where some kinds are not asked yet (the fee, while somebody still writes)."""
        return Checklist(tuple(item for item in self.items if item.kind not in kinds))

    def _in(self, *states: State) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.state in states)


def evaluate(requirements: Iterable[Requirement], evidence: Evidence, on: dt.date) -> Checklist:
    """Hold the facts against the rules as they stand on one day."""
    return Checklist(tuple(Item(asked, KINDS[asked.kind](asked, evidence, on)) for asked in requirements))
