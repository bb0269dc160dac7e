"""What a plan cannot be is refused, each time beside the field it is about; what has opened stays open."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from audit.reasons import NotAllowed, codes
from employment.models import Provider
from programs.calendar import local_moment
from tests.trainings.factories import CALENDAR, FIRST_DAY, NOON, person, plan, session, spot
from tests.trainings.test_planning import typed
from trainings import rules, workflow
from trainings.days import shifted
from trainings.models import TrainingSession
from trainings.workflow.sessions import plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"documents_close_on": FIRST_DAY}, ["allocated_before_deadline", "papers_after_class_begins"]),
        ({"is_first_come": True, "documents_close_on": FIRST_DAY}, ["papers_after_class_begins"]),
        ({"materials_by": FIRST_DAY}, ["mailed_after_class_begins"]),
        ({"materials_by": FIRST_DAY - timedelta(days=1)}, []),
        ({"last_offer_on": date(2026, 9, 8)}, ["offers_end_too_early"]),
        ({"last_offer_on": date(2027, 8, 24)}, ["offers_end_too_early"]),
        ({"last_offer_on": date(2027, 8, 25)}, []),
        ({"is_first_come": True, "last_offer_on": date(2026, 9, 8)}, ["offers_end_too_early"]),
    ],
)
def test_days_that_cannot_be_are_refused(changes, expected):
    assert codes(rules.reasons_not_to_plan(plan(**changes), CALENDAR)) == expected


def test_no_class_is_planned_that_is_over():
    with pytest.raises(NotAllowed, match="class_day_is_past"):
        workflow.plan_session(plan(first=date(2027, 7, 26)), by=person(), at=NOON)

    assert not TrainingSession.objects.exists()


def test_class_moves_to_no_day_that_is_today_but_to_a_later_hour_of_its_own_day(clock):
    where = session()
    eve = local_moment(FIRST_DAY - timedelta(days=3), time(8))
    closed, given = date(2027, 9, 8), date(2027, 9, 9)
    days = {"registration_closes_on": closed, "documents_close_on": closed, "allocation_on": given}
    today = plan(first=FIRST_DAY - timedelta(days=3), last_offer_on=given, **days)
    later = plan(half_days=rules.half_days(FIRST_DAY, FIRST_DAY, [(time(10), time(16))], CALENDAR))

    with pytest.raises(NotAllowed, match="class_moves_too_near"):
        workflow.change_session(where.pk, today, by=person(), at=eve)
    moved = workflow.change_session(where.pk, later, by=person(), at=local_moment(FIRST_DAY, time(8)))

    assert moved.starts_at == local_moment(FIRST_DAY, time(10))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"break_starts": "13:00", "break_ends": "12:00"}, "break_ends"),
        ({"closes_on": "2027-09-13"}, "closes_on"),
        ({"documents_on": "2027-09-13"}, "documents_on"),
        ({"opens_on": "2027-08-25"}, "opens_on"),
        ({"last_offer_on": "2026-09-08"}, "last_offer_on"),
        ({"materials_by": "2027-09-13"}, "materials_by"),
        ({"minimum": "9", "go_on": "2027-09-07"}, "minimum"),
        ({"allocation_on": "2027-08-22"}, "allocation_on"),
        ({"first_day": "2027-08-01", "last_day": "2027-08-01", "looked_at": "on"}, "first_day"),
    ],
)
@pytest.mark.parametrize("page", ["desk_new", "desk_change"])
def test_a_refusal_stands_beside_its_field(office, page, changes, field):
    where = session()
    address = reverse(f"trainings:{page}", args=[where.reference] if page == "desk_change" else [])

    form = office.post(address, typed(where, **changes)).context["form"]

    assert field in form.errors and "__all__" not in form.errors
    assert TrainingSession.objects.count() == 1


def test_a_day_the_offices_are_closed_is_asked_about_beside_its_field(office):
    where = session()

    form = office.post(reverse("trainings:desk_new"), typed(where, opens_on="2027-07-04")).context["form"]

    assert set(form.errors) == {"opens_on", "looked_at"}
    assert form.errors["opens_on"][0].startswith("Sign-up opens on Sunday, July 4, 2027.")


def test_a_sign_up_that_has_opened_stays_open_when_class_moves(office):
    where = session()
    opened = plan_of(where).opens_at

    form = office.get(reverse("trainings:desk_change", args=[where.reference]) + "?first_day=2028-03-13").context[
        "form"
    ]
    ahead = shifted(plan_of(where), 7, CALENDAR)

    assert form.initial["opens_on"] == date(2027, 3, 17)
    assert (opened, ahead.opens_at) == (where.opens_at, opened + timedelta(days=7))


def test_nobody_is_counted_from_before_sign_up_opened(office):
    where = session()
    mine = spot(where)
    before = mine.received_at
    address = reverse("trainings:desk_exception", args=[where.reference, mine.reference, "time"])

    form = office.post(address, {"day": "2027-03-16", "clock": "09:00", "because": "A paper lay somewhere."}).context[
        "form"
    ]
    mine.refresh_from_db()

    assert form.errors["day"][0].startswith("Sign-up opened on Wednesday, March 17, 2027")
    assert mine.received_at == before


def test_a_time_kept_from_another_date_may_be_older_than_this_sign_up():
    where = session()
    mine = spot(where)
    kept = where.opens_at - timedelta(days=30)
    type(mine).objects.filter(pk=mine.pk).update(received_at=kept)

    counted = workflow.count_from(
        mine.pk, kept + timedelta(days=1), because="It came a day later.", by=person(), at=NOON
    )

    assert counted.received_at == kept + timedelta(days=1)


def test_seats_for_an_employer_are_refused_beside_the_field(office):
    where = session()
    provider = Provider.objects.create(name="Oak House", certified_from=date(2020, 1, 1))
    address = reverse("trainings:desk_blocks", args=[where.reference])

    late = office.post(address, {"provider": provider.pk, "count": "1", "until_on": "2027-12-01"}).context["form"]
    many = office.post(address, {"provider": provider.pk, "count": "9", "until_on": "2027-08-10"}).context["form"]

    assert (set(late.errors), set(many.errors)) == ({"until_on"}, {"count"})


def test_the_done_sentence_says_whether_anybody_was_written_to(office):
    where = session()
    spot(where)
    change = reverse("trainings:desk_change", args=[where.reference])

    quiet = office.post(change, typed(where, covered="Lunch.", sure="1"), follow=True).content.decode()
    where = TrainingSession.objects.get(pk=where.pk)
    told = office.post(change, typed(where, cost="90", sure="1"), follow=True).content.decode()

    assert "Done. Nobody is written to." in quiet
    assert "Done. Everyone who is affected is told once." in told


def test_a_cancelled_session_has_no_form_and_is_told_to_add_nothing(office):
    where = session(meeting_link="")
    workflow.cancel(where.pk, because="The room is gone.", by=person(), at=NOON)

    page = office.get(reverse("trainings:desk_change", args=[where.reference]), follow=True)

    assert page.redirect_chain == [(reverse("trainings:desk_session", args=[where.reference]), 302)]
    assert "This is not possible now" in page.content.decode()
    assert "Add it under Change" not in page.content.decode()


def test_where_an_outage_moved_the_seats_past_the_last_offers_other_things_still_change(office):
    where = session()
    TrainingSession.objects.filter(pk=where.pk).update(allocation_on=date(2027, 9, 9))
    where.refresh_from_db()
    change = reverse("trainings:desk_change", args=[where.reference])

    page = office.post(change, typed(where, covered="Lunch.", sure="1"), follow=True).content.decode()

    assert "Done. Nobody is written to." in page


def test_a_move_into_another_year_says_both_years_and_lists_show_the_year_that_is_not_this_one(office):
    where = session()
    change = reverse("trainings:desk_change", args=[where.reference])

    shown = office.post(change, typed(where, allocation_on="2027-08-26")).content.decode()
    session(first=date(2028, 3, 13))
    listed = office.get(reverse("trainings:desk")).content.decode()

    assert "Wednesday, August 25, 2027" in shown and "Thursday, August 26, 2027" in shown
    assert "Sep 13–17" in listed and "Sep 13–17, 2027" not in listed and "Mar 13–17, 2028" in listed


def test_a_paper_from_before_sign_up_opened_is_refused_beside_its_day(office):
    where, caller = session("components_1"), person()
    came = {"channel": "paper", "came_on": "2027-03-16", "came_at": "09:00"}

    page = office.post(reverse("trainings:sign_up", args=[caller.reference, where.reference]), came)

    assert list(page.context["form"].errors) == ["came_on"]
    assert page.context["form"].errors["came_on"][0].startswith("Sign-up opens on Wednesday, March 17, 2027")
