"""What a person reads on one page of their spot is what the next one says and does."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.links import link_token
from accounts.models import Profile
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, plan, session, spot, standing, trainer
from tests.trainings.test_blocks import block, officer_of, provider
from tests.trainings.test_classroom import missed_one
from tests.trainings.test_spot_page import shown, url, words
from tests.trainings.test_team import team_of
from tests.trainings.test_workflow import in_class, seated
from trainings import workflow
from trainings.models import Registration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = date(2027, 11, 15)


# -- Leaving, pausing, going on ----------------------------------------------------------------------------


def test_who_leaves_while_on_pause_reads_that_they_left_and_may_sign_up_for_the_same_date_again(client, clock):
    where = session()
    mine = spot(where)
    workflow.pause(mine.pk, by=mine.person, at=NOON)
    workflow.withdraw(mine.pk, by=mine.person, at=NOON + HOUR)

    page = shown(clock, client, NOON + 2 * HOUR, mine)

    assert "You left this training" in page and "Your pause is over" not in page
    assert "See the next dates" in page and "No new date is set yet" not in page
    assert where.get_absolute_url() in client.get(mine.get_absolute_url()).content.decode()


def test_a_pause_the_clock_ended_says_so(client, clock):
    mine = spot(session())
    workflow.pause(mine.pk, by=mine.person, at=NOON)
    workflow.end_pauses(NOON + 400 * DAY)

    assert "Your pause is over" in shown(clock, client, NOON + 400 * DAY, mine)


def test_going_on_with_the_same_date_is_not_told_as_a_change(client, clock):
    where = session()
    mine = spot(where)
    workflow.pause(mine.pk, by=mine.person, at=NOON)
    paused = shown(clock, client, NOON + HOUR, mine)
    workflow.move_spot(mine.pk, where.pk, by=mine.person, at=NOON + HOUR)

    page = shown(clock, client, NOON + HOUR, mine)

    assert "Go on with Sep 13–17" in paused
    assert "You went on with your date. You kept your time." in page
    assert "Your date changed from" not in page


# -- Another date, from its own page -----------------------------------------------------------------------


def test_who_has_a_seat_elsewhere_is_asked_before_it_is_given_back(client, clock):
    here, there = (session("cpss_supervisor", first=day, last=day) for day in (FIRST_DAY, NOVEMBER))
    mine = spot(here)
    workflow.allocate(here.pk, at=ALLOCATION)
    clock.move_to(ALLOCATION + HOUR)
    client.force_login(mine.person)

    page = client.get(url("sign_up", there.reference)).content.decode()
    asked = client.get(f"{url('change_date', mine.reference)}?to={there.reference}")

    assert f'href="{url("change_date", mine.reference)}?to={there.reference}"' in page
    assert f'action="{url("change_date", mine.reference)}"' not in page
    assert "We ask you once more before you give it back." in page
    assert "You give back the seat you have now. You cannot take it back." in words(asked)
    assert Registration.objects.get(pk=mine.pk).session_id == here.pk


def test_who_only_waits_elsewhere_changes_with_one_press(client):
    here, there = (session("cpss_supervisor", first=day, last=day) for day in (FIRST_DAY, NOVEMBER))
    mine = spot(here)
    client.force_login(mine.person)

    assert (
        f'action="{url("change_date", mine.reference)}"' in client.get(url("sign_up", there.reference)).content.decode()
    )


def certified():
    someone = person()
    standing(someone, "certified", "CPSSP-MH")
    return someone


# -- How many seats there are ------------------------------------------------------------------------------


def test_seats_kept_for_an_employer_explain_why_fewer_are_left_for_the_line(client, clock):
    where = session(capacity=3)
    block(where, provider(), count=2)
    mine = spot(where)

    own = shown(clock, client, NOON, mine)
    public = words(client.get(where.get_absolute_url()))

    assert "This training has 3 seats. 2 are kept for an employer. 1 is left for the line. We set it on" in own
    assert "3 seats. They are set on" in public and "2 are kept for an employer." in public


def test_with_fewer_seats_than_people_no_page_counts_another_number(client, office):
    where = session("components_1", capacity=2)
    for _number in range(2):
        spot(where, certified())
    workflow.change_session(where.pk, plan("components_1", capacity=1), by=trainer(), at=NOON)

    public = words(office.get(where.get_absolute_url()))
    desk = words(office.get(url("desk_session", where.reference)))

    assert "1 seat. None is open now." in public
    assert "1 seat (1 more is still taken)" in desk


@pytest.mark.parametrize(
    ("taken", "said", "not_said"),
    [(1, "A seat is open now.", "No seat is open now."), (2, "No seat is open now. You wait in line.", "A seat is")],
)
def test_the_sign_up_page_says_whether_a_seat_is_open_now(client, taken, said, not_said):
    where = session("components_1", capacity=2)
    for _number in range(taken):
        spot(where, certified())
    client.force_login(certified())

    page = words(client.get(url("sign_up", where.reference)))

    assert said in page and not_said not in page


# -- Two ways in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("course", "asked", "led_to"),
    [
        ("cpss", "trainings:sign_up", "applicants:start"),
        ("cpss_supervisor", "applicants:start", "trainings:sign_up"),
    ],
)
@pytest.mark.parametrize("by_staff", [False, True])
def test_the_wrong_way_in_leads_to_the_right_one(client, course, asked, led_to, by_staff):
    where, someone = session(course), person()
    client.force_login(trainer() if by_staff else someone)
    of_the_desk = [someone.reference] if by_staff else []

    answer = client.get(reverse(asked, args=[*of_the_desk, where.reference]))

    assert answer.status_code == 302 and answer.url == reverse(led_to, args=[*of_the_desk, where.reference])


# -- The time that counts ----------------------------------------------------------------------------------


def test_a_time_kept_from_an_earlier_spot_says_so_where_it_stands(client, clock):
    first, later = session(capacity=1), session(first=NOVEMBER)
    old = [spot(first, at=NOON), spot(first, at=NOON + HOUR)][1]
    workflow.allocate(first.pk, at=ALLOCATION)
    workflow.close_lines(first.starts_at)
    again = spot(later, old.person, at=first.starts_at + DAY)

    page = shown(clock, client, first.starts_at + DAY, again)

    assert f"This is the time of your earlier spot, {old.reference}. You kept it." in page
    assert "You signed up again on Tuesday, September 14, 2027" in page


def test_a_first_spot_says_nothing_of_a_kept_time(client, clock):
    assert "earlier spot" not in shown(clock, client, NOON, spot(session()))


# -- Pages whose time has passed ---------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["change_date", "pause", "withdraw"])
def test_while_class_runs_the_page_says_why_it_is_too_late_and_leads_back_to_the_spot(client, clock, page):
    where, [mine] = in_class()
    session(first=NOVEMBER)
    clock.move_to(where.starts_at + HOUR)
    client.force_login(mine.person)

    answer = client.get(url(page, mine.reference), follow=True)

    assert answer.redirect_chain[-1][0] == mine.get_absolute_url()
    assert "This training has begun. Is something wrong? Call us:" in words(answer)


@pytest.mark.parametrize("page", ["change_date", "pause", "withdraw"])
def test_a_spot_that_is_done_is_neither_moved_nor_paused_nor_left(client, clock, page):
    where, [mine] = in_class()
    workflow.end_early(mine.pk, "ended_early", by=trainer(), at=where.starts_at + HOUR)
    session(first=NOVEMBER)
    clock.move_to(where.ends_at + HOUR)
    client.force_login(mine.person)

    answer = client.get(url(page, mine.reference), follow=True)

    assert answer.redirect_chain[-1][0] == mine.get_absolute_url()
    assert "This is not possible now. It stands at: Ended early." in words(answer)


# -- Who is next -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 2])
def test_a_seat_given_back_goes_to_the_next_person_only_where_there_is_one(client, clock, people):
    where, [mine, *_others] = seated(capacity=1, people=people)
    session(first=NOVEMBER)
    clock.move_to(ALLOCATION + HOUR)
    client.force_login(mine.person)

    pages = [words(client.get(url(page, mine.reference))) for page in ("withdraw", "pause", "change_date")]
    told = words(client.post(url("withdraw", mine.reference), follow=True))

    assert ["to the next person" in page for page in pages] == [people == 2] * 3
    assert ["open to others then" in page for page in pages] == [people == 1] * 3
    assert ("The next person gets it." in told) == (people == 2)
    assert ("It is open to others now." in told) == (people == 1)


# -- What happened, and what is ahead ----------------------------------------------------------------------


def test_where_seats_go_as_people_come_nothing_speaks_of_a_ranking(client, clock):
    mine = spot(session("components_1"), certified())

    page = shown(clock, client, NOON, mine)

    assert "We took your sign-up." in page and "You have a seat." in page
    assert "You are in the ranking" not in page


def test_a_seat_of_a_scholarship_is_named_as_one_in_the_history(client, clock):
    where = session()
    mine = spot(where)
    workflow.keep_seats(where.pk, 1, for_round="SR-1", by=trainer(), at=NOON)
    workflow.offer_kept_seat(mine.pk, for_round="SR-1", answer_by=NOON + DAY, by=None, at=NOON)
    workflow.decline(mine.pk, by=mine.person, at=NOON + HOUR)

    page = shown(clock, client, NOON + HOUR, mine)

    assert "We offered you a seat with a scholarship." in page
    assert "You said no to the seat with a scholarship." in page


def test_the_day_of_the_meeting_link_stands_under_the_dates_before_the_link_is_stored(client, clock):
    _where, [mine] = in_class(meeting_link="")

    page = shown(clock, client, ALLOCATION, mine)

    assert "We send you the meeting link on" in page and "We send your meeting link" in page


def test_the_line_says_how_long_one_has_to_answer(client, clock):
    _where, [_first, waits] = seated()

    page = shown(clock, client, ALLOCATION, waits)

    assert "You then have about 3 days to say yes or no. We tell you the exact time." in page


def test_a_day_to_make_up_that_is_booked_is_changed_not_chosen_again(client, clock):
    where, mine, staff, over = missed_one(number=3)
    later = session(first=NOVEMBER)
    workflow.open_make_up(mine.pk, by=staff, at=over)
    finish = url("desk_finish", where.reference)
    clock.move_to(over)
    client.force_login(staff)
    desk_before = words(client.get(finish))
    before = shown(clock, client, over, mine)
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)

    after = shown(clock, client, over, mine)
    client.force_login(staff)
    desk_after = words(client.get(finish))

    assert "Choose a day" in before and "Change the day" not in before
    assert "Change the day" in after and "Choose a day" not in after
    assert "Book a day to make it up" in desk_before and "Makes it up on" not in desk_before
    assert "Makes it up on Tuesday, November 16, 2027" in desk_after
    assert "Change the day they make it up" in desk_after and "Book a day to make it up" not in desk_after


def test_the_page_of_an_invitation_says_for_whom_when_where_and_until_when(client):
    where, place = session(), provider()
    asked = workflow.invite(
        where.pk, place.pk, name="Newt Hire", email="newt@example.org", by=officer_of(place), at=NOON
    )

    page = words(
        client.get(url("invitation", link_token(asked.pk, asked.link_version, purpose="trainings.invitation")))
    )

    assert "It is for Newt Hire. Sign up by Friday, August 20, 2027, 11:59 p.m." in page
    assert "9 a.m. to 4 p.m. Central. Online." in page


@pytest.mark.parametrize("wherever", ["session", "start"])
def test_an_application_takes_as_long_on_every_page(client, wherever):
    where = session()
    client.force_login(person())
    pages = {"session": where.get_absolute_url(), "start": reverse("applicants:start", args=[where.reference])}

    assert "It takes about 30 minutes." in words(client.get(pages[wherever]))


# -- My pathway --------------------------------------------------------------------------------------------


def test_who_kept_their_time_is_led_to_use_it(client, clock):
    _where, [_first, waits] = seated()
    workflow.close_lines(_where.starts_at)
    Profile.objects.filter(person=waits.person).update(best_channel="email")
    clock.move_to(_where.starts_at)
    client.force_login(waits.person)

    source = client.get(reverse("me")).content.decode()

    assert "Your time in line is kept" in source and "Ready to start?" not in source
    assert f'href="{waits.get_absolute_url()}">Use my time</a>' in source


def test_who_only_leads_a_class_sees_their_classes_first(client):
    fay = team_of(session())
    client.force_login(fay)
    first = words(client.get(reverse("me")))
    spot(session("cpss_supervisor", first=NOVEMBER, last=NOVEMBER), fay)

    later = words(client.get(reverse("me")))

    assert "See my classes" in first and "Ready to start?" not in first and "tell us your name" not in first
    assert "See my classes" not in later
