"""Public pages about the program."""

from django.urls import path

from programs import views

app_name = "programs"

PAGES = (
    "documents",
    "jobs",
    "success-stories",
    "community",
    "partners",
    "questions",
    "concerns",
    "elsewhere",
    "accessibility",
    "privacy",
)

urlpatterns = [
    # /peer-support/
    path("peer-support/", views.peer_support, name="peer_support"),
    path("peer-support/<slug:designation>/", views.designation, name="designation"),
    path("readiness/", views.readiness, name="readiness"),
    # pages of words, one per slug
    *(path(f"{slug}/", views.page, {"slug": slug}, name=slug.replace("-", "_")) for slug in PAGES),
]
