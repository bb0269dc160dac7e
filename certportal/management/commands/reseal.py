"""Seal every private account under the newest of STORY_KEYS, so that older keys can be taken off the list."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.stories import PRIVATE_ACCOUNTS


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        for label in PRIVATE_ACCOUNTS:
            model = apps.get_model(label)
            keys = list(model.objects.exclude(sealed__isnull=True).values_list("pk", flat=True))
            for key in keys:
                self._reseal(model, key)
            self.stdout.write(f"{label}: {len(keys)} sealed under the newest key.")

    @staticmethod
    @transaction.atomic
    def _reseal(model: Any, key: int) -> None:
        story = model.objects.select_for_update().get(pk=key)
        story.reseal()
        story.save(update_fields=["sealed"])
