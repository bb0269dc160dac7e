"""What is typed for a scholarship."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms.application import PlainForm
from applicants.models import ScholarshipRound

MOST_LETTERS = 40_000


class KeptField(forms.CharField):
    """Asked for, and still kept when it is empty."""

    def validate(self, value: str) -> None:
        pass


class EssayForm(PlainForm):
    """Over the word limit is kept too: it is only refused when it is sent."""

    essay = KeptField(
        label=_("Your essay"),
        max_length=MOST_LETTERS,
        error_messages={"max_length": _("This is very long. Please keep it under 40,000 letters.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, round_: ScholarshipRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["essay"].widget = forms.Textarea(
            attrs={
                "rows": 14,
                "class": "cp-write",
                "data-words-most": round_.max_words,
                "data-words-least": round_.min_words,
            }
        )
        self.fields["essay"].help_text = _("Think about what you lived, what helped you, and who you want to help.")
