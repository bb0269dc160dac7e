"""What templates say about dates and money, and where the dots of the line stand."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from programs.templatetags.portal import landings

CENTRAL = ZoneInfo("America/Chicago")
DAY = date(2027, 8, 20)
MOMENT = datetime(2027, 8, 20, 23, 59, tzinfo=CENTRAL)


def _said(text: str, **facts) -> str:
    return Template("{% load portal %}" + text).render(Context(facts))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ day|long_date }}", "Friday, August 20, 2027"),
        ("{{ day|short_date }}", "Fri, Aug 20"),
        ("{{ moment|long_moment }}", "Friday, August 20, 2027, 11:59 p.m. Central"),
        ("{{ day|machine_date }}", "2027-08-20"),
        ("{{ moment|machine_date }}", "2027-08-20"),
        ("{{ moment|day_number }}", "20"),
        ("{{ day|days_left:now }}", "11 days left"),
        ("{{ nothing|long_date }}", ""),
        ("{{ cents|money }}", "$30"),
        ("{% date_range day last %}", "Friday, August 20 to Tuesday, August 24, 2027"),
        ("{% people_in_line 1 6 %}", "1 person is ahead of you. 6 people are behind you."),
        ("{{ 8|share:16 }}", "50"),
        ("{{ 40|share:16 }}", "100"),
    ],
)
def test_a_template_says(text, said):
    now = datetime(2027, 8, 9, 14, 41, tzinfo=CENTRAL)

    assert _said(text, day=DAY, moment=MOMENT, last=date(2027, 8, 24), now=now, cents=3000, nothing=None) == said


@pytest.mark.parametrize("ahead", [0, 1, 2, 40])
@pytest.mark.parametrize("behind", [0, 3, 40])
def test_the_line_shows_the_reader_once_and_every_dot_on_the_page(ahead, behind):
    dots = landings(ahead, behind)

    assert [dot["is_reader"] for dot in dots].count(True) == 1
    assert all(20 <= dot["x"] <= 620 and 15 <= dot["y"] <= 55 for dot in dots)
