"""One thing per page of the training application. Each page knows why we ask, and which answers it fills."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.desk import Desk, DeskForm
from accounts.fields import MemorableDateField
from accounts.forms import plain_helper
from applicants.answers import EDUCATION, attestation_code
from applicants.models import Document, Reference, Relation, SupportSpell, TrainingApplication
from audit.reasons import say
from programs.calendar import local_day
from programs.requirements import Requirement
from programs.rows import Designation
from trainings.uploads import MOST_BYTES, reasons_to_refuse

YES, NOT_YET, NO = "yes", "not_yet", "no"
PAPER_TYPES = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


class PlainForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class DesignationForm(PlainForm):
    """The path, and with it which rules are asked."""

    designation = forms.ChoiceField(
        label=_("Which path is yours?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a path."),
            "invalid_choice": _("Choose one of the paths shown."),
        },
    )

    def __init__(self, *args: Any, designations: list[Designation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.title) for one in designations]
        self.fields["designation"].choices = choices  # type: ignore[attr-defined]


class PartForm(PlainForm):
    """A page of the application: its question, why we ask, who reads it, and what happens if it stays blank."""

    title: Any = ""
    why: Any = ""
    readers: Any = ""
    blank: Any = ""

    def __init__(
        self, *args: Any, application: TrainingApplication, asked: Requirement | None = None, desk: Desk, **kwargs: Any
    ) -> None:
        self.application, self.asked, self.desk = application, asked, desk
        super().__init__(*args, initial=self.kept(), **kwargs)

    def kept(self) -> dict[str, Any]:
        """What was said before."""
        return {}

    @property
    def said(self) -> dict[str, Any]:
        """Keyword arguments for `workflow.answer`."""
        return {"facts": dict(self.cleaned_data)}


class AttestedForm(PartForm):
    """Yes or not yet, in the person's own word."""

    answer = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[(YES, _("Yes")), (NOT_YET, _("Not yet"))],
        error_messages={"required": _("Choose yes or not yet.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.asked is not None  # the page is only shown where the rules ask
        self.title = self.asked.title
        self.fields["answer"].label = self.asked.statement or self.asked.title

    def kept(self) -> dict[str, Any]:
        assert self.asked is not None
        said = self.application.attestations.get(attestation_code(self.asked))
        return {"answer": {True: YES, False: NOT_YET, None: None}[said]}

    @property
    def said(self) -> dict[str, Any]:
        assert self.asked is not None
        return {"attested": {attestation_code(self.asked): self.cleaned_data["answer"] == YES}}


class LivedExperienceForm(AttestedForm):
    why = _("The rule asks it. This work is for people who have been there. We take your word.")
    readers = _("Staff who check your form see your yes or not yet. Your boss and the Board do not see your story.")
    blank = _("You cannot send the form without a yes. The story you can leave blank.")

    story = forms.CharField(
        label=_("Your recovery story, if you want to"),
        help_text=_(
            "You do not need to write this, and it never counts. You choose how much. Only you can read it here."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=20000,
    )

    @property
    def said(self) -> dict[str, Any]:
        words = self.cleaned_data["story"]
        # The office never reads a story back, so what it leaves blank stays as it was.
        return super().said | {"story": None if self.desk.is_staff_entry and not words else words}


class RecoveryTimeForm(AttestedForm):
    why = _("The rule asks it. We take your word. You do not need to send health papers.")
    readers = _("Staff who check your form.")


class EthicsForm(AttestedForm):
    why = _("Everyone in this work keeps these rules. They keep the people you will help safe.")


class AssuranceForm(AttestedForm):
    why = _("We rest on what you tell us. With a yes we may ask your school or your references if it is so.")

    signed_name = forms.CharField(
        label=_("Sign with your full name"),
        max_length=310,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def kept(self) -> dict[str, Any]:
        return super().kept() | {"signed_name": self.application.signed_name}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == YES and not cleaned.get("signed_name"):
            self.add_error("signed_name", _("Write your full name. It stands for your signature."))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"facts": {"signed_name": self.cleaned_data["signed_name"]}}


class EducationForm(PartForm):
    title = _("What school have you done?")
    why = _("The rule asks for high school, a GED, or being in school now. If you have none of these, call us.")

    education = forms.ChoiceField(
        label=_("Choose the one that fits best"),
        choices=EDUCATION,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what fits best.")},
    )

    def kept(self) -> dict[str, Any]:
        return {"education": self.application.education}


class CosignerForm(PartForm):
    title = _("Does the law ask someone to sign with you?")
    why = _("Some people have a guardian, or someone a court named. That person signs too. Most people have no one.")
    readers = _("Staff who check your form.")

    needs_cosigner = forms.ChoiceField(
        label=_("Who signs?"),
        choices=[(NO, _("Only I sign")), (YES, _("Someone signs with me"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who signs.")},
    )
    cosigner_name = forms.CharField(
        label=_("Their full name"),
        help_text=_("Only if someone signs with you."),
        max_length=150,
        required=False,
    )
    cosigned = forms.BooleanField(
        label=_("They are here with me, have read this application, and sign it."),
        help_text=_("If they are not here, save now and come back with them."),
        required=False,
    )

    def kept(self) -> dict[str, Any]:
        needs = self.application.needs_cosigner
        return {
            "needs_cosigner": {True: YES, False: NO, None: None}[needs],
            "cosigner_name": self.application.cosigner_name,
            "cosigned": self.application.cosigned_on is not None,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("needs_cosigner") == YES and not cleaned.get("cosigner_name"):
            self.add_error("cosigner_name", _("Write the name of the person who signs with you."))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        needs = self.cleaned_data["needs_cosigner"] == YES
        signed_on = self.application.cosigned_on or local_day(timezone.now())
        return {
            "facts": {
                "needs_cosigner": needs,
                "cosigner_name": self.cleaned_data["cosigner_name"] if needs else "",
                "cosigned_on": signed_on if needs and self.cleaned_data["cosigned"] else None,
            }
        }


class PlaceForm(PartForm):
    title = _("Can you join from a quiet place?")
    why = _("Part of the class is online. If you need a room, a screen or data, we help you find one.")
    readers = _("Staff who plan the class. It never counts for or against you.")
    blank = _("That is fine. You can tell us later.")

    private_place = forms.ChoiceField(
        label=_("Do you have a private place and a connection that lasts?"),
        choices=TrainingApplication.Place.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def kept(self) -> dict[str, Any]:
        return {"private_place": self.application.private_place}


# The pages by the name a requirement gives to what mends it.
PARTS: dict[str, type[PartForm]] = {
    "lived-experience": LivedExperienceForm,
    "recovery-time": RecoveryTimeForm,
    "education": EducationForm,
    "assurance": AssuranceForm,
    "ethics": EthicsForm,
    "cosigner": CosignerForm,
    "place": PlaceForm,
}


# -- Rows --------------------------------------------------------------------------------------------------


class SpellForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("What was it?"),
        choices=SupportSpell.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it was.")},
    )
    where = forms.CharField(label=_("Where?"), max_length=200, error_messages={"required": _("Write where it was.")})
    starts_on = MemorableDateField(label=_("From which day?"), help_text=_("As near as you know it."))
    ends_on = MemorableDateField(
        label=_("Until which day?"), help_text=_("Leave it blank if it goes on."), required=False
    )
    amount = forms.DecimalField(
        label=_("How many hours in all, or years of school?"),
        min_value=0,
        max_value=20000,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "required": _("Write a number."),
            "invalid": _("Write a number, like 40 or 1.5."),
            "min_value": _("Write a number above 0."),
            "max_value": _("Check this number. It is very high."),
        },
    )

    def clean_starts_on(self) -> date:
        starts_on: date = self.cleaned_data["starts_on"]
        if starts_on > local_day(timezone.now()):
            raise forms.ValidationError(_("This day is still to come. Check the year."))
        return starts_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The last day is before the first day. Look at both dates."))
        if cleaned.get("amount") == 0:
            self.add_error("amount", _("Write a number above 0."))
        return cleaned


class ReferenceForm(PlainForm):
    name = forms.CharField(label=_("Their name"), max_length=150, error_messages={"required": _("Write their name.")})
    relation = forms.ChoiceField(
        label=_("How do they know you?"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they know you.")},
    )
    email = forms.EmailField(
        label=_("Their e-mail"),
        help_text=_("We write to it only after you have read the message and pressed Send."),
        error_messages={
            "required": _("Write their e-mail."),
            "invalid": _("Write a whole e-mail, like name@example.org."),
        },
    )


class DocumentForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Document.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )
    file = forms.FileField(
        label=_("Choose the file"),
        help_text=_("A photo (JPG or PNG) or a PDF, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": PAPER_TYPES}),
        allow_empty_file=True,  # our own sentence says what to do
        error_messages={"required": _("Choose a file to send.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = b""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        self.content = file.read() if file.size <= MOST_BYTES else bytes(file.size)
        if reasons := reasons_to_refuse(file.name, self.content):
            raise forms.ValidationError(say(reasons[0]))
        return file


class SendForm(DeskForm):
    """Nothing to fill in for oneself; the office says how and when it came."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class ReferenceAnswerForm(PlainForm):
    """What a reference is asked."""

    view = forms.ChoiceField(
        label=_("Are they ready for this training?"),
        choices=Reference.View.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    text = forms.CharField(
        label=_("Tell us how you know them, and what they do well"),
        help_text=_("A few sentences are enough. Please leave out anything about their health."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=8000,
        error_messages={"required": _("Write a few sentences.")},
    )
    is_no_relative = forms.BooleanField(
        label=_("I am not a family member, and this is what I think."),
        error_messages={"required": _("Check this box. If you are family, please tell the person who asked you.")},
    )
