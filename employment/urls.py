"""Addresses of jobs, of the verifier's link, of the supervisor's team and of the provider register."""

from django.urls import path

from accounts.desk import both
from employment.views import jobs, office, team, verify

app_name = "employment"
urlpatterns = [
    # /employment/verify/… (no account; before /employment/<reference>/, which would take the word for a number)
    path("employment/verify/thanks/", verify.thanks, name="thanks"),
    path("employment/verify/<str:token>/", verify.verify, name="verify"),
    path("employment/verify/<str:token>/start/", verify.start, name="start"),
    # /employment/… and the office's twin of each
    *both("employment/", jobs.jobs, name="jobs"),
    *both("employment/new/", jobs.new, name="new"),
    *both("employment/<str:reference>/", jobs.job, name="job"),
    *both("employment/<str:reference>/message/", jobs.message, name="message"),
    *both("employment/<str:reference>/change/", jobs.change, name="change"),
    *both("employment/<str:reference>/verifier/", jobs.verifier, name="verifier"),
    *both("employment/<str:reference>/send-again/", jobs.send_again, name="send_again"),
    *both("employment/<str:reference>/end/", jobs.end, name="end"),
    *both("employment/<str:reference>/take-back/", jobs.take_back, name="take_back"),
    # /supervisor/
    path("supervisor/", team.team, name="team"),
    # /staff/providers/… and /staff/employment/…
    path("staff/providers/", office.providers, name="providers"),
    path("staff/providers/new/", office.new_provider, name="new_provider"),
    path("staff/providers/<str:reference>/", office.provider, name="provider"),
    path("staff/providers/<str:reference>/officers/", office.new_officer, name="new_officer"),
    path("staff/providers/<str:reference>/officers/<int:officer>/left/", office.officer_left, name="officer_left"),
    path("staff/employment/<str:reference>/", office.question, name="question"),
    path("staff/employment/<str:reference>/address/", office.settle_address, name="settle_address"),
]
