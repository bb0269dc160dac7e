"""What rooms above know of a spot: what My pathway says while its application is checked, and the papers it earned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.desk import Desk
from accounts.steps import Step
from trainings.models import Registration

Papers = list[dict[str, str]]  # title, about, url: empty while it is being made
PapersOf = Callable[[Registration, Desk], Papers]
TellsOf = Callable[[Registration, datetime], Step | None]
_rooms: list[TellsOf] = []
_shelves: list[PapersOf] = []


def tells_of_spots(room: TellsOf) -> TellsOf:
    """A room above asks to be asked: the page of a spot and My pathway say the same then."""
    _rooms.append(room)
    return room


def step_above(spot: Registration, at: datetime) -> Step | None:
    return next((step for room in _rooms if (step := room(spot, at))), None)


def has_papers_of_spots(shelf: PapersOf) -> PapersOf:
    """A room above that makes papers about a spot: they are got from the page of the spot too."""
    _shelves.append(shelf)
    return shelf


def papers_above(spot: Registration, desk: Desk) -> Papers:
    return [paper for shelf in _shelves for paper in shelf(spot, desk)]
