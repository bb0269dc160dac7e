"""The one way to write history, and with it to tell the apps above."""

from django.db import connection

from audit.models import Entry
from audit.subscriptions import tell


def record(*entries: Entry) -> None:
    """Write the entries and call whoever subscribed, once each, in the transaction that is open."""
    if not connection.in_atomic_block:
        raise RuntimeError("history is written in the transaction of the change it tells of")
    Entry.objects.bulk_create(entries)
    tell(entries)
