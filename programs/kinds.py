"""The kinds of requirement, and what evidence satisfies each. A pack holds only their parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from audit.reasons import Reason
from programs.calendar import ONE_DAY, add_months, add_years, age_on
from programs.evidence import CompletionFact, Evidence, ExamFact, HoursFact
from programs.requirements import Actor, Finding, Requirement, State


def _met(code: str, **facts: Any) -> Finding:
    return Finding(State.MET, Reason(code, **facts))


def _missing(code: str, **facts: Any) -> Finding:
    return Finding(State.MISSING, Reason(code, **facts), Actor.YOU)


def _expired(code: str, **facts: Any) -> Finding:
    return Finding(State.EXPIRED, Reason(code, **facts), Actor.YOU)


def _waiting(actor: str, code: str, **facts: Any) -> Finding:
    return Finding(State.WAITING, Reason(code, **facts), actor)


def _residency(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    if evidence.lives_in_state is False:
        return _missing("residency_elsewhere")
    if not evidence.lives_in_state or (asked.params.get("county", True) and not evidence.county):
        return _missing("residency_missing")
    return _met("residency_met", county=evidence.county)


def _age(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    if evidence.birth_on is None:
        return _missing("birth_date_missing")
    first_day = asked.params.get("measured_on") == "first_day"
    day = (evidence.first_day or on) if first_day else on
    age = age_on(evidence.birth_on, day)
    least, most = asked.params["minimum"], asked.params.get("maximum")
    if age < least:
        return _missing("age_too_young", minimum=least, day=day)
    if most is not None and age > most:
        return _missing("age_too_old", maximum=most, day=day)
    return _met("age_met", minimum=least)


def _attestation(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    """Told in the person's own word, yes or not yet; never proved with health papers."""
    answer = evidence.attestations.get(asked.params.get("attestation", asked.code))
    if answer is None:
        return _missing(f"{asked.kind}_missing", **_named(asked, "months"))
    if not answer:
        return _missing(f"{asked.kind}_not_yet", **_named(asked, "months"))
    return _met(f"{asked.kind}_met")


def _named(asked: Requirement, *names: str) -> dict[str, Any]:
    return {name: asked.params[name] for name in names if name in asked.params}


def _education(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    if evidence.education in asked.params.get("accepts", ("diploma", "ged", "degree", "other_proof")):
        return _met("education_met")
    enrolled_from = asked.params.get("enrolled_minimum")
    if evidence.education == "enrolled" and enrolled_from is not None:
        if evidence.birth_on is None:
            return _missing("birth_date_missing")
        if age_on(evidence.birth_on, on) >= enrolled_from:
            return _met("education_enrolled")
        return _missing("education_too_young", minimum=enrolled_from)
    return _missing("education_missing" if not evidence.education else "education_not_yet")


def _support_hours(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    """So many hours inside the last years, or so much schooling in the same years instead."""
    since = add_years(on, -asked.params["years"])
    needed = Decimal(asked.params["hours"])
    done = sum((spell.within(since, on) for spell in evidence.support_hours), Decimal(0))
    if done >= needed:
        return _met("support_hours_met", hours=int(needed), since=since)
    school = sum((spell.within(since, on) for spell in evidence.school_years), Decimal(0))
    substitute = asked.params.get("school_years")
    if substitute is not None and school >= Decimal(substitute):
        return _met("support_hours_school")
    ever = sum((spell.amount for spell in evidence.support_hours if spell.starts_on <= on), Decimal(0))
    code, finding = ("support_hours_expired", _expired) if ever >= needed else ("support_hours_missing", _missing)
    return finding(code, hours=int(needed), left=_rounded_up(needed - done), since=since)


def _rounded_up(amount: Decimal) -> int:
    return -int(-amount // 1)


def _references(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    """Enough good words, none from a relative, none too old. One that ran out is asked again."""
    needed = asked.params["count"]
    excluded = set(asked.params.get("excluded", ()))
    counted = [fact for fact in evidence.references if fact.relation not in excluded]
    months = asked.params.get("valid_months")
    given = [fact.given_on for fact in counted if fact.given_on is not None]
    fresh = [day for day in given if months is None or on < add_months(day, months)]
    asked_now = [fact for fact in counted if fact.given_on is None]
    if len(fresh) >= needed:
        return _met("references_met", count=needed)
    if len(fresh) + len(asked_now) >= needed:
        return _waiting(Actor.REFERENCE, "references_waiting", given=len(fresh), count=needed)
    if len(given) >= needed:
        return _expired("references_expired", count=needed - len(fresh), months=months)
    return _missing("references_missing", asked=len(fresh) + len(asked_now), count=needed)


def _training_completion(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    done = [fact for fact in evidence.completions if _serves(asked, fact) and fact.completed_on <= on]
    months = asked.params.get("valid_months")
    if not done:
        return _missing("training_missing")
    last = max(fact.completed_on for fact in done)
    if months is not None and on >= add_months(last, months):
        return _expired("training_expired", done_on=last)
    return _met("training_met", done_on=last)


def _serves(asked: Requirement, fact: CompletionFact | ExamFact) -> bool:
    """Of the course the rule names; of its designation where the rule names those that count."""
    courses, designations = asked.params.get("courses"), asked.params.get("designations")
    return (not courses or fact.course_kind in courses) and (
        not designations or not fact.designation or fact.designation in designations
    )


def _exam_pass(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    taken = sorted((fact for fact in evidence.exams if _serves(asked, fact)), key=lambda fact: fact.taken_on)
    mark, months = asked.params["mark"], asked.params.get("valid_months")
    passed = [fact.taken_on for fact in taken if fact.score >= mark and fact.taken_on <= on]
    if passed and (months is None or on < add_months(passed[-1], months)):
        return _met("exam_met", done_on=passed[-1])
    if passed:
        return _expired("exam_expired", done_on=passed[-1])
    if taken:
        return _missing("exam_not_yet", mark=mark, next_on=taken[-1].next_try_on)
    return _missing("exam_missing", mark=mark)


def _verified_employment(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    kinds = asked.params.get("provider_kinds")
    right_kind = [job for job in evidence.jobs if not kinds or job.provider_kind in kinds]
    held = [job for job in right_kind if job.is_held(on)]
    good = [job for job in held if job.provider_is_certified(on)]
    if any(job.status == "verified" for job in good):
        return _met("employment_met")
    if any(job.status == "asked" for job in good):
        return _waiting(Actor.VERIFIER, "employment_waiting")
    if good:
        return _missing("employment_not_asked")
    if held:
        return _missing("employment_not_certified")
    if any(job.status == "verified" and job.ended_on and job.ended_on <= on for job in right_kind):
        return _expired("employment_ended")
    return _missing("employment_missing")


def _job_commitment(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    if evidence.job_promise == "given":
        return _met("job_commitment_met")
    if evidence.job_promise == "asked":
        return _waiting(Actor.VERIFIER, "job_commitment_waiting")
    return _missing("job_commitment_missing")


def _background_check(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    """Something found is not the end where the pack lets a person ask for an exception."""
    if evidence.background in ("clear", "exception_given"):
        return _met("background_met")
    if evidence.background in ("waiting", "exception_asked"):
        return _waiting(asked.params.get("office", Actor.TRAINING_OFFICE), f"background_{evidence.background}")
    if evidence.background == "found" and asked.params.get("exception", False):
        return _missing("background_may_ask")
    return _missing("background_found" if evidence.background == "found" else "background_missing")


def _fee(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    code, cents = asked.params["fee"], asked.params["cents"]
    paid = [payment for payment in evidence.payments if payment.fee == code]
    good = sum(payment.cents for payment in paid if payment.received_on and payment.is_good)
    if good >= cents:
        return _met("fee_met", cents=cents)
    if any(payment.received_on is None for payment in paid):
        return _waiting(asked.params.get("office", Actor.PLACE), "fee_waiting", cents=cents)
    if any(not payment.is_good for payment in paid):
        return _missing("fee_came_back", cents=cents - good)
    return _missing("fee_missing", cents=cents - good)


def _education_hours(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    """Hours count per certification period, not per calendar year."""
    since = evidence.period_starts_on or add_years(on, -asked.params["years"])
    needed, ethics = Decimal(asked.params["hours"]), Decimal(asked.params.get("ethics", 0))
    inside = [row for row in evidence.education_hours if since <= row.earned_on <= on]
    done = _hours(row for row in inside if row.is_accepted)
    done_ethics = _hours(row for row in inside if row.is_accepted and row.is_ethics)
    if done >= needed and done_ethics >= ethics:
        return _met("hours_met", hours=int(needed))
    if _hours(inside) >= needed and _hours(row for row in inside if row.is_ethics) >= ethics:
        return _waiting(asked.params.get("office", Actor.PLACE), "hours_waiting")
    if done >= needed:
        return _missing("hours_ethics_missing", left=_rounded_up(ethics - done_ethics))
    return _missing("hours_missing", hours=int(needed), left=_rounded_up(needed - done), since=since)


def _hours(rows: Iterable[HoursFact]) -> Decimal:
    return sum((row.hours for row in rows), Decimal(0))


def _cosigner(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    if evidence.needs_cosigner is None:
        return _missing("cosigner_unasked")
    if not evidence.needs_cosigner:
        return _met("cosigner_none")
    if evidence.cosigned_on:
        return _met("cosigner_met")
    if evidence.cosigner_asked_on:
        return _waiting(Actor.COSIGNER, "cosigner_waiting")
    return _missing("cosigner_missing")


def _document(asked: Requirement, evidence: Evidence, on: dt.date) -> Finding:
    kinds = asked.params.get("documents", [asked.code])
    mine = [paper for paper in evidence.documents if paper.kind in kinds]
    good = [paper for paper in mine if paper.status == "accepted"]
    if any(paper.expires_on is None or on < paper.expires_on for paper in good):
        return _met("document_met")
    if any(paper.status == "checking" for paper in mine):
        return _waiting(asked.params.get("office", Actor.TRAINING_OFFICE), "document_checking")
    if good:
        return _expired("document_expired", ended_on=max(p.expires_on for p in good if p.expires_on) - ONE_DAY)
    return _missing("document_refused" if mine else "document_missing")


Kind = Callable[[Requirement, Evidence, dt.date], Finding]


KINDS: dict[str, Kind] = {
    "residency": _residency,
    "age": _age,
    "lived_experience": _attestation,
    "recovery_time": _attestation,
    "ethics_agreement": _attestation,
    "education": _education,
    "support_hours": _support_hours,
    "references": _references,
    "training_completion": _training_completion,
    "exam_pass": _exam_pass,
    "verified_employment": _verified_employment,
    "job_commitment": _job_commitment,
    "background_check": _background_check,
    "fee": _fee,
    "education_hours": _education_hours,
    "cosigner": _cosigner,
    "document": _document,
}
