"""The words of a course and its flyer. Its rules stay in the pack and the admin."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from programs.rows import CourseKind
from trainings.events import TrainingEvent
from trainings.models import Course
from trainings.workflow.calendars import tell_calendars
from trainings.workflow.sessions import offer_course

WORDING = ("title", "about", "who", "topics", "organiser", "sponsors")


def as_seen(course: Course) -> str:
    """What a page showed, in short: sent back with the form, so that nobody writes over words they have not read."""
    shown = [getattr(course, name) for name in WORDING]
    return hashlib.sha256(json.dumps([*shown, course.flyer.name or ""]).encode()).hexdigest()[:16]


@transaction.atomic
def reword_course(
    kind: CourseKind, words: Mapping[str, Any], *, flyer: str | None = None, seen: str, by: User, at: datetime
) -> Course:
    """Other words, another flyer (the name it is stored under; empty: none; left out: it stays), or both. A course the
    rules name and nobody planned yet begins here. What is no different leaves no trace."""
    there = Course.objects.filter(kind=kind.code).first() or offer_course(kind)
    course = Course.objects.select_for_update(no_key=True).get(pk=there.pk)
    if as_seen(course) != seen:
        raise NotAllowed(Reason("course_changed_meanwhile"))
    new = {name: words[name] for name in WORDING} | ({} if flyer is None else {"flyer": flyer})
    before = {name: getattr(course, name) for name in WORDING} | {"flyer": course.flyer.name or ""}
    changed = [name for name, value in new.items() if value != before[name]]
    if not changed:
        return course
    for name in changed:
        setattr(course, name, new[name])
    course.save(update_fields=changed)
    if "title" in changed:
        tell_calendars(course, at=at)
    facts = {"changed": changed, "before": {name: before[name] for name in changed}}
    record(Entry.of(TrainingEvent.COURSE_REWORDED, course, by=by, at=at, **facts))
    return course
