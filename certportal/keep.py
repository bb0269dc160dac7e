"""Keeps one service running for as long as the process that started this one lives.

    python keep.py gunicorn certportal.wsgi

Run as a file, without Django. The service is started again when it dies unasked. It is stopped, with everything it
has started, on TERM, on INT, and when our parent has gone (kill -9 tells nobody, so we look).
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

LOOK_EVERY = 0.25
GRACE = 4.0  # below honcho's five seconds, after which it would kill us and leave the service alone
TOO_QUICK = 5.0  # a service that ends sooner than this, three times in a row, will not come up
PR_SET_PDEATHSIG = 1


def die_with_parent(of: signal.Signals = signal.SIGKILL) -> None:
    """Ask Linux to signal this process when its parent dies; elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, of)


class Keeper:
    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.parent = os.getppid()
        self.is_asked_to_stop = False

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        quick_ends = 0
        while True:
            started = time.monotonic()
            service = subprocess.Popen(self.command, start_new_session=True, preexec_fn=die_with_parent)
            self._watch(service)
            if self._must_stop:
                return _stop(service)
            _sweep(service)
            quick_ends = quick_ends + 1 if time.monotonic() - started < TOO_QUICK else 0
            if quick_ends == 3:
                return service.returncode or 1
            print(f"ended with {service.returncode}; starting again", flush=True)
            time.sleep(1)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_asked_to_stop = True

    @property
    def _must_stop(self) -> bool:
        return self.is_asked_to_stop or os.getppid() != self.parent

    def _watch(self, service: subprocess.Popen[bytes]) -> None:
        while not self._must_stop:
            try:
                service.wait(LOOK_EVERY)
                return
            except subprocess.TimeoutExpired:
                continue


def _stop(service: subprocess.Popen[bytes]) -> int:
    service.terminate()
    with suppress(subprocess.TimeoutExpired):  # what does not go by itself is swept
        service.wait(GRACE)
    _sweep(service)
    service.wait()
    return 0


def _sweep(service: subprocess.Popen[bytes]) -> None:
    """Nothing the service has started outlives it."""
    with suppress(ProcessLookupError):
        os.killpg(service.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(Keeper(sys.argv[1:]).run())
