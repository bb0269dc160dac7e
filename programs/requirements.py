"""What a rule may ask of a person, and what the answer to one such question is. Pure values.

The code holds the kinds (`kinds.py`); a pack holds their parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from audit.reasons import Reason
from programs.texts import Text


class State(StrEnum):
    MET = "met"
    MISSING = "missing"
    WAITING = "waiting"
    EXPIRED = "expired"


class Actor(StrEnum):
    """Who acts next; an office is named by its code in the pack."""

    YOU = "you"
    REFERENCE = "reference"
    VERIFIER = "verifier"
    COSIGNER = "cosigner"
    TRAINING_OFFICE = "training"
    PLACE = "place"
    NOBODY = ""


@dataclass(frozen=True)
class Citation:
    title: str = ""
    url: str = ""
    evidence_class: str = ""


@dataclass(frozen=True)
class Requirement:
    """One thing a program asks at some stages, of some designations (of all when none is named)."""

    kind: str
    code: str
    stages: frozenset[str]
    designations: frozenset[str] = frozenset()
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    fix: str = ""  # the page that mends it, as a key the apps above map to an address
    text: Text = Text()
    statement_text: Text = Text()
    rule: Citation = Citation()

    @property
    def title(self) -> str:
        return str(self.text)

    @property
    def statement(self) -> str:
        """The sentence a person says yes to, where the kind is somebody's own word."""
        return str(self.statement_text)

    def asked(self, stage: str, designation: str) -> bool:
        return stage in self.stages and (not self.designations or designation in self.designations)


@dataclass(frozen=True)
class Finding:
    """What one kind says about one requirement."""

    state: State
    reason: Reason
    next_actor: str = Actor.NOBODY
