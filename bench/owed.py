"""What it costs that a process takes what is owed for itself alone, and may die with it."""

from datetime import UTC, datetime

from django.db import transaction

from audit.owed import Owed
from bench.benchmark import Benchmark
from notifications.models import Message

NOON = datetime(2027, 3, 3, 18, tzinfo=UTC)
BATCH = 100


class ClaimingOwedRows(Benchmark):
    name = "owed rows: claim() in batches of 100"
    control_name = "plain select and update"
    size, size_quick = 2000, 200

    def prepare(self, size: int) -> None:
        Message.objects.all().delete()
        Message.objects.bulk_create(
            Message(key=f"bench:{number}", kind="bench", to_address="bench@example.org", due_at=NOON, created_at=NOON)
            for number in range(size)
        )

    def subject(self) -> None:
        while Message.objects.claim(at=NOON, limit=BATCH):
            pass

    def control(self) -> None:
        """Two processes doing this would take the same rows."""
        owed = Message.objects.filter(status=Owed.Status.OWED, due_at__lte=NOON).order_by("due_at", "pk")
        while rows := list(owed[:BATCH]):
            with transaction.atomic():
                Message.objects.filter(pk__in=[row.pk for row in rows]).update(
                    status=Owed.Status.CLAIMED, claimed_at=NOON
                )
