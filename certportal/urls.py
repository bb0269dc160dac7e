"""The pages that span rooms; below them one include per app, each with its full addresses."""

from django.contrib import admin
from django.urls import include, path

from accounts.desk import both
from certportal import arrange, health, helper, home, landing, me, privacy, profile
from certportal.staff import people, person, queue

handler500 = "certportal.health.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/landing/", landing.landing, name="landing"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    # /me/
    path("me/", me.me, name="me"),
    path("me/privacy/", privacy.openings, name="openings"),
    *both("profile/", profile.profile, name="profile", mine="me/"),
    *both("profile/access/", profile.access, name="access", mine="me/"),
    *both("profile/<slug:part>/", profile.profile_part, name="profile_part", mine="me/"),
    *both("helper/", helper.mine, name="helper", mine="me/"),
    path("helpers/<str:token>/", helper.by_link, name="helper_link"),
    # /staff/
    path("staff/", queue.queue, name="staff"),
    path("staff/people/", people.people, name="people"),
    path("staff/people/new/", profile.new_person, name="new_person"),
    path("staff/people/<str:reference>/", person.person, name="person"),
    path("staff/people/<str:reference>/arrange/", arrange.arrange, name="arrange_access"),
    # the rooms
    path("", include("programs.urls")),
    path("", include("trainings.urls")),
    path("", include("employment.urls")),
    path("", include("applicants.urls")),
    path("", include("certification.urls")),
    path("", include("notifications.urls")),
]
