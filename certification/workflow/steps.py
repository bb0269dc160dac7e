"""The table of allowed moves of a file, and the guards every verb begins with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from certification.events import CertificationEvent
from certification.models import ENDS, CertificationApplication, Status

NEXT: dict[str, set[str]] = {  # the whole machine, readable in one look
    Status.DRAFT: {Status.SUBMITTED, Status.WITHDRAWN},
    Status.SUBMITTED: {Status.MISSING, Status.COMPLETE, Status.WITHDRAWN, Status.CLOSED},
    Status.MISSING: {Status.SUBMITTED, Status.MISSING, Status.WITHDRAWN, Status.CLOSED},
    Status.COMPLETE: {Status.ON_AGENDA, Status.SUBMITTED, Status.WITHDRAWN, Status.CLOSED},
    Status.ON_AGENDA: {
        Status.COMPLETE,
        Status.RECOMMENDED,
        Status.ASKS_MORE,
        Status.NOT_RECOMMENDED,
        Status.WITHDRAWN,
    },
    Status.ASKS_MORE: {Status.SUBMITTED, Status.WITHDRAWN, Status.CLOSED},
    Status.RECOMMENDED: {Status.APPROVED, Status.DISAPPROVED, Status.WITHDRAWN},
    Status.NOT_RECOMMENDED: {Status.DISAPPROVED, Status.WITHDRAWN},
    **{end: set() for end in ENDS},
}


def lock(application_id: int) -> CertificationApplication:
    return (
        CertificationApplication.objects.select_related("person")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=application_id)
    )


def require_step(application: CertificationApplication, wanted: str) -> None:
    if wanted not in NEXT[application.status]:
        raise NotAllowed(Reason("file_step"))


def move(application: CertificationApplication, status: str, **dates: Any) -> None:
    """Give a file its next status together with the dates that belong to it."""
    require_step(application, status)
    application.status = status
    for name, value in dates.items():
        setattr(application, name, value)
    application.save(update_fields=["status", *dates])


def told(
    event: CertificationEvent, application: CertificationApplication, *, by: User | None, at: datetime, **facts: Any
) -> Entry:
    """An entry about a file, with what every reader of its history wants to know."""
    return Entry.of(event, application, by=by, at=at, designation=application.designation, **facts)
