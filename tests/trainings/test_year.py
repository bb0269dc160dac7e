"""A year is planned from another: same weekdays, all or nothing, once; then its drafts go on the calendar."""

from datetime import date, datetime, time, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.urls import reverse

from audit.models import Entry
from audit.reasons import NotAllowed
from notifications.models import Message
from programs.calendar import local_moment
from tests.trainings.factories import NOON, person, plan, session
from tests.trainings.test_races import at_once
from trainings import workflow
from trainings.models import TrainingSession
from trainings.workflow.year import copies_of, sessions_in

pytestmark = pytest.mark.django_db
CENTRAL = ZoneInfo("America/Chicago")
AUTUMN = datetime(2027, 12, 1, 12, tzinfo=CENTRAL)
PUBLIC = ("session", "session_file")
ADDRESS = "/staff/trainings/year/?from=2027&to=2028"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AUTUMN, tick=False) as traveller:
        yield traveller


def last_year():
    """Two sessions of 2027, planned in their time."""
    return [
        session(minimum=2, go_on=date(2027, 9, 7)),
        session("components_1", first=date(2027, 8, 20), last=date(2027, 8, 20)),
    ]


def typed(page, **changes):
    """What a browser sends of the rows as they were shown."""
    rows = [row for row in page.context["rows"] if not row.copy]
    sent = {}
    for row in rows:
        for name in row.fields:
            value = row[name].value()
            if name != "copy_it":
                sent[row.add_prefix(name)] = value.isoformat()
            elif value:
                sent[row.add_prefix(name)] = "on"
    return {**sent, **changes}


def made():
    return TrainingSession.objects.exclude(copied_from=None).order_by("starts_at")


def test_each_session_is_proposed_on_the_same_weekdays_with_its_days_moved_alike(office):
    big, _small = last_year()

    page = office.get(ADDRESS)
    office.post(ADDRESS, typed(page))

    copy = made().get(copied_from=big)
    days = (copy.starts_on - big.starts_on).days
    assert (days, days % 7) == (364, 0)
    assert copy.status == "draft" and copy.meeting_link == ""
    names = ("registration_closes_on", "documents_close_on", "allocation_on", "last_offer_on", "go_on")
    assert {(getattr(copy, name) - getattr(big, name)).days for name in names} == {364}
    halves = [one.starts_at.astimezone(CENTRAL).time() for one in copy.half_days.all()]
    assert halves == [time(9), time(13)] * 5
    assert copy.seats.count() == big.capacity


def test_pressed_twice_nothing_is_made_twice_and_the_year_is_shown_as_copied(office):
    last_year()
    form = typed(office.get(ADDRESS))

    for _press in range(2):
        office.post(ADDRESS, form)
    page = office.get(ADDRESS).content.decode()

    assert made().count() == 2
    assert page.count("Already copied:") == 2 and "Every session of this year is copied." in page


def test_a_row_that_is_not_ticked_is_left_out_whatever_stands_in_it(office):
    big, small = last_year()
    form = typed(office.get(ADDRESS))
    del form[f"{small.reference}-copy_it"]
    form[f"{small.reference}-closes_on"] = "nonsense"

    office.post(ADDRESS, form)

    assert [one.copied_from for one in made()] == [big]


def test_one_wrong_row_saves_nothing_says_so_beside_it_and_keeps_what_was_typed(office):
    big, small = last_year()
    form = typed(
        office.get(ADDRESS), **{f"{big.reference}-closes_on": "2028-09-20", f"{small.reference}-opens_on": "2028-03-01"}
    )

    page = office.post(ADDRESS, form).content.decode()

    assert made().count() == 0
    assert "The last day to apply has to be before class starts on Monday, September 11, 2028." in page
    assert 'value="2028-09-20"' in page and 'value="2028-03-01"' in page


def test_a_draft_put_away_leaves_no_public_trace_tells_nobody_and_may_be_copied_again(office):
    big, small = last_year()
    office.post(ADDRESS, typed(office.get(ADDRESS)))
    copy, kept = made().get(copied_from=big), made().get(copied_from=small)
    workflow.publish(kept.pk, by=office.staff, at=AUTUMN)
    workflow.cancel(kept.pk, because="The room is closed.", by=office.staff, at=AUTUMN)
    said = Message.objects.count()

    for _press in range(2):
        sure = {"because": "Not that week.", "sure": "yes"}
        done = office.post(reverse("trainings:desk_cancel", args=[copy.reference]), sure, follow=True).content.decode()

    everything = [reverse("trainings:list"), reverse("trainings:calendar_file")]
    public = "".join(office.get(address).content.decode() for address in everything)
    assert copy.reference not in public and kept.reference in public
    assert [office.get(reverse(f"trainings:{one}", args=[copy.reference])).status_code for one in PUBLIC] == [404, 404]
    assert "Draft not used" in done and Message.objects.count() == said
    assert copies_of([big, small], 2028) == {}
    assert list(sessions_in(2028)) == [kept]
    assert Entry.objects.of(copy).filter(event="trainings.session_discarded").count() == 1


def test_the_workflow_saves_all_or_nothing():
    big, small = last_year()
    good, bad = plan(first=date(2028, 9, 11)), plan(first=date(2028, 8, 18), capacity=0)

    with pytest.raises(NotAllowed, match="session_without_seats"):
        workflow.copy_year({big.pk: good, small.pk: bad}, year=2028, by=person(), at=AUTUMN)

    assert made().count() == 0


def test_a_day_that_looks_wrong_is_named_with_its_weekday_and_the_closest_working_day(office):
    session(first=date(2027, 9, 7), last=date(2027, 9, 9))  # the same weekdays in 2028 begin the day after Labor Day
    odd = session(first=date(2027, 7, 6), last=date(2027, 7, 6))

    page = office.get(ADDRESS).content.decode()

    assert "There is class on Tuesday, July 4, 2028. That is Independence Day." in page
    assert "The closest working day is Monday, July 3, 2028." in page
    assert odd.course.title in page


def test_class_moves_as_a_whole_with_the_first_day_that_was_typed(office):
    big, _small = last_year()
    form = typed(office.get(ADDRESS), **{f"{big.reference}-first_day": "2028-09-18"})

    office.post(ADDRESS, form)

    copy = made().get(copied_from=big)
    assert (copy.starts_on, copy.ends_on) == (date(2028, 9, 18), date(2028, 9, 22))
    assert copy.registration_closes_on == date(2028, 8, 18)  # as it was shown


def test_a_cancelled_session_is_shown_and_not_ticked(office):
    big, _small = last_year()
    TrainingSession.objects.filter(pk=big.pk).update(status="cancelled", cancelled_because="x")

    page = office.get(ADDRESS)

    assert f"{big.reference}-copy_it" not in typed(page)
    assert "It was cancelled then, so it is not ticked." in page.content.decode()


def test_nothing_ticked_asks_for_one(office):
    last_year()

    page = office.post(ADDRESS, {}).content.decode()

    assert "Tick at least one session." in page


@pytest.mark.parametrize("query", ["", "?from=1999&to=2028", "?from=2027&to=2099", "?from=x&to=y"])
def test_an_address_that_names_no_year_shows_the_choice(office, query):
    last_year()

    page = office.get(f"/staff/trainings/year/{query}")

    assert page.status_code == 200 and page.context["rows"] == []


def test_the_page_takes_as_many_statements_for_ten_sessions_as_for_two(office, django_assert_num_queries):
    last_year()
    office.get(ADDRESS)
    with django_assert_num_queries(12, exact=False) as few:
        office.get(ADDRESS)
    for week in range(8):
        session(first=date(2027, 9, 20) + timedelta(weeks=week))

    with django_assert_num_queries(len(few.captured_queries)):
        office.get(ADDRESS)


# -- Drafts ------------------------------------------------------------------------------------------------


def test_chosen_drafts_go_on_the_calendar_and_the_skipped_are_named(office, clock):
    staff = office.staff
    ahead = workflow.plan_session(plan(first=date(2028, 9, 11)), by=staff, at=AUTUMN)
    past = workflow.plan_session(plan(), by=staff, at=NOON)
    left = workflow.plan_session(plan(first=date(2028, 10, 16)), by=staff, at=AUTUMN)
    there = session(first=date(2028, 11, 13))
    address = reverse("trainings:desk_drafts")

    page = office.post(
        address, {"draft": [ahead.reference, past.reference, there.reference, "TS-NONE"]}, follow=True
    ).content.decode()

    assert "1 session is on the calendar." in page
    assert f"({past.reference}). This training has begun." in page
    assert f"({there.reference}). This is not possible now." in page
    states = {one.pk: one.status for one in TrainingSession.objects.all()}
    assert (states[ahead.pk], states[past.pk], states[left.pk]) == ("published", "draft", "draft")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("pack")
def test_two_staff_who_press_at_once_make_each_session_once():
    sources = last_year()
    plans = {one.pk: plan(first=one.starts_on + timedelta(days=364)) for one in sources}
    first, second = person(), person()

    counts = at_once(
        *(lambda by=by: len(workflow.copy_year(plans, year=2028, by=by, at=AUTUMN)) for by in (first, second))
    )

    assert sorted(counts) == [0, 2]
    assert set(copies_of(list(sessions_in(2027)), 2028)) == {one.pk for one in sources}
    assert local_moment(date(2028, 1, 1), time()) < made().first().starts_at


def test_drafts_cancelled_in_earlier_days_are_put_away_too_and_real_cancellations_stay():
    staff = person()
    seen, draft = session(), workflow.plan_session(plan(), by=staff, at=NOON)
    workflow.cancel(seen.pk, because="x", by=staff, at=NOON)
    TrainingSession.objects.filter(pk=draft.pk).update(status="cancelled")

    import_module("trainings.migrations.0012_a_draft_put_away_is_not_cancelled").put_away(apps, None)

    statuses = {one.pk: one.status for one in TrainingSession.objects.all()}
    assert statuses == {seen.pk: "cancelled", draft.pk: "discarded"}


def test_the_second_of_two_tabs_hears_that_all_were_copied_before(office):
    last_year()
    page = office.get(ADDRESS)
    sent = typed(page)
    office.post(ADDRESS, sent)

    again = office.post(ADDRESS, sent, follow=True).content.decode()

    assert "Nothing to do: all of them were copied before." in again
    assert "Tick at least one session." not in again
    assert made().count() == 2


def test_the_summary_of_a_year_names_the_session_of_each_refusal(office):
    last_year()
    page = office.get(ADDRESS)
    row = next(one for one in page.context["rows"] if "go_on" in one.fields)
    sent = typed(page, **{row.add_prefix("last_offer_on"): "2027-12-31"})

    refused = office.post(ADDRESS, sent).content.decode()

    summary = refused.split('id="error-summary"')[1].split("</section>")[0]
    assert f"{row.session.course.title}, Sep 13–17" in summary
    assert "Offers cannot end before" in summary
