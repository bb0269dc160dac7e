"""Many processes at once, each with a connection of its own, let go at the same instant."""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import zip_longest
from threading import BrokenBarrierError

from django.db import connections

_FORK = multiprocessing.get_context("fork")


Act = Callable[[], None]


def let_go(acts: Sequence[Act], warm_ups: Sequence[Act] = ()) -> float:
    """Seconds from the start signal to the last process's end. Starting, connecting and what each process does once
    in its life (`warm_ups`) are not timed."""
    connections.close_all()  # a child must not inherit a connection
    gate, done = _FORK.Barrier(len(acts) + 1), _FORK.SimpleQueue()
    pairs = zip_longest(acts, warm_ups)
    children = [_FORK.Process(target=_child, args=(act, warm, gate, done), daemon=True) for act, warm in pairs]
    for child in children:
        child.start()
    with suppress(BrokenBarrierError):  # a child says what went wrong
        gate.wait(timeout=60)
    started = time.perf_counter()
    wrong = [trouble for trouble in (done.get() for _ in children) if trouble]
    took = time.perf_counter() - started
    for child in children:
        child.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return took


def _child(act: Act, warm: Act | None, gate: object, done: object) -> None:
    trouble = ""
    try:
        connections["default"].ensure_connection()
        if warm is not None:
            warm()
        gate.wait(timeout=60)  # type: ignore[attr-defined]
        act()
    except BaseException as wrong:
        trouble = f"{type(wrong).__name__}: {wrong}"
        gate.abort()  # type: ignore[attr-defined]
    finally:
        connections.close_all()
        done.put(trouble)  # type: ignore[attr-defined]
        os._exit(0)  # nothing of the parent's is this process's to clean up


def shared_out(things: Sequence, among: int) -> list[list]:
    """Dealt like cards, so that everybody has as many."""
    return [list(things[start::among]) for start in range(among)]
