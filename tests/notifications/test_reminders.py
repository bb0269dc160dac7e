"""The planning sweep: reminders on their days, once, with the right days left; called off when nobody needs them."""

from datetime import timedelta

import pytest
from django.core import mail

from applicants import workflow as packets
from employment.models import Verification
from notifications import reminders, sending
from notifications.models import Message
from programs.calendar import local_moment
from tests.applicants import factories as applicants
from tests.employment.factories import VerificationFactory
from tests.trainings import factories as trainings

pytestmark = pytest.mark.django_db

START = applicants.NOON  # Monday, August 2, 2027
CLOSES_ON = trainings.FIRST_DAY - timedelta(days=24)  # Friday, August 20


def day_before(days: int):
    """So many days before the end, in the morning of the office."""
    return local_moment(CLOSES_ON - timedelta(days=days), applicants.NOON.time().replace(hour=10))


def run(at) -> None:
    reminders.plan(at=at)
    sending.send_due(at=at)


def sent(kind: str = "application_deadline") -> list[str]:
    return [row.full_subject for row in Message.objects.filter(kind=kind, status="done").order_by("done_at")]


@pytest.fixture
def draft():
    return applicants.draft()


def test_a_draft_is_reminded_fourteen_seven_three_and_one_days_before(draft):
    for days in range(18, -1, -1):
        run(day_before(days))

    assert sent() == [
        "14 days left: your application",
        "7 days left: your application",
        "3 days left: your application",
        "Tomorrow: your application",
    ]


def test_a_sweep_that_runs_all_day_sends_one(draft):
    for minute in range(20):
        run(day_before(7) + timedelta(minutes=minute))

    assert len(mail.outbox) == 1


def test_days_without_a_worker_are_caught_up_once_with_the_days_that_are_left(draft):
    run(day_before(5))

    assert sent() == ["5 days left: your application"]


def test_an_end_that_passed_without_a_worker_is_recorded_as_missed_and_not_sent(draft):
    for hours in range(3):
        run(day_before(-1) + timedelta(hours=hours))

    assert list(Message.objects.filter(kind="application_deadline").values_list("status", flat=True)) == ["missed"]
    assert mail.outbox == []


def test_a_reminder_owed_in_the_night_leaves_at_nine(draft):
    night = day_before(7) - timedelta(hours=8)

    run(night)
    in_the_night = len(mail.outbox)
    run(day_before(7))

    assert (in_the_night, len(mail.outbox)) == (0, 1)


def test_what_is_sent_in_or_withdrawn_before_the_reminder_leaves_is_not_reminded(draft):
    reminders.plan(at=day_before(7) - timedelta(hours=8))
    packets.withdraw(draft.pk, by=draft.person, at=day_before(7) - timedelta(hours=7))

    run(day_before(7))

    assert Message.objects.get(kind="application_deadline").status == "cancelled"
    assert mail.outbox == []


def test_a_deadline_that_moves_takes_its_reminder_along(draft):
    reminders.plan(at=day_before(7) - timedelta(hours=8))
    later = trainings.plan("cpss", registration_closes_on=CLOSES_ON + timedelta(days=2))
    trainings.workflow.change_session(
        draft.session_id, later, by=trainings.trainer(), at=day_before(7) - timedelta(hours=7)
    )

    run(day_before(7))
    run(day_before(5))

    assert sent() == ["9 days left: your application", "7 days left: your application"]


def test_what_is_wanted_again_is_revived(draft):
    reminders.plan(at=day_before(7) - timedelta(hours=8))
    Message.objects.update(status="cancelled")

    run(day_before(7))

    assert len(mail.outbox) == 1


def test_an_employer_who_has_not_answered_is_asked_once_more_and_the_person_is_told():
    facts = {"status": Verification.Status.SENT, "sent_at": START, "expires_at": START + timedelta(days=14)}
    question = VerificationFactory(link_version=1, **facts)

    for days in range(10):
        run(START + timedelta(days=days))

    kinds = sorted(Message.objects.filter(about=question.reference).values_list("kind", flat=True))
    assert kinds == ["job_request_again", "job_request_waits"]


def test_a_reference_who_has_not_answered_is_asked_once_more_while_the_application_lives():
    application = applicants.fill(applicants.draft(), answered=False)

    for days in range(10):
        run(START + timedelta(days=days))

    assert Message.objects.filter(kind="reference_again").count() == 2
    assert Message.objects.filter(kind="reference_waits", person=application.person).count() == 2


def test_the_sweep_asks_the_same_number_of_questions_for_many_as_for_few(draft, django_assert_max_num_queries):
    for _number in range(15):
        applicants.draft(draft.session)

    with django_assert_max_num_queries(24):
        reminders.plan(at=day_before(7))

    assert Message.objects.filter(kind="application_deadline").count() == 16
