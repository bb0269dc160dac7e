"""What the rules ask of one application and what it shows: one list for the person, the office and the guard."""

from __future__ import annotations

from datetime import date, datetime

from accounts.models import Profile
from accounts.workflow import profile_of
from applicants.models import Document, Reference, SupportSpell, TrainingApplication
from audit.reasons import Reason
from programs.calendar import local_day
from programs.checklist import Checklist, evaluate
from programs.evidence import CompletionFact, DocumentFact, Evidence, ReferenceFact, Spell
from programs.program import Rules, program
from trainings.models import Completion

STAGE = "training"

PAPER_STATUS = {
    Document.Status.CHECKING: "checking",
    Document.Status.READY: "accepted",
    Document.Status.REFUSED: "refused",
}


def rules_day(application: TrainingApplication, at: datetime) -> date:
    """A draft is held against today's rules; what was sent, against those of the day it came."""
    return application.judged_on or local_day(at)


def rules_of(application: TrainingApplication, at: datetime) -> Rules:
    return program(rules_day(application, at))


def checklist_of(application: TrainingApplication, at: datetime) -> Checklist:
    asked = rules_of(application, at).requirements(STAGE, application.designation)
    return evaluate(asked, evidence_of(application, at), rules_day(application, at))


def who_is_missing(application: TrainingApplication) -> list[Reason]:
    """What the office needs of anybody, whatever the rules ask: a name for the papers and a way to answer."""
    person, profile = application.person, profile_of(application.person)
    reasons = [] if person.legal_given_names and person.legal_family_name else [Reason("names_missing")]
    return reasons if profile.best_channel else [*reasons, Reason("contact_missing")]


def evidence_of(application: TrainingApplication, at: datetime) -> Evidence:
    profile: Profile = profile_of(application.person)
    spells = list(application.spells.all())
    return Evidence(
        birth_on=profile.birth_on,
        first_day=application.session.starts_on,
        lives_in_state=True if profile.county else None,
        county=profile.county,
        attestations=application.attestations,
        education=application.education,
        support_hours=_spells(spells, SupportSpell.Kind.HOURS),
        school_years=_spells(spells, SupportSpell.Kind.SCHOOL),
        references=_references(application, at),
        completions=_completions(application),
        documents=_documents(application),
        needs_cosigner=application.needs_cosigner,
        cosigned_on=application.cosigned_on,
    )


def _spells(spells: list[SupportSpell], kind: str) -> tuple[Spell, ...]:
    return tuple(Spell(spell.starts_on, spell.ends_on, spell.amount) for spell in spells if spell.kind == kind)


def _references(application: TrainingApplication, at: datetime) -> tuple[ReferenceFact, ...]:
    """Given ones, and those asked whose link still works: one nobody answered in time is asked again."""
    return tuple(_reference_fact(one) for one in application.references.all() if _counts(one, at))


def _counts(reference: Reference, at: datetime) -> bool:
    if reference.status == Reference.Status.ASKED:
        return reference.answer_by is not None and at < reference.answer_by
    return reference.status == Reference.Status.GIVEN


def _reference_fact(reference: Reference) -> ReferenceFact:
    assert reference.asked_at is not None  # a constraint holds it
    given_on = local_day(reference.given_at) if reference.given_at else None
    return ReferenceFact(local_day(reference.asked_at), given_on, reference.relation)


def _completions(application: TrainingApplication) -> tuple[CompletionFact, ...]:
    done = Completion.objects.filter(person=application.person).select_related("course")
    return tuple(CompletionFact(one.course.kind, one.designation, one.completed_on) for one in done)


def _documents(application: TrainingApplication) -> tuple[DocumentFact, ...]:
    return tuple(
        DocumentFact(paper.kind, PAPER_STATUS[Document.Status(paper.status)], local_day(paper.uploaded_at))
        for paper in application.documents.kept()
    )


def complete_at(application: TrainingApplication) -> datetime | None:
    """When the last piece of a sent packet came: the sending itself, a reference, or a paper."""
    given = [one.given_at for one in application.references.all() if one.given_at]
    papers = [paper.uploaded_at for paper in application.documents.kept()]
    sent = application.submitted_at if application.channel == "online" else application.received_at
    moments = [moment for moment in (sent, *given, *papers) if moment is not None]
    return max(moments, default=None)
