"""What `make run` starts: the same path with scripts off, and the weight of each page as it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.journeys.looking import OFFICE, name_of
from tests.journeys.people import House, Person
from tests.journeys.walk import Walk
from tests.stack import RunStack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.stack,
    pytest.mark.parametrize("stack", ["run"], indirect=True),
]

HEAVIEST = 150_000  # bytes
NOT_PAGES = re.compile(r"\.ics$|/logout|/papers/|/documents/\d|/demo/|/static/|/api/")


# -- Weight ------------------------------------------------------------------------------------------------


class Scales:
    """Adds up what comes over the wire for one page, with nothing kept from the page before."""

    def __init__(self, page: Page) -> None:
        self.page, self.bytes = page, 0
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def weigh(self, url: str) -> int:
        self.bytes = 0
        self.page.goto(url)
        self.page.wait_for_load_state("networkidle")
        return self.bytes

    @property
    def links(self) -> list[str]:
        found: list[str] = self.page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        return [link.partition("#")[0] for link in found]


def _weigh_all(person: Person, *starts: str) -> dict[str, int]:
    """Every kind of page one can click to from here, each kind once."""
    house, scales = person.house, Scales(person.page)
    ahead = [house.stack.url + path for path in starts]
    weighed: dict[str, int] = {}
    while ahead:
        url = ahead.pop(0)
        path = urlsplit(url).path
        if not url.startswith(house.stack.url) or path.startswith(OFFICE) or NOT_PAGES.search(path):
            continue
        if name_of(url) in weighed:
            continue
        weighed[name_of(url)] = scales.weigh(url)
        ahead += scales.links
    return weighed


def test_the_first_load_of_every_public_page_is_light(stack: RunStack, house: Callable[..., House]) -> None:
    visitor = house().person("a visitor")

    weighed = _weigh_all(visitor, "/", "/verify/", "/accounts/login/", "/peer-support/")

    assert len(weighed) > 15
    assert {name: size for name, size in weighed.items() if size > HEAVIEST} == {}


@pytest.mark.parametrize("address", ["applicant@example.org", "kai@example.org", "reggie@example.org"])
def test_the_first_load_of_every_page_of_an_applicant_is_light(
    stack: RunStack, house: Callable[..., House], address: str
) -> None:
    person = house().person(address).signs_in()

    weighed = _weigh_all(person, "/me/", "/certification/", "/employment/", "/scholarships/")

    assert len(weighed) > 20
    assert {name: size for name, size in weighed.items() if size > HEAVIEST} == {}


# -- Without scripts -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def walk(stack: RunStack, house: Callable[..., House], browser: Browser) -> Walk:
    """The Board sits already in the demonstration's year, so nobody seats it again."""
    walk = Walk(house(scripts=False))
    walk.the_office_lists_a_provider()
    walk.the_training_office_plans_a_session()
    walk.the_board_is_called_together()
    walk.the_scholarship_officer_opens_a_round()
    return walk


def test_the_whole_path_can_be_walked_with_scripts_off(walk: Walk) -> None:
    walk.until_the_application_is_sent()
    walk.until_they_have_a_seat()
    walk.until_they_are_trained()
    walk.until_they_are_employed()
    walk.until_they_are_certified()

    walk.applicant.signs_in().opens("/me/").reads("You are certified")
