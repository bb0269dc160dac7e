"""Words that are data: a text of the pack in each language it is written in. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from programs import local


@dataclass(frozen=True)
class Text:
    """One text in several languages; as a string it is the reader's, and English where theirs is missing."""

    versions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, raw: "str | Mapping[str, str] | Text") -> "Text":
        if isinstance(raw, Text):
            return raw
        return cls((("en", raw),)) if isinstance(raw, str) else cls(tuple(raw.items()))

    def __str__(self) -> str:
        versions = dict(self.versions)
        return versions.get(local.language()) or versions.get("en", "")

    def __bool__(self) -> bool:
        return bool(self.versions)


def english(raw: object) -> Iterator[str]:
    """Every English text inside a row of the pack, however deep: what the reading test reads."""
    if isinstance(raw, Mapping):
        if isinstance(raw.get("en"), str):
            yield raw["en"]
        else:
            for value in raw.values():
                yield from english(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from english(value)
