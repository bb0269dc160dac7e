"""Addresses of this room: the calendar, a person's spot, the link in an offer, the office."""

from django.urls import path

from accounts.desk import STAFF_PREFIX, both
from trainings.views import (
    calendars,
    classroom,
    courses,
    desk,
    exam,
    exceptions,
    in_class,
    invitations,
    lists,
    moves,
    offers,
    outages,
    planning,
    public,
    registrations,
    rosters,
    session,
    sign_up,
    spot,
    team,
    watches,
    wording,
    year,
)
from trainings.views.room import two_doors

app_name = "trainings"

urlpatterns = [
    # /trainings/
    path("trainings/", public.calendar, name="list"),
    path("trainings/calendar.ics", calendars.calendar_file, name="calendar_file"),
    path("trainings/tell-me/", watches.tell_me, name="tell_me"),
    path("trainings/courses/<slug:code>/", courses.course, name="course"),
    path("trainings/courses/<slug:code>/flyer/", courses.flyer, name="flyer"),
    path("trainings/<str:reference>/", session.session, name="session"),
    path("trainings/<str:reference>/calendar.ics", calendars.session_file, name="session_file"),
    *both("trainings/<str:reference>/sign-up/", sign_up.sign_up, name="sign_up"),
    # /registrations/
    *both("registrations/<str:reference>/", spot.registration, name="registration"),
    *both("registrations/<str:reference>/answer/", offers.answer, name="answer"),
    *both("registrations/<str:reference>/withdraw/", offers.withdraw, name="withdraw"),
    *both("registrations/<str:reference>/change-date/", moves.change_date, name="change_date"),
    *both("registrations/<str:reference>/pause/", moves.pause, name="pause"),
    *both("registrations/<str:reference>/join/", in_class.join, name="join"),
    *both("registrations/<str:reference>/make-up/", in_class.make_up, name="make_up"),
    *both("registrations/<str:reference>/make-up/<int:number>/join/", in_class.join_make_up, name="join_make_up"),
    # /calendars/ and /me/calendar/
    path("calendars/<str:token>.ics", calendars.own_file, name="own_calendar_file"),
    path("me/calendar/", calendars.mine, name="own_calendar"),
    # /watches/ and /me/watches/
    path("watches/<str:token>/", watches.by_link, name="watch"),
    *both("watches/", watches.mine, name="watches", mine="me/"),
    # /offers/
    path("offers/<str:token>/", offers.offer, name="offer"),
    # /staff/registrations/
    path("staff/registrations/", registrations.registrations, name="desk_registrations"),
    # /staff/outages/
    path("staff/outages/", outages.outages, name="desk_outages"),
    # /invitations/ and the officer's own page
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("supervisor/trainings/", invitations.new_hires, name="new_hires"),
    path("supervisor/trainings/<str:reference>/take-back/", invitations.take_back, name="take_back_invitation"),
    # /staff/people/<person>/
    path(f"{STAFF_PREFIX}trainings/<str:reference>/late-form/", exceptions.late_form, name="late_form"),
    # /me/classes/, and the pages of a class that the office has too
    path("me/classes/", team.my_classes, name="classes"),
    path("me/classes/<str:reference>/", team.my_class, {"is_team": True}, name="class_session"),
    *two_doors("attendance/", classroom.attendance, name="attendance"),
    *two_doors("attendance/<int:number>/", classroom.half_day, name="half_day"),
    *two_doors("sheet/", rosters.sheet, name="sheet"),
    *two_doors("class-list.pdf", rosters.printout, name="printout"),
    # /staff/courses/
    path("staff/courses/", wording.courses, name="desk_courses"),
    path("staff/courses/<slug:code>/", wording.course, name="desk_course"),
    # /staff/trainings/
    path("staff/trainings/", planning.sessions, name="desk"),
    path("staff/trainings/new/", planning.new_session, name="desk_new"),
    path("staff/trainings/year/", year.year, name="desk_year"),
    path("staff/trainings/drafts/", year.drafts, name="desk_drafts"),
    path("staff/trainings/<str:reference>/", desk.session, name="desk_session"),
    path("staff/trainings/<str:reference>/calls/", exceptions.calls, name="desk_calls"),
    path("staff/trainings/<str:reference>/team/", team.team, name="desk_team"),
    path("staff/trainings/<str:reference>/team/<int:member>/leave/", team.leave, name="desk_leave_team"),
    path("staff/trainings/<str:reference>/blocks/", exceptions.blocks, name="desk_blocks"),
    path("staff/trainings/<str:reference>/blocks/<str:block>/release/", exceptions.release_block, name="desk_release"),
    path("staff/trainings/<str:reference>/allocations/<int:allocation>/", exceptions.replay, name="desk_replay"),
    path(
        "staff/trainings/<str:reference>/people/<str:registration>/<slug:kind>/",
        exceptions.exception,
        name="desk_exception",
    ),
    path("staff/trainings/<str:reference>/change/", planning.change_session, name="desk_change"),
    path("staff/trainings/<str:reference>/decide/", planning.decide, name="desk_decide"),
    path("staff/trainings/<str:reference>/publish/", planning.publish, name="desk_publish"),
    path("staff/trainings/<str:reference>/allocate/", desk.allocate, name="desk_allocate"),
    path("staff/trainings/<str:reference>/cancel/", planning.cancel, name="desk_cancel"),
    path("staff/trainings/<str:reference>/roster/", rosters.roster, name="desk_roster"),
    path("staff/trainings/<str:reference>/roster.pdf", rosters.roster_pdf, name="desk_roster_pdf"),
    path("staff/trainings/<str:reference>/roster.xlsx", rosters.roster_workbook, name="desk_roster_workbook"),
    path("staff/trainings/<str:reference>/lists/", lists.lists, name="desk_lists"),
    path("staff/trainings/<str:reference>/lists/<int:number>/", lists.match, name="desk_match"),
    path("staff/trainings/<str:reference>/exam/", exam.exam, name="desk_exam"),
    path("staff/trainings/<str:reference>/exam/plan/", exam.plan_sitting, name="desk_plan_sitting"),
    path(
        "staff/trainings/<str:reference>/exam/<str:registration>/<int:number>/",
        exam.correct,
        name="desk_correct_score",
    ),
    path("staff/trainings/tests/<str:reference>/", exam.sitting, name="desk_sitting"),
    path("staff/trainings/tests/<str:reference>/book/", exam.book, name="desk_book"),
    path("staff/trainings/tests/<str:reference>/give-back/<str:registration>/", exam.give_back, name="desk_give_back"),
    path(
        "staff/trainings/<str:reference>/make-up/<str:registration>/",
        classroom.open_make_up,
        name="desk_open_make_up",
    ),
    path("staff/trainings/<str:reference>/complete/", classroom.finish, name="desk_finish"),
    path("staff/trainings/<str:reference>/complete/<str:registration>/", classroom.end_early, name="desk_end_early"),
]
