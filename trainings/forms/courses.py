"""What the office fills in about a course."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import plain_helper
from audit.reasons import NotAllowed, say
from programs.calendar import local_day
from programs.program import program
from trainings import uploads
from trainings.forms.spots import choose
from trainings.models import Course
from trainings.workflow.courses import WORDING, as_seen


class LinesField(forms.CharField):
    """A list, one on each line."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return lines_of(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != lines_of(data or "")


def lines_of(typed: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in typed.splitlines()) if line]


class CourseForm(forms.ModelForm):
    """What a course says about itself, and for which designations it trains."""

    topics = LinesField(label=_("Topics"), required=False, help_text=_("One on each line."))
    sponsors = LinesField(label=_("With the help of"), required=False, help_text=_("One on each line."))
    designations = forms.MultipleChoiceField(
        label=_("Designations"), required=False, widget=forms.CheckboxSelectMultiple
    )

    new_flyer = forms.FileField(
        label=_("Flyer"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text=_("A PDF or a picture, up to 10 MB. It takes the place of the one before."),
    )
    remove_flyer = forms.BooleanField(label=_("Take the flyer away"), required=False)

    class Meta:
        model = Course
        fields = (
            "title",
            "about",
            "who",
            "topics",
            "organiser",
            "sponsors",
            "designations",
            "hours",
            "may_miss_minutes",
            "care_minutes",
            "has_exam",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "designations" in self.fields:
            today = program(local_day(timezone.now()))
            known = {one.code: one.title for one in today.training_designations}
            kept = [code for code in self.instance.designations if code not in known]
            choose(self.fields["designations"], [*known.items(), *((code, code) for code in kept)])

    _flyer: bytes = b""

    def clean_new_flyer(self) -> Any:
        """Looked at and written anew at once: staff's own file, one at a time."""
        file = self.cleaned_data["new_flyer"]
        if not file:
            return file
        content = file.read(uploads.MOST_BYTES + 1)  # one more than may be, which is enough to refuse it
        reasons = uploads.reasons_to_refuse(file.name, content)
        if reasons:
            raise forms.ValidationError([say(reason) for reason in reasons])
        try:
            self._flyer = uploads.written_anew(content, uploads.kind_of(file.name))
        except NotAllowed as refusal:
            raise forms.ValidationError(refusal.messages) from refusal
        return file

    def stored_flyer(self) -> str | None:
        """The name of the new file, stored now; empty where it is taken away; nothing where all stays."""
        if self._flyer:
            kind = uploads.kind_of(self.cleaned_data["new_flyer"].name)
            return uploads.store(self._flyer, "flyers", uploads.ENDINGS[kind])
        return "" if self.cleaned_data.get("remove_flyer") else None

    def save(self, commit: bool = True) -> Any:
        flyer = self.stored_flyer()
        if flyer is not None:
            self.instance.flyer = flyer
        return super().save(commit)


class WordingForm(CourseForm):
    """The same without the rules: what training staff word themselves. It saves nothing."""

    designations = None  # type: ignore[assignment]
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Course
        fields = WORDING
        labels = {
            "title": _("Name of the course"),
            "about": _("What people learn"),
            "who": _("Who it is for"),
            "organiser": _("Who runs it"),
        }
        widgets = {"about": forms.Textarea(attrs={"rows": 5}), "who": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"title": {"required": _("Write the name of the course.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = as_seen(self.instance)
        if not self.instance.flyer:
            del self.fields["remove_flyer"]
        self.helper = plain_helper()

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WORDING}

    def has_seen(self, course: Course) -> None:
        """What is typed stays; the next press says that its writer read what stands there now."""
        self.data = {**dict(self.data.items()), "seen": as_seen(course)}
