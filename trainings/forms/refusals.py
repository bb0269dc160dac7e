"""A refusal stands beside the field it is about; one about no field of the form stands at its top."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from audit.reasons import Reason, say

# Forms of one kind name their fields alike. Of several names the first one the form has is meant.
FIELDS_OF = {
    # planning a session, and a row of a year
    "half_days_overlap": ("break_ends", "ends"),
    "hours_far_from_course": ("ends",),
    "class_day_is_past": ("first_day",),
    "class_moves_too_near": ("first_day",),
    "session_without_seats": ("capacity",),
    "closes_after_class_begins": ("closes_on",),
    "last_day_is_past": ("closes_on",),
    "seats_are_set": ("closes_on",),
    "papers_after_class_begins": ("documents_on",),
    "allocated_before_deadline": ("allocation_on",),
    "allocated_after_class_begins": ("allocation_on",),
    "offers_after_class_begins": ("last_offer_on",),
    "offers_end_too_early": ("last_offer_on",),
    "opens_after_it_closes": ("opens_on",),
    "mailed_after_class_begins": ("materials_by",),
    "minimum_without_its_day": ("go_on", "minimum"),
    "minimum_over_seats": ("minimum",),
    "decided_after_class_begins": ("go_on",),
    # an exception, a late form, what came by phone or on paper
    "reason_needed": ("because",),
    "no_such_group": ("group",),
    "time_still_to_come": ("clock", "came_at"),
    "before_sign_up_opened": ("day",),
    "registration_not_open_yet": ("came_on",),
    "registration_closed": ("came_on",),
    "designation_not_taught": ("designation",),
    # seats set aside
    "block_day_wrong": ("until_on",),
    "block_is_there": ("provider",),
    "provider_not_certified_now": ("provider",),
    "too_few_free_seats": ("count",),
}

# A day the offices are closed is about the field it was typed in.
DAY_OF = {
    "class_on": "first_day",
    "opens_on": "opens_on",
    "deadline_on": "closes_on",
    "papers_due_on": "documents_on",
    "seats_set_on": "allocation_on",
    "offers_end_on": "last_offer_on",
    "decided_on": "go_on",
    "mailed_on": "materials_by",
}


def say_beside(form: forms.BaseForm, reasons: Iterable[Reason]) -> None:
    for reason in reasons:
        form.add_error(field_of(form, reason), say(reason))


def field_of(form: forms.BaseForm, reason: Reason) -> str | None:
    names = (DAY_OF[reason.facts["what"]],) if reason.code == "closed_day" else FIELDS_OF.get(reason.code, ())
    return next((name for name in names if name in form.fields), None)
