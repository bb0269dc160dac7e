"""Papers a person sends, and the rows of their support hours."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from applicants.events import ApplicantEvent
from applicants.models import Document, SupportSpell
from applicants.workflow.applications import lock_application, require_with_the_person
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record

MOST_PAPERS = 12


@transaction.atomic
def receive_document(
    application_id: int, *, kind: str, name: str, content_type: str, path: str, size: int, by: User, at: datetime
) -> Document:
    """A paper has come; nobody can open it until `settle_document`. `path` is where its bytes lie."""
    application = lock_application(application_id)
    require_with_the_person(application)
    if application.documents.kept().count() >= MOST_PAPERS:
        raise NotAllowed(Reason("upload_too_many", most=MOST_PAPERS))
    paper = Document.objects.create(
        application=application,
        kind=kind,
        name=name[:150],
        content_type=content_type,
        received=path,
        size=size,
        uploaded_at=at,
    )
    record(Entry.of(ApplicantEvent.DOCUMENT_RECEIVED, paper, by=by, at=at, kind=kind))
    return paper


@transaction.atomic
def settle_document(document_id: int, *, at: datetime, path: str = "", size: int = 0, refusal: str = "") -> Document:
    """The worker's result: a fresh file, or why there is none. The second of two workers changes nothing."""
    paper = Document.objects.select_for_update(no_key=True).get(pk=document_id)
    if paper.status != Document.Status.CHECKING:
        return paper
    paper.status = Document.Status.REFUSED if refusal else Document.Status.READY
    paper.refusal, paper.checked_at = refusal, at
    if path:
        paper.file.name, paper.size = path, size
    paper.received.name = ""
    paper.save(update_fields=["status", "refusal", "checked_at", "file", "size", "received"])
    event = ApplicantEvent.DOCUMENT_REFUSED if refusal else ApplicantEvent.DOCUMENT_READY
    record(Entry.of(event, paper, by=None, at=at, kind=paper.kind))
    return paper


@transaction.atomic
def remove_document(document_id: int, *, by: User, at: datetime) -> Document:
    paper = Document.objects.get(pk=document_id)
    application = lock_application(paper.application_id)
    require_with_the_person(application)
    if paper.removed_at:
        return paper
    paper.removed_at = at
    paper.save(update_fields=["removed_at"])
    record(Entry.of(ApplicantEvent.DOCUMENT_REMOVED, paper, by=by, at=at, kind=paper.kind))
    return paper


@transaction.atomic
def add_spell(
    application_id: int,
    *,
    kind: str,
    where: str,
    starts_on: date,
    ends_on: date | None,
    amount: Decimal,
    by: User,
    at: datetime,
) -> SupportSpell:
    """One place somebody helped, or went to school. The same line typed twice is one line."""
    application = lock_application(application_id)
    require_with_the_person(application)
    spell, is_new = SupportSpell.objects.get_or_create(
        application=application, kind=kind, where=where, starts_on=starts_on, ends_on=ends_on, amount=amount
    )
    if is_new:
        record(Entry.of(ApplicantEvent.APPLICATION_ANSWERED, application, by=by, at=at, part="hours"))
    return spell


@transaction.atomic
def remove_spell(spell_id: int, *, by: User, at: datetime) -> None:
    spell = SupportSpell.objects.get(pk=spell_id)
    application = lock_application(spell.application_id)
    require_with_the_person(application)
    spell.delete()
    record(Entry.of(ApplicantEvent.APPLICATION_ANSWERED, application, by=by, at=at, part="hours"))
