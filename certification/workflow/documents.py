"""Papers we owe: written down with all they will say, made by the worker, stored once, given to their owner."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation

from accounts.models import User
from accounts.references import LETTERS
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from certification import certificates
from certification.events import CertificationEvent
from certification.models import Credential, Decision, Document
from programs.calendar import local_day
from programs.program import Rules, program
from trainings.models import Completion, Registration
from trainings.rules import minutes_present
from trainings.workflow import issue_certificate
from trainings.workflow.classroom import sat_of

log = logging.getLogger(__name__)


def owe_credential_papers(
    credential: Credential, decision: Decision, rules: Rules, *, by: User | None, at: datetime
) -> None:
    """The certificate and the award letter, in the words of this day."""
    check_code = _check_code()
    with translation.override("en"):  # an official paper is in one language, whoever pressed the button
        papers = {
            Document.Kind.CERTIFICATE: certificates.certificate_context(credential, decision, rules, check_code),
            Document.Kind.AWARD_LETTER: certificates.letter_context(credential, decision, rules),
        }
    for kind, context in papers.items():
        _owe(
            kind,
            credential.number,
            context,
            person=credential.person,
            credential=credential,
            check_code=check_code if kind == Document.Kind.CERTIFICATE else "",
            by=by,
            at=at,
        )


def owe_completion_certificates(completions: Iterable[Completion], *, at: datetime) -> None:
    for completion in completions:
        with translation.override("en"):
            context = certificates.completion_context(completion, program(completion.completed_on))
        _owe(
            Document.Kind.COMPLETION_CERTIFICATE,
            completion.reference,
            context,
            person=completion.person,
            by=None,
            at=at,
        )


def owe_attendance_certificates(spots: Iterable[Registration], *, at: datetime) -> None:
    """True hours, for anybody who was in class at all. Where hours or days changed since, there is a new paper with
    a key of its own, and the one before stays as it was."""
    for spot in spots:
        minutes = minutes_present(sat_of(spot))
        if not minutes:
            continue
        with translation.override("en"):
            day = local_day(at)
            context = certificates.attendance_context(spot, minutes, day, program(day))
        _owe(
            Document.Kind.ATTENDANCE_CERTIFICATE,
            spot.reference,
            context,
            key=":".join([spot.reference, str(minutes), context["made_up"][-80:]]),
            person=spot.person,
            by=None,
            at=at,
        )


def _check_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(10))


def _owe(
    kind: Document.Kind,
    subject_reference: str,
    context: dict[str, Any],
    *,
    person: User,
    by: User | None,
    at: datetime,
    credential: Credential | None = None,
    check_code: str = "",
    key: str = "",
) -> None:
    """A paper about the same thing is owed once, however often somebody asks."""
    document, is_new = Document.objects.get_or_create(
        key=f"{kind}:{key or subject_reference}",
        defaults={
            "kind": kind,
            "person": person,
            "credential": credential,
            "subject_reference": subject_reference,
            "title": context["page_title"],
            "context": context,
            "check_code": check_code,
            "due_at": at,
            "owed_at": at,
        },
    )
    if is_new:
        record(Entry.of(CertificationEvent.DOCUMENT_OWED, document, by=by, at=at, kind=str(kind)))


@transaction.atomic
def store_document(document_id: int, pdf: bytes, *, at: datetime) -> Document:
    """Keep the file with its checksum. One that is stored stays as it is, whoever comes second. A certificate of
    completion is kept only while the completion stands; the spot is held before the row, as everywhere."""
    is_wanted = _is_still_wanted(document_id, at=at)
    document = Document.objects.select_for_update(no_key=True).get(pk=document_id)
    if document.is_ready:
        return document
    if not is_wanted:
        document.status = Document.Status.CANCELLED
        document.save(update_fields=["status"])
        return document
    document.file.save(f"{document.reference}.pdf", ContentFile(pdf), save=False)
    document.checksum = hashlib.sha256(pdf).hexdigest()
    document.status, document.done_at, document.problem = Document.Status.DONE, at, ""
    document.save(update_fields=["file", "checksum", "status", "done_at", "problem"])
    record(
        Entry.of(
            CertificationEvent.DOCUMENT_READY, document, by=None, at=at, kind=document.kind, checksum=document.checksum
        )
    )
    return document


def _is_still_wanted(document_id: int, *, at: datetime) -> bool:
    kind, reference = Document.objects.values_list("kind", "subject_reference").get(pk=document_id)
    return kind != Document.Kind.COMPLETION_CERTIFICATE or issue_certificate(reference, at=at)


def call_off_completion_certificates(completion_references: Iterable[str]) -> None:
    """Taken back before it was made; one that is being made just now is not kept."""
    owed = Document.objects.filter(
        kind=Document.Kind.COMPLETION_CERTIFICATE, subject_reference__in=list(completion_references)
    )
    owed.exclude(status=Document.Status.DONE).update(status=Document.Status.CANCELLED)


@transaction.atomic
def give_document(document_id: int, *, by: User, at: datetime) -> tuple[Document, bytes]:
    """The file as it was stored. Another person's paper leaves a trace; one that changed on disk is not given."""
    document = Document.objects.select_related("person").get(pk=document_id)
    with document.file.open("rb") as stored:
        pdf: bytes = stored.read()
    if hashlib.sha256(pdf).hexdigest() != document.checksum:
        raise NotAllowed(Reason("file_changed"))
    if by.pk != document.person_id:
        record(Entry.of(CertificationEvent.DOCUMENT_READ, document, by=by, at=at, kind=document.kind))
    return document, pdf


def make_papers(*, at: datetime, limit: int = 20) -> int:
    """Make the papers that are owed. Nothing is held open while a file is made; a killed worker leaves the row."""
    owed = Document.objects.claim(at=at, limit=limit)
    for document in owed:
        try:
            pdf = certificates.render_pdf(certificates.document_html(document), document.reference)
            store_document(document.pk, pdf, at=at)
        except Exception as trouble:  # one paper that cannot be made must not stop the others
            log.exception("paper %s was not made", document.reference)
            document.put_back(at=at, problem=type(trouble).__name__)
    return len(owed)
