"""What the office fills in about an outage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import plain_helper
from programs.calendar import local_moment
from trainings.forms.sessions import clock_field, day_field


class OutageForm(forms.Form):
    """From when to when people could not reach the portal. The office's own clock."""

    started_on = day_field(_("First day"), error_messages={"required": _("Write the day it began.")})
    started_time = clock_field(_("It began at"), error_messages={"required": _("Write the time it began.")})
    ended_on = day_field(_("Day it was back"), error_messages={"required": _("Write the day it was back.")})
    ended_time = clock_field(_("It was back at"), error_messages={"required": _("Write the time it was back.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    @property
    def started_at(self) -> datetime:
        return local_moment(self.cleaned_data["started_on"], self.cleaned_data["started_time"])

    @property
    def ended_at(self) -> datetime:
        return local_moment(self.cleaned_data["ended_on"], self.cleaned_data["ended_time"])
