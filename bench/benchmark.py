"""What a benchmark is: our way and the plain way to do the same work on the same rows."""

from abc import ABC, abstractmethod


class Benchmark(ABC):
    name: str
    control_name: str
    size: int
    size_quick: int

    @abstractmethod
    def prepare(self, size: int) -> None:
        """The same ground for both, not timed."""

    @abstractmethod
    def subject(self) -> None:
        """The portal's way."""

    @abstractmethod
    def control(self) -> None:
        """The least that any program would have to do."""
