"""What a benchmark is: our way and the plain way to do the same work on the same rows."""

from abc import ABC, abstractmethod


class Benchmark(ABC):
    name: str
    control_name: str
    size: int
    size_quick: int
    # "time": our seconds over the control's, less is better; "rate": the control's over ours, more is better.
    reads = "time"
    bound = ""  # what the ratio must reach, in words

    @abstractmethod
    def prepare(self, size: int) -> None:
        """The same ground for both, not timed."""

    @abstractmethod
    def subject(self) -> float | None:
        """The portal's way. Whoever takes the time itself, across processes, returns the seconds."""

    @abstractmethod
    def control(self) -> float | None:
        """The least that any program would have to do."""

    def is_done(self) -> bool:
        """Asked after each, not timed: was the work really done?"""
        return True
