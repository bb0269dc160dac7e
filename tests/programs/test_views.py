import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from programs.models import Page
from programs.pages import render
from programs.urls import PAGES

pytestmark = pytest.mark.django_db


def words_of(response):
    """The text of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("slug", PAGES)
def test_every_page_of_words_answers_signed_out(client, slug):
    response = client.get(f"/{slug}/")

    assert response.status_code == 200
    assert Page.objects.get(slug=slug).heading in words_of(response)


def test_the_peer_support_page_leads_to_each_designation_of_today(client):
    page = client.get("/peer-support/").content.decode()

    links = re.findall(r'href="(/peer-support/[a-z-]+/)"', page)
    assert links == [f"/peer-support/{code}/" for code in ("cpssp-mh", "cpssp-su", "cpssp-y", "cpssp-p")]


@pytest.mark.parametrize(("slug", "count"), [("cpssp-mh", 9), ("cpssp-p", 9), ("cpssp-y", 8), ("cpssp-su", 8)])
def test_a_designation_page_lists_its_activities_with_the_rule_and_its_dates(client, slug, count):
    response = client.get(f"/peer-support/{slug}/")

    listed = response.content.decode().split('id="work"')[1].split("</ul>")[0]
    assert listed.count("<li>") == count
    said = words_of(response)
    assert "Rule 42.2" in said
    assert "July 1, 2016, September 1, 2020, and November 1, 2024" in said
    assert "Recovery Support Plan" in said


def test_an_earlier_designation_says_until_when_and_what_it_is_called_now(client):
    said = words_of(client.get("/peer-support/cpssp-a/"))

    assert "This name was used until October 31, 2024. Now called: Mental Health / Substance Use." in said


@pytest.mark.parametrize("slug", ["cpssp-z", "CPSSP-MH", "adult", "cpss-supervisor"])
def test_an_unknown_designation_is_not_found(client, slug):
    assert client.get(f"/peer-support/{slug}/").status_code == 404


def test_readiness_shows_nine_statements_signed_out(client):
    page = client.get("/readiness/").content.decode()

    assert page.count("<fieldset") == 9
    assert "checked" not in page


def test_readiness_shows_back_what_was_said_and_keeps_nothing(client):
    response = client.post("/readiness/", {"r01": "yes", "r02": "not_yet", "r03": "no", "r04": "<script>"})

    said = words_of(response)
    assert response.status_code == 200
    assert "What you said" in said
    assert "You can apply with any answers." in said
    assert "score" not in said.replace("There is no score", "")
    assert "<script>" not in response.content.decode().split("<main")[1]
    assert not Entry.objects.filter(event__contains="readiness").exists()
    assert "sessionid" not in response.cookies
    assert client.get("/readiness/").content.decode().count(" checked") == 0


def test_readiness_ends_with_eleven_questions_to_think_about_and_nowhere_to_send_them(client):
    page = client.get("/readiness/").content.decode()

    think = page.partition('aria-labelledby="think"')[2].partition("</section>")[0]
    assert think.count("<li>") == 11
    assert "<form" not in think and "<input" not in think and "There is nothing to send." in think


@pytest.mark.parametrize("answer", ["yes", "no", "not_yet", ""])
def test_readiness_writes_no_row_and_says_the_same_next_step_to_everybody(client, answer):
    with CaptureQueriesContext(connection) as made:
        page = client.post("/readiness/", {f"r0{number}": answer for number in range(1, 10)}).content.decode()

    assert [one["sql"] for one in made if not one["sql"].startswith("SELECT")] == []
    assert "You can apply with any answers. The choice is yours." in page
    assert 'href="/trainings/">Find a training</a>' in page


def test_words_of_staff_cannot_bring_markup_of_their_own():
    shown = render('Hello <script>alert(1)</script> [x](javascript:alert(1)) <b onclick="x">b</b> **bold**')

    assert "<script" not in shown
    assert "javascript:" not in shown.split("[x]")[0]
    assert 'href="javascript' not in shown
    assert "<b " not in shown
    assert "<strong>bold</strong>" in shown


def test_a_page_has_one_first_heading_and_one_filled_button_at_most(client):
    for address in ("/peer-support/", "/peer-support/cpssp-mh/", "/readiness/", "/questions/"):
        page = client.get(address).content.decode()

        assert page.count("<h1") == 1
        assert len(re.findall(r'class="usa-button"', page)) <= 1


def test_the_addresses_are_the_fixed_ones():
    assert reverse("programs:success_stories") == "/success-stories/"
    assert reverse("programs:designation", args=["cpssp-mh"]) == "/peer-support/cpssp-mh/"
