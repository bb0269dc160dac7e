"""My messages, the office's letters and stopped messages, the demonstration's outbox."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from audit.owed import Owed
from notifications import inbox, sending
from notifications.models import Message
from tests.notifications.factories import NOON, owed, person, without_email

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    call_command("sync_roles", verbosity=0)
    someone = person("Dana", "desk@example.org")
    someone.groups.add(Group.objects.get(name="desk"))
    return someone


@pytest.fixture
def me():
    return person()


def test_my_messages_show_what_was_sent_newest_first_and_no_sign_in_mail(client, me):
    owed(me, kind="job_ended", facts={"provider": "Cypress Bend"})
    sending.send_due(at=NOON - timedelta(days=1))
    owed(me)
    Message.objects.create(
        key="s", kind="sign_in", status="done", person=me, to_address="w", due_at=NOON, created_at=NOON
    )
    sending.send_due(at=NOON)
    client.force_login(me)

    page = client.get("/me/messages/")

    titles = [row["title"] for row in page.context["rows"]]
    assert titles[0] == "Your reference has answered"
    assert len(titles) == 1 + Message.objects.filter(kind="job_ended", status="done").count()


def test_a_message_opens_in_full_words_and_as_it_was_sent(client, me):
    message = owed(me)
    sending.send_due(at=NOON)
    client.force_login(me)

    page = client.get(f"/me/messages/{message.pk}/").content.decode()

    assert "<h1>Your reference has answered</h1>" in page
    assert "There is news for you" in page


def test_somebody_elses_message_is_not_there(client, me):
    message = owed(person("Ruth", "ruth@example.org"))
    sending.send_due(at=NOON)
    client.force_login(me)

    assert client.get(f"/me/messages/{message.pk}/").status_code == 404


def test_a_message_that_has_not_left_is_not_shown(client, me):
    message = owed(me, due_at=NOON + timedelta(days=1))
    client.force_login(me)

    assert client.get(f"/me/messages/{message.pk}/").status_code == 404
    assert inbox.unread_count(me) == 0


def test_opening_a_message_changes_nothing_and_pressing_marks_it_as_read(client, me):
    message = owed(me)
    sending.send_due(at=NOON)
    client.force_login(me)

    client.get(f"/me/messages/{message.pk}/")
    before = inbox.unread_count(me)
    client.post("/me/messages/read/", {"message": message.pk})

    assert (before, inbox.unread_count(me)) == (1, 0)


def test_nobody_marks_somebody_elses_message(client, me):
    ruth = person("Ruth", "ruth@example.org")
    message = owed(ruth)
    sending.send_due(at=NOON)
    client.force_login(me)

    client.post("/me/messages/read/", {"message": message.pk})
    client.post("/me/messages/read/", {"message": "no number"})

    assert inbox.unread_count(ruth) == 1


def test_the_desk_reads_a_persons_messages_and_leaves_them_unread(client, me, desk):
    owed(me)
    sending.send_due(at=NOON)
    client.force_login(desk)

    page = client.get(f"/staff/people/{me.reference}/messages/")

    assert page.status_code == 200
    assert inbox.unread_count(me) == 1


def test_a_stopped_message_shows_with_its_reason_and_goes_again_at_a_press(client, me, desk, mailoutbox):
    message = owed(me)
    Message.objects.update(status=Owed.Status.STUCK, problem="refused")
    client.force_login(desk)

    page = client.get("/staff/messages/").content.decode()
    client.post(f"/staff/messages/{message.pk}/try-again/")
    client.post(f"/staff/messages/{message.pk}/try-again/")
    sending.send_due(at=NOON + timedelta(days=4000))

    assert "does not take mail for this address" in page
    assert len(mailoutbox) == 1


def test_letters_of_a_day_are_printed_with_labels_and_marked_once(client, desk):
    message = owed(without_email())
    sending.send_due(at=NOON)
    client.force_login(desk)

    sheet = client.get("/staff/post/2027-03-03/").content.decode()
    first = client.post("/staff/post/mailed/", {"letter": [message.pk]}, follow=True).content.decode()
    second = client.post("/staff/post/mailed/", {"letter": [message.pk, "x"]}, follow=True).content.decode()

    assert "Wednesday, March 3, 2027" in sheet
    assert sheet.count("12 Oak Street") == 2  # on the sheet, and on the label
    assert "1 letter is marked as mailed." in first
    assert "Nothing changed." in second
    assert client.get("/staff/post/2027-03-03/").status_code == 404


def test_the_outbox_shows_mail_as_it_left_newest_first_with_links(client, settings, tmp_path, me):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    me.profile.private_wording = False
    me.profile.save()
    owed(
        me, kind="job_ended", facts={"provider": "Zoë & Sons " + "-" * 79}, key="a", due_at=NOON - timedelta(minutes=2)
    )
    owed(me, kind="access_arranged", facts={"page": {"name": "access", "args": []}}, key="b")
    sending.send_due(at=NOON - timedelta(minutes=1))
    sending.send_due(at=NOON)

    page = client.get("/demo/outbox/").content.decode()
    other = client.get("/demo/outbox/", {"to": "nobody@"}).content.decode()

    assert page.index("Our answer: what helps you take part") < page.index("You told us that a job ended")
    assert "Zoë &amp; Sons" in page
    assert 'href="http://127.0.0.1:8000/me/profile/access/"' in page
    assert "No mail yet." in other


def test_the_outbox_is_nowhere_but_in_a_demonstration(client, settings):
    settings.DEMONSTRATION = False

    assert client.get("/demo/outbox/").status_code == 404


def test_the_outbox_without_any_mail_says_so(client, settings, tmp_path):
    settings.EMAIL_FILE_PATH = Path(tmp_path) / "not there yet"

    assert "No mail yet." in client.get("/demo/outbox/").content.decode()
