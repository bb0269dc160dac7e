"""Every part of the look draws whole markup, and says its state in words."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string

NOW = datetime(2027, 10, 12, 14, 41, tzinfo=UTC)
FACT = {"label": "Legal name", "value": "Denise", "url": "#n"}
TASK = {"title": "Pay the fee", "url": "#f", "sentence": "By check.", "tone": "you", "label": "To do"}
ROW = {"tone": "no", "urgency": "2 days late", "reference": "CA-7K", "who": "Rhodes", "verb": "Check", "url": "#q"}
SAMPLES = {
    "ball": {"who": "With you", "sentence": "Send it by Friday.", "more": "Or call us."},
    "clocks": {"all_days": 8, "our_days": 1, "longest": 16, "usual": "Half take 34 days."},
    "crumbs": {"url": "/me/", "label": "My pathway", "here": "Certification"},
    "deadline": {"text": "Apply by Friday, August 20", "left": "11 days left", "near": True},
    "due": {"day": date(2027, 10, 29), "text": "Your file is due", "note": "17 days left"},
    "facts": {"facts": [FACT]},
    "history": {"rows": [{"at": NOW, "sentence": "You signed up.", "by": "R. Delgado"}]},
    "icon": {"name": "check"},
    "icons": {},
    "landscape": {},
    "line": {"title": "You are number 3", "sentence": "All seats are taken.", "number": 3, "ahead": 2, "behind": 6},
    "mark": {},
    "notice": {
        "title": "Closed",
        "text": "It closed on Friday.",
        "icon": "clock",
        "url": "#n",
        "link_text": "Next one",
    },
    "now": {"title": "Now", "who": "With you", "sentence": "Send it.", "day": NOW, "day_text": "Due", "url": "#s"},
    "pagination": {"page": Paginator(range(9), 3).page(2), "query": "q=a&"},
    "path_item": {"place": "here", "title": "Job", "tone": "them", "chip": "Waiting", "sentence": "Since Monday."},
    "private": {"why": "The rule asks it.", "readers": "Staff.", "blank": "You can still apply.", "log_url": "#l"},
    "queue": {"rows": [ROW, ROW | {"tone": "you"}, ROW | {"tone": "quiet"}]},
    "rule": {"text": "Group first, then time.", "rule": "Part 5", "url": "#r"},
    "saved": {"saved": "Saved at 2:41 p.m. Central"},
    "status": {"label": "Done", "tone": "done"},
    "tasks": {"tasks": [TASK], "done": True},
    "verdict": {"is_valid": False, "checked": NOW, "sentences": ["We have no valid certificate."]},
}
VOID = {"br", "circle", "hr", "img", "input", "link", "meta", "path", "rect", "use"}


class Balance(HTMLParser):
    """Fails on a tag that is closed without being open, or left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []
        assert self.rawdata == ""  # a tag cut off in the middle

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag


@pytest.mark.parametrize("name", SAMPLES)
def test_a_component_closes_every_tag_it_opens(name):
    html = render_to_string(f"components/{name}.html", SAMPLES[name])

    Balance(html + "<p></p>")


@pytest.mark.parametrize("tone", ["done", "you", "them", "no", "quiet"])
def test_a_status_is_an_icon_and_words_and_never_color_alone(tone):
    html = render_to_string("components/status.html", {"label": "With the office", "tone": tone})

    assert '<use href="#i-' in html
    assert "With the office" in html


def test_a_verdict_of_no_is_no_accusation():
    html = render_to_string("components/verdict.html", SAMPLES["verdict"])

    assert "Not valid" in html
    assert "cp-verdict--no" in html
    assert "error" not in html


def test_a_name_with_markup_in_it_stays_text():
    text = '{% include "components/ball.html" with who=who sentence="." only %}'

    html = Template(text).render(Context({"who": "With <b>Rosa</b>"}))

    assert "With &lt;b&gt;Rosa&lt;/b&gt;." in html
