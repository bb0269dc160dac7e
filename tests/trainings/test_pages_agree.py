"""What a person reads on one page of their spot is what the next one says and does."""

from datetime import date, timedelta

import pytest

from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, session, spot
from tests.trainings.test_spot_page import shown, url, words
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
