"""How names are compared: what somebody types on the phone finds what somebody else once wrote. Plain Python."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LONGEST_WORD = 100
LAST_SEVEN, LAST_FOUR = 7, 4
# Letters that are no plain letter with a mark on it, so that taking marks away leaves them as they are.
PLAIN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ħ": "h",
    "ı": "i",
    "ŋ": "n",
    "ŧ": "t",
}
BEYOND_MARKED_SCRIPTS = "\u0530"  # Latin, Greek and Cyrillic stand before it; elsewhere a mark is part of the letter


def fold(text: str) -> str:
    """Letters and digits only, small, without accents: O’Neal, O'NEAL and oneal are one; Núñez and nunez too."""
    kept: list[str] = []
    base = ""
    for mark in unicodedata.normalize("NFKD", text).casefold():
        if unicodedata.category(mark).startswith("M"):
            if base >= BEYOND_MARKED_SCRIPTS:
                kept.append(mark)
        elif mark.isalnum():
            base = mark
            kept.append(PLAIN.get(mark, mark))
    return unicodedata.normalize("NFC", "".join(kept))[:LONGEST_WORD]


def words_in(text: str) -> list[str]:
    """The words of a name or of a question, as they are compared; each once, in the order typed."""
    return list(dict.fromkeys(filter(None, map(fold, text.split()))))


def keys_of(
    *, names: Iterable[str] = (), mailboxes: Iterable[str] = (), phone: str = "", reference: str = ""
) -> set[str]:
    """Everything a person is found by; the start of any of these is enough.

    Of Smith-Jones both halves, of a phone number what a caller may say first: with the country's 1, with the area
    code, the last seven digits, the last four.
    """
    keys = {word for name in names for word in [*words_in(name), *words_in(_split_at_hyphens(name))]}
    keys |= {fold(mailbox) for mailbox in mailboxes}
    digits = fold(phone) if phone else ""
    national = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    keys |= {digits, national, national[-LAST_SEVEN:], national[-LAST_FOUR:]}
    keys |= {fold(reference), fold(reference.partition("-")[2])}
    return keys - {""}


def _split_at_hyphens(name: str) -> str:
    return "".join(" " if unicodedata.category(mark) == "Pd" else mark for mark in name)
