"""Against a real mail server and a real worker: killed, delivered twice, cut off."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from notifications import sending, tasks
from notifications.models import Message
from tests.notifications.factories import owed, person
from tests.stack import ROOT, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def real_mail(settings, smtp_sink, pack):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_sink.port
    smtp_sink.messages.clear()
    return smtp_sink


def owe_many(count: int) -> None:
    someone = person()
    now = timezone.now()
    for number in range(count):
        owed(someone, key=f"k{number}", at=now - timedelta(minutes=1))


def test_mail_arrives_with_both_twins_and_the_message_id_of_its_row(real_mail):
    owe_many(1)

    sending.send_due(at=timezone.now())

    [mail] = real_mail.messages
    assert mail["Message-ID"] == Message.objects.get().message_id
    assert mail.get_body(("plain",)) and mail.get_body(("html",))
    assert mail["From"] == "Training Office <training-office@example.org>"


def test_senders_that_run_at_once_send_each_message_once(real_mail):
    owe_many(60)

    def deliver() -> None:
        tasks.send()
        connections.close_all()

    deliveries = [threading.Thread(target=deliver) for _number in range(4)]
    for one in deliveries:
        one.start()
    for one in deliveries:
        one.join()

    ids = [mail["Message-ID"] for mail in real_mail.messages]
    assert (len(ids), len(set(ids))) == (60, 60)
    assert Message.objects.filter(status="done").count() == 60


def test_an_outage_of_the_mail_server_delays_and_loses_nothing(real_mail):
    owe_many(5)
    real_mail.stop()
    now = timezone.now()

    for minute in range(0, 120, 10):
        sending.send_due(at=now + timedelta(minutes=minute))
    real_mail.start()
    sending.send_due(at=now + timedelta(minutes=122))
    sending.send_due(at=now + timedelta(minutes=130))

    assert len(real_mail.messages) == 5


def test_senders_killed_again_and_again_lose_no_message_and_copy_hardly_any(real_mail):
    owe_many(200)
    now = timezone.now()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}",
        "MAIL_OF_TESTS": str(real_mail.port),
    }
    code = (
        "import os\nfrom django.conf import settings\nimport django\ndjango.setup()\n"
        "settings.EMAIL_BACKEND='django.core.mail.backends.smtp.EmailBackend'\n"
        "settings.EMAIL_HOST, settings.EMAIL_PORT='127.0.0.1', int(os.environ['MAIL_OF_TESTS'])\n"
        "from notifications.tasks import send\nsend()\n"
    )
    kills = 0
    for _round in range(3):
        before = len(real_mail.messages)
        sender = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
        wait_until(lambda before=before: len(real_mail.messages) > before + 5, 60)
        sender.send_signal(signal.SIGKILL)
        sender.wait()
        kills += 1
        # Its claim is found stale later; the sweep of the next minute is asked to look now.
        Message.objects.filter(status="claimed").update(claimed_at=now - timedelta(minutes=6))

    while sending.send_due(at=timezone.now()):
        pass

    ids = [mail["Message-ID"] for mail in real_mail.messages]
    assert len(set(ids)) == 200
    assert len(ids) <= 200 + kills
    assert Message.objects.exclude(status="done").count() == 0


def test_a_row_that_is_committed_leaves_at_once_through_the_worker(worker):
    owe_many(1)

    wait_until(lambda: Message.objects.filter(status="done").exists(), 60)
