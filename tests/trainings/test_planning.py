"""The office plans: what a session says of itself, and how its days, seats and name on the calendar change."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from audit.models import Entry
from programs.calendar import local_moment
from tests.trainings.factories import plan, session, spot, trainer
from trainings import rules
from trainings.events import TrainingEvent
from trainings.forms.sessions import initial_of
from trainings.models import TrainingSession
from trainings.next_steps import work_of
from trainings.workflow.sessions import plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


MORE = {
    "county": "Hinds",
    "host_sites": ("Oak Street Library, Tupelo", "Main Street Center, Biloxi"),
    "who_may_pay": "You, your employer, or a scholarship.",
    "covered": "The manual and lunch.",
    "materials_by": date(2027, 9, 1),
    "data_and_device": "A phone or computer with a camera.",
    "minimum": 2,
    "go_on": date(2027, 9, 7),
}


def typed(where, **changes):
    """What a browser sends back of the form as it was shown."""
    shown = {name: value for name, value in initial_of(plan_of(where)).items() if value is not None}
    shown |= {name: value.strftime("%H:%M") for name, value in shown.items() if isinstance(value, time)}
    shown |= {name: value.isoformat() for name, value in shown.items() if isinstance(value, date)}
    return {**shown, **changes}


def test_everything_one_needs_to_know_is_on_the_public_page(client):
    where = session(**MORE)

    page = client.get(where.get_absolute_url()).content.decode()

    said = [
        "Hinds",
        "Oak Street Library, Tupelo",
        "You, your employer, or a scholarship.",
        "The manual and lunch.",
        "We mail them by Wednesday, September 1, 2027.",
        "A phone or computer with a camera.",
        "We decide if this training takes place. It needs 2 people.",
        "Tuesday, September 7, 2027",
        "It counts for",
        "Training Office",
    ]
    assert [words for words in said if words not in page] == []


def test_the_form_has_its_fields_in_groups_with_a_legend(office):
    page = office.get(reverse("trainings:desk_new")).content.decode()

    legends = ["Training", "Days and hours", "Where", "Seats", "Cost", "Dates before class"]
    assert [one for one in legends if f">{one}</legend>" not in page] == []


def test_nine_minutes_of_class_are_asked_about_beside_the_hour_it_ends(office):
    where = session(**MORE)
    short = typed(where, last_day=where.starts_on.isoformat(), break_starts="", break_ends="", ends="09:09")

    form = office.post(reverse("trainings:desk_change", args=[where.reference]), short).context["form"]

    assert form.errors["ends"] == ["Class lasts 9 minutes in all. The course counts for 40 hours."]
    assert list(form.errors) == ["ends", "looked_at"]


@pytest.mark.parametrize("course", ["cpss", "cpss_supervisor", "components_1"])
def test_what_was_planned_is_shown_again_and_saving_it_unchanged_changes_nothing(office, course):
    where = session(course, **MORE)
    before = TrainingSession.objects.values().get(pk=where.pk)

    sent = typed(where, looked_at="on")  # five days of a course of one: looked at
    page = office.post(reverse("trainings:desk_change", args=[where.reference]), sent, follow=True)

    assert "Nothing is different." in page.content.decode()
    assert TrainingSession.objects.values().get(pk=where.pk) == before


def test_a_smallest_number_needs_its_day_and_fits_the_seats():
    calendar = rules.WorkCalendar()
    codes = [
        [one.code for one in rules.reasons_not_to_plan(plan(**changes), calendar)]
        for changes in (
            {"minimum": 2},
            {"minimum": 9, "go_on": date(2027, 9, 7)},
            {"minimum": 2, "go_on": date(2027, 9, 13)},
            {"minimum": 2, "go_on": date(2027, 9, 7)},
        )
    ]

    assert codes == [["minimum_without_its_day"], ["minimum_over_seats"], ["decided_after_class_begins"], []]


def test_the_office_edits_a_course_in_plain_lines(admin_client):
    course = session().course
    address = reverse("admin:trainings_course_change", args=[course.pk])
    page = admin_client.get(address).content.decode()
    assert "One on each line." in page

    form = {
        "title": course.title,
        "about": course.about,
        "who": course.who,
        "topics": "Listening\n\n Telling your story ",
        "organiser": "The Training Office",
        "sponsors": "A partner",
        "designations": course.designations,
        "hours": "34",
        "may_miss_minutes": "60",
        "care_minutes": "0",
        "has_exam": "on",
    }
    admin_client.post(address, form)

    course.refresh_from_db()
    assert (course.topics, course.sponsors) == (["Listening", "Telling your story"], ["A partner"])


FEW = {"minimum": 2, "go_on": date(2027, 9, 7)}
LOOKED_AT = local_moment(date(2027, 9, 7), time(9))


def decisions(staff, at):
    return [(one.verb, one.detail) for one in work_of(staff, at) if one.verb == "Decide if it runs"]


def test_on_its_day_a_session_with_few_people_waits_for_a_decision():
    where, staff = session(**FEW), trainer()
    spot(where)

    assert decisions(staff, LOOKED_AT - timedelta(days=1)) == []
    assert decisions(staff, LOOKED_AT) == [("Decide if it runs", "1 of 2 people")]
    spot(where)
    assert decisions(staff, LOOKED_AT) == []


def test_it_runs_is_one_press_and_in_the_history(office, clock):
    where = session(**FEW)
    clock.move_to(LOOKED_AT)
    office.force_login(office.staff)
    page = office.get(reverse("trainings:desk_decide", args=[where.reference])).content.decode()
    assert "0 of 2 people are seated or in the ranking" in page and "Cancel this session" in page

    for _press in range(2):
        office.post(reverse("trainings:desk_decide", args=[where.reference]), {"decision": "runs"})

    assert Entry.objects.of(where).filter(event=TrainingEvent.SESSION_RUNS).count() == 1
    assert decisions(office.staff, LOOKED_AT) == []
