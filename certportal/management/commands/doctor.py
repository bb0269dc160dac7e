"""Look over an installation: every part with a line, and where something is wrong, what mends it."""

import ctypes
import subprocess
from collections.abc import Callable
from datetime import date
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from certportal import health
from programs.program import program

LIBRARIES = ("libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")


class Ailment(Exception):
    """What is wrong and what mends it, in one sentence."""


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        found = {part: self._examine(part, examine) for part, examine in EXAMINATIONS.items()}
        if not all(found.values()):
            raise CommandError("Something needs mending, see above.", returncode=1)
        self.stdout.write("The portal is well.")

    def _examine(self, part: str, examine: Callable[[], None]) -> bool:
        try:
            examine()
        except (
            Exception
        ) as trouble:  # whatever a part's library raises is shown, and the other parts are still looked at
            said = str(trouble) if isinstance(trouble, Ailment) else f"{type(trouble).__name__}: {trouble}"
            self.stdout.write(f"MEND  {part:<10} {said.strip()}")
            return False
        self.stdout.write(f"ok    {part}")
        return True


def _secrets() -> None:
    if len(settings.SECRET_KEY) < 50:
        raise Ailment("SECRET_KEY is short. Put 50 random characters or more into the environment.")
    for key in settings.STORY_KEYS:
        try:
            Fernet(key)
        except ValueError:
            raise Ailment("A key in STORY_KEYS is no Fernet key. See .env.example for how to make one.") from None


def _database() -> None:
    trouble = health.look(timezone.now())["database"]
    if trouble:
        raise Ailment(f"The database does not answer ({trouble}). Check DATABASE_URL and that its server runs.")
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Ailment("Migrations are waiting. Run: python manage.py migrate")


def _program() -> None:
    today: date = timezone.localdate()
    if not program(today).designations:
        raise Ailment("No rules are loaded. Run: python manage.py load_program")


def _broker() -> None:
    trouble = health.look(timezone.now())["broker"]
    if trouble:
        raise Ailment(f"The broker does not answer ({trouble}). Check CELERY_BROKER_URL or REDIS_URL.")


def _worker() -> None:
    if health.look(timezone.now())["worker"]:
        raise Ailment(
            "No heartbeat from the worker. Start both: celery -A certportal worker, and celery -A certportal beat"
        )


def _fonts() -> None:
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            raise Ailment(f"{name} is missing. Run: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0") from None
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True).stdout
    if "Noto Sans" not in listed:
        raise Ailment(
            "Certificates could not show every name. Run: apt-get install fonts-noto-core fonts-droid-fallback"
        )


def _storage() -> None:
    name = default_storage.save("doctor.txt", ContentFile(b"well"))
    try:
        with default_storage.open(name) as kept:
            if kept.read() != b"well":
                raise Ailment("Private storage does not give back what was put in. Check STORAGES and its rights.")
    finally:
        default_storage.delete(name)


EXAMINATIONS = {
    "secrets": _secrets,
    "database": _database,
    "program": _program,
    "broker": _broker,
    "worker": _worker,
    "fonts": _fonts,
    "storage": _storage,
}
