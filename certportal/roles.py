"""Who may do what: one table, applied by `manage.py sync_roles`. Acting on one's own matter is refused elsewhere,
whatever stands here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    title: str
    permissions: tuple[str, ...]
    home: str  # the name of the page this role lands on


_DESK = ("accounts.find_people", "accounts.enter_for_people")

ROLES: dict[str, Role] = {
    "training_staff": Role(
        "Training staff",
        (*_DESK, "trainings.run_sessions", "applicants.screen_applications", "employment.keep_providers"),
        "staff",
    ),
    "access_coordinator": Role("Access coordinator", ("accounts.find_people", "accounts.arrange_access"), "staff"),
    "desk": Role("Mail and phone desk", _DESK, "staff"),
    "place_staff": Role("PLACE staff", (*_DESK, "certification.complete_files", "employment.keep_providers"), "staff"),
    "reviewer": Role("Scholarship reviewer", ("applicants.review_scholarships",), "admin:index"),
    "scholarship_officer": Role(
        "Scholarship officer", ("accounts.find_people", "applicants.run_scholarships"), "admin:index"
    ),
    "board_member": Role("Review Board member", ("certification.serve_on_board",), "certification:board"),
    "board_chair": Role(
        "Review Board chair", ("certification.serve_on_board", "certification.chair_board"), "certification:board"
    ),
    "director": Role("Executive Director", ("certification.direct",), "certification:board"),
    "supervisor": Role("Supervisor", (), "employment:team"),
    "auditor": Role("Auditor", ("audit.read_history",), "admin:index"),
    "program_administrator": Role(
        "Program administrator",
        ("programs.keep_reference_data", "employment.keep_providers"),
        "admin:index",
    ),
}
