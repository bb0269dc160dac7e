"""What the office fills in to plan a session, or to call it off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import time
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import DayField
from accounts.forms import plain_helper
from programs.calendar import local_day, local_moment
from programs.program import Rules
from trainings import rules
from trainings.forms.courses import lines_of
from trainings.forms.refusals import say_beside
from trainings.forms.spots import choose
from trainings.models import Course, TrainingSession


def day_field(label: Any, **kwargs: Any) -> DayField:
    return DayField(label=label, **kwargs)


def clock_field(label: Any, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


def _line(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=300, required=False, **kwargs)


class SessionForm(forms.Form):
    """One session as it is planned: the same hours on each day, a break at noon or none."""

    PARTS = (
        (_("Training"), ("course", "designations")),
        (_("Days and hours"), ("first_day", "last_day", "starts", "break_starts", "break_ends", "ends")),
        (_("Where"), ("mode", "location", "county", "meeting_link", "dial_in", "host_sites", "data_and_device")),
        (_("Seats"), ("capacity", "minimum", "go_on")),
        (_("Cost"), ("cost", "who_may_pay", "covered", "materials_by")),
        (
            _("Dates before class"),
            (
                "opens_on",
                "closes_on",
                "closes_at",
                "documents_on",
                "documents_at",
                "allocation_on",
                "last_offer_on",
                "looked_at",
            ),
        ),
    )

    course = forms.ChoiceField(label=_("Training"))
    designations = forms.MultipleChoiceField(
        label=_("For which designations?"),
        help_text=_("Choose none to take all that this training serves now."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))
    starts = clock_field(_("Class starts at"), initial=time(9))
    break_starts = clock_field(
        _("Break starts at"), required=False, initial=time(12), help_text=_("Blank for no break.")
    )
    break_ends = clock_field(_("Break ends at"), required=False, initial=time(13))
    ends = clock_field(_("Class ends at"), initial=time(16))
    mode = forms.ChoiceField(label=_("Where"), choices=TrainingSession.Mode.choices, widget=forms.RadioSelect)
    location = forms.CharField(label=_("Address, when in person"), max_length=200, required=False)
    county = forms.ChoiceField(label=_("County, when in person"), required=False)
    host_sites = forms.CharField(
        label=_("Sites with a screen"),
        help_text=_("One on each line: its name and town. People without a computer may join there."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    meeting_link = forms.URLField(
        label=_("Meeting link, when online"),
        max_length=500,
        required=False,
        help_text=_("Goes to people with a seat, seven days before. It is on no public page."),
        assume_scheme="https",
    )
    dial_in = forms.CharField(
        label=_("Number to call in, when online"),
        max_length=200,
        required=False,
        help_text=_("With its passcode, such as: 601-555-0100, passcode 1234#. It goes where the link goes."),
    )
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=500)
    cost = forms.DecimalField(
        label=_("Cost in dollars"), min_value=0, max_digits=8, decimal_places=2, initial=0, required=False
    )
    who_may_pay = _line(_("Who may pay"), help_text=_("Such as: you, your employer, or a scholarship."))
    covered = _line(_("What is covered"), help_text=_("Such as: the manual, lunch, a room for the night."))
    materials_by = day_field(_("Materials are mailed by"), required=False)
    data_and_device = _line(
        _("Data and device people need"), help_text=_("Such as: a phone or computer with a camera, 2 GB a day.")
    )
    minimum = forms.IntegerField(
        label=_("Smallest number it runs with"), min_value=1, max_value=500, required=False, help_text=_("Blank: any.")
    )
    go_on = day_field(_("Day you decide if it runs"), required=False)
    opens_on = day_field(_("Sign-up opens on"), help_text=_("At 8 a.m. Central."))
    closes_on = day_field(_("Last day to apply"))
    closes_at = clock_field(
        _("Time on that last day to apply"),
        initial=time(23, 59),
        help_text=_("Central time. That minute still counts."),
    )
    documents_on = day_field(_("Last day for papers"))
    documents_at = clock_field(
        _("Time on that last day for papers"),
        initial=time(23, 59),
        help_text=_("Central time. That minute still counts."),
    )
    allocation_on = day_field(_("Seats are set on"))
    last_offer_on = day_field(
        _("Last day for offers"), required=False, help_text=_("Blank: three working days before class starts.")
    )
    looked_at = forms.BooleanField(label=_("I looked at these days. They are right."), required=False)

    def __init__(
        self,
        *args: Any,
        today: Rules,
        locked_course: Course | None = None,
        only: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`only`: the fields that can still be another; the rest stays as it is, and is not shown."""
        super().__init__(*args, **kwargs)
        self.today, self.only = today, only
        self.worth_a_look: list[Any] = []
        self.stands: list[Any] = []  # where somebody else was first: what stands there now, beside what is typed
        choose(self.fields["course"], [(kind.code, kind.title) for kind in today.courses if not kind.is_self_paced])
        known = {one.code: one.title for one in today.training_designations}
        also = [*(self.initial.get("designations") or ()), *(locked_course.designations if locked_course else ())]
        known |= {code: today.designation(code).title for code in also}  # a title that is not trained for as such
        choose(self.fields["designations"], list(known.items()))
        if not self.is_bound or only:
            del self.fields["looked_at"]  # nothing to look at yet
        if locked_course is not None:
            self.fields["course"].disabled = True
        choose(self.fields["county"], [("", str(_("Choose a county"))), *((name, name) for name in today.counties)])
        self.helper = plain_helper()
        self.helper.layout = Layout(
            *(Fieldset(legend, *shown) for legend, names in self.PARTS if (shown := self._shown(names)))
        )

    def _shown(self, names: Iterable[str]) -> list[str]:
        if not self.only:
            return [name for name in names if name in self.fields]
        for name, field in self.fields.items():
            field.disabled = name not in self.only
        return [name for name in names if name in self.fields and name in self.only]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self._check_days(cleaned)
        if not self.errors:
            self.plan = self._plan(cleaned)
            if not self.only:
                self.look_at(self.plan)
            if self.worth_a_look and not cleaned["looked_at"]:
                say_beside(self, self.worth_a_look)
                self.add_error("looked_at", _("Look at the days above. Then tick this box, or change a day."))
        return cleaned

    def look_at(self, plan: rules.Plan) -> None:
        """What is unusual about the days that are typed, or proposed before anything is typed."""
        course = Course.objects.filter(kind=plan.course).first() or self.today.course(plan.course)
        self.worth_a_look = rules.worth_a_look(plan, self.today.calendar, counts_for=float(course.hours))

    def _check_days(self, cleaned: dict[str, Any]) -> None:
        if cleaned["last_day"] < cleaned["first_day"]:
            self.add_error("last_day", _("The last day is before the first day."))
        elif (cleaned["last_day"] - cleaned["first_day"]).days > 31:
            self.add_error("last_day", _("That is longer than a month. Plan two sessions."))
        if cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("Class has to end after it starts."))
        if bool(cleaned["break_starts"]) != bool(cleaned["break_ends"]):
            self.add_error("break_ends", _("Write both ends of the break, or neither."))
        if cleaned["mode"] == TrainingSession.Mode.IN_PERSON and not cleaned["location"]:
            self.add_error("location", _("Write the address."))
        if bool(cleaned["minimum"]) != bool(cleaned["go_on"]):
            self.add_error("go_on" if cleaned["minimum"] else "minimum", _("Write both, or leave both blank."))

    def _plan(self, cleaned: dict[str, Any]) -> rules.Plan:
        calendar, first = self.today.calendar, cleaned["first_day"]
        hours = [(cleaned["starts"], cleaned["ends"])]
        if cleaned["break_starts"]:
            hours = [(cleaned["starts"], cleaned["break_starts"]), (cleaned["break_ends"], cleaned["ends"])]
        return rules.Plan(
            course=cleaned["course"],
            half_days=rules.half_days(first, cleaned["last_day"], hours, calendar),
            mode=cleaned["mode"],
            location=cleaned["location"],
            meeting_link=cleaned["meeting_link"],
            dial_in=cleaned["dial_in"],
            capacity=cleaned["capacity"],
            cost_cents=int((cleaned["cost"] or 0) * 100),
            county=cleaned["county"],
            host_sites=tuple(lines_of(cleaned["host_sites"])),
            who_may_pay=cleaned["who_may_pay"],
            covered=cleaned["covered"],
            materials_by=cleaned["materials_by"],
            data_and_device=cleaned["data_and_device"],
            minimum=cleaned["minimum"],
            go_on=cleaned["go_on"],
            designations=tuple(cleaned["designations"]),
            opens_at=local_moment(cleaned["opens_on"], rules.MORNING),
            registration_closes_on=cleaned["closes_on"],
            registration_closes_time=self._last_second("closes_at"),
            documents_close_on=cleaned["documents_on"],
            documents_close_time=self._last_second("documents_at"),
            allocation_on=cleaned["allocation_on"],
            last_offer_on=cleaned["last_offer_on"] or self.today.due_before("last_offer", first),
            is_first_come=self.today.course(cleaned["course"]).seating == Course.Seating.FIRST_COME,
        )

    def _last_second(self, name: str) -> time:
        """The minute that was typed still counts to its end; one that was only shown stays as it is stored."""
        typed, shown = self.cleaned_data[name], self.initial.get(name)
        return shown if shown and shown.replace(second=0) == typed.replace(second=0) else typed.replace(second=59)


def initial_of(plan: rules.Plan) -> dict[str, Any]:
    """What the form shows for a session that is already planned."""
    first_day = [(start, end) for start, end in plan.half_days if local_day(start) == local_day(plan.half_days[0][0])]
    local = [(timezone.localtime(start).time(), timezone.localtime(end).time()) for start, end in first_day]
    has_break = len(local) > 1
    return {
        "course": plan.course,
        "designations": list(plan.designations),
        "first_day": local_day(plan.half_days[0][0]),
        "last_day": local_day(plan.half_days[-1][1]),
        "starts": local[0][0],
        "break_starts": local[0][1] if has_break else None,
        "break_ends": local[1][0] if has_break else None,
        "ends": local[-1][1],
        "mode": plan.mode,
        "location": plan.location,
        "county": plan.county,
        "host_sites": "\n".join(plan.host_sites),
        "who_may_pay": plan.who_may_pay,
        "covered": plan.covered,
        "materials_by": plan.materials_by,
        "data_and_device": plan.data_and_device,
        "minimum": plan.minimum,
        "go_on": plan.go_on,
        "meeting_link": plan.meeting_link,
        "dial_in": plan.dial_in,
        "capacity": plan.capacity,
        "cost": plan.cost_cents / 100,
        "opens_on": local_day(plan.opens_at),
        "closes_on": plan.registration_closes_on,
        "closes_at": plan.registration_closes_time,
        "documents_on": plan.documents_close_on,
        "documents_at": plan.documents_close_time,
        "allocation_on": plan.allocation_on,
        "last_offer_on": plan.last_offer_on,
    }


class CancelForm(forms.Form):
    because = forms.CharField(
        label=_("Why is it cancelled?"),
        help_text=_("People who signed up read this sentence."),
        max_length=300,
        error_messages={"required": _("Write one sentence, so that people know why.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
