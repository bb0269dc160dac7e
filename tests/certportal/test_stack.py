"""The whole portal under a movable clock: what every journey rests on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.stack import RunStack, Stack, collected_static, wait_until

NEXT_YEAR = datetime(2027, 3, 1, 15, 30, tzinfo=UTC)
FLAVOURS = pytest.mark.parametrize("stack", ["postgres", "run"], indirect=True)


@FLAVOURS
def test_web_worker_and_beat_believe_in_the_same_moment(stack: Stack):
    stack.travel_to(NEXT_YEAR)

    with urlopen(f"{stack.url}/healthz") as answer:
        web = parsedate_to_datetime(answer.headers["Date"])
    assert abs(web - NEXT_YEAR) < timedelta(minutes=1)
    wait_until(lambda: last_heartbeat(stack) > NEXT_YEAR, 90, stack.log_end)


@FLAVOURS
def test_beat_goes_on_after_the_clock_has_moved(stack: Stack):
    stack.travel_to(NEXT_YEAR + timedelta(days=30))
    wait_until(lambda: last_heartbeat(stack) > NEXT_YEAR + timedelta(days=30), 90, stack.log_end)
    heard = last_heartbeat(stack)

    wait_until(lambda: last_heartbeat(stack) > heard, 90, stack.log_end)


@FLAVOURS
@pytest.mark.parametrize("service", ["worker", "beat", "web"])
def test_a_service_that_is_killed_comes_back(stack: Stack, service: str):
    before = {process.pid for process in stack.of(service)}

    stack.kill(service)

    wait_until(lambda: {process.pid for process in stack.of(service)} - before, 90, stack.log_end)
    stack.wait_until_ready()


def test_static_files_appear_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The second worker of the tests takes them from where the first one puts them, and a server lists them once."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    folder = tmp_path / "static-of-stacks"

    with ThreadPoolExecutor() as pool:
        made = pool.submit(collected_static)
        wait_until(folder.exists, 60)
        was_whole = (folder / "staticfiles.json").exists()

    assert was_whole
    assert made.result() == folder
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_stack_that_collects_for_itself_never_clears_what_others_serve(tmp_path: Path):
    """`make run` empties its folder before it fills it."""
    assert "STATIC_ROOT" not in RunStack(tmp_path).environment()


def last_heartbeat(stack: Stack) -> datetime:
    code = "from django.core.cache import cache; print((cache.get('worker-heartbeat')).isoformat())"
    return datetime.fromisoformat(stack.run(code))
