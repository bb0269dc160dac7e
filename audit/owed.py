"""Work owed to the outside world (a message, a document): a row that a task claims and a sweep retries.

The row is the truth; a broker only makes it quick. Delivery is at least once, and a second time only if a
process dies between the outside world's yes and our commit.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connection, models, transaction

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=5)
ATTEMPTS = 12


class OwedQuerySet(models.QuerySet[Any]):
    def ready(self, at: datetime) -> Self:
        """Owed now: due and free, or claimed by a process that has not come back."""
        return self.filter(
            models.Q(status=Owed.Status.OWED, due_at__lte=at)
            | models.Q(status=Owed.Status.CLAIMED, claimed_at__lt=at - STALE_AFTER)
        )

    def claim(self, *, at: datetime, limit: int = 100) -> list[Any]:
        """Take up to `limit` ready rows for this process alone. PostgreSQL skips rows others hold;
        SQLite lets one writer in at a time, so nobody else can hold any."""
        with transaction.atomic():
            rows = list(self.ready(at).order_by("due_at", "pk").select_for_update(skip_locked=True)[:limit])
            self.model._default_manager.filter(pk__in=[row.pk for row in rows]).update(
                status=Owed.Status.CLAIMED, claimed_at=at, attempts=models.F("attempts") + 1
            )
        for row in rows:
            row.status, row.claimed_at, row.attempts = Owed.Status.CLAIMED, at, row.attempts + 1
        return rows


class Owed(models.Model):
    class Status(models.TextChoices):
        OWED = "owed", "owed"
        CLAIMED = "claimed", "being done"
        DONE = "done", "done"
        CANCELLED = "cancelled", "no longer needed"
        MISSED = "missed", "missed, too late to be useful"
        STUCK = "stuck", "stopped after too many tries"

    # Built by the kind from what it is about, so that owing the same thing twice adds nothing.
    key = models.CharField(max_length=200, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OWED)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)

    objects = OwedQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["status", "due_at"], name="%(class)s_owed")]

    def put_back(self, *, at: datetime, problem: str) -> None:
        """It did not work this time: try again later, further apart each time, and at a limit show it to staff."""
        self.status = Owed.Status.STUCK if self.attempts >= ATTEMPTS else Owed.Status.OWED
        self.due_at = at + timedelta(minutes=min(2**self.attempts, 60))
        self.claimed_at, self.problem = None, problem[:200]
        self.save(update_fields=["status", "due_at", "claimed_at", "problem"])


def announce(task: Any, **kwargs: Any) -> None:
    """Tell the worker after the commit that rows are waiting, once however many there are. A broker that refuses
    or hangs costs one second at most and nothing else: the sweep finds the rows."""
    call = _Call(task, kwargs)
    within = set(connection.savepoint_ids)
    waiting: list[Any] = connection.run_on_commit
    if not any(known == call and held <= within for held, known, _robust in waiting):
        transaction.on_commit(call, robust=True)


QUIET = 1.0  # seconds
_quiet_until: dict[_Call, float] = {}


class _Call:
    """What is sent once the rows are there; equal to another that says the same.

    In a rush a process says it at once, and then once more at the end of the second: whoever was late is in that.
    """

    def __init__(self, task: Any, kwargs: dict[str, Any]) -> None:
        self.task, self.kwargs = task, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Call) and (self.task.name, self.kwargs) == (other.task.name, other.kwargs)

    def __hash__(self) -> int:
        return hash(self.task.name)

    def __call__(self) -> None:
        now, quiet_until = time.monotonic(), _quiet_until.get(self, 0.0)
        if quiet_until - now > QUIET:
            return  # the one at the end of this second is on its way, and finds these rows too
        wait = max(quiet_until - now, 0.0)
        _quiet_until[self] = now + wait + QUIET
        self._send(countdown=wait or None)

    def _send(self, countdown: float | None) -> None:
        try:
            self.task.apply_async(kwargs=self.kwargs, countdown=countdown, retry=False)
        except Exception as trouble:  # whatever the broker's library raises, the row is safe
            log.warning("broker not reached for %s (%s); the sweep will do it", self.task.name, type(trouble).__name__)
