"""Who may open what: rows for the table in tests/test_access.py. Every person here is a stranger."""

from datetime import UTC, datetime

from accounts import workflow
from accounts.helper_links import helper_token
from accounts.models import Profile, User

NOON = datetime(2027, 3, 3, 18, tzinfo=UTC)
EVERYONE = {"anonymous": 200, "applicant": 200}
SIGNED_IN = {"anonymous": 302, "applicant": 200}
TYPES_FOR_PEOPLE = {"anonymous": 302, "applicant": 403, "desk": 200, "training_staff": 200, "place_staff": 200}
FINDS_PEOPLE = {**TYPES_FOR_PEOPLE, "access_coordinator": 200, "scholarship_officer": 200}


def _stranger() -> User:
    person = User.objects.create_user(legal_given_names="Otis", legal_family_name="Vance")
    Profile.objects.create(person=person)
    return person


def somebody():
    return {"person_reference": _stranger().reference}


def by_reference():
    return {"reference": _stranger().reference}


def who_asked_for_access():
    person = _stranger()
    workflow.ask_for_access(person.pk, "A ramp.", answer_due_on=NOON.date(), by=person, at=NOON)
    return {"reference": person.reference}


def helper_link():
    person = _stranger()
    helper = workflow.name_helper(person.pk, name="Ruth Vance", email="ruth@example.org", by=person, at=NOON)
    return {"token": helper_token(helper)}


ROWS = [
    ("healthz", dict, EVERYONE),
    ("readyz", dict, {"anonymous": 503, "applicant": 503}),  # no worker in these tests
    ("home", dict, EVERYONE),
    ("landing", dict, {"anonymous": 302, "applicant": 302}),
    ("me", dict, SIGNED_IN),
    ("openings", dict, SIGNED_IN),
    ("profile", dict, SIGNED_IN),
    ("profile", somebody, TYPES_FOR_PEOPLE),
    ("access", dict, SIGNED_IN),
    ("access", somebody, TYPES_FOR_PEOPLE),
    ("helper", dict, SIGNED_IN),
    ("helper", somebody, TYPES_FOR_PEOPLE),
    ("helper_link", helper_link, EVERYONE),
    ("profile_part", lambda: {"part": "names"}, SIGNED_IN),
    ("profile_part", lambda: {"part": "names", **somebody()}, TYPES_FOR_PEOPLE),
    ("new_person", dict, TYPES_FOR_PEOPLE),
    ("staff", dict, FINDS_PEOPLE),
    ("people", dict, FINDS_PEOPLE),
    ("person", by_reference, FINDS_PEOPLE),
    ("arrange_access", who_asked_for_access, {"anonymous": 302, "applicant": 403, "access_coordinator": 200}),
]
