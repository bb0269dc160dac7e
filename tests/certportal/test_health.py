"""What balancers and people are told while something is away."""

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.stack import PostgresStack, wait_until


@pytest.fixture
def database_away(stack: PostgresStack):
    stack.take_database_away()
    yield
    stack.give_database_back()


def status_of(address: str) -> int:
    try:
        with urlopen(address, timeout=20) as answer:
            return answer.status
    except HTTPError as refusal:
        return refusal.code


def test_a_page_says_try_again_while_the_database_is_away(stack: PostgresStack, database_away: None):
    with pytest.raises(HTTPError) as refusal:
        urlopen(f"{stack.url}/trainings/", timeout=20)

    assert (refusal.value.code, refusal.value.headers["Retry-After"]) == (503, "30")


def test_the_process_is_well_and_the_portal_not_ready_while_the_database_is_away(
    stack: PostgresStack, database_away: None
):
    assert (status_of(f"{stack.url}/healthz"), status_of(f"{stack.url}/readyz")) == (200, 503)


def test_pages_are_back_as_soon_as_the_database_is(stack: PostgresStack):
    stack.take_database_away()
    assert status_of(f"{stack.url}/trainings/") == 503

    stack.give_database_back()

    wait_until(lambda: status_of(f"{stack.url}/trainings/") == 200, 60, stack.log_end)


def test_the_portal_is_not_ready_while_the_broker_is_away(stack: PostgresStack):
    stack.broker.stop()
    assert status_of(f"{stack.url}/readyz") == 503

    stack.broker.start()

    stack.wait_until_ready()


def test_an_error_of_our_own_stays_an_error(client, settings):
    settings.ROOT_URLCONF = "tests.certportal.broken_urls"
    client.raise_request_exception = False

    answer = client.get("/broken/")

    assert (answer.status_code, "Retry-After" in answer) == (500, False)
