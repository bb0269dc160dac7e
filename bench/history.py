"""What it costs that every change writes history and tells whoever subscribed."""

from datetime import UTC, datetime

from django.db import transaction

from accounts.models import User
from audit.models import Entry
from audit.trail import record
from bench.benchmark import Benchmark

NOON = datetime(2027, 3, 3, 18, tzinfo=UTC)


class WritingHistory(Benchmark):
    name = "history: record() in one transaction"
    control_name = "bare bulk insert"
    size, size_quick = 2000, 200

    def prepare(self, size: int) -> None:
        person = User.objects.filter(sign_in_name="bench").first() or User.objects.create_user(sign_in_name="bench")
        self.entries = [
            Entry.of("bench.happened", person, by=person, at=NOON, about=person, number=number)
            for number in range(size)
        ]

    @transaction.atomic
    def subject(self) -> None:
        record(*self.entries)

    @transaction.atomic
    def control(self) -> None:
        Entry.objects.bulk_create(self.entries)
