"""What is typed when a year is planned from another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import plain_helper
from audit.reasons import say
from programs.calendar import WorkCalendar, local_day, local_moment
from programs.words import date_range, short_range
from trainings import rules
from trainings.days import shifted
from trainings.forms.refusals import say_beside
from trainings.forms.sessions import day_field
from trainings.models import TrainingSession
from trainings.workflow.sessions import reasons_not_to_plan


class YearRow(forms.Form):
    """One session of a year that is copied: its days in the other year, and whether it is copied at all."""

    copy_it = forms.BooleanField(label=_("Copy this one"), required=False)
    first_day = day_field(_("First day"))
    opens_on = day_field(_("Sign-up opens on"))
    closes_on = day_field(_("Last day to apply"))
    documents_on = day_field(_("Last day for papers"))
    allocation_on = day_field(_("Seats are set on"))
    last_offer_on = day_field(_("Last day for offers"))
    materials_by = day_field(_("Materials are mailed by"))
    go_on = day_field(_("Day you decide if it runs"))

    def __init__(
        self,
        data: Any,
        *,
        session: TrainingSession,
        plan: rules.Plan,
        copy: TrainingSession | None,
        calendar: WorkCalendar,
        now: datetime,
    ) -> None:
        first_day = local_day(plan.half_days[0][0])
        is_ahead = first_day > local_day(now)
        shown = {
            "copy_it": copy is None and is_ahead and not session.is_cancelled,
            "first_day": first_day,
            "opens_on": local_day(plan.opens_at),
            "closes_on": plan.registration_closes_on,
            "documents_on": plan.documents_close_on,
            "allocation_on": plan.allocation_on,
            "last_offer_on": plan.last_offer_on,
            "materials_by": plan.materials_by,
            "go_on": plan.go_on,
        }
        # What was copied is only shown: whatever a stale page sends about it is not read.
        self.was_copied_meanwhile = copy is not None and f"{session.reference}-copy_it" in (data or {})
        super().__init__(None if copy else data, prefix=session.reference, initial=shown)
        self.session, self.copy, self.calendar, self.now = session, copy, calendar, now
        self.plan = self.proposal = plan
        for name in ("materials_by", "go_on"):
            if shown[name] is None:
                del self.fields[name]
        if session.course.is_first_come:
            del self.fields["allocation_on"]
        self.helper = plain_helper()
        self.helper.layout = Layout("copy_it", Row(*(name for name in self.fields if name != "copy_it")))

    @property
    def is_chosen(self) -> bool:
        return self.is_bound and self.add_prefix("copy_it") in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.plan = self._plan(cleaned)
            say_beside(self, reasons_not_to_plan(self.plan, self.calendar, self.now))
        return cleaned

    def _plan(self, cleaned: dict[str, Any]) -> rules.Plan:
        """Class moves as a whole with its first day; the other days are as typed."""
        days = (cleaned["first_day"] - local_day(self.proposal.half_days[0][0])).days
        moved = shifted(self.proposal, days, self.calendar)
        return replace(
            moved,
            opens_at=local_moment(cleaned["opens_on"], self.calendar.local_time(self.proposal.opens_at)),
            registration_closes_on=cleaned["closes_on"],
            documents_close_on=cleaned["documents_on"],
            allocation_on=cleaned.get("allocation_on") or moved.allocation_on,
            last_offer_on=cleaned["last_offer_on"],
            materials_by=cleaned.get("materials_by"),
            go_on=cleaned.get("go_on"),
        )

    @property
    def look(self) -> list[str]:
        """Days that look wrong: as proposed, or as they were typed."""
        counts_for = float(self.session.course.hours)
        return [say(reason) for reason in rules.worth_a_look(self.plan, self.calendar, counts_for=counts_for)]

    @property
    def summary_name(self) -> str:
        """Whose errors these are, at the top of a page of many rows."""
        return f"{self.session.course.title}, {self.was}"

    @property
    def was(self) -> str:
        return short_range(self.session.starts_on, self.session.ends_on)

    @property
    def becomes(self) -> str:
        return date_range(local_day(self.plan.half_days[0][0]), local_day(self.plan.half_days[-1][1]))
