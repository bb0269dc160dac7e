"""What is looked at on every page of a walk: accessibility, width, words; and a picture of it, kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from tests.browsing import check_accessibility
from tests.journeys.people import Person
from tests.reading import MOST, POOLED_UNDER, grade, words_in

NARROW, PHONE, WIDE = 320, 360, 1280
OFFICE = ("/staff/", "/admin/", "/board/", "/demo/")  # office words; the rule of easy words is for everybody else
OWN_WORDS = r"(?is)<(textarea|input|select)\b[^>]*>(.*?</\1>)?|<div class=\"cp-story\">.*?</div>|<nav\b.*?</nav>"


@dataclass
class Looker:
    """A watcher: put it into `house.watchers`. A page is looked at once for each name, heading and kind of answer."""

    pictures: Path
    with_axe: bool = True
    problems: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def __call__(self, person: Person) -> None:
        page = person.page
        name, has_error = name_of(page.url), page.title().startswith("Error:")
        key = (name, person.heading, has_error)
        if key in self.seen:
            return
        self.seen.add(key)
        shown = f"{name}{' with errors' if has_error else ''} ({person.heading})"
        self._keep_words(person, shown)
        before, complaints = page.viewport_size, len(person.problems)
        for width in (NARROW, PHONE, WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            if width in (PHONE, WIDE):
                page.screenshot(path=self._picture(name, width, has_error), full_page=True, type="jpeg", quality=75)
            if width == NARROW and (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
                self.problems.append(f"{shown}: {wide} px wide at {NARROW}")
            if self.with_axe and width != PHONE:
                self.problems += [f"{shown} at {width}: {one.rule} {one.nodes}" for one in check_accessibility(page)]
        page.set_viewport_size(before)
        del person.problems[complaints:]  # the check's own styles, which the policy of the page refuses

    def _picture(self, name: str, width: int, has_error: bool) -> Path:
        self.pictures.mkdir(parents=True, exist_ok=True)
        number = sum(1 for key in self.seen)
        error = "-errors" if has_error else ""
        return self.pictures / f"{number:03}-{re.sub(r'[^a-z0-9]+', '-', name)}{error}-{width}.jpg"

    def _keep_words(self, person: Person, shown: str) -> None:
        if not urlsplit(person.url).path.startswith(OFFICE):
            words = person.page.locator("main").first.inner_html() if person.page.locator("main").count() else ""
            self.texts[shown] = re.sub(OWN_WORDS, " ", words)

    @property
    def hard_to_read(self) -> list[tuple[str, float]]:
        """Pages above the grade; the short ones are read as one text."""
        short = "\n".join(words for words in self.texts.values() if words_in(words) < POOLED_UNDER)
        long = {shown: words for shown, words in self.texts.items() if words_in(words) >= POOLED_UNDER}
        graded = {**long, "the short pages together": short}
        return [(shown, round(grade(words), 1)) for shown, words in graded.items() if grade(words) > MOST]


def name_of(url: str) -> str:
    path = urlsplit(url).path
    try:
        found = resolve(path)
    except Resolver404:
        return path
    is_twin = "person_reference" in found.kwargs  # the office's side of the same form
    return f"{found.view_name or path}{' at the desk' if is_twin else ''}"
