"""The worker's look at papers people sent: opened, written anew, or refused with a sentence."""

from __future__ import annotations

from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import F

from applicants.models import Document
from applicants.workflow.documents import settle_document
from audit.reasons import NotAllowed
from trainings import uploads

MOST_TRIES = 3  # a file that ends the worker three times is refused


def check_all(*, at: datetime) -> int:
    """Every paper that waits, the oldest first."""
    waiting = list(Document.objects.to_check().values_list("pk", flat=True)[:50])
    for document_id in waiting:
        check(document_id, at=at)
    return len(waiting)


def check(document_id: int, *, at: datetime) -> Document:
    """Outside a transaction: opening a file may take long. Two workers at once end with one result."""
    Document.objects.filter(pk=document_id).update(attempts=F("attempts") + 1)
    paper = Document.objects.get(pk=document_id)
    if paper.status != Document.Status.CHECKING:
        return paper
    if paper.attempts > MOST_TRIES:
        return settle_document(document_id, refusal="upload_cannot_be_opened", at=at)
    came_as = paper.received.name or ""
    try:
        with default_storage.open(came_as) as file:
            fresh = uploads.written_anew(file.read(), paper.content_type)
    except (NotAllowed, FileNotFoundError) as trouble:
        code = trouble.reasons[0].code if isinstance(trouble, NotAllowed) else "upload_cannot_be_opened"
        settled = settle_document(document_id, refusal=code, at=at)
    else:
        settled = settle_document(document_id, path=uploads.store(fresh), size=len(fresh), at=at)
    default_storage.delete(came_as)
    return settled
