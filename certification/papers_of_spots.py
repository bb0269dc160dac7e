"""The papers of one training, for the page of its spot in the room below."""

from __future__ import annotations

from accounts.desk import Desk
from certification.models import Document
from trainings.models import Registration
from trainings.told_above import Papers, has_papers_of_spots


@has_papers_of_spots
def papers_of(spot: Registration, desk: Desk) -> Papers:
    """The certificate of completion, and the one of attendance that is in force: the newest."""
    completion = getattr(spot, "completion", None)
    about = [spot.reference, *([completion.reference] if completion else [])]
    made = Document.objects.filter(person=spot.person_id, subject_reference__in=about)
    kept = made.exclude(status=Document.Status.CANCELLED).order_by("owed_at", "pk")
    newest = {document.kind: document for document in kept}
    return [_row(document, desk) for document in newest.values()]


def _row(document: Document, desk: Desk) -> dict[str, str]:
    url = desk.url("certification:document", reference=document.reference) if document.is_ready else ""
    return {"title": str(document.get_kind_display()), "about": document.subject_reference, "url": url}
