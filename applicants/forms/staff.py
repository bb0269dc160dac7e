"""What the office types when it answers an application."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms.application import PlainForm
from programs.checklist import Item


class ReturnForm(PlainForm):
    missing = forms.MultipleChoiceField(
        label=_("What is missing?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(
        label=_("In your words, for the person"),
        help_text=_("Say what to send and how. No health words: it goes into a message."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, items: Iterable[Item], **kwargs: Any) -> None:
        super().__init__(*args, prefix="return", **kwargs)
        choices = [(item.code, item.title) for item in items]
        self.fields["missing"].choices = choices  # type: ignore[attr-defined]


class NotThisTimeForm(PlainForm):
    reason = forms.CharField(
        label=_("The reason, for the person"),
        help_text=_("First the fact, then why, then the next chance. No health words."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Write the reason. The person reads it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="no", **kwargs)
