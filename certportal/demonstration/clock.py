"""A clock that only goes forwards: acts happen at their moment, and the house does its daily round in between."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime, time
from itertools import count

from programs.calendar import local_moment

Act = Callable[[datetime], object]
DAILY_ROUND = time(17, 40)


class Clock:
    def __init__(self, daily: Act) -> None:
        self._daily = daily
        self._acts: list[tuple[datetime, int, Act]] = []
        self._turn = count()

    def at(self, day: date, hour: int, act: Act, minute: int = 0) -> None:
        """Plan something for an hour of a day on the office's wall."""
        heapq.heappush(self._acts, (local_moment(day, time(hour, minute)), next(self._turn), act))

    def every_day(self, first: date, last: date) -> None:
        """What the worker's schedule would have done, on each day of the year but the weekends."""
        days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
        for day in days:
            if day.weekday() < 5:
                self.at(day, DAILY_ROUND.hour, self._daily, DAILY_ROUND.minute)

    def run(self, until: datetime) -> None:
        """Acts may plan later acts; one for after `until` never happens."""
        while self._acts and self._acts[0][0] < until:
            moment, _turn, act = heapq.heappop(self._acts)
            act(moment)


def weekday_near(day: date, weekday: int) -> date:
    """The first such weekday (Monday is 0) on or after a day."""
    return date.fromordinal(day.toordinal() + (weekday - day.weekday()) % 7)
