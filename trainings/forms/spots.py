"""What people fill in about their spot: sign up, answer, another date, leave, tell me when one opens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.desk import Desk, DeskForm
from accounts.forms import plain_helper


def choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class SignUpForm(DeskForm):
    """Sign up for a training that takes people without an application."""

    designation = forms.ChoiceField(
        label=_("Which one is this for?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )

    def __init__(self, *args: Any, desk: Desk, designations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        if len(designations) > 1:
            choose(self.fields["designation"], designations)
        else:
            del self.fields["designation"]
        self.helper = plain_helper()


class AnswerForm(DeskForm):
    """Yes or no to an offered seat. The two buttons carry the answer; the office also says how it came."""

    ANSWERS = [("yes", _("Yes, I take the seat")), ("no", _("No, give it to the next person"))]
    answer = forms.ChoiceField(
        label=_("What is the answer?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")},
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        self.helper = plain_helper()


class ChangeDateForm(DeskForm):
    """Which of the other dates? The form of one press on another page brings the date with it."""

    to = forms.ChoiceField(
        label=_("Which date do you want?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a date."), "invalid_choice": _("Choose one of these dates.")},
    )

    def __init__(self, *args: Any, desk: Desk, dates: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        choose(self.fields["to"], dates)
        self.helper = plain_helper()


class LeaveForm(DeskForm):
    """Leave the line, give the seat back or pause: only the office has something to fill in."""

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, desk=desk, **kwargs)
        self.helper = plain_helper()


class TellMeForm(forms.Form):
    """Where to write when a date opens. People who are signed in have nothing to fill in."""

    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_("We write to it once, when a date opens. For nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail, like name@example.org."),
            "invalid": _("Write an e-mail like name@example.org."),
        },
    )

    def __init__(self, *args: Any, is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["email"]
        self.helper = plain_helper()
