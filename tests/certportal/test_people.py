"""The office finds people: pages of 25, a count that stops, as many statements for many as for few."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Profile, User
from accounts.search import keep_in_step
from accounts.workflow import change_profile
from certification.models import Document
from employment.models import Job
from tests.applicants.factories import submitted
from tests.certification.factories import certified, trained
from tests.certportal.access import NOON
from trainings.models import Completion, Registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    """Somebody at the phone, with the role and nothing more."""
    call_command("sync_roles", verbosity=0)
    clerk = User.objects.create_user("clerk@example.org", legal_given_names="Cleo", legal_family_name="Clerk")
    clerk.groups.add(Group.objects.get(name="desk"))
    client.force_login(clerk, backend="accounts.backends.RolesBackend")
    client.person = clerk
    return client


def crowd(count, *, given="Maria", family="Vance"):
    """People of one name, made the quick way and brought into step at once."""
    people = User.objects.bulk_create(
        User(legal_given_names=given, legal_family_name=f"{family}{number:04}") for number in range(count)
    )
    Profile.objects.bulk_create(Profile(person=person) for person in people)
    keep_in_step(*people)
    return people


def find(desk, question, link=""):
    return desk.get(reverse("people") + link) if link else desk.get(reverse("people"), {"q": question})


def test_the_list_shows_enough_to_tell_two_of_the_same_name_apart(desk):
    person = User.objects.create_user(
        "otis@example.org", legal_given_names="Otis", legal_family_name="Vance", name_in_use="Odie"
    )
    facts = {"phone": "+16625550108", "birth_on": NOON.date().replace(year=1962)}
    change_profile(person.pk, names={}, facts=facts, by=desk.person, at=NOON)

    page = find(desk, "vance").content.decode()

    assert "1 person" in page
    for shown in ("Otis Vance", "goes by Odie", person.reference, "1962", "0108", "otis@example.org"):
        assert shown in page
    assert "662" not in page


def test_next_25_shows_the_others_and_back_the_first_again(desk):
    crowd(60)

    pages = [find(desk, "mar vance")]
    while pages[-1].context["page"].on:
        pages.append(find(desk, "", pages[-1].context["page"].on))
    back = find(desk, "", pages[2].context["page"].back)

    shown = [[person.reference for person in page.context["found"]] for page in pages]
    assert [len(page) for page in shown] == [25, 25, 10]
    assert len({reference for page in shown for reference in page}) == 60
    assert [person.reference for person in back.context["found"]] == shown[1]
    assert all("60 people" in page.content.decode() for page in pages)


def test_the_count_stops_at_a_thousand(desk):
    crowd(1001)

    assert "More than 1,000 people." in find(desk, "mar").content.decode()
    assert "1,000 people" not in find(desk, "mar vance000").content.decode()


def test_a_page_takes_at_most_eight_statements_however_many_people_there_are(desk, django_assert_max_num_queries):
    crowd(60)
    find(desk, "mar")

    with django_assert_max_num_queries(8) as told:
        page = find(desk, "mar vance")

    assert page.context["page"].on
    assert any("LIMIT 26" in query["sql"] for query in told.captured_queries)


def found(desk, question):
    return [person.reference for person in find(desk, question).context["found"]]


def test_whoever_reads_a_number_from_a_letter_finds_the_person_it_belongs_to(desk):
    credential, other = certified(), trained()
    person = credential.person
    spot = Registration.objects.get(person=person)
    numbers = [
        spot.reference,
        Completion.objects.get(registration=spot).reference,
        Job.objects.filter(person=person)[0].reference,
        credential.application.reference,
        credential.number,
        Document.objects.filter(person=person)[0].reference,
    ]

    assert {number: found(desk, number) for number in numbers} == {number: [person.reference] for number in numbers}
    for typed in (spot.reference.lower(), spot.reference.replace("-", " "), f" {spot.reference[:8]}"):
        assert found(desk, typed) == [person.reference]
    assert found(desk, Registration.objects.get(person=other).reference) == [other.reference]
    assert found(desk, "RG-2222222") == []


def test_an_application_and_its_reference_lead_to_the_person(desk):
    application = submitted()
    given = application.references.all()[0]

    for number in (application.reference, given.reference):
        assert found(desk, number) == [application.person.reference]


def test_a_name_with_a_hyphen_is_not_taken_for_a_number(desk):
    person = crowd(1, given="Rg-Brnt")[0]

    assert found(desk, "rg-brnt") == [person.reference]


def test_a_number_takes_at_most_eight_statements(desk, django_assert_max_num_queries):
    application = submitted()
    find(desk, "mar")

    with django_assert_max_num_queries(8):
        page = find(desk, application.reference)

    assert "1 person" in page.content.decode()


@pytest.mark.parametrize("question", ["—", "' OR 1=1 --", "%", "\x00", "x" * 5000])
def test_an_odd_question_finds_nobody_and_breaks_nothing(desk, question):
    crowd(2)

    page = find(desk, question)

    assert page.status_code == 200
    assert "Nobody fits." in page.content.decode()
