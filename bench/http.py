"""Signing up over HTTP: gunicorn with two workers, sixteen clients, signed in, CSRF, redirect; beside a bare Django."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from accounts.models import User
from bench import bare, ground
from bench.benchmark import Benchmark
from bench.crowd import let_go, shared_out
from tests.mail import free_port
from tests.stack import collected_static
from trainings.models import Registration

CLIENTS = 16
CSRF = "b" * 32
CONFIG = Path(__file__).with_name("gunicorn.conf.py")


class Server:
    """One gunicorn on the benchmark's database, with two workers."""

    def __init__(self, application: str, **environment: str) -> None:
        self.port = free_port()
        database = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
        here = f"127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", application, "--config", str(CONFIG), "--bind", here],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DATABASE_URL": database,
                "STATIC_ROOT": str(collected_static()),
                **environment,
            },
        )

    def wait(self, path: str) -> None:
        for _ in range(600):
            try:
                asked = HTTPConnection("127.0.0.1", self.port, timeout=5)
                asked.request("GET", path)
                asked.getresponse()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server did not answer")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


class Posting(Benchmark):
    name = "over HTTP: the press alone, 16 clients"
    control_name = "bare Django, press alone"
    bound = "at least 0.20 of its rate"
    reads = "rate"
    size, size_quick = 160, 32
    reads_the_page = False

    def prepare(self, size: int) -> None:
        ground.empty()
        if bare.Press._meta.db_table not in connection.introspection.table_names():
            with connection.schema_editor() as editor:
                editor.create_model(bare.Press)
        now = timezone.now()
        first = (now + timedelta(days=60)).date()
        self.session = ground.session(by=ground.staff(), first=first, at=now)
        self.people = ground.people(size)

    def subject(self) -> float:
        server = Server("certportal.wsgi", DJANGO_SETTINGS_MODULE="certportal.settings")
        try:
            server.wait("/healthz")
            backend = settings.AUTHENTICATION_BACKENDS[0]
            took = self._crowd(server.port, f"/trainings/{self.session.reference}/sign-up/", backend)
        finally:
            server.stop()
        assert Registration.objects.filter(session=self.session).count() == len(self.people)
        return took

    def control(self) -> float:
        server = Server("bench.bare:application", DJANGO_SETTINGS_MODULE="")
        try:
            server.wait("/sign-up/")
            took = self._crowd(server.port, "/sign-up/", "django.contrib.auth.backends.ModelBackend")
        finally:
            server.stop()
        assert bare.Press.objects.count() >= len(self.people)
        return took

    def _crowd(self, port: int, path: str, backend: str) -> float:
        keys = [_signed_in(person, backend) for person in self.people]
        shares = shared_out(keys, CLIENTS)
        # Each worker answers a few pages first: what a process does once in its life is not timed.
        warm_ups = [_client(port, path, share[:1], presses=False) for share in shares]
        return let_go([_client(port, path, share, reads=self.reads_the_page) for share in shares], warm_ups)


class PageAndPosting(Posting):
    name = "over HTTP: page and press, 16 clients"
    control_name = "bare Django, page and press"
    bound = "at least 0.15 of its rate"
    reads_the_page = True


def _signed_in(person: User, backend: str) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


def _client(
    port: int, path: str, keys: Sequence[str], *, reads: bool = True, presses: bool = True
) -> Callable[[], None]:
    def act() -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        for key in keys:
            cookies = f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={CSRF}"
            if reads:
                _ask(line, "GET", path, cookies, expected=200)
            if presses:
                _ask(line, "POST", path, cookies, expected=302)

    return act


def _ask(line: HTTPConnection, method: str, path: str, cookies: str, *, expected: int) -> None:
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    line.request(method, path, body=f"csrfmiddlewaretoken={CSRF}" if method == "POST" else None, headers=headers)
    answer = line.getresponse()
    body = answer.read()
    if answer.status != expected:
        raise RuntimeError(f"{method} {path} answered {answer.status}: {body[:300]!r}")
