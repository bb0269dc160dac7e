"""Words that staff write, made safe to show."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_TAGS = {
    "p",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "br",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
} | {
    "th",
    "td",
}
_SCHEMES = {"http", "https", "mailto", "tel"}


@lru_cache(maxsize=64)
def render(words: str) -> SafeString:
    """Markdown to the few tags a page may hold. Whatever was written, no script and no style comes through."""
    # Cleaned by nh3 against a list of tags and schemes: this is the one place that calls such words safe.
    return mark_safe(nh3.clean(_MARKDOWN.render(words), tags=_TAGS, url_schemes=_SCHEMES, link_rel=None))  # noqa: S308
