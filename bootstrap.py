"""Makes the environment `.venv` and the system packages the portal needs. Plain Python, so that it runs on anything.

    python3 bootstrap.py          what `make run` needs
    python3 bootstrap.py tests    what `make test`, `make check` and `make bench` need as well

Set-up is done when a stamp file holds the hash of what was asked for; a set-up that was cut short starts over.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".set-up-unfinished"
APT_LINE = "sudo apt-get update && sudo apt-get install -y make git python3-venv"


class CannotGoOn(Exception):
    """One sentence for the person at the keyboard."""


# -- What the machine must bring ---------------------------------------------------------------------------


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  (this file is what an older Python meets first)
        raise CannotGoOn(f"The portal needs Python 3.11 or newer; this is {sys.version.split()[0]}. Set PYTHON=… .")
    try:
        import ensurepip  # noqa: F401  (Debian keeps it in a package of its own)
    except ImportError as missing:
        raise CannotGoOn(
            f"Python cannot make environments here yet. Run this, then try again:\n\n  {APT_LINE}\n"
        ) from missing


def library(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def font(pattern: str) -> Callable[[], bool]:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
    return lambda: any(next(folder.rglob(pattern), None) for folder in folders if folder.is_dir())


def command(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def nothing_to_compile() -> bool:
    return not any((ROOT / "locale").glob("*/LC_MESSAGES/*.po")) or shutil.which("msgfmt") is not None


TO_RUN = {  # Debian package → is what it brings here already?
    "libpangoft2-1.0-0": library("libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": library("libharfbuzz-subset.so.0"),
    "fonts-noto-core": font("NotoSans-Regular.*"),  # names in any script stand on certificates
    "fonts-droid-fallback": font("DroidSansFallback*"),  # the scripts of East Asia, small
    "gettext": nothing_to_compile,
}
TO_TEST = {
    # The same browser without its windows: a page opens in a third of the time. A whole Chromium serves as well.
    "chromium-headless-shell": command("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    "libatomic1": library("libatomic.so.1"),
    "poppler-utils": command("pdftotext"),  # what a certificate says, read as a person would
}


def install_packages(wanted: dict[str, Callable[[], bool]]) -> None:
    missing = [package for package, is_there in wanted.items() if not is_there()]
    if not missing:
        return
    by_hand = f"sudo apt-get update && sudo apt-get install -y {' '.join(missing)}"
    apt = apt_get()
    if apt is None:
        raise CannotGoOn(f"Packages are missing and I may not install them. Run this, then try again:\n\n  {by_hand}\n")
    say(f"installing {', '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        if subprocess.run([*apt, *arguments], env=environment, stdout=subprocess.DEVNULL).returncode:
            raise CannotGoOn(f"Installing system packages failed. Run this, then try again:\n\n  {by_hand}\n")


def apt_get() -> list[str] | None:
    """How packages may be installed without asking anybody, or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode:
        return ["sudo", "-n", "apt-get"]
    return None


# -- The environment ---------------------------------------------------------------------------------------


def set_up(lock: Path, stamp: Path) -> None:
    if is_done(lock, stamp):
        return
    say("setting up .venv")
    make_environment()
    UNFINISHED.touch()
    install(lock)
    stamp.write_text(fingerprint(lock))
    UNFINISHED.unlink()


def is_done(lock: Path, stamp: Path, unfinished: Path = UNFINISHED) -> bool:
    return stamp.is_file() and stamp.read_text() == fingerprint(lock) and not unfinished.exists()


def fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def make_environment() -> None:
    """A new one where there is none, or where the last set-up was cut short and cannot be trusted."""
    if UNFINISHED.exists() or not works(PYTHON, "-m", "pip", "--version"):
        fresh = ["--clear"] if VENV.exists() else []
        run(sys.executable, "-m", "venv", *fresh, str(VENV))


def install(lock: Path) -> None:
    """With uv, which is several times faster, where the index has it; else with pip. Hashes are checked by both."""
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        only_uv = VENV / "uv.lock"
        only_uv.write_text(block_of("uv", ROOT / "requirements-dev.lock"))
        works(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(only_uv))
    hashed = ["install", "-q", "--require-hashes", "-r", str(lock)]
    if uv.exists() and works(uv, "pip", *hashed, "--python", str(PYTHON)):
        return
    run(PYTHON, "-m", "pip", *hashed)


def block_of(package: str, lock: Path) -> str:
    """One package's pin with its hashes."""
    lines, inside = [], False
    for line in lock.read_text().splitlines():
        inside = line.startswith(f"{package}==") or (inside and line.startswith(" "))
        if inside:
            lines.append(line)
    return "\n".join(lines) + "\n"


def works(*arguments: object) -> bool:
    if not Path(str(arguments[0])).exists():
        return False
    return subprocess.run([str(part) for part in arguments], capture_output=True).returncode == 0


def run(*arguments: object) -> None:
    if subprocess.run([str(part) for part in arguments]).returncode:
        raise CannotGoOn(f"This step failed, see above: {' '.join(str(part) for part in arguments)}")


def say(sentence: str) -> None:
    print(f"• {sentence}", flush=True)


def main(for_tests: bool) -> None:
    check_python()
    install_packages({**TO_RUN, **TO_TEST} if for_tests else TO_RUN)
    stamp_for_tests = VENV / ".set-up-for-tests"
    if for_tests or stamp_for_tests.exists():  # the larger set holds the smaller one
        set_up(ROOT / "requirements-dev.lock", stamp_for_tests)
    else:
        set_up(ROOT / "requirements.lock", VENV / ".set-up")


if __name__ == "__main__":
    try:
        main(for_tests=sys.argv[1:] == ["tests"])
    except CannotGoOn as stop:
        print(f"\n{stop}", file=sys.stderr)
        sys.exit(2)
