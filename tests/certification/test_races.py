"""Two people press at the same moment, on PostgreSQL with a connection each."""

import threading

import pytest
from django.db import connection

from audit.models import Entry
from certification import workflow
from certification.events import CertificationEvent
from certification.models import CertificationApplication, Credential, Document
from certification.workflow import decision
from tests.certification.factories import AFTER, MH, NOON, person, ready, recommended

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(verb, times: int = 8) -> list[object]:
    """Call it from as many threads, all let go at the same moment; what each got or was refused with."""
    gate, got = threading.Barrier(times), []

    def run() -> None:
        gate.wait()
        try:
            got.append(verb())
        except Exception as trouble:
            got.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_approval_pressed_eight_times_at_once_gives_one_number_and_one_of_each_paper(pack):
    application, director = recommended(), person("Alma Pruitt")

    got = at_once(lambda: workflow.approve(application.pk, by=director, at=AFTER))

    assert [one for one in got if isinstance(one, Exception)] == []
    assert len({one.number for one in got}) == 1
    assert Credential.objects.count() == 1
    assert sorted(Document.objects.values_list("kind", flat=True)) == ["award_letter", "certificate"]
    assert Entry.objects.filter(event=CertificationEvent.APPROVED).count() == 1


def test_control_without_the_lock_the_same_presses_collide(pack, monkeypatch):
    """Shows that the test above can fail: only the row lock keeps the later presses from trying to issue again."""
    application, director = recommended(), person("Alma Pruitt")
    monkeypatch.setattr(
        decision, "lock", lambda pk: CertificationApplication.objects.select_related("person").get(pk=pk)
    )

    got = at_once(lambda: workflow.approve(application.pk, by=director, at=AFTER))

    assert [one for one in got if isinstance(one, Exception)] != []


def test_eight_approvals_at_once_count_up_without_a_gap_or_a_double(pack):
    files = [recommended() for _each in range(4)]
    director, waiting = person("Alma Pruitt"), [one.pk for one in files]

    at_once(lambda: workflow.approve(waiting.pop(), by=director, at=AFTER), times=4)

    serials = sorted(number.split("-")[2] for number in Credential.objects.values_list("number", flat=True))
    assert serials == ["00001", "00002", "00003", "00004"]


def test_start_pressed_eight_times_at_once_opens_one_file(pack):
    someone = ready()

    got = at_once(lambda: workflow.start(someone.pk, MH, by=someone, at=NOON))

    assert {one.reference for one in got} == {CertificationApplication.objects.get().reference}
