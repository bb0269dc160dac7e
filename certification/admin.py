"""The office's reference data of this room: who sits on the Board. Everything that was decided is only shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.fields import DayField
from accounts.models import User
from audit.admin import HistoryAdmin
from audit.reasons import NotAllowed
from certification.models import (
    BoardMember,
    CertificationApplication,
    Credential,
    Decision,
    Document,
    Meeting,
    Payment,
    Recommendation,
)
from certification.workflow import end_term, seat_member


class OnlyShown(admin.ModelAdmin):
    """Changes go through the workflow; here one looks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(CertificationApplication)
class ApplicationAdmin(OnlyShown):
    list_display = ("reference", "person", "designation", "status", "received_at")
    list_filter = ("status", "designation")
    search_fields = ("reference",)


class TermForm(forms.ModelForm):
    """A term begins, or its end is written down. The workflow does it, and what it refuses stands on the form."""

    by: User  # set by the admin, per request

    class Meta:
        model = BoardMember
        fields = ("person", "seat", "is_chair", "starts_on", "ends_on")
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "person" in self.fields:
            members = User.objects.filter(groups__permissions__codename="serve_on_board", is_active=True)
            self.fields["person"].queryset = members.exclude(pk=self.by.pk).distinct()  # type: ignore[attr-defined]
            self.fields["person"].help_text = _("People with a sign-in for the Board.")
        if self.instance.pk:
            self.fields["ends_on"].required = True

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        starts_on, ends_on = typed.get("starts_on") or self.instance.starts_on, typed.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("This is the first day without. It has to come after the first day with."))
        return typed

    def _post_clean(self) -> None:
        if self.errors:
            return
        typed, now = self.cleaned_data, timezone.now()
        try:
            if self.instance.pk:
                self.instance = end_term(self.instance.pk, ends_on=typed["ends_on"], by=self.by, at=now)
            else:
                facts = {name: typed[name] for name in ("seat", "is_chair", "starts_on", "ends_on")}
                self.instance = seat_member(typed["person"].pk, **facts, by=self.by, at=now)
        except NotAllowed as refusal:
            self.add_error(None, refusal.messages)

    def save(self, commit: bool = True) -> BoardMember:
        self.save_m2m = lambda: None  # type: ignore[method-assign]  # the admin calls it; nothing hangs on a term
        return self.instance


@admin.register(BoardMember)
class BoardMemberAdmin(HistoryAdmin):
    """Who sits on the Board. A term is begun and ended here by whoever keeps reference data, never rewritten."""

    form = TermForm
    list_display = ("seat", "person", "is_chair", "starts_on", "ends_on")
    list_select_related = ("person",)
    ordering = ("seat", "-starts_on")

    def _may(self, request: HttpRequest) -> bool:
        return request.user.has_perm("programs.keep_reference_data")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: BoardMember | None = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: BoardMember | None = None) -> bool:
        return self._may(request) and (obj is None or obj.person_id != request.user.pk)

    def get_readonly_fields(self, request: HttpRequest, obj: BoardMember | None = None) -> tuple[str, ...]:
        return ("person", "seat", "is_chair", "starts_on") if obj else ()

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        setattr(form, "by", request.user)  # noqa: B010  (the class is made anew for each request)
        return form

    def save_model(self, request: HttpRequest, obj: BoardMember, form: Any, change: bool) -> None:
        """The form's workflow has done it, and has written the history."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """See `save_model`."""

    log_change = log_addition


@admin.register(Meeting)
class MeetingAdmin(OnlyShown):
    list_display = ("reference", "meets_at", "packet_deadline_at", "status")


@admin.register(Credential)
class CredentialAdmin(OnlyShown):
    list_display = ("number", "name_as_printed", "designation_title", "issued_on", "expires_on", "status")
    search_fields = ("number", "family_name_as_printed")


@admin.register(Document)
class DocumentAdmin(OnlyShown):
    list_display = ("reference", "kind", "person", "status", "owed_at", "done_at", "problem")
    list_filter = ("status", "kind")
    exclude = ("context", "check_code", "file")


@admin.register(Payment)
class PaymentAdmin(OnlyShown):
    list_display = ("application", "fee", "cents", "received_on", "method", "came_back_on")


admin.site.register([Recommendation, Decision], OnlyShown)
