"""Claimed once, sent once, kept as sent; outages, refusals and slow servers cost nobody a message."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts.secrets import shut
from audit.models import Entry
from audit.owed import ATTEMPTS, Owed
from audit.reasons import NotAllowed
from notifications import sending, workflow
from notifications.models import Channel, Message
from tests.notifications.factories import NOON, owed, person, without_email

pytestmark = pytest.mark.django_db
Status = Owed.Status
SERVER = "tests.notifications.test_sending.Server"


class Server(EmailBackend):
    """A mail server with a will of its own: it takes mail, refuses it, or is away."""

    answers: list = []

    def open(self):
        if Server.answers and Server.answers[0] == "away":
            raise ConnectionRefusedError
        return True

    def send_messages(self, messages):
        answer = Server.answers.pop(0) if Server.answers else None
        if answer:
            raise answer
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_BACKEND = SERVER
    Server.answers = []
    return Server


def test_a_message_is_sent_once_and_kept_as_sent():
    message = owed(person(private_wording=False))

    sending.send_due(at=NOON)
    sending.send_due(at=NOON)

    message.refresh_from_db()
    assert [one.subject for one in mail.outbox] == [message.subject] == ["Your reference has answered"]
    assert (message.status, message.text) == (Status.DONE, mail.outbox[0].body)
    assert mail.outbox[0].extra_headers["Message-ID"] == message.message_id


def test_owing_the_same_thing_twice_sends_one():
    someone = person()
    for _time in range(2):
        workflow.owe([workflow.Draft("the-key", "reference_given", NOON, person=someone)], at=NOON)

    sending.send_due(at=NOON)

    assert len(mail.outbox) == 1


def test_nothing_leaves_before_its_time():
    owed(person(), due_at=NOON + timedelta(minutes=1))

    sending.send_due(at=NOON)

    assert mail.outbox == []


def test_a_server_that_is_away_costs_no_try_and_each_message_goes_once_when_it_is_back(server):
    people = [person(name, f"{name}@example.org".lower()) for name in ("Ana", "Ben", "Cy")]
    for someone in people:
        owed(someone)
    server.answers = ["away"]

    for minute in range(120):
        sending.send_due(at=NOON + timedelta(minutes=minute))
    server.answers = []
    sending.send_due(at=NOON + timedelta(minutes=121))
    sending.send_due(at=NOON + timedelta(minutes=122))

    assert sorted(one.to[0] for one in mail.outbox) == ["ana@example.org", "ben@example.org", "cy@example.org"]
    assert set(Message.objects.values_list("status", "attempts")) == {(Status.DONE, 1)}


def test_a_refused_address_stops_at_once_and_the_others_go(server):
    bad, good = owed(person("Ana", "ana@example.org")), owed(person("Ben", "ben@example.org"))
    server.answers = [smtplib.SMTPRecipientsRefused({"ana@example.org": (550, b"no such user")})]

    sending.send_due(at=NOON)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, bad.problem, good.status) == (Status.STUCK, "refused", Status.DONE)


def test_a_mailbox_that_is_full_is_tried_again_and_at_a_limit_it_shows_to_staff(server):
    message = owed(person())
    at = NOON
    for _time in range(ATTEMPTS):
        server.answers = [smtplib.SMTPRecipientsRefused({"andre@example.org": (452, b"full")})]
        sending.send_due(at=at)
        message.refresh_from_db()
        at = message.due_at

    assert (message.status, mail.outbox) == (Status.STUCK, [])


def test_a_server_that_hangs_up_is_asked_again_for_the_rest(server):
    first, second = owed(person("Ana", "ana@example.org")), owed(person("Ben", "ben@example.org"))
    server.answers = [smtplib.SMTPServerDisconnected("gone")]

    sending.send_due(at=NOON)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.OWED, Status.DONE)


def test_a_batch_that_takes_too_long_gives_the_rest_back(monkeypatch):
    for name in ("Ana", "Ben"):
        owed(person(name, f"{name}@example.org".lower()))
    monkeypatch.setattr(sending, "PATIENCE_SECONDS", -1)

    sending.send_due(at=NOON)

    assert mail.outbox == []
    assert set(Message.objects.values_list("status", "attempts")) == {(Status.OWED, 0)}


def test_a_sender_that_died_leaves_its_claim_and_a_later_one_sends_it_once():
    owed(person())
    Message.objects.claim(at=NOON)  # and the process is gone

    sending.send_due(at=NOON + timedelta(minutes=1))
    waiting = list(mail.outbox)
    sending.send_due(at=NOON + timedelta(minutes=6))
    sending.send_due(at=NOON + timedelta(minutes=12))

    assert (waiting, len(mail.outbox)) == ([], 1)


def test_a_message_whose_sender_died_every_time_stops():
    message = owed(person())
    for number in range(ATTEMPTS):
        Message.objects.claim(at=NOON + timedelta(minutes=6 * number))

    sending.send_due(at=NOON + timedelta(hours=3))

    message.refresh_from_db()
    assert (message.status, message.problem, mail.outbox) == (Status.STUCK, "too_often", [])


def test_a_process_that_comes_back_late_does_not_overwrite_what_another_sent():
    owed(person())
    [late] = Message.objects.claim(at=NOON)
    sending.send_due(at=NOON + timedelta(minutes=6))

    assert late.mark_done(at=NOON, text="something else") is False


def test_a_message_that_cannot_be_written_does_not_hold_up_the_others():
    broken, whole = owed(person("Ana", "ana@example.org"), facts={"due_at": "no date"}), owed(person())

    sending.send_due(at=NOON)

    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (broken.status, broken.problem, whole.status) == (Status.STUCK, "not_written", Status.DONE)


def test_a_reminder_after_its_end_is_recorded_as_missed():
    end = (NOON - timedelta(hours=1)).isoformat()
    message = owed(person(), kind="seat_deadline", facts={"due_at": end})

    sending.send_due(at=NOON)

    message.refresh_from_db()
    assert (message.status, mail.outbox) == (Status.MISSED, [])


def test_a_no_that_comes_late_waits_for_an_hour_in_which_somebody_answers_the_phone():
    message = owed(person(), kind="not_recommended")
    thursday_evening = NOON + timedelta(days=1, hours=8)

    sending.send_due(at=thursday_evening)

    message.refresh_from_db()
    assert (mail.outbox, message.status, message.attempts) == ([], Status.OWED, 0)
    assert message.due_at.isoformat() == "2027-03-08T15:00:00+00:00"  # Monday, 9 a.m. Central


def test_a_person_without_email_gets_a_letter_in_the_batch_of_the_day():
    message = owed(without_email())

    sending.send_due(at=NOON)

    message.refresh_from_db()
    assert (mail.outbox, message.status, message.channel) == ([], Status.DONE, Channel.POST)
    assert message.postal_lines == ["Ruth Whitfield", "12 Oak Street", "Tupelo, MS 38801"]
    assert "Your reference has answered" in message.text


def test_a_new_address_is_used_for_what_was_owed_before():
    someone = person()
    owed(someone, due_at=NOON + timedelta(days=1))
    someone.profile.contact_email = "new@example.org"
    someone.profile.save()

    sending.send_due(at=NOON + timedelta(days=1))

    assert mail.outbox[0].to == ["new@example.org"]


def test_a_code_leaves_and_is_wiped():
    secrets = shut('{"code": "ABC-123"}')
    template = "account/email/email_confirmation_signup"
    workflow.owe_sign_in_mail("new@example.org", key="sign_in:1", template=template, sealed=secrets, at=NOON)

    sending.send_due(at=NOON)

    [message] = Message.objects.all()
    assert "ABC-123" in mail.outbox[0].body
    kept = (message.subject, message.text, message.html, message.full_text, message.sealed, message.to_address)
    assert kept == ("", "", "", "", "", "wiped")


def test_try_again_gives_a_message_all_its_tries_back_and_asked_twice_it_goes_once():
    message, desk = owed(person()), person("Dana", "desk@example.org")
    Message.objects.update(status=Status.STUCK, attempts=12, problem="refused")

    for _time in range(2):
        workflow.try_again(message.pk, by=desk, at=NOON)
    sending.send_due(at=NOON)

    assert len(mail.outbox) == 1
    assert Entry.objects.filter(event="notifications.tried_again").count() == 1
    with pytest.raises(NotAllowed, match="message_not_stuck"):
        workflow.try_again(message.pk, by=desk, at=NOON)


def test_a_letter_is_marked_as_mailed_once():
    message, desk = owed(without_email()), person("Dana", "desk@example.org")
    sending.send_due(at=NOON)

    counts = [workflow.mark_mailed([message.pk], by=desk, at=NOON) for _time in range(2)]

    assert (counts, Entry.objects.filter(event="notifications.mailed").count()) == ([1, 0], 1)


def test_a_batch_asks_the_database_the_same_number_of_questions_however_many_people(
    django_assert_max_num_queries,
):
    for number in range(20):
        owed(person(f"P{number}", f"p{number}@example.org"))

    with django_assert_max_num_queries(20 + 10):  # one row marked per message sent, and a handful for the batch
        sending.send_due(at=NOON)

    assert len(mail.outbox) == 20
