"""Who may open what: rows for the table in tests/test_access.py. Every message here is a stranger's."""

from notifications import sending
from tests.notifications.factories import NOON, owed, person, without_email

MINE = {"anonymous": 302, "applicant": 200}
NOT_MINE = {"anonymous": 302, "applicant": 404}
DESK = {"anonymous": 302, "applicant": 403, "desk": 200, "training_staff": 200, "place_staff": 200, "auditor": 403}
PRESS = {"anonymous": 302, "applicant": 405, "desk": 405}


def _sent():
    message = owed(person(email="somebody@example.org"))
    sending.send_due(at=NOON)
    return message


def message():
    return {"pk": _sent().pk}


def somebody():
    return {"person_reference": _sent().person.reference}


def message_of_somebody():
    message = _sent()
    return {"person_reference": message.person.reference, "pk": message.pk}


def batch():
    owed(without_email())
    sending.send_due(at=NOON)
    return {"day": "2027-03-03"}


ROWS = [
    ("notifications:messages", dict, MINE),
    ("notifications:messages", somebody, DESK),
    ("notifications:message", message, NOT_MINE),
    ("notifications:message", message_of_somebody, DESK),
    ("notifications:mark_read", dict, PRESS),
    ("notifications:stuck", dict, DESK),
    ("notifications:try_again", message, PRESS),
    ("notifications:post", dict, DESK),
    ("notifications:mailed", dict, PRESS),
    ("notifications:print_batch", batch, DESK),
    ("notifications:demo_outbox", dict, {"anonymous": 200, "applicant": 200}),
]
