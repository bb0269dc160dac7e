"""The program administrator's door to the register; jobs and questions are only read here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from audit.admin import HistoryAdmin
from employment import workflow
from employment.models import Job, Officer, Provider, Verification
from employment.workflow.providers import FACTS


class _KeptByStaff(HistoryAdmin):
    """Whoever keeps the register may open these pages; what is not overridden is read only."""

    def _may(self, request: HttpRequest) -> bool:
        return request.user.has_perm("employment.keep_providers")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class OfficersInline(admin.TabularInline):
    model = Officer
    extra = 0
    can_delete = False
    fields = ("name", "email", "phone", "left_on")

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.has_perm("employment.keep_providers")

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Provider)
class ProviderAdmin(_KeptByStaff):
    list_display = ("reference", "name", "region", "kind", "certified_from", "certified_until", "closed_on")
    search_fields = ("reference", "name", "former_name", "region")
    fields = ("reference", *FACTS, "former_name", "renamed_on")
    readonly_fields = ("reference", "former_name", "renamed_on")
    inlines = [OfficersInline]

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request)

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        facts = {name: form.cleaned_data[name] for name in FACTS}
        if change:
            workflow.change_provider(obj.pk, facts, by=request.user, at=timezone.now())
        else:
            obj.pk = workflow.list_provider(facts, by=request.user, at=timezone.now()).pk

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """`list_provider` has written it."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """`change_provider` has written it."""


@admin.register(Job)
class JobAdmin(_KeptByStaff):
    list_display = ("reference", "person", "provider", "position", "hired_on", "ended_on", "status")
    list_filter = ("status",)
    search_fields = ("reference", "person__reference", "provider__name")
    list_select_related = ("person", "provider")


@admin.register(Verification)
class VerificationAdmin(_KeptByStaff):
    list_display = ("reference", "job", "verifier_name", "status", "sent_at", "answered_at", "expires_at")
    list_filter = ("status",)
    search_fields = ("reference", "job__reference", "verifier_name")
    list_select_related = ("job",)
