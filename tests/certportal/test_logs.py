"""Addresses with a token stay out of the log, whatever went wrong at them."""

import io
import logging
import logging.config
from copy import deepcopy

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

TOKEN = "IjE2Ig:1sXyZ-9tokenword"


@pytest.fixture
def log():
    """The console of the portal's own settings, written into a string."""
    said = io.StringIO()
    configurator = logging.config.DictConfigurator(deepcopy(settings.LOGGING))
    handler = logging.StreamHandler(said)
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(configurator.configure_filter(configurator.config["filters"][name]))
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    yield said
    logger.removeHandler(handler)


def with_token(patterns, path=""):
    for one in patterns:
        here = path + str(one.pattern)
        if isinstance(one, URLPattern):
            if "token" in one.pattern.converters:
                yield here.replace("<str:token>", TOKEN)
        else:
            yield from with_token(one.url_patterns, here)


def test_every_address_with_a_token_is_masked(log):
    addresses = sorted(set(with_token(get_resolver().url_patterns)))
    assert len(addresses) >= 8

    for address in addresses:
        logging.getLogger("django.request").warning("Forbidden: %s", f"/{address}")

    assert "Forbidden: /offers/…/" in log.getvalue()
    assert TOKEN not in log.getvalue()


@pytest.mark.django_db
def test_a_refused_press_names_no_token(log):
    Client(enforce_csrf_checks=True).post(reverse("trainings:offer", args=[TOKEN]), {"answer": "yes"})

    assert "/offers/…/" in log.getvalue() and TOKEN not in log.getvalue()


def test_neither_does_the_trace_of_a_broken_page(log):
    try:
        raise RuntimeError(f"at /calendars/{TOKEN}.ics")
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error")

    assert "at /calendars/…" in log.getvalue() and TOKEN not in log.getvalue()
