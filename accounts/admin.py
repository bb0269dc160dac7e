"""The program administrator's door to people's roles. Facts about a person are changed on their own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.workflow import NotAllowed, change_roles
from audit.admin import HistoryAdmin


@admin.register(User)
class UserAdmin(HistoryAdmin):
    list_display = ("reference", "legal_name", "email", "is_active")
    search_fields = ("reference", "email", "legal_family_name")
    ordering = ("legal_family_name", "legal_given_names")
    fields = ("reference", "legal_name", "email", "groups")
    readonly_fields = ("reference", "legal_name", "email")
    filter_horizontal = ("groups",)

    def _may(self, request: HttpRequest) -> bool:
        return request.user.has_perm("programs.keep_reference_data")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody gives themselves a role."""
        return self._may(request) and obj != request.user

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """The roles are the only thing that changes here, and they change in `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        names = {group.name for group in form.cleaned_data["groups"]}
        try:
            change_roles(form.instance.pk, names, by=request.user, at=timezone.now())
        except NotAllowed as refusal:
            self.message_user(request, " ".join(refusal.messages), level="error")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """`change_roles` has written it."""
