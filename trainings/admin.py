"""Staff's door to the courses. Sessions and spots change on pages of their own; here they can be looked up."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from audit.admin import HistoryAdmin
from trainings import workflow
from trainings.forms.courses import CourseForm
from trainings.models import Course, Registration, TrainingSession


@admin.register(Course)
class CourseAdmin(HistoryAdmin):
    form = CourseForm
    list_display = ("title", "kind", "admission", "seating", "hours")
    search_fields = ("title", "code")

    def has_view_permission(self, request: HttpRequest, obj: Course | None = None) -> bool:
        return request.user.has_perm("programs.keep_reference_data")

    def has_change_permission(self, request: HttpRequest, obj: Course | None = None) -> bool:
        return request.user.has_perm("programs.keep_reference_data")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a course comes from the program's rules when its first session is planned

    def get_readonly_fields(self, request: HttpRequest, obj: Course | None = None) -> tuple[str, ...]:
        return ("code", "kind", "grants", "admission", "seating")

    def save_model(self, request: HttpRequest, obj: Course, form: CourseForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "title" in form.changed_data:
            workflow.tell_calendars(obj, at=timezone.now())


class LookOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("trainings.run_sessions")


@admin.register(TrainingSession)
class SessionAdmin(LookOnly):
    list_display = ("reference", "course", "starts_at", "status", "capacity")
    list_filter = ("status", "course")
    search_fields = ("reference",)


@admin.register(Registration)
class RegistrationAdmin(LookOnly):
    list_display = ("reference", "person", "session", "status", "received_at")
    list_filter = ("status", "course")
    list_select_related = ("person", "session__course")
    search_fields = ("reference", "person__reference")
