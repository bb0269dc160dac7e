"""Real rows for the tests of this room: people, sessions planned through the workflow, spots at every step."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Permission

from accounts.models import Profile, Standing, User
from programs.calendar import WorkCalendar, local_moment
from trainings import rules, workflow
from trainings.models import TrainingSession

CENTRAL = ZoneInfo("America/Chicago")
CALENDAR = WorkCalendar()
NOON = datetime(2027, 8, 2, 17, tzinfo=UTC)  # Monday, August 2, 2027, noon Central
FIRST_DAY = date(2027, 9, 13)
DAY_HOURS = ((time(9), time(12)), (time(13), time(16)))
ALLOCATION = local_moment(date(2027, 8, 25), time(8))
_numbers = count(1)


def person(name: str = "", *, email: str = "", **fields) -> User:
    number = next(_numbers)
    given, _space, family = (name or f"Ada Person{number}").partition(" ")
    someone = User.objects.create_user(
        email=email or f"person{number}@example.org", legal_given_names=given, legal_family_name=family, **fields
    )
    Profile.objects.create(person=someone)
    return someone


PERMISSIONS = ("run_sessions", "find_people", "enter_for_people")


def trainer() -> User:
    """Somebody of the training staff, with what their role brings to this room."""
    staff = person("Lena Okafor")
    staff.user_permissions.set(Permission.objects.filter(codename__in=PERMISSIONS))
    return User.objects.get(pk=staff.pk)


def plan(course: str = "cpss", *, first: date = FIRST_DAY, last: date | None = None, **changes) -> rules.Plan:
    last = last or first + timedelta(days=4)
    facts = {
        "course": course,
        "half_days": rules.half_days(first, last, DAY_HOURS, CALENDAR),
        "mode": "online",
        "capacity": 3,
        "registration_closes_on": first - timedelta(days=24),
        "documents_close_on": first - timedelta(days=24),
        "allocation_on": first - timedelta(days=19),
        "last_offer_on": CALENDAR.add_working_days(first, -3),
        "opens_at": local_moment(first - timedelta(days=180), time(8)),
        "meeting_link": "https://meet.example.org/abc",
        "cost_cents": 15000 if course == "cpss" else 0,
        "is_first_come": course.startswith("components"),
        **changes,
    }
    return rules.Plan(**facts)


def session(course: str = "cpss", *, by: User | None = None, at: datetime | None = None, **changes) -> TrainingSession:
    """On the calendar since NOON, or, where its last day to apply was earlier, since the morning of that day."""
    by, facts = by or person(), plan(course, **changes)
    at = at or min(NOON, local_moment(facts.registration_closes_on, time(8)))
    planned = workflow.plan_session(facts, by=by, at=at)
    return workflow.publish(planned.pk, by=by, at=at)


def standing(
    someone: User, kind: str, code: str, *, since: date = date(2026, 1, 5), until: date | None = None
) -> Standing:
    return Standing.objects.create(
        person=someone,
        kind=kind,
        code=code,
        starts_on=since,
        ends_on=until,
        source=f"T-{next(_numbers)}",
        recorded_at=NOON,
    )


def spot(where: TrainingSession, someone: User | None = None, *, at: datetime = NOON, admitted: bool = True, **changes):
    """A registration; for courses by application also admitted unless told otherwise."""
    someone = someone or person()
    designation = where.designations[0] if where.designations else ""
    facts = {"designation": designation, "received_at": at, "by": someone, "at": at, **changes}
    mine = workflow.register(where.pk, person_id=someone.pk, **facts)
    if admitted and where.course.is_by_application:
        mine = workflow.admit(mine.pk, by=None, at=at)
    return mine
