"""What is typed in class: the trainer's list, minutes, the meeting's file, the test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import DayField
from accounts.forms import plain_helper
from programs.calendar import local_moment
from trainings import presence
from trainings.models import ExamSitting, HalfDay, Registration, TrainingSession
from trainings.roster import name_on_list
from trainings.rules import Mark
from trainings.workflow.sittings import SittingPlan

Cell = tuple[int, int]  # registration, half-day


def _number(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(widget=forms.NumberInput(attrs={"inputmode": "numeric"}), **kwargs)


# -- Who was there -----------------------------------------------------------------------------------------


def _seen(marked: Iterable[str]) -> forms.CharField:
    """What the page showed, sent back with it: two trainers save their own changes and not each other's."""
    return forms.CharField(required=False, widget=forms.HiddenInput, initial=" ".join(marked))


class AttendanceForm(forms.Form):
    """The trainer's list: a box for each person and half-day. A half-day is saved when somebody is ticked in it, or
    when its list is said to be done; whoever is not ticked then was away."""

    def __init__(self, *args: Any, cells: Iterable[Cell], half_days: list[HalfDay], marks: Mapping[Cell, Mark]) -> None:
        super().__init__(*args)
        self.cells, self.half_days, self.known = list(cells), half_days, marks
        for half_day in half_days:
            is_marked = any(cell in marks for cell in self.cells if cell[1] == half_day.pk)
            self.fields[f"done-{half_day.pk}"] = forms.BooleanField(required=False, initial=is_marked)
        for cell in self.cells:
            is_there = cell in marks and marks[cell].there
            self.fields[self.name_of(cell)] = forms.BooleanField(required=False, initial=is_there)
        there = (self.name_of(cell) for cell in self.cells if cell in marks and marks[cell].there)
        self.fields["seen"] = _seen(there)

    @staticmethod
    def name_of(cell: Cell) -> str:
        return f"there-{cell[1]}-{cell[0]}"

    @property
    def marks(self) -> dict[Cell, bool | Mark]:
        found: dict[Cell, bool | Mark] = {}
        for half_day in self.half_days:
            there = {cell: self.cleaned_data[self.name_of(cell)] for cell in self.cells if cell[1] == half_day.pk}
            if self.cleaned_data[f"done-{half_day.pk}"] or any(there.values()):
                found.update({cell: is_there for cell, is_there in there.items() if self._is_new(cell, is_there)})
        return found

    def _is_new(self, cell: Cell, is_there: bool) -> bool:
        was_there = self.name_of(cell) in self.cleaned_data["seen"].split()
        return cell not in self.known or "seen" not in self.data or is_there != was_there


class HalfDayForm(forms.Form):
    """One half-day in minutes: there or away, how long somebody was out, and how much of that was care."""

    def __init__(self, *args: Any, spots: list[Registration], half_day: HalfDay, marks: Mapping[int, Mark]) -> None:
        super().__init__(*args)
        self.spots, self.half_day, self.known = spots, half_day, marks
        for spot in spots:
            mark = marks.get(spot.pk)
            name = name_on_list(spot)
            self.fields[f"there-{spot.pk}"] = forms.BooleanField(required=False, initial=bool(mark and mark.there))
            self._minutes(f"missed-{spot.pk}", _("Minutes out, %s") % name, mark.missed if mark else 0)
            self._minutes(f"care-{spot.pk}", _("Care time, %s") % name, mark.care if mark else 0)
        self.fields["seen"] = _seen(self._as_seen(spot.pk, marks.get(spot.pk, Mark(False))) for spot in spots)

    @staticmethod
    def _as_seen(key: int, mark: Mark) -> str:
        return f"{key}:{int(mark.there)}:{mark.missed}:{mark.care}"

    def _minutes(self, name: str, label: str, initial: int) -> None:
        self.fields[name] = _number(
            label=label,
            required=False,
            min_value=0,
            max_value=self.half_day.minutes,
            initial=initial or None,
            error_messages={"invalid": _("Write whole minutes."), "max_value": _("That is too many minutes.")},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for spot in self.spots:
            missed, care = cleaned.get(f"missed-{spot.pk}") or 0, cleaned.get(f"care-{spot.pk}") or 0
            if (missed or care) and not cleaned.get(f"there-{spot.pk}"):
                wrong = _("You wrote minutes for %s. Tick “There”, or take the minutes out.") % name_on_list(spot)
                self.add_error(f"missed-{spot.pk}" if missed else f"care-{spot.pk}", wrong)
                continue
            if care > missed:
                self.add_error(f"care-{spot.pk}", _("Care time is part of the minutes out. It cannot be more."))
            if missed >= self.half_day.minutes:
                self.add_error(f"missed-{spot.pk}", _("Out for all of it? Then take the tick away."))
        return cleaned

    @property
    def marks(self) -> dict[Cell, bool | Mark]:
        typed = {spot.pk: self._mark(spot.pk) for spot in self.spots}
        return {(key, self.half_day.pk): mark for key, mark in typed.items() if self._is_new(key, mark)}

    def _is_new(self, key: int, mark: Mark) -> bool:
        seen = self.cleaned_data["seen"].split()
        return key not in self.known or "seen" not in self.data or self._as_seen(key, mark) not in seen

    def _mark(self, key: int) -> Mark:
        typed = self.cleaned_data
        if not typed[f"there-{key}"]:
            return Mark(False)
        return Mark(True, typed[f"missed-{key}"] or 0, typed[f"care-{key}"] or 0)


class ListForm(forms.Form):
    """The meeting platform's file."""

    file = forms.FileField(
        label=_("The file of who was in the meeting"),
        help_text=_("CSV, as the meeting platform gives it."),
        error_messages={"required": _("Choose the file."), "empty": _("Nobody stands in this file.")},
    )
    day = forms.TypedChoiceField(
        label=_("Which day is it from?"),
        help_text=_("Only needed when the file gives times without a date."),
        required=False,
        coerce=date.fromisoformat,
        empty_value=None,
    )

    def __init__(self, *args: Any, days: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["day"], [("", str(_("The file says it"))), *days])
        self.helper = plain_helper()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > presence.MOST_BYTES:
            raise forms.ValidationError(_("The file is too long. Cut it by day, and send one after the other."))
        return file


def choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class MatchForm(forms.Form):
    """Whose stay each name of the list is."""

    NOBODY = "nobody"

    def __init__(self, *args: Any, names: Iterable[Any], people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Not decided yet")), (self.NOBODY, _("Nobody in this class")), *people]
        for one in names:
            is_nobody = one.proposed is None and (one.is_settled or one.by == "before")
            initial = self.NOBODY if is_nobody else str(one.proposed or "")
            self.fields[f"row-{one.key}"] = forms.ChoiceField(choices=choices, required=False, initial=initial)

    @property
    def whose(self) -> dict[int, int | None]:
        said = {int(name.removeprefix("row-")): value for name, value in self.cleaned_data.items() if value}
        return {row: None if value == self.NOBODY else int(value) for row, value in said.items()}


def days_of(session: TrainingSession, said: Callable[[date], str]) -> list[tuple[str, str]]:
    days = sorted({half_day.on for half_day in session.half_days.all()})
    return [(day.isoformat(), said(day)) for day in days]


# -- The test ----------------------------------------------------------------------------------------------


def _score(label: Any) -> forms.IntegerField:
    return _number(
        label=label,
        required=False,
        min_value=0,
        max_value=100,
        error_messages={
            "invalid": _("Write a whole number from 0 to 100."),
            "min_value": _("Write a score from 0 to 100."),
            "max_value": _("Write a score from 0 to 100."),
        },
    )


class ResultsForm(forms.Form):
    """A score for each person who sat. Blank ones are left alone."""

    def __init__(self, *args: Any, spots: list[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spots = spots
        for spot in spots:
            self.fields[self.name_of(spot)] = _score(str(spot.person))
        self.helper = plain_helper()

    @staticmethod
    def name_of(spot: Registration) -> str:
        return f"score-{spot.pk}"

    @property
    def scores(self) -> list[tuple[Registration, int]]:
        typed = [(spot, self.cleaned_data[self.name_of(spot)]) for spot in self.spots]
        return [(spot, score) for spot, score in typed if score is not None]


class ExamForm(ResultsForm):
    """The same with its day, for a class that sat together."""

    taken_on = DayField(label=_("Day of the test"), error_messages={"required": _("Write the day of the test.")})

    @property
    def day(self) -> date:
        return self.cleaned_data["taken_on"]


class CorrectionForm(forms.Form):
    """The right score of one try, and why the one before was wrong. It carries the score the page showed."""

    score = _score(_("The right score"))
    because = forms.CharField(
        label=_("Why was it wrong?"),
        help_text=_("One sentence. The person reads it on their page."),
        max_length=300,
        error_messages={"required": _("Write why it was wrong.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["score"].required = True
        self.fields["score"].error_messages["required"] = _("Write the right score.")
        self.fields["seen"].initial = seen
        self.helper = plain_helper()

    def now_seen(self, score: int) -> None:
        """The page shows another score than before: this one is looked at by the next press."""
        self.data = {**self.data.dict(), "seen": str(score)}  # type: ignore[attr-defined]  # what was posted


class SittingForm(forms.Form):
    """A day on which the test can be taken."""

    kind = forms.ChoiceField(
        label=_("How"),
        choices=ExamSitting.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    where = forms.CharField(
        label=_("Where"),
        max_length=200,
        help_text=_("A room, or how to get in online."),
        error_messages={"required": _("Write where it is.")},
    )
    on = DayField(label=_("Day"), error_messages={"required": _("Write the day.")})
    starts = forms.TimeField(
        label=_("Starts at"),
        help_text=_("Central time."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Write when it starts.")},
    )
    minutes = forms.IntegerField(label=_("Minutes for the test"), min_value=1, max_value=600, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    @property
    def plan(self) -> SittingPlan:
        typed = self.cleaned_data
        starts_at: datetime = local_moment(typed["on"], typed["starts"])
        return SittingPlan(kind=typed["kind"], where=typed["where"], starts_at=starts_at, minutes=typed["minutes"])


class BookingForm(forms.Form):
    """Somebody is expected at this test."""

    person = forms.ChoiceField(label=_("Who"), error_messages={"required": _("Choose a person.")})
    extra_minutes = forms.IntegerField(
        label=_("Minutes more, by arrangement"), min_value=0, max_value=600, initial=0, required=False
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["person"], [("", str(_("Choose"))), *people])
        self.helper = plain_helper()
