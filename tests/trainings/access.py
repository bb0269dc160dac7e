"""Who may open what: rows for the table in tests/test_access.py. Every spot here is a stranger's."""

from datetime import date, timedelta

from employment.models import Provider
from tests.trainings.factories import ALLOCATION, NOON, person, session, spot
from trainings import workflow
from trainings.answer_links import offer_token
from trainings.models import Invitation, Watch
from trainings.uploads import store
from trainings.watch_links import watch_token
from trainings.workflow.watches import Wish

PUBLIC = {"anonymous": 200, "applicant": 200}
SIGNED_IN = {"anonymous": 302, "applicant": 200}
NOT_MINE = {"anonymous": 302, "applicant": 404}
NOT_MY_CLASS = {**NOT_MINE, "superuser": 404}
DESK = {"anonymous": 302, "applicant": 403, "desk": 200, "training_staff": 200, "place_staff": 200}
OFFICE = {"anonymous": 302, "applicant": 403, "desk": 403, "place_staff": 403, "training_staff": 200}
OFFICE_PRESS = {"anonymous": 302, "applicant": 403, "training_staff": 302}


def any_session():
    return {"reference": session().reference}


def open_course():
    return {"reference": session("cpss_supervisor", last=None).reference}


def open_course_for_somebody():
    return {"person_reference": person().reference, **open_course()}


def somebodys_spot():
    return {"reference": spot(session()).reference}


def spot_of_somebody():
    one = spot(session())
    return {"person_reference": one.person.reference, "reference": one.reference}


def a_make_up():
    return {**somebodys_spot(), "number": 1}


def a_make_up_of_somebody():
    return {**spot_of_somebody(), "number": 1}


def offer():
    return {"token": offer_token(spot(session()))}


def spot_in_class():
    one = spot(session())
    return {"reference": one.session.reference, "registration": one.reference}


def a_spot_of(where):
    one = spot(where)
    return {"reference": where.reference, "registration": one.reference, "kind": "time"}


def an_exception():
    return a_spot_of(session())


def a_block():
    where = session()
    place = Provider.objects.create(kind="community_center", name="Delta Care", certified_from=date(2020, 1, 1))
    made = workflow.make_block(where.pk, place.pk, count=1, until_on=date(2027, 8, 20), by=person(), at=NOON)
    return {"reference": where.reference, "block": made.reference}


def a_run():
    where = session()
    spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    return {"reference": where.reference, "allocation": where.allocations.get().pk}


def an_invitation():
    where, officer = session(), person()
    place = Provider.objects.create(kind="community_center", name="Delta Care", certified_from=date(2020, 1, 1))
    asked = Invitation.objects.create(
        session=where, provider=place, name="New Hire", email="new@example.org", by=officer, made_at=NOON
    )
    return {"token": workflow.invitation_token(asked)}


def somebodys_invitation():
    an_invitation()
    return {"reference": Invitation.objects.latest("pk").reference}


def open_watch():
    who = person()
    workflow.watch(Wish(), person=who, by=who, at=NOON)
    return {"token": watch_token(Watch.objects.get(person=who))}


def somebody():
    return {"person_reference": person().reference}


def open_calendar():
    who = person()
    return {"token": workflow.open_calendar(who, by=who, at=NOON).token}


def course_with_a_flyer():
    course = session().course
    course.flyer = store(b"%PDF-1.7", "flyers", ".pdf")
    course.save()
    return {"code": course.code}


def a_half_day():
    return {**any_session(), "number": 1}


def a_list():
    one = session()
    raw = b"Name,Join Time,Leave Time\nAda,09/13/2027 09:00 AM,09/13/2027 10:00 AM\n"
    taken = workflow.take_list(one.pk, raw, name="list.csv", by=person(), at=NOON)
    return {"reference": one.reference, "number": taken.pk}


def a_sitting():
    one, plan = session(), {"kind": "paper", "where": "Room 5", "minutes": 90}
    planned = workflow.plan_sitting(
        one.pk, workflow.SittingPlan(starts_at=one.ends_at + timedelta(days=3), **plan), by=person(), at=NOON
    )
    return {"reference": planned.reference}


def a_score():
    where = session()
    mine = spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.record_exam(mine.pk, 40, taken_on=where.ends_on, by=person(), at=where.ends_at)
    return {"reference": where.reference, "registration": mine.reference, "number": 1}


def booked_at_a_sitting():
    return {**a_sitting(), "registration": "RG-1"}


SENT_ON = {**DESK, "desk": 302, "training_staff": 302, "place_staff": 302}


def somebody_on_a_team():
    where = session()
    return {
        "reference": where.reference,
        "member": workflow.join_team(where.pk, person().pk, "facilitator", by=person(), at=NOON).pk,
    }


def a_class():
    """Somebody leads it; nobody of the table does."""
    return {"reference": somebody_on_a_team()["reference"]}


def half_day_of_a_class():
    return {**a_class(), "number": 1}


OFFICE_PAGES = ("session", "change", "decide", "cancel", "attendance", "sheet", "exam", "finish", "calls", "blocks")

OWN_PAGES = ("registration", "answer", "withdraw", "change_date", "pause")

ROWS = [
    ("trainings:list", dict, PUBLIC),
    ("trainings:calendar_file", dict, PUBLIC),
    ("trainings:course", lambda: {"code": "peer-bridger"}, PUBLIC),
    ("trainings:flyer", course_with_a_flyer, PUBLIC),
    ("trainings:session", any_session, PUBLIC),
    ("trainings:session_file", any_session, PUBLIC),
    ("trainings:offer", offer, PUBLIC),
    ("trainings:tell_me", dict, PUBLIC),
    ("trainings:watch", open_watch, PUBLIC),
    ("trainings:watches", dict, SIGNED_IN),
    ("trainings:own_calendar", dict, SIGNED_IN),
    ("trainings:own_calendar_file", open_calendar, PUBLIC),
    ("trainings:watches", somebody, DESK),
    ("trainings:sign_up", open_course, SIGNED_IN),
    ("trainings:sign_up", open_course_for_somebody, DESK),
    *((f"trainings:{name}", somebodys_spot, NOT_MINE) for name in OWN_PAGES),
    *((f"trainings:{name}", spot_of_somebody, DESK) for name in OWN_PAGES),
    ("trainings:make_up", somebodys_spot, NOT_MINE),
    ("trainings:make_up", spot_of_somebody, SENT_ON),
    ("trainings:join_make_up", a_make_up, NOT_MINE),
    ("trainings:join_make_up", a_make_up_of_somebody, {**DESK, "desk": 404, "training_staff": 404, "place_staff": 404}),
    ("trainings:join", somebodys_spot, NOT_MINE),
    ("trainings:join", spot_of_somebody, SENT_ON),
    ("trainings:invitation", an_invitation, PUBLIC),
    ("trainings:new_hires", dict, SIGNED_IN),
    ("trainings:take_back_invitation", somebodys_invitation, NOT_MINE),
    ("trainings:late_form", open_course_for_somebody, OFFICE),
    ("trainings:desk_exception", an_exception, OFFICE),
    ("trainings:desk_replay", a_run, OFFICE),
    ("trainings:desk_release", a_block, OFFICE_PRESS),
    ("trainings:desk", dict, OFFICE),
    ("trainings:desk_registrations", dict, OFFICE),
    ("trainings:desk_new", dict, OFFICE),
    ("trainings:desk_outages", dict, OFFICE),
    ("trainings:desk_courses", dict, OFFICE),
    ("trainings:desk_course", lambda: {"code": "peer-bridger"}, OFFICE),
    ("trainings:desk_year", dict, OFFICE),
    ("trainings:desk_drafts", dict, OFFICE),
    *((f"trainings:desk_{name}", any_session, OFFICE) for name in OFFICE_PAGES),
    *((f"trainings:desk_{name}", any_session, OFFICE_PRESS) for name in ("publish", "allocate")),
    ("trainings:desk_end_early", spot_in_class, OFFICE_PRESS),
    ("trainings:desk_open_make_up", spot_in_class, OFFICE_PRESS),
    *(
        (f"trainings:desk_{name}", any_session, OFFICE)
        for name in ("roster", "roster_pdf", "roster_workbook", "printout")
    ),
    ("trainings:desk_half_day", a_half_day, OFFICE),
    ("trainings:classes", dict, SIGNED_IN),
    *((f"trainings:class_{name}", a_class, NOT_MY_CLASS) for name in ("session", "attendance", "sheet", "printout")),
    ("trainings:class_half_day", half_day_of_a_class, NOT_MY_CLASS),
    ("trainings:desk_team", any_session, OFFICE),
    ("trainings:desk_leave_team", somebody_on_a_team, OFFICE_PRESS),
    ("trainings:desk_lists", any_session, OFFICE),
    ("trainings:desk_match", a_list, OFFICE),
    ("trainings:desk_plan_sitting", any_session, OFFICE),
    ("trainings:desk_correct_score", a_score, OFFICE),
    ("trainings:desk_sitting", a_sitting, OFFICE),
    ("trainings:desk_book", a_sitting, OFFICE_PRESS),
    ("trainings:desk_give_back", booked_at_a_sitting, OFFICE_PRESS),
]
