"""`make bench`: each benchmark beside its control on the same rows, in turns; medians and their ratio, one line each.

`QUICK=1` makes one short repetition: it shows that the benchmarks run, not how fast anything is.
"""

import os
import statistics
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from bench import allocating, history, http, lists, owed, registering
from bench.benchmark import Benchmark

QUICK = os.environ.get("QUICK", "") not in ("", "0")
ROUNDS = 1 if QUICK else 5


def measure(benchmark: Benchmark) -> str:
    """In turns, so that a busy moment of the machine falls on both; the first turn warms up and is not counted."""
    ours: list[float] = []
    control: list[float] = []
    for turn in range(ROUNDS + (0 if QUICK else 1)):
        pair = seconds(benchmark, benchmark.subject), seconds(benchmark, benchmark.control)
        if QUICK or turn:
            ours.append(pair[0])
            control.append(pair[1])
    mine, theirs = statistics.median(ours), statistics.median(control)
    ratio = mine / theirs if benchmark.reads == "time" else theirs / mine
    return (
        f"{benchmark.name:<50} {1000 * mine:9.1f} ms | {benchmark.control_name:<30} {1000 * theirs:9.1f} ms"
        f" | ratio {ratio:.2f}" + (f" ({benchmark.bound})" if benchmark.bound else "")
    )


def seconds(benchmark: Benchmark, work) -> float:
    benchmark.prepare(benchmark.size_quick if QUICK else benchmark.size)
    started = time.perf_counter()
    itself = work()
    took = time.perf_counter() - started if itself is None else itself
    assert benchmark.is_done(), benchmark.name
    return took


ALL = (
    history.WritingHistory,
    owed.ClaimingOwedRows,
    registering.Registering,
    registering.Rush,
    registering.ManyAppending,
    registering.Appending,
    http.Posting,
    http.PageAndPosting,
    allocating.OfferingFreedSeats,
    allocating.SettingTheSeats,
)


def chosen() -> list[Benchmark]:
    """All, or those whose names hold one of the words given: `make bench ARGS="sign-up rush"`."""
    words = sys.argv[1:]
    return [one() for one in ALL if not words or any(word in one.name for word in words)]


def main() -> None:
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        print(f"{connection.vendor}, {'one short repetition' if QUICK else f'{ROUNDS} repetitions, medians'}")
        for benchmark in chosen():
            print(measure(benchmark), flush=True)
        if not sys.argv[1:] or "lists" in sys.argv[1:]:
            for line in lists.measure(quick=QUICK):
                print(line, flush=True)
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main()
