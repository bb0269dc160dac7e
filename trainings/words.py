"""The sentence for each reason this app gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programs.calendar import Deadline
from programs.words import date_range, listed, long_date, long_moment, mid_date, mid_moment, short_range
from trainings.models import Override, ScoreCorrection
from trainings.rules import NextDate


def _next(next_date: NextDate | None) -> str:
    if next_date is None:
        return _("No new date is set yet.")
    return _("The next one is %s.") % short_range(next_date.first, next_date.last)


def _closed(deadline: Deadline, next_date: NextDate | None = None) -> str:
    return _("This training closed on %(when)s. %(next)s") % {"when": long_moment(deadline), "next": _next(next_date)}


def _closed_day(what: str, day: date, holiday: str, closest: date | None = None) -> str:
    sentence = {
        "class_on": _("There is class on %s."),
        "opens_on": _("Sign-up opens on %s."),
        "deadline_on": _("The last day to apply is %s."),
        "papers_due_on": _("Papers are due on %s."),
        "seats_set_on": _("Seats are set on %s."),
        "offers_end_on": _("The last day for offers is %s."),
        "decided_on": _("We decide on %s if it runs."),
        "mailed_on": _("What people need is mailed by %s."),
    }[what] % long_date(day)
    why = _("That is %s.") % holiday if holiday else _("Our offices are closed that day.")
    instead = _("The closest working day is %s.") % long_date(closest) if closest else ""
    return " ".join(filter(None, [sentence, why, instead]))


def _not_open_to_you(groups: tuple[str, ...]) -> str:
    return _("This training is not open to you yet. It is for: %s.") % listed([group for group in groups])


def hours_and_minutes(minutes: int) -> str:
    """ "3 hours", "1 hour 20 minutes", "45 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%d hour", "%d hours", hours) % hours] if hours else []
    if rest or not hours:
        parts.append(ngettext("%d minute", "%d minutes", rest) % rest)
    return " ".join(parts)


def _upload_too_big(name: str, most: int) -> str:
    if name.lower().endswith(".pdf"):
        return _("This PDF is over %d MB. Save it in a smaller size, and send that.") % most
    return _("This file is over %d MB. Send a smaller one, or take the photo again in a smaller size.") % most


SENTENCES: dict[str, Callable[..., str]] = {
    "session_cancelled": lambda next_date=None: _("This training is cancelled.") + " " + _next(next_date),
    "session_not_open": lambda: _("This training is not open for sign-up."),
    "registration_not_open_yet": lambda opens_at: _("Sign-up opens on %s.") % long_moment(opens_at),
    "registration_closed": _closed,
    "seats_are_set": lambda next_date=None: _("The seats of this training are already set.") + " " + _next(next_date),
    "not_open_to_you_yet": _not_open_to_you,
    "course_unknown": lambda: _("We do not know this training. Look at the list again."),
    # files
    "upload_empty": lambda: _("This file is empty. Choose it again."),
    "upload_too_big": _upload_too_big,
    "upload_wrong_kind": lambda name: (
        _("Send a photo (JPG or PNG) or a PDF. We cannot open “%s”. The rest of your form is kept.") % name
    ),
    "upload_not_what_it_says": lambda name: (
        _("“%s” is not the kind of file its name says. Send a photo or a PDF.") % name
    ),
    "upload_has_more": lambda name: (
        _("“%s” has something more behind the picture. Take a new photo or a screenshot, and send that.") % name
    ),
    "upload_cannot_be_opened": lambda: _("We could not open this file. Take a new photo, or save it as a PDF again."),
    "upload_is_locked": lambda: _("This PDF asks for a password. Save it without one, and send it again."),
    "prerequisite_missing": lambda missing: _("You need this first: %s.") % listed(list(missing)),
    "designation_not_taught": lambda: _("Choose one of the designations of this training."),
    "already_in_another_session": lambda reference, first, last: (
        _("You already have a spot in this training on %(when)s (%(reference)s). You can change its date.")
        % {"when": short_range(first, last), "reference": reference}
    ),
    "not_the_same_course": lambda: _("That is another training. Choose another date of this one."),
    "date_not_open": lambda: _("This date takes nobody new any more. Choose another one."),
    "reason_needed": lambda: _("Write the reason. The person reads it on their page."),
    "no_groups_here": lambda: _("This training has no groups. Only the time counts."),
    "no_such_group": lambda: _("Choose one of the groups."),
    "before_sign_up_opened": lambda opens_at: (
        _("Sign-up opened on %s. Nobody is counted from before that.") % long_moment(opens_at)
    ),
    "time_still_to_come": lambda: _("This time is still to come. Check the day and the time."),
    "still_open_for_all": lambda: _("Sign-up is still open. Use the ordinary form."),
    "seats_not_set_yet": lambda day: (
        _("The seats are set on %s. Before that nobody gets one by hand.") % long_date(day)
    ),
    "no_free_seat": lambda: _("No seat is free. Nobody gets one by hand while the room is full."),
    "not_checked_yet": lambda: _("The application is not accepted yet. Check it first."),
    "passed_not_ticked": lambda count: (
        ngettext(
            "%d person stands before them now. Tick each one this seat goes past, or call them first.",
            "%d people stand before them now. Tick each one this seat goes past, or call them first.",
            count,
        )
        % count
    ),
    "block_is_there": lambda count, day: (
        ngettext(
            "%(count)d seat is set aside for this employer until %(day)s. Release it first.",
            "%(count)d seats are set aside for this employer until %(day)s. Release them first.",
            count,
        )
        % {"count": count, "day": mid_date(day)}
    ),
    "block_day_wrong": lambda last: _("Choose a day from today to %s, the last day to sign up.") % long_date(last),
    "sign_up_is_over": lambda: _("Sign-up is over. Nobody new could use these seats."),
    "provider_not_certified_now": lambda provider: _("%s is not certified today.") % provider,
    "not_your_provider": lambda: _("You can do this only for a provider you work for."),
    "invitation_over": lambda: _("This invitation is over. Who sent it took it back."),
    "invitation_taken_up": lambda: _("Somebody has used this link already. It cannot be taken back. Call us."),
    "invitation_used": lambda: _("Someone has used this link already. Sign up on the training page, or call us."),
    "spot_changed_meanwhile": lambda: _("This spot was changed just now. Look at it again."),
    "not_at_this_step": lambda status: _("This is not possible now. It stands at: %s.") % status,
    "offer_ran_out": lambda expired_at: (
        _("The time to answer passed on %s. You keep your time for the next dates.") % long_moment(expired_at)
    ),
    "seat_went_on": lambda: _(
        "They answered in time. But the seat has gone to the next person. They keep their time for the next dates."
    ),
    "no_offer": lambda: _("There is no open offer here."),
    "class_has_begun": lambda: _("This training has begun."),
    "only_the_way_in": lambda: _("Class runs. You can change the link, the number to call in, and the address."),
    "class_day_is_past": lambda: _("Class would begin in the past. Choose a day ahead."),
    "class_moves_too_near": lambda: _("Class cannot move to today. Choose a later day, so that people hear of it."),
    "last_day_is_past": lambda: _("The last day to apply is over. Change it first."),
    "first_day_in_another_year": lambda year: _("This day is not in %d.") % year,
    "changed_meanwhile": lambda: _("Someone else changed this session. Look at it again."),
    "course_changed_meanwhile": lambda: _(
        "Someone else changed this course while you wrote. Look at what stands there now. Then save again."
    ),
    "too_early_to_allocate": lambda day: _("The seats are set on %s, not before.") % long_date(day),
    "no_kept_seat": lambda: _("No seat of this round is free."),
    "too_few_free_seats": lambda free: (
        ngettext("Only %d seat is free to set aside.", "Only %d seats are free to set aside.", free) % free
    ),
    "documents_incomplete": lambda: _("Your packet was not complete when the seats were set."),
    "not_checked_in_time": lambda: _("Your application was not yet accepted when the seats were set."),
    "session_without_hours": lambda: _("Give the session at least one half-day."),
    "session_without_seats": lambda: _("Give the session at least one seat."),
    "half_days_overlap": lambda: _("Each half-day has to end after it starts, and before the next one starts."),
    "closes_after_class_begins": lambda first_day: (
        _("The last day to apply has to be before class starts on %s.") % long_date(first_day)
    ),
    "allocated_before_deadline": lambda: _("Seats are set after the last day to apply and the last day for papers."),
    "allocated_after_class_begins": lambda first_day: (
        _("Seats have to be set before class starts on %s.") % long_date(first_day)
    ),
    "offers_after_class_begins": lambda first_day: (
        _("The last day for offers has to be before class starts on %s.") % long_date(first_day)
    ),
    "papers_after_class_begins": lambda first_day: (
        _("The last day for papers has to be before class starts on %s.") % long_date(first_day)
    ),
    "offers_end_too_early": lambda day: (
        _("Offers cannot end before %s, when the first seat is given.") % long_date(day)
    ),
    "mailed_after_class_begins": lambda first_day: (
        _("Materials have to be mailed before class starts on %s.") % long_date(first_day)
    ),
    "opens_after_it_closes": lambda: _("Sign-up has to open before it closes."),
    "minimum_without_its_day": lambda: _("Write both: the smallest number it runs with, and the day you decide."),
    "minimum_over_seats": lambda seats: (
        _("The smallest number it runs with is more than the seats there are (%d).") % seats
    ),
    "decided_after_class_begins": lambda first_day: (
        _("The day you decide if it runs has to be before class starts on %s.") % long_date(first_day)
    ),
    "closed_day": _closed_day,
    "hours_far_from_course": lambda planned, counted: (
        _("Class lasts %(planned)s in all. The course counts for %(counted)s.")
        % {"planned": hours_and_minutes(planned), "counted": hours_and_minutes(counted)}
    ),
    "has_a_spot_here": lambda: _("This person has a spot in this class. Nobody leads a class they are in."),
    "team_time_is_over": lambda day: (
        _("The time to look at this class ended on %s. Nobody can be named any more.") % long_date(day)
    ),
    "not_on_the_team": lambda: _("You do not lead this class any more. Nothing was saved."),
    "was_in_class": lambda count: (
        ngettext(
            "The list says they were there for %d half-day. Choose “Stopped early”, or put the list right first.",
            "The list says they were there for %d half-days. Choose “Stopped early”, or put the list right first.",
            count,
        )
        % count
    ),
    "class_not_begun": lambda: _("This half-day has not begun."),
    "class_not_over": lambda: _("Class is not over yet."),
    "exam_already_passed": lambda: _("The test is already passed."),
    "exam_attempts_used": lambda attempts: (
        ngettext(
            "All %d try is used. Take the training again.", "All %d tries are used. Take the training again.", attempts
        )
        % attempts
    ),
    "exam_before_class": lambda first_day: _("The test cannot be before class starts on %s.") % long_date(first_day),
    "exam_too_soon": lambda next_on: _("The next try is from %s.") % long_date(next_on),
    "day_still_to_come": lambda: _("This day is still to come."),
    "score_changed_meanwhile": lambda: _("Someone else changed this score just now. Look at it again."),
    "same_score": lambda: _("This is the score that stands there. Write the right one."),
    "next_try_was_taken": lambda: _(
        "They have taken the test again since. This score stays. If it is wrong, write a note on their page."
    ),
    "certificate_is_out": lambda: _(
        "The certificate of completion is made. So the score stays. "
        "If it is wrong, write a note on their page and tell your program administrator."
    ),
    "has_another_spot": lambda reference: (
        _("They have a new spot in this training (%s). Call them. When they have left it, correct this score.")
        % reference
    ),
    "no_exam_here": lambda: _("This training has no test."),
    "not_on_this_list": lambda: _("Someone on this list has no seat any more. Look again."),
    "already_completed": lambda: _("This person is already done. Their half-days stay as they are."),
    "score_out_of_range": lambda: _("Write a score from 0 to 100."),
    "half_days_not_marked": lambda count: (
        ngettext("%d half-day is not marked yet.", "%d half-days are not marked yet.", count) % count
    ),
    "time_missed": lambda missed, may_miss: (
        _("Class time missed: %s.") % hours_and_minutes(missed)
        + " "
        + (_("%s may be missed.") % hours_and_minutes(may_miss) if may_miss else _("None may be missed."))
    ),
    "minutes_out_of_range": lambda length: (
        _("Write fewer minutes than this half-day has (%d), or mark them away.") % length
    ),
    "care_time_not_missed": lambda: _("Care time is part of the minutes missed. It cannot be more."),
    "class_is_over": lambda: _("This class is over."),
    "join_opens_later": lambda moment: _("You can join from %s. Press Join then.") % mid_moment(moment),
    "nothing_to_make_up": lambda: _("There is nothing to make up here."),
    "no_such_make_up_date": lambda: _("This date cannot be used. Choose another one."),
    "make_up_not_booked": lambda: _("This make-up is not booked any more."),
    "list_taken_already": lambda: _("This file was taken before."),
    "list_too_long": lambda: _("The file is too long. Cut it by day, and send one after the other."),
    "list_not_csv": lambda: _("This is not a CSV file. Open it, and save it as CSV."),
    "list_without_days": lambda: _("The file gives times without a date. Choose the day, and the file once more."),
    "list_of_another_day": lambda days, first, last: (
        _("This file is of another day: %(days)s. Class is %(class)s.")
        % {"days": date_range(days[0], days[-1]), "class": date_range(first, last)}
    ),
    "list_is_empty": lambda: _("Nobody stands in this file."),
    "list_without_columns": lambda: _("We look for a line with the columns name, join time and leave time."),
    "row_without_name": lambda: _("There is no name, e-mail or phone number."),
    "row_without_join_time": lambda written: (
        _("We cannot read the time they came: “%s”.") % written if written else _("The time they came is missing.")
    ),
    "row_without_end": lambda written: (
        _("We cannot read the time they left: “%s”.") % written if written else _("The time they left is missing.")
    ),
    "row_ends_before_it_begins": lambda: _("They left before they came, or more than a day later."),
    "not_for_this_session": lambda: _("This person is not in this class."),
    "sitting_has_begun": lambda: _("This test has begun."),
    "sitting_before_class": lambda first_day: _("The test cannot be before class starts on %s.") % long_date(first_day),
    "not_booked_here": lambda: _("This person is not booked for this test."),
    "exam_not_passed_yet": lambda: _("The test is not passed yet."),
    "link_not_out_yet": lambda day: _("The meeting link comes on %s.") % mid_date(day),
}


CAME_BY = {  # how a sign-up came, where not online
    "paper": gettext_lazy("On paper"),
    "post": gettext_lazy("By post"),
    "in_person": gettext_lazy("Brought to us"),
    "phone": gettext_lazy("By phone"),
}


_TOLD_BY = {"phone": gettext_lazy("By phone, %s."), "paper": gettext_lazy("On paper, %s.")}
_YOU_TOLD_BY = {
    "phone": gettext_lazy("You told us by phone on %s."),
    "paper": gettext_lazy("You told us on paper. It came on %s."),
}


def how_it_came(facts: Mapping[str, Any]) -> str:
    """How something came that the office typed: by which way, when, and with whose help. Nothing for the rest."""
    if "channel" not in facts and facts.get("came_by") in CAME_BY:
        told = _("%s.") % CAME_BY[facts["came_by"]]
    else:
        told = _came(facts, _TOLD_BY)
    helper = facts.get("helped_by")
    return told + " " + _("Helped by %s.") % helper if told and helper else told


def how_you_told_us(facts: Mapping[str, Any]) -> str:
    """The same as its person reads it."""
    return _came(facts, _YOU_TOLD_BY)


def _came(facts: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    sentence = words.get(facts.get("channel", ""))
    if sentence is None or "received_at" not in facts:
        return ""
    return sentence % long_moment(datetime.fromisoformat(facts["received_at"]))


def wish_words(course: str, designation: str, mode: str, county: str) -> str:
    """What somebody waits for: Peer Bridger training, in person, Hinds County."""
    where = {"online": _("online"), "in_person": _("in person")}.get(mode, "")
    in_county = _("%s County") % county if county else ""
    return ", ".join(filter(None, [course or _("any training"), designation, where, in_county]))


def regrouped_words(facts: Mapping[str, Any], tier_title: Callable[[int], str]) -> str:
    """From which group to which, and the record that did it."""
    groups = {
        "before": facts["before"],
        "after": facts["after"],
        "title": tier_title(facts["after"]),
        "why": _RECORDS[facts["kind"], bool(facts["is_there"])],
    }
    return _("You moved from group %(before)s to group %(after)s, %(title)s. Why: %(why)s") % groups


_RECORDS = {
    ("employed", True): gettext_lazy("your employer confirmed your job."),
    ("employed", False): gettext_lazy("your job ended, or is no longer confirmed."),
    ("certified", True): gettext_lazy("you are certified now."),
    ("certified", False): gettext_lazy("your certificate ended."),
    ("trained", True): gettext_lazy("you finished the training."),
    ("trained", False): gettext_lazy("your training no longer counts."),
    ("supervisor_trained", True): gettext_lazy("you finished the supervisor training."),
    ("supervisor_trained", False): gettext_lazy("your supervisor training no longer counts."),
}


def correction_words(correction: ScoreCorrection) -> str:
    """A score that was put right, for those who may see it."""
    facts = {"day": mid_date(correction.at), "before": correction.before, "because": correction.because}
    return _("We corrected this score on %(day)s. Before, it was %(before)d. Why: %(because)s") % facts


def exception_words(exception: Override, tier_title: Callable[[int], str]) -> str:
    """What staff changed, and why, as the person reads it."""
    because = {"because": exception.because}
    if exception.kind == Override.Kind.GROUP and not exception.after:
        return _("Staff took an exception back. Your records count again. Why: %(because)s") % because
    if exception.kind == Override.Kind.GROUP:
        group = {"group": exception.after, "title": tier_title(int(exception.after))}
        return _("Staff count you in group %(group)s, %(title)s. Why: %(because)s") % {**group, **because}
    if exception.kind == Override.Kind.TIME:
        when = {"when": long_moment(datetime.fromisoformat(exception.after))}
        return _("Staff count you from %(when)s. Why: %(because)s") % {**when, **because}
    if exception.kind == Override.Kind.LATE_FORM:
        return _("Staff took your form after the last day. Why: %(because)s") % because
    return _("Staff gave you a free seat by hand. Why: %(because)s") % because


# What happened, as the office's history of a person says it.
EVENT_SENTENCES = {
    "trainings.course_reworded": gettext_lazy("The words or the flyer of a course were changed."),
    "trainings.session_planned": gettext_lazy("A session was planned."),
    "trainings.session_changed": gettext_lazy("A session was changed."),
    "trainings.session_published": gettext_lazy("A session was put on the calendar."),
    "trainings.session_cancelled": gettext_lazy("The session was cancelled."),
    "trainings.session_discarded": gettext_lazy("A draft of a session was put away."),
    "trainings.session_allocated": gettext_lazy("The seats of a session were set."),
    "trainings.session_held": gettext_lazy("A session is over."),
    "trainings.seats_kept": gettext_lazy("Seats were set aside."),
    "trainings.seats_released": gettext_lazy("Seats that were set aside went back to the line."),
    "trainings.session_moved": gettext_lazy("The training got other days."),
    "trainings.session_runs": gettext_lazy("Decided: the training runs."),
    "trainings.deadline_moved": gettext_lazy("The last day to apply, or for papers, moved."),
    "trainings.deadline_not_moved": gettext_lazy("The portal was down. There was no room to move the last day."),
    "trainings.deadline_settled": gettext_lazy("Staff looked at the outage. The last day stays."),
    "trainings.registered": gettext_lazy("Signed up for a training."),
    "trainings.admitted": gettext_lazy("In the ranking for a seat."),
    "trainings.not_admitted": gettext_lazy("Not in the ranking for a seat."),
    "trainings.confirmed": gettext_lazy("Has a seat."),
    "trainings.waiting": gettext_lazy("Waits in line for a seat."),
    "trainings.seat_offered": gettext_lazy("A seat was offered."),
    "trainings.accepted": gettext_lazy("Took the seat."),
    "trainings.declined": gettext_lazy("Said no to the seat."),
    "trainings.ran_out": gettext_lazy("The offer ran out."),
    "trainings.not_seated": gettext_lazy("Class began without a seat for them."),
    "trainings.withdrawn": gettext_lazy("Left the training."),
    "trainings.moved": gettext_lazy("Changed to another date, with the same time in line."),
    "trainings.paused": gettext_lazy("Paused. The time in line is kept."),
    "trainings.regrouped": gettext_lazy("Counted in another group now."),
    "trainings.overridden": gettext_lazy("Staff made an exception, with a reason."),
    "trainings.block_made": gettext_lazy("Seats were set aside for an employer."),
    "trainings.block_released": gettext_lazy("What an employer did not use went to the line."),
    "trainings.invited": gettext_lazy("An employer asked somebody to sign up."),
    "trainings.invitation_taken_up": gettext_lazy("Opened the link of their employer."),
    "trainings.invitation_taken_back": gettext_lazy("An employer took its link back."),
    "trainings.pause_ended": gettext_lazy("The pause was over, and the spot with it."),
    "trainings.link_due": gettext_lazy("The meeting link went out."),
    "trainings.team_joined": gettext_lazy("Was named to lead a class."),
    "trainings.team_left": gettext_lazy("Does not lead that class any more."),
    "trainings.joined": gettext_lazy("Pressed Join."),
    "trainings.attended": gettext_lazy("A half-day was marked."),
    "trainings.meeting_list_taken": gettext_lazy("The meeting's list came in."),
    "trainings.meeting_list_matched": gettext_lazy("The meeting's list was matched with people."),
    "trainings.make_up_opened": gettext_lazy("Has class time to make up."),
    "trainings.make_up_booked": gettext_lazy("A half-day to make up was booked."),
    "trainings.make_up_taken_back": gettext_lazy("A half-day to make up is not booked any more."),
    "trainings.make_up_marked": gettext_lazy("A half-day made up was marked."),
    "trainings.offer_waits": gettext_lazy("The time to answer the offer got longer."),
    "trainings.sitting_planned": gettext_lazy("A test was planned."),
    "trainings.sitting_booked": gettext_lazy("Was booked for the test."),
    "trainings.sitting_given_back": gettext_lazy("Is not booked for that test any more."),
    "trainings.exam_passed": gettext_lazy("Passed the test."),
    "trainings.exam_not_passed": gettext_lazy("Took the test. Not passed yet."),
    "trainings.score_corrected": gettext_lazy("A test score was corrected."),
    "trainings.completed": gettext_lazy("Finished the training."),
    "trainings.completion_taken_back": gettext_lazy("Is not finished after all: a test score was corrected."),
    "trainings.not_completed": gettext_lazy("Stopped early or did not attend."),
    "trainings.watch_asked": gettext_lazy("Asked to hear when a training opens."),
    "trainings.watch_told": gettext_lazy("Was told that a training opened."),
    "trainings.watch_stopped": gettext_lazy("Does not want to hear of it any more."),
    "trainings.calendar_opened": gettext_lazy("Made a new secret address for their calendar."),
    "trainings.calendar_closed": gettext_lazy("Closed the secret address of their calendar."),
}
