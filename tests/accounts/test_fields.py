"""A date in three boxes: what was typed stays, and the sentence names the box."""

from datetime import date

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms

from accounts.fields import MemorableDateField


class BirthForm(forms.Form):
    born_on = MemorableDateField(label="When were you born?", is_birthday=True)


def _typed(month="", day="", year=""):
    return BirthForm({"born_on_month": month, "born_on_day": day, "born_on_year": year})


def test_three_numbers_become_a_date():
    form = _typed("2", "29", "1984")

    assert form.is_valid()
    assert form.cleaned_data["born_on"] == date(1984, 2, 29)


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        (("", "", ""), ["Enter the month, the day and the year."]),
        (("5", "", "1984"), ["Enter the day too."]),
        (("", "27", ""), ["Enter the month too.", "Enter the year too."]),
        (("May", "27", "1984"), ["Enter the month as a number, like 5 for May."]),
        (("13", "27", "1984"), ["Enter a month from 1 to 12."]),
        (("2", "29", "1985"), ["Enter a day from 1 to 28 for that month."]),
        (("5", "0", "1984"), ["Enter a day from 1 to 31 for that month."]),
        (("5", "27", "84"), ["Enter the year with four digits, like 1984."]),
        (("5", "27", "1884"), ["Enter a year from 1900 to 2100."]),
        (("5", "²", "1984"), ["Enter the day as a number, like 27."]),
    ],
)
def test_a_wrong_box_is_named_in_a_sentence(typed, sentences):
    assert _typed(*typed).errors["born_on"] == sentences


def test_what_was_typed_is_still_in_its_box():
    html = render_crispy_form(_typed("May", "27", "84"))

    assert 'name="born_on_month" value="May"' in html
    assert 'name="born_on_day" value="27"' in html
    assert 'name="born_on_year" value="84"' in html


def test_a_date_given_as_initial_fills_the_boxes():
    form = BirthForm(initial={"born_on": date(1984, 5, 27)})

    assert 'name="born_on_month" value="5"' in render_crispy_form(form)


def test_leaving_the_date_as_it_was_is_no_change():
    same = {"born_on_month": "05", "born_on_day": "27", "born_on_year": "1984"}

    assert not BirthForm(same, initial={"born_on": date(1984, 5, 27)}).has_changed()
    assert _typed("x").has_changed()


def test_an_optional_date_may_stay_empty():
    class Optional(forms.Form):
        ended_on = MemorableDateField(required=False)

    form = Optional({})

    assert form.is_valid()
    assert form.cleaned_data["ended_on"] is None
