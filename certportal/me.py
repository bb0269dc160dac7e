"""`/me/`: for each stage of the way, where you are, who acts next, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import applicants.next_steps
import certification.next_steps
import employment.next_steps
import trainings.next_steps
from accounts.models import User
from accounts.steps import Stage, Step, Tone
from accounts.workflow import profile_of
from programs.calendar import local_day
from programs.words import days_left, long_date

SOURCES = (trainings.next_steps, applicants.next_steps, employment.next_steps, certification.next_steps)
# The order of the stages is the pack's: Mississippi trains, then hires, then certifies.
STAGES_OF_STEP = {
    "train": (Stage.TRAINING, Stage.SCHOLARSHIP),
    "hired": (Stage.EMPLOYMENT,),
    "certify": (Stage.CERTIFICATION,),
    "keep": (Stage.RENEWAL,),
}


def steps_of(person: User, at: datetime) -> list[Step]:
    """Everything that is going on for this person, from every app that knows; each matter once."""
    steps = [step for source in SOURCES for step in source.steps_of(person, at)]
    told = {step.tells_of for step in steps if step.tells_of}
    return [step for step in steps if step.reference not in told]


def titles() -> dict[Stage, str]:
    return {
        Stage.TRAINING: _("Training"),
        Stage.SCHOLARSHIP: _("Scholarship"),
        Stage.EMPLOYMENT: _("Job"),
        Stage.CERTIFICATION: _("Certification"),
        Stage.RENEWAL: _("Renewal"),
    }


def not_yet() -> dict[Stage, str]:
    """What a stage says that has not begun."""
    return {
        Stage.TRAINING: _("Choose a training and apply. You can stop and come back."),
        Stage.SCHOLARSHIP: _("If money is a worry, ask for a scholarship with your application."),
        Stage.EMPLOYMENT: _("You can look for a job at any time. Tell us when you have one."),
        Stage.CERTIFICATION: _("It starts when you have done the training, passed the test and have a job."),
        Stage.RENEWAL: _("It starts when you are certified. Everyone renews on one date."),
    }


@dataclass(frozen=True)
class Landing:
    """One landing of the pathway picture."""

    title: str
    place: str  # done, here, ahead
    chip: str
    tone: str
    sentence: str
    name: str = ""
    next: str = ""
    url: str = ""
    link_text: str = ""
    reference: str = ""


def landings(steps: Iterable[Step]) -> list[Landing]:
    """Each stage in the way's order, with its open matters first; a stage not begun says what starts it."""
    by_stage: dict[Stage, list[Step]] = {stage: [] for stage in Stage}
    for step in steps:
        by_stage[step.stage].append(step)
    found = []
    for stage in Stage:
        of_stage = sorted(by_stage[stage], key=lambda step: step.is_over)
        found += [_landing(step) for step in of_stage]
        if not of_stage:
            found.append(Landing(titles()[stage], "ahead", _("Not yet"), "quiet", not_yet()[stage]))
    return found


def _landing(step: Step) -> Landing:
    place = "here" if not step.is_over else "done" if step.tone == Tone.DONE else "ahead"
    return Landing(
        title=titles()[step.stage],
        place=place,
        chip=step.chip,
        tone=step.tone,
        sentence=step.sentence,
        name=step.title,
        next=_next(step),
        url=step.url,
        link_text=step.link_text,
        reference=step.reference,
    )


def _next(step: Step) -> str:
    if step.is_over or step.due_on is None:
        return ""
    return _("%(who)s, by %(day)s") % {"who": step.next_actor, "day": long_date(step.due_on)}


def most_urgent(steps: Iterable[Step]) -> Step | None:
    """What the person can do themselves comes first, then what is due first."""
    is_open = [step for step in steps if not step.is_over]
    return min(is_open, key=lambda step: (step.tone != Tone.YOU, step.due_on), default=None)


def greeting(person: User, at: datetime) -> str:
    """By the clock on the wall here."""
    hour = timezone.localtime(at).hour
    words = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
    return f"{words}, {person.called}." if person.called else f"{words}."


def progress(steps: list[Step]) -> str:
    done = len({step.stage for step in steps if step.is_over and step.tone == Tone.DONE})
    if not done:
        return _("Here is your way, one step at a time.")
    return ngettext("One step is done.", "%(done)s steps are done.", done) % {"done": done}


def me(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    person = request.user
    steps = steps_of(person, now)
    urgent = most_urgent(steps)
    return render(
        request,
        "certportal/me.html",
        {
            "today": local_day(now),
            "greeting": greeting(person, now),
            "progress": progress(steps),
            "urgent": urgent,
            "urgent_title": titles()[urgent.stage] if urgent else "",
            "urgent_left": days_left(urgent.due_on, now) if urgent and urgent.due_on else "",
            "kept": next((step for step in steps if step.keeps_its_time), None),
            "has_own_way": bool(steps),
            "landings": landings(steps),
            "dates": _dates(steps, now),
            "profile_is_open": not _is_reachable(person),
        },
    )


def _dates(steps: list[Step], now: datetime) -> list[dict[str, object]]:
    ahead = sorted(((step.due_on, step) for step in steps if not step.is_over and step.due_on), key=itemgetter(0))
    return [
        {
            "day": day,
            "text": _("%(stage)s: %(who)s") % {"stage": titles()[step.stage], "who": step.next_actor},
            "note": days_left(day, now),
            "soft": step.tone != Tone.YOU,
        }
        for day, step in ahead[:4]
    ]


def _is_reachable(person: User) -> bool:
    """Have they said what to call them and how to reach them?"""
    return bool(person.legal_family_name and profile_of(person).best_channel)
