"""Why something may not be done: a code with its facts, and the one place that finds its sentence.

Plain Python, so that every `rules.py` can use it without Django.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Sentence = Callable[..., Any]

_SENTENCES: dict[str, Sentence] = {}


class Reason:
    """A code and the facts its sentence needs; equal when both are."""

    __slots__ = ("code", "facts")

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        self.facts = facts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reason) and (self.code, self.facts) == (other.code, other.facts)

    def __hash__(self) -> int:
        return hash(self.code)

    def __repr__(self) -> str:
        facts = "".join(f", {name}={value!r}" for name, value in self.facts.items())
        return f"Reason({self.code!r}{facts})"


class NotAllowed(Exception):
    """A change was refused; nothing was written. Carries every reason, not only the first."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons

    @property
    def messages(self) -> list[str]:
        return [say(reason) for reason in self.reasons]


def register_sentences(sentences: Mapping[str, Sentence]) -> None:
    """Called once by each app with its `words.SENTENCES`; a code has one sentence in the house."""
    for code, sentence in sentences.items():
        if _SENTENCES.setdefault(code, sentence) is not sentence:
            raise ValueError(f"two sentences for the reason {code!r}")


def say(reason: Reason) -> str:
    """The sentence a person reads, in the language that is active now."""
    return str(_SENTENCES[reason.code](**reason.facts))


def codes(reasons: Iterable[Reason]) -> list[str]:
    return [reason.code for reason in reasons]
