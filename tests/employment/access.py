"""Who may open what: rows for the table in tests/test_access.py. Every job here is a stranger's."""

from accounts.links import link_token
from employment.words import PURPOSE
from tests.employment.factories import JobFactory, PersonFactory, ProviderFactory, VerificationFactory

SIGNED_IN = {"anonymous": 302, "applicant": 200}
NOT_MINE = {"anonymous": 302, "applicant": 404}
DESK = {"anonymous": 302, "applicant": 403, "desk": 200, "training_staff": 200, "place_staff": 200}
DESK_PRESS = {"anonymous": 302, "applicant": 405, "desk": 405}
REGISTER = {
    "anonymous": 302,
    "applicant": 403,
    "training_staff": 200,
    "place_staff": 200,
    "program_administrator": 200,
}
REGISTER_PRESS = {
    "anonymous": 302,
    "applicant": 403,
    "training_staff": 405,
    "place_staff": 405,
    "program_administrator": 405,
}


def _job():
    return VerificationFactory().job


def job():
    return {"reference": _job().reference}


def job_of_somebody():
    job = _job()
    return {"person_reference": job.person.reference, "reference": job.reference}


def somebody():
    return {"person_reference": PersonFactory().reference}


def dead_token():
    return {"token": link_token(VerificationFactory().pk, 1, purpose=PURPOSE)}


def provider():
    return {"reference": ProviderFactory().reference}


def officer():
    somebody = ProviderFactory().officers.create(name="Pat Lee")
    return {"reference": somebody.provider.reference, "officer": somebody.pk}


def question():
    return {"reference": VerificationFactory(job=JobFactory()).reference}


ROWS = [
    ("employment:thanks", dict, {"anonymous": 200, "applicant": 200}),
    ("employment:verify", dead_token, {"anonymous": 410, "applicant": 410}),
    ("employment:start", dead_token, {"anonymous": 405, "applicant": 405}),
    ("employment:jobs", dict, SIGNED_IN),
    ("employment:jobs", somebody, DESK),
    ("employment:new", dict, SIGNED_IN),
    ("employment:new", somebody, DESK),
    *((f"employment:{name}", job, NOT_MINE) for name in ("job", "message", "change", "verifier", "end")),
    *((f"employment:{name}", job_of_somebody, DESK) for name in ("job", "message", "change", "verifier", "end")),
    *((f"employment:{name}", job, {"anonymous": 302, "applicant": 405}) for name in ("send_again", "take_back")),
    *((f"employment:{name}", job_of_somebody, DESK_PRESS) for name in ("send_again", "take_back")),
    ("employment:team", dict, SIGNED_IN),
    ("employment:providers", dict, REGISTER),
    ("employment:new_provider", dict, REGISTER),
    ("employment:provider", provider, REGISTER),
    ("employment:new_officer", provider, REGISTER_PRESS),
    ("employment:officer_left", officer, REGISTER_PRESS),
    ("employment:question", question, REGISTER),
    ("employment:settle_address", question, REGISTER_PRESS),
]
