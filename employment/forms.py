"""What is typed about a job, and what an employer answers: cleaned here, decided in `workflow`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from accounts.desk import DeskForm
from accounts.fields import Hinted, MemorableDateField
from accounts.forms import PHONE_ERROR, plain_helper
from audit.reasons import NotAllowed, say
from employment.models import Job, Provider
from employment.rules import Answer, Said
from programs.program import program

FIELD_OF = {
    "verifier_is_you": "verifier_email",
    "verifier_has_your_name": "verifier_name",
    "personal_mail": "verifier_email",
    "first_day_ahead": "hired_on",
    "first_day_too_long_ago": "hired_on",
    "last_day_ahead": "last_day",
    "last_day_before_first": "last_day",
    "not_signed": "signature",
    "forward_is_the_person": "forward_email",
}


def show_refusal(form: forms.Form, refusal: NotAllowed) -> None:
    """Each reason beside the field it is about; the others above the form."""
    for reason in refusal.reasons:
        field = FIELD_OF.get(reason.code)
        form.add_error(field if field in form.fields else None, say(reason))


def _roles(on: date) -> list[tuple[str, str]]:
    return [("", str(_("Choose one"))), *((role.code, role.title) for role in program(on).job_roles)]


# -- The person --------------------------------------------------------------------------------------------


class _JobFacts(forms.Form):
    position = forms.CharField(
        label=_("Job title"),
        help_text=_("As it stands in your papers at work."),
        max_length=150,
        error_messages={"required": _("Write your job title.")},
    )
    role_code = forms.ChoiceField(
        label=_("What kind of work is it?"), error_messages={"required": _("Choose the kind of work.")}
    )
    hired_on = MemorableDateField(
        label=_("First day of work"),
        help_text=_("For example 10 5 2026."),
        error_messages={"required": _("Write your first day of work.")},
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role_code"].choices = _roles(on)  # type: ignore[attr-defined]
        self.helper = plain_helper()


class _Verifier(forms.Form):
    verifier_name = forms.CharField(
        label=_("Who can say that this is right?"),
        help_text=_("Your supervisor, or someone from the staff office. Write their full name."),
        max_length=150,
        error_messages={"required": _("Write the name of the person we may ask.")},
    )
    verifier_email = forms.EmailField(
        label=_("Their work e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write their work e-mail."),
            "invalid": _("Write the whole e-mail, like name@agency.org."),
        },
    )
    address_reason = forms.CharField(
        label=_("If this is not a work e-mail: why not?"),
        help_text=_("Leave it blank for a work e-mail. Else we look at it before you send."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class JobForm(_JobFacts, _Verifier, DeskForm):
    """A job and whom to ask. Nothing is sent by it."""

    field_order = ["position", "role_code", "hired_on", "verifier_name", "verifier_email", "address_reason"]


class ChangeJobForm(_JobFacts, DeskForm):
    def __init__(self, *args: Any, job: Job, **kwargs: Any) -> None:
        given = {"position": job.position, "role_code": job.role_code, "hired_on": job.hired_on}
        super().__init__(*args, initial=given, **kwargs)


class VerifierForm(_Verifier, DeskForm):
    pass


class SendForm(DeskForm):
    """The press of Send; it carries what was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class EndForm(DeskForm):
    last_day = MemorableDateField(
        label=_("What was your last day of work?"), error_messages={"required": _("Write your last day of work.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


# -- The verifier ------------------------------------------------------------------------------------------

ANSWERS = [
    (Said.YES.value, _("Yes, all of this is right")),
    (Said.CORRECTED.value, Hinted(_("Yes, but something is wrong"), _("You can correct it on the next page."))),
    (Said.NOT_ME.value, Hinted(_("I am not the right person to ask"), _("You can name the right one."))),
    (Said.GONE.value, _("This person does not work here now")),
]


class _Signed(forms.Form):
    """A typed name; written down by staff, it is the name of whoever spoke."""

    signature = forms.CharField(
        label=_("Type your full name to sign"),
        help_text=_("By signing you say that this is true to the best of your knowledge."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your full name to sign.")},
    )

    def __init__(self, *args: Any, job: Job, on: date, by_phone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job, self.on = job, on
        self.helper = plain_helper()
        if by_phone and "signature" in self.fields:
            self._ask_who_spoke(self.fields["signature"])

    @staticmethod
    def _ask_who_spoke(field: forms.Field) -> None:
        field.label, field.help_text = _("Who said it?"), _("Full name and office, for example the officer.")
        field.error_messages["required"] = _("Write who said it.")
        field.widget.attrs["autocomplete"] = "off"


class AnswerForm(_Signed):
    """The first page: which answer. A plain yes is signed here; the others ask one more thing."""

    said = forms.ChoiceField(
        label=_("Your answer"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one answer.")},
    )
    field_order = ["said", "signature"]

    def __init__(self, *args: Any, by_phone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, by_phone=by_phone, **kwargs)
        if by_phone:
            self.fields["said"].label = _("What did they say?")

    @property
    def answer(self) -> Answer:
        return Answer.yes_as_shown(self.cleaned_data["signature"])


class CorrectionForm(_Signed):
    title = _("Tell us how it should be")
    position = forms.CharField(label=_("Job title"), max_length=150)
    role_code = forms.ChoiceField(label=_("Kind of work"))
    hired_on = MemorableDateField(label=_("First day of work"))
    field_order = ["position", "role_code", "hired_on", "signature"]

    ABOUT_THE_JOB = ("position", "role_code", "hired_on")

    def __init__(self, *args: Any, job: Job, on: date, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        given = {name: getattr(job, name) for name in self.ABOUT_THE_JOB} | (initial or {})
        super().__init__(*args, job=job, on=on, initial=given, **kwargs)
        self.fields["role_code"].choices = _roles(on)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned[name] != getattr(self.job, name) for name in self.ABOUT_THE_JOB):
            self.add_error(None, _("Nothing is different. Correct what is wrong, or go back and choose “yes”."))
        return cleaned

    @property
    def answer(self) -> Answer:
        typed = self.cleaned_data
        return Answer.correct_it(typed["signature"], **{name: typed[name] for name in self.ABOUT_THE_JOB})


class ForwardForm(_Signed):
    title = _("Who is the right person?")
    signature = None  # type: ignore[assignment]  # nobody attests to anything here
    forward_name = forms.CharField(label=_("Their name"), max_length=150, required=False)
    forward_email = forms.EmailField(
        label=_("Their work e-mail"),
        required=False,
        error_messages={"invalid": _("Write the whole e-mail, like name@agency.org.")},
    )

    @property
    def answer(self) -> Answer:
        return Answer.not_me(self.cleaned_data["forward_name"], self.cleaned_data["forward_email"])


class GoneForm(_Signed):
    title = _("When was the last day?")
    last_day = MemorableDateField(
        label=_("Last day of work"), help_text=_("Leave it blank if you do not know."), required=False
    )
    field_order = ["last_day", "signature"]

    @property
    def answer(self) -> Answer:
        return Answer.no_longer_here(self.cleaned_data["signature"], last_day=self.cleaned_data["last_day"])


AnyAnswerForm = AnswerForm | CorrectionForm | ForwardForm | GoneForm
SECOND_PAGE: dict[str, type[CorrectionForm | ForwardForm | GoneForm]] = {
    Said.CORRECTED: CorrectionForm,
    Said.NOT_ME: ForwardForm,
    Said.GONE: GoneForm,
}


def answer_form(data: QueryDict | None, *, job: Job, on: date, by_phone: bool = False) -> AnyAnswerForm:
    """The page the verifier is on: the first; the second of their answer; or the second, filled in."""
    second = SECOND_PAGE.get(data.get("said", "")) if data else None
    about: dict[str, Any] = {"job": job, "on": on, "by_phone": by_phone}
    if data is None or second is None:
        return AnswerForm(data, **about)
    if "details" in data:
        return second(data, **about)
    return second(initial={"signature": data.get("signature", "")}, **about)


# -- The office --------------------------------------------------------------------------------------------


class ProviderForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150, error_messages={"required": _("Write the name.")})
    kind = forms.ChoiceField(label=_("Kind"), error_messages={"required": _("Choose the kind.")})
    region = forms.CharField(label=_("City or region"), max_length=100, required=False)
    certified_from = MemorableDateField(
        label=_("Certified from"), error_messages={"required": _("Write the first day.")}
    )
    certified_until = MemorableDateField(
        label=_("No longer certified from"), help_text=_("The first day without."), required=False
    )
    closed_on = MemorableDateField(label=_("Closed on"), help_text=_("The first day it was closed."), required=False)
    email_domains = forms.CharField(
        label=_("Work e-mail domains"),
        help_text=_("What stands after the @, one on each line. An address elsewhere is shown to you first."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *args: Any, on: date, provider: Provider | None = None, **kwargs: Any) -> None:
        if provider:
            given = {name: getattr(provider, name) for name in self.base_fields}
            kwargs["initial"] = given | {"email_domains": "\n".join(provider.email_domains)}
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.title) for kind in program(on).provider_kinds]
        self.fields["kind"].choices = [("", _("Choose one")), *kinds]  # type: ignore[attr-defined]
        self.helper = plain_helper()

    def clean_email_domains(self) -> list[str]:
        domains = [line.strip().lstrip("@").lower() for line in self.cleaned_data["email_domains"].splitlines()]
        for domain in filter(None, domains):
            if "." not in domain or "@" in domain or " " in domain:
                raise forms.ValidationError(_("Write each domain like agency.org, without a name before it."))
        return [domain for domain in domains if domain]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("certified_from"), cleaned.get("certified_until")
        if starts and ends and ends <= starts:
            self.add_error("certified_until", _("This is not after the first day. Look at both."))
        return cleaned


class OfficerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150, error_messages={"required": _("Write the name.")})
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneNumberField(
        label=_("Phone"), required=False, error_messages=PHONE_ERROR, widget=forms.TextInput(attrs={"type": "tel"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
