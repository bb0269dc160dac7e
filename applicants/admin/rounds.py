"""Rounds: written as a draft, opened with their seats, given to readers, ranked, decided, told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.fields import DayField
from applicants import workflow
from applicants.admin.money import money_of
from applicants.models import RubricCriterion, ScholarshipApplication, ScholarshipRound
from applicants.rules import Standing
from applicants.workflow.reviews import ranking
from audit.admin import HistoryAdmin
from audit.reasons import Reason, say
from programs.calendar import local_day

# Once people can read a round, only these change: more money, more seats, a later day.
STILL_OPEN = ("budget_cents", "scholarship_seats", "decides_on")
Choice, Status = ScholarshipApplication.Choice, ScholarshipRound.Status


FIELDS = (
    "title",
    "session",
    "scholarship_seats",
    "covers",
    "budget_cents",
    "award_cents",
    "opens_at",
    "closes_at",
    "decides_on",
    "prompt",
    "min_words",
    "max_words",
    "readers_per_essay",
    "names_hidden",
    "answer_by_days",
    "use_by_months",
)


class RoundForm(forms.ModelForm):
    class Meta:
        model = ScholarshipRound
        fields = FIELDS
        field_classes = {"decides_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opens_at", "closes_at"):
            if name in self.fields:  # the administration shows a moment in two boxes and names neither
                label = self.fields[name].label
                boxes = getattr(self.fields[name].widget, "widgets", [])
                for box, part in zip(boxes, (_("%s: date"), _("%s: time")), strict=False):
                    box.attrs["aria-label"] = part % label

    def clean_budget_cents(self) -> int:
        budget: int = self.cleaned_data["budget_cents"]
        if budget < self.instance.committed_cents:
            raise forms.ValidationError(say(Reason("budget_below_set_aside")))
        return budget

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The round has to close after it opens."))
        least, most = cleaned.get("min_words"), cleaned.get("max_words")
        if least is not None and most is not None and least > most:
            self.add_error("max_words", _("The most words cannot be fewer than the least."))
        return cleaned


class CriterionInline(admin.StackedInline):
    model = RubricCriterion
    extra = 0
    min_num = 1

    def _may(self, request: HttpRequest, obj: ScholarshipRound | None) -> bool:
        return request.user.has_perm("applicants.run_scholarships") and (obj is None or obj.status == Status.DRAFT)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("applicants.run_scholarships")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)


@admin.register(ScholarshipRound)
class ScholarshipRoundAdmin(HistoryAdmin):
    form = RoundForm
    fields = ("reference", "status", "committed_cents", *FIELDS)
    inlines = (CriterionInline,)
    change_form_template = "admin/applicants/scholarshipround/change_form.html"
    list_display = ("reference", "title", "session", "status", "closes_at", "decides_on")
    search_fields = ("reference", "title")
    list_select_related = ("session__course",)
    ordering = ("-closes_at",)
    actions = None

    # -- who

    def _may(self, request: HttpRequest) -> bool:
        return request.user.has_perm("applicants.run_scholarships")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    # -- the form

    def get_readonly_fields(self, request: HttpRequest, obj: ScholarshipRound | None = None) -> tuple[str, ...]:
        shown = ("reference", "status", "committed_cents")
        if obj is None or obj.status == Status.DRAFT:
            return shown
        return (*shown, *(name for name in FIELDS if name not in STILL_OPEN))

    def save_model(self, request: HttpRequest, obj: ScholarshipRound, form: Any, change: bool) -> None:
        """Only what was changed is written: the money set aside may have moved while the form was open."""
        if not change:
            super().save_model(request, obj, form, change)
        elif form.changed_data:
            obj.save(update_fields=form.changed_data)
            workflow.record_round_change(obj.pk, changed=form.changed_data, by=request.user, at=timezone.now())

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """`record_round_change` has written it."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except workflow.NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(request.path)

    # -- verbs

    def get_urls(self) -> list[Any]:
        verbs: dict[str, Callable[..., HttpResponse]] = {
            "open": self.open,
            "assign": self.assign,
            "ranking": self.ranking,
            "stage": self.stage,
            "release": self.release,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"applicants_scholarshipround_{name}")
            for name, view in verbs.items()
        ]
        return [*own, *super().get_urls()]

    def _round(self, request: HttpRequest, pk: int) -> ScholarshipRound:
        if not self._may(request):
            raise PermissionDenied
        return get_object_or_404(ScholarshipRound.objects.select_related("session__course"), pk=pk)

    def _verb(self, request: HttpRequest, change: Callable[[], Any]) -> Any:
        """Only by POST; a refusal is said above the page."""
        if request.method != "POST":
            return None
        try:
            return change()
        except workflow.NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
            return None

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        round_ = self._round(request, pk)
        if self._verb(request, lambda: workflow.open_round(round_.pk, by=request.user, at=timezone.now())):
            messages.success(request, _("The round is open, and its seats are kept."))
        return redirect("admin:applicants_scholarshipround_change", pk)

    def assign(self, request: HttpRequest, pk: int) -> HttpResponse:
        round_ = self._round(request, pk)
        due_on = _day(request.POST.get("due_on", "")) or local_day(timezone.now()) + timedelta(days=7)
        done = self._verb(
            request, lambda: workflow.assign_round(round_.pk, due_on=due_on, by=request.user, at=timezone.now())
        )
        if done:
            given, short = done
            count = len({review.application_id for review in given})
            messages.success(request, ngettext("%d essay given out.", "%d essays given out.", count) % count)
            if short:
                messages.warning(request, _("Not enough readers without a conflict for: %s.") % ", ".join(short))
        return redirect("admin:applicants_scholarshipround_ranking", pk)

    def ranking(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everybody by average, how far apart the readers are, and what is left."""
        round_ = self._round(request, pk)
        rows = [
            _row(number, application, standing, request.user.pk)
            for number, (application, standing) in enumerate(ranking(round_), start=1)
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Ranking: %s") % round_.title,
            "round": round_,
            "rows": rows,
            "choices": Choice.choices,
            "money": money_of(round_),
            "is_reading": round_.status == Status.READING,
            "can_assign": round_.status in (Status.OPEN, Status.READING),
            "staged": sum(row["is_staged"] for row in rows),
            "open": sum(row["is_open"] for row in rows),
        }
        return TemplateResponse(request, "admin/applicants/scholarshipround/ranking.html", context)

    def stage(self, request: HttpRequest, pk: int) -> HttpResponse:
        round_ = self._round(request, pk)
        application = get_object_or_404(round_.applications, reference=request.POST.get("application", ""))
        choice = request.POST.get("choice", "")
        if choice not in Choice.values:
            messages.error(request, _("Choose a decision for %s.") % application.reference)
        elif self._verb(
            request,
            lambda: workflow.stage(
                application.pk,
                choice,
                seen=request.POST.get("seen", ""),
                reason=request.POST.get("reason", "").strip()[:300],
                by=request.user,
                at=timezone.now(),
            ),
        ):
            messages.success(request, _("%s is prepared. Nobody is told yet.") % application.reference)
        return redirect(reverse("admin:applicants_scholarshipround_ranking", args=[pk]) + f"#{application.reference}")

    def release(self, request: HttpRequest, pk: int) -> HttpResponse:
        round_ = self._round(request, pk)
        told = self._verb(request, lambda: workflow.release(round_.pk, by=request.user, at=timezone.now()))
        if told:
            messages.success(request, ngettext("%d person is told.", "%d people are told.", len(told)) % len(told))
        return redirect("admin:applicants_scholarshipround_ranking", pk)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _row(number: int, application: ScholarshipApplication, standing: Standing, officer: int) -> dict[str, Any]:
    """One line; the name only where the round does not hide it."""
    scores = sorted(standing.scores)
    unfiled = sum(1 for review in application.reviews.all() if review.status in ("assigned", "draft"))
    return {
        "number": number,
        "application": application,
        "name": "" if application.round.names_hidden else str(application.person),
        "average": standing.average,
        "scores": [f"{score:.1f}" for score in scores],
        "low": _along(scores[0]) if scores else 0,
        "high": _along(scores[-1]) if scores else 0,
        "span": _along(scores[-1]) - _along(scores[0]) if scores else 0,
        "is_wide": standing.is_wide,
        "unfiled": unfiled,
        "is_open": application.status == ScholarshipApplication.Status.SUBMITTED,
        "is_staged": application.status == ScholarshipApplication.Status.SUBMITTED and bool(application.staged),
        "is_own": application.person_id == officer,
    }


def _along(score: Any) -> int:
    """Where a score from 0 to 4 lies on a line of 120."""
    return 6 + round(float(score) * 27)
