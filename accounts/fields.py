"""Form fields of our own: a day of work, a date in three boxes that keeps what was typed, choices with a hint."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

StrOrPromise = str | Promise

PARTS = ("month", "day", "year")
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Hinted:
    """A choice's label with a line of help under it: `("yes", Hinted(_("Yes"), _("You can change it later.")))`."""

    label: StrOrPromise
    hint: StrOrPromise

    def __str__(self) -> str:
        return str(self.label)


# -- A day of the office's work ----------------------------------------------------------------------------


class DayField(forms.DateField):
    """A day as the office types it. No work of ours is older than 2000 or more than ten years ahead: a year beyond
    that is a slip of the finger, and no calendar can count on from the last day it knows."""

    FIRST_YEAR = 2000
    YEARS_AHEAD = 10
    default_error_messages = {
        "out_of_range": gettext_lazy("Check the year. Write a day from %(first)d to %(last)d."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        last = timezone.localdate().year + self.YEARS_AHEAD
        if value is not None and not self.FIRST_YEAR <= value.year <= last:
            bounds = {"first": self.FIRST_YEAR, "last": last}
            raise ValidationError(self.error_messages["out_of_range"], code="out_of_range", params=bounds)


# -- A date people know by heart ---------------------------------------------------------------------------


class MemorableDateWidget(forms.MultiWidget):
    """Month, day and year in three boxes; the template pack draws each with its own label."""

    def __init__(self, *, is_birthday: bool = False) -> None:
        super().__init__({part: _box(part, is_birthday) for part in PARTS})

    @property
    def box_labels(self) -> tuple[str, str, str]:
        return (_("Month"), _("Day"), _("Year"))

    def decompress(self, value: datetime.date | None) -> list[Any]:
        return [value.month, value.day, value.year] if isinstance(value, datetime.date) else [None, None, None]


def _box(part: str, is_birthday: bool) -> forms.TextInput:
    attrs = {"inputmode": "numeric", "maxlength": "4" if part == "year" else "2"}
    if is_birthday:
        attrs["autocomplete"] = f"bday-{part}"
    return forms.TextInput(attrs=attrs)


class MemorableDateField(forms.Field):
    """A date people know by heart. Cleans to a `date`; says in a sentence which box needs a fix."""

    widget = MemorableDateWidget
    default_error_messages = {"required": gettext_lazy("Enter the month, the day and the year.")}

    def __init__(self, *, is_birthday: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", MemorableDateWidget(is_birthday=is_birthday))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        if value is None or isinstance(value, datetime.date):
            return value
        typed = [str(part or "").strip() for part in value]
        if not any(typed):
            return None
        _require_all(typed)
        return _date(*(_number(part, text) for part, text in zip(PARTS, typed, strict=True)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def _require_all(typed: Sequence[str]) -> None:
    missing = [part for part, text in zip(PARTS, typed, strict=True) if not text]
    sentences = {"month": _("Enter the month too."), "day": _("Enter the day too."), "year": _("Enter the year too.")}
    if missing:
        raise ValidationError([ValidationError(sentences[part], code=f"no_{part}") for part in missing])


def _number(part: str, text: str) -> int:
    if text.isdecimal():
        return int(text)
    sentences = {
        "month": _("Enter the month as a number, like 5 for May."),
        "day": _("Enter the day as a number, like 27."),
        "year": _("Enter the year with four digits, like 1984."),
    }
    raise ValidationError(sentences[part], code=f"bad_{part}")


def _date(month: int, day: int, year: int) -> datetime.date:
    if not 1 <= month <= 12:
        raise ValidationError(_("Enter a month from 1 to 12."), code="bad_month")
    if not 1000 <= year <= 9999:
        raise ValidationError(_("Enter the year with four digits, like 1984."), code="bad_year")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        bounds = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise ValidationError(_("Enter a year from %(first)d to %(last)d.") % bounds, code="bad_year")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValidationError(_("Enter a day from 1 to %(last)d for that month.") % {"last": last}, code="bad_day")
    return datetime.date(year, month, day)
