"""The office's list of every sign-up: newest first, by course, session and status, page by page."""

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, session, spot, standing
from trainings import workflow

pytestmark = pytest.mark.django_db

ADDRESS = "/staff/registrations/"


@pytest.fixture
def office(client):
    """Training staff, with the role and nothing more."""
    call_command("sync_roles", verbosity=0)
    staff = person("Lena Okafor")
    staff.groups.add(Group.objects.get(name="training_staff"))
    with time_machine.travel(NOON, tick=False):
        client.force_login(staff)
        yield client


def shown(answer):
    return [row["spot"].reference for row in answer.context["rows"]]


def bridging_spot():
    someone = person()
    standing(someone, "certified", "CPSSP-MH")
    return spot(session("peer_bridger"), someone)


def test_the_newest_stands_first_with_links_to_its_person_spot_and_session(office):
    where = session()
    old, new = spot(where, at=NOON), spot(where, at=NOON, came_by="paper")

    answer = office.get(ADDRESS)
    page = answer.content.decode()

    assert shown(answer) == [new.reference, old.reference]
    assert "2 sign-ups" in page and "On paper" in page and "In the ranking" in page
    for address in (
        reverse("person", args=[new.person.reference]),
        reverse("trainings:registration", args=[new.person.reference, new.reference]),
        reverse("trainings:desk_session", args=[where.reference]),
    ):
        assert f'href="{address}"' in page


def test_the_filter_and_the_rows_call_a_step_by_one_word(office):
    spot(session(), admitted=False)

    answer = office.get(ADDRESS)

    labels = dict(answer.context["statuses"])
    assert labels["received"] == answer.context["rows"][0]["state"]["label"] == "To check"
    assert "Received" not in labels.values()


def test_each_filter_shows_only_what_fits_and_together_they_show_what_fits_all(office):
    fall, winter = session(first=FIRST_DAY), session(first=FIRST_DAY.replace(month=11))
    to_check, ranked, other = spot(fall, admitted=False), spot(winter), bridging_spot()

    assert shown(office.get(ADDRESS, {"course": other.course.code})) == [other.reference]
    assert shown(office.get(ADDRESS, {"session": winter.reference.lower()})) == [ranked.reference]
    assert shown(office.get(ADDRESS, {"status": "received"})) == [to_check.reference]
    assert shown(office.get(ADDRESS, {"course": "cpss", "status": "admitted"})) == [ranked.reference]
    assert shown(office.get(ADDRESS, {"course": other.course.code, "status": "received"})) == []


@pytest.mark.parametrize("odd", [{"course": "x"}, {"session": "TS-NONE"}, {"status": "x"}, {"session": "%"}])
def test_a_choice_that_fits_nothing_says_so(office, odd):
    spot(session())

    assert "No sign-up fits that choice." in office.get(ADDRESS, odd).content.decode()


def test_a_long_list_is_read_page_by_page_with_its_filters(office, django_assert_max_num_queries):
    where = session(capacity=30)
    spots = [spot(where) for _number in range(27)]
    bridging_spot()

    office.get(ADDRESS)  # the first page after signing in also notes when somebody was last seen

    with django_assert_max_num_queries(8):
        first = office.get(ADDRESS, {"course": "cpss"})
    second = office.get(ADDRESS + first.context["page"].on)

    assert shown(first) + shown(second) == [one.reference for one in spots[::-1]]
    assert "27 sign-ups" in second.content.decode()


def test_ones_own_spot_has_no_office_page(office):
    me = User.objects.get(pk=office.session["_auth_user_id"])
    mine = spot(session(), me)
    workflow.allocate(mine.session_id, at=ALLOCATION)

    page = office.get(ADDRESS).content.decode()

    assert mine.reference in page
    assert f"/registrations/{mine.reference}/" not in page
