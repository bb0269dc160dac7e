"""The office is back after its sign-in ran out: what was typed is there, and a button alone leads to its page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import KeptWords
from audit.models import Entry
from tests.trainings.factories import FIRST_DAY, NOON, person, plan, session, spot, trainer
from tests.trainings.test_blocks import officer_of, provider
from tests.trainings.test_classroom import missed_one, sitting_of
from tests.trainings.test_how_it_came import offered
from tests.trainings.test_team import team_of
from tests.trainings.test_workflow import in_class
from trainings import workflow
from trainings.models import Attendance, ExamBooking, Registration, TrainingSession, Watch

pytestmark = pytest.mark.django_db
BACK = "This is what you wrote before you were signed out. Press the button to keep it."


@pytest.fixture
def office(client, clock):
    client.staff = trainer()
    return client


def url(name, *args):
    return reverse(f"trainings:{name}", args=args)


def idle_and_back(clock, client, address, sent):
    """Signed in, away for too long, a press, and signed in again: the page they come back to."""
    client.force_login(client.staff)
    client.get(url("desk"))
    clock.shift(timedelta(minutes=21))
    led_to = client.post(address, sent)
    assert led_to.url.startswith(reverse("account_login"))
    client.force_login(client.staff)
    return client.get(address, follow=True).content.decode()


def test_the_trainers_marks_are_there_again_and_are_saved_by_the_next_press(office, clock):
    where, [mine] = in_class()
    clock.move_to(where.ends_at)
    tick = f"there-{where.half_days.all()[0].pk}-{mine.pk}"

    shown = idle_and_back(clock, office, url("desk_attendance", where.reference), {tick: "on"})
    before = Attendance.objects.count()
    office.post(url("desk_attendance", where.reference), {tick: "on"})

    assert "These are the marks you made before you were signed out. Press Save to keep them." in shown
    assert f'name="{tick}" id="id_{tick}" checked' in shown
    assert (before, Attendance.objects.count()) == (0, 1)
    assert not KeptWords.objects.exists()


@pytest.mark.parametrize(("name", "more"), [("class_attendance", ()), ("class_half_day", (1,))])
def test_so_are_the_marks_of_who_leads_the_class(client, clock, name, more):
    where, [mine] = in_class()
    client.staff = team_of(where)
    clock.move_to(where.ends_at)
    half = where.half_days.all()[0]
    sent = {f"there-{mine.pk}" if more else f"there-{half.pk}-{mine.pk}": "on"}
    address = url(name, where.reference, *more)
    client.force_login(client.staff)
    client.get(address)
    clock.shift(timedelta(minutes=21))

    assert client.post(address, sent).url.startswith(reverse("account_login"))
    client.force_login(client.staff)
    shown = client.get(address).content.decode()

    assert "These are the marks you made before you were signed out. Press Save to keep them." in shown
    assert not Attendance.objects.exists()
    client.post(address, sent)
    assert Attendance.objects.get().marked_by == client.staff
    assert not KeptWords.objects.exists()


def class_pages(name):
    where, [mine] = in_class()
    if name == "desk_correct_score":
        workflow.record_exam(mine.pk, 40, taken_on=where.ends_on, by=trainer(), at=where.ends_at)
    return {
        "desk_correct_score": ([where.reference, mine.reference, 1], {"score": "83", "seen": "40"}, 'value="83"'),
        "desk_half_day": ([where.reference, 1], {f"there-{mine.pk}": "on", f"missed-{mine.pk}": "17"}, 'value="17"'),
        "desk_exam": ([where.reference], {"taken_on": "2027-09-17", f"score-{mine.pk}": "83"}, 'value="83"'),
        "desk_plan_sitting": ([where.reference], {"where": "Room of the oak"}, "Room of the oak"),
        "desk_lists": ([where.reference], {"day": "2027-09-14"}, '<option value="2027-09-14" selected'),
    }[name], where.ends_at


def planning_pages(name):
    where = session()
    mine = workflow.register(
        where.pk, person_id=trainer().pk, designation=where.designations[0], received_at=NOON, by=trainer(), at=NOON
    )
    because = {"because": "The oak fell on it."}
    return {
        "desk_new": ([], {"location": "Room of the oak"}, "Room of the oak"),
        "desk_outages": ([], {"started_on": "2027-07-30"}, 'value="2027-07-30"'),
        "desk_change": ([where.reference], {"location": "Room of the oak"}, "Room of the oak"),
        "desk_cancel": ([where.reference], because, because["because"]),
        "desk_blocks": ([where.reference], {"count": "17"}, 'value="17"'),
        "desk_exception": ([where.reference, mine.reference, "time"], because, because["because"]),
        "late_form": ([mine.person.reference, where.reference], because, because["because"]),
    }[name], NOON


@pytest.mark.parametrize(
    "name", ["desk_half_day", "desk_exam", "desk_correct_score", "desk_plan_sitting", "desk_lists"]
)
def test_what_was_typed_in_class_is_there_again(office, clock, name):
    (args, sent, wanted), moment = class_pages(name)
    clock.move_to(moment)

    assert wanted in idle_and_back(clock, office, url(name, *args), sent)


@pytest.mark.parametrize(
    "name", ["desk_new", "desk_outages", "desk_change", "desk_cancel", "desk_blocks", "desk_exception", "late_form"]
)
def test_what_was_typed_in_planning_is_there_again_and_nothing_is_done(office, clock, name):
    (args, sent, wanted), _moment = planning_pages(name)

    shown = idle_and_back(clock, office, url(name, *args), sent)

    assert wanted in shown and BACK in shown
    assert {one.status for one in TrainingSession.objects.all()} <= {"published"}


def test_the_days_of_a_planned_year_are_there_again(office, clock):
    one, other = session(), session(first=FIRST_DAY + timedelta(weeks=8))
    sent = {f"{one.reference}-copy_it": "on", f"{one.reference}-first_day": "2028-09-18"}

    shown = idle_and_back(clock, office, url("desk_year") + "?from=2027&to=2028", sent)

    assert 'value="2028-09-18"' in shown and BACK in shown
    assert re.search(f'name="{other.reference}-first_day" value="2028-', shown)  # as proposed, not blank


def test_whose_names_they_are_is_there_again(office, clock):
    where, _spots = in_class()
    clock.move_to(where.ends_at)
    raw = b"Name,Join Time,Leave Time\nLandlord,09/13/2027 09:00 AM,09/13/2027 09:05 AM\n"
    taken = workflow.take_list(where.pk, raw, name="monday.csv", by=office.staff, at=where.ends_at)
    sent = {f"row-{taken.rows.get().pk}": "nobody"}

    shown = idle_and_back(clock, office, url("desk_match", where.reference, taken.pk), sent)

    assert '<option value="nobody" selected>' in shown


def test_what_an_officer_typed_is_there_again(client, clock):
    session()
    client.staff = officer_of(provider())

    shown = idle_and_back(clock, client, url("new_hires"), {"name": "Wren Oak"})

    assert 'value="Wren Oak"' in shown and BACK in shown


def test_the_booking_of_a_test_is_there_again_on_the_page_of_the_test(office, clock):
    where, [mine] = in_class()
    sitting = sitting_of(where, office.staff, where.ends_on + timedelta(days=3))
    clock.move_to(where.ends_at)
    sent = {"person": mine.reference, "extra_minutes": "45"}

    shown = idle_and_back(clock, office, url("desk_book", sitting.reference), sent)

    assert f'<option value="{mine.reference}" selected' in shown and 'value="45"' in shown
    assert BACK in shown and not ExamBooking.objects.exists()


# -- People themselves, and the office for them ------------------------------------------------------------


AGAIN = "You are signed in again. Press the button once more."
STAMP = {"channel": "phone", "came_on": "2027-08-02", "came_at": "07:30", "helped_by": "Ruth of the oak"}


DONE = {
    "change_date": "trainings.moved",
    "pause": "trainings.paused",
    "withdraw": "trainings.withdrawn",
    "make_up": "trainings.make_up_booked",
    "answer": "trainings.declined",
}


def own_form(name, clock):
    """One of the forms about a spot: whose it is, and what is chosen there."""
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    if name == "make_up":
        _where, mine, _staff, over = missed_one(number=1)
        clock.move_to(over)
        return mine, {"day-1": later.reference}
    if name == "answer":
        mine, heard = offered()
        clock.move_to(heard)
        return mine, {"answer": "no"}
    where = session()
    mine = spot(where)
    if name == "change_date":
        session(first=FIRST_DAY + timedelta(weeks=4))  # of two dates none is chosen beforehand
        return mine, {"to": later.reference}
    return mine, {}


def chosen_in(page):
    """What the checked radio buttons carry, by their names."""
    checked = [tag for tag in re.findall(r"<input[^>]*>", page) if 'type="radio"' in tag and "checked" in tag]
    return {re.search(r'name="([^"]+)"', tag)[1]: re.search(r'value="([^"]*)"', tag)[1] for tag in checked}


@pytest.mark.parametrize("name", list(DONE))
def test_what_people_chose_about_their_spot_is_chosen_again_and_nothing_is_done_before(client, clock, name):
    mine, sent = own_form(name, clock)
    before = Registration.objects.values("status", "session_id", "outcome").get(pk=mine.pk)
    client.staff = mine.person

    shown = idle_and_back(clock, client, url(name, mine.reference), sent)
    between = Registration.objects.values("status", "session_id", "outcome").get(pk=mine.pk)
    kept = KeptWords.objects.count()
    client.post(url(name, mine.reference), sent)

    assert (BACK if sent else AGAIN) in shown
    assert chosen_in(shown) == sent
    assert between == before and kept == 1
    assert not KeptWords.objects.exists()
    assert Entry.objects.of(mine).filter(actor=mine.person, event=DONE[name]).count() == 1


@pytest.mark.parametrize("name", list(DONE))
def test_what_the_office_typed_about_a_spot_is_there_again(office, clock, name):
    mine, sent = own_form(name, clock)

    shown = idle_and_back(clock, office, url(name, mine.person.reference, mine.reference), {**sent, **STAMP})

    assert BACK in shown and 'value="Ruth of the oak"' in shown
    assert not Entry.objects.of(mine).filter(actor=office.staff).exists()


def test_what_would_help_is_there_again(client, clock):
    client.staff = person()
    client.force_login(client.staff)

    shown = idle_and_back(clock, client, reverse("access"), {"words": "A seat by the oak."})

    assert "A seat by the oak." in shown


def test_a_wish_to_hear_and_its_end_are_pressed_once_more(client, clock):
    client.staff = person()
    ask = url("tell_me") + "?course=cpss"

    asking = idle_and_back(clock, client, ask, {})
    client.post(ask)
    watch = Watch.objects.get()
    stopping = idle_and_back(clock, client, url("watches"), {"watch": str(watch.pk)})
    between = Watch.objects.still_open().count()
    client.post(url("watches"), {"watch": str(watch.pk)})

    assert AGAIN in asking and AGAIN in stopping
    assert (between, Watch.objects.still_open().count()) == (1, 0)
    assert not KeptWords.objects.exists()


# -- Buttons -----------------------------------------------------------------------------------------------


def test_the_ticked_drafts_are_ticked_again(office, clock):
    draft = workflow.plan_session(plan(), by=office.staff, at=NOON)

    shown = idle_and_back(clock, office, url("desk_drafts"), {"draft": draft.reference})

    assert f'value="{draft.reference}" checked' in shown


def test_a_button_alone_leads_to_its_page_and_does_nothing_until_it_is_pressed_again(office, clock):
    draft = workflow.plan_session(plan(), by=office.staff, at=NOON)

    shown = idle_and_back(clock, office, url("desk_publish", draft.reference), {})
    before = TrainingSession.objects.get(pk=draft.pk).status
    office.post(url("desk_publish", draft.reference))

    assert "You are signed in again. Press the button once more." in shown and "Put it on the calendar" in shown
    assert [before, TrainingSession.objects.get(pk=draft.pk).status] == ["draft", "published"]


def test_a_link_to_a_buttons_address_speaks_of_no_sign_in_that_did_not_happen(office, clock):
    draft = workflow.plan_session(plan(), by=office.staff, at=NOON)
    idle_and_back(clock, office, url("desk_publish", draft.reference), {})
    office.post(url("desk_publish", draft.reference))

    came_by_a_link = office.get(url("desk_publish", draft.reference), follow=True).content.decode()

    assert "Nothing was done. Press the button here if you want it." in came_by_a_link
    assert AGAIN not in came_by_a_link and not KeptWords.objects.exists()
