"""Dates, money and phones in a template, all said by `programs.words`; and the two drawings that need numbers."""

import datetime as dt
from math import pi, sin
from typing import Any

from django import template
from django.utils.translation import ngettext

from programs import words
from programs.calendar import Deadline, local_day

register = template.Library()

for said in (
    words.long_date,
    words.plain_date,
    words.mid_date,
    words.short_date,
    words.weekday,
    words.short_month,
    words.clock,
    words.long_moment,
    words.mid_moment,
    words.money,
    words.ledger_money,
    words.phone,
    words.phone_link,
):
    # An empty value stays empty: an offer that is not out yet has no date to say.
    register.filter(said.__name__, lambda value, said=said: said(value) if value not in (None, "") else "")

register.filter("days_left", words.days_left)  # {{ session.closes_at|days_left:now }}
register.simple_tag(words.date_range, name="date_range")  # {% date_range first last %}
register.simple_tag(words.short_range, name="short_range")
register.simple_tag(words.clock_range, name="clock_range")


@register.filter
def machine_date(day: dt.date | dt.datetime | Deadline) -> str:
    """For `<time datetime>`."""
    return _day(day).isoformat()


@register.filter
def day_number(day: dt.date | dt.datetime | Deadline) -> int:
    return _day(day).day


def _day(day: dt.date | dt.datetime | Deadline) -> dt.date:
    if isinstance(day, Deadline):
        return day.day
    return local_day(day) if isinstance(day, dt.datetime) else day


@register.filter
def share(part: float, whole: float) -> int:
    """How many hundredths of a bar are full."""
    return round(100 * min(part, whole) / whole) if whole else 0


@register.simple_tag
def people_in_line(ahead: int, behind: int) -> str:
    """What the drawing of the line shows, as a sentence."""
    first = ngettext("%d person is ahead of you.", "%d people are ahead of you.", ahead) % ahead
    last = ngettext("%d person is behind you.", "%d people are behind you.", behind) % behind
    return f"{first} {last}"


DOTS, MOST_AHEAD, GAP = 9, 4, 70
BENDS = ((20, 190, -15), (190, 380, 15), (380, 620, -14))  # from x, to x, and how far the river leaves its middle


@register.filter
def landings(ahead: int, behind: int) -> list[dict[str, Any]]:
    """Where the dots of the line stand on the river: some ahead, the reader, some behind; never more than fit."""
    shown = min(ahead, MOST_AHEAD)
    return [_landing(place, place - shown) for place in range(min(DOTS, shown + 1 + behind))]


def _landing(place: int, turn: int) -> dict[str, Any]:
    x = 50 + place * GAP
    return {"x": x, "y": _river(x), "is_reader": turn == 0, "is_ahead": turn < 0}


def _river(x: int) -> int:
    start, end, swing = next(bend for bend in BENDS if x <= bend[1])
    return round(36 + swing * sin(pi * (x - start) / (end - start)))
