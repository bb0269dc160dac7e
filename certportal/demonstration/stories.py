"""What people of the demonstration do, one verb at a time, through the workflow their clicks would call."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw

import accounts.workflow
import applicants.workflow
import certification.workflow
import employment.workflow
import trainings.workflow
from accounts.models import User
from applicants.models import Reference, ScholarshipApplication, ScholarshipRound, TrainingApplication
from applicants.workflow.reviews import ranking
from certification.models import AgendaItem, CertificationApplication, Meeting
from certification.workflow import Answers, Money
from certportal.demonstration.people import Peer, open_sign_in
from employment.models import Provider, Verification
from employment.rules import Answer
from programs.calendar import local_day
from programs.program import program
from trainings import uploads
from trainings.models import Registration, TrainingSession

ESSAY = (
    "When I came home four years ago, the first person who asked how I was and waited for the answer was a peer "
    "specialist. She did not fix anything for me. She sat with me and told me how she got through one day, and then "
    "one more. I keep thinking about that. I lead the Tuesday group at my church hall now, and people stay after to "
    "talk. I want to learn how to listen the right way, and where to send someone when I cannot help. My sister will "
    "keep my boys for the five days. I have a laptop from the library. I am ready for the class and for the test."
)
SPOKE_FOR = "I have known them for years. They show up, they listen, and people trust them."


# -- Becoming known ----------------------------------------------------------------------------------------


def sign_up(peer: Peer, *, desk: User, at: datetime) -> User:
    """Online, or opened by the office for somebody who called; then the profile, page by page."""
    names = {"legal_given_names": peer.given, "legal_family_name": peer.family, "name_in_use": peer.called}
    person = User.objects.filter(email=peer.email).first() if peer.email else None
    if person is None and peer.email:
        person = open_sign_in(peer.email, joined_at=at)
    if person is None:
        contact = {"phone": peer.phone, "best_channel": "phone" if peer.given == "Otis" else "post"}
        person = accounts.workflow.open_person(
            names=names, profile=contact, receipt={"channel": "phone"}, by=desk, at=at
        )
    by = person if peer.email else desk
    facts: dict[str, Any] = {
        "birth_on": peer.born,
        "county": peer.county,
        "mail_to": "home",
        "street": f"{100 + len(peer.family)} Magnolia Street",
        "city": peer.town,
        "state": "MS",
        "zip_code": "39201",
        "phone": peer.phone,
        "voicemail_is_safe": False,
    }
    facts |= {"best_channel": "email"} if peer.email else {}
    return accounts.workflow.change_profile(person.pk, names=names, facts=facts, by=by, at=at)


# -- Applying ----------------------------------------------------------------------------------------------


def arrange_help(person: User, *, by: User, at: datetime) -> None:
    """They asked what would help them take part; the office answered the same week."""
    due = program(local_day(at)).calendar.add_working_days(local_day(at), 5)
    asked = "I hear better with words on the screen."
    needs = accounts.workflow.ask_for_access(person.pk, asked, answer_due_on=due, by=person, at=at)
    answer = "Captions are on in every class, and the workbook comes by mail a week before."
    accounts.workflow.arrange_access(needs.pk, answer, by=by, at=at)


def start_application(
    person: User, session: TrainingSession, designation: str, *, by: User, at: datetime
) -> TrainingApplication:
    application = applicants.workflow.start(session.pk, person_id=person.pk, designation=designation, by=by, at=at)
    asked = program(local_day(at)).requirements("training", designation)
    attested = {one.params["attestation"]: True for one in asked if "attestation" in one.params}
    own = {"education": "ged", "private_place": "yes", "needs_cosigner": False, "signed_name": person.legal_name}
    applicants.workflow.answer(application.pk, "all", by=by, at=at, facts=own, attested=attested)
    applicants.workflow.add_spell(
        application.pk,
        kind="hours",
        where="Tuesday group, church hall",
        starts_on=local_day(at) - timedelta(days=600),
        ends_on=local_day(at) - timedelta(days=10),
        amount=Decimal(310),
        by=by,
        at=at,
    )
    return application


def ask_references(application: TrainingApplication, *, by: User, at: datetime) -> list[Reference]:
    """Two people, each asked after the exact message was read."""
    mailbox = application.person.reference.lower()
    named = [
        applicants.workflow.name_reference(
            application.pk, name=name, relation=relation, email=f"{kind}.{mailbox}@example.org", by=by, at=at
        )
        for name, relation, kind in (("Pastor Lyle Brandt", "community", "lyle"), ("Joan Whitmire", "work", "joan"))
    ]
    return [applicants.workflow.ask_reference(reference.pk, by=by, at=at) for reference in named]


def answer_references(application: TrainingApplication, at: datetime) -> None:
    for reference in application.references.filter(status=Reference.Status.ASKED):
        applicants.workflow.answer_reference(
            reference.pk, link_version=reference.link_version, view="ready", text=SPOKE_FOR, at=at
        )


def add_paper(application: TrainingApplication, *, by: User, at: datetime) -> None:
    """A photo of a diploma, as a phone would send it."""
    content = _diploma(application.person.legal_name)
    applicants.workflow.receive_document(
        application.pk,
        kind="school_paper",
        name="diploma.png",
        content_type="image/png",
        path=uploads.store(content),
        size=len(content),
        by=by,
        at=at,
    )


def _diploma(name: str) -> bytes:
    picture = Image.new("RGB", (800, 560), "#fdf3dc")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((24, 24, 776, 536), outline="#286846", width=6)
    pen.text((80, 120), "High school equivalency (an invented paper)", fill="#193324", font_size=28)
    pen.text((80, 260), name, fill="#2e2e2a", font_size=40)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def send_application(application: TrainingApplication, *, by: User, at: datetime) -> TrainingApplication:
    channel = "online" if by == application.person else "paper"
    return applicants.workflow.submit(application.pk, received_at=at, by=by, at=at, channel=channel)


# -- A scholarship -----------------------------------------------------------------------------------------


def write_essay(person: User, round_: ScholarshipRound, *, by: User, at: datetime) -> ScholarshipApplication:
    wish = applicants.workflow.start_scholarship(round_.pk, person_id=person.pk, by=by, at=at)
    applicants.workflow.save_essay(wish.pk, ESSAY, seen_version=0, by=by, at=at)
    return wish


def send_essay(wish: ScholarshipApplication, *, by: User, at: datetime) -> None:
    applicants.workflow.submit_essay(wish.pk, received_at=at, by=by, at=at)


def score_all(round_: ScholarshipRound, at: datetime) -> None:
    """Each reader files what was given to them."""
    lines = list(round_.criteria.all())
    for wish in round_.applications.sent():
        for turn, review in enumerate(wish.reviews.to_score().select_related("reader")):
            points = {line.pk: 2 + (wish.pk + line.order + turn) % 3 for line in lines}
            applicants.workflow.file_review(review.pk, points=points, note="", by=review.reader, at=at)


def decide(round_: ScholarshipRound, *, awards: int, by: User, at: datetime) -> None:
    """The best get the money there is, the others wait for it; then everyone is told at once."""
    for number, (wish, _standing) in enumerate(ranking(round_)):
        choice = "award" if number < awards else "waitlist"
        applicants.workflow.stage(wish.pk, choice, seen=wish.staged, by=by, at=at)
    applicants.workflow.release(round_.pk, by=by, at=at)


# -- In class ----------------------------------------------------------------------------------------------


def mark_class(session: TrainingSession, *, by: User, at: datetime, away: Mapping[str, int] | None = None) -> None:
    """Everybody with a seat was there all of the time, but for a family name that missed one half-day: its number."""
    half_days = [pk for pk, ends_at in session.half_days.values_list("pk", "ends_at") if ends_at <= at]
    marks = {
        (spot.pk, half_day): number != (away or {}).get(spot.person.legal_family_name)
        for spot in session.registrations.with_a_seat().select_related("person")
        for number, half_day in enumerate(half_days, start=1)
    }
    trainings.workflow.mark_session(session.pk, marks, by=by, at=at)


def give_exam(session: TrainingSession, *, low: set[str], by: User, at: datetime) -> None:
    for number, spot in enumerate(session.registrations.with_a_seat().select_related("person")):
        score = 68 if spot.person.legal_family_name in low else 78 + number * 3 % 20
        trainings.workflow.record_exam(spot.pk, score, taken_on=local_day(at), by=by, at=at)


def finish_class(session: TrainingSession, *, by: User, at: datetime) -> None:
    trainings.workflow.complete_session(session.pk, by=by, at=at)


def make_up(person: User, missed: TrainingSession, number: int, *, later: TrainingSession, at: datetime) -> None:
    """They choose a later class for the half-day they missed."""
    trainings.workflow.book_make_up(spot_of(person, missed).pk, number, later.pk, by=person, at=at)


# -- At work -----------------------------------------------------------------------------------------------


def ask_employer(
    person: User, provider: Provider, *, role: str = "peer_support_specialist", hired_on: date, at: datetime
) -> Verification:
    officer = provider.officers.first()
    assert officer is not None  # every invented provider has one
    job = employment.workflow.name_job(
        person.pk,
        provider_id=provider.pk,
        position="Peer Bridger" if role == "peer_bridger" else "Peer Support Specialist",
        role_code=role,
        hired_on=hired_on,
        verifier_name=officer.name,
        verifier_email=officer.email,
        by=person,
        at=at,
    )
    question = job.verifications.latest("pk")
    return employment.workflow.send_request(question.pk, by=person, at=at)


def answer_yes(question: Verification, at: datetime) -> None:
    employment.workflow.mark_opened(question.pk, at=at)
    employment.workflow.answer(question.pk, Answer.yes_as_shown(question.verifier_name), at=at)


# -- Becoming certified ------------------------------------------------------------------------------------


def send_file(person: User, designation: str, at: datetime) -> CertificationApplication:
    file = certification.workflow.start(person.pk, designation, by=person, at=at)
    certification.workflow.answer(file.pk, Answers(lives_in_state=True, has_cosigner=False), by=person, at=at)
    certification.workflow.agree_to_ethics(file.pk, by=person, at=at)
    return certification.workflow.submit(file.pk, signed_name=person.legal_name, received_at=at, by=person, at=at)


def pay_fee(file: CertificationApplication, *, by: User, at: datetime) -> None:
    cents = program(local_day(at)).fee("application")
    money = Money(cents, local_day(at), "money_order", number=f"MO-{file.pk:04}", paid_by=file.person.legal_name)
    certification.workflow.take_payment(file.pk, "application", money, by=by, at=at)


def hold_meeting(meeting: Meeting, board: list[User], at: datetime) -> None:
    """Everyone votes yes on every file; the chair records it."""
    for item in AgendaItem.objects.filter(meeting=meeting, left_at=None):
        for member in board:
            certification.workflow.vote(item.pk, "yes", by=member, at=at)
        certification.workflow.recommend(item.pk, by=board[0], at=at)


def spot_of(person: User, session: TrainingSession) -> Registration:
    return Registration.objects.get(person=person, session=session)
