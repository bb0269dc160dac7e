"""Addresses of applications, references and scholarships; forms stand twice, for the person and for the office."""

from django.urls import path

from accounts.desk import both
from applicants.views import application, by_link, rows, scholarship, staff

app_name = "applicants"

urlpatterns = [
    # /applications/ and /staff/people/<person>/applications/
    *both("applications/start/<str:session_reference>/", application.start, name="start"),
    *both("applications/<str:reference>/", application.application, name="application"),
    *both("applications/<str:reference>/path/", application.path, name="path"),
    *both("applications/<str:reference>/check/", application.check, name="check"),
    *both("applications/<str:reference>/sent/", application.sent, name="sent"),
    *both("applications/<str:reference>/copy/", application.copy, name="copy"),
    *both("applications/<str:reference>/next-training/", application.use_for_next, name="use_for_next"),
    *both("applications/<str:reference>/take-back/", application.take_back, name="take_back"),
    *both("applications/<str:reference>/hours/", rows.hours, name="hours"),
    *both("applications/<str:reference>/hours/<int:pk>/remove/", rows.hours_remove, name="hours_remove"),
    *both("applications/<str:reference>/documents/", rows.documents, name="documents"),
    *both("applications/<str:reference>/documents/<int:pk>/", rows.document, name="document"),
    *both("applications/<str:reference>/documents/<int:pk>/remove/", rows.document_remove, name="document_remove"),
    *both("applications/<str:reference>/references/", rows.references, name="references"),
    *both("applications/<str:reference>/references/<str:number>/", rows.reference_preview, name="reference_message"),
    *both(
        "applications/<str:reference>/references/<str:number>/take-back/",
        rows.reference_take_back,
        name="reference_take_back",
    ),
    *both("applications/<str:reference>/<slug:part>/", application.part, name="part"),
    # /references/
    path("references/<str:token>/", by_link.reference, name="reference"),
    # /scholarships/ and /staff/people/<person>/scholarships/
    path("scholarships/", scholarship.rounds, name="rounds"),
    path("scholarships/rounds/<str:reference>/", scholarship.round_page, name="round"),
    *both("scholarships/rounds/<str:reference>/start/", scholarship.start, name="scholarship_start"),
    *both("scholarships/<str:reference>/", scholarship.scholarship, name="scholarship"),
    *both("scholarships/<str:reference>/essay/", scholarship.essay, name="essay"),
    *both("scholarships/<str:reference>/essay/autosave/", scholarship.autosave, name="autosave"),
    *both("scholarships/<str:reference>/copies/", scholarship.copies, name="copies"),
    *both("scholarships/<str:reference>/send/", scholarship.essay_send, name="essay_send"),
    *both("scholarships/<str:reference>/take-back/", scholarship.take_back, name="scholarship_take_back"),
    *both("scholarships/<str:reference>/accept/", scholarship.accept, name="award_accept"),
    *both("scholarships/<str:reference>/decline/", scholarship.decline, name="award_decline"),
    # /staff/applications/
    path("staff/applications/", staff.applications, name="staff_applications"),
    path("staff/applications/<str:reference>/", staff.application, name="staff_application"),
    path("staff/applications/<str:reference>/accept/", staff.accept, name="staff_accept"),
    path("staff/applications/<str:reference>/return/", staff.return_to_person, name="staff_return"),
    path("staff/applications/<str:reference>/not-this-time/", staff.not_this_time, name="staff_not_this_time"),
    path("staff/applications/<str:reference>/documents/<int:pk>/", staff.document, name="staff_document"),
    path("staff/applications/<str:reference>/references/<str:number>/", staff.reference_words, name="staff_reference"),
]
