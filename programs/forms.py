"""What staff type to change a rule or a page of words."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import DayField
from programs.models import Page, RuleVersion
from programs.workflow import NotAllowed, Wording, next_version


class PrettyJSON(forms.JSONField):
    """One value a line, letters as they are read."""

    widget = forms.Textarea(attrs={"rows": 24, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


class NextVersionForm(forms.ModelForm):
    """The next version of a row, filled with what the newest says."""

    body = PrettyJSON(label=_("what it says"))
    reason = forms.CharField(
        label=_("why this changes"), max_length=300, required=False, help_text=_("Stays with this version for good.")
    )

    class Meta:
        model = RuleVersion
        fields = tuple(field.name for field in dataclasses.fields(Wording))
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["reason"] = ""  # a new version has its own

    @property
    def wording(self) -> Wording:
        return Wording(**{name: self.cleaned_data[name] for name in NextVersionForm.Meta.fields})

    def clean(self) -> dict[str, Any]:
        """Everything the change itself would refuse is said here, beside what was typed."""
        if not self.errors:
            before = RuleVersion.objects.get(pk=self.instance.pk)
            try:
                next_version(before, self.wording, reason=self.cleaned_data["reason"], at=timezone.now())
            except NotAllowed as refusal:
                self.add_error(None, refusal.messages)
        return self.cleaned_data

    def _post_clean(self) -> None:
        """The row itself stays as it is: nothing typed goes into the old version."""


class PageForm(forms.ModelForm):
    """Title and words in each language of the site."""

    class Meta:
        model = Page
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            is_first = code == "en"
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title (%s)") % name, required=is_first, max_length=120, initial=self.instance.title.get(code)
            )
            self.fields[f"body_{code}"] = forms.CharField(
                label=_("Words (%s)") % name,
                required=is_first,
                initial=self.instance.body.get(code),
                widget=forms.Textarea(attrs={"rows": 20, "lang": code}),
                help_text=_("Short words. ## starts a heading, - starts a list."),
            )

    def texts(self, name: str) -> dict[str, str]:
        typed = {code: self.cleaned_data[f"{name}_{code}"].replace("\r\n", "\n") for code, _name in settings.LANGUAGES}
        return {code: words for code, words in typed.items() if words}
