"""The movable clock of the stack. Python runs this first in every process that has this folder on its PYTHONPATH.

The distance from the real time stands in the file CLOCK; each process follows it within a moment. Intervals (beat's
schedule, timeouts, retries) go on in real seconds, since the monotonic clock is left alone. libfaketime would do the
same from outside, but Debian 12's breaks `time.sleep` of Python 3.11, which sleeps until a monotonic moment.
"""

import os
import threading
import time
from pathlib import Path

import time_machine

LOOK_EVERY = 0.05

real = time_machine.escape_hatch.time
clock = Path(os.environ["CLOCK"])
traveller = time_machine.travel(time.time(), tick=True).start()


def follow() -> None:
    seen = -1
    while True:
        seen = move(seen)
        time.sleep(LOOK_EVERY)


def move(seen: int) -> int:
    written = clock.stat().st_mtime_ns
    if written != seen:
        traveller.move_to(real.time() + float(clock.read_text()), tick=True)
    return written


def start_following() -> None:
    move(-1)
    threading.Thread(target=follow, daemon=True).start()


start_following()
os.register_at_fork(after_in_child=start_following)  # a thread does not survive a fork
