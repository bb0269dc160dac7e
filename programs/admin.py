"""Staff's door to the rules and pages of the program. A rule is read; a change writes its next version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.admin import HistoryAdmin
from programs import workflow
from programs.forms import NextVersionForm, PageForm
from programs.models import Page, RuleVersion


def _keeper(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the admin let them in
    return request.user


class ReferenceDataAdmin(HistoryAdmin):
    """Only for who keeps reference data. The changes write their own history; rows come from the pack."""

    def _may(self, request: HttpRequest) -> bool:
        return request.user.has_perm("programs.keep_reference_data")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The workflow has written it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing hangs on these rows."""


@admin.register(RuleVersion)
class RuleVersionAdmin(ReferenceDataAdmin):
    form = NextVersionForm
    list_display = ("kind", "code", "version", "starts_on", "ends_on", "evidence_class", "origin")
    list_filter = ("kind", "evidence_class", "origin")
    search_fields = ("kind", "code", "citation_title")
    ordering = ("kind", "code", "-version")
    fields = (
        ("kind", "code", "version"),
        "body",
        ("starts_on", "ends_on"),
        "evidence_class",
        "citation_title",
        "citation_url",
        "reason",
    )
    readonly_fields = ("kind", "code", "version")

    def has_change_permission(self, request: HttpRequest, obj: RuleVersion | None = None) -> bool:
        """Only the newest version of a row has a next one."""
        if obj is None:
            return self._may(request)
        newest = RuleVersion.objects.of(obj.kind, obj.code).latest("version")
        return self._may(request) and newest.pk == obj.pk

    def save_model(self, request: HttpRequest, obj: RuleVersion, form: NextVersionForm, change: bool) -> None:
        reason = form.cleaned_data["reason"]
        row = workflow.change_rule(
            obj.kind, obj.code, form.wording, reason=reason, by=_keeper(request), at=timezone.now()
        )
        self.message_user(request, _("This is version %d now. The one before stays as it was.") % row.version)


@admin.register(Page)
class PageAdmin(ReferenceDataAdmin):
    form = PageForm
    list_display = ("slug", "heading", "changed_at")
    search_fields = ("slug",)

    def get_fields(self, request: HttpRequest, obj: Page | None = None) -> Any:
        return ["slug", *(f"{part}_{code}" for code, _name in settings.LANGUAGES for part in ("title", "body"))]

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        return ("slug",)

    def get_form(self, request: HttpRequest, obj: Page | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The fields are made per language by the form itself, so the factory is not asked for them."""
        return PageForm

    def save_model(self, request: HttpRequest, obj: Page, form: PageForm, change: bool) -> None:
        try:
            workflow.change_page(
                obj.pk, title=form.texts("title"), body=form.texts("body"), by=_keeper(request), at=timezone.now()
            )
        except workflow.NotAllowed as refusal:
            self.message_user(request, " ".join(refusal.messages), level="warning")
