"""The public check: what it tells, what it keeps, and how often it may be asked."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from certification.models import Document
from tests.certification.factories import AFTER, certified, ready

pytestmark = pytest.mark.django_db

NOW = AFTER + timedelta(days=11)


@pytest.fixture(autouse=True)
def clock():
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def credential():
    return certified(ready("José Ángel Núñez-Ōta"))


def ask(**typed):
    return Client().post(reverse("certification:check"), typed)


def told(response) -> str:
    """The page without its token, which differs each time, and without what the asker typed."""
    html = response.content.decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(line for line in main.split("\n") if "csrfmiddlewaretoken" not in line)


def test_number_and_family_name_tell_name_validity_and_term_and_nothing_else(credential):
    page = told(ask(number=credential.number.lower(), family_name="nunez ota"))

    assert "Valid" in page
    assert "José Ángel Núñez-Ōta" in page
    assert "Tuesday, September 30, 2031" in page
    assert "Tuesday, November 30, 2027" in page
    for kept in ("Mental Health, Certified", credential.person.reference, credential.application.reference, "Hinds"):
        assert kept not in page


def test_a_wrong_name_and_an_unknown_number_look_the_same(credential):
    unknown = credential.number[:-1] + ("2" if credential.number[-1] != "2" else "3")

    wrong_name = ask(number=credential.number, family_name="Smith")
    wrong_number = ask(number=unknown, family_name="Nunez Ota")

    assert wrong_name.status_code == wrong_number.status_code == 200
    assert told(wrong_name).replace(credential.number, "#") == told(wrong_number).replace(unknown, "#")


def test_the_designation_is_confirmed_when_asked_and_never_listed(credential):
    yes = told(ask(number=credential.number, family_name="Nunez-Ota", designation="CPSSP-MH"))
    no = told(ask(number=credential.number, family_name="Nunez-Ota", designation="CPSSP-SU"))

    assert "Certified as Mental Health?</dt><dd>Yes" in yes
    assert "Certified as Substance Use?</dt><dd>No" in no
    assert "<dd>Mental Health" not in no


@pytest.mark.parametrize(("on", "valid"), [("2027-11-18", False), ("2027-11-19", True), ("2027-11-30", True)])
def test_the_day_of_service_may_be_chosen(credential, on, valid):
    page = told(ask(number=credential.number, family_name="Núñez-Ōta", on=on))

    assert ("cp-verdict--no" not in page) is valid


def test_after_its_last_day_it_is_not_valid_and_says_so(credential, clock):
    clock.move_to(NOW.replace(year=2031, month=10, day=1))

    page = told(ask(number=credential.number, family_name="Núñez-Ōta"))

    assert "Not valid" in page
    assert "Tuesday, September 30, 2031" in page


def test_a_day_to_come_is_refused_with_a_sentence(credential):
    page = told(ask(number=credential.number, family_name="Núñez-Ōta", on="2028-01-01"))

    assert "This day is still to come." in page
    assert "cp-verdict" not in page


def test_the_picture_of_the_paper_asks_no_name_and_tells_nothing_before_the_button(credential):
    code = Document.objects.get(kind="certificate").check_code
    address = reverse("certification:check") + f"?number={credential.number}&check={code}"

    opened = Client().get(address)

    assert "cp-verdict" not in told(opened)
    assert "Núñez" not in told(opened)
    assert 'type="hidden" name="family_name"' in told(opened)
    assert "José Ángel Núñez-Ōta" in told(ask(number=credential.number, check=code))
    assert "José" not in told(ask(number=credential.number, check="BCDFGHJKMN"))


def test_too_many_misses_wait_ten_minutes_and_a_hit_costs_nothing(credential, clock):
    for _each in range(12):
        assert ask(number=credential.number, family_name="Núñez-Ōta").status_code == 200
    for _each in range(10):
        ask(number=credential.number, family_name="Smith")

    stopped = ask(number=credential.number, family_name="Núñez-Ōta")

    assert stopped.status_code == 429
    assert "Please wait 10 minutes, or call us" in stopped.content.decode()


def api(**typed):
    return Client().post(reverse("certification:check_api"), data=json.dumps(typed), content_type="application/json")


def test_programs_are_told_the_same_by_the_same_rule(credential):
    assert api(number=credential.number, family_name="Nunez-Ota", designation="MH").json() == {
        "valid": True,
        "on": "2027-11-30",
        "as_of": NOW.isoformat(),
        "name": "José Ángel Núñez-Ōta",
        "expires_on": "2031-09-30",
        "designation": "MH",
        "certified_as": True,
    }
    wrong, unknown = (
        api(number=credential.number, family_name="Smith"),
        api(number="MS-2027-99999-QQQ", family_name="A"),
    )
    assert wrong.json() == unknown.json() == {"valid": False, "on": "2027-11-30", "as_of": NOW.isoformat()}
    assert wrong.status_code == unknown.status_code == 200


def test_a_name_in_the_address_is_not_read(credential):
    address = reverse("certification:check_api")

    assert Client().get(address, {"number": credential.number, "family_name": "Nunez-Ota"}).status_code == 400
    code = Document.objects.get(kind="certificate").check_code
    assert Client().get(address, {"number": credential.number, "check": code}).json()["valid"] is True


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"number": 5}', b'{"number": "x", "family_name": "y", "on": "z"}']
)
def test_what_cannot_be_read_is_a_plain_400(body):
    response = Client().post(reverse("certification:check_api"), data=body, content_type="application/json")

    assert response.status_code == 400


def test_names_with_the_same_family_name_only_open_their_own_number(credential):
    other = certified(ready("Maria Núñez-Ōta"))

    assert "Maria" in told(ask(number=other.number, family_name="Núñez-Ōta"))
    assert other.issued_on == date(2027, 11, 19)
