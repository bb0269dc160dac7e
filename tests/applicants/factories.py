"""Real rows for the tests of this room, made through the workflow wherever a user would make them."""

from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import Group
from django.core.management import call_command

from accounts.models import Profile, User
from applicants import workflow
from applicants.models import RubricCriterion, ScholarshipApplication, ScholarshipRound, TrainingApplication
from tests.trainings import factories as trainings
from trainings.models import TrainingSession
from trainings.uploads import store

NOON = trainings.NOON  # Monday, August 2, 2027, noon Central
ESSAY = "I want to learn how to listen. " * 30
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def applicant(name: str = "", **profile) -> User:
    """Somebody whose profile is whole."""
    person = trainings.person(name)
    facts = {"birth_on": date(1990, 3, 4), "county": "Hinds", "best_channel": "email", **profile}
    Profile.objects.filter(person=person).update(**facts)
    return User.objects.get(pk=person.pk)


def with_role(role: str, name: str = "") -> User:
    call_command("sync_roles", verbosity=0)
    person = trainings.person(name)
    person.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=person.pk)


def session(**changes) -> TrainingSession:
    return trainings.session("cpss", **changes)


def draft(
    where: TrainingSession | None = None, person: User | None = None, *, at: datetime = NOON
) -> TrainingApplication:
    where, person = where or session(), person or applicant()
    return workflow.start(where.pk, person_id=person.pk, designation="CPSSP-MH", by=person, at=at)


def fill(application: TrainingApplication, *, at: datetime = NOON, answered: bool = True) -> TrainingApplication:
    """Everything the rules ask before sending; references asked, and answered unless told otherwise."""
    me = application.person
    workflow.answer(
        application.pk,
        "all",
        facts={"education": "ged", "private_place": "yes", "signed_name": str(me), "needs_cosigner": False},
        attested={"lived_experience_own": True, "assurance": True, "ethics": True},
        by=me,
        at=at,
    )
    paper(application, at=at)
    for number in (1, 2):
        reference(application, f"friend{number}-{application.pk}@example.org", at=at, answered=answered)
    return TrainingApplication.objects.get(pk=application.pk)


def paper(application: TrainingApplication, *, at: datetime = NOON, checked: bool = True):
    facts = {
        "kind": "school_paper",
        "name": "ged.png",
        "content_type": "image/png",
        "path": store(PNG),
        "size": len(PNG),
    }
    mine = workflow.receive_document(application.pk, **facts, by=application.person, at=at)
    return workflow.settle_document(mine.pk, path=store(PNG), size=len(PNG), at=at) if checked else mine


def reference(application: TrainingApplication, email: str, *, at: datetime = NOON, answered: bool = True):
    me = application.person
    named = workflow.name_reference(application.pk, name="Jo Hill", relation="work", email=email, by=me, at=at)
    asked = workflow.ask_reference(named.pk, by=me, at=at)
    if answered:
        workflow.answer_reference(
            asked.pk, link_version=asked.link_version, view="ready", text="A good listener.", at=at
        )
    return asked


def submitted(where: TrainingSession | None = None, person: User | None = None, *, at: datetime = NOON, **filled):
    application = fill(draft(where, person, at=at), at=at, **filled)
    return workflow.submit(application.pk, received_at=at, by=application.person, at=at)


def accepted(where: TrainingSession | None = None, person: User | None = None, *, at: datetime = NOON):
    application = submitted(where, person, at=at)
    return workflow.accept(application.pk, by=trainings.trainer(), at=at)


def scholarship_round(where: TrainingSession | None = None, *, opened: bool = True, **changes) -> ScholarshipRound:
    where = where or session(capacity=6)
    facts = {
        "title": "Fall round",
        "session": where,
        "scholarship_seats": 3,
        "covers": "The cost of the class.",
        "budget_cents": 45000,
        "award_cents": 15000,
        "opens_at": NOON - timedelta(days=10),
        "closes_at": datetime(2027, 8, 10, 4, 59, 59, tzinfo=UTC),  # Monday, August 9, 11:59:59 p.m. Central
        "decides_on": date(2027, 8, 20),
        "prompt": "Why do you want this training?",
        "min_words": 20,
        "max_words": 300,
        **changes,
    }
    made = ScholarshipRound.objects.create(**facts)
    for order, (name, weight) in enumerate([("Your reason", 60), ("Being ready", 40)], start=1):
        RubricCriterion.objects.create(
            round=made,
            order=order,
            name=name,
            about="We can tell.",
            weight=weight,
            anchor_0="Nothing yet.",
            anchor_2="Some of it.",
            anchor_4="All of it.",
        )
    return workflow.open_round(made.pk, by=with_role("scholarship_officer"), at=NOON) if opened else made


def essay(
    round_: ScholarshipRound, person: User | None = None, *, text: str = ESSAY, at: datetime = NOON, sent: bool = True
):
    person = person or applicant()
    mine = workflow.start_scholarship(round_.pk, person_id=person.pk, by=person, at=at)
    workflow.save_essay(mine.pk, text, seen_version=0, by=person, at=at)
    return workflow.submit_essay(mine.pk, received_at=at, by=person, at=at) if sent else mine


AFTER_CLOSE = datetime(2027, 8, 11, 15, tzinfo=UTC)


def read(application: ScholarshipApplication, points: int, *, reader: User | None = None, at: datetime = AFTER_CLOSE):
    """One reader's filed score, the same number on every line."""
    reader = reader or with_role("reviewer")
    review = workflow.assign(
        application.pk, reader_id=reader.pk, due_on=date(2027, 8, 17), by=with_role("scholarship_officer"), at=at
    )
    lines = application.round.criteria.values_list("pk", flat=True)
    return workflow.file_review(review.pk, points=dict.fromkeys(lines, points), note="", by=reader, at=at)


def ready_to_decide(count: int, round_: ScholarshipRound | None = None) -> list[ScholarshipApplication]:
    """People with an accepted application, an essay read once, and the round closed. The first is the best."""
    round_ = round_ or scholarship_round()
    wishes = []
    for _number in range(count):
        person = applicant()
        accepted(round_.session, person)
        wishes.append(essay(round_, person))
    workflow.close_rounds(at=AFTER_CLOSE)
    for number, wish in enumerate(wishes):
        read(wish, max(4 - number, 0))
    return [ScholarshipApplication.objects.get(pk=wish.pk) for wish in wishes]
