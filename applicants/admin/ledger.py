"""What stands written and is only looked at: awards, movements of money, who asked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from applicants.models import Award, LedgerLine, ScholarshipApplication
from audit.admin import HistoryAdmin
from programs.words import ledger_money


class OfficersView(HistoryAdmin):
    """For the scholarship officer to read; every change has its own page and verb."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("applicants.run_scholarships")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("applicants.run_scholarships")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ScholarshipApplication)
class ScholarshipApplicationAdmin(OfficersView):
    """By number: in a names-hidden round no list, title or search shows a name."""

    list_display = ("reference", "round", "status", "word_count", "received_at")
    list_filter = ("round", "status")
    search_fields = ("reference",)
    ordering = ("-received_at",)
    fields = ("reference", "round", "status", "word_count", "received_at", "staged", "waitlist_rank", "released_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Drafts belong to their writers alone."""
        return ScholarshipApplication.objects.sent().exclude(person=request.user).select_related("round")


@admin.register(Award)
class AwardAdmin(OfficersView):
    list_display = ("reference", "application", "money", "status", "offered_at", "answer_by")
    list_filter = ("status",)
    search_fields = ("reference", "application__reference")
    list_select_related = ("application",)
    ordering = ("-offered_at",)
    fields = ("reference", "application", "money", "status", "offered_at", "answer_by", "answered_at", "use_by")

    @admin.display(description="money")
    def money(self, award: Award) -> str:
        return ledger_money(award.cents)


@admin.register(LedgerLine)
class LedgerLineAdmin(OfficersView):
    list_display = ("at", "round", "award", "kind", "money")
    list_filter = ("round", "kind")
    list_select_related = ("round", "award")
    fields = ("at", "round", "award", "kind", "money")

    @admin.display(description="money")
    def money(self, line: LedgerLine) -> str:
        return ledger_money(line.cents)
