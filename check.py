"""`make check`: everything that can be said about the code without running the portal. All checks run; any may fail.

Each runs under production's settings, with throw-away secrets.
"""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON = sys.executable

CHECKS: dict[str, Sequence[object]] = {
    "style": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "who imports whom": [BIN / "lint-imports"],
    "types": [BIN / "mypy", "--no-error-summary", "."],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": [PYTHON, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
}


def as_in_production(var: str) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if name not in ("DEMONSTRATION", "DEMO_PASSWORD")}
    return {
        **given,
        "VAR_DIR": var,
        "SECRET_KEY": secrets.token_urlsafe(60),
        "STORY_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "portal.example.org",
        "DATABASE_URL": f"sqlite:///{var}/check.sqlite3",
        "REDIS_URL": "redis://127.0.0.1:1/0",  # named, never asked
    }


def passes(name: str, command: Sequence[object], environment: dict[str, str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    is_well = done.returncode == 0
    print(f"{'ok    ' if is_well else 'FAILED'}  {name}  {time.monotonic() - started:.1f} s", flush=True)
    if not is_well:
        print(done.stdout, flush=True)
    return is_well


def main() -> int:
    wanted = {name: CHECKS[name] for name in sys.argv[1:] or CHECKS}
    with tempfile.TemporaryDirectory() as var:
        environment = as_in_production(var)
        results = [passes(name, command, environment) for name, command in wanted.items()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
