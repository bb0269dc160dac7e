"""Somebody at a browser: they read labels, click and type, and look at their mail. Nothing here knows the code."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browsing import PATIENCE

if TYPE_CHECKING:
    from tests.stack import Stack

IDLE_MINUTES = 15  # sessions sign out after twenty
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 900}}

Watcher = Callable[["Person"], None]


class House:
    """The portal as people meet it from outside, and all of them, each with a browser of their own."""

    def __init__(self, stack: Stack, browser: Browser, *, scripts: bool = True) -> None:
        self.stack, self.browser, self.scripts = stack, browser, scripts
        self.watchers: list[Watcher] = []
        self.people: dict[str, Person] = {}

    def person(self, address: str, *, device: dict[str, object] = DESK, password: str = "") -> Person:
        """The same person by the same address, wherever a step asks for them."""
        if address not in self.people:
            self.people[address] = Person(self, address, device=device, password=password or self.stack.password)
        return self.people[address]

    def travel_to(self, moment: datetime) -> None:
        self.stack.travel_to(moment)

    def mail_to(self, address: str) -> list[EmailMessage]:
        return [one for one in list(self.stack.mail) if address in (a for _, a in getaddresses(one.get_all("To", [])))]

    def wait_for_mail(self, address: str, holds: str, *, seconds: float = 40) -> EmailMessage:
        """The newest message to this address whose subject or text holds these words."""
        deadline = time.monotonic() + seconds
        while True:
            found = [one for one in self.mail_to(address) if holds in one["Subject"] or holds in text_of(one)]
            if found:
                return found[-1]
            if time.monotonic() > deadline:
                got = [one["Subject"] for one in self.mail_to(address)]
                pytest.fail(f"no mail with “{holds}” came to {address}; it got {got}\n{self.stack.log_end()}")
            time.sleep(0.1)

    def close(self) -> None:
        for person in self.people.values():
            person.context.close()
        self.people.clear()


class Person:
    """One human being: an address, a browser, and what they see in it."""

    def __init__(self, house: House, address: str, *, device: dict[str, object], password: str) -> None:
        self.house, self.address, self.password = house, address, password
        self.context: BrowserContext = house.browser.new_context(java_script_enabled=house.scripts, **device)
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", self._listen)
        self.signed_in_at: datetime | None = None

    def _listen(self, message: object) -> None:
        if getattr(message, "type", "") == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    # -- going places --------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return self.page.url

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def opens(self, address: str) -> Person:
        """Type an address, or follow a link from a message."""
        self.page.goto(address if address.startswith("http") else self.house.stack.url + address)
        return self._arrived()

    def follows(self, link: str | re.Pattern[str], *, within: Locator | None = None) -> Person:
        target = (within or self.page).get_by_role("link", name=link, exact=isinstance(link, str)).first
        return self._leaves_by(target)

    def presses(self, button: str | re.Pattern[str], *, within: Locator | None = None) -> Person:
        target = (within or self.page).get_by_role("button", name=button, exact=isinstance(button, str)).first
        return self._leaves_by(target)

    def presses_too_early(self, button: str | re.Pattern[str], *, within: Locator | None = None) -> Person:
        """With nothing filled in: the page comes back, says what to mend, and the title says so first."""
        here = self.path
        self.presses(button, within=within)
        assert self.page.title().startswith("Error:"), f"{here}: no error was said, but “{self.heading}”"
        return self

    def _leaves_by(self, target: Locator) -> Person:
        with self.page.expect_navigation():
            target.click()
        return self._arrived()

    def _arrived(self) -> Person:
        self.page.wait_for_load_state()
        assert self.heading != "Something broke on our side", self.house.stack.log_end()
        for watch in self.house.watchers:
            watch(self)
        return self

    def downloads(self, link: str | re.Pattern[str], *, seconds: float = 40) -> bytes:
        """Looks again until the paper is there, as the page says."""
        paper = self.page.get_by_role("link", name=link, exact=isinstance(link, str)).first
        deadline = time.monotonic() + seconds
        while not paper.count():
            assert time.monotonic() < deadline, f"{link} never came to {self.path}: {self.text[:3000]}"
            time.sleep(0.3)
            self.page.reload()
        with self.page.expect_download() as waiting:
            paper.click()
        return Path(waiting.value.path()).read_bytes()

    # -- filling in ----------------------------------------------------------------------------------------

    def writes(self, label: str, text: str, *, within: Locator | None = None) -> Person:
        self._field(label, within).fill(text)
        return self

    def _field(self, label: str, within: Locator | None = None) -> Locator:
        """By its label; a field that may stay blank says so behind it."""
        as_shown = re.compile(rf"^\s*{re.escape(label)}:?\s*(\([^)]*\))?\s*$")
        return (within or self.page).get_by_label(as_shown).first

    def writes_day(self, label: str, day: date) -> Person:
        """In whatever way the page asks for it: three boxes, a date box, or one line."""
        boxes = self.page.get_by_role("group", name=label).filter(has=self.page.get_by_label("Month", exact=True))
        if boxes.count():
            for name, number in (("Month", day.month), ("Day", day.day), ("Year", day.year)):
                boxes.first.get_by_label(name, exact=True).fill(str(number))
            return self
        field = self._field(label)
        field.fill(day.isoformat() if field.get_attribute("type") == "date" else f"{day:%m/%d/%Y}")
        return self

    def writes_moment(self, label: str, day: date, clock: str) -> Person:
        """A day and an hour in two boxes under one label, as the administration has them."""
        row = self.page.locator(".form-row").filter(has_text=label).first
        boxes = row.locator("input[type=text]")
        boxes.nth(0).fill(day.isoformat())
        boxes.nth(1).fill(clock)
        return self

    def chooses(self, label: str | re.Pattern[str], *, of: str = "", within: Locator | None = None) -> Person:
        """A round or square box, by its words (and by the question above it where the words are common)."""
        where = within or self.page
        if of:
            where = where.locator("fieldset").filter(has=self.page.locator("legend", has_text=of)).first
        box = where.get_by_label(label, exact=isinstance(label, str)).first
        return self.ticks(box)

    def ticks(self, box: Locator) -> Person:
        box.check()
        return self

    def picks(self, label: str, option: str | re.Pattern[str]) -> Person:
        field = self._field(label)
        if not isinstance(option, str):
            option = field.locator("option").filter(has_text=option).first.inner_text()
        field.select_option(label=option)
        return self

    def attaches(self, label: str, name: str, content: bytes, kind: str) -> Person:
        self._field(label).set_input_files({"name": name, "mimeType": kind, "buffer": content})
        return self

    # -- reading -------------------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").first.inner_text().split()) if self.page.locator("h1").count() else ""

    @property
    def text(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    def reads(self, *words: str) -> Person:
        for some in words:
            assert some in self.text, f"“{some}” is not on {self.path}: {self.text[:3000]}"
        return self

    def does_not_read(self, *words: str) -> Person:
        for some in words:
            assert some not in self.text, f"“{some}” is on {self.path}"
        return self

    def finds(self, pattern: str) -> str:
        found = re.search(pattern, self.text)
        assert found, f"{pattern} is not on {self.path}: {self.text[:3000]}"
        return found[0]

    def waits_until_it_reads(self, words: str, *, seconds: float = 40) -> Person:
        """Looks again and again, as somebody does who waits for a paper."""
        deadline = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < deadline, f"“{words}” never came to {self.path}: {self.text[:3000]}"
            time.sleep(0.3)
            self.page.reload()
        return self._arrived()

    # -- the door ------------------------------------------------------------------------------------------

    def signs_in(self) -> Person:
        """Unless they still are: the portal signs out whoever was away for twenty minutes."""
        now = self.house.stack.now
        if self.signed_in_at and (now - self.signed_in_at).total_seconds() < IDLE_MINUTES * 60:
            return self
        self.context.clear_cookies()
        self.opens("/accounts/login/")
        self.types_sign_in()
        return self

    def types_sign_in(self) -> Person:
        """At the sign-in page, wherever it came from."""
        self.writes("E-mail or sign-in name", self.address).writes("Password", self.password).presses("Sign in")
        assert "/login" not in self.path, self.text[:600]
        self.signed_in_at = self.house.stack.now
        return self


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    return body.get_content() if body else ""


def link_in(message: EmailMessage, part: str) -> str:
    """The link whose address holds this."""
    links = re.findall(r"https?://[^\s<>\"]+", text_of(message))
    found = [link.rstrip(".,)") for link in links if part in link]
    assert found, f"no link with {part} in:\n{text_of(message)}"
    return found[0]


def new_password() -> str:
    return f"{secrets.token_hex(4)} grows on the hill"
