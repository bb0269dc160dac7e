"""Who may open what: rows for the table in tests/test_access.py. Every application here is a stranger's, and its
dates are around today, since the table reads it now."""

from datetime import timedelta

from django.utils import timezone

from accounts.links import link_token
from applicants import workflow
from applicants.models import ScholarshipRound
from programs.calendar import WorkCalendar, local_day
from tests.applicants import factories as make

EVERYONE = {"anonymous": 200, "applicant": 200}
OPEN_FORM = {"anonymous": 302, "applicant": 200}
NOT_MINE = {"anonymous": 302, "applicant": 404}
PRESS = {"anonymous": 302, "applicant": 405}
DESK = {"anonymous": 302, "applicant": 403, "desk": 200, "training_staff": 200, "place_staff": 200}
DESK_PRESS = {"anonymous": 302, "applicant": 405, "desk": 405}
OFFICE = {"anonymous": 302, "applicant": 403, "training_staff": 200, "reviewer": 403, "desk": 403, "auditor": 403}
OFFICE_PRESS = {"anonymous": 302, "applicant": 405, "training_staff": 405}


def _session():
    first = WorkCalendar().next_working_day(local_day(timezone.now()) + timedelta(days=45))
    while first.weekday():
        first += timedelta(days=1)
    return make.session(at=timezone.now() - timedelta(days=1), first=first)


def _draft():
    return make.draft(_session(), at=timezone.now())


def _sent():
    return make.submitted(_session(), at=timezone.now())


def _round():
    session, now = _session(), timezone.now()
    round_ = make.scholarship_round(
        session,
        opened=False,
        scholarship_seats=1,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=9),
        decides_on=session.allocation_on - timedelta(days=1),
    )
    return workflow.open_round(round_.pk, by=make.with_role("scholarship_officer"), at=now)


def _wish(**facts):
    return make.essay(_round(), at=timezone.now(), sent=False, **facts)


def _of(row, **more):
    return {"reference": row.reference, **more}


def _at_the_desk(row, **more):
    return {"person_reference": row.person.reference, **_of(row, **more)}


def _row(make_row, **more):
    """Kwargs for the stranger's own address, and for the office's twin of it."""
    return lambda: _of(make_row(), **more), lambda: _at_the_desk(make_row(), **more)


def start():
    return {"session_reference": _session().reference}


def start_at_the_desk():
    return {"person_reference": make.applicant().reference, **start()}


def draft():
    return _of(_draft())


def sent():
    return _of(_sent())


def spell():
    application = _draft()
    row = workflow.add_spell(
        application.pk,
        kind="hours",
        where="Church",
        starts_on=local_day(timezone.now()),
        ends_on=None,
        amount=4,
        by=application.person,
        at=timezone.now(),
    )
    return application, {"pk": row.pk}


def paper():
    application = _draft()
    return application, {"pk": make.paper(application, at=timezone.now()).pk}


def reference_row():
    application = _draft()
    asked = make.reference(application, "jo@example.org", at=timezone.now(), answered=False)
    return application, {"number": asked.reference}


def mine(make_both):
    application, more = make_both()
    return _of(application, **more)


def desk(make_both):
    application, more = make_both()
    return _at_the_desk(application, **more)


def link():
    application = _draft()
    asked = make.reference(application, "jo@example.org", at=timezone.now(), answered=False)
    return {"token": link_token(asked.pk, asked.link_version, purpose="reference")}


def scholarship_round():
    return {"reference": _round().reference}


def round_at_the_desk():
    return {"person_reference": make.applicant().reference, **scholarship_round()}


def two_texts():
    wish = _wish()
    for text in ("One", "Two"):
        workflow.save_essay(wish.pk, text, seen_version=1, by=wish.person, at=timezone.now())
    return _at_the_desk(wish)


def office_paper():
    application = _sent()
    return _of(application, pk=application.documents.get().pk)


def office_reference():
    application = _sent()
    return _of(application, number=application.references.first().reference)


def officers(name):
    return f"admin:applicants_{name}"


def round_key():
    return {"pk": ScholarshipRound.objects.get(**scholarship_round()).pk}


FORMS = [
    ("application", _draft, {}),
    ("path", _draft, {}),
    ("check", _draft, {}),
    ("take_back", _draft, {}),
    ("hours", _draft, {}),
    ("documents", _draft, {}),
    ("references", _draft, {}),
    ("part", _draft, {"part": "education"}),
    ("sent", _sent, {}),
    ("copy", _sent, {}),
    ("essay", _wish, {}),
    ("essay_send", _wish, {}),
    ("scholarship_take_back", _wish, {}),
]
PRESSED = [("use_for_next", _draft), ("autosave", _wish), ("award_accept", _wish), ("award_decline", _wish)]
ROWS_OF_ROWS = [("hours_remove", spell), ("document_remove", paper), ("reference_take_back", reference_row)]
OTHERS_IN_THE_ADMIN = {"anonymous": 302, "applicant": 302, "auditor": 403, "program_administrator": 403}
OFFICER = {**OTHERS_IN_THE_ADMIN, "scholarship_officer": 200, "reviewer": 403}
READER = {**OTHERS_IN_THE_ADMIN, "reviewer": 200, "scholarship_officer": 403}
# A button pressed as a page leads back to the round and changes nothing.
OFFICER_PRESS = {**OTHERS_IN_THE_ADMIN, "scholarship_officer": 302, "reviewer": 403}

ROWS = [
    ("applicants:start", start, OPEN_FORM),
    ("applicants:start", start_at_the_desk, DESK),
    *(
        (f"applicants:{name}", kwargs, expected)
        for name, make_row, more in FORMS
        for kwargs, expected in zip(_row(make_row, **more), (NOT_MINE, DESK), strict=True)
    ),
    ("applicants:scholarship", lambda: _of(_wish()), NOT_MINE),
    (
        "applicants:scholarship",
        lambda: _at_the_desk(_wish()),
        {**DESK, "desk": 302, "training_staff": 302, "place_staff": 302},
    ),
    ("applicants:copies", lambda: _of(_wish()), NOT_MINE),
    ("applicants:copies", two_texts, DESK),
    *((f"applicants:{name}", lambda made=made: _of(made()), PRESS) for name, made in PRESSED),
    *((f"applicants:{name}", lambda made=made: _at_the_desk(made()), DESK_PRESS) for name, made in PRESSED),
    *((f"applicants:{name}", lambda made=made: mine(made), PRESS) for name, made in ROWS_OF_ROWS),
    *((f"applicants:{name}", lambda made=made: desk(made), DESK_PRESS) for name, made in ROWS_OF_ROWS),
    ("applicants:document", lambda: mine(paper), NOT_MINE),
    ("applicants:document", lambda: desk(paper), DESK),
    ("applicants:reference_message", lambda: mine(reference_row), NOT_MINE),
    ("applicants:reference_message", lambda: desk(reference_row), DESK),
    ("applicants:reference", link, EVERYONE),
    ("applicants:rounds", dict, EVERYONE),
    ("applicants:round", scholarship_round, EVERYONE),
    ("applicants:scholarship_start", scholarship_round, OPEN_FORM),
    ("applicants:scholarship_start", round_at_the_desk, DESK),
    ("applicants:staff_applications", dict, OFFICE),
    ("applicants:staff_application", sent, OFFICE),
    ("applicants:staff_accept", sent, OFFICE_PRESS),
    ("applicants:staff_return", sent, OFFICE_PRESS),
    ("applicants:staff_not_this_time", sent, OFFICE_PRESS),
    ("applicants:staff_document", office_paper, OFFICE),
    ("applicants:staff_reference", office_reference, OFFICE),
    (officers("scholarshipround_ranking"), round_key, OFFICER),
    *((officers(f"scholarshipround_{verb}"), round_key, OFFICER_PRESS) for verb in ("open", "assign", "release")),
    (officers("scholarshipround_stage"), round_key, {**OFFICER_PRESS, "scholarship_officer": 404}),  # of no wish
    (officers("review_changelist"), dict, READER),
    (officers("scholarshipround_changelist"), dict, OFFICER),
]
