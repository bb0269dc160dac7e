"""A hundred people press at once for thirty seats, again and again: nobody oversold, nobody lost, nobody out of order.

    python -m bench.rush 1000

Fair means: if A's page was answered before B pressed the button, A stands before B.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()

from django.db import connections
from django.utils import timezone

from trainings import workflow
from trainings.models import Registration, TrainingSession

if TYPE_CHECKING:
    from accounts.models import User

AT_ONCE = 20
PEOPLE, SEATS = 100, 30


@dataclass(frozen=True)
class Press:
    person: int
    pressed: float
    answered: float


@dataclass(frozen=True)
class Outcome:
    oversold: int
    lost: int
    out_of_order: int

    @property
    def is_fair(self) -> bool:
        return not (self.oversold or self.lost or self.out_of_order)

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.oversold + other.oversold, self.lost + other.lost, self.out_of_order + other.out_of_order)


def rush(session: TrainingSession, people: Sequence[User]) -> list[Press]:
    """Everybody signs up on connections of their own, as many at a time as there are; the first ones together."""
    gate = Barrier(min(AT_ONCE, len(people)))

    def line_up(share: Sequence[User]) -> list[Press]:
        try:
            gate.wait(timeout=60)
            return [_press(session, person) for person in share]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(gate.parties) as pool:
        shares = [people[start :: gate.parties] for start in range(gate.parties)]
        return [press for presses in pool.map(line_up, shares) for press in presses]


def _press(session: TrainingSession, person: User) -> Press:
    pressed, now = time.perf_counter(), timezone.now()
    workflow.register(session.pk, person_id=person.pk, designation="", received_at=now, by=person, at=now)
    return Press(person.pk, pressed, time.perf_counter())


def judged(session: TrainingSession, presses: Sequence[Press]) -> Outcome:
    spots = {spot.person_id: spot for spot in Registration.objects.filter(session=session)}
    seated = [spot for spot in spots.values() if spot.seat_id]
    same_seat = len(seated) - len({spot.seat_id for spot in seated})
    unseated_before_seats_ran_out = max(min(session.capacity, len(presses)) - len(seated), 0)
    lost = sum(press.person not in spots or not spots[press.person].rank for press in presses)
    ranks = {key: spot.rank or 0 for key, spot in spots.items()}
    return Outcome(
        oversold=max(len(seated) - session.capacity, 0) + same_seat,
        lost=lost + unseated_before_seats_ran_out,
        out_of_order=_out_of_order(presses, ranks) + _seated_behind_somebody_waiting(spots.values()),
    )


def _out_of_order(presses: Sequence[Press], ranks: dict[int, int]) -> int:
    """Of those answered before a press, the last in rank must stand before it."""
    answered = sorted((press.answered, ranks[press.person]) for press in presses if press.person in ranks)
    wrong, last, at = 0, 0, 0
    for press in sorted(presses, key=lambda one: one.pressed):
        while at < len(answered) and answered[at][0] < press.pressed:
            last, at = max(last, answered[at][1]), at + 1
        wrong += ranks.get(press.person, 0) < last
    return wrong


def _seated_behind_somebody_waiting(spots: Sequence[Registration]) -> int:
    first_waiting = min((spot.rank or 0 for spot in spots if not spot.seat_id), default=sys.maxsize)
    return sum(bool(spot.seat_id) and (spot.rank or 0) > first_waiting for spot in spots)


def main(times: int) -> int:
    from django.test.utils import setup_databases, teardown_databases  # only where a ground has to be made

    from accounts.models import Standing
    from bench import ground

    databases = setup_databases(verbosity=0, interactive=False)
    total, started = Outcome(0, 0, 0), time.perf_counter()
    try:
        for turn in range(times):
            if turn % 25 == 0:
                ground.empty()
                staff = ground.staff()
                people = ground.people(PEOPLE)
                Standing.objects.update(kind="certified")
            Registration.objects.all().update(status="withdrawn", seat=None)
            now = timezone.now()
            first = (now + timedelta(days=60)).date()
            session = ground.session("components_1", capacity=SEATS, by=staff, first=first, at=now)
            total += judged(session, rush(session, people))
            if (turn + 1) % 100 == 0 or turn + 1 == times:
                print(_told(turn + 1, time.perf_counter() - started, total), flush=True)
    finally:
        teardown_databases(databases, verbosity=0)
    return 0 if total.is_fair else 1


def _told(times: int, took: float, total: Outcome) -> str:
    return (
        f"{times} rushes of {PEOPLE} for {SEATS} seats in {took:.0f} s: "
        f"{total.oversold} oversold, {total.lost} lost, {total.out_of_order} out of order"
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
