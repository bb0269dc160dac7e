"""What tests ask for by name: a browser, a mail sink, a worker, the whole portal, an accessibility check."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.plugin import blocking_manager_key

from tests.browsing import PATIENCE, UNSCRIPTED, AxeViolation, check_accessibility, chromium, screenshot_of_failure
from tests.mail import MailSink
from tests.stack import ROOT, PostgresStack, RunStack, Stack

LONGEST_FIRST = {name: place for place, name in enumerate(("test_whole_path.py", "test_without_scripts.py"))}
# A busy machine is no reason to fail: no test looks at how long an example or a page took.
expect.set_options(timeout=PATIENCE)
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")

FLAVOURS = {"postgres": PostgresStack, "run": RunStack}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long walks first, so that the other worker does all the short tests meanwhile and nobody waits at the end."""
    items.sort(key=lambda item: LONGEST_FIRST.get(item.path.name, len(LONGEST_FIRST)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Let fixtures know at their end how the test went."""
    report = yield
    if report.when == "call":
        item.report_of_call = report
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test with real transactions empties the tables at its very end; the next one, in whatever order, finds the
    program again. After the last one of all there is no database any more."""
    result = yield
    if nextitem is None:
        return result
    marker = item.get_closest_marker("django_db")
    is_real = marker is not None and marker.kwargs.get("transaction", False)
    if is_real or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
        with item.config.stash[blocking_manager_key].unblock():
            _load_program()
    return result


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and counters of one test are not the next one's."""
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Every test finds the program of Mississippi loaded, as a real installation would."""
    with django_db_blocker.unblock():
        _load_program()


@pytest.fixture
def pack(db: None) -> None:
    """For tests that run after the tables were emptied (real transactions): the program is there again."""
    from programs.models import RuleVersion

    if not RuleVersion.objects.exists():
        _load_program()


def _load_program() -> None:
    from programs.workflow import PACKS, load_pack  # after Django is set up

    load_pack(PACKS / "mississippi.toml", at=datetime(2016, 7, 1, 15, tzinfo=UTC))
    with connection.cursor() as cursor:  # each test's history begins empty; a row could not be deleted
        cursor.execute("TRUNCATE audit_entry")


# -- The browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Where it is missing the test fails: a skipped browser test proves nothing."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`open_page(width=320, scripts=False)`: a page of a person of their own, with cookies of their own."""
    contexts = []

    def open_one(*, width: int = 1280, height: int = 900, scripts: bool = True, **more: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts, **more)
        contexts.append(context)
        if not scripts:
            UNSCRIPTED.add(context)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    yield open_one
    for context in contexts:
        screenshot_of_failure(context, request.node)
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[AxeViolation]]:
    """`assert axe(page) == []`: WCAG 2.2 A and AA, target size included."""
    return check_accessibility


# -- Mail, worker, the whole portal ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def smtp_sink() -> Iterator[MailSink]:
    """A mail server that keeps what it gets in `.messages`; `.stop()` and `.start()` make an outage."""
    sink = MailSink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def worker(transactional_db: None) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker on this test's own database and broker."""
    own_database = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    own_database["DATABASE_URL"] = (
        os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "certportal", "worker", "--concurrency=2", "--loglevel=warning"],
        cwd=ROOT,
        env=own_database,
    )
    yield process
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole portal: web, worker and beat, under a clock that `stack.travel_to(moment)` sets for all of them.

    PostgreSQL, Valkey and a mail sink; or, with `@pytest.mark.parametrize("stack", ["run"], indirect=True)`, what
    `make run` starts: SQLite, files as broker, mail in files, the demonstration's people.
    """
    stack = FLAVOURS[getattr(request, "param", "postgres")](tmp_path_factory.mktemp("stack"))
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where screenshots of a journey are kept for whoever wants to look."""
    folder = ROOT / "artefacts"
    folder.mkdir(exist_ok=True)
    return folder
