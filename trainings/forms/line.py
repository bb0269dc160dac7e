"""What is typed about the line: an exception with its reason, a block, a new hire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import DayField
from accounts.forms import plain_helper
from employment.models import Provider
from trainings.models import Registration, TrainingSession
from trainings.words import CAME_BY


def _time(label: Any, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


class ExceptionForm(forms.Form):
    """Every exception has a reason, and the person reads it."""

    because = forms.CharField(
        label=_("Why?"),
        help_text=_("One sentence. The person reads it on their page. Write nothing about health."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason. The person reads it on their page.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class GroupForm(ExceptionForm):
    group = forms.TypedChoiceField(
        label=_("Count them in which group?"),
        widget=forms.RadioSelect,
        coerce=int,
        empty_value=None,
        required=False,
    )
    field_order = ["group", "because"]

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = groups  # type: ignore[attr-defined]


class TimeForm(ExceptionForm):
    day = DayField(label=_("Count from which day?"), error_messages={"required": _("Write the day.")})
    clock = _time(_("And which time?"), help_text=_("Central time."), error_messages={"required": _("Write the time.")})
    field_order = ["day", "clock", "because"]

    def __init__(self, *args: Any, counted_from: datetime | None = None, **kwargs: Any) -> None:
        """A form has minutes and the order has seconds: the time that counts now, saved as it stood, would move them
        past everybody of that minute."""
        super().__init__(*args, **kwargs)
        self.counted_from = counted_from
        if counted_from is not None:
            local = timezone.localtime(counted_from)
            self.initial.update(day=local.date(), clock=local.time().replace(second=0, microsecond=0))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.counted_from is not None and all(cleaned.get(name) == self.initial[name] for name in ("day", "clock")):
            self.add_error("clock", _("They are counted from this time already."))
        return cleaned

    @property
    def moment(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"]))


class LateForm(TimeForm):
    designation = forms.ChoiceField(label=_("Which one is this for?"), widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(way, CAME_BY[way]) for way in ("post", "in_person", "phone")],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it came.")},
    )
    field_order = ["designation", "channel", "day", "clock", "because"]

    def __init__(self, *args: Any, designations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label, self.fields["clock"].label = _("Which day did it come?"), _("At what time?")
        if len(designations) > 1:
            self.fields["designation"].choices = designations  # type: ignore[attr-defined]
        else:
            del self.fields["designation"]


class SeatForm(ExceptionForm):
    """Whoever stands before them is named, and ticked one by one."""

    def __init__(self, *args: Any, passed: list[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.passed = passed
        said = _("%(name)s (%(reference)s) stands before them. I called, and this seat goes past %(name)s.")
        for one in passed:
            self.fields[f"pass-{one.reference}"] = forms.BooleanField(
                label=said % {"name": one.person, "reference": one.reference},
                error_messages={"required": _("Tick each person this seat goes past, or call them first.")},
            )
        self.order_fields([*(f"pass-{one.reference}" for one in passed), "because"])

    @property
    def seen_passed(self) -> list[str]:
        return [one.reference for one in self.passed if self.cleaned_data[f"pass-{one.reference}"]]


class BlockForm(forms.Form):
    provider = forms.ModelChoiceField(
        label=_("Which provider?"),
        queryset=Provider.objects.none(),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose the provider.")},
    )
    count = forms.IntegerField(
        label=_("How many seats?"), min_value=1, error_messages={"required": _("Write how many seats.")}
    )
    until_on = DayField(
        label=_("Until the end of which day can they sign up?"),
        help_text=_("At the latest the last day to sign up. Once the seats are set, what is left goes to the line."),
        error_messages={"required": _("Write the day.")},
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = Provider.objects.certified(on=on)  # type: ignore[attr-defined]
        self.helper = plain_helper()


class InviteForm(forms.Form):
    provider = forms.ModelChoiceField(
        label=_("For which provider?"),
        queryset=Provider.objects.none(),
        error_messages={"required": _("Choose the provider.")},
    )
    session = forms.ModelChoiceField(
        label=_("Which training?"),
        queryset=TrainingSession.objects.none(),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose a training.")},
    )
    name = forms.CharField(
        label=_("Name of the new hire"), max_length=150, error_messages={"required": _("Write the name.")}
    )
    email = forms.EmailField(
        label=_("Their e-mail"),
        help_text=_("They get one message with a link."),
        error_messages={
            "required": _("Write their e-mail."),
            "invalid": _("Write the whole e-mail, like name@mail.org."),
        },
    )

    def __init__(
        self, *args: Any, providers: list[Provider], sessions: list[tuple[TrainingSession, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["provider"]
        field.queryset = Provider.objects.filter(pk__in=[one.pk for one in providers])
        if len(providers) == 1:
            field.initial, field.empty_label = providers[0].pk, None
        named: Any = self.fields["session"]
        named.queryset = TrainingSession.objects.filter(pk__in=[one.pk for one, _label in sessions])
        named.choices = [("", _("Choose one")), *((one.pk, label) for one, label in sessions)]
        self.helper = plain_helper()
