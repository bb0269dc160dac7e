"""Find a training: what one may choose, how choices go together, and what stays in the links."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.applicants.factories import with_role
from tests.trainings.factories import FIRST_DAY, person, session
from trainings.models import TrainingSession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def four():
    """Online for all; in Hinds for one designation; in Adams; and a course without designations in October."""
    made = {
        "online": session(),
        "hinds": session(mode="in_person", location="12 Oak Street, Jackson", designations=("CPSSP-MH",)),
        "adams": session(mode="in_person", location="1 River Road, Natchez"),
        "bridger": session("peer_bridger", first=FIRST_DAY + timedelta(weeks=4)),
    }
    for name in ("hinds", "adams"):
        TrainingSession.objects.filter(pk=made[name].pk).update(county=name.title())
    return made


def found(client, **asked):
    shown = {row.pk for row in client.get(reverse("trainings:list"), asked).context["page"]}
    return shown


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, {"online", "hinds", "adams", "bridger"}),
        ({"course": "cpss"}, {"online", "hinds", "adams"}),
        ({"course": "peer-bridger"}, {"bridger"}),
        ({"course": "cpss-supervisor"}, set()),  # taught, and no date now
        ({"course": "nothing"}, set()),
        ({"designation": "CPSSP-MH"}, {"online", "hinds", "adams"}),
        ({"designation": "CPSSP-P"}, {"online", "adams"}),
        ({"designation": "CPSSP-"}, set()),
        ({"mode": "online"}, {"online", "bridger"}),
        ({"mode": "in_person"}, {"hinds", "adams"}),
        ({"mode": "by-boat"}, set()),
        ({"county": "Hinds"}, {"online", "hinds", "bridger"}),
        ({"county": "Tunica"}, {"online", "bridger"}),
        ({"county": "Nowhere"}, set()),
        ({"month": "2027-10"}, {"bridger"}),
        ({"month": "2027-09", "county": "Adams", "mode": "in_person"}, {"adams"}),
        ({"course": "cpss", "designation": "CPSSP-P", "mode": "in_person", "county": "Hinds"}, set()),
    ],
)
def test_choices_go_together(client, four, asked, names):
    assert found(client, **asked) == {four[name].pk for name in names}


def test_every_choice_stays_on_the_page_and_in_the_links_of_a_long_list(client):
    for week in range(27):
        session(first=FIRST_DAY + timedelta(weeks=week))
    asked = {"course": "cpss", "designation": "CPSSP-MH", "mode": "online", "county": "Hinds"}

    answer = client.get(reverse("trainings:list"), asked)

    page = answer.content.decode()
    for value in asked.values():
        assert f'value="{value}" selected' in page
        assert value in answer.context["page"].on
    assert "Online fits every county." in page


def test_both_names_of_the_credential_find_a_designation(client, four):
    """CPSSP is the legal title, CPSS the everyday one."""
    assert (
        found(client, designation="CPSS-MH")
        == found(client, designation="cpssp-mh")
        == found(client, designation="CPSSP-MH")
    )


@pytest.mark.parametrize("who", ["visitor", "person", "supervisor", "training_staff", "board_member"])
def test_at_most_eight_statements_whatever_the_number_of_sessions(client, settings, django_assert_max_num_queries, who):
    settings.DEMONSTRATION = False  # the second factor is asked for as well
    if who != "visitor":
        reader = person() if who == "person" else with_role(who)
        Authenticator.objects.create(user=reader, type=Authenticator.Type.TOTP, data={"secret": "x"})
        client.force_login(reader)
    session()
    asked = {"designation": "CPSSP-MH", "county": "Hinds"}
    client.get(reverse("trainings:list"), asked)
    with django_assert_max_num_queries(8) as few:
        client.get(reverse("trainings:list"), asked)
    for week in range(29):
        session(first=FIRST_DAY + timedelta(weeks=week + 1))

    with django_assert_max_num_queries(len(few)):
        client.get(reverse("trainings:list"), asked)
    with django_assert_max_num_queries(8):
        client.get(reverse("trainings:list"), asked | {"mode": "in_person"})  # nothing fits: the offer is free
