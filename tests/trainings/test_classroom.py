"""In class and after: minutes, joining, the meeting's list, half-days made up, test days, and offers that wait."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import AccessNeeds
from accounts.workflow import arrange_access, ask_for_access
from audit.models import Entry
from audit.reasons import NotAllowed
from notifications.models import Message
from programs.calendar import local_moment
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, plan, session, spot, trainer
from tests.trainings.test_workflow import history, in_class, mark_all
from trainings import rules, workflow
from trainings.models import (
    Attendance,
    Completion,
    ExamBooking,
    JoinPress,
    MakeUp,
    Presence,
    Registration,
)
from trainings.next_steps import steps_of, work_of
from trainings.rules import Mark, Sat
from trainings.workflow.classroom import sat_of, time_missed
from trainings.workflow.lists import hints, named_on
from trainings.workflow.lists import in_class as on_the_list
from trainings.workflow.makeup import missed_half_days
from trainings.workflow.sittings import SittingPlan

pytestmark = pytest.mark.django_db
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
Outcome = Registration.Outcome


def halves(where):
    return list(where.half_days.all())


def now(one):
    return Registration.objects.get(pk=one.pk)


def later_session(weeks=8, **changes):
    return session(first=FIRST_DAY + timedelta(weeks=weeks), **changes)


def missed_one(number=3, **changes):
    """A class that is over; one person missed one half-day of it and passed the test."""
    where, [mine] = in_class(**changes)
    staff, over = trainer(), where.ends_at + HOUR
    mark_all(where, mine, by=staff, at=over)
    workflow.mark_session(where.pk, {(mine.pk, halves(where)[number - 1].pk): False}, by=staff, at=over)
    workflow.record_exam(mine.pk, 90, taken_on=where.ends_on, by=staff, at=over)
    return where, now(mine), staff, over


# -- Minutes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "care_limit", "missed"),
    [
        ([Mark(True)], 0, 0),
        ([Mark(False)], 0, 180),
        ([Mark(True, 30)], 0, 30),
        ([Mark(True, 30, 20)], 0, 30),
        ([Mark(True, 30, 20)], 60, 10),
        ([Mark(True, 50, 50), Mark(True, 50, 50)], 60, 40),
        ([Mark(False, 0, 0), Mark(True, 50, 50)], 60, 180),
        ([None], 60, 0),
    ],
)
def test_care_time_counts_as_class_up_to_the_limit_of_the_course(marks, care_limit, missed):
    assert rules.minutes_missed([Sat(180, mark) for mark in marks], care_limit=care_limit) == missed


def test_true_minutes_leave_care_time_out_and_take_what_was_made_up_in():
    sat = [Sat(180, Mark(True, 30, 30)), Sat(180, Mark(False)), Sat(180, Mark(False), Mark(True, 10)), Sat(180, None)]

    assert rules.minutes_present(sat) == 150 + 0 + 170 + 0


def test_minutes_missed_are_kept_when_the_list_only_says_there_again():
    where, [mine] = in_class()
    half, staff = halves(where)[0], trainer()

    workflow.mark_attendance(mine.pk, half.pk, Mark(True, 40, 15), by=staff, at=half.ends_at)
    workflow.mark_attendance(mine.pk, half.pk, True, by=staff, at=half.ends_at + HOUR)

    row = Attendance.objects.get()
    assert (row.was_there, row.minutes_missed, row.care_minutes) == (True, 40, 15)
    assert history(mine).count("attended") == 1
    workflow.mark_attendance(mine.pk, half.pk, False, by=staff, at=half.ends_at + HOUR)
    row.refresh_from_db()
    assert (row.was_there, row.minutes_missed, row.care_minutes) == (False, 0, 0)


@pytest.mark.parametrize(
    ("mark", "code"), [(Mark(True, 180), "minutes_out_of_range"), (Mark(True, 10, 11), "care_time_not_missed")]
)
def test_minutes_that_cannot_be_are_refused_and_nothing_is_written(mark, code):
    where, [mine] = in_class()
    half = halves(where)[0]

    with pytest.raises(NotAllowed, match=code):
        workflow.mark_attendance(mine.pk, half.pk, mark, by=trainer(), at=half.ends_at)

    assert not Attendance.objects.exists()


def test_the_course_says_in_minutes_how_much_may_be_missed():
    where, mine, staff, over = missed_one()
    with pytest.raises(NotAllowed, match="time_missed"):
        workflow.complete(mine.pk, by=staff, at=over)

    where.course.may_miss_minutes = 180
    where.course.save()

    assert workflow.complete(mine.pk, by=staff, at=over).completed_on == where.ends_on


# -- Joining -----------------------------------------------------------------------------------------------


def test_every_press_is_a_row_and_history_keeps_the_first():
    where, [mine] = in_class()

    for minutes in (-60, 0, 95):
        link = workflow.join(mine.pk, by=mine.person, at=where.starts_at + minutes * MINUTE)

    assert link == where.meeting_link
    assert JoinPress.objects.filter(registration=mine).count() == 3
    assert now(mine).joined_at == where.starts_at - HOUR
    assert history(mine).count("joined") == 1


def test_before_the_hour_the_button_says_when_and_after_class_that_it_is_over():
    where, [mine] = in_class()

    with pytest.raises(NotAllowed, match="join_opens_later") as early:
        workflow.join(mine.pk, by=mine.person, at=where.starts_at - HOUR - MINUTE)
    with pytest.raises(NotAllowed, match="class_is_over"):
        workflow.join(mine.pk, by=mine.person, at=where.ends_at)

    assert early.value.messages == ["You can join from Monday, September 13, 8 a.m. Central. Press Join then."]
    assert not JoinPress.objects.exists()


def test_somebody_waiting_or_offered_never_gets_the_link():
    where = session(capacity=1)
    spots = [spot(where, at=NOON + n * HOUR) for n in range(2)]
    workflow.allocate(where.pk, at=ALLOCATION)

    with pytest.raises(NotAllowed, match="not_at_this_step"):
        workflow.join(spots[1].pk, by=spots[1].person, at=where.starts_at)


# -- The meeting's list ------------------------------------------------------------------------------------

HEAD = "Name,Email,Join Time,Leave Time\n"


def taken(where, rows, *, by=None, at=None):
    raw = (HEAD + "\n".join(rows)).encode()
    return workflow.take_list(where.pk, raw, name="list.csv", by=by or trainer(), at=at or where.ends_at)


def test_a_list_is_taken_matched_and_shown_beside_the_half_day():
    where, [ada, bo] = in_class(people=2)
    staff, half = trainer(), halves(where)[0]
    rows = [
        f"x,{ada.person.email},09/13/2027 09:00 AM,09/13/2027 10:00 AM",
        f"x,{ada.person.email},09/13/2027 10:30 AM,09/13/2027 12:30 PM",
        "Landlord,,09/13/2027 09:00 AM,09/13/2027 09:05 AM",
        "16015550199,,09/13/2027 09:00 AM,09/13/2027 12:00 PM",
    ]
    bo.person.profile.phone = "+16015550199"
    bo.person.profile.save()

    lists = taken(where, rows, by=staff)
    found = {one.first.name: (one.proposed, one.by) for one in named_on(lists, on_the_list(where))}
    workflow.match_list(
        lists.pk, {int(one.key): one.proposed for one in named_on(lists, on_the_list(where))}, by=staff, at=NOON
    )

    assert found == {"x": (ada.pk, "email"), "Landlord": (None, ""), "16015550199": (bo.pk, "phone")}
    seen = hints(where, [ada, bo])
    assert seen[ada.pk, half.pk].minutes == 60 + 90
    assert seen[bo.pk, half.pk].minutes == 180
    assert not Presence.objects.filter(settled_at=None).exists()
    assert Entry.objects.filter(event="trainings.meeting_list_matched").get().facts == {"matched": 3, "nobody": 1}


def test_a_list_with_one_bad_line_stores_nothing_and_says_which():
    where, [mine] = in_class()

    with pytest.raises(workflow.ListHasErrors) as wrong:
        taken(where, [f"x,{mine.person.email},09/13/2027 09:00 AM,09/13/2027 10:00 AM", "y,,yesterday,"])

    assert [line for line, _reason in wrong.value.errors] == [3]
    assert not Presence.objects.exists() and not where.meeting_lists.exists()


def test_a_list_wholly_of_another_day_is_not_taken_and_says_which_day_it_is_of():
    where, _spots = in_class()
    tuesday_before = ["Z,,09/07/2027 9:00 AM,09/07/2027 9:30 AM", "Y,,09/08/2027 9:00 AM,09/08/2027 9:30 AM"]

    with pytest.raises(workflow.ListHasErrors) as wrong:
        taken(where, tuesday_before)
    mixed = taken(where, [*tuesday_before, "X,,09/13/2027 9:00 AM,09/13/2027 9:30 AM"])

    assert wrong.value.messages == [
        "This file is of another day: Tuesday, September 7 to Wednesday, September 8, 2027. "
        "Class is Monday, September 13 to Friday, September 17, 2027."
    ]
    assert mixed.rows.count() == 3


def test_times_without_a_date_ask_for_the_day_and_a_bad_line_is_still_named():
    where, _spots = in_class()

    with pytest.raises(workflow.ListHasErrors, match="list_without_days"):
        taken(where, ["Z,,9:00 AM,9:30 AM"])
    with pytest.raises(workflow.ListHasErrors, match="row_without_join_time"):
        taken(where, ["Z,,soon,9:30 AM"])


def test_who_gave_no_name_to_use_is_found_by_the_name_the_screen_calls_them():
    where, [andre, bo] = in_class(people=2)
    for one, given in ((andre, "Andre Louis"), (bo, "Bo")):
        one.person.legal_given_names = given
        one.person.save()

    lists = taken(where, ["Andre,,09/13/2027 9:00 AM,09/13/2027 9:30 AM"])

    (found,) = named_on(lists, on_the_list(where))
    assert (found.proposed, found.by) == (andre.pk, "name_in_use")


def test_the_same_file_twice_is_one_list_and_a_decision_is_remembered_for_the_next():
    where, [mine] = in_class()
    staff = trainer()
    first = taken(
        where, ["Landlord,,09/13/2027 09:00 AM,09/13/2027 09:05 AM", "Z,,09/13/2027 9:00 AM,09/13/2027 9:30 AM"]
    )
    assert (
        taken(where, ["Landlord,,09/13/2027 09:00 AM,09/13/2027 09:05 AM", "Z,,09/13/2027 9:00 AM,09/13/2027 9:30 AM"])
        == first
    )
    keys = {one.first.name: int(one.key) for one in named_on(first, on_the_list(where))}
    workflow.match_list(first.pk, {keys["Landlord"]: None, keys["Z"]: mine.pk}, by=staff, at=NOON)

    second = taken(
        where, ["Landlord,,09/14/2027 09:00 AM,09/14/2027 09:05 AM", "Z,,09/14/2027 9:00 AM,09/14/2027 9:30 AM"]
    )

    again = {one.first.name: (one.proposed, one.by) for one in named_on(second, on_the_list(where))}
    assert again == {"Landlord": (None, "before"), "Z": (mine.pk, "before")}


def test_nobody_matches_themselves_or_somebody_of_another_class():
    where, [mine] = in_class()
    elsewhere = spot(later_session())
    lists = taken(where, ["Z,,09/13/2027 9:00 AM,09/13/2027 9:30 AM"])
    row = lists.rows.get().pk

    with pytest.raises(NotAllowed, match="own_matter"):
        workflow.match_list(lists.pk, {row: mine.pk}, by=mine.person, at=NOON)
    with pytest.raises(NotAllowed, match="not_on_this_list"):
        workflow.match_list(lists.pk, {row: elsewhere.pk}, by=trainer(), at=NOON)


# -- Made up later -----------------------------------------------------------------------------------------


def test_three_hours_missed_are_made_up_in_a_later_session_and_completion_carries_the_later_date():
    _where, mine, staff, over = missed_one(number=3)
    later = later_session(capacity=1)
    line = [spot(later, at=NOON + n * HOUR) for n in range(2)]
    workflow.allocate(later.pk, at=ALLOCATION + timedelta(weeks=8))

    make_up = workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)

    assert (now(mine).outcome, now(mine).is_live) == (Outcome.MAKE_UP, False)
    assert [now(one).status for one in line] == ["confirmed", "waiting"]
    with pytest.raises(NotAllowed, match="time_missed"):
        workflow.complete(mine.pk, by=staff, at=over)
    third = halves(later)[2]
    workflow.mark_session(later.pk, {(mine.pk, third.pk): True}, by=staff, at=third.ends_at)
    done, _skipped = workflow.complete_session(later.pk, by=staff, at=later.ends_at + HOUR)
    assert [(one.registration_id, one.completed_on) for one in done] == [(mine.pk, third.on)]
    assert now(mine).outcome == Outcome.COMPLETED
    make_up.refresh_from_db()
    assert make_up.made_on == third.on == date(2027, 11, 9)


def test_the_trainer_of_the_later_session_may_mark_only_the_half_day_that_is_made_up():
    _where, mine, staff, over = missed_one(number=3)
    later = later_session()
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)

    with pytest.raises(NotAllowed, match="not_on_this_list"):
        workflow.mark_session(later.pk, {(mine.pk, halves(later)[0].pk): True}, by=staff, at=later.ends_at)


def test_booking_twice_is_one_and_another_date_replaces_the_first():
    _where, mine, _staff, over = missed_one(number=1)
    first, second = later_session(8), later_session(16)

    one = workflow.book_make_up(mine.pk, 1, first.pk, by=mine.person, at=over)
    again = workflow.book_make_up(mine.pk, 1, first.pk, by=mine.person, at=over)
    other = workflow.book_make_up(mine.pk, 1, second.pk, by=mine.person, at=over)

    assert one == again != other
    assert list(MakeUp.objects.standing()) == [other]


def test_a_make_up_that_is_missed_stays_open_and_can_be_booked_again():
    _where, mine, staff, over = missed_one(number=1)
    first, second = later_session(8), later_session(16)
    workflow.book_make_up(mine.pk, 1, first.pk, by=mine.person, at=over)
    half = halves(first)[0]

    workflow.mark_session(first.pk, {(mine.pk, half.pk): False}, by=staff, at=half.ends_at)

    [open_half_day] = missed_half_days(now(mine), half.ends_at)
    assert [one.session_id for one in open_half_day.dates] == [second.pk]
    workflow.book_make_up(mine.pk, 1, second.pk, by=mine.person, at=half.ends_at)
    assert now(mine).outcome == Outcome.MAKE_UP


def test_once_the_booked_half_day_has_begun_it_is_neither_moved_nor_taken_back():
    _where, mine, _staff, over = missed_one(number=1)
    first, second = later_session(8), later_session(16)
    make_up = workflow.book_make_up(mine.pk, 1, first.pk, by=mine.person, at=over)
    begun = halves(first)[0].starts_at

    for act in (
        lambda: workflow.take_back_make_up(make_up.pk, by=mine.person, at=begun),
        lambda: workflow.book_make_up(mine.pk, 1, second.pk, by=mine.person, at=begun),
    ):
        with pytest.raises(NotAllowed, match="class_has_begun"):
            act()

    [one] = missed_half_days(now(mine), begun)
    assert (one.booked, one.dates) == (make_up, ())


@pytest.mark.parametrize("why", ["nothing missed", "not that half-day", "a past date", "another course"])
def test_what_cannot_be_made_up_is_not_booked(why):
    where, mine, staff, over = missed_one(number=1)
    later = session("peer_bridger") if why == "another course" else later_session()
    number, at = (2 if why == "not that half-day" else 1), (later.starts_at if why == "a past date" else over)
    if why == "nothing missed":
        workflow.mark_session(where.pk, {(mine.pk, halves(where)[0].pk): True}, by=staff, at=over)

    with pytest.raises(NotAllowed, match=r"nothing_to_make_up|no_such_make_up_date"):
        workflow.book_make_up(mine.pk, number, later.pk, by=mine.person, at=at)

    assert not MakeUp.objects.exists()


def test_a_cancelled_later_session_opens_the_make_up_again_and_tells_its_person():
    _where, mine, staff, over = missed_one(number=1)
    later = later_session()
    workflow.book_make_up(mine.pk, 1, later.pk, by=mine.person, at=over)

    workflow.cancel(later.pk, because="The trainer is ill.", by=staff, at=over + DAY)

    assert not MakeUp.objects.standing().exists()
    assert "make_up_given_back" in Message.objects.filter(about=mine.reference).values_list("kind", flat=True)
    assert missed_half_days(now(mine), over)[0].booked is None


def test_a_later_session_that_moves_takes_its_make_ups_along_and_tells_them():
    _where, mine, staff, over = missed_one(number=2)
    later = later_session()
    workflow.book_make_up(mine.pk, 2, later.pk, by=mine.person, at=over)

    moved = workflow.change_session(later.pk, plan(first=FIRST_DAY + timedelta(weeks=10)), by=staff, at=over)

    [missed] = missed_half_days(now(mine), over)
    assert missed.booked_half_day == halves(moved)[1]
    assert Message.objects.filter(about=mine.reference, kind="session_moved").count() == 1


def test_the_join_button_of_a_make_up_is_for_that_half_day_only():
    _where, mine, _staff, over = missed_one(number=3)
    later = later_session()
    make_up = workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    third = halves(later)[2]

    with pytest.raises(NotAllowed, match="join_opens_later"):
        workflow.join_make_up(make_up.pk, by=mine.person, at=halves(later)[1].starts_at)
    assert workflow.join_make_up(make_up.pk, by=mine.person, at=third.starts_at) == later.meeting_link
    with pytest.raises(NotAllowed, match="class_is_over"):
        workflow.join_make_up(make_up.pk, by=mine.person, at=third.ends_at)
    assert hints(later, [mine])[mine.pk, third.pk].pressed_at == third.starts_at


def test_an_open_make_up_leaves_room_to_sign_up_anew():
    _where, mine, staff, over = missed_one(number=3)
    later = later_session()

    workflow.open_make_up(mine.pk, by=staff, at=over)
    anew = spot(later, mine.person, at=over)

    assert anew.is_live and now(mine).outcome == Outcome.MAKE_UP
    with pytest.raises(NotAllowed, match="own_matter"):
        workflow.open_make_up(mine.pk, by=mine.person, at=over)


def test_hours_of_a_course_without_fixed_hours_are_the_true_ones_with_make_ups():
    where, mine, staff, over = missed_one(number=3)
    where.course.hours = 0
    where.course.save()
    later = later_session()
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    third = halves(later)[2]
    workflow.mark_session(later.pk, {(mine.pk, third.pk): Mark(True, 0)}, by=staff, at=third.ends_at)

    assert workflow.complete(mine.pk, by=staff, at=later.ends_at).hours == 30
    assert time_missed(now(mine)) == 0 and len(sat_of(now(mine))) == 10


# -- Test days ---------------------------------------------------------------------------------------------


def sitting_of(where, staff, day, **changes):
    facts = {"kind": "read_aloud", "where": "Room 5", "starts_at": local_moment(day, datetime.min.time()) + 10 * HOUR}
    return workflow.plan_sitting(where.pk, SittingPlan(**{**facts, "minutes": 90, **changes}), by=staff, at=NOON)


def test_a_test_day_is_booked_with_extra_time_and_its_score_counts_as_a_try():
    where, [mine] = in_class()
    staff = trainer()
    sitting = sitting_of(where, staff, where.ends_on + 3 * DAY)
    over = where.ends_at + HOUR

    for _twice in range(2):
        workflow.book_sitting(sitting.pk, mine.pk, extra_minutes=45, by=staff, at=over)
    attempt = workflow.record_result(sitting.pk, mine.pk, 55, by=staff, at=sitting.starts_at + DAY)

    assert ExamBooking.objects.get().extra_minutes == 45
    assert (attempt.sitting, attempt.number, attempt.passed) == (sitting, 1, False)
    assert attempt.next_try_on == sitting.on + 7 * DAY
    assert history(mine).count("sitting_booked") == 1


def test_a_day_before_the_next_try_is_not_booked_and_says_when():
    where, [mine] = in_class()
    staff, over = trainer(), where.ends_at + HOUR
    workflow.record_exam(mine.pk, 10, taken_on=where.ends_on, by=staff, at=over)
    soon, late = (sitting_of(where, staff, where.ends_on + days * DAY) for days in (6, 7))

    with pytest.raises(NotAllowed, match="exam_too_soon"):
        workflow.book_sitting(soon.pk, mine.pk, by=staff, at=over)

    assert workflow.book_sitting(late.pk, mine.pk, by=staff, at=over).sitting == late


def test_only_somebody_booked_has_a_score_there_and_nobody_books_themselves():
    where, [mine] = in_class()
    staff = trainer()
    sitting = sitting_of(where, staff, where.ends_on)

    with pytest.raises(NotAllowed, match="not_booked_here"):
        workflow.record_result(sitting.pk, mine.pk, 90, by=staff, at=where.ends_at + HOUR)
    with pytest.raises(NotAllowed, match="own_matter"):
        workflow.book_sitting(sitting.pk, mine.pk, by=mine.person, at=where.starts_at)


def test_a_booking_can_be_given_back_until_there_is_a_score():
    where, [mine] = in_class()
    staff = trainer()
    sitting = sitting_of(where, staff, where.ends_on + DAY)
    booking = workflow.book_sitting(sitting.pk, mine.pk, by=staff, at=where.ends_at)

    workflow.give_back_sitting(booking.pk, by=staff, at=where.ends_at)
    again = workflow.book_sitting(sitting.pk, mine.pk, by=staff, at=where.ends_at)
    workflow.record_result(sitting.pk, mine.pk, 90, by=staff, at=sitting.starts_at + HOUR)

    with pytest.raises(NotAllowed, match="sitting_has_begun"):
        workflow.give_back_sitting(again.pk, by=staff, at=sitting.starts_at + HOUR)


# -- An offer waits for our answer -------------------------------------------------------------------------


def offered(days_before=0):
    where = session(capacity=1)
    spots = [spot(where, at=NOON + n * HOUR) for n in range(3)]
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION + HOUR)
    return now(spots[1]), now(spots[2])


def asks(one, *, at):
    due = (at + 5 * DAY).date()
    return ask_for_access(one.person_id, "I am deaf.", answer_due_on=due, by=one.person, at=at)


def every_minute_from(start, hours):
    for minutes in range(0, hours * 60, 30):
        workflow.keep_time(at=start + minutes * MINUTE)


def test_no_offer_runs_out_while_we_owe_an_answer_and_then_there_is_a_day():
    mine, _next = offered()
    needs = asks(mine, at=ALLOCATION + 2 * HOUR)
    first_end = mine.offer_expires_at

    every_minute_from(first_end - HOUR, 60)

    answered_at = first_end + 58 * HOUR
    assert (now(mine).status, Registration.objects.filter(status="offered").count()) == ("offered", 1)
    arrange_access(needs.pk, "An interpreter.", by=trainer(), at=answered_at)
    until = now(mine).offer_expires_at
    assert until >= answered_at + 24 * HOUR
    workflow.accept(mine.pk, by=mine.person, at=until - MINUTE)
    assert now(mine).status == "confirmed"


def test_control_without_a_question_the_offer_runs_out_and_goes_on():
    mine, second = offered()

    workflow.keep_time(at=mine.offer_expires_at)

    assert (now(mine).status, now(second).status) == ("ran_out", "offered")


def test_an_answer_that_comes_late_is_no_reason_to_lose_the_seat_and_class_itself_is():
    mine, _next = offered()
    asks(mine, at=ALLOCATION + 2 * HOUR)

    workflow.keep_time(at=mine.session.starts_at - HOUR)
    assert now(mine).status == "offered"
    workflow.keep_time(at=mine.session.starts_at)

    assert now(mine).status == "ran_out"


def test_what_was_arranged_once_is_there_for_the_next_session():
    someone = person()
    needs = asks_of(someone)
    arrange_access(needs.pk, "An interpreter.", by=trainer(), at=NOON)

    mine = spot(later_session(), someone)

    assert AccessNeeds.objects.get(person=mine.person).arrangement == "An interpreter."


def asks_of(someone):
    return ask_for_access(someone.pk, "I am deaf.", answer_due_on=NOON.date(), by=someone, at=NOON)


def test_completion_counts_once_when_both_classes_record_who_is_done():
    where, mine, staff, over = missed_one(number=3)
    later = later_session()
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    third = halves(later)[2]
    workflow.mark_session(later.pk, {(mine.pk, third.pk): True}, by=staff, at=third.ends_at)

    workflow.complete_session(later.pk, by=staff, at=later.ends_at)
    workflow.complete_session(where.pk, by=staff, at=later.ends_at)

    assert Completion.objects.count() == 1


def test_what_was_made_up_and_not_recorded_yet_is_work_for_the_office():
    _where, mine, staff, over = missed_one(number=3)
    later = later_session()
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    third = halves(later)[2]
    verb = "Record who made up their class time"
    assert verb not in [work.verb for work in work_of(staff, over)]

    workflow.mark_session(later.pk, {(mine.pk, third.pk): True}, by=staff, at=third.ends_at)
    assert verb in [work.verb for work in work_of(staff, third.ends_at)]
    workflow.complete_session(later.pk, by=staff, at=later.ends_at)

    assert verb not in [work.verb for work in work_of(staff, later.ends_at)]


def test_the_step_on_my_pathway_follows_what_is_to_be_made_up():
    _where, mine, staff, over = missed_one(number=3)
    later = later_session()
    workflow.open_make_up(mine.pk, by=staff, at=over)
    [choose] = steps_of(mine.person, over)
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    [booked] = steps_of(mine.person, over)

    assert choose.sentence == "Choose a day to make it up. You do not wait in line."
    assert booked.sentence == "You make it up on Tuesday, November 9, 2027."
    assert (choose.next_actor, booked.due_on) == ("you", date(2027, 11, 9))


# -- Ended early -------------------------------------------------------------------------------------------


def test_somebody_marked_there_did_not_stay_away_and_may_only_have_stopped():
    where, mine, staff, over = missed_one()

    with pytest.raises(NotAllowed, match="was_in_class") as refusal:
        workflow.end_early(mine.pk, "did_not_attend", by=staff, at=over)
    workflow.end_early(mine.pk, "ended_early", by=staff, at=over)

    assert refusal.value.reasons[0].facts == {"count": 9}
    assert now(mine).outcome == "ended_early"


def test_who_made_up_a_half_day_elsewhere_was_in_class_too():
    where, [mine] = in_class()
    staff, later = trainer(), later_session()
    mark_all(where, mine, by=staff, at=where.ends_at, there=False)
    workflow.book_make_up(mine.pk, 1, later.pk, by=mine.person, at=where.ends_at)
    workflow.mark_session(later.pk, {(mine.pk, halves(later)[0].pk): True}, by=staff, at=later.ends_at)

    with pytest.raises(NotAllowed, match="was_in_class"):
        workflow.end_early(mine.pk, "did_not_attend", by=staff, at=later.ends_at)


def test_a_half_day_booked_to_make_up_is_taken_back_in_history_and_they_are_written_to_once():
    where, mine, staff, over = missed_one()
    workflow.book_make_up(mine.pk, 3, later_session().pk, by=mine.person, at=over)
    before = set(Message.objects.values_list("pk", flat=True))

    workflow.end_early(mine.pk, "ended_early", by=staff, at=over + HOUR)

    ended, given_back = Entry.objects.of(mine).filter(at=over + HOUR)
    assert (ended.event, given_back.event) == ("trainings.not_completed", "trainings.make_up_taken_back")
    assert given_back.facts["number"] == 3 and given_back.facts["told_by"] == "trainings.not_completed"
    written = Message.objects.exclude(pk__in=before).filter(person=mine.person).values_list("kind", flat=True)
    assert list(written) == ["training_not_completed"]
