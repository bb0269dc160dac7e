"""Every change of a session and of a person's spot in it, one function per verb."""

from audit.reasons import NotAllowed
from trainings.workflow.access import wait_for_access
from trainings.workflow.blocks import block_for, make_block, release_block, release_blocks_due
from trainings.workflow.calendars import close_calendar, open_calendar, tell_calendars
from trainings.workflow.changes import cancel, change_session, let_it_run
from trainings.workflow.classroom import (
    complete,
    complete_session,
    end_early,
    join,
    mark_attendance,
    mark_session,
    record_exam,
)
from trainings.workflow.clock import (
    DUE,
    allocate_due,
    close_lines,
    hold_past_sessions,
    keep_time,
    run_out,
    secure_due,
    tell_links,
    tell_links_due,
)
from trainings.workflow.courses import reword_course
from trainings.workflow.invitations import (
    invitation_of,
    invitation_token,
    invite,
    take_back_invitation,
    take_up,
    use_invitations,
)
from trainings.workflow.lists import ListHasErrors, match_list, take_list
from trainings.workflow.makeup import book_make_up, join_make_up, open_make_up, take_back_make_up
from trainings.workflow.moves import dates_for, end_pauses, move_spot, pause, spots_to_pause, take_seat_along
from trainings.workflow.outages import keep_watch, move_deadlines, note_outage, settle_no_room
from trainings.workflow.overrides import count_from, give_seat, put_in_group, take_late_form
from trainings.workflow.scores import correct_score, issue_certificate, reasons_not_to_correct
from trainings.workflow.seats import accept, allocate, decline, offer_kept_seat, secure
from trainings.workflow.sessions import (
    keep_seats,
    last_offer_on,
    offer_course,
    plan_session,
    publish,
    release_kept_seats,
)
from trainings.workflow.sittings import (
    SittingPlan,
    book_sitting,
    give_back_sitting,
    plan_sitting,
    record_result,
)
from trainings.workflow.spots import admit, not_admit, reasons_not_to_register, register, withdraw
from trainings.workflow.team import join_team, leave_team
from trainings.workflow.watches import stop_watching, tell_who_asked, watch
from trainings.workflow.year import copy_year, publish_chosen

__all__ = [
    "ListHasErrors",
    "NotAllowed",
    "SittingPlan",
    "accept",
    "admit",
    "allocate",
    "allocate_due",
    "block_for",
    "book_make_up",
    "book_sitting",
    "cancel",
    "change_session",
    "close_calendar",
    "close_lines",
    "complete",
    "complete_session",
    "copy_year",
    "correct_score",
    "count_from",
    "dates_for",
    "decline",
    "end_early",
    "end_pauses",
    "give_back_sitting",
    "give_seat",
    "hold_past_sessions",
    "invitation_of",
    "issue_certificate",
    "invitation_token",
    "invite",
    "join",
    "join_make_up",
    "join_team",
    "keep_seats",
    "DUE",
    "keep_time",
    "keep_watch",
    "leave_team",
    "last_offer_on",
    "make_block",
    "let_it_run",
    "mark_attendance",
    "mark_session",
    "match_list",
    "move_spot",
    "move_deadlines",
    "not_admit",
    "note_outage",
    "offer_course",
    "offer_kept_seat",
    "open_make_up",
    "pause",
    "open_calendar",
    "plan_session",
    "plan_sitting",
    "publish",
    "publish_chosen",
    "put_in_group",
    "reasons_not_to_correct",
    "reasons_not_to_register",
    "record_exam",
    "record_result",
    "register",
    "release_block",
    "release_blocks_due",
    "release_kept_seats",
    "reword_course",
    "run_out",
    "secure",
    "secure_due",
    "spots_to_pause",
    "stop_watching",
    "take_back_invitation",
    "take_back_make_up",
    "take_late_form",
    "take_list",
    "take_seat_along",
    "take_up",
    "settle_no_room",
    "tell_calendars",
    "tell_links",
    "tell_links_due",
    "tell_who_asked",
    "use_invitations",
    "wait_for_access",
    "watch",
    "withdraw",
]
