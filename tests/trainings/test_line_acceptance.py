"""Acceptance 2, 15, 16 and 17d, from what people do to what they read."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Entry
from audit.reasons import NotAllowed
from notifications.models import Message
from programs.calendar import local_moment
from tests.trainings.factories import NOON, person, session, spot, standing
from trainings import rules, workflow
from trainings.models import Registration, Seat, Status

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fresh(one):
    return Registration.objects.get(pk=one.pk)


def words(client, one, at):
    with time_machine.travel(at, tick=False):
        client.force_login(one.person)
        page = client.get(reverse("trainings:registration", args=[one.reference])).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def holding(*standings):
    someone = person()
    for kind, code in standings:
        standing(someone, kind, code)
    return someone


def test_bridger_seats_go_by_group_and_inside_a_group_by_arrival_and_each_reads_why(client):
    """Acceptance 2: 3 seats, five people in mixed order; the employed Bridger came last."""
    where = session("peer_bridger", capacity=3)
    trained, certified = ("trained", "CPSSP-MH"), ("certified", "CPSSP-MH")
    first_trained = spot(where, holding(trained))
    first_certified = spot(where, holding(certified), at=NOON + HOUR)
    second_trained = spot(where, holding(trained), at=NOON + 2 * HOUR)
    second_certified = spot(where, holding(certified), at=NOON + 3 * HOUR)
    bridger = spot(where, holding(certified, ("employed", "peer_bridger")), at=NOON + 4 * HOUR)
    expected = [bridger, first_certified, second_certified, first_trained, second_trained]
    reasons = ["Your job, which your employer confirmed.", "Your certificate."] + ["Your certificate."]
    reasons += ["The training you finished"] * 2

    for number, (one, reason) in enumerate(zip(expected, reasons, strict=True), start=1):
        page = words(client, one, NOON + DAY)
        assert f"You are number {number} in the ranking now" in page
        assert reason in page
    workflow.allocate(where.pk, at=local_moment(where.allocation_on, rules.MORNING))

    assert [fresh(one).status for one in expected] == ["confirmed"] * 3 + ["waiting"] * 2
    assert [fresh(one).rank for one in expected] == [1, 2, 3, 4, 5]
    after = words(client, first_trained, local_moment(where.allocation_on, rules.MORNING) + HOUR)
    assert "You are number 1 in line" in after
    assert "3: People who finished the peer support training" in after


def one_offered():
    where = session(capacity=1)
    first, second, third = (spot(where, at=NOON + number * HOUR) for number in range(3))
    now = local_moment(where.allocation_on, rules.MORNING)
    workflow.allocate(where.pk, at=now)
    workflow.withdraw(first.pk, by=first.person, at=now + HOUR)
    return where, fresh(second), third, now + HOUR


@pytest.mark.parametrize("answers", [("no",), ("no", "no"), ("late yes",), ("late yes", "late yes"), ("no", "yes")])
def test_an_offer_said_no_to_or_answered_late_or_twice_gives_one_seat_and_loses_no_spot(answers):
    """Acceptance 15."""
    where, mine, behind, now = one_offered()
    end = mine.offer_expires_at

    for answer in answers:
        at = end if answer == "late yes" else now + HOUR
        verb = workflow.decline if answer == "no" else workflow.accept
        try:
            verb(mine.pk, by=mine.person, at=at)
        except NotAllowed as refusal:
            assert refusal.messages
    workflow.run_out(end)

    assert fresh(mine).status in (Status.DECLINED, Status.RAN_OUT)
    assert fresh(behind).status == Status.OFFERED
    assert Seat.objects.filter(session=where, registration__isnull=False).count() == 1
    following = session(first=date(2027, 11, 15))
    moved = workflow.move_spot(mine.pk, following.pk, by=mine.person, at=end)
    assert (moved.status, moved.received_at) == (Status.ADMITTED, mine.received_at)


def test_a_seat_given_back_goes_to_the_first_whose_packet_is_complete_and_the_other_keeps_the_spot():
    """Acceptance 16."""
    where = session(capacity=1)
    seated = spot(where)
    incomplete = spot(where, at=NOON + HOUR, admitted=False)
    complete = spot(where, at=NOON + 2 * HOUR)
    now = local_moment(where.allocation_on, rules.MORNING)
    workflow.allocate(where.pk, at=now)

    workflow.withdraw(seated.pk, by=seated.person, at=now + DAY)

    assert [fresh(one).status for one in (complete, incomplete)] == [Status.OFFERED, Status.RECEIVED]
    following = session(first=date(2027, 11, 15))
    moved = workflow.move_spot(incomplete.pk, following.pk, by=incomplete.person, at=now + DAY)
    assert (moved.status, moved.received_at, moved.session) == (Status.RECEIVED, incomplete.received_at, following)


def test_after_the_last_offer_day_no_seat_is_offered_by_itself_and_the_office_gives_it_by_hand():
    """Acceptance 16, its second half."""
    where = session(capacity=1)
    seated, waiting = spot(where), spot(where, at=NOON + HOUR)
    workflow.allocate(where.pk, at=local_moment(where.allocation_on, rules.MORNING))
    late = local_moment(where.last_offer_on + DAY, rules.MORNING)

    workflow.withdraw(seated.pk, by=seated.person, at=late)
    workflow.keep_time(at=late + HOUR)
    assert fresh(waiting).status == Status.WAITING

    workflow.give_seat(waiting.pk, seen_passed=[], because="They said yes by phone.", by=person(), at=late + HOUR)
    assert fresh(waiting).status == Status.CONFIRMED


def test_while_somebody_pauses_nothing_about_the_training_is_written_to_them():
    """Acceptance 17d."""
    where, mine, _behind, now = one_offered()
    workflow.pause(mine.pk, by=mine.person, at=now + HOUR)
    Message.objects.filter(kind="spot_paused").update(status="sent")

    workflow.keep_time(at=mine.offer_expires_at + HOUR)
    workflow.keep_time(at=where.starts_at + HOUR)

    owed = Message.objects.filter(about=mine.reference, status="owed")
    assert list(owed.values_list("kind", flat=True)) == []
    assert fresh(mine).status == Status.PAUSED
    said = " ".join(str(entry.facts) for entry in Entry.objects.of(mine).filter(event="trainings.paused"))
    assert "because" not in said
    assert "reason" not in said


def test_who_can_no_longer_lose_a_seat_reads_it_before_the_seats_are_set(client):
    where = session("peer_bridger", capacity=3)
    bridger = spot(where, holding(("certified", "CPSSP-MH"), ("employed", "peer_bridger")))

    workflow.secure(where.pk, at=where.registration_closes_at + HOUR)

    page = words(client, bridger, where.registration_closes_at + 2 * HOUR)
    assert fresh(bridger).status == Status.CONFIRMED
    assert "Nobody can take this seat from you any more." in page
