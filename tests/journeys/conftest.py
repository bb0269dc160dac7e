"""A portal of one's own for a walk, on a Monday morning of 2027."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.conftest import FLAVOURS
from tests.journeys.people import House
from tests.journeys.walk import Dates, central
from tests.stack import Stack

MONDAY = central(Dates().opening, 9)


@pytest.fixture(scope="module")
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """As everywhere, but the dates of a walk are always the same."""
    stack = FLAVOURS[getattr(request, "param", "postgres")](tmp_path_factory.mktemp("stack"))
    stack.travel_to(MONDAY)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="module")
def house(stack: Stack, browser: Browser) -> Iterator[Callable[..., House]]:
    """`house(scripts=False)`: everybody of one test, with browsers of their own."""
    houses: list[House] = []

    def open_house(*, scripts: bool = True) -> House:
        houses.append(House(stack, browser, scripts=scripts))
        return houses[-1]

    yield open_house
    for one in houses:
        one.close()
