"""Seats set aside for a provider's new hires, and sign-ups their officer starts."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse

from audit.models import Entry
from audit.reasons import NotAllowed
from employment.models import Job, Officer, Provider
from notifications.models import Message
from programs.calendar import local_moment
from tests.trainings.factories import ALLOCATION, NOON, person, session, spot, standing
from trainings import rules, workflow
from trainings.models import Block, Invitation, Registration, Status

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fresh(one):
    return Registration.objects.get(pk=one.pk)


def provider(name="Delta Care"):
    return Provider.objects.create(kind="community_mental_health", name=name, certified_from=date(2020, 1, 1))


def officer_of(where, email="sdo@delta.example.org"):
    someone = person("Olga Officer", email=email)
    EmailAddress.objects.create(user=someone, email=email, verified=True, primary=True)
    Officer.objects.create(provider=where, name=str(someone), email=email, phone="+16015550123")
    return someone


def works_at(where, someone, status=Job.Status.VERIFIED):
    return Job.objects.create(
        person=someone,
        provider=where,
        position="Peer",
        role_code="peer_bridger",
        hired_on=date(2027, 7, 1),
        status=status,
        named_at=NOON,
    )


def block(where, place, *, count=1, until=date(2027, 8, 20), at=NOON, by=None):
    return workflow.make_block(where.pk, place.pk, count=count, until_on=until, by=by or person(), at=at)


def test_a_scholarship_never_takes_a_seat_of_an_employers_block():
    where = session(capacity=3)
    block(where, provider(), count=2)
    mine = spot(where)

    with pytest.raises(NotAllowed, match="no_kept_seat"):
        workflow.offer_kept_seat(mine.pk, for_round="SR-1", answer_by=NOON + DAY, by=None, at=NOON)

    assert fresh(mine).seat is None


def test_a_block_keeps_its_seats_from_the_line_and_is_made_once():
    where, place = session(capacity=3), provider()

    found = [block(where, place, count=2) for _press in range(2)]

    assert found[0] == found[1]
    assert where.seats.filter(kept_for=found[0].reference).count() == 2
    assert where.seats.general().count() == 1
    with pytest.raises(NotAllowed, match="block_is_there"):
        block(where, place, count=1)


def test_a_block_is_refused_for_a_day_or_a_provider_that_does_not_fit_and_for_more_than_is_free():
    where, place = session(capacity=3), provider()
    closed = Provider.objects.create(
        kind="community_mental_health", name="Gone", certified_from=date(2020, 1, 1), closed_on=date(2027, 1, 1)
    )

    for reason, facts in (
        ("block_day_wrong", {"until": date(2027, 8, 1)}),
        ("block_day_wrong", {"until": where.registration_closes_on + DAY}),
        ("sign_up_is_over", {"at": where.registration_closes_at}),
        ("too_few_free_seats", {"count": 4}),
        ("provider_not_certified_now", {"place": closed}),
    ):
        with pytest.raises(NotAllowed, match=reason):
            block(where, facts.pop("place", place), **facts)
    assert not Block.objects.exists()


def test_who_has_a_confirmed_job_there_may_use_it_and_nobody_else():
    where, place = session(), provider()
    theirs = block(where, place)
    hired, named, stranger = person(), person(), person()
    works_at(place, hired)
    works_at(place, named, Job.Status.NAMED)

    found = [workflow.block_for(where, someone, at=NOON) for someone in (hired, named, stranger)]

    assert found == [theirs, None, None]
    assert workflow.block_for(where, hired, at=local_moment(date(2027, 8, 21), rules.MORNING)) is None


def test_the_seats_of_a_block_go_to_its_people_in_order_and_the_rest_to_the_line_once_the_seats_are_set():
    where, place = session(capacity=2), provider()
    theirs = block(where, place)
    early, late = spot(where), spot(where, at=NOON + HOUR)
    hired = person()
    works_at(place, hired)
    mine = spot(where, hired, at=NOON + 2 * HOUR, block=workflow.block_for(where, hired, at=NOON + 2 * HOUR))
    assert workflow.release_blocks_due(ALLOCATION - HOUR) == 0  # its last day is over, its people are not seated yet
    workflow.allocate(where.pk, at=ALLOCATION)

    assert [fresh(one).status for one in (early, late, mine)] == ["confirmed", "waiting", "confirmed"]
    assert (fresh(mine).kept_for, fresh(mine).is_paid_for) == (theirs.reference, False)

    workflow.withdraw(mine.pk, by=hired, at=ALLOCATION)
    assert fresh(late).status == Status.WAITING  # the seat is the block's until it is released
    assert [workflow.release_blocks_due(ALLOCATION) for _sweep in range(2)] == [1, 0]
    assert fresh(late).status == Status.OFFERED


@pytest.mark.parametrize("leave", ["withdraw", "pause", "move_spot"])
def test_a_seat_given_back_after_its_block_ended_goes_to_the_line_at_once(leave):
    where, place = session(capacity=1), provider()
    theirs = block(where, place)
    late, hired = spot(where), person()
    works_at(place, hired)
    mine = spot(where, hired, at=NOON + HOUR, block=theirs)
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.release_block(theirs.pk, by=None, at=ALLOCATION + DAY)
    assert [fresh(mine).status, fresh(late).status] == ["confirmed", "waiting"]

    to = [session(first=date(2027, 11, 8)).pk] if leave == "move_spot" else []
    getattr(workflow, leave)(mine.pk, *to, by=hired, at=ALLOCATION + 2 * DAY)

    assert (fresh(late).status, fresh(late).kept_for) == (Status.OFFERED, "")
    released = Entry.objects.of(where).filter(event="trainings.seats_released").latest("pk")
    assert released.facts == {"count": 1, "round": theirs.reference}


def test_where_seats_go_as_people_come_a_block_is_over_on_the_day_after():
    where, place = session("components_1", capacity=1), provider()
    block(where, place, until=date(2027, 8, 10))
    someone = person()
    standing(someone, "certified", "CPSSP-MH")
    late = spot(where, someone)
    assert fresh(late).status == Status.WAITING

    swept = [workflow.release_blocks_due(local_moment(date(2027, 8, day), rules.MORNING)) for day in (10, 11)]

    assert (swept, fresh(late).status) == ([0, 1], Status.OFFERED)


def test_who_signed_up_under_a_block_and_is_accepted_later_has_its_seat_when_the_seats_are_set():
    where, place = session(capacity=1), provider()
    theirs, hired = block(where, place), person()
    works_at(place, hired)
    mine = spot(where, hired, block=theirs, admitted=False)

    workflow.keep_time(at=ALLOCATION - DAY)
    workflow.admit(mine.pk, by=None, at=ALLOCATION - HOUR)
    workflow.keep_time(at=ALLOCATION)

    assert (fresh(mine).status, fresh(mine).kept_for) == (Status.CONFIRMED, theirs.reference)
    assert Block.objects.get(pk=theirs.pk).released_at == ALLOCATION


def test_released_by_hand_twice_is_released_once():
    where = session(capacity=1)
    theirs = block(where, provider())

    for _press in range(2):
        workflow.release_block(theirs.pk, by=person(), at=NOON + HOUR)

    assert where.seats.general().count() == 1
    assert Entry.objects.of(theirs).filter(event="trainings.block_released").count() == 1


# -- Started by an officer ---------------------------------------------------------------------------------


def invite(where, place, by, email="new@example.org", at=NOON):
    return workflow.invite(where.pk, place.pk, name="New Hire", email=email, by=by, at=at)


def test_an_officer_starts_a_sign_up_with_one_message_and_takes_no_spot():
    where, place = session(), provider()
    officer = officer_of(place)

    found = [invite(where, place, officer) for _press in range(2)]

    assert found[0] == found[1]
    assert not Registration.objects.exists()
    message = Message.objects.get(kind="invited")
    assert (message.to_address, message.person) == ("new@example.org", None)


def test_only_who_speaks_for_the_provider_may_and_not_for_themselves_and_not_too_late():
    where, place = session(), provider()
    officer = officer_of(place)

    for by, email, at, reason in (
        (person(), "new@example.org", NOON, "not_your_provider"),
        (officer, "SDO@delta.example.org", NOON, "own_matter"),
        (officer, "new@example.org", where.registration_closes_at, "date_not_open"),
    ):
        with pytest.raises(NotAllowed, match=reason):
            invite(where, place, by, email, at)


def test_the_person_takes_it_up_by_the_link_once_and_it_is_used_when_they_finish():
    where, place = session(), provider()
    block(where, place)
    officer, me, other = officer_of(place), person(), person()
    mine = invite(where, place, officer)

    opened = workflow.invitation_of(workflow.invitation_token(mine))
    for _press in range(2):
        workflow.take_up(opened.pk, by=me, at=NOON)
    with pytest.raises(NotAllowed, match="invitation_used"):
        workflow.take_up(opened.pk, by=other, at=NOON)
    with pytest.raises(NotAllowed, match="invitation_used"):
        workflow.take_up(opened.pk, by=officer, at=NOON)

    assert workflow.block_for(where, me, at=NOON) is not None
    one = spot(where, me)
    workflow.use_invitations(one)
    assert Invitation.objects.get().registration == one


def test_a_proved_mailbox_is_enough_and_a_typed_one_is_not():
    where, place = session(), provider()
    officer = officer_of(place)
    mine = invite(where, place, officer)
    typed, proved = person(), person()
    EmailAddress.objects.create(user=typed, email="new@example.org", verified=False)

    workflow.use_invitations(spot(where, typed))
    assert Invitation.objects.get(pk=mine.pk).registration is None
    EmailAddress.objects.filter(user=typed).delete()
    EmailAddress.objects.create(user=proved, email="new@example.org", verified=True)
    one = spot(where, proved)
    workflow.use_invitations(one)

    assert Invitation.objects.get(pk=mine.pk).registration == one


def test_a_forged_link_opens_nothing():
    where, place = session(), provider()
    token = workflow.invitation_token(invite(where, place, officer_of(place)))

    with pytest.raises(NotAllowed, match="link_bad"):
        workflow.invitation_of(token[:-2])


# -- Taken back --------------------------------------------------------------------------------------------


def test_what_went_to_a_wrong_address_is_taken_back_once_and_the_link_is_over():
    where, place = session(), provider()
    block(where, place)
    officer, stranger = officer_of(place), person()
    mine = invite(where, place, officer, email="wrong@example.org")
    token = workflow.invitation_token(mine)

    for _press in range(2):
        workflow.take_back_invitation(mine.pk, by=officer, at=NOON + HOUR)

    with pytest.raises(NotAllowed, match="invitation_over"):
        workflow.invitation_of(token)
    with pytest.raises(NotAllowed, match="invitation_over"):
        workflow.take_up(mine.pk, by=stranger, at=NOON + 2 * HOUR)  # the page was open before
    assert workflow.block_for(where, stranger, at=NOON + 2 * HOUR) is None
    assert Entry.objects.of(mine).filter(event="trainings.invitation_taken_back", actor=officer).count() == 1
    assert Message.objects.get(kind="invited").status == "cancelled"
    right = invite(where, place, officer, email="right@example.org", at=NOON + 2 * HOUR)
    again = invite(where, place, officer, email="wrong@example.org", at=NOON + 2 * HOUR)
    assert len({mine, right, again}) == 3


def test_only_an_officer_of_that_provider_takes_it_back_and_nobody_once_it_is_taken_up():
    where, place = session(), provider()
    officer, me = officer_of(place), person()
    mine = invite(where, place, officer)

    with pytest.raises(NotAllowed, match="not_your_provider"):
        workflow.take_back_invitation(mine.pk, by=me, at=NOON)
    workflow.take_up(mine.pk, by=me, at=NOON)
    with pytest.raises(NotAllowed, match="invitation_taken_up"):
        workflow.take_back_invitation(mine.pk, by=officer, at=NOON)

    workflow.use_invitations(spot(where, me))
    assert Invitation.objects.get().registration is not None


def test_the_officers_page_has_the_button_and_the_link_says_it_is_over(client):
    where, place = session(), provider()
    officer = officer_of(place)
    mine, used = invite(where, place, officer), invite(where, place, officer, email="other@example.org")
    workflow.take_up(used.pk, by=person(), at=NOON)
    press = {one: reverse("trainings:take_back_invitation", args=[one.reference]) for one in (mine, used)}

    with time_machine.travel(NOON + HOUR, tick=False):
        client.force_login(officer)
        before = client.get(reverse("trainings:new_hires")).content.decode()
        done = client.post(press[mine], follow=True).content.decode()
        refused = client.post(press[used], follow=True).content.decode()
        client.logout()
        opened = client.get(reverse("trainings:invitation", args=[workflow.invitation_token(mine)]))

    assert press[mine] in before and press[used] not in before
    assert "Taken back. The link of New Hire does not work now." in done and press[mine] not in done
    assert "It cannot be taken back." in refused
    assert opened.status_code == 410
    assert "This invitation is over. Who sent it took it back." in opened.content.decode()


def test_two_invitations_of_one_person_are_used_once_however_often_they_press():
    where, me = session(), person(email="ada@example.org")
    EmailAddress.objects.create(user=me, email="ada@example.org", verified=True, primary=True)
    for name, mailbox in (("Delta Care", "sdo@delta.example.org"), ("Hill House", "sdo@hill.example.org")):
        place = provider(name)
        workflow.invite(where.pk, place.pk, name="Ada", email="ada@example.org", by=officer_of(place, mailbox), at=NOON)
    mine = spot(where, me)

    assert [workflow.use_invitations(mine) for _press in range(2)] == [1, 0]
    assert Invitation.objects.filter(registration=mine).count() == 1
