"""The page of one spot and what leads to it: who acts next and by when, in each state, and nothing that is not so."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from programs.calendar import local_day
from programs.program import program
from programs.words import long_date
from tests.reading import MOST, grade
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, session, spot, trainer
from tests.trainings.test_blocks import officer_of, provider
from tests.trainings.test_classroom import missed_one
from tests.trainings.test_workflow import in_class, mark_all, seated
from trainings import workflow
from trainings.answer_links import offer_token
from trainings.models import Registration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = date(2027, 11, 15)
STAMP = {"channel": "phone", "came_on": "2027-08-02", "came_at": "11:30"}


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def url(name, *args):
    return reverse(f"trainings:{name}", args=args)


def shown(clock, client, moment, one):
    """The page of a spot as its person reads it then. Every state of it is easy to read."""
    clock.move_to(moment)
    client.force_login(one.person)
    page = client.get(one.get_absolute_url())
    inside = page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert grade(inside) <= MOST
    return words(page)


# -- Join after the sign-in ran out ------------------------------------------------------------------------


def test_who_waited_too_long_on_the_page_signs_in_and_is_told_to_press_join_again(client, clock):
    where, [mine] = in_class()
    join = url("join", mine.reference)
    shown(clock, client, where.starts_at - timedelta(minutes=30), mine)
    clock.shift(timedelta(minutes=21))
    led_to = client.post(join)
    client.force_login(mine.person)

    back = client.get(join, follow=True)

    assert led_to.url.startswith(reverse("account_login")) and join in led_to.url
    assert "You are signed in again. Press Join now." in words(back)
    assert Registration.objects.get(pk=mine.pk).joined_at is None


def test_a_link_to_join_says_nothing_of_a_button_that_is_not_there(client, clock):
    _where, [mine] = in_class()
    client.force_login(mine.person)

    back = client.get(url("join", mine.reference), follow=True)

    assert back.redirect_chain[-1][0] == mine.get_absolute_url()
    assert "Press Join now" not in words(back)


def test_a_link_to_join_a_make_up_leads_back_to_the_spot_too(client, clock):
    _where, mine, _staff, over = missed_one(number=3)
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    clock.move_to(list(later.half_days.all())[2].starts_at)
    client.force_login(mine.person)

    back = client.get(url("join_make_up", mine.reference, 3), follow=True)

    assert "Press Join now." in words(back) and "You are signed in again" not in words(back)


# -- Who acts next, and by when ----------------------------------------------------------------------------


def test_an_application_is_with_us_and_the_day_we_give_ourselves_is_named_until_it_is_past(client, clock):
    mine = spot(session(), admitted=False)
    due = program(local_day(NOON)).service_due("training_review", local_day(NOON))

    first = shown(clock, client, NOON, mine)
    later = shown(clock, client, NOON + 16 * DAY, mine)

    assert "If we need something from you, we write to you. My pathway says what, and by when." in first
    assert f"We mean to be done by {long_date(due)}." in first and "We mean to be done" not in later
    assert f'href="{reverse("me")}"' in client.get(mine.get_absolute_url()).content.decode()


def test_who_was_not_checked_when_the_seats_were_set_reads_by_when_they_may_still_join(client, clock):
    where = session()
    mine = spot(where, admitted=False)
    workflow.allocate(where.pk, at=ALLOCATION)

    page = shown(clock, client, ALLOCATION, mine)
    past = shown(clock, client, where.starts_at - DAY, mine)

    assert "We still check it. If we accept it by Wednesday, September 8, you join the end of the line." in page
    assert "We still check it" not in past and "You keep your time for the next dates." in past


def test_a_seat_in_a_room_says_when_and_where_once(client, clock):
    _where, [mine] = in_class(mode="in_person", location="Oak Street Library, Tupelo", meeting_link="")

    page = shown(clock, client, ALLOCATION, mine)

    said = "Class starts on Monday, September 13, 2027, 9 a.m. Central at Oak Street Library, Tupelo."
    assert said in page and page.count("Oak Street Library") == 2  # under the title, and in the sentence


def test_a_link_that_is_not_stored_in_time_is_late_and_says_so(client, clock):
    where, [mine] = in_class(meeting_link="")

    early = shown(clock, client, ALLOCATION, mine)
    late = shown(clock, client, where.starts_at - 2 * DAY, mine)

    assert "We send you the meeting link on" in early and "Your link is late" not in early
    assert "Your link is late. We are on it." in late and "We send you the meeting link" not in late
    assert "Our number is" in late


def test_after_class_the_office_acts_by_its_day_and_after_a_test_not_passed_the_person_calls(client, clock):
    where, [mine, not_yet] = in_class(people=2)
    due = long_date(program(where.ends_on).service_due("completion", where.ends_on))
    workflow.record_exam(not_yet.pk, 61, taken_on=where.ends_on, by=trainer(), at=where.ends_at)

    waits = shown(clock, client, where.ends_at + HOUR, mine)
    tries = shown(clock, client, where.ends_at + HOUR, not_yet)

    assert f"With the Training Office. We enter who was there and how the test went by {due}." in waits
    assert "We book a test day with you. Call us to choose one." in tries and "With the Training Office" not in tries


def test_after_the_last_offer_the_line_is_called_until_class_starts(client, clock):
    where, [_first, waits] = seated()

    offers = shown(clock, client, ALLOCATION, waits)
    calls = shown(clock, client, where.starts_at - 2 * DAY, waits)

    assert "No more offers after" in offers
    assert "Our staff call the next people in line until class starts on Monday, September 13, 2027." in calls
    assert "No more offers after" not in calls


@pytest.mark.parametrize(("capacity", "said"), [(1, "There is 1 seat. We set it on"), (3, "There are 3 seats. We set")])
def test_seats_are_counted_as_one_says_it(client, clock, capacity, said):
    assert said in shown(clock, client, NOON, spot(session(capacity=capacity)))


def test_no_later_class_names_who_plans_it_and_when_to_call(client, clock):
    where, mine, _staff, over = missed_one()
    due = long_date(program(where.ends_on).service_due("completion", where.ends_on))

    page = shown(clock, client, over, mine)
    choose = words(client.get(url("make_up", mine.reference)))

    said = f"With the Training Office. We plan the next class. Call us if you have heard nothing by {due}."
    assert "You missed 3 hours of class." in page and said in page and said in choose


def test_a_person_who_is_done_keeps_their_score_and_sees_what_comes_next(client, clock):
    where, [mine] = in_class()
    staff, over = trainer(), where.ends_at + HOUR
    mark_all(where, mine, by=staff, at=over)
    workflow.record_exam(mine.pk, 81, taken_on=where.ends_on, by=staff, at=over)
    workflow.complete(mine.pk, by=staff, at=over)

    page = shown(clock, client, over, mine)

    assert "You passed: 81 out of 100." in page
    assert "Next: see what comes after the training" in page


@pytest.mark.parametrize("has_a_next_date", [True, False])
def test_who_stopped_early_is_led_to_the_next_dates_or_may_ask_to_be_told(client, clock, has_a_next_date):
    where, [mine] = in_class()
    workflow.end_early(mine.pk, "ended_early", by=trainer(), at=where.starts_at + HOUR)
    following = session(first=NOVEMBER) if has_a_next_date else None

    page = shown(clock, client, where.starts_at + HOUR, mine)
    source = client.get(mine.get_absolute_url()).content.decode()

    assert "You can sign up for the next dates. If this is not right, call us." in page
    assert ("No new date is set yet. Press “Tell me”, and we write when one opens." in page) is not has_a_next_date
    assert (f"{reverse('trainings:tell_me')}?course=cpss" in source) is not has_a_next_date
    assert following is None or following.get_absolute_url() in source


def test_a_pause_says_its_last_day_and_that_the_spot_is_closed_after_it(client, clock):
    mine = spot(session())
    client.force_login(mine.person)
    before = words(client.get(url("pause", mine.reference)))
    workflow.pause(mine.pk, by=mine.person, at=NOON)
    after = shown(clock, client, NOON, mine)

    said = "Choose a new date by Wednesday, August 2, 2028. After that day we close this spot."
    assert said in before and said in after
    assert "We stop writing" not in before


def test_the_answer_no_leads_to_the_message_that_says_why(client, clock):
    mine = spot(session(), admitted=False)
    workflow.not_admit(mine.pk, by=None, at=NOON)

    page = shown(clock, client, NOON, mine)

    assert "Read the message" in page and "Our number is" in page and "Tell me" not in page


# -- The link of an offer that is over ---------------------------------------------------------------------


def leave(one, where):
    workflow.withdraw(one.pk, by=one.person, at=ALLOCATION + HOUR)


def pause(one, where):
    workflow.pause(one.pk, by=one.person, at=ALLOCATION + HOUR)


def cancel(one, where):
    workflow.cancel(where.pk, because="The room is flooded.", by=trainer(), at=ALLOCATION + HOUR)


def decline(one, where):
    workflow.decline(one.pk, by=one.person, at=ALLOCATION + HOUR)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (leave, "You left this training. You can sign up again while it is open."),
        (pause, "Your spot is on pause. Sign in to go on."),
        (cancel, "This training is cancelled. You keep your time for the next dates."),
        (decline, "The seat went to the next person. You keep your time for the next dates of this training."),
    ],
)
def test_the_link_of_an_offer_that_is_over_says_what_became_of_this_spot(client, clock, act, said):
    where, [first, mine] = seated()
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    link = url("offer", offer_token(Registration.objects.get(pk=mine.pk)))
    clock.move_to(ALLOCATION + HOUR)
    act(mine, where)

    page = words(client.get(link))

    assert said in page
    assert act is decline or "went to the next person" not in page


# -- What a press answers ----------------------------------------------------------------------------------


def test_leaving_says_what_was_left(client, clock):
    where, [has_seat, waits] = seated()
    clock.move_to(ALLOCATION + HOUR)
    client.force_login(waits.person)
    from_line = words(client.post(url("withdraw", waits.reference), follow=True))
    client.force_login(has_seat.person)
    from_seat = words(client.post(url("withdraw", has_seat.reference), follow=True))

    assert f"You left the line for {where.course.title}, Monday, September 13 to Friday, September 17" in from_line
    assert "You gave your seat back. It is open to others now." in from_seat  # nobody else is left in the line


def test_who_leaves_with_an_open_offer_reads_that_someone_else_gets_the_seat(client, clock):
    _where, [first, mine, _next] = seated(people=3)
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    clock.move_to(ALLOCATION + HOUR)
    client.force_login(mine.person)

    assert "Someone else gets the seat you were offered." in words(client.get(url("withdraw", mine.reference)))


def test_staff_who_act_for_somebody_read_that_persons_name(client, clock):
    _where, [first, offered] = seated()
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    pauses, leaves = (spot(session(first=NOVEMBER), person(name)) for name in ("Bea Pauses", "Cal Leaves"))
    offered.person.legal_given_names, offered.person.legal_family_name = "Ann", "Answers"
    offered.person.save()
    clock.move_to(ALLOCATION + HOUR)
    client.force_login(trainer())

    def told(name, one, **typed):
        return words(client.post(url(name, one.person.reference, one.reference), {**STAMP, **typed}, follow=True))

    stamp = {"came_on": "2027-08-25", "came_at": "08:30"}
    assert "Ann Answers has the seat." in told("answer", offered, answer="yes", **stamp)
    assert "Bea Pauses’s spot is on pause." in told("pause", pauses)
    assert "Cal Leaves left this training." in told("withdraw", leaves)


def test_a_day_to_make_up_is_named_when_it_is_booked_and_none_is_said_too(client, clock):
    _where, mine, _staff, over = missed_one(number=3)
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    clock.move_to(over)
    client.force_login(mine.person)
    page = url("make_up", mine.reference)

    booked = words(client.post(page, {"day-3": later.reference}, follow=True))
    none = words(client.post(page, {"day-3": ""}, follow=True))

    said = "Booked: Tuesday, November 9, 2027, 9 a.m. to noon Central. You can change it until class starts."
    assert said in booked
    assert "No day is booked yet." in none and "Booked:" not in none


def test_the_history_names_days_and_numbers_and_no_codes(client, clock):
    where, [_first, waits] = seated()
    november = session(first=NOVEMBER)
    clock.move_to(ALLOCATION + HOUR)
    workflow.move_spot(waits.pk, november.pk, by=waits.person, at=ALLOCATION + HOUR)

    page = shown(clock, client, ALLOCATION + HOUR, waits)

    assert "Your date changed from Monday, September 13 to Monday, November 15. You kept your time." in page
    assert "The seats were set. You were number 1 in line." in page
    assert where.reference not in page


# -- A form that is refused --------------------------------------------------------------------------------


def refused_answer(client):
    return client.post(url("answer", spot(session(), client.me).reference), {})


def refused_change(client):
    session(first=NOVEMBER)
    return client.post(url("change_date", spot(session(), client.me).reference), {"to": "TS-NONE"})


def refused_make_up(client):
    _where, mine, _staff, over = missed_one()
    session(first=FIRST_DAY + timedelta(weeks=8))
    client.clock.move_to(over)
    client.force_login(mine.person)
    return client.post(url("make_up", mine.reference), {"day-3": "TS-NONE"})


def refused_sign_up(client):
    where = session("cpss_supervisor", last=FIRST_DAY)
    client.clock.move_to(where.registration_closes_at + timedelta(minutes=1))
    client.force_login(client.me)
    return client.post(url("sign_up", where.reference), {})


def refused_new_hire(client):
    place = provider()
    session()
    client.force_login(officer_of(place))
    return client.post(url("new_hires"), {"provider": place.pk})


def refused_by_staff(name):
    def sent(client):
        mine = spot(session(), client.me)
        client.force_login(trainer())
        return client.post(url(name, mine.person.reference, mine.reference), {})

    return sent


@pytest.mark.parametrize(
    "sent",
    [
        refused_answer,
        refused_change,
        refused_make_up,
        refused_sign_up,
        refused_new_hire,
        refused_by_staff("pause"),
        refused_by_staff("withdraw"),
    ],
)
def test_a_refused_form_shows_its_summary_once(client, clock, sent):
    client.me, client.clock = person(), clock
    client.force_login(client.me)

    page = sent(client)

    assert page.status_code == 200
    assert page.content.decode().count('id="error-summary-box"') == 1
