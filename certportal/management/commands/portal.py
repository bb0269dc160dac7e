"""The demonstration in one command: prepare everything, then run web, worker and beat until told to stop."""

import fcntl
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TextIO
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone
from honcho.manager import Manager
from honcho.process import Process

from accounts.models import User
from certportal.demonstration.environment import is_loopback
from certportal.demonstration.people import SIGN_INS, SignIn
from certportal.keep import die_with_parent
from certportal.roles import ROLES

STALE_AFTER = timedelta(days=60)  # by then the deadlines of the demonstration's year have mostly passed
STALE = "This demonstration has gone stale: most of its dates have passed. `make reset` and `make run` build a new one."
KEEP = Path(__file__).resolve().parents[2] / "keep.py"


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--stop-with-make", action="store_true", help="stop when the make that started it is gone")

    def handle(self, *args: Any, stop_with_make: bool, **options: Any) -> None:
        if stop_with_make:
            die_with_parent(of=signal.SIGTERM)
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
        _refuse_strangers(host)
        lock = _only_one(settings.VAR)
        _refuse_taken_port(host, port)
        self._prepare()
        connections.close_all()  # what is forked from here opens its own
        threading.Thread(target=self._announce, args=(f"http://{host}:{port}",), daemon=True).start()
        code = _run_services()
        lock.close()
        sys.exit(code)

    # -- before anybody may come in ------------------------------------------------------------------------

    def _prepare(self) -> None:
        _python("-m", "certportal.assets")
        _compile_messages()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_program")
        call_command("sync_roles")
        if settings.DEMONSTRATION:
            self._prepare_demonstration()
        _collect_static()

    def _prepare_demonstration(self) -> None:
        built_on = settings.VAR / "demonstration-built-on"
        if not _demonstration_people().exists():
            self.stdout.write("Building the demonstration's year …")
            call_command("seed_demo")
            built_on.write_text(timezone.localdate().isoformat())
        elif built_on.exists() and timezone.localdate() - date.fromisoformat(built_on.read_text()) > STALE_AFTER:
            self.stdout.write(STALE)
        _keep_password()

    # -- when it answers -----------------------------------------------------------------------------------

    def _announce(self, address: str) -> None:
        time.sleep(1)  # the manager forks meanwhile, and nobody may hold a lock then
        while not _answers(f"{address}/healthz"):
            time.sleep(0.2)
        lines = ["", f"The portal answers at {address}", ""]
        if settings.DEMONSTRATION:
            lines += [f"  {one.email:<26}{_office(one)}" for one in SIGN_INS]
            lines += ["", f"The password of all of them: {settings.DEMO_PASSWORD}"]
            lines += [f"All mail it sends: {address}/demo/outbox/", "Ctrl-C stops it; the data stays.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


# -- Refusals: one sentence, nothing started ----------------------------------------------------------------


def _refuse_strangers(host: str) -> None:
    if settings.DEMONSTRATION and not is_loopback(host):
        raise CommandError(
            f"A demonstration answers on this machine only, not on {host}. Leave HOST out, or see docs/deploy.md.",
            returncode=2,
        )


def _only_one(var: Path) -> TextIO:
    """Two portals on one folder would be two workers on one file queue; the lock goes with the process."""
    var.mkdir(parents=True, exist_ok=True)
    lock = (var / "portal.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            "The portal is running already, in another window. Stop that one first.", returncode=2
        ) from None
    return lock


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CommandError(
                f"Port {port} is taken by another program. Choose a free one: PORT={port + 1} make run",
                returncode=2,
            ) from None


# -- Steps --------------------------------------------------------------------------------------------------


def _python(*arguments: str) -> None:
    if subprocess.run([sys.executable, *arguments], cwd=settings.BASE_DIR).returncode:
        raise CommandError(f"This step failed, see above: python {' '.join(arguments)}", returncode=2)


def _compile_messages() -> None:
    for source in settings.BASE_DIR.glob("locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["msgfmt", "-o", str(compiled), str(source)], check=True)


def _collect_static() -> None:
    """Compressing takes seconds, so only when a file has changed."""
    found = sorted(
        f"{path} {os.stat(storage.path(path)).st_size} {os.stat(storage.path(path)).st_mtime_ns}"
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    stamp = Path(f"{settings.STATIC_ROOT}.stamp")
    if stamp.exists() and stamp.read_text() == "\n".join(found):
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text("\n".join(found))


def _demonstration_people() -> Any:
    return User.objects.filter(email__endswith="@example.org")


def _keep_password() -> None:
    """The demonstration's people open with the password of today, also where DEMO_PASSWORD has changed."""
    people = [person for person in _demonstration_people() if person.has_usable_password()]
    if people and people[0].check_password(settings.DEMO_PASSWORD):
        return
    password = make_password(settings.DEMO_PASSWORD)
    User.objects.filter(pk__in=[person.pk for person in people]).update(password=password)


def _office(sign_in: SignIn) -> str:
    titles = ", ".join(ROLES[role].title for role in sign_in.roles)
    return titles or sign_in.work or "A person on the way to a certificate"


# -- Running ------------------------------------------------------------------------------------------------


class KeptProcess(Process):
    """A line reader that dies with the manager, even of kill -9; its service then stops itself."""

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        die_with_parent()
        super().run(events, ignore_signals)


def _run_services() -> int:
    manager = Manager()
    manager._process_ctor = KeptProcess
    celery = [sys.executable, "-m", "celery", "-A", "certportal"]
    quiet = ["--loglevel=warning"]
    services = {
        "web": [sys.executable, "-m", "gunicorn", "certportal.wsgi"],
        "worker": [*celery, "worker", *quiet, "--concurrency=2", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", *quiet, "--pidfile="],
    }
    for name, command in services.items():
        manager.add_process(name, "exec " + shlex.join([sys.executable, "-P", str(KEEP), *command]))
    manager.loop()
    was_asked = manager.returncode in (128 + signal.SIGINT, 128 + signal.SIGTERM)
    return 0 if was_asked else (manager.returncode or 1)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:  # noqa: S310  (our own loopback address)
            return answer.status == 200
    except OSError:
        return False
