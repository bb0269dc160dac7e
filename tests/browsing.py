"""Chromium, the accessibility check, and a picture of what a failing test saw."""

import json
import re
import shutil
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page

AXE = settings.BASE_DIR / "var" / "test-assets" / "axe.min.js"
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}

PATIENCE = 60_000  # milliseconds that a browser waits for what it was told will come
UNSCRIPTED: WeakSet[BrowserContext] = WeakSet()  # contexts that were opened with scripts off


@dataclass(frozen=True)
class AxeViolation:
    rule: str
    help: str
    nodes: tuple[str, ...]


def chromium() -> str:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        by_hand = "sudo apt-get install -y chromium-headless-shell libatomic1"
        pytest.fail(f"There is no Chromium here. `make test` installs it, or: {by_hand}")
    return path


def check_accessibility(page: Page) -> list[AxeViolation]:
    """What axe-core finds on the page as it stands."""
    if not AXE.exists():
        pytest.fail("axe-core is not here. Run: make assets")
    if page.context in UNSCRIPTED:
        return _on_a_copy(page)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        AxeViolation(one["id"], one["help"], tuple(node["html"][:200] for node in one["nodes"]))
        for one in found["violations"]
    ]


def _on_a_copy(page: Page) -> list[AxeViolation]:
    """axe-core needs timers, which a page without scripts has not. The same document, at the same address and width,
    is opened where scripts may run, with none of the portal's own let in."""
    context = page.context.browser.new_context(viewport=page.viewport_size)
    copy = context.new_page()
    copy.route("**/*.js", lambda route: route.abort())
    if page.url.startswith("http"):
        document = page.content()
        copy.route(page.url, lambda route: route.fulfill(body=document, content_type="text/html; charset=utf-8"))
        copy.goto(page.url)
    else:
        copy.set_content(page.content())
    found = check_accessibility(copy)
    context.close()
    return found


def screenshot_of_failure(context: BrowserContext, node: Any) -> None:
    """Kept in artefacts/ when the test's own part failed."""
    report = getattr(node, "report_of_call", None)
    if report is None or not report.failed:
        return
    folder = settings.BASE_DIR / "artefacts" / "failures"
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(context.pages):
        page.screenshot(path=folder / f"{re.sub(r'[^a-z0-9]+', '-', node.nodeid.lower())[-120:]}-{number}.png")
