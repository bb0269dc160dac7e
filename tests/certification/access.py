"""Who may open what: rows for the table in tests/test_access.py.

Files and papers in these rows belong to somebody else, so that whoever has no business with them finds nothing.
"""

from collections.abc import Callable

from django.db.models import Model

from tests.certification import factories

SIGN_IN, SHUT, NOT_THERE, OPEN = 302, 403, 404, 200
EVERYONE = {"anonymous": OPEN, "applicant": OPEN}
MINE = {"anonymous": SIGN_IN, "applicant": OPEN}
NOT_MINE = {"anonymous": SIGN_IN, "applicant": NOT_THERE, "director": NOT_THERE, "place_staff": NOT_THERE}
OFFICE = {
    "anonymous": SIGN_IN,
    "applicant": SHUT,
    "training_staff": SHUT,
    "board_member": SHUT,
    "director": SHUT,
    "place_staff": OPEN,
}
BOARD = {
    "anonymous": SIGN_IN,
    "applicant": SHUT,
    "training_staff": SHUT,
    "place_staff": SHUT,
    "board_member": OPEN,
    "board_chair": OPEN,
    "director": OPEN,
}
# A packet opens only for somebody who sits on the Board that day, which no role alone makes true.
PACKET = {"anonymous": SIGN_IN, "applicant": SHUT, "place_staff": SHUT, "director": SHUT, "board_member": SHUT}
DIRECTOR = {"anonymous": SIGN_IN, "applicant": SHUT, "board_member": SHUT, "place_staff": SHUT, "director": OPEN}
# What changes something answers a GET with "not this way", and only to whoever may press the button.
POST_OFFICE = {"anonymous": SIGN_IN, "applicant": 405, "place_staff": 405}
POST_ONLY = {"anonymous": SIGN_IN, "applicant": 405}
DESK = {"anonymous": SIGN_IN, "applicant": SHUT, "desk": OPEN, "training_staff": OPEN, "place_staff": OPEN}


def a_file() -> dict[str, str]:
    return {"reference": factories.answered().reference}


def for_somebody(build: Callable[[], Model]) -> Callable[[], dict[str, str]]:
    """The office's twin of an address: the same matter, under its person."""

    def kwargs() -> dict[str, str]:
        row = build()
        return {"person_reference": row.person.reference, "reference": row.reference}

    return kwargs


def somebody() -> dict[str, str]:
    return {"person_reference": factories.person().reference}


def somebodys_start() -> dict[str, str]:
    return {**somebody(), "designation": factories.MH}


def somebodys_paper() -> dict[str, str]:
    credential = factories.certified()
    paper = credential.documents.get(kind="certificate")
    return {"person_reference": credential.person.reference, "reference": paper.reference}


def a_sent_file() -> dict[str, str]:
    return {"reference": factories.submitted().reference}


def a_payment() -> dict[str, object]:
    application = factories.submitted()
    return {"reference": application.reference, "pk": factories.paid(application).pk}


def a_meeting() -> dict[str, str]:
    return {"reference": factories.meeting(at=factories.NOON).reference}


def a_line() -> dict[str, object]:
    item = factories.on_agenda()
    return {"meeting": item.meeting.reference, "number": item.number}


def a_recommended_file() -> dict[str, str]:
    return {"reference": factories.recommended().reference}


def a_paper() -> dict[str, str]:
    credential = factories.certified()
    return {"reference": credential.documents.get(kind="certificate").reference}


ROWS = [
    ("certification:mine", dict, MINE),
    ("certification:start", lambda: {"designation": factories.MH}, POST_ONLY),
    ("certification:document", a_paper, NOT_MINE),
    *(
        (f"certification:{page}", a_file, NOT_MINE)
        for page in ("file", "answers", "ethics", "time", "send", "sent", "withdraw")
    ),
    ("certification:mine", somebody, DESK),
    ("certification:start", somebodys_start, POST_ONLY),
    ("certification:document", somebodys_paper, NOT_MINE),
    *(
        (f"certification:{page}", for_somebody(factories.answered), DESK)
        for page in ("file", "answers", "ethics", "time", "send", "withdraw")
    ),
    ("certification:sent", for_somebody(factories.submitted), DESK),
    ("certification:office", dict, OFFICE),
    ("certification:office_file", a_sent_file, OFFICE),
    *(
        (f"certification:{verb}", a_sent_file, POST_OFFICE)
        for verb in ("payment", "missing", "cosigned", "complete", "on_agenda")
    ),
    ("certification:payment_back", a_payment, POST_OFFICE),
    ("certification:fixed", a_payment, POST_OFFICE),
    ("certification:meetings", dict, OFFICE),
    ("certification:meeting", a_meeting, OFFICE),
    ("certification:cancel_meeting", a_meeting, POST_OFFICE),
    ("certification:board", dict, BOARD),
    ("certification:decide", dict, DIRECTOR),
    ("certification:decide_file", a_recommended_file, DIRECTOR),
    ("certification:packet", a_line, PACKET),
    *((f"certification:{verb}", a_line, POST_ONLY) for verb in ("vote", "recuse", "recommend")),
    ("certification:check", dict, EVERYONE),
    ("certification:check_api", dict, {"anonymous": 400, "applicant": 400}),
    ("certification:review_board", dict, EVERYONE),
    ("certification:agenda", a_meeting, EVERYONE),
]
