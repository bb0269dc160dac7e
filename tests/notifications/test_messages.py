"""Every event of every room is either in the table or meant to be silent; its message goes to the right person."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.events import AccountEvent
from applicants.events import ApplicantEvent
from audit.models import Entry
from certification.events import CertificationEvent
from employment.events import EmploymentEvent
from notifications import sending
from notifications.events import MessageEvent
from notifications.kinds import KINDS, REMINDERS
from notifications.messages import MAILS, SILENT
from notifications.models import Message
from programs.events import ProgramEvent
from tests.applicants import factories as applicants
from tests.trainings import factories as trainings
from trainings import workflow
from trainings.events import TrainingEvent

ROOMS = (AccountEvent, ProgramEvent, EmploymentEvent, TrainingEvent, ApplicantEvent, CertificationEvent, MessageEvent)


def test_every_event_of_every_room_becomes_a_message_or_is_meant_to_be_silent():
    told = {mail.event for mail in MAILS}
    events = {str(event) for room in ROOMS for event in room}

    assert told | {str(event) for event in SILENT} == events
    assert told & {str(event) for event in SILENT} == set()


def test_every_kind_is_said_by_an_event_or_by_the_sweep():
    assert {mail.kind for mail in MAILS} | set(REMINDERS) == set(KINDS)


@pytest.mark.parametrize("kind", ["not_admitted", "application_not_accepted", "not_awarded", "not_recommended"])
def test_a_no_is_marked_as_one(kind):
    assert KINDS[kind].is_a_no


def sign_up(where, someone):
    return workflow.register(
        where.pk,
        person_id=someone.pk,
        designation="CPSSP-MH",
        received_at=trainings.NOON,
        by=someone,
        at=trainings.NOON,
    )


def kinds_about(reference: str) -> list[str]:
    return list(Message.objects.filter(about=reference).order_by("pk").values_list("kind", flat=True))


@pytest.mark.django_db
def test_an_application_sent_twice_is_one_message():
    application = applicants.submitted()
    from applicants import workflow as packets

    packets.submit(application.pk, received_at=applicants.NOON, by=application.person, at=applicants.NOON)

    assert kinds_about(application.reference) == ["application_received"]
    assert kinds_about(application.registration.reference) == []


@pytest.mark.django_db
def test_a_reference_is_written_to_by_link_and_the_link_is_not_kept():
    application = applicants.fill(applicants.draft(), answered=False)

    sending.send_due(at=applicants.NOON)

    sent = [one for one in mail.outbox if one.to[0].startswith("friend")]
    assert len(sent) == 2
    assert all("/references/" in one.body for one in sent)
    kept = Message.objects.filter(kind="reference_asked").values_list("text", flat=True)
    assert all("[link]" in text and "/references/" not in text for text in kept)
    assert str(application.person.email) not in sent[0].body


@pytest.mark.django_db
def test_an_offer_answered_by_phone_before_it_left_is_not_sent():
    where = trainings.session("cpss", capacity=1)
    staff = trainings.trainer()
    first, second = (trainings.person() for _number in range(2))
    spots = []
    for someone in (first, second):
        spot = workflow.register(
            where.pk,
            person_id=someone.pk,
            designation="CPSSP-MH",
            received_at=trainings.NOON,
            by=someone,
            at=trainings.NOON,
        )
        spots.append(workflow.admit(spot.pk, by=staff, at=trainings.NOON))
    workflow.allocate(where.pk, at=trainings.ALLOCATION)
    later = trainings.ALLOCATION + timedelta(days=1)
    workflow.withdraw(spots[0].pk, by=first, at=later)
    workflow.accept(spots[1].pk, by=staff, at=later)

    sending.send_due(at=later + timedelta(minutes=1))

    states = dict(Message.objects.filter(about=spots[1].reference).values_list("kind", "status"))
    assert states["seat_offered"] == "cancelled"
    assert states["seat_confirmed"] == "done"


@pytest.mark.django_db
def test_new_days_are_told_to_everybody_with_a_live_spot():
    where = trainings.session("cpss")
    staff, someone = trainings.trainer(), trainings.person()
    spot = workflow.register(
        where.pk,
        person_id=someone.pk,
        designation="CPSSP-MH",
        received_at=trainings.NOON,
        by=someone,
        at=trainings.NOON,
    )

    workflow.change_session(
        where.pk, trainings.plan("cpss", first=trainings.FIRST_DAY + timedelta(days=7)), by=staff, at=trainings.NOON
    )

    assert kinds_about(spot.reference).count("session_moved") == 1
    told = Message.objects.get(about=spot.reference, kind="session_moved")
    assert told.facts["was"] == "Monday, September 13 to Friday, September 17, 2027, 9 a.m. to 4 p.m. Central"
    assert told.facts["now"] == "Monday, September 20 to Friday, September 24, 2027, 9 a.m. to 4 p.m. Central"
    assert Entry.objects.filter(event=TrainingEvent.SESSION_MOVED).count() == 2  # the session, and the one spot


@pytest.mark.django_db
def test_a_thousand_offers_are_a_handful_of_statements(django_assert_max_num_queries):
    """Whoever asked for seats waits for the messages too, so they cost no more for many than for few."""
    from django.db import transaction

    from audit.trail import record
    from trainings.models import Registration

    where = trainings.session("cpss", capacity=40)
    staff = trainings.trainer()
    for _number in range(30):
        someone = trainings.person()
        spot = workflow.register(
            where.pk,
            person_id=someone.pk,
            designation="CPSSP-MH",
            received_at=trainings.NOON,
            by=someone,
            at=trainings.NOON,
        )
        workflow.admit(spot.pk, by=staff, at=trainings.NOON)
    spots = list(Registration.objects.select_related("person", "session__course", "seat"))

    with transaction.atomic(), django_assert_max_num_queries(6):
        record(*(Entry.of(TrainingEvent.WAITING, spot, by=None, at=trainings.NOON, spot=1) for spot in spots))

    assert Message.objects.filter(kind="waiting").count() == 30
