"""Rows the benchmarks of the line stand on: one course, one session, people with a record that lets them in."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import connection

from accounts.models import Profile, Standing, User
from programs.calendar import WorkCalendar, local_moment
from programs.workflow import PACKS, load_pack
from trainings import rules, workflow
from trainings.models import TrainingSession

NOON = datetime(2027, 8, 2, 17, tzinfo=UTC)  # Monday, August 2, 2027, noon Central
FIRST_DAY = date(2027, 9, 13)
SEATS_SET = local_moment(date(2027, 8, 25), time(8))
LATER = SEATS_SET + timedelta(hours=1)
HOURS = ((time(9), time(12)), (time(13), time(16)))


def empty() -> None:
    """A new ground, and the program loaded on it."""
    with connection.cursor() as cursor:
        tables = ", ".join(
            f'"{model._meta.db_table}"' for model in (User, TrainingSession, Standing) if model._meta.managed
        )
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    load_pack(PACKS / "mississippi.toml", at=datetime(2016, 7, 1, 15, tzinfo=UTC))


def staff(which: str = "of the session") -> User:
    return User.objects.create_user(sign_in_name=f"staff {which}", legal_given_names="Lena", legal_family_name="Okafor")


def people(count: int, prefix: str = "bench") -> list[User]:
    """People with an address and a profile who finished the training."""
    found = User.objects.bulk_create(
        User(
            reference=f"P-{prefix}-{number}",  # drawn ones may meet among so many
            sign_in_name=f"{prefix}-{number}",
            email=f"{prefix}{number}@example.org",
            legal_given_names="Ada",
            legal_family_name=f"Person{number}",
        )
        for number in range(count)
    )
    Profile.objects.bulk_create(Profile(person=person) for person in found)
    Standing.objects.bulk_create(
        Standing(
            person=person,
            kind="trained",
            code="CPSSP-MH",
            starts_on=date(2026, 1, 5),
            source=f"CO-{prefix}-{number}",
            recorded_at=NOON,
        )
        for number, person in enumerate(found)
    )
    return found


def session(
    course: str = "peer_bridger", *, capacity: int = 30, by: User, first: date = FIRST_DAY, at: datetime = NOON
) -> TrainingSession:
    calendar = WorkCalendar()
    plan = rules.Plan(
        course=course,
        half_days=rules.half_days(first, first + timedelta(days=1), HOURS, calendar),
        mode="online",
        capacity=capacity,
        registration_closes_on=first - timedelta(days=24),
        documents_close_on=first - timedelta(days=24),
        allocation_on=first - timedelta(days=19),
        last_offer_on=calendar.add_working_days(first, -3),
        opens_at=local_moment(first - timedelta(days=180), time(8)),
        is_first_come=course.startswith("components"),
    )
    return workflow.publish(workflow.plan_session(plan, by=by, at=at).pk, by=by, at=at)
