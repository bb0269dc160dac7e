"""What is typed about a file, a payment, a meeting, a vote, and by the public: cleaned and laid out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import DeskForm
from accounts.fields import DayField, Hinted, MemorableDateField
from accounts.forms import YES_NO, plain_helper
from audit.reasons import say
from certification.models import AddedTime, Choice, Decision, Payment
from certification.workflow import Answers, Missing, Money, Time
from certification.workflow.file import OTHER
from programs.calendar import local_day, local_moment
from programs.checklist import Item
from programs.program import Rules


def _yes_no(label: Any, required: Any, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda answer: answer == "True",
        widget=forms.RadioSelect,
        error_messages={"required": required},
        **more,
    )


def _hour(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


# -- By the person -----------------------------------------------------------------------------------------


class AnswersForm(_Form):
    lives_in_state = _yes_no(gettext_lazy("Do you live in this state now?"), gettext_lazy("Choose yes or no."))
    has_cosigner = _yes_no(
        gettext_lazy("Does the law say that someone has to sign with you?"),
        gettext_lazy("Choose yes or no. Most people choose no."),
        help_text=gettext_lazy("Only if a court named a person who signs for you. Most people choose no."),
    )

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if state:
            self.fields["lives_in_state"].label = _("Do you live in %s now?") % state

    @property
    def answers(self) -> Answers:
        return Answers(**self.cleaned_data)


class EthicsForm(_Form):
    agrees = forms.BooleanField(
        label=gettext_lazy("I have read the ethics rules. I will keep them."),
        error_messages={"required": gettext_lazy("Check the box if you say yes. Or go back and call us.")},
    )


class TimeForm(_Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What do you want to add?"),
        choices=AddedTime.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose hours or school.")},
    )
    where = forms.CharField(
        label=gettext_lazy("Where was it?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write where it was.")},
    )
    starts_on = MemorableDateField(label=gettext_lazy("First day"))
    ends_on = MemorableDateField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("Use today if you still do it.")
    )
    amount = forms.DecimalField(
        label=gettext_lazy("How many?"),
        help_text=gettext_lazy("Hours in all, like 120. For school, years, like 1."),
        min_value=Decimal("0.1"),
        max_value=Decimal(20000),
        max_digits=7,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "required": gettext_lazy("Write how many."),
            "invalid": gettext_lazy("Write a number, like 120."),
            "min_value": gettext_lazy("Write a number above 0."),
            "max_value": gettext_lazy("Check the number. It is too high."),
        },
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if ends_on and ends_on > local_day(timezone.now()):
            self.add_error("ends_on", _("This day is still to come. Use today if you still do it."))
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day is before the first day. Look at both."))
        return cleaned

    @property
    def time(self) -> Time:
        return Time(**self.cleaned_data)


class SendForm(DeskForm):
    is_true = forms.BooleanField(
        label=gettext_lazy("What I told you is true."),
        error_messages={"required": gettext_lazy("Check the box to say that it is true.")},
    )
    signed_name = forms.CharField(
        label=gettext_lazy("Type your legal name to sign"),
        max_length=310,
        error_messages={"required": gettext_lazy("Type your legal name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        if self.desk.is_staff_entry:
            self.fields["is_true"].label = _("They say that it is true.")
            self.fields["signed_name"].label = _("Their legal name, as they signed or said it")


# -- By the office -----------------------------------------------------------------------------------------


class PaymentForm(_Form):
    dollars = forms.DecimalField(
        label=gettext_lazy("Amount in dollars"),
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    received_on = DayField(
        label=gettext_lazy("Received on"), help_text=gettext_lazy("The stamp counts, not the postmark.")
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How was it paid?"),
        help_text=gettext_lazy("We do not take cash."),
        choices=Payment.Method.choices,
        widget=forms.RadioSelect,
    )
    number = forms.CharField(label=gettext_lazy("Number on it"), max_length=40, required=False)
    paid_by = forms.CharField(label=gettext_lazy("Who paid, if not the person"), max_length=150, required=False)

    @property
    def money(self) -> Money:
        typed = dict(self.cleaned_data)
        return Money(cents=int(typed.pop("dollars") * 100), **typed)


class DayForm(_Form):
    """One date: when the bank sent money back, when a paper was signed."""

    day = DayField(label=gettext_lazy("On which day?"))


class MissingForm(_Form):
    codes = forms.MultipleChoiceField(
        label=gettext_lazy("What is missing?"),
        help_text=gettext_lazy("Choose everything now. A second notice needs another person from the office."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    other = forms.CharField(
        label=gettext_lazy("Something else"),
        help_text=gettext_lazy("Say what you need and how they can mend it. No health words."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    due_on = DayField(label=gettext_lazy("Answer by"))

    def __init__(self, *args: Any, items: Iterable[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = {item.code: say(item.reason) for item in items}
        codes = self.fields["codes"]
        assert isinstance(codes, forms.MultipleChoiceField)
        codes.choices = [(item.code, Hinted(item.title, self.words[item.code])) for item in items]

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day <= local_day(timezone.now()):
            raise forms.ValidationError(_("Give them some days. Choose a day to come."))
        return day

    @property
    def missing(self) -> list[Missing]:
        chosen = [Missing(code, self.words[code]) for code in self.cleaned_data["codes"]]
        other = self.cleaned_data["other"].strip()
        return [*chosen, Missing(OTHER, other)] if other else chosen


class MeetingForm(_Form):
    day = DayField(label=gettext_lazy("Day of the meeting"))
    hour = _hour(gettext_lazy("At what time?"), help_text=gettext_lazy("Central time."))
    packets_day = DayField(label=gettext_lazy("Packets are due on"))
    packets_hour = _hour(gettext_lazy("Until what time?"), help_text=gettext_lazy("Central time."))
    location = forms.CharField(label=gettext_lazy("Where"), max_length=300)

    @property
    def meets_at(self) -> datetime:
        return local_moment(self.cleaned_data["day"], self.cleaned_data["hour"])

    @property
    def packet_deadline_at(self) -> datetime:
        return local_moment(self.cleaned_data["packets_day"], self.cleaned_data["packets_hour"])


def packet_hour(rules: Rules) -> time:
    return time.fromisoformat(rules.value("packet_deadline_time"))


# -- By the Board and the Director -------------------------------------------------------------------------


class VoteForm(_Form):
    choice = forms.ChoiceField(
        label=gettext_lazy("Your vote"),
        choices=[
            (Choice.YES, Choice.YES.label),
            (Choice.MORE, Hinted(Choice.MORE.label, gettext_lazy("Say what you need, and by when."))),
            (Choice.NO, Hinted(Choice.NO.label, gettext_lazy("Reasons go into the letter."))),
            (Choice.ABSTAIN, Choice.ABSTAIN.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RecommendForm(_Form):
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("Needed when the Board asks for more or says no. They go to the person."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(_Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[
            (Decision.Outcome.APPROVED, gettext_lazy("Approve")),
            (
                Decision.Outcome.DISAPPROVED,
                Hinted(gettext_lazy("Disapprove"), gettext_lazy("Reasons go into the letter.")),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


# -- By the public -----------------------------------------------------------------------------------------


class CheckForm(_Form):
    number = forms.CharField(
        label=gettext_lazy("Number on the certificate"),
        help_text=gettext_lazy("It looks like MS-2027-00042-K7Q."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the number.")},
    )
    family_name = forms.CharField(
        label=gettext_lazy("Last name, as it is printed"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the last name as it is printed.")},
    )
    on = DayField(
        label=gettext_lazy("Valid on which day?"),
        help_text=gettext_lazy("Leave it as it is for today."),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the day like 2027-11-30.")},
    )
    designation = forms.ChoiceField(
        label=gettext_lazy("Certified as"), help_text=gettext_lazy("Only if you want to know."), required=False
    )
    check = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rules: Rules, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        designation = self.fields["designation"]
        assert isinstance(designation, forms.ChoiceField)
        designation.choices = [
            ("", _("I do not ask this")),
            *((one.code, one.title) for one in rules.designations),
        ]
        if self._is_scanned():
            self.fields["family_name"].widget = forms.HiddenInput()
            self.fields["family_name"].required = False

    def _is_scanned(self) -> bool:
        """The picture on the paper brought its code along: no name is asked."""
        return bool(self.data.get("check") if self.is_bound else self.initial.get("check"))

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"] or self.today
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come. Choose today or a day before."))
        return day
