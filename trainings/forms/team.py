"""Who is to lead a class, chosen among the people a search found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import plain_helper
from accounts.models import User
from trainings.forms.classroom import choose
from trainings.models import TeamMember


class TeamForm(forms.Form):
    person = forms.ChoiceField(
        label=gettext_lazy("Who is it?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a person."),
            "invalid_choice": gettext_lazy("Choose one of these people."),
        },
    )
    part = forms.ChoiceField(
        label=gettext_lazy("What do they do?"),
        choices=TeamMember.Part.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what they do.")},
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.reference: one for one in people}
        choose(self.fields["person"], [(key, named(one)) for key, one in self.people.items()])
        self.helper = plain_helper()

    @property
    def chosen(self) -> User:
        return self.people[self.cleaned_data["person"]]


def named(person: User) -> str:
    """Enough to tell two of the same name apart."""
    goes_by = _("goes by %s") % person.name_in_use if person.name_in_use and person.legal_name else ""
    return ", ".join(filter(None, [str(person), goes_by, person.email, person.reference]))
