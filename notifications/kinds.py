"""What each kind of message is: its quiet wording, where its button leads, whose phone it gives.

A kind has two files of words in `templates/email/`: `<name>.subject.txt` and `<name>.txt`. The frame around them,
plain and HTML, is one for all, so that both twins always say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Quiet(StrEnum):
    """What a message says while private wording is on: the task and the date, and never what it is about.
    Its words stand in `templates/email/quiet/`."""

    ANSWER = "answer"
    STEP = "step"
    NEWS = "news"
    RECEIVED = "received"
    DATE = "date"
    PAPER = "paper"
    OPEN = "open"  # to somebody without a record here: says the one thing it is for


@dataclass(frozen=True)
class Kind:
    name: str
    quiet: Quiet
    link_text: Words = _("Read more")
    office: str = "training"
    is_a_no: bool = False  # leaves only when somebody answers the phone, today and tomorrow


def _all(*kinds: Kind) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds}


TRAINING = _all(
    Kind("registered", Quiet.RECEIVED, _("See where you stand")),
    Kind("not_admitted", Quiet.NEWS, _("See what you can do"), is_a_no=True),
    Kind("not_seated", Quiet.NEWS, _("See the next dates"), is_a_no=True),
    Kind("seat_confirmed", Quiet.DATE, _("See your seat")),
    Kind("waiting", Quiet.NEWS, _("See your spot in line")),
    Kind("seat_offered", Quiet.ANSWER, _("Say yes or no")),
    Kind("seat_declined", Quiet.RECEIVED, _("See where you stand")),
    Kind("offer_ran_out", Quiet.NEWS, _("See the next dates")),
    Kind("spot_moved", Quiet.RECEIVED, _("See where you stand")),
    Kind("spot_paused", Quiet.RECEIVED, _("See where you stand")),
    Kind("invited", Quiet.OPEN, _("Go on")),
    Kind("pause_ended", Quiet.NEWS, _("See the next dates")),
    Kind("registration_withdrawn", Quiet.RECEIVED, _("See the next dates")),
    Kind("session_cancelled", Quiet.NEWS, _("See the next dates")),
    Kind("session_moved", Quiet.DATE, _("See the new days")),
    Kind("session_changed", Quiet.DATE, _("See what changed")),
    Kind("team_named", Quiet.DATE, _("See the class")),
    Kind("team_left", Quiet.NEWS, _("See your classes")),
    Kind("team_class_cancelled", Quiet.NEWS, _("See your classes")),
    Kind("team_class_changed", Quiet.DATE, _("See the class")),
    Kind("deadline_moved", Quiet.STEP, _("Go on")),
    Kind("meeting_link", Quiet.DATE, _("See how to join")),
    Kind("exam_passed", Quiet.NEWS, _("See your result")),
    Kind("exam_not_passed", Quiet.NEWS, _("See when you can try again")),
    Kind("test_booked", Quiet.DATE, _("See your test")),
    Kind("test_given_back", Quiet.NEWS, _("See where you stand")),
    Kind("make_up_open", Quiet.STEP, _("Choose a day")),
    Kind("make_up_booked", Quiet.DATE, _("See the day")),
    Kind("make_up_given_back", Quiet.STEP, _("Choose a day")),
    Kind("training_completed", Quiet.NEWS, _("See your next step")),
    Kind("training_not_completed", Quiet.NEWS, _("See the next dates")),
    Kind("watch_kept", Quiet.RECEIVED, _("See it or stop it")),
    Kind("training_opened", Quiet.DATE, _("See the date")),
)
APPLICATION = _all(
    Kind("application_received", Quiet.RECEIVED, _("See your copy")),
    Kind("paper_refused", Quiet.STEP, _("Send it again")),
    Kind("application_returned", Quiet.STEP, _("See what we need")),
    Kind("application_accepted", Quiet.NEWS, _("See what comes next")),
    Kind("application_not_accepted", Quiet.NEWS, _("See what you can do"), is_a_no=True),
    Kind("scholarship_received", Quiet.RECEIVED, _("See where it stands")),
    Kind("award_offered", Quiet.ANSWER, _("Say yes or no")),
    Kind("award_accepted", Quiet.RECEIVED, _("See what comes next")),
    Kind("award_declined", Quiet.RECEIVED, _("See where you stand")),
    Kind("award_ran_out", Quiet.NEWS, _("See where you stand")),
    Kind("award_ended", Quiet.NEWS, _("See where you stand")),
    Kind("award_waitlisted", Quiet.NEWS, _("See where you stand")),
    Kind("not_awarded", Quiet.NEWS, _("See what you can do"), is_a_no=True),
    Kind("reference_asked", Quiet.OPEN, _("Open the form")),
    Kind("reference_given", Quiet.NEWS, _("See your list")),
)
EMPLOYMENT = _all(
    Kind("job_request", Quiet.OPEN, _("Answer now")),
    Kind("job_verified", Quiet.NEWS, _("See your next step"), "place"),
    Kind("job_corrected", Quiet.NEWS, _("See what changed"), "place"),
    Kind("job_misaddressed", Quiet.STEP, _("Name the right person"), "place"),
    Kind("job_not_confirmed", Quiet.STEP, _("See what you can do"), "place"),
    Kind("job_request_ran_out", Quiet.STEP, _("See what you can do"), "place"),
    Kind("address_approved", Quiet.STEP, _("Read and send it"), "place"),
    Kind("address_refused", Quiet.STEP, _("See what you can do"), "place"),
    Kind("job_ended", Quiet.STEP, _("See what you can do"), "place"),
)
CERTIFICATION = _all(
    Kind("file_received", Quiet.RECEIVED, _("See your copy"), "place"),
    Kind("something_missing", Quiet.STEP, _("See what we need"), "place"),
    Kind("payment_came_back", Quiet.STEP, _("See what we need"), "place"),
    Kind("file_complete", Quiet.NEWS, _("See what comes next"), "place"),
    Kind("on_agenda", Quiet.DATE, _("See what comes next"), "place"),
    Kind("agenda_moved", Quiet.DATE, _("See what comes next"), "place"),
    Kind("file_closed", Quiet.NEWS, _("See what you can do"), "place"),
    Kind("recommended", Quiet.NEWS, _("See what comes next"), "place"),
    Kind("board_asks_more", Quiet.STEP, _("See what they ask"), "place"),
    Kind("not_recommended", Quiet.NEWS, _("See what you can do"), "place", is_a_no=True),
    Kind("disapproved", Quiet.NEWS, _("See what you can do"), "place", is_a_no=True),
    Kind("credential_issued", Quiet.NEWS, _("See what you have"), "place"),
    Kind("document_ready", Quiet.PAPER, _("Get your paper"), "place"),
)
ACCOUNT = _all(
    Kind("access_arranged", Quiet.NEWS, _("Read our answer")),
    Kind("helper_named", Quiet.OPEN, _("Open your page")),
)
REMINDERS = _all(
    Kind("application_deadline", Quiet.STEP, _("Go on")),
    Kind("scholarship_deadline", Quiet.STEP, _("Go on")),
    Kind("pause_ending", Quiet.STEP, _("Choose a date")),
    Kind("seat_deadline", Quiet.ANSWER, _("Say yes or no")),
    Kind("award_deadline", Quiet.ANSWER, _("Say yes or no")),
    Kind("job_request_again", Quiet.OPEN, _("Answer now")),
    Kind("job_request_waits", Quiet.STEP, _("See what you can do"), "place"),
    Kind("reference_again", Quiet.OPEN, _("Open the form")),
    Kind("reference_waits", Quiet.STEP, _("See your list")),
    Kind("returned_deadline", Quiet.STEP, _("See what we need")),
    Kind("packet_deadline", Quiet.STEP, _("Go on"), "place"),
    Kind("helper_date", Quiet.OPEN, _("Open your page")),
    Kind("credential_expiring", Quiet.STEP, _("See what to do"), "place"),
)
KINDS = TRAINING | APPLICATION | EMPLOYMENT | CERTIFICATION | ACCOUNT | REMINDERS
