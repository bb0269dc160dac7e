"""Every course the program teaches: those with a row here, and those the rules name that were never planned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from programs.program import Rules
from programs.rows import CourseKind
from trainings.models import Course
from trainings.rules import course_code


@dataclass(frozen=True)
class Offered:
    """One course as the public sees it: the rules' kind, with the words staff may have edited."""

    code: str
    kind: CourseKind
    course: Course | None = None

    @property
    def title(self) -> str:
        return self.course.title if self.course else self.kind.title

    @property
    def is_for_peers(self) -> bool:
        """Whether it makes somebody a peer support specialist, and the readiness check is worth a look."""
        return self.kind.grants == "trained"

    @property
    def has_sessions(self) -> bool:
        return not self.kind.is_self_paced


def all_offered(today: Rules, courses: Iterable[Course] | None = None) -> list[Offered]:
    """In the order of the rules. One statement, or none for who has read the courses."""
    rows = {course.kind: course for course in (Course.objects.all() if courses is None else courses)}
    return [_offered(kind, rows.get(kind.code)) for kind in today.courses]


def _offered(kind: CourseKind, course: Course | None) -> Offered:
    return Offered(course.code if course else course_code(kind.code), kind, course)


def offered(code: str, today: Rules) -> Offered | None:
    return next((one for one in all_offered(today) if one.code == code), None)
