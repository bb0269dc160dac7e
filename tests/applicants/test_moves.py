"""The packet and the award go along when a spot changes its date or pauses."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

import trainings.workflow
from applicants import workflow
from applicants.models import Award, LedgerLine, TrainingApplication
from audit.models import Entry
from notifications import reminders
from notifications.models import Message
from programs.calendar import local_moment
from tests.applicants import factories as make
from tests.applicants.factories import AFTER_CLOSE, NOON
from tests.trainings.test_blocks import block, invite, officer_of, provider
from trainings import rules
from trainings.models import Registration
from trainings.workflow import move_spot, pause

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER, DECEMBER = date(2027, 11, 15), date(2027, 12, 13)


def fresh(one):
    return type(one).objects.get(pk=one.pk)


def awarded(*, accepted=True):
    """Somebody with an accepted application, an award, and the seat that comes with it."""
    round_ = make.scholarship_round(budget_cents=15000, scholarship_seats=1)
    (wish,) = make.ready_to_decide(1, round_)
    officer = make.with_role("scholarship_officer")
    workflow.stage(wish.pk, "award", seen="", reason="", by=officer, at=AFTER_CLOSE)
    workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)
    award = wish.awards.get()
    if accepted:
        workflow.accept_award(award.pk, by=wish.person, at=AFTER_CLOSE)
    return round_, fresh(award), award.registration


def ledger():
    return list(LedgerLine.objects.order_by("id").values_list("cents", flat=True))


# -- The packet --------------------------------------------------------------------------------------------


def test_a_packet_that_was_sent_moves_with_its_spot_and_is_judged_by_the_same_rules():
    mine = make.submitted()
    november = make.session(first=NOVEMBER)

    move_spot(mine.registration_id, november.pk, by=mine.person, at=NOON + DAY)

    moved = fresh(mine)
    assert (moved.session, moved.status, moved.judged_on) == (november, "submitted", mine.judged_on)
    assert moved.references.filter(status="given").count() == 2
    assert Entry.objects.of(mine).filter(event="applicants.application_moved").count() == 1


def test_an_accepted_packet_moves_and_the_spot_stays_in_the_ranking():
    mine = make.accepted()
    november = make.session(first=NOVEMBER)

    spot = move_spot(mine.registration_id, november.pk, by=mine.person, at=NOON + DAY)

    assert (fresh(mine).session, fresh(mine).status, spot.status) == (november, "accepted", "admitted")


def test_a_packet_that_was_returned_gets_its_days_anew():
    mine = make.submitted()
    workflow.return_to_person(mine.pk, missing=["school_paper"], note="", by=make.trainings.trainer(), at=NOON)
    november = make.session(first=NOVEMBER)

    move_spot(mine.registration_id, november.pk, by=mine.person, at=NOON + DAY)

    assert fresh(mine).answer_by == november.documents_close_on


def test_while_paused_a_packet_waits_outside_the_offices_list_and_nobody_is_reminded():
    mine = make.submitted()
    workflow.return_to_person(mine.pk, missing=["school_paper"], note="", by=make.trainings.trainer(), at=NOON)
    due = local_moment(fresh(mine).answer_by - DAY, rules.MORNING)
    reminders.plan(at=due)
    assert Message.objects.filter(kind="returned_deadline", status="owed").count() == 1

    pause(mine.registration_id, by=mine.person, at=due)
    reminders.plan(at=due)

    assert not Message.objects.filter(kind="returned_deadline", status="owed").exists()
    workflow.submit(mine.pk, received_at=due, by=mine.person, at=due)
    assert list(TrainingApplication.objects.to_check()) == []


def test_thirty_days_before_its_end_a_pause_is_told_once():
    mine = make.submitted()
    pause(mine.registration_id, by=mine.person, at=NOON)
    until = Registration.objects.get().paused_until

    reminders.plan(at=local_moment(until - 31 * DAY, rules.MORNING))
    assert not Message.objects.filter(kind="pause_ending").exists()
    for _sweep in range(2):
        reminders.plan(at=local_moment(until - 30 * DAY, rules.MORNING))

    assert Message.objects.filter(kind="pause_ending").count() == 1


def test_late_by_a_minute_one_press_sends_it_for_the_next_session(client):
    mine = make.fill(make.draft())
    november = make.session(first=NOVEMBER)
    late = mine.session.registration_closes_at + timedelta(minutes=1)
    with time_machine.travel(late, tick=False):
        client.force_login(mine.person)
        page = client.get(reverse("applicants:check", args=[mine.reference])).content.decode()
        assert "Send it for the next training" in page
        for _press in range(2):
            client.post(reverse("applicants:use_for_next", args=[mine.reference]), {"send": "1"})

    assert (fresh(mine).status, fresh(mine).session) == ("submitted", november)
    assert Registration.objects.get().session == november


def test_who_has_a_spot_on_another_date_is_offered_the_change(client):
    mine = make.accepted()
    november = make.session(first=NOVEMBER)
    with time_machine.travel(NOON + DAY, tick=False):
        client.force_login(mine.person)
        answer = client.get(reverse("applicants:start", args=[november.reference]))

    change = reverse("trainings:change_date", args=[mine.registration.reference])
    assert answer.headers["Location"] == f"{change}?to={november.reference}"


def test_a_form_taken_late_lets_the_packet_follow():
    mine = make.fill(make.draft())
    late = mine.session.registration_closes_at + HOUR
    with pytest.raises(workflow.NotAllowed, match="application_closed"):
        workflow.submit(mine.pk, received_at=late, by=mine.person, at=late)
    someone = make.applicant()
    for person in (mine.person, someone):
        trainings.workflow.take_late_form(
            mine.session_id,
            person_id=person.pk,
            designation="CPSSP-MH",
            received_at=late,
            because="It lay in our mail room.",
            by=make.trainings.trainer(),
            at=late,
        )

    sent = workflow.submit(mine.pk, received_at=late, by=mine.person, at=late)

    assert (sent.status, sent.registration.overrides.get().kind) == ("submitted", "late_form")
    assert make.draft(mine.session, someone, at=late).status == "draft"


def test_a_packet_that_an_officer_started_counts_for_the_block_when_it_is_sent():
    where, place = make.session(), provider()
    kept = block(where, place)
    me = make.applicant()
    asked = invite(where, place, officer_of(place))
    trainings.workflow.take_up(asked.pk, by=me, at=NOON)
    assert not Registration.objects.exists()

    mine = make.submitted(where, me)

    assert mine.registration.block == kept
    assert fresh(asked).registration == mine.registration


# -- The award ---------------------------------------------------------------------------------------------


def test_an_award_moves_once_with_its_money_and_a_seat_of_the_new_session():
    round_, award, spot = awarded()
    november = make.session(first=NOVEMBER, capacity=2)

    moved = move_spot(spot.pk, november.pk, by=spot.person, at=AFTER_CLOSE + DAY)

    assert (moved.status, moved.kept_for, moved.session) == ("confirmed", round_.reference, november)
    assert fresh(award).status == "accepted"
    assert (fresh(round_).committed_cents, ledger()) == (15000, [15000])
    assert round_.session.seats.free().filter(kept_for=round_.reference).count() == 1
    kinds = list(Message.objects.filter(about=spot.reference).order_by("pk").values_list("kind", flat=True))
    assert kinds.count("spot_moved") == 1
    assert kinds.count("seat_confirmed") == 1  # the one of the first date


def test_a_second_move_ends_the_award_and_the_ledger_balances():
    round_, award, spot = awarded()
    november, december = (make.session(first=first) for first in (NOVEMBER, DECEMBER))
    move_spot(spot.pk, november.pk, by=spot.person, at=AFTER_CLOSE + DAY)

    moved = move_spot(spot.pk, december.pk, by=spot.person, at=AFTER_CLOSE + 2 * DAY)
    workflow.settle_awards(at=AFTER_CLOSE + 3 * DAY)

    assert (moved.status, moved.seat) == ("admitted", None)
    assert fresh(award).status == "ran_out"
    assert (fresh(round_).committed_cents, ledger()) == (0, [15000, -15000])
    assert Message.objects.get(kind="award_ended").facts["because"] == "moved_before"


def test_an_offer_that_was_not_answered_moves_as_an_offer():
    _round, award, spot = awarded(accepted=False)
    november = make.session(first=NOVEMBER)

    moved = move_spot(spot.pk, november.pk, by=spot.person, at=AFTER_CLOSE + DAY)
    workflow.accept_award(award.pk, by=spot.person, at=AFTER_CLOSE + DAY + HOUR)

    assert moved.status == "offered"
    assert (fresh(award).status, fresh(spot).status) == ("accepted", "confirmed")


def test_where_no_seat_can_be_kept_the_award_waits_with_the_spot():
    _round, award, spot = awarded()
    november = make.session(first=NOVEMBER, capacity=1)
    first = november.seats.get()
    first.kept_for = "SR-OTHER"
    first.save()

    moved = move_spot(spot.pk, november.pk, by=spot.person, at=AFTER_CLOSE + DAY)

    assert (moved.status, fresh(award).status) == ("admitted", "accepted")


def test_an_award_waits_through_a_pause_and_goes_on_with_the_spot():
    round_, award, spot = awarded()
    november = make.session(first=NOVEMBER)

    pause(spot.pk, by=spot.person, at=AFTER_CLOSE + DAY)
    workflow.settle_awards(at=AFTER_CLOSE + DAY)
    assert (fresh(award).status, fresh(round_).committed_cents) == ("accepted", 15000)
    moved = move_spot(spot.pk, november.pk, by=spot.person, at=AFTER_CLOSE + 2 * DAY)

    assert (moved.status, fresh(award).status) == ("confirmed", "accepted")


def test_going_on_with_the_same_date_is_no_move_of_the_award_and_takes_its_kept_seat_again():
    round_, award, spot = awarded()
    pause(spot.pk, by=spot.person, at=AFTER_CLOSE + DAY)

    back = move_spot(spot.pk, round_.session_id, by=spot.person, at=AFTER_CLOSE + 2 * DAY)

    assert (back.status, back.kept_for) == ("confirmed", round_.reference)
    assert (fresh(award).status, fresh(award).moved_at) == ("accepted", None)
    assert round_.session.seats.filter(kept_for=round_.reference).count() == 1


def test_a_pause_that_is_over_gives_the_money_back():
    round_, award, spot = awarded()
    pause(spot.pk, by=spot.person, at=AFTER_CLOSE + DAY)
    until = fresh(spot).paused_until

    trainings.workflow.end_pauses(local_moment(until + DAY, rules.MORNING))
    workflow.settle_awards(at=local_moment(until + DAY, rules.MORNING))

    assert Award.objects.get(pk=award.pk).status == "ran_out"
    assert (fresh(round_).committed_cents, sum(ledger())) == (0, 0)
