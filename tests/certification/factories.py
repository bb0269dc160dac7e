"""Real rows for the tests of this room: somebody who is ready, a Board with one seat free, a file at any step."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.contrib.auth.models import Group
from django.core.management import call_command

from accounts.models import Profile, StandingKind, User
from accounts.workflow import grant_standing
from applicants.models import Reference, SupportSpell, TrainingApplication
from certification import workflow
from certification.models import AgendaItem, BoardMember, CertificationApplication, Meeting
from employment.models import Job, Provider
from programs.calendar import local_moment
from tests.trainings import factories as trainings
from trainings.models import Completion, ExamAttempt, Registration

NOON = datetime(2027, 11, 1, 18, tzinfo=UTC)  # Monday, November 1, 2027, noon Central
MEETS_AT = datetime(2027, 11, 18, 16, tzinfo=UTC)
PACKETS_DUE = datetime(2027, 11, 12, 23, tzinfo=UTC)
AT_THE_MEETING = MEETS_AT + timedelta(hours=1)
AFTER = MEETS_AT + timedelta(days=1)
MH = "CPSSP-MH"
_numbers = count(1)


def person(name: str = "", **fields) -> User:
    number = next(_numbers)
    given, _space, family = (name or f"Denise Holloway{number}").rpartition(" ")
    someone = User.objects.create_user(
        email=f"someone{number}@example.org", legal_given_names=given, legal_family_name=family, **fields
    )
    Profile.objects.create(person=someone, birth_on=date(1990, 5, 4), county="Hinds")
    return someone


def with_role(name: str, *roles: str) -> User:
    call_command("sync_roles", verbosity=0)

    someone = person(name)

    someone.groups.set(Group.objects.filter(name__in=roles))
    return User.objects.get(pk=someone.pk)


def place_staff(name: str = "Lena Okafor") -> User:
    return with_role(name, "place_staff")


def director(name: str = "Alma Pruitt") -> User:
    return with_role(name, "director")


# -- What the rooms below know -----------------------------------------------------------------------------


def trained(someone: User | None = None, *, designation: str = MH, score: int = 88) -> User:
    """They told all the training asks, finished the class and passed the test."""
    someone = someone or person()
    session = _session(designation)
    spot = Registration.objects.create(
        person=someone,
        session=session,
        course=session.course,
        designation=designation,
        status="admitted",
        outcome="completed",
        received_at=NOON - timedelta(days=120),
        entered_at=NOON - timedelta(days=120),
    )
    application = TrainingApplication.objects.create(
        person=someone,
        course=session.course,
        session=session,
        designation=designation,
        status="accepted",
        started_at=spot.received_at,
        saved_at=spot.received_at,
        submitted_at=spot.received_at,
        received_at=spot.received_at,
        judged_on=spot.received_at.date(),
        registration=spot,
        attestations={"lived_experience_own": True, "lived_experience_parent": True, "ethics": True, "assurance": True},
        education="ged",
    )
    SupportSpell.objects.create(
        application=application,
        kind="hours",
        where="Drop-in center",
        starts_on=date(2026, 1, 5),
        ends_on=date(2026, 12, 31),
        amount=Decimal(310),
    )
    for name in ("Lyle Boone", "Tamika Rhodes"):
        Reference.objects.create(
            application=application,
            name=name,
            relation="work",
            email="reference@example.org",
            status="given",
            asked_at=spot.received_at,
            given_at=spot.received_at,
            view="ready",
        )
    ExamAttempt.objects.create(
        registration=spot,
        number=1,
        taken_on=session.ends_on,
        score=score,
        pass_mark=75,
        passed=score >= 75,
        entered_by=person(),
    )
    done = Completion.objects.create(
        registration=spot,
        person=someone,
        session=session,
        course=session.course,
        designation=designation,
        hours=30,
        completed_on=session.ends_on,
        recorded_at=NOON - timedelta(days=30),
    )
    grant_standing(
        someone.pk,
        StandingKind.TRAINED,
        designation,
        starts_on=done.completed_on,
        source=done.reference,
        by=None,
        at=NOON,
    )
    return someone


def _session(designation: str):
    by = person()
    return trainings.session(by=by)


def employed(someone: User, *, status: str = "verified", **changes) -> Job:
    facts = {"kind": "community_center", "name": f"Cypress Bend {next(_numbers)}", "certified_from": date(2020, 1, 1)}
    provider = Provider.objects.create(**facts)
    return Job.objects.create(
        person=someone,
        provider=provider,
        position="Peer specialist",
        role_code="peer_support_specialist",
        hired_on=date(2027, 10, 4),
        status=status,
        named_at=NOON,
        **changes,
    )


def ready(name: str = "", *, designation: str = MH) -> User:
    """Everything the rules ask that other rooms know."""
    someone = trained(person(name), designation=designation)
    employed(someone)
    return someone


# -- A file at each step -----------------------------------------------------------------------------------


def started(someone: User | None = None, *, designation: str = MH, at: datetime = NOON) -> CertificationApplication:
    someone = someone or ready()
    return workflow.start(someone.pk, designation, by=someone, at=at)


def answered(someone: User | None = None, *, designation: str = MH, at: datetime = NOON) -> CertificationApplication:
    application = started(someone, designation=designation, at=at)
    by = application.person
    answers = workflow.Answers(lives_in_state=True, has_cosigner=False)
    workflow.answer(application.pk, answers, by=by, at=at)
    return workflow.agree_to_ethics(application.pk, by=by, at=at)


def submitted(someone: User | None = None, *, designation: str = MH, at: datetime = NOON) -> CertificationApplication:
    application = answered(someone, designation=designation, at=at)
    by = application.person
    return workflow.submit(application.pk, signed_name=by.legal_name, received_at=at, by=by, at=at)


def money(*, at: datetime = NOON, cents: int = 3000, **changes) -> workflow.Money:
    return workflow.Money(cents=cents, received_on=at.date(), method="money_order", **changes)


def paid(application: CertificationApplication, *, by: User | None = None, at: datetime = NOON):
    return workflow.take_payment(application.pk, "application", money(at=at), by=by or person(), at=at)


def complete(someone: User | None = None, *, designation: str = MH, at: datetime = NOON) -> CertificationApplication:
    application = submitted(someone, designation=designation, at=at)
    by = person("Lena Okafor")
    paid(application, by=by, at=at)
    workflow.mark_complete(application.pk, by=by, at=at)
    application.refresh_from_db()
    return application


def meeting(meets_at: datetime = MEETS_AT, packets_due: datetime = PACKETS_DUE, *, at: datetime = NOON) -> Meeting:
    return workflow.plan_meeting(
        meets_at=meets_at, packet_deadline_at=packets_due, location="Room 901", by=person("Lena Okafor"), at=at
    )


def board(members: int = 6) -> list[BoardMember]:
    """The chair in seat 1; seat 7 stays free."""
    call_command("sync_roles", verbosity=0)

    seated = []

    for seat in range(1, members + 1):
        someone = person(f"Board Member{seat}")
        role = "board_chair" if seat == 1 else "board_member"
        someone.groups.add(Group.objects.get(name=role))
        seated.append(
            workflow.seat_member(someone.pk, seat, starts_on=date(2025, 7, 1), is_chair=seat == 1, by=None, at=NOON)
        )
    return seated


def on_agenda(someone: User | None = None, *, designation: str = MH) -> AgendaItem:
    if not Meeting.objects.ahead(NOON).exists():
        meeting()
    application = complete(someone, designation=designation)
    return application.agenda_items.live().get()


def voted(item: AgendaItem, members: list[BoardMember], choice: str = "yes", *, at: datetime = AT_THE_MEETING) -> None:
    reasons = "" if choice in ("yes", "abstain") else "We want to know more."
    for member in members:
        workflow.vote(item.pk, choice, by=member.person, at=at, reasons=reasons)


def recommended(someone: User | None = None, *, designation: str = MH) -> CertificationApplication:
    members = list(BoardMember.objects.order_by("seat")) or board()
    item = on_agenda(someone, designation=designation)
    voted(item, members[:4])
    workflow.recommend(item.pk, by=members[0].person, at=AT_THE_MEETING)
    return CertificationApplication.objects.select_related("person").get(pk=item.application_id)


def certified(someone: User | None = None, *, designation: str = MH, at: datetime = AFTER):
    application = recommended(someone, designation=designation)
    return workflow.approve(application.pk, by=person("Alma Pruitt"), at=at)


def local(day: date, hour: int = 12):
    return local_moment(day, datetime(2027, 1, 1, hour).time())
