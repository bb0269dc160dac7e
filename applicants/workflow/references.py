"""References: named, asked only when the person presses Send, answered once by the link."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.workflow import profile_of
from applicants import rules
from applicants.checklist import STAGE, rules_of
from applicants.events import ApplicantEvent
from applicants.models import Reference, ReferenceText, TrainingApplication
from applicants.workflow.applications import lock_application
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record

Status = Reference.Status
MAY_ASK_WHILE = (
    TrainingApplication.Status.DRAFT,
    TrainingApplication.Status.RETURNED,
    TrainingApplication.Status.SUBMITTED,
)


def excluded_relations(application: TrainingApplication, at: datetime) -> Collection[str]:
    """Who cannot be a reference under the rules that count for this application."""
    asked = rules_of(application, at).requirements(STAGE, application.designation)
    return {code for one in asked if one.kind == "references" for code in one.params.get("excluded", ())}


def _lock_reference(reference_id: int) -> Reference:
    """The application first, then the reference: one order for everybody."""
    reference = Reference.objects.get(pk=reference_id)
    application = lock_application(reference.application_id)
    reference = Reference.objects.select_for_update(no_key=True).get(pk=reference_id)
    reference.application = application
    return reference


def _require_open(application: TrainingApplication) -> None:
    if application.status not in MAY_ASK_WHILE:
        raise NotAllowed(Reason("application_not_so", status=application.status))


@transaction.atomic
def name_reference(application_id: int, *, name: str, relation: str, email: str, by: User, at: datetime) -> Reference:
    """Write down whom to ask. Nothing is sent. Typed twice, it is one."""
    application = lock_application(application_id)
    _require_open(application)
    live = application.references.exclude(status=Status.TAKEN_BACK)
    if same := live.filter(email__iexact=email, name=name, relation=relation).first():
        return same
    person, profile = application.person, profile_of(application.person)
    reasons = rules.reasons_not_to_name(
        email=email,
        relation=relation,
        own_addresses={person.email, profile.contact_email},
        named=set(live.values_list("email", flat=True)),
        excluded=excluded_relations(application, at),
    )
    if reasons:
        raise NotAllowed(*reasons)
    reference = Reference.objects.create(application=application, name=name, relation=relation, email=email)
    record(Entry.of(ApplicantEvent.APPLICATION_ANSWERED, application, by=by, at=at, part="references"))
    return reference


@transaction.atomic
def ask_reference(reference_id: int, *, by: User, at: datetime) -> Reference:
    """The person has read the message and pressed Send. Asked again, an older link stops working."""
    reference = _lock_reference(reference_id)
    _require_open(reference.application)
    if reference.status == Status.ASKED and reference.answer_by and at < reference.answer_by:
        return reference
    if reference.status not in (Status.NAMED, Status.ASKED):
        raise NotAllowed(Reason("reference_over"))
    if reference.status == Status.ASKED:
        reference.link_version += 1
    reference.status, reference.asked_at = Status.ASKED, at
    reference.save(update_fields=["status", "asked_at", "link_version"])
    record(Entry.of(ApplicantEvent.REFERENCE_ASKED, reference, by=by, at=at, link_version=reference.link_version))
    return reference


@transaction.atomic
def take_back_reference(reference_id: int, *, by: User, at: datetime) -> Reference:
    """Ask somebody else instead. A link that is out stops working."""
    reference = _lock_reference(reference_id)
    if reference.status == Status.TAKEN_BACK:
        return reference
    if reference.status == Status.GIVEN:
        raise NotAllowed(Reason("reference_over"))
    _require_open(reference.application)
    reference.status, reference.link_version = Status.TAKEN_BACK, reference.link_version + 1
    reference.save(update_fields=["status", "link_version"])
    record(Entry.of(ApplicantEvent.REFERENCE_TAKEN_BACK, reference, by=by, at=at))
    return reference


@transaction.atomic
def answer_reference(reference_id: int, *, link_version: int, view: str, text: str, at: datetime) -> Reference:
    """By the link. The first answer counts; the same link again finds it given."""
    reference = _lock_reference(reference_id)
    if reference.link_version != link_version:
        raise NotAllowed(Reason("link_bad"))
    if reference.status == Status.GIVEN:
        return reference
    if reference.status != Status.ASKED or reference.answer_by is None:
        raise NotAllowed(Reason("reference_over"))
    if at >= reference.answer_by:
        raise NotAllowed(Reason("link_expired"))
    words = ReferenceText(asked_of=reference, written_at=at)
    words.seal(text)
    words.save()
    reference.status, reference.view, reference.given_at = Status.GIVEN, view, at
    reference.save(update_fields=["status", "view", "given_at"])
    record(Entry.of(ApplicantEvent.REFERENCE_GIVEN, reference, by=None, at=at))
    return reference
