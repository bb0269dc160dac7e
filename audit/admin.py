"""The auditor's door to history, and the base of every admin page: what is changed there is history too."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from audit.models import Entry
from audit.trail import record

REFERENCE_DATA_ADDED = "audit.reference_data_added"
REFERENCE_DATA_CHANGED = "audit.reference_data_changed"


class HistoryAdmin(admin.ModelAdmin):
    """Writes our one history in place of Django's log, which would keep names. Nothing is deleted here."""

    actions_selection_counter = True

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(REFERENCE_DATA_ADDED, request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(REFERENCE_DATA_CHANGED, request, obj, message)

    @staticmethod
    def _record(event: str, request: HttpRequest, subject: models.Model, message: Any) -> None:
        changed = [
            name for part in message if isinstance(part, dict) for name in part.get("changed", {}).get("fields", [])
        ]
        with transaction.atomic():
            record(Entry.of(event, subject, by=request.user, at=timezone.now(), changed=changed))


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    """Read, never change."""

    list_display = ("at", "event", "subject_reference", "about", "actor_name")
    list_filter = ("event",)
    search_fields = ("about", "subject_reference", "event")
    date_hierarchy = "at"
    ordering = ("-at", "-id")
    readonly_fields = [field.name for field in Entry._meta.fields]
    list_select_related = ("actor",)
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("audit.read_history")

    def has_view_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return request.user.has_perm("audit.read_history")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False
