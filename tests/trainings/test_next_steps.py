"""Every state of a spot says where it stands, who acts next and by when; the office's queue finds its sessions."""

from datetime import timedelta

import pytest

from accounts.models import Profile
from accounts.steps import Tone
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, plan, session, spot, trainer
from tests.trainings.test_workflow import STATUSES, at_status, in_class, mark_all, seated
from trainings import workflow
from trainings.next_steps import offers_to_read_out, steps_of, work_of

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize("status", [one for one in STATUSES if one != "withdrawn"])
def test_every_state_says_who_acts_next_and_by_when_or_that_it_is_over(status):
    one = at_status(status)

    (step,) = steps_of(one.person, ALLOCATION + HOUR)

    assert step.reference == one.reference
    assert step.is_over == (status in ("declined", "ran_out", "not_seated", "cancelled", "not_eligible"))


def test_an_offer_is_the_readers_turn():
    _where, spots = seated()
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION)

    (step,) = steps_of(spots[1].person, ALLOCATION)

    assert (step.tone, step.next_actor, step.link_text) == (Tone.YOU, "you", "Answer")
    assert step.sentence == "Answer by Saturday, August 28, 8 a.m. Central."


def test_through_class_test_and_completion_the_step_follows():
    where, (mine,) = in_class()
    staff, after = person(), where.ends_at + HOUR
    chips = [steps_of(mine.person, moment)[0].chip for moment in (ALLOCATION, where.starts_at, after)]
    mark_all(where, mine, by=staff, at=after)
    workflow.record_exam(mine.pk, 70, taken_on=where.ends_on, by=staff, at=after)
    chips.append(steps_of(mine.person, after)[0].sentence)
    workflow.record_exam(mine.pk, 80, taken_on=where.ends_on + 7 * DAY, by=staff, at=after + 7 * DAY)
    workflow.complete(mine.pk, by=staff, at=after + 7 * DAY)
    chips.append(steps_of(mine.person, after + 8 * DAY)[0].sentence)

    assert chips == [
        "You have a seat",
        "You have a seat",
        "Class is over",
        "You can take the test again from Friday, September 24, 2027.",
        "You finished on Friday, September 24, 2027.",
    ]


def test_a_long_pause_stays_in_sight_until_it_ends():
    one = spot(session(), at=NOON - 120 * DAY)
    workflow.pause(one.pk, by=one.person, at=NOON)

    (step,) = steps_of(one.person, NOON + 300 * DAY)

    assert (step.reference, step.chip, step.is_over) == (one.reference, "On pause", False)


def test_a_spot_that_ended_later_does_not_hide_the_one_that_is_open():
    old, now = at_status("ran_out"), ALLOCATION + 5 * DAY
    me, cancelled, later = old.person, session(first=FIRST_DAY + 35 * DAY), session(first=FIRST_DAY + 70 * DAY)
    spot(cancelled, me, at=now)
    workflow.cancel(cancelled.pk, because="x", by=person(), at=now)

    workflow.move_spot(old.pk, later.pk, by=me, at=now + HOUR)

    assert [step.reference for step in steps_of(me, now + DAY)] == [old.reference]


def offered_by_post(*, phone="", **facts):
    """A seat fell free and is offered to the first in line, whom letters reach and no e-mail."""
    _where, spots = seated(capacity=1, people=2)
    reached = spots[1].person
    Profile.objects.filter(person=reached).update(best_channel="post", phone=phone, **facts)
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION)
    return spots[1]


def test_the_office_is_told_to_call_whom_a_letter_would_reach_too_late():
    mine = offered_by_post(phone="+16015550142")

    (work,) = [one for one in work_of(trainer(), ALLOCATION + HOUR) if one.reference == mine.reference]

    assert work.verb == f"Call {mine.person.called}. The offer of a seat runs out Saturday, August 28, 8 a.m. Central"
    assert (work.detail, work.due_on) == ("(601) 555-0142, leave no voicemail", (ALLOCATION + 3 * DAY).date())
    assert work.reference == mine.reference and mine.person.reference in work.url


def test_the_call_is_done_once_they_answered_or_the_time_is_over():
    mine = offered_by_post(voicemail_is_safe=True)
    staff = trainer()

    before = offers_to_read_out(staff, ALLOCATION + HOUR)
    late = offers_to_read_out(staff, ALLOCATION + 4 * DAY)
    workflow.accept(mine.pk, by=staff, at=ALLOCATION + HOUR)

    assert [work.detail for work in before] == ["no phone number"]
    assert (late, offers_to_read_out(staff, ALLOCATION + HOUR)) == ([], [])


def test_whoever_asked_to_be_called_is_called_and_whom_mail_reaches_is_not():
    mine = offered_by_post(phone="+16015550142")

    Profile.objects.filter(person=mine.person).update(best_channel="phone", voicemail_is_safe=True)
    assert [work.detail for work in offers_to_read_out(trainer(), ALLOCATION)] == ["(601) 555-0142"]
    Profile.objects.filter(person=mine.person).update(best_channel="email")
    assert offers_to_read_out(trainer(), ALLOCATION) == []


def test_nobody_is_told_to_call_themselves_and_many_offers_are_read_at_once(django_assert_num_queries):
    mine = offered_by_post(phone="+16015550142")
    staff = trainer()

    with django_assert_num_queries(1):
        assert len(offers_to_read_out(staff, ALLOCATION)) == 1
    offered_by_post(phone="+16015550143")
    with django_assert_num_queries(1):
        assert len(offers_to_read_out(staff, ALLOCATION)) == 2
    with django_assert_num_queries(1):
        assert len(offers_to_read_out(mine.person, ALLOCATION)) == 1


def test_the_office_sees_what_a_session_needs():
    staff = trainer()
    workflow.plan_session(plan(meeting_link=""), by=staff, at=NOON)
    bare = session("peer_bridger", meeting_link="", first=plan().half_days[0][0].date() + 28 * DAY)
    due, over = session(), session(first=plan().half_days[0][0].date() - 35 * DAY)
    spot(due, admitted=False)
    early = NOON - 27 * DAY
    spot(over, at=early - 60 * DAY)
    workflow.allocate(over.pk, at=NOON - 10 * DAY)
    now = ALLOCATION - DAY

    found = {(work.reference, work.verb) for work in work_of(staff, now)}

    assert (due.reference, "Check 1 application before the seats are set") in found
    assert (bare.reference, "Add the meeting link") in found
    assert (over.reference, "Mark who was there") in found
    assert any(verb == "Put the draft on the calendar" for _reference, verb in found)
    assert work_of(person(), now) == []
