"""What it costs to give a thousand freed seats to a line of ten thousand, with offers, history and owed messages."""

from datetime import timedelta

from django.db import connection

from bench import ground
from bench.benchmark import Benchmark
from notifications.models import Message
from trainings import workflow
from trainings.models import Registration, Seat, Status

# All in one statement, by a rank that is stored: what any program would have to write at least.
ONE_STATEMENT = """
WITH free AS (
    SELECT seat.id, seat.number, row_number() OVER (ORDER BY seat.number) AS turn
    FROM trainings_seat seat LEFT JOIN trainings_registration held ON held.seat_id = seat.id
    WHERE seat.session_id = %(session)s AND seat.closed_at IS NULL AND held.id IS NULL
), next AS (
    SELECT id, person_id, reference, rank, row_number() OVER (ORDER BY rank) AS turn
    FROM trainings_registration WHERE session_id = %(session)s AND status IN ('waiting', 'admitted')
), changed AS (
    UPDATE trainings_registration spot
    SET status = CASE WHEN free.id IS NULL THEN 'waiting' WHEN %(offers)s THEN 'offered' ELSE 'confirmed' END,
        seat_id = free.id, tier = 1, rank = next.turn, offered_at = %(at)s, offer_expires_at = %(until)s,
        link_version = link_version + 1
    FROM next LEFT JOIN free USING (turn)
    WHERE spot.id = next.id AND (free.id IS NOT NULL OR NOT %(offers)s)
    RETURNING spot.id, spot.person_id, spot.reference, free.number, next.rank
), told AS (
    INSERT INTO audit_entry (event, subject_kind, subject_id, subject_reference, about, actor_name, at, facts)
    SELECT 'trainings.seat_offered', 'trainings.registration', changed.id, changed.reference, person.reference,
           'The portal', %(at)s, jsonb_build_object('seat', number, 'rank', rank, 'tier', 1, 'session', %(name)s)
    FROM changed JOIN accounts_user person ON person.id = changed.person_id
    RETURNING id, subject_reference
)
INSERT INTO notifications_message (key, status, due_at, attempts, problem, kind, person_id, to_address, to_name,
       channel, about, facts, sealed, is_private, created_at, message_id, subject, text, html,
       full_subject, full_text, postal_lines)
SELECT 'seat_offered:' || changed.reference || ':' || told.id, 'owed', %(at)s, 0, '', 'seat_offered',
       changed.person_id, person.email, 'Ada', 'email', changed.reference,
       jsonb_build_object('session', %(name)s, 'seat', number, 'course', 'Peer Bridger training'), '', true, %(at)s,
       '<bench-' || told.id || '>', '', '', '', '', '', '[]'::jsonb
FROM changed JOIN told ON told.subject_reference = changed.reference
     JOIN accounts_user person ON person.id = changed.person_id
"""


class OfferingFreedSeats(Benchmark):
    """Everybody waits by a stored rank, and a tenth as many seats fall free."""

    name = "seats: 10,000 waiting, 1,000 freed seats"
    control_name = "one statement, stored rank"
    bound = "at most 8"
    size, size_quick = 10_000, 500
    status, is_allocated, changes = Status.WAITING, True, 10

    def prepare(self, size: int) -> None:
        ground.empty()
        self.session = ground.session(capacity=1, by=ground.staff())
        Seat.objects.bulk_create(Seat(session=self.session, number=number) for number in range(2, size // 10 + 1))
        self.session.capacity = size // 10
        self.session.allocated_at = ground.SEATS_SET if self.is_allocated else None
        self.session.save(update_fields=["capacity", "allocated_at"])
        Registration.objects.bulk_create(
            Registration(
                reference=f"RG-bench-{number}",
                person=person,
                session=self.session,
                course=self.session.course,
                status=self.status,
                received_at=ground.NOON + timedelta(seconds=number),
                entered_at=ground.NOON + timedelta(seconds=number),
                admitted_at=ground.NOON,
                rank=number + 1 if self.is_allocated else None,
                tier=3 if self.is_allocated else None,
            )
            for number, person in enumerate(ground.people(size))
        )
        self.expected = size // self.changes
        self.messages = Message.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def subject(self) -> None:
        workflow.allocate(self.session.pk, at=ground.LATER)

    def control(self) -> None:
        facts = {
            "session": self.session.pk,
            "name": self.session.reference,
            "at": ground.LATER,
            "until": ground.LATER + timedelta(hours=72),
            "offers": self.is_allocated,
        }
        with connection.cursor() as cursor:
            cursor.execute(ONE_STATEMENT, facts)

    def is_done(self) -> bool:
        return Message.objects.count() - self.messages == self.expected


class SettingTheSeats(OfferingFreedSeats):
    """Nobody is ranked yet: all are, and all are told."""

    name = "seats: 10,000 ranked anew, 1,000 seats"
    bound = "at most 20"
    status, is_allocated, changes = Status.ADMITTED, False, 1
