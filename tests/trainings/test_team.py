"""Who leads a class: named by the office, for this class only, until some days after it, and never one they sit in."""

from datetime import date, time, timedelta

import pytest

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed
from notifications.models import Message
from programs.calendar import local_moment
from programs.models import RuleVersion
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, plan, session, spot, trainer
from tests.trainings.test_classroom import halves, missed_one
from tests.trainings.test_workflow import in_class
from trainings import rules, workflow
from trainings.models import Attendance, Registration, TeamMember
from trainings.views.preview import of_cancelling, of_changing
from trainings.workflow.changes import difference
from trainings.workflow.team import led_by, may_lead, teams_of

pytestmark = pytest.mark.django_db
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def team_of(where, someone=None, *, part="facilitator", by=None, at=NOON):
    someone = someone or person("Fay Cilitator")
    workflow.join_team(where.pk, someone.pk, part, by=by or trainer(), at=at)
    return someone


def told(where):
    events = Entry.objects.filter(event__startswith="trainings.team_", facts__session=where.reference).order_by("id")
    return list(events.values_list("event", "about", "actor_name", "at", "facts"))


def test_the_history_says_who_was_on_the_team_from_when_to_when_and_who_named_them():
    where, staff, fay = session(), trainer(), person()

    member = workflow.join_team(where.pk, fay.pk, "facilitator", by=staff, at=NOON)
    workflow.leave_team(member.pk, by=staff, at=NOON + DAY)

    named = {"part": "facilitator", "session": where.reference}
    assert told(where) == [
        ("trainings.team_joined", fay.reference, str(staff), NOON, named),
        ("trainings.team_left", fay.reference, str(staff), NOON + DAY, named),
    ]
    member.refresh_from_db()
    assert (member.added_at, member.withdrawn_at, member.withdrawn_by) == (NOON, NOON + DAY, staff)


def test_naming_or_taking_off_twice_is_once_and_another_part_takes_the_place_of_the_first():
    where, staff, fay = session(), trainer(), person()

    first = workflow.join_team(where.pk, fay.pk, "facilitator", by=staff, at=NOON)
    again = workflow.join_team(where.pk, fay.pk, "facilitator", by=staff, at=NOON + HOUR)
    other = workflow.join_team(where.pk, fay.pk, "coordinator", by=staff, at=NOON + DAY)
    workflow.leave_team(other.pk, by=staff, at=NOON + 2 * DAY)
    workflow.leave_team(other.pk, by=staff, at=NOON + 3 * DAY)

    assert again == first
    assert [event for event, *_rest in told(where)] == [
        "trainings.team_joined",
        "trainings.team_left",
        "trainings.team_joined",
        "trainings.team_left",
    ]
    assert not TeamMember.objects.standing().exists()


def test_the_team_opens_its_own_class_and_no_other():
    where, other = session(), session()
    fay, stranger = team_of(where), team_of(other)

    assert (may_lead(fay, where, NOON), may_lead(fay, other, NOON)) == (True, False)
    assert (may_lead(stranger, where, NOON), may_lead(stranger, other, NOON)) == (False, True)


def test_a_superuser_who_is_on_no_team_leads_no_class():
    where = session()
    root = person(is_superuser=True)

    assert not may_lead(root, where, NOON)


def test_who_is_taken_off_the_team_has_nothing_at_once_and_marks_nobody():
    where, [mine] = in_class()
    fay = team_of(where)
    half, at = halves(where)[0], where.ends_at
    workflow.leave_team(TeamMember.objects.get().pk, by=trainer(), at=at)

    assert not may_lead(fay, where, at)
    with pytest.raises(NotAllowed, match="not_on_the_team"):
        workflow.mark_session(where.pk, {(mine.pk, half.pk): True}, by=fay, at=at, as_team=True)
    assert not Attendance.objects.exists()


def test_what_the_team_marked_bears_their_name_after_they_left():
    where, [mine] = in_class()
    fay, at = team_of(where), where.ends_at

    workflow.mark_session(where.pk, {(mine.pk, halves(where)[0].pk): True}, by=fay, at=at, as_team=True)
    workflow.leave_team(TeamMember.objects.get().pk, by=trainer(), at=at + HOUR)

    assert Attendance.objects.get().marked_by == fay
    assert Entry.objects.get(event="trainings.attended").actor_name == str(fay)


@pytest.mark.parametrize("first", [FIRST_DAY, date(2027, 11, 1), date(2028, 2, 21), date(2028, 3, 6)])
def test_access_ends_with_the_seventh_day_after_the_last_half_day_to_the_second(first):
    """Also across both changes of the clock, and over 29 February."""
    where = session(first=first)
    fay = team_of(where)
    over = local_moment(where.ends_on + 8 * DAY, time.min)

    assert where.ends_on + 7 * DAY == rules.team_sees_until(where.ends_on, 7)
    assert may_lead(fay, where, over - SECOND)
    assert not may_lead(fay, where, over)


@pytest.mark.parametrize("days", [0, 1, 7, 40])
def test_the_rule_and_the_question_to_the_rows_name_the_same_day(days):
    last = date(2028, 2, 29)
    until = rules.team_sees_until(last, days)

    assert rules.team_sees_last_days_from(until, days) == last
    assert rules.team_sees_last_days_from(until + DAY, days) > last


def test_nobody_is_named_once_the_time_is_over_or_the_class_is_cancelled():
    where, gone = session(), session()
    workflow.cancel(gone.pk, because="Too few people.", by=trainer(), at=NOON)

    with pytest.raises(NotAllowed, match="team_time_is_over"):
        team_of(where, at=where.ends_at + 8 * DAY)
    with pytest.raises(NotAllowed, match="session_cancelled"):
        team_of(gone)
    assert not TeamMember.objects.exists()


def test_a_draft_and_a_cancelled_class_are_closed_to_their_team():
    staff = trainer()
    draft = workflow.plan_session(plan(), by=staff, at=NOON)
    where = session(by=staff)
    fay = team_of(draft)
    team_of(where, fay)
    workflow.cancel(where.pk, because="Too few people.", by=staff, at=NOON + HOUR)

    assert list(led_by(fay, NOON + HOUR)) == []
    assert [one.session for one in teams_of(fay)] == [where]
    workflow.publish(draft.pk, by=staff, at=NOON + HOUR)
    assert list(led_by(fay, NOON + HOUR)) == [draft]


def test_nobody_names_or_takes_off_themselves_a_superuser_included():
    where, staff = session(), trainer()
    User.objects.filter(pk=staff.pk).update(is_superuser=True)
    root = User.objects.get(pk=staff.pk)

    with pytest.raises(NotAllowed, match="own_matter"):
        workflow.join_team(where.pk, root.pk, "coordinator", by=root, at=NOON)
    member = workflow.join_team(where.pk, root.pk, "coordinator", by=trainer(), at=NOON)
    with pytest.raises(NotAllowed, match="own_matter"):
        workflow.leave_team(member.pk, by=root, at=NOON)


@pytest.mark.parametrize("admitted", [True, False])
def test_who_has_a_live_spot_in_the_class_is_not_named_for_it_but_may_be_for_another(admitted):
    where, other = session(), session("peer_bridger", last=None)
    someone = spot(where, admitted=admitted).person

    with pytest.raises(NotAllowed, match="has_a_spot_here"):
        team_of(where, someone)
    team_of(other, someone)
    assert [one.session for one in TeamMember.objects.all()] == [other]


def test_who_left_the_line_or_waits_for_another_date_may_be_named():
    where = session()
    gone, waits = spot(where), spot(where)
    workflow.withdraw(gone.pk, by=gone.person, at=NOON)
    workflow.pause(waits.pk, by=waits.person, at=NOON)

    for one in (gone, waits):
        assert may_lead(team_of(where, one.person), where, NOON)


def test_who_signs_up_for_the_class_they_lead_sees_it_no_more_until_they_leave_the_line():
    where = session()
    fay = team_of(where)

    mine = spot(where, fay, at=NOON)
    assert not may_lead(fay, where, NOON)
    workflow.allocate(where.pk, at=ALLOCATION)
    assert not may_lead(fay, where, ALLOCATION)
    with pytest.raises(NotAllowed, match="not_on_the_team"):
        key = (mine.pk, halves(where)[0].pk)
        workflow.mark_session(where.pk, {key: True}, by=fay, at=where.ends_at, as_team=True)
    workflow.withdraw(mine.pk, by=fay, at=ALLOCATION)
    assert may_lead(fay, where, ALLOCATION)


def test_who_finished_the_class_does_not_lead_it_afterwards():
    where, [mine] = in_class()
    Registration.objects.filter(pk=mine.pk).update(outcome=Registration.Outcome.COMPLETED)

    with pytest.raises(NotAllowed, match="has_a_spot_here"):
        team_of(where, mine.person, at=where.ends_at)


def test_who_makes_up_a_half_day_there_does_not_lead_it():
    _where, mine, staff, over = missed_one()
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    fay = team_of(later, mine.person)
    assert may_lead(fay, later, over)

    booked = workflow.book_make_up(mine.pk, 3, later.pk, by=staff, at=over)

    assert not may_lead(fay, later, over)
    with pytest.raises(NotAllowed, match="has_a_spot_here"):
        team_of(later, mine.person, part="coordinator", at=over)
    workflow.take_back_make_up(booked.pk, by=staff, at=over)
    assert may_lead(fay, later, over)


def test_the_days_are_a_rule_of_the_state_that_the_department_is_to_confirm():
    rule = RuleVersion.objects.get(kind="value", code="team_access_days")

    assert (rule.body["value"], rule.evidence_class) == (7, "I")


# -- Who is told -------------------------------------------------------------------------------------------


def heard(someone):
    return list(
        Message.objects.filter(person=someone, kind__startswith="team_").order_by("pk").values_list("kind", flat=True)
    )


def test_who_is_named_and_who_is_taken_off_hears_it_once_with_the_way_there():
    where = session()
    fay = team_of(where)
    workflow.join_team(where.pk, fay.pk, "coordinator", by=trainer(), at=NOON)  # another part is no news
    named = Message.objects.get(person=fay)

    workflow.leave_team(TeamMember.objects.standing().get().pk, by=trainer(), at=NOON + DAY)

    assert named.facts["page"] == {"name": "trainings:class_session", "args": [where.reference]}
    assert heard(fay) == ["team_named", "team_left"]


def test_the_team_of_a_draft_hears_of_it_once_it_is_on_the_calendar():
    staff = trainer()
    draft, unused = (workflow.plan_session(plan(), by=staff, at=NOON) for _number in range(2))
    fay, gil = team_of(draft), team_of(unused)
    assert heard(fay) == []

    workflow.publish(draft.pk, by=staff, at=NOON)
    workflow.cancel(unused.pk, because="Not used.", by=staff, at=NOON)

    assert (heard(fay), heard(gil)) == (["team_named"], [])


def test_the_team_hears_of_other_days_another_room_and_the_end_of_it_and_not_of_a_lower_number_of_seats():
    staff, where = trainer(), session()
    fay, gone = team_of(where), team_of(where)
    workflow.leave_team(TeamMember.objects.get(person=gone).pk, by=staff, at=NOON)
    moved = {"first": FIRST_DAY + 7 * DAY, "capacity": 2}

    workflow.change_session(where.pk, plan(capacity=2), by=staff, at=NOON + HOUR)
    assert heard(fay) == ["team_named"]
    workflow.change_session(where.pk, plan(**moved), by=staff, at=NOON + 2 * HOUR)
    there = {"mode": "in_person", "location": "Cypress Hall", "county": "Hinds"}
    workflow.change_session(where.pk, plan(**moved, **there), by=staff, at=NOON + 3 * HOUR)
    workflow.cancel(where.pk, because="Too few people.", by=staff, at=NOON + 4 * HOUR)

    assert heard(fay) == ["team_named", "team_class_changed", "team_class_changed", "team_class_cancelled"]
    assert [one.status for one in Message.objects.filter(kind="team_class_changed").order_by("pk")] == [
        "cancelled",  # the newest says all
        "owed",
    ]
    assert heard(gone) == ["team_named", "team_left"]


def test_the_office_sees_beforehand_that_the_team_is_told():
    where = session()
    fay = team_of(where)

    [group] = of_cancelling(where)

    assert (group.label, group.names) == ("Lead this class", (str(fay),))
    moved = plan(first=FIRST_DAY + 7 * DAY)
    assert [one.names for one in of_changing(where, moved, difference(where, moved), NOON)] == [(str(fay),)]
    seats = plan(capacity=2)
    assert of_changing(where, seats, difference(where, seats), NOON) == []
