"""What somebody lacks before a course: one question for the page that shows it and for the change that refuses."""

from __future__ import annotations

from collections.abc import Iterable

from programs.program import CourseKind
from trainings.models import Completion


def missing_first(kind: CourseKind, person_id: int, standings: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """In the program's words. Completed courses are looked up only where a prerequisite speaks of them."""
    if not kind.prerequisites:
        return ()
    completed: Iterable[str] = ()
    if kind.asks_for_courses:
        completed = Completion.objects.filter(person=person_id).values_list("course__kind", flat=True)
    return kind.missing(standings, completed)
