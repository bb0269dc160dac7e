"""What a person's page and the office's queue are made of: each app offers its own, one page shows them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    TRAINING = "training"
    SCHOLARSHIP = "scholarship"
    EMPLOYMENT = "employment"
    CERTIFICATION = "certification"
    RENEWAL = "renewal"


class Tone(StrEnum):
    """Who has the ball, as a color and an icon always beside words."""

    DONE = "done"
    YOU = "you"
    THEM = "them"
    NO = "no"
    QUIET = "quiet"


@dataclass(frozen=True)
class Step:
    """Where one matter of a person stands. Unless it is over, it names who acts next and by which day."""

    stage: Stage
    tone: Tone
    chip: str
    sentence: str
    next_actor: str = ""  # as in the middle of a sentence: “you”, “the Training Office”
    due_on: date | None = None
    url: str = ""
    link_text: str = ""
    title: str = ""  # when the matter itself has a name: the session, the round, the provider
    is_over: bool = False
    keeps_its_time: bool = False  # over, and the person may go on where they stood
    reference: str = ""
    tells_of: str = ""  # the reference of another matter whose own step would only repeat this one

    def __post_init__(self) -> None:
        if not self.is_over and not (self.next_actor and self.due_on):
            raise ValueError(f"{self.stage}: “{self.chip}” does not say who acts next and by when")


@dataclass(frozen=True)
class Work:
    """One row of the office's queue: urgency first, then whom, then the verb."""

    due_on: date
    reference: str
    who: str
    verb: str
    url: str
    detail: str = ""
