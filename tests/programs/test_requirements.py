from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.reasons import say
from programs.checklist import evaluate
from programs.evidence import (
    CompletionFact,
    DocumentFact,
    Evidence,
    ExamFact,
    HoursFact,
    JobFact,
    PaymentFact,
    ReferenceFact,
    Spell,
)
from programs.kinds import KINDS
from programs.requirements import Requirement, State

TODAY = date(2027, 3, 1)
LONG_AGO = date(2020, 1, 1)


def asked(kind, code="it", **params):
    return Requirement(kind=kind, code=code, stages=frozenset({"certification"}), params=params)


def finding(requirement, on=TODAY, **facts):
    (item,) = evaluate([requirement], Evidence(**facts), on).items
    return item


def spell(days, amount, ago=0):
    end = TODAY - timedelta(days=ago)
    return Spell(end - timedelta(days=days - 1), end, Decimal(amount))


RESIDENCY = asked("residency", county=True)
AGE = asked("age", minimum=18, maximum=26)
OWN = asked("lived_experience", attestation="own")
TIME = asked("recovery_time", attestation="year", months=12)
ETHICS = asked("ethics_agreement", attestation="ethics")
SCHOOL = asked("education", accepts=["diploma", "ged"], enrolled_minimum=16)
HOURS = asked("support_hours", hours=250, years=3, school_years=1)
REFERENCES = asked("references", count=2, excluded=["relative"], valid_months=12)
TRAINING = asked("training_completion", courses=["cpss"], valid_months=24)
EXAM = asked("exam_pass", courses=["cpss"], mark=75, valid_months=24)
JOB = asked("verified_employment", provider_kinds=["nonprofit"])
PROMISE = asked("job_commitment")
BACKGROUND = asked("background_check", exception=True)
FEE = asked("fee", fee="application", cents=3000)
LEARNING = asked("education_hours", hours=20, ethics=2, years=4)
COSIGNER = asked("cosigner")
PAPER = asked("document", documents=["school_paper"])


def reference(days_ago=None, relation="friend"):
    given = None if days_ago is None else TODAY - timedelta(days=days_ago)
    return ReferenceFact(asked_on=LONG_AGO, given_on=given, relation=relation)


def job(**other):
    return JobFact(**{"provider_kind": "nonprofit", "status": "verified", "hired_on": LONG_AGO, **other})


def paid(**other):
    return PaymentFact(**{"fee": "application", "cents": 3000, "received_on": TODAY, **other})


def paper(status="accepted", **other):
    return DocumentFact(kind="school_paper", status=status, received_on=TODAY, **other)


def learned(hours, *, ethics=False, accepted=True, on=TODAY):
    return HoursFact(earned_on=on, hours=Decimal(hours), is_ethics=ethics, is_accepted=accepted)


def done(days_ago):
    return CompletionFact("cpss", "CPSSP-MH", TODAY - timedelta(days=days_ago))


def sat(score, days_ago=10, next_on=None):
    return ExamFact("cpss", TODAY - timedelta(days=days_ago), score, next_on)


CASES = [
    (RESIDENCY, {"lives_in_state": True, "county": "Hinds"}, "met", "residency_met"),
    (RESIDENCY, {"lives_in_state": True}, "missing", "residency_missing"),
    (RESIDENCY, {"county": "Hinds"}, "missing", "residency_missing"),
    (RESIDENCY, {"lives_in_state": False, "county": "Hinds"}, "missing", "residency_elsewhere"),
    (AGE, {}, "missing", "birth_date_missing"),
    (AGE, {"birth_on": date(2009, 3, 1)}, "met", "age_met"),
    (AGE, {"birth_on": date(2009, 3, 2)}, "missing", "age_too_young"),
    (AGE, {"birth_on": date(2000, 3, 2)}, "met", "age_met"),
    (AGE, {"birth_on": date(2000, 3, 1)}, "missing", "age_too_old"),
    (OWN, {}, "missing", "lived_experience_missing"),
    (OWN, {"attestations": {"own": True}}, "met", "lived_experience_met"),
    (OWN, {"attestations": {"own": False}}, "missing", "lived_experience_not_yet"),
    (OWN, {"attestations": {"parent": True}}, "missing", "lived_experience_missing"),
    (TIME, {}, "missing", "recovery_time_missing"),
    (TIME, {"attestations": {"year": False}}, "missing", "recovery_time_not_yet"),
    (TIME, {"attestations": {"year": True}}, "met", "recovery_time_met"),
    (ETHICS, {"attestations": {"ethics": True}}, "met", "ethics_agreement_met"),
    (ETHICS, {"attestations": {"ethics": False}}, "missing", "ethics_agreement_not_yet"),
    (ETHICS, {}, "missing", "ethics_agreement_missing"),
    (SCHOOL, {}, "missing", "education_missing"),
    (SCHOOL, {"education": "ged"}, "met", "education_met"),
    (SCHOOL, {"education": "none"}, "missing", "education_not_yet"),
    (SCHOOL, {"education": "enrolled"}, "missing", "birth_date_missing"),
    (SCHOOL, {"education": "enrolled", "birth_on": date(2011, 3, 1)}, "met", "education_enrolled"),
    (SCHOOL, {"education": "enrolled", "birth_on": date(2011, 3, 2)}, "missing", "education_too_young"),
    (HOURS, {}, "missing", "support_hours_missing"),
    (HOURS, {"support_hours": (spell(100, 250),)}, "met", "support_hours_met"),
    (HOURS, {"support_hours": (spell(100, 249),)}, "missing", "support_hours_missing"),
    (HOURS, {"support_hours": (spell(100, 125), spell(30, 125, ago=400))}, "met", "support_hours_met"),
    (HOURS, {"support_hours": (spell(100, 250, ago=1500),)}, "expired", "support_hours_expired"),
    (HOURS, {"school_years": (spell(300, 1),)}, "met", "support_hours_school"),
    (HOURS, {"school_years": (spell(300, 1, ago=1500),)}, "missing", "support_hours_missing"),
    (REFERENCES, {}, "missing", "references_missing"),
    (REFERENCES, {"references": (reference(1),)}, "missing", "references_missing"),
    (REFERENCES, {"references": (reference(1), reference())}, "waiting", "references_waiting"),
    (REFERENCES, {"references": (reference(1), reference(2))}, "met", "references_met"),
    (REFERENCES, {"references": (reference(1), reference(2, "relative"))}, "missing", "references_missing"),
    (REFERENCES, {"references": (reference(1), reference(366))}, "expired", "references_expired"),
    (TRAINING, {}, "missing", "training_missing"),
    (TRAINING, {"completions": (done(10),)}, "met", "training_met"),
    (TRAINING, {"completions": (done(800),)}, "expired", "training_expired"),
    (TRAINING, {"completions": (CompletionFact("supervisor", "", TODAY),)}, "missing", "training_missing"),
    (EXAM, {}, "missing", "exam_missing"),
    (EXAM, {"exams": (sat(75),)}, "met", "exam_met"),
    (EXAM, {"exams": (sat(74, next_on=TODAY),)}, "missing", "exam_not_yet"),
    (EXAM, {"exams": (sat(75, days_ago=20), sat(60, days_ago=5))}, "met", "exam_met"),
    (EXAM, {"exams": (sat(90, days_ago=800),)}, "expired", "exam_expired"),
    (JOB, {}, "missing", "employment_missing"),
    (JOB, {"jobs": (job(),)}, "met", "employment_met"),
    (JOB, {"jobs": (job(status="asked"),)}, "waiting", "employment_waiting"),
    (JOB, {"jobs": (job(status="named"),)}, "missing", "employment_not_asked"),
    (JOB, {"jobs": (job(provider_kind="bakery"),)}, "missing", "employment_missing"),
    (JOB, {"jobs": (job(certified_until=TODAY),)}, "missing", "employment_not_certified"),
    (JOB, {"jobs": (job(certified_from=TODAY + timedelta(days=1)),)}, "missing", "employment_not_certified"),
    (JOB, {"jobs": (job(ended_on=TODAY),)}, "expired", "employment_ended"),
    (JOB, {"jobs": (job(ended_on=TODAY), job())}, "met", "employment_met"),
    (JOB, {"jobs": (job(hired_on=TODAY + timedelta(days=1)),)}, "missing", "employment_missing"),
    (PROMISE, {}, "missing", "job_commitment_missing"),
    (PROMISE, {"job_promise": "asked"}, "waiting", "job_commitment_waiting"),
    (PROMISE, {"job_promise": "given"}, "met", "job_commitment_met"),
    (BACKGROUND, {}, "missing", "background_missing"),
    (BACKGROUND, {"background": "clear"}, "met", "background_met"),
    (BACKGROUND, {"background": "waiting"}, "waiting", "background_waiting"),
    (BACKGROUND, {"background": "found"}, "missing", "background_may_ask"),
    (asked("background_check"), {"background": "found"}, "missing", "background_found"),
    (BACKGROUND, {"background": "exception_asked"}, "waiting", "background_exception_asked"),
    (BACKGROUND, {"background": "exception_given"}, "met", "background_met"),
    (FEE, {}, "missing", "fee_missing"),
    (FEE, {"payments": (paid(),)}, "met", "fee_met"),
    (FEE, {"payments": (paid(cents=1000), paid(cents=2000))}, "met", "fee_met"),
    (FEE, {"payments": (paid(cents=1000),)}, "missing", "fee_missing"),
    (FEE, {"payments": (paid(fee="renewal"),)}, "missing", "fee_missing"),
    (FEE, {"payments": (paid(received_on=None),)}, "waiting", "fee_waiting"),
    (FEE, {"payments": (paid(is_good=False),)}, "missing", "fee_came_back"),
    (LEARNING, {}, "missing", "hours_missing"),
    (LEARNING, {"education_hours": (learned(18), learned(2, ethics=True))}, "met", "hours_met"),
    (LEARNING, {"education_hours": (learned(20),)}, "missing", "hours_ethics_missing"),
    (LEARNING, {"education_hours": (learned(20, ethics=True, accepted=False),)}, "waiting", "hours_waiting"),
    (LEARNING, {"education_hours": (learned(20, ethics=True, on=LONG_AGO),)}, "missing", "hours_missing"),
    (COSIGNER, {}, "missing", "cosigner_unasked"),
    (COSIGNER, {"needs_cosigner": False}, "met", "cosigner_none"),
    (COSIGNER, {"needs_cosigner": True}, "missing", "cosigner_missing"),
    (COSIGNER, {"needs_cosigner": True, "cosigner_asked_on": TODAY}, "waiting", "cosigner_waiting"),
    (COSIGNER, {"needs_cosigner": True, "cosigned_on": TODAY}, "met", "cosigner_met"),
    (PAPER, {}, "missing", "document_missing"),
    (PAPER, {"documents": (paper(),)}, "met", "document_met"),
    (PAPER, {"documents": (paper("checking"),)}, "waiting", "document_checking"),
    (PAPER, {"documents": (paper("refused"),)}, "missing", "document_refused"),
    (PAPER, {"documents": (paper("refused"), paper())}, "met", "document_met"),
    (PAPER, {"documents": (paper(expires_on=TODAY),)}, "expired", "document_expired"),
    (PAPER, {"documents": (paper(expires_on=TODAY + timedelta(days=1)),)}, "met", "document_met"),
]


@pytest.mark.parametrize(
    ("requirement", "facts", "state", "code"),
    CASES,
    ids=[f"{case[0].kind}-{case[3]}-{number}" for number, case in enumerate(CASES)],
)
def test_each_kind_says_where_a_person_stands(requirement, facts, state, code):
    item = finding(requirement, **facts)

    assert (item.state, item.reason.code) == (state, code)
    assert say(item.reason)
    assert bool(item.next_actor) is (state != "met")


def test_every_kind_has_its_cases():
    assert {case[0].kind for case in CASES} == set(KINDS)


def test_age_is_measured_on_the_first_day_where_the_rule_says_so():
    at_training = asked("age", minimum=18, maximum=26, measured_on="first_day")
    first_day = date(2027, 6, 1)

    assert finding(at_training, birth_on=date(2009, 6, 1), first_day=first_day).is_met
    assert not finding(at_training, birth_on=date(2009, 6, 2), first_day=first_day).is_met
    assert not finding(at_training, birth_on=date(2000, 6, 1), first_day=first_day).is_met
    assert finding(at_training, birth_on=date(2009, 3, 1)).is_met  # no session yet: today


def test_somebody_born_on_february_29_is_eighteen_on_march_1():
    grown = asked("age", minimum=18)

    assert not finding(grown, on=date(2026, 2, 28), birth_on=date(2008, 2, 29)).is_met
    assert finding(grown, on=date(2026, 3, 1), birth_on=date(2008, 2, 29)).is_met


def test_support_hours_count_from_the_same_day_three_years_back():
    first_day_that_counts = Spell(date(2024, 3, 1), date(2024, 3, 1), Decimal(250))
    day_before = Spell(date(2024, 2, 29), date(2024, 2, 29), Decimal(250))

    assert finding(HOURS, support_hours=(first_day_that_counts,)).is_met
    assert finding(HOURS, support_hours=(day_before,)).state == State.EXPIRED


def test_a_spell_that_began_before_the_window_counts_in_part():
    half_inside = Spell(date(2024, 3, 1) - timedelta(days=100), date(2024, 3, 1) + timedelta(days=99), Decimal(300))

    assert half_inside.within(date(2024, 3, 1), TODAY) == 150


def test_a_checklist_tells_what_is_left_and_is_met_only_when_nothing_is():
    checklist = evaluate(
        [RESIDENCY, REFERENCES, TRAINING],
        Evidence(references=(reference(1), reference()), completions=(done(10),)),
        TODAY,
    )

    assert not checklist.is_met
    assert [item.kind for item in checklist.missing] == ["residency"]
    assert [item.kind for item in checklist.waiting] == ["references"]
    assert [item.kind for item in checklist.met] == ["training_completion"]
    assert [reason.code for reason in checklist.reasons] == ["residency_missing", "references_waiting"]
    assert evaluate([TRAINING], Evidence(completions=(done(10),)), TODAY).is_met


DATES = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(
    starts=DATES,
    length=st.integers(0, 1500),
    amount=st.integers(0, 5000),
    window=st.tuples(DATES, DATES).map(sorted),
)
def test_no_spell_counts_for_more_than_it_is_or_for_less_than_nothing(starts, length, amount, window):
    one = Spell(starts, starts + timedelta(days=length), Decimal(amount))

    assert 0 <= one.within(*window) <= amount
    assert one.within(date(2000, 1, 1), date(2060, 1, 1)) == amount


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 300)), max_size=6), st.integers(0, 400))
def test_more_support_hours_never_make_it_worse(rows, more):
    spells = tuple(spell(30, amount, ago=ago) for ago, amount in rows)

    before = finding(HOURS, support_hours=spells)
    after = finding(HOURS, support_hours=(*spells, spell(30, more)))

    assert after.is_met or not before.is_met


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 700)), st.sampled_from(["friend", "relative"]))))
def test_references_are_met_exactly_when_two_fresh_ones_are_not_from_family(rows):
    item = finding(REFERENCES, references=tuple(reference(days, relation) for days, relation in rows))

    fresh = [days for days, relation in rows if days is not None and days < 365 and relation != "relative"]
    assert item.is_met is (len(fresh) >= 2)
