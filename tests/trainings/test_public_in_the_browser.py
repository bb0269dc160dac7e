"""Finding a training, asking to be told, and one's own calendar: at 320 px, with scripts off, with nothing for axe."""

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.trainings.factories import FIRST_DAY, NOON, person, session
from trainings.models import Watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs a loop in this thread
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def narrow(open_page, live_server, pack):
    page = open_page(width=320, scripts=False)
    page.goto(live_server.url + reverse("trainings:list"))
    return page


def fits(page, axe):
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_somebody_looks_finds_nothing_and_asks_to_be_told(narrow, axe):
    page = narrow
    session()
    page.reload()
    fits(page, axe)

    assert page.get_by_role("heading", level=2).first.bounding_box()["y"] < 568, "a date on the first screen of a phone"
    page.get_by_text("Find by training, month or county").click()
    page.get_by_label("County").select_option("Hinds")
    page.get_by_label("Online or in person").select_option("in_person")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing fits that choice now.")).to_be_visible()
    expect(page.get_by_label("County")).to_have_value("Hinds")
    fits(page, axe)

    page.get_by_label("Your e-mail").fill("nobody")
    page.get_by_role("button", name="Tell me").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("Your e-mail")).to_have_value("nobody")
    fits(page, axe)

    page.get_by_label("Your e-mail").fill("nobody@example.org")
    page.get_by_role("button", name="Tell me").click()
    expect(page.get_by_text("We have it. We write once, when a date opens.")).to_be_visible()
    assert Watch.objects.get().county == "Hinds"


def test_on_a_wide_screen_the_choices_stand_there(open_page, live_server, pack, axe):
    session()
    page = open_page()
    page.goto(live_server.url + reverse("trainings:list"))

    page.get_by_label("County").select_option("Hinds")
    page.get_by_role("button", name="Show").click()

    expect(page.get_by_label("County")).to_have_value("Hinds")
    assert axe(page) == []


def test_a_course_leads_to_its_date_and_to_the_readiness_check(narrow, axe):
    page = narrow
    where = session()
    page.reload()
    page.get_by_role("main").get_by_role("list").last.get_by_role("link", name=where.course.title).click()
    fits(page, axe)
    page.get_by_role("link", name="Is this right for me?").first.click()
    fits(page, axe)
    page.go_back()
    page.get_by_role("heading", name=where.course.title).get_by_role("link").click()
    expect(page.get_by_role("link", name="Start my application")).to_be_visible()
    fits(page, axe)


def test_somebody_signed_in_makes_their_calendar_address_and_stops_what_they_asked_for(narrow, live_server, axe):
    page, me = narrow, person()
    session(first=FIRST_DAY)
    client = Client()
    client.force_login(me)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    page.goto(live_server.url + reverse("trainings:own_calendar"))
    fits(page, axe)
    page.get_by_role("button", name="Make my address").click()
    expect(page.get_by_text("/calendars/")).to_be_visible()
    fits(page, axe)

    page.goto(live_server.url + reverse("trainings:list") + "?mode=in_person")
    page.get_by_role("button", name="Tell me").click()
    fits(page, axe)
    page.get_by_role("button", name="Stop telling me").click()
    expect(page.get_by_text("Nothing now.")).to_be_visible()
    fits(page, axe)
