"""The cache forgets while its server is away, and breaks nothing."""

import pytest
from django.conf import settings
from django.core.cache import cache

from certportal.cache import ForgivingRedisCache
from tests.mail import free_port


@pytest.fixture
def away():
    return ForgivingRedisCache(f"redis://127.0.0.1:{free_port()}/0", {"OPTIONS": settings.CACHES["default"]["OPTIONS"]})


def test_it_remembers_while_its_server_is_there():
    cache.set("tries", 1)

    assert (cache.incr("tries"), cache.get("tries"), cache.add("tries", 1)) == (2, 2, False)


def test_it_forgets_while_its_server_is_away(away):
    away.set("tries", 1)

    answers = away.get("tries", "nothing"), away.add("tries", 1), away.incr("tries"), away.delete("tries")

    assert answers == ("nothing", True, 1, False)
