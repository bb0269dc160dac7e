"""My reviews: a reader's own essays, one page each, with the rubric beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.stories import open_story
from applicants import rules, workflow
from applicants.admin.money import money_of
from applicants.models import Review, RubricCriterion
from applicants.workflow.reviews import refuse_conflict
from audit.admin import HistoryAdmin

POINTS = range(rules.MOST_POINTS + 1)


@admin.register(Review)
class ReviewAdmin(HistoryAdmin):
    list_display = ("reference", "round", "status", "due_on")
    search_fields = ("application__reference",)
    ordering = ("filed_at", "due_on", "pk")
    actions = None

    @admin.display(description=gettext_lazy("essay"), ordering="application__reference")
    def reference(self, review: Review) -> str:
        return review.application.reference

    @admin.display(description=gettext_lazy("round"))
    def round(self, review: Review) -> str:
        return review.application.round.title

    # -- who

    def _may(self, request: HttpRequest) -> bool:
        return request.user.has_perm("applicants.review_scholarships")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Only what was given to this reader, and never their own matter."""
        return Review.objects.of_reader(request.user).select_related("application__round")

    # -- pages

    def get_urls(self) -> list[Any]:
        conflict = path(
            "<int:pk>/conflict/", self.admin_site.admin_view(self.conflict), name="applicants_review_conflict"
        )
        return [conflict, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("My reviews"), **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        review = self._mine(request, object_id)
        points = _points_of(review)
        note, problems = review.note, []
        if request.method == "POST":
            points, note = _typed_points(request, review), request.POST.get("note", "").strip()
            problems = self._save(request, review, points, note)
            if not problems:
                return redirect(_after(review, request))
        return self._page(request, review, points=points, note=note, problems=problems)

    def _mine(self, request: HttpRequest, pk: Any) -> Review:
        if not self._may(request):
            raise PermissionDenied
        mine = self.get_queryset(request).select_related("application__person", "application__round__session", "reader")
        return get_object_or_404(mine, pk=pk)

    def _save(self, request: HttpRequest, review: Review, points: dict[int, int], note: str) -> list[str]:
        """File or keep the draft; the sentences of a refusal."""
        verb = workflow.file_review if "_file" in request.POST else workflow.save_review
        try:
            verb(review.pk, points=points, note=note, by=request.user, at=timezone.now())
        except workflow.NotAllowed as refusal:
            if verb is workflow.file_review and not review.is_filed:  # the numbers chosen so far are kept
                self._keep(review, points, note, request)
            return refusal.messages
        done = _("Your scores are filed.") if "_file" in request.POST else _("Draft saved.")
        messages.success(request, done)
        return []

    @staticmethod
    def _keep(review: Review, points: dict[int, int], note: str, request: HttpRequest) -> None:
        try:
            workflow.save_review(review.pk, points=points, note=note, by=request.user, at=timezone.now())
        except workflow.NotAllowed:
            return  # what refuses the scores refuses the draft too, and is said already

    def _page(
        self, request: HttpRequest, review: Review, *, points: dict[int, int], note: str, problems: list[str]
    ) -> HttpResponse:
        application = review.application
        text, closed = _essay_words(review, request)
        lines = list(application.round.criteria.all())
        weights = {line.pk: line.weight for line in lines}
        mine = Review.objects.of_reader(request.user).filter(application__round=application.round)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Essay %s") % application.reference,
            "review": review,
            "application": application,
            "round": application.round,
            "writer": "" if application.round.names_hidden else str(application.person),
            "text": text,
            "problems": [*problems, *closed],
            "lines": [_line(line, points.get(line.pk)) for line in lines],
            "note": note,
            "so_far": _so_far(points, weights),
            "left": len([line for line in lines if line.pk not in points]),
            "done": mine.filed().count(),
            "all": mine.count(),
            "others": _others(review, weights),
            "money": money_of(application.round),
        }
        return TemplateResponse(request, "admin/applicants/review/change_form.html", context)

    def conflict(self, request: HttpRequest, pk: int) -> HttpResponse:
        """I know this person: one press, no reason asked."""
        review = self._mine(request, pk)
        if request.method == "POST":
            try:
                workflow.declare_conflict(review.pk, by=request.user, at=timezone.now())
            except workflow.NotAllowed as refusal:
                messages.error(request, " ".join(refusal.messages))
            else:
                messages.success(request, _("Thank you. Someone else reads this essay."))
        return redirect("admin:applicants_review_changelist")


def _essay_words(review: Review, request: HttpRequest) -> tuple[str, list[str]]:
    """The essay, its opening written down first; nothing once the scores are filed."""
    if review.is_filed:
        return "", []
    essay = review.application.essays.select_related("application__person").get(is_other_copy=False)
    try:
        refuse_conflict(review)
        return open_story(essay, by=request.user, purpose="score", at=timezone.now()), []
    except workflow.NotAllowed as refusal:
        return "", refusal.messages


def _points_of(review: Review) -> dict[int, int]:
    return dict(review.scores.values_list("criterion_id", "points"))


def _typed_points(request: HttpRequest, review: Review) -> dict[int, int]:
    """What was chosen; anything that is not one of the numbers counts as not chosen."""
    allowed = {str(points): points for points in POINTS}
    lines = review.application.round.criteria.values_list("pk", flat=True)
    return {line: allowed[chosen] for line in lines if (chosen := request.POST.get(f"line_{line}", "")) in allowed}


def _line(line: RubricCriterion, chosen: int | None) -> dict[str, Any]:
    return {
        "pk": line.pk,
        "name": line.name,
        "weight": line.weight,
        "anchors": line.anchors,
        "choices": [{"points": points, "is_chosen": points == chosen} for points in POINTS],
    }


def _so_far(points: dict[int, int], weights: dict[int, int]) -> str:
    """The weighted score of the lines that have a number."""
    chosen = {line: number for line, number in points.items() if line in weights}
    score = rules.weighted(chosen, {line: weights[line] for line in chosen})
    return "" if score is None else f"{score:.1f}"


def _others(review: Review, weights: dict[int, int]) -> list[str]:
    """Scores of the other readers, only once one's own are filed."""
    if not review.is_filed:
        return []
    others = review.application.reviews.filed().exclude(pk=review.pk).prefetch_related("scores")
    scores = [rules.weighted(_points_of(other), weights) for other in others]
    return [f"{score:.1f}" for score in scores if score is not None]


def _after(review: Review, request: HttpRequest) -> str:
    if "_file" in request.POST:
        return reverse("admin:applicants_review_changelist")
    return reverse("admin:applicants_review_change", args=[review.pk])
