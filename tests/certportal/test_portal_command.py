"""`make run`: it refuses in one sentence, stops as a whole, leaves nothing behind and keeps what it had."""

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest

from tests.stack import ROOT, RunStack, wait_until


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration with its sign-ins only, so that a start takes seconds."""
    folder = tmp_path_factory.mktemp("portal")
    stack = RunStack(folder)
    refused(stack, HOST="0.0.0.0")  # writes portal.env, and stops there
    for command in (["migrate", "-v0"], ["createcachetable"], ["load_program"], ["sync_roles"]):
        stack.manage(*command)
    stack.manage("seed_demo", "--only", "sign-ins")
    return folder


@pytest.fixture
def portal(home: Path) -> Iterator[RunStack]:
    stack = RunStack(home)
    stack.start()
    yield stack
    stack.stop()


def refused(stack: RunStack, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "portal"],
        cwd=ROOT,
        env={**stack.environment(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2, done.stdout
    return done.stdout.strip().splitlines()[-1]


def family_of(stack: RunStack) -> list[psutil.Process]:
    manager = psutil.Process(stack.processes["portal"].pid)
    return [manager, *manager.children(recursive=True)]


def living(family: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


# -- Refusals ----------------------------------------------------------------------------------------------


def test_a_taken_port_is_named_with_the_way_out(home: Path):
    stack = RunStack(home)
    with socket.socket() as other:
        other.bind(("127.0.0.1", stack.port))
        other.listen()

        said = refused(stack)

    assert said == (
        f"CommandError: Port {stack.port} is taken by another program. "
        f"Choose a free one: PORT={stack.port + 1} make run"
    )


def test_a_demonstration_does_not_answer_strangers(home: Path):
    said = refused(RunStack(home), HOST="0.0.0.0")

    assert said.startswith("CommandError: A demonstration answers on this machine only, not on 0.0.0.0.")


def test_the_web_server_alone_does_not_show_a_demonstration_to_strangers_either(home: Path):
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "certportal.wsgi"],
        cwd=ROOT,
        env={**RunStack(home).environment(), "HOST": "0.0.0.0"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "DEMONSTRATION=1 answers on 127.0.0.1 only" in done.stderr


def test_without_demonstration_a_missing_secret_stops_the_start(tmp_path: Path):
    stack = RunStack(tmp_path)
    done = subprocess.run(
        [sys.executable, "manage.py", "portal"],
        cwd=ROOT,
        env={**stack.environment(), "DEMONSTRATION": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("The portal cannot start: Set the SECRET_KEY environment variable.")


# -- Secrets and data --------------------------------------------------------------------------------------


def test_the_secrets_are_its_owners_only(home: Path):
    assert stat.S_IMODE((home / "var" / "portal.env").stat().st_mode) == 0o600


def test_a_second_run_keeps_the_secrets_and_takes_a_new_password(home: Path):
    before = (home / "var" / "portal.env").read_text()

    refused(RunStack(home), HOST="0.0.0.0", DEMO_PASSWORD='new "quoted" \\ word')

    after = (home / "var" / "portal.env").read_text()
    kept = [line for line in before.splitlines() if not line.startswith("DEMO_PASSWORD")]
    assert [line for line in after.splitlines() if not line.startswith("DEMO_PASSWORD")] == kept
    assert r'DEMO_PASSWORD="new \"quoted\" \\ word"' in after.splitlines()


def test_a_second_run_keeps_the_people_and_opens_with_the_password_of_today(portal: RunStack):
    code = "from accounts.models import User; u = User.objects.get(email='applicant@example.org'); print(u.pk, {})"
    first = portal.run(code.format("u.reference"))
    portal.stop()
    portal.password = "another password of the tests"

    portal.start()

    assert portal.run(code.format("u.reference")) == first
    assert portal.run(code.format(f"u.check_password({portal.password!r})")).endswith("True")


def test_a_demonstration_whose_dates_have_passed_says_so(home: Path):
    (home / "var" / "demonstration-built-on").write_text((date.today() - timedelta(days=90)).isoformat())
    stack = RunStack(home)

    stack.start()
    stack.stop()

    assert "This demonstration has gone stale" in stack.log.read_text()


# -- Stopping ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_a_word_stops_everything(portal: RunStack, word: signal.Signals):
    family = family_of(portal)

    portal.processes["portal"].send_signal(word)

    assert portal.processes["portal"].wait(20) == 0
    assert living(family) == []


def test_kill_9_leaves_no_child_after_ten_seconds(portal: RunStack):
    family = family_of(portal)

    os.kill(portal.processes["portal"].pid, signal.SIGKILL)

    wait_until(lambda: living(family) == [], 10, lambda: f"still there: {living(family)}")
