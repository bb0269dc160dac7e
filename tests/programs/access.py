"""Who may open what: rows for the table in tests/test_access.py."""

from programs.urls import PAGES

EVERYONE = {"anonymous": 200, "applicant": 200}

ROWS = [
    ("programs:peer_support", dict, EVERYONE),
    ("programs:designation", lambda: {"designation": "cpssp-mh"}, EVERYONE),
    ("programs:readiness", dict, EVERYONE),
    *((f"programs:{slug.replace('-', '_')}", dict, EVERYONE) for slug in PAGES),
]
