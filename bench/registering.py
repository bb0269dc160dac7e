"""What signing up costs, with the deadline, the person's records, history and the owed message; and in a crowd."""

from collections.abc import Callable, Sequence

from django.db import connection
from django.db.models.sql import InsertQuery

from accounts.models import Standing, User
from bench import ground
from bench.benchmark import Benchmark
from bench.crowd import let_go, shared_out
from trainings import workflow
from trainings.models import Registration, TrainingSession


def sign_up(session: TrainingSession, people: Sequence[User]) -> Callable[[], None]:
    designation = session.designations[0] if session.designations else ""

    def act() -> None:
        for person in people:
            workflow.register(
                session.pk,
                person_id=person.pk,
                designation=designation,
                received_at=ground.NOON,
                by=person,
                at=ground.NOON,
            )

    return act


def lock_insert_update_commit(session: TrainingSession, people: Sequence[User]) -> Callable[[], None]:
    """The least anybody does who counts seats: no rule, no history, no message. The rows are made before."""
    rows = [_insert(session, person) for person in people]

    def act() -> None:
        plain = connection.connection  # psycopg2 itself
        plain.autocommit = False
        cursor = plain.cursor()
        for sql, params in rows:
            cursor.execute("SELECT id FROM trainings_trainingsession WHERE id = %s FOR UPDATE", [session.pk])
            cursor.execute(sql, params)
            cursor.execute("UPDATE trainings_trainingsession SET changes = changes + 1 WHERE id = %s", [session.pk])
            plain.commit()

    return act


def _insert(session: TrainingSession, person: User) -> tuple[str, tuple]:
    spot = Registration(
        person=person,
        session=session,
        course=session.course,
        status="admitted",
        received_at=ground.NOON,
        entered_at=ground.NOON,
    )
    query = InsertQuery(Registration)
    query.insert_values([field for field in Registration._meta.concrete_fields if not field.primary_key], [spot])
    return query.get_compiler(connection=connection).as_sql()[0]


class Registering(Benchmark):
    """160 people, 8 processes, one session that sets its seats later."""

    name = "sign-up: register(), 160 people, 8 processes"
    control_name = "lock, insert, update, commit"
    bound = "at least 0.25 of the control's rate"
    reads = "rate"
    course, capacity = "peer_bridger", 30
    processes = 8
    size, size_quick = 160, 32

    def prepare(self, size: int) -> None:
        ground.empty()
        self.session = ground.session(self.course, capacity=self.capacity, by=ground.staff())
        self.people = ground.people(size)
        self.elsewhere = ground.session(self.course, by=ground.staff("of another session"))
        self.firsts = ground.people(self.processes, "first")

    def subject(self) -> float:
        took = self._crowd(sign_up)
        assert Registration.objects.filter(session=self.session).count() == len(self.people)
        return took

    def control(self) -> float:
        return self._crowd(lock_insert_update_commit)

    def _crowd(self, way: Callable[[TrainingSession, Sequence[User]], Callable[[], None]]) -> float:
        acts = [way(self.session, share) for share in shared_out(self.people, self.processes)]
        return let_go(acts, [way(self.elsewhere, [first]) for first in self.firsts])


class Rush(Registering):
    """The same where seats go as people come: each sign-up is followed by the allocator."""

    name = "rush: register() and allocate, 160 for 30 seats"
    bound = "reported"
    course = "components_1"

    def prepare(self, size: int) -> None:
        super().prepare(size)
        Standing.objects.update(kind="certified")

    def subject(self) -> float:
        took = super().subject()
        assert Registration.objects.filter(session=self.session, status="confirmed").count() == min(
            self.capacity, len(self.people)
        )
        return took


class ManyAppending(Registering):
    """The append alone: what 32 processes do to one session together, beside one process alone."""

    name = "append: 32 processes on one session"
    control_name = "one process alone"
    bound = "at least 1.00 of its rate"
    course = "cpss"
    processes = 32

    def control(self) -> float:
        return let_go([sign_up(self.session, self.people)], [sign_up(self.elsewhere, self.firsts[:1])])


class Appending(Registering):
    """The append alone, beside one row written by Django."""

    name = "append: register() in one process"
    control_name = "one-row insert by Django"
    bound = "at least 0.20 of its rate"
    course = "cpss"
    processes = 1

    def control(self) -> float:
        return self._crowd(insert_by_django)


def insert_by_django(session: TrainingSession, people: Sequence[User]) -> Callable[[], None]:
    def act() -> None:
        for person in people:
            Registration.objects.create(
                person=person,
                session=session,
                course=session.course,
                status="admitted",
                received_at=ground.NOON,
                entered_at=ground.NOON,
            )

    return act
