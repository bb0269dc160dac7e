"""What is known of a person on the day somebody looks, as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Spell:
    """An amount (support hours, years of school) done from one day to another, spread evenly."""

    starts_on: dt.date
    ends_on: dt.date | None
    amount: Decimal

    def within(self, start: dt.date, end: dt.date) -> Decimal:
        """The part that falls into a window, its last day included."""
        own_end = min(self.ends_on or end, end)
        own_days = (own_end - self.starts_on).days + 1
        days = (own_end - max(self.starts_on, start)).days + 1
        if days <= 0:
            return Decimal(0)
        whole = ((self.ends_on - self.starts_on).days + 1) if self.ends_on else own_days
        return Decimal(self.amount) * days / whole


@dataclass(frozen=True)
class ReferenceFact:
    asked_on: dt.date
    given_on: dt.date | None = None
    relation: str = ""


@dataclass(frozen=True)
class CompletionFact:
    course_kind: str
    designation: str
    completed_on: dt.date


@dataclass(frozen=True)
class ExamFact:
    course_kind: str
    taken_on: dt.date
    score: int
    next_try_on: dt.date | None = None
    designation: str = ""


@dataclass(frozen=True)
class JobFact:
    provider_kind: str
    status: str  # named | asked | verified
    hired_on: dt.date
    ended_on: dt.date | None = None
    certified_from: dt.date | None = None  # the provider, by DMH
    certified_until: dt.date | None = None  # half-open

    def is_held(self, on: dt.date) -> bool:
        return self.hired_on <= on and (self.ended_on is None or on < self.ended_on)

    def provider_is_certified(self, on: dt.date) -> bool:
        return (self.certified_from is None or self.certified_from <= on) and (
            self.certified_until is None or on < self.certified_until
        )


@dataclass(frozen=True)
class PaymentFact:
    fee: str
    cents: int
    received_on: dt.date | None  # None: on its way
    is_good: bool = True  # a check that came back is not


@dataclass(frozen=True)
class DocumentFact:
    kind: str
    status: str  # checking | accepted | refused
    received_on: dt.date
    expires_on: dt.date | None = None


@dataclass(frozen=True)
class HoursFact:
    earned_on: dt.date
    hours: Decimal
    is_ethics: bool = False
    is_accepted: bool = True


@dataclass(frozen=True)
class Evidence:
    """Everything known about one person that a rule may look at. What is unknown stays empty."""

    birth_on: dt.date | None = None
    first_day: dt.date | None = None  # of the session applied for
    lives_in_state: bool | None = None
    county: str = ""
    attestations: Mapping[str, bool] = field(default_factory=dict)  # code: yes, or not yet
    education: str = ""  # diploma | ged | degree | other_proof | enrolled | none
    support_hours: tuple[Spell, ...] = ()
    school_years: tuple[Spell, ...] = ()
    references: tuple[ReferenceFact, ...] = ()
    completions: tuple[CompletionFact, ...] = ()
    exams: tuple[ExamFact, ...] = ()
    jobs: tuple[JobFact, ...] = ()
    job_promise: str = ""  # asked | given
    background: str = ""  # waiting | clear | found | exception_asked | exception_given
    payments: tuple[PaymentFact, ...] = ()
    documents: tuple[DocumentFact, ...] = ()
    education_hours: tuple[HoursFact, ...] = ()
    period_starts_on: dt.date | None = None  # of the credential, for education hours
    needs_cosigner: bool | None = None  # asked, never guessed from age
    cosigned_on: dt.date | None = None
    cosigner_asked_on: dt.date | None = None
