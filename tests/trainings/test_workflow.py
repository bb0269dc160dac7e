"""Every verb, from the steps where it is allowed and from those where it is not."""

from datetime import date, timedelta

import pytest

from accounts.models import Standing
from audit.models import Entry
from audit.reasons import NotAllowed
from notifications.models import Message
from notifications.rendering import versions
from programs.calendar import local_moment
from programs.program import program
from tests.trainings.factories import ALLOCATION, NOON, person, plan, session, spot, standing
from trainings import rules, workflow
from trainings.models import LIVE, Allocation, Attendance, Completion, Registration, Status
from trainings.rules import Claim
from trainings.workflow.steps import NEXT

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def statuses(*spots):
    return [Registration.objects.get(pk=one.pk).status for one in spots]


def history(subject, *events):
    names = Entry.objects.of(subject).values_list("event", flat=True)
    return [name.partition(".")[2] for name in names]


def seated(capacity=1, people=2, **changes):
    """A session whose seats are set, and its people in rank order."""
    where = session(capacity=capacity, **changes)
    spots = [spot(where, at=NOON + n * HOUR) for n in range(people)]
    workflow.allocate(where.pk, at=ALLOCATION)
    where.refresh_from_db()
    return where, [Registration.objects.get(pk=one.pk) for one in spots]


def in_class(people=1, **changes):
    where, spots = seated(capacity=people, people=people, **changes)
    return where, spots


def mark_all(where, one, *, by, at, there=True):
    marks = {(one.pk, half.pk): there for half in where.half_days.all()}
    workflow.mark_session(where.pk, marks, by=by, at=at)


# -- Planning ----------------------------------------------------------------------------------------------


def test_a_planned_session_has_its_seats_and_half_days_and_stays_hidden_until_published():
    staff = person()

    draft = workflow.plan_session(plan(capacity=4), by=staff, at=NOON)

    assert (draft.status, draft.seats.count(), draft.half_days.count()) == ("draft", 4, 10)
    assert draft.designations == ["CPSSP-MH", "CPSSP-SU", "CPSSP-Y", "CPSSP-P"]
    assert draft.registration_closes_at.isoformat() == "2027-08-21T05:00:00+00:00"
    with pytest.raises(NotAllowed, match="session_not_open"):
        workflow.register(draft.pk, person_id=staff.pk, designation="CPSSP-MH", received_at=NOON, by=staff, at=NOON)
    workflow.publish(draft.pk, by=staff, at=NOON)
    workflow.publish(draft.pk, by=staff, at=NOON)
    assert history(draft) == ["session_planned", "session_published"]


def test_a_draft_goes_on_the_calendar_only_while_people_can_sign_up():
    staff = person()
    draft = workflow.plan_session(plan(), by=staff, at=NOON)

    for at, reason in ((draft.registration_closes_at, "last_day_is_past"), (draft.starts_at, "class_has_begun")):
        with pytest.raises(NotAllowed, match=reason):
            workflow.publish(draft.pk, by=staff, at=at)
    assert history(draft) == ["session_planned"]

    assert workflow.publish(draft.pk, by=staff, at=draft.registration_closes_at - HOUR).is_published
    assert workflow.publish(draft.pk, by=staff, at=draft.starts_at).is_published  # pressed again, it says so


def test_raising_the_capacity_offers_the_new_seats_to_the_right_two():
    where, spots = seated(capacity=1, people=4)

    workflow.change_session(where.pk, plan(capacity=3), by=person(), at=ALLOCATION + HOUR)

    assert statuses(*spots) == ["confirmed", "offered", "offered", "waiting"]


def test_lowering_the_capacity_removes_nobody_and_closes_what_falls_free():
    where, spots = seated(capacity=2, people=3)

    workflow.change_session(where.pk, plan(capacity=1), by=person(), at=ALLOCATION + HOUR)
    assert statuses(*spots) == ["confirmed", "confirmed", "waiting"]
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION + DAY)

    assert statuses(*spots) == ["withdrawn", "confirmed", "waiting"]
    assert where.seats.open().count() == 1


def test_a_moved_session_tells_calendars_and_keeps_everyone():
    where, spots = seated()
    later = plan(first=date(2027, 9, 20), registration_closes_on=where.registration_closes_on, capacity=1)

    moved = workflow.change_session(where.pk, later, by=person(), at=ALLOCATION + HOUR)

    assert (moved.changes, moved.starts_on) == (1, date(2027, 9, 20))
    assert statuses(*spots) == ["confirmed", "waiting"]
    assert moved.half_days.first().on == date(2027, 9, 20)


def test_cancelling_ends_every_spot_once_and_frees_the_person_for_the_next():
    where, spots = seated()
    staff = person()

    workflow.cancel(where.pk, because="The trainer is ill.", by=staff, at=ALLOCATION + HOUR)
    workflow.cancel(where.pk, because="Again.", by=staff, at=ALLOCATION + HOUR)

    assert statuses(*spots) == ["cancelled", "cancelled"]
    assert [history(one)[-1] for one in spots] == ["session_cancelled", "session_cancelled"]
    assert history(where).count("session_cancelled") == 1
    next_one = session(first=date(2027, 11, 15))
    again = spot(next_one, spots[1].person, at=ALLOCATION + 2 * HOUR)
    assert again.received_at == spots[1].received_at


# -- Registering -------------------------------------------------------------------------------------------


def test_registering_twice_is_one_spot_with_one_history():
    where, me = session(), person()

    first, second = spot(where, me, admitted=False), spot(where, me, admitted=False, at=NOON + HOUR)

    assert first == second
    assert history(first) == ["registered"]


def test_one_course_one_spot_but_another_date_after_leaving():
    here, there, me = session(), session(first=date(2027, 11, 15)), person()
    mine = spot(here, me)

    with pytest.raises(NotAllowed, match="already_in_another_session"):
        spot(there, me)
    workflow.withdraw(mine.pk, by=me, at=NOON)

    assert spot(there, me, at=NOON + HOUR).received_at == NOON + HOUR  # who leaves, leaves their time too


def test_a_paper_form_counts_from_its_stamp_and_shows_it():
    where, me, staff = session(), person(), person()

    mine = spot(where, me, by=staff, received_at=NOON - DAY, came_by="paper")

    assert (mine.received_at, mine.entered_at, mine.came_by) == (NOON - DAY, NOON, "paper")


def test_a_paper_form_entered_after_the_seats_are_set_is_refused():
    where, _spots = seated()

    with pytest.raises(NotAllowed, match="seats_are_set"):
        spot(where, received_at=NOON, at=ALLOCATION + HOUR)


def test_a_packet_complete_after_the_deadline_counts_from_then():
    where = session(capacity=1)
    late, early = spot(where, admitted=False), spot(where, at=NOON + DAY)

    workflow.admit(late.pk, by=None, at=ALLOCATION - DAY, complete_at=where.documents_close_at + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)

    assert statuses(late, early) == ["waiting", "confirmed"]


def test_nobody_admits_or_refuses_themselves():
    me = person(is_superuser=True)
    mine = spot(session(), me, admitted=False)

    for act in (workflow.admit, workflow.not_admit):
        with pytest.raises(NotAllowed, match="own_matter"):
            act(mine.pk, by=me, at=NOON)
    assert statuses(mine) == ["received"]


def test_not_admitted_by_the_day_is_not_ranked_told_why_and_keeps_the_spot():
    where = session(capacity=1)
    unread, ranked = spot(where, admitted=False), spot(where, at=NOON + HOUR)

    workflow.allocate(where.pk, at=ALLOCATION)

    unread.refresh_from_db()
    assert (unread.status, unread.rank, unread.not_admitted_because) == ("received", None, ["not_checked_in_time"])
    assert statuses(ranked) == ["confirmed"]
    assert history(unread) == ["registered", "not_admitted"]


def test_admitted_after_the_seats_are_set_joins_the_end_of_the_line():
    where = session(capacity=1)
    unread = spot(where, admitted=False)
    seated_one, waiting = spot(where, at=NOON + HOUR), spot(where, at=NOON + 2 * HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)

    workflow.admit(unread.pk, by=None, at=ALLOCATION + HOUR)

    assert statuses(seated_one, waiting, unread) == ["confirmed", "waiting", "waiting"]
    assert [one.pk for one in where.registrations.in_line()] == [waiting.pk, unread.pk]


# -- Acceptance 2: the groups ------------------------------------------------------------------------------


def test_three_seats_five_people_the_bridger_who_came_last_sits_first():
    where = session("peer_bridger", capacity=3)
    people = {name: person() for name in ("trained_1", "certified_1", "trained_2", "certified_2", "bridger")}
    for name, someone in people.items():
        kind = {"t": ("trained", "CPSSP-MH"), "c": ("certified", "CPSSP-MH"), "b": ("employed", "peer_bridger")}[
            name[0]
        ]
        standing(someone, *kind)
    spots = {name: spot(where, someone, at=NOON + n * HOUR) for n, (name, someone) in enumerate(people.items())}

    workflow.allocate(where.pk, at=ALLOCATION)

    found = {name: Registration.objects.get(pk=one.pk) for name, one in spots.items()}
    assert {name: (one.status, one.tier, one.rank) for name, one in found.items()} == {
        "bridger": ("confirmed", 1, 1),
        "certified_1": ("confirmed", 2, 2),
        "certified_2": ("confirmed", 2, 3),
        "trained_1": ("waiting", 3, 4),
        "trained_2": ("waiting", 3, 5),
    }
    assert [proof["kind"] for proof in found["bridger"].proofs] == ["employed"]


def test_a_standing_that_ends_before_the_day_counts_no_more():
    where = session("peer_bridger", capacity=1)
    bridger, certified = person(), person()
    for someone in (bridger, certified):
        standing(someone, "certified", "CPSSP-MH")
    standing(bridger, "employed", "peer_bridger", until=date(2027, 8, 25))
    early, late = spot(where, certified), spot(where, bridger, at=NOON + HOUR)

    workflow.allocate(where.pk, at=ALLOCATION)

    assert statuses(early, late) == ["confirmed", "waiting"]


def test_any_past_allocation_replays_from_what_it_stored():
    where, spots = seated(capacity=1, people=4)
    workflow.withdraw(spots[2].pk, by=spots[2].person, at=ALLOCATION + HOUR)

    run = Allocation.objects.get(session=where, is_first=True)

    assert [claim.registration for claim in rules.in_order(map(Claim.of, run.claims))] == run.order
    assert [[key, seat] for key, seat, _status in run.given] == [list(pair) for pair in rules.replay(vars(run))]
    assert run.given == [[spots[0].pk, 1, "confirmed"]]


# -- Seats -------------------------------------------------------------------------------------------------


def test_seats_are_not_set_before_their_day():
    where = session()
    spot(where)

    with pytest.raises(NotAllowed, match="too_early_to_allocate"):
        workflow.allocate(where.pk, at=ALLOCATION - 9 * HOUR)


def test_allocating_again_gives_nothing_and_writes_nothing():
    where, _spots = seated()
    written = Entry.objects.count()

    assert workflow.allocate(where.pk, at=ALLOCATION) == []
    assert (Entry.objects.count(), Allocation.objects.count()) == (written, 1)


def test_the_number_of_statements_does_not_grow_with_the_line(django_assert_max_num_queries):
    for people in (3, 40):
        where = session("peer_bridger", capacity=people // 3)
        for n in range(people):
            someone = person()
            standing(someone, "certified", "CPSSP-MH")
            spot(where, someone, at=NOON + n * HOUR / 60)
        with django_assert_max_num_queries(18) as seen:
            workflow.allocate(where.pk, at=ALLOCATION)
        counted = len(seen.captured_queries)
        if people == 3:
            few = counted
    assert counted == few


def test_a_freed_seat_is_offered_to_the_first_in_line_once():
    where, spots = seated(capacity=1, people=3)

    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION + HOUR)

    assert statuses(*spots) == ["withdrawn", "offered", "waiting"]
    assert history(spots[1]) == ["registered", "admitted", "waiting", "seat_offered"]
    offered = Registration.objects.get(pk=spots[1].pk)
    assert offered.offer_expires_at == ALLOCATION + HOUR + 3 * DAY
    assert offered.seat.number == 1


def test_a_newcomer_never_passes_the_person_who_waits():
    where = session("components_1", last=date(2027, 9, 13), capacity=1)
    people = [person() for _ in range(3)]
    for someone in people:
        standing(someone, "certified", "CPSSP-MH")
    seated_one, waiting = (spot(where, someone, at=NOON) for someone in people[:2])
    assert statuses(seated_one, waiting) == ["confirmed", "waiting"]

    workflow.withdraw(seated_one.pk, by=people[0], at=NOON + HOUR)
    newcomer = spot(where, people[2], at=NOON + HOUR)

    assert statuses(waiting, newcomer) == ["offered", "waiting"]


def test_a_first_come_seat_is_given_at_once_and_the_next_person_waits():
    where = session("components_1", last=date(2027, 9, 13), capacity=1)
    first, second = person(), person()
    for someone in (first, second):
        standing(someone, "certified", "CPSSP-MH")

    assert [spot(where, someone).status for someone in (first, second)] == ["confirmed", "waiting"]


def test_yes_twice_is_one_yes():
    where, spots = seated()
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION)

    for _press in range(2):
        workflow.accept(spots[1].pk, by=spots[1].person, at=ALLOCATION + HOUR)

    assert statuses(spots[1]) == ["confirmed"]
    assert history(spots[1])[-2:] == ["accepted", "confirmed"]
    with pytest.raises(NotAllowed, match="no_offer"):
        workflow.decline(spots[1].pk, by=spots[1].person, at=ALLOCATION + HOUR)


def test_no_passes_the_seat_on_and_keeps_the_time():
    where, spots = seated(people=3)
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION)

    workflow.decline(spots[1].pk, by=spots[1].person, at=ALLOCATION + HOUR)
    workflow.decline(spots[1].pk, by=spots[1].person, at=ALLOCATION + HOUR)

    assert statuses(*spots) == ["withdrawn", "declined", "offered"]
    again = spot(session(first=date(2027, 11, 15)), spots[1].person, at=ALLOCATION + DAY)
    assert again.received_at == spots[1].received_at


def test_a_late_answer_takes_nothing_and_the_seat_goes_on_once():
    where, spots = seated(people=3)
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION)
    end = Registration.objects.get(pk=spots[1].pk).offer_expires_at

    with pytest.raises(NotAllowed, match="offer_ran_out"):
        workflow.accept(spots[1].pk, by=spots[1].person, at=end)
    assert [workflow.run_out(end), workflow.run_out(end)] == [1, 0]

    assert statuses(*spots) == ["withdrawn", "ran_out", "offered"]
    with pytest.raises(NotAllowed, match="offer_ran_out"):
        workflow.accept(spots[1].pk, by=spots[1].person, at=end + HOUR)


def test_an_answer_the_office_heard_in_time_counts():
    where, spots = seated()
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION)
    end = Registration.objects.get(pk=spots[1].pk).offer_expires_at

    workflow.accept(spots[1].pk, by=person(), at=end + HOUR / 4, answered_at=end - HOUR / 4)

    assert statuses(spots[1]) == ["confirmed"]


def ran_out(people):
    """An offer ran out a moment ago, and the sweep was there; who is in line, and when the offer ended."""
    where, spots = seated(people=people)
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION)
    end = Registration.objects.get(pk=spots[1].pk).offer_expires_at
    workflow.keep_time(at=end)
    assert statuses(spots[1]) == ["ran_out"]
    return where, spots, end


def test_a_yes_heard_in_time_and_typed_after_it_ran_out_takes_a_seat_that_is_still_free():
    where, spots, end = ran_out(people=2)
    staff = person()

    for _press in range(2):
        workflow.accept(spots[1].pk, by=staff, at=end + HOUR, answered_at=end - HOUR)

    mine = Registration.objects.get(pk=spots[1].pk)
    assert (mine.status, mine.seat.number, mine.confirmed_at) == ("confirmed", 1, end + HOUR)
    assert history(mine)[-3:] == ["ran_out", "accepted", "confirmed"]
    said = Entry.objects.of(mine).get(event="trainings.accepted")
    assert (said.facts["said_at"], said.actor) == ((end - HOUR).isoformat(), staff)


def test_a_yes_typed_after_the_seat_went_on_is_refused_and_keeps_the_time():
    _where, spots, end = ran_out(people=3)

    with pytest.raises(NotAllowed, match="seat_went_on"):
        workflow.accept(spots[1].pk, by=person(), at=end + HOUR, answered_at=end - HOUR)

    assert statuses(*spots[1:]) == ["ran_out", "offered"]
    again = spot(session(first=date(2027, 12, 6)), spots[1].person, at=end + DAY)
    assert again.received_at == spots[1].received_at


def test_a_yes_is_not_in_time_before_the_offer_nor_after_its_end_nor_beside_another_spot():
    _where, spots, end = ran_out(people=2)

    for said_at in (ALLOCATION - HOUR, end, None):
        with pytest.raises(NotAllowed, match="offer_ran_out"):
            workflow.accept(spots[1].pk, by=person(), at=end + HOUR, answered_at=said_at)
    spot(session(first=date(2027, 12, 6)), spots[1].person, at=end + HOUR)
    with pytest.raises(NotAllowed, match="already_in_another_session"):
        workflow.accept(spots[1].pk, by=person(), at=end + HOUR, answered_at=end - HOUR)

    assert statuses(spots[1]) == ["ran_out"]


def test_a_no_heard_in_time_and_typed_after_it_ran_out_is_a_no_and_takes_nothing_from_anybody():
    _where, spots, end = ran_out(people=3)

    for _press in range(2):
        workflow.decline(spots[1].pk, by=person(), at=end + HOUR, answered_at=end - HOUR)

    assert statuses(*spots[1:]) == ["declined", "offered"]
    assert history(spots[1]).count("declined") == 1


def test_after_the_last_offer_day_nobody_is_asked_by_itself():
    where, spots = seated()

    workflow.withdraw(spots[0].pk, by=spots[0].person, at=local_moment(where.last_offer_on + DAY, rules.MORNING))

    assert statuses(*spots) == ["withdrawn", "waiting"]


# -- A scholarship's seats ---------------------------------------------------------------------------------


def kept(capacity=3, seats=1):
    where = session(capacity=capacity)
    workflow.keep_seats(where.pk, seats, for_round="SR-1", by=None, at=NOON)
    return where


def test_a_kept_seat_never_goes_to_the_line_until_it_is_released():
    where = kept(capacity=2)
    first, second = spot(where), spot(where, at=NOON + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)
    assert statuses(first, second) == ["confirmed", "waiting"]

    assert workflow.release_kept_seats(where.pk, for_round="SR-1", by=None, at=ALLOCATION + HOUR) == 1

    assert statuses(first, second) == ["confirmed", "offered"]
    assert workflow.release_kept_seats(where.pk, for_round="SR-1", by=None, at=ALLOCATION + HOUR) == 0


def test_keeping_seats_twice_keeps_as_many_and_never_more_than_there_are():
    where = kept(capacity=2)

    workflow.keep_seats(where.pk, 1, for_round="SR-1", by=None, at=NOON)
    with pytest.raises(NotAllowed, match="too_few_free_seats"):
        workflow.keep_seats(where.pk, 2, for_round="SR-2", by=None, at=NOON)

    assert where.seats.exclude(kept_for="").count() == 1


def test_an_award_is_an_offer_on_the_persons_own_spot():
    where = kept()
    mine, other = spot(where), spot(where, at=NOON + HOUR)
    offered = workflow.offer_kept_seat(mine.pk, for_round="SR-1", answer_by=NOON + 5 * DAY, by=None, at=NOON)

    assert (offered.status, offered.kept_for) == ("offered", "SR-1")
    with pytest.raises(NotAllowed, match="no_kept_seat"):
        workflow.offer_kept_seat(other.pk, for_round="SR-1", answer_by=NOON + 5 * DAY, by=None, at=NOON)
    workflow.accept(mine.pk, by=mine.person, at=NOON + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)
    assert statuses(mine, other) == ["confirmed", "confirmed"]


@pytest.mark.parametrize("answer", ["no", "silence"])
def test_who_does_not_take_the_award_stays_in_the_ranking_and_the_seat_in_the_round(answer):
    where = kept()
    mine = spot(where)
    workflow.offer_kept_seat(mine.pk, for_round="SR-1", answer_by=NOON + DAY, by=None, at=NOON)

    if answer == "no":
        workflow.decline(mine.pk, by=mine.person, at=NOON + HOUR)
    else:
        workflow.run_out(NOON + DAY)

    assert statuses(mine) == ["admitted"]
    assert where.seats.free().filter(kept_for="SR-1").count() == 1
    assert Entry.objects.of(mine).last().facts["stays_in_line"] is True


# -- Time ---------------------------------------------------------------------------------------------------


def test_the_portal_sets_the_seats_in_the_morning_of_the_day_and_only_once():
    where = session(capacity=1)
    mine = spot(where)

    workflow.keep_time(at=ALLOCATION - timedelta(seconds=1))
    assert statuses(mine) == ["admitted"]
    workflow.keep_time(at=ALLOCATION)
    workflow.keep_time(at=ALLOCATION + HOUR)

    assert statuses(mine) == ["confirmed"]
    assert Allocation.objects.count() == 1


def test_the_link_goes_out_seven_days_before_to_people_with_a_seat_and_at_once_to_later_ones():
    where, (first, second) = seated()
    due = local_moment(date(2027, 9, 6), rules.MORNING)

    for moment in (due - timedelta(seconds=1), due, due + HOUR):
        workflow.keep_time(at=moment)
    assert (history(first).count("link_due"), history(second).count("link_due")) == (1, 0)
    workflow.withdraw(first.pk, by=first.person, at=due + DAY)
    workflow.accept(second.pk, by=second.person, at=due + DAY + HOUR)
    workflow.keep_time(at=due + 2 * DAY)

    assert history(second).count("link_due") == 1
    assert "meet.example.org" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_when_class_begins_the_line_closes_and_the_next_session_knows_the_time():
    where, (_first, second) = seated()

    workflow.keep_time(at=where.starts_at)
    workflow.keep_time(at=where.starts_at + HOUR)

    assert statuses(second) == ["not_seated"]
    assert history(second).count("not_seated") == 1
    again = spot(session(first=date(2027, 11, 15)), second.person, at=where.starts_at + DAY)
    assert again.received_at == second.received_at


def test_a_session_that_is_over_is_held():
    where, _spots = seated()

    workflow.keep_time(at=where.ends_at)

    where.refresh_from_db()
    assert where.status == "held"


# -- Class -------------------------------------------------------------------------------------------------


def test_completing_needs_every_half_day_and_the_test_and_makes_the_person_trained():
    where, (mine,) = in_class()
    staff, at = person(), where.ends_at + HOUR
    with pytest.raises(NotAllowed, match="half_days_not_marked, exam_not_passed_yet"):
        workflow.complete(mine.pk, by=staff, at=at)
    mark_all(where, mine, by=staff, at=at)
    workflow.record_exam(mine.pk, 88, taken_on=where.ends_on, by=staff, at=at)

    first, second = (workflow.complete(mine.pk, by=staff, at=at) for _press in range(2))

    assert first == second
    assert (first.hours, first.completed_on, first.designation) == (40, date(2027, 9, 17), "CPSSP-MH")
    held = Standing.objects.get(person=mine.person)
    assert (held.kind, held.code, held.source) == ("trained", "CPSSP-MH", first.reference)
    facts = Entry.objects.get(event="trainings.completed").facts
    assert (facts["hours"], facts["designation"], facts["course"]) == ("40.00", "CPSSP-MH", "cpss")


def test_a_supervisor_needs_no_peer_standing_and_becomes_trained_to_supervise():
    where = session("cpss_supervisor", last=date(2027, 9, 13), capacity=1)
    mine = spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    staff, at = person(), where.ends_at
    mark_all(where, mine, by=staff, at=at)

    workflow.complete(mine.pk, by=staff, at=at)

    assert Standing.objects.get(person=mine.person).kind == "supervisor_trained"


def test_after_a_completion_the_person_may_take_the_course_again():
    where, (mine,) = in_class()
    staff, at = person(), where.ends_at
    mark_all(where, mine, by=staff, at=at)
    workflow.record_exam(mine.pk, 75, taken_on=where.ends_on, by=staff, at=at)
    workflow.complete(mine.pk, by=staff, at=at)

    again = spot(session(first=date(2027, 11, 15)), mine.person, at=at + DAY)

    assert again.received_at == at + DAY


def test_the_test_can_be_taken_three_times_a_week_apart():
    where, (mine,) = in_class()
    staff, first = person(), where.ends_on
    sit = lambda score, day: workflow.record_exam(  # noqa: E731
        mine.pk, score, taken_on=first + day * DAY, by=staff, at=where.ends_at + 60 * DAY
    )

    assert sit(70, 0) == sit(70, 0)
    with pytest.raises(NotAllowed, match="exam_too_soon"):
        sit(80, 6)
    sit(71, 7), sit(72, 14)
    with pytest.raises(NotAllowed, match="exam_attempts_used"):
        sit(90, 21)

    assert history(mine).count("exam_not_passed") == 3
    assert "score" not in Entry.objects.filter(event="trainings.exam_not_passed").first().facts


def test_after_the_last_try_the_spot_is_over_and_the_next_dates_are_open():
    where, (mine,) = in_class()
    staff, at = person(), where.ends_at + 60 * DAY
    later = session(first=date(2027, 12, 6))
    for number in (0, 1, 2):
        assert Registration.objects.get(pk=mine.pk).outcome == ""
        workflow.record_exam(mine.pk, 70, taken_on=where.ends_on + 7 * number * DAY, by=staff, at=at)

    again = spot(later, mine.person, at=later.opens_at + DAY)

    mine.refresh_from_db()
    assert (mine.status, mine.outcome, mine.get_outcome_display()) == ("confirmed", "not_passed", "Not passed yet")
    assert Entry.objects.of(mine).latest("pk").facts["outcome"] == "not_passed"
    assert again.is_live and again.received_at == later.opens_at + DAY
    mark_all(where, mine, by=staff, at=at)  # their paper with true hours may still be owed
    last = Message.objects.filter(about=mine.reference, kind="exam_not_passed").latest("pk")
    assert "sign up for the next dates" in versions(last, at=at, rules=program(at.date())).full.text
    assert not Message.objects.filter(about=mine.reference, kind="training_not_completed").exists()


def test_attendance_is_marked_from_the_half_day_on_and_can_be_put_right():
    where, (mine,) = in_class()
    staff, half = person(), where.half_days.first()
    with pytest.raises(NotAllowed, match="class_not_begun"):
        workflow.mark_attendance(mine.pk, half.pk, True, by=staff, at=half.starts_at - HOUR)

    for there in (True, True, False):
        workflow.mark_attendance(mine.pk, half.pk, there, by=staff, at=half.starts_at)

    assert not Attendance.objects.get().was_there
    assert history(mine).count("attended") == 2


def test_nobody_marks_tests_or_completes_themselves():
    where, (mine,) = in_class()
    me, at = mine.person, where.ends_at

    for act in (
        lambda: mark_all(where, mine, by=me, at=at),
        lambda: workflow.record_exam(mine.pk, 90, taken_on=where.ends_on, by=me, at=at),
        lambda: workflow.complete(mine.pk, by=me, at=at),
        lambda: workflow.end_early(mine.pk, "ended_early", by=me, at=at),
    ):
        with pytest.raises(NotAllowed, match="own_matter"):
            act()
    assert not Completion.objects.exists()


def test_completing_a_session_names_who_is_skipped():
    where, (done, away) = in_class(people=2)
    staff, at = person(), where.ends_at
    for one in (done, away):
        mark_all(where, one, by=staff, at=at, there=one == done)
    workflow.record_exam(done.pk, 90, taken_on=where.ends_on, by=staff, at=at)

    completions, skipped = workflow.complete_session(where.pk, by=staff, at=at)

    assert ([one.person for one in completions], skipped) == ([done.person], [away])


def test_who_stopped_early_is_free_for_the_next_session():
    where, (mine,) = in_class()

    workflow.end_early(mine.pk, "did_not_attend", by=person(), at=where.ends_at)

    assert spot(session(first=date(2027, 11, 15)), mine.person, at=where.ends_at).is_live


def test_leaving_is_over_once_class_has_begun():
    where, (mine,) = in_class()

    with pytest.raises(NotAllowed, match="class_has_begun"):
        workflow.withdraw(mine.pk, by=mine.person, at=where.starts_at)


# -- The whole machine -------------------------------------------------------------------------------------


def at_status(status):
    """A spot at each step, reached by the verbs that lead there."""
    where = session(capacity=1)
    if status in ("received", "admitted", "withdrawn", "not_eligible"):
        one = spot(where, admitted=status == "admitted")
        if status == "withdrawn":
            workflow.withdraw(one.pk, by=one.person, at=NOON)
        if status == "not_eligible":
            workflow.not_admit(one.pk, by=None, at=NOON)
        return one
    first, second = spot(where), spot(where, at=NOON + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)
    if status == "confirmed":
        return first
    if status in ("offered", "declined", "ran_out"):
        workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    if status == "declined":
        workflow.decline(second.pk, by=second.person, at=ALLOCATION)
    if status == "ran_out":
        workflow.run_out(ALLOCATION + 4 * DAY)
    if status == "not_seated":
        workflow.close_lines(where.starts_at)
    if status == "cancelled":
        workflow.cancel(where.pk, because="x", by=person(), at=ALLOCATION)
    return second


STATUSES = [status for status in Status if status != Status.PAUSED]
ADMITTED_SINCE = {"admitted", "waiting", "offered", "confirmed"}
VERBS = {  # what it does, from where it moves, where it only repeats what is so already
    "admit": (lambda one, at: workflow.admit(one.pk, by=None, at=at), {"received"}, ADMITTED_SINCE),
    "not_admit": (
        lambda one, at: workflow.not_admit(one.pk, by=None, at=at),
        {"received", "admitted"},
        {"not_eligible"},
    ),
    "accept": (lambda one, at: workflow.accept(one.pk, by=one.person, at=at), {"offered"}, {"confirmed"}),
    "decline": (lambda one, at: workflow.decline(one.pk, by=one.person, at=at), {"offered"}, {"declined"}),
    "withdraw": (lambda one, at: workflow.withdraw(one.pk, by=one.person, at=at), set(LIVE), {"withdrawn"}),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", STATUSES)
def test_every_verb_from_every_step(verb, status):
    act, moves_from, repeats_at = VERBS[verb]
    one = at_status(status)
    one.refresh_from_db()
    assert one.status == status
    written = Entry.objects.of(one).count()

    try:
        act(one, ALLOCATION + HOUR)
        refused = False
    except NotAllowed:
        refused = True

    if status in moves_from:
        assert not refused and Entry.objects.of(one).count() > written
    else:
        assert refused != (status in repeats_at)
        assert statuses(one) == [status]
        assert Entry.objects.of(one).count() == written


def test_the_table_of_moves_names_every_status():
    assert set(NEXT) == set(Status)
