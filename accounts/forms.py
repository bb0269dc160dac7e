"""What is typed about a person: one thing per page, each sensitive question with its reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from accounts.desk import Desk, DeskForm
from accounts.fields import MemorableDateField
from accounts.models import Channel, Profile, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YES_NO = [("True", _("Yes")), ("False", _("No"))]
PHONE_ERROR = {"invalid": _("Write the phone number with its area code, like 601-555-0142.")}


def plain_helper() -> FormHelper:
    """The view's template brings the form element and the button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class LoginForm(AllauthLoginForm):
    """Two plain fields, `login` and `password`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("E-mail or sign-in name")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.helper = plain_helper()


class SignupForm(AllauthSignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your e-mail")
        self.fields["email"].help_text = _("We send a code to it. Nobody else sees it.")
        self.fields["password1"].label = _("Choose a password")
        self.fields["password1"].help_text = _("At least 10 letters or numbers. A short sentence works well.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.helper = plain_helper()


class ProfilePart(DeskForm):
    """One page of the profile: which columns it fills, its question, and why we ask."""

    slug: ClassVar[str] = ""
    title: ClassVar[StrOrPromise] = ""
    why: ClassVar[StrOrPromise] = ""
    user_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, desk: Desk, profile: Profile, **kwargs: Any) -> None:
        initial = {name: self._kept(desk.person, profile, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, desk=desk, **kwargs)
        self.helper = plain_helper()

    def _kept(self, person: User, profile: Profile, name: str) -> Any:
        value = getattr(person if name in self.user_fields else profile, name)
        return str(value) if isinstance(value, bool) else value

    @property
    def names(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in self.user_fields}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.base_fields if name not in self.user_fields}


class NamesForm(ProfilePart):
    slug = "names"
    title = _("What is your name?")
    why = _("Your legal name goes on your certificate. We call you by the name you use.")
    user_fields = ("legal_given_names", "legal_family_name", "name_in_use", "employer_name")

    legal_given_names = forms.CharField(
        label=_("Legal first and middle names"),
        max_length=150,
        error_messages={"required": _("Write your legal first name.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    legal_family_name = forms.CharField(
        label=_("Legal last name"),
        max_length=150,
        error_messages={"required": _("Write your legal last name.")},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    name_in_use = forms.CharField(
        label=_("The name I use"),
        help_text=_("We use it on this site and in class. Leave it blank to use your legal first name."),
        max_length=150,
        required=False,
    )
    employer_name = forms.CharField(
        label=_("The name my employer knows"),
        help_text=_("Only if it is not your legal name. We use it when we ask them about your job."),
        max_length=150,
        required=False,
    )


class ContactForm(ProfilePart):
    slug = "contact"
    title = _("How can we reach you?")
    why = _("We ask so that nobody hears of this by mistake. Only our office reads it.")

    best_channel = forms.ChoiceField(
        label=_("What is the best way?"),
        choices=Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how to reach you.")},
    )
    contact_email = forms.EmailField(
        label=_("E-mail we may write to"),
        required=False,
        help_text=_("Leave it blank to use the e-mail you sign in with."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = PhoneNumberField(
        label=_("Phone"),
        required=False,
        error_messages=PHONE_ERROR,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    voicemail_is_safe = forms.TypedChoiceField(
        label=_("May we leave a voicemail?"),
        choices=YES_NO,
        coerce=lambda answer: answer == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("If others can hear it, say no. Then we only hang up."),
    )
    private_wording = forms.TypedChoiceField(
        label=_("Keep our messages private?"),
        choices=YES_NO,
        coerce=lambda answer: answer == "True",
        widget=forms.RadioSelect,
        help_text=_("Yes means: our e-mails do not say what this is about. You read the rest after you sign in."),
        error_messages={"required": _("Choose yes or no.")},
    )
    second_contact_name = forms.CharField(
        label=_("Someone we may ask if we cannot reach you"),
        help_text=_("We only ask them how to reach you. Leave it blank if there is nobody."),
        max_length=150,
        required=False,
    )
    second_contact_phone = PhoneNumberField(
        label=_("Their phone"),
        required=False,
        error_messages=PHONE_ERROR,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("best_channel") == Channel.PHONE and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Write your phone number, so that we can call you."))
        return cleaned


class AddressForm(ProfilePart):
    slug = "address"
    title = _("Where do you live, and where may letters go?")
    why = _("The rule asks that you live in the state. We take your word. You do not need a home of your own.")

    county = forms.ChoiceField(label=_("Your county"), error_messages={"required": _("Choose your county.")})
    mail_to = forms.ChoiceField(
        label=_("Where may our letters go?"),
        choices=Profile.MailTo.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where letters may go.")},
    )
    care_of = forms.CharField(
        label=_("Care of whom?"), max_length=150, required=False, help_text=_("Only for mail sent care of someone.")
    )
    street = forms.CharField(label=_("Street or P.O. box"), max_length=200, required=False)
    city = forms.CharField(label=_("City or town"), max_length=100, required=False)
    state = forms.CharField(label=_("State"), max_length=2, required=False, help_text=_("Two letters, like MS."))
    zip_code = forms.RegexField(
        r"^\d{5}(-\d{4})?$",
        label=_("ZIP code"),
        required=False,
        error_messages={"invalid": _("Write the ZIP code with five digits, like 39201.")},
    )

    def __init__(self, *args: Any, counties: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county = self.fields["county"]
        assert isinstance(county, forms.ChoiceField)
        county.choices = [("", _("Choose one")), *((name, name) for name in counties)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        needed = {
            "street": _("Write the street or P.O. box."),
            "city": _("Write the city or town."),
            "zip_code": _("Write the ZIP code."),
        }
        if cleaned.get("mail_to") == Profile.MailTo.OFFICE:
            return cleaned
        if cleaned.get("mail_to") == Profile.MailTo.CARE_OF:
            needed["care_of"] = _("Write whose address it is.")
        for name, sentence in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return cleaned


def check_birth(day: date, *, too_old: StrOrPromise) -> None:
    """Whoever types it: nobody is born on a day to come, or older than anybody is."""
    today = timezone.localdate()
    if day > today:
        raise forms.ValidationError(_("This day is still to come. Check the year."))
    if today.year - day.year > 115:
        raise forms.ValidationError(too_old)


class BirthForm(ProfilePart):
    slug = "birth"
    title = _("When were you born?")
    why = _("Some classes have an age rule. Our office reads this, and nobody else.")

    birth_on = MemorableDateField(
        is_birthday=True,
        label=_("Date of birth"),
        help_text=_("For example: 4 9 1986."),
        error_messages={"required": _("Write the day you were born.")},
    )

    def clean_birth_on(self) -> date:
        birth_on: date = self.cleaned_data["birth_on"]
        check_birth(birth_on, too_old=_("Check the year you were born."))
        return birth_on


PROFILE_PARTS: dict[str, type[ProfilePart]] = {
    form.slug: form for form in (NamesForm, ContactForm, AddressForm, BirthForm)
}


class AccessForm(DeskForm):
    """Apart from all other forms: no diagnosis, no proof, and blank is a fine answer."""

    words = forms.CharField(
        label=_("What would help you take part?"),
        help_text=_("Captions, an interpreter, large print, breaks, more time, a ride. You do not need to say why."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=3000,
        error_messages={"required": _("Tell us what would help. Or go back: you do not have to ask for anything.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class HelperForm(DeskForm):
    """One name and one e-mail: the person chooses who helps, and we ask nothing about them."""

    name = forms.CharField(
        label=_("Their name"), max_length=150, error_messages={"required": _("Write the name of your helper.")}
    )
    email = forms.EmailField(
        label=_("Their e-mail"),
        help_text=_("We write to it once now, and when a date is near."),
        error_messages={
            "required": _("Write the e-mail of your helper."),
            "invalid": _("Write the whole e-mail, like name@example.org."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class NoteField(forms.CharField):
    """A new line is one letter, as the browser counts it."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class NoteForm(forms.Form):
    """What the office wants to remember of a call."""

    text = NoteField(
        label=_("Write a note"),
        help_text=_("What was asked, and what you said. No health facts and no stories: they do not belong here."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={
            "required": _("Write the note first."),
            "max_length": _("Keep it to 1,000 letters. This note has %(show_value)d."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class NewPersonForm(DeskForm):
    """Staff open a record for somebody who called or wrote."""

    legal_given_names = forms.CharField(label=_("Legal first and middle names"), max_length=150)
    legal_family_name = forms.CharField(label=_("Legal last name"), max_length=150)
    name_in_use = forms.CharField(label=_("The name they use"), max_length=150, required=False)
    birth_on = forms.DateField(label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    phone = PhoneNumberField(label=_("Phone"), required=False, error_messages=PHONE_ERROR)
    contact_email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Leave it blank if they have none.")
    )
    NAMES = ("legal_given_names", "legal_family_name", "name_in_use")
    PROFILE = ("birth_on", "phone", "contact_email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean_birth_on(self) -> date | None:
        birth_on: date | None = self.cleaned_data["birth_on"]
        if birth_on is not None:
            check_birth(birth_on, too_old=_("Check the year they were born."))
        return birth_on
