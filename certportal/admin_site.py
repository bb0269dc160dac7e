"""The admin in our dress: its login goes through the portal's own, second factor included."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy

ORDER = ("applicants", "trainings", "employment", "certification", "programs", "accounts", "notifications", "audit")


class PortalAdminSite(AdminSite):
    """The staff's door to reference data and to scholarship review."""

    site_title = gettext_lazy("Portal administration")
    site_header = gettext_lazy("Peer Certification Portal")
    index_title = gettext_lazy("What would you like to work on?")
    enable_nav_sidebar = False

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Signed out: our sign-in page. Signed in without being staff: 403, not a second sign-in."""
        return secure_admin_login(super().login)(request, extra_context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Scholarship review first, then what the office runs, then what it looks up."""
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER))
