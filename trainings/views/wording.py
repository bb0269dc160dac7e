"""The office words its courses: what each says about itself, and its flyer. Its rules are only shown here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.desk import SignedInRequest
from accounts.kept_words import forget
from audit.admin import REFERENCE_DATA_CHANGED
from audit.models import Entry
from audit.reasons import NotAllowed
from programs.calendar import local_day
from programs.program import Rules, program
from programs.words import listed
from trainings import uploads, workflow
from trainings.events import TrainingEvent
from trainings.forms.courses import WordingForm
from trainings.models import Course
from trainings.offered import Offered, all_offered, offered
from trainings.views.courses import taught
from trainings.views.desk import office_only
from trainings.views.doors import typed
from trainings.words import hours_and_minutes
from trainings.workflow.courses import WORDING
from trainings.workflow.sessions import as_in_the_rules

CHANGES_SHOWN = 10
CHANGES = (TrainingEvent.COURSE_REWORDED, REFERENCE_DATA_CHANGED)  # here, and in the admin, which names the labels


@office_only
def courses(request: SignedInRequest) -> HttpResponse:
    """Every course the program teaches, also one that was never planned."""
    today = program(local_day(timezone.now()))
    return render(request, "trainings/desk/courses.html", {"rows": all_offered(today)})


@office_only
def course(request: SignedInRequest, code: str) -> HttpResponse:
    now = timezone.now()
    today = program(local_day(now))
    one = offered(code, today)
    if one is None:
        raise Http404
    form = WordingForm(typed(request), request.FILES or None, instance=_stands(one))
    is_stale = False
    if request.method == "POST" and form.is_valid():
        if _reword(request, one, form, now):
            return redirect("trainings:desk_course", code)
        is_stale = True
    fresh = offered(code, today) or one
    stands = _stands(fresh)
    if is_stale:
        form.has_seen(stands)
    context = {
        "one": fresh,
        "form": form,
        "stands": _what_differs(form, stands) if is_stale else [],
        "facts": _rules_of(stands, fresh, today),
        "history": _history(fresh.course, form),
    }
    return render(request, "trainings/desk/course.html", context)


def _stands(one: Offered) -> Course:
    """The row, or what the rules would make of it."""
    return one.course or as_in_the_rules(one.kind)


def _reword(request: SignedInRequest, one: Offered, form: WordingForm, now: datetime) -> bool:
    flyer = form.stored_flyer()
    try:
        workflow.reword_course(
            one.kind, form.words, flyer=flyer, seen=form.cleaned_data["seen"], by=request.user, at=now
        )
    except NotAllowed as refusal:
        form.add_error(None, refusal.messages)
        if flyer:
            uploads.discard(flyer)
            form.add_error("new_flyer", _("Choose the flyer once more."))
        return False
    forget(request)
    messages.success(request, _("Saved. The public pages say it so now."))
    return True


def _what_differs(form: WordingForm, stands: Course) -> list[dict[str, Any]]:
    """What somebody else wrote meanwhile, beside what is typed."""
    return [
        {"label": form.fields[name].label, "value": "\n".join(now) if isinstance(now, list) else now}
        for name, value in form.words.items()
        if (now := getattr(stands, name)) != value
    ]


def _rules_of(stands: Course, one: Offered, today: Rules) -> list[dict[str, str]]:
    missed = hours_and_minutes(stands.may_miss_minutes) if stands.may_miss_minutes else _("Nothing")
    facts = [
        (_("How people come in"), capfirst(stands.get_admission_display())),
        (_("When seats are given"), capfirst(stands.get_seating_display())),
        (_("Designations"), listed([found.title for found in taught(one, today)])),
        (_("Needed first"), listed([asked.title for asked in one.kind.prerequisites])),
        (_("Groups"), "\n".join(f"{number}. {tier.title}" for number, tier in enumerate(one.kind.tiers, start=1))),
        (_("Hours it counts for"), f"{float(stands.hours):g}" if stands.hours else _("The hours somebody was there")),
        (_("Class time one may miss"), missed),
        (_("Care time that counts"), hours_and_minutes(stands.care_minutes) if stands.care_minutes else _("None")),
        (_("Test"), _("Yes, %d out of 100") % today.value("pass_mark") if stands.has_exam else _("No")),
    ]
    return [{"label": label, "value": value or _("None")} for label, value in facts]


def _history(course: Course | None, form: WordingForm) -> list[dict[str, Any]]:
    if course is None:
        return []
    entries = Entry.objects.of(course).filter(event__in=CHANGES).order_by("-at", "-id")
    labels = {name: str(form.fields[name].label) for name in WORDING} | {"flyer": _("Flyer")}
    return [
        {
            "at": one.at,
            "sentence": listed([labels.get(name, name) for name in one.facts["changed"]]),
            "by": one.actor_name,
        }
        for one in entries[:CHANGES_SHOWN]
    ]
