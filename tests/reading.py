"""How easy words are to read: the median of four school-grade formulas.

The terms the field cannot do without (peer support specialist, certified, Mississippi, …) stand in a marked block
of `docs/glossary.md` and count as one short word each, as a reader who works here reads them.
"""

import html
import re
import warnings
from functools import cache
from pathlib import Path
from statistics import median

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # textstat imports pkg_resources, which says it is old
    import textstat

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"
MOST = 6.0
POOLED_UNDER = 60  # words: a formula says nothing about less


@cache
def one_word_terms() -> tuple[str, ...]:
    """Longest first, so that a term inside another is not cut out of it."""
    block = GLOSSARY.read_text().split("<!-- one-word terms:start -->")[1].split("<!-- one-word terms:end -->")[0]
    return tuple(sorted(re.findall(r"^- (.+)$", block, flags=re.M), key=len, reverse=True))


@cache
def _terms() -> re.Pattern[str]:
    either = "|".join(re.escape(term) for term in one_word_terms())
    return re.compile(rf"(?<![\w-])(?:{either})(?:s|’s|'s)?(?![\w-])", flags=re.I)


def plain(text: str) -> str:
    """Running text: no markup, no addresses; every item of a list and every heading ends as a sentence does."""
    text = re.sub(r"(?is)<(script|style|svg|blockquote)\b.*?</\1>", " ", text)
    text = re.sub(r"(?i)<br\s*/?>|</(p|li|h[1-6]|dt|dd|td|th|div|legend|label|button|option)>", "\n", text)
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)  # links of Markdown
    text = re.sub(r"https?://\S+|\S+@\S+", "it", text)
    lines = (re.sub(r"^\s*(?:#+|-|\d+\.)\s*|[*_`]+", "", line).strip() for line in text.splitlines())
    sentences = (" ".join(line.split()) for line in lines if re.search(r"\w", line))
    return " ".join(line if line[-1] in ".!?:" else f"{line}." for line in sentences)


def words_in(text: str) -> int:
    return len(plain(text).split())


def grade(text: str) -> float:
    """The school grade at which this reads with ease. At most 6 is asked of every page."""
    simple = _terms().sub("term", plain(text))
    simple = re.sub(r"\$?\d[\d,.:-]*\d|\d", "ten", simple)  # a figure is read as a word, not spelled
    formulas = (
        textstat.flesch_kincaid_grade,
        textstat.automated_readability_index,
        textstat.coleman_liau_index,
        textstat.gunning_fog,
    )
    return median(formula(simple) for formula in formulas)
