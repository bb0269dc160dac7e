"""What a form says of a wrong answer, in our words: Django's own sentences speak of values and characters.

Every field starts from these. A form that knows better still says so in its `error_messages`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_WHOLE_NUMBER = _("Write a whole number, like 12.")
_NOT_A_CHOICE = _("Choose one of the answers on this page.")

SENTENCES: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {
        "min_value": _("Write %(limit_value)s or more."),
        "max_value": _("Write %(limit_value)s or less."),
        "min_length": ngettext_lazy(
            "Write at least %(limit_value)d letter.", "Write at least %(limit_value)d letters.", "limit_value"
        ),
        "max_length": _("This is too long. It has %(show_value)d letters. Keep it to %(limit_value)d."),
    },
    forms.IntegerField: {"invalid": _WHOLE_NUMBER},
    forms.FloatField: {"invalid": _("Write a number, like 2.5.")},
    forms.DecimalField: {
        "invalid": _("Write a number, like 25 or 25.50."),
        "max_digits": _("This number is too long. Check it."),
        "max_decimal_places": ngettext_lazy(
            "Write at most %(max)d digit after the point.", "Write at most %(max)d digits after the point.", "max"
        ),
        "max_whole_digits": _("This number is too big. Check it."),
    },
    forms.DateField: {"invalid": _("Write the day like 09/20/2027.")},
    forms.TimeField: {"invalid": _("Write the time like 9:00 or 16:30.")},
    forms.DateTimeField: {"invalid": _("Write the day and the time like 2027-09-20 16:30.")},
    forms.SplitDateTimeField: {
        "invalid_date": _("Write the day like 09/20/2027."),
        "invalid_time": _("Write the time like 9:00 or 16:30."),
    },
    forms.RegexField: {"invalid": _("Check what you wrote here.")},
    forms.EmailField: {"invalid": _("Write the whole e-mail, like name@example.org.")},
    forms.URLField: {"invalid": _("Write the whole address, like https://example.org/class.")},
    forms.FileField: {
        "invalid": _("Choose the file again."),
        "missing": _("Choose the file again."),
        "empty": _("This file is empty. Choose another one."),
        "max_length": _("The name of this file is too long. Give it a shorter name, and choose it again."),
    },
    forms.ImageField: {"invalid_image": _("We cannot open this picture. Choose another one.")},
    forms.ChoiceField: {"invalid_choice": _NOT_A_CHOICE},
    forms.MultipleChoiceField: {"invalid_choice": _NOT_A_CHOICE, "invalid_list": _NOT_A_CHOICE},
    forms.ModelChoiceField: {"invalid_choice": _NOT_A_CHOICE},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": _NOT_A_CHOICE,
        "invalid_list": _NOT_A_CHOICE,
        "invalid_pk_value": _NOT_A_CHOICE,
    },
    forms.JSONField: {"invalid": _("We cannot read this. Check the brackets and the commas.")},
}


def speak_plainly() -> None:
    """Once at the start, before any form is made."""
    for kind, sentences in SENTENCES.items():
        kind.default_error_messages = {**vars(kind).get("default_error_messages", {}), **sentences}
