"""What the mails about a training say to this person: no day that does not exist, no chance that is gone or hidden."""

from datetime import date, timedelta

import pytest

from notifications import sending
from notifications.models import Message
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, plan, session, spot, standing, trainer
from tests.trainings.test_classroom import missed_one
from tests.trainings.test_workflow import in_class, seated
from trainings import workflow

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def said(one, kind, at):
    """The words of the newest message of a kind, as its person reads them after signing in."""
    sending.send_due(at=at)
    message = Message.objects.filter(about=one.reference, kind=kind).latest("pk")
    return f"{message.full_subject or message.subject}. {' '.join((message.full_text or message.text).split())}"


def kinds_about(one):
    return list(Message.objects.filter(about=one.reference).order_by("pk").values_list("kind", flat=True))


def come_first(where):
    someone = person()
    standing(someone, "certified", "CPSSP-MH")
    return spot(where, someone)


def test_where_seats_go_as_people_come_the_seat_or_the_number_in_line_is_the_one_message():
    where = session("components_1", last=FIRST_DAY, capacity=1)

    has_seat, waits = come_first(where), come_first(where)

    assert kinds_about(has_seat) == ["seat_confirmed"]
    assert kinds_about(waits) == ["waiting"]
    assert "You are number 1 in line" in said(waits, "waiting", NOON)


def test_where_the_seats_are_set_later_the_first_message_names_the_day():
    someone = person()
    standing(someone, "certified", "CPSSP-MH")

    mine = spot(session("peer_bridger"), someone)

    assert "We set the seats on Wednesday, August 25." in said(mine, "registered", NOON)


def test_the_number_in_line_is_said_after_the_seats_are_set():
    _where, [_first, second, third] = seated(people=3)

    assert "You are number 1 in line" in said(second, "waiting", ALLOCATION)
    assert "You are number 2 in line" in said(third, "waiting", ALLOCATION)


def test_who_is_not_checked_when_the_seats_are_set_hears_of_the_chance_their_page_gives():
    where = session()
    mine = spot(where, admitted=False)
    workflow.allocate(where.pk, at=ALLOCATION)

    words = said(mine, "not_admitted", ALLOCATION + HOUR)

    assert "is still being checked" in words and "You are not in the line" not in words
    assert "If we accept it by Wednesday, September 8, you join the end of the line." in words


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("ended_early", "We wrote down that you stopped"),
        ("did_not_attend", "We wrote down that you did not attend"),
    ],
)
def test_an_ending_promises_no_make_up(outcome, sentence):
    where, [mine] = in_class()
    workflow.end_early(mine.pk, outcome, by=trainer(), at=where.starts_at + HOUR)

    words = said(mine, "training_not_completed", where.starts_at + HOUR)

    assert sentence in words
    assert "make up" not in words and "You can sign up for the next dates." in words


@pytest.mark.parametrize(
    ("changes", "subject", "sentence"),
    [
        (
            {"mode": "in_person", "location": "City Hall, Jackson"},
            "New location: ",
            "is now at another location. The days stay the same.",
        ),
        ({"mode": "online", "location": ""}, "Now online: ", "is now online. The days stay the same."),
    ],
)
def test_another_location_is_told_as_one_and_not_as_new_days(changes, subject, sentence):
    where = session(mode="in_person", location="Oak Street Library, Tupelo")
    mine = spot(where)
    workflow.change_session(where.pk, plan(**changes), by=trainer(), at=NOON)

    words = said(mine, "session_changed", NOON)

    assert words.startswith(subject) and sentence in words
    assert "Oak Street" not in words and changes["location"] in words


def test_leaving_says_what_was_left():
    _where, [has_seat, waits] = seated()
    workflow.withdraw(waits.pk, by=waits.person, at=ALLOCATION + HOUR)
    workflow.withdraw(has_seat.pk, by=has_seat.person, at=ALLOCATION + HOUR)

    assert "You left the line for" in said(waits, "registration_withdrawn", ALLOCATION + HOUR)
    words = said(has_seat, "registration_withdrawn", ALLOCATION + HOUR)
    assert "It is open to others now." in words and "the line for" not in words


def test_a_seat_given_back_is_told_to_go_on_where_somebody_waits_for_it():
    _where, [has_seat, _waits] = seated()
    workflow.withdraw(has_seat.pk, by=has_seat.person, at=ALLOCATION + HOUR)

    assert "The next person gets it." in said(has_seat, "registration_withdrawn", ALLOCATION + HOUR)


def test_a_pause_promises_only_what_we_keep():
    mine = spot(session())
    workflow.pause(mine.pk, by=mine.person, at=NOON)

    words = said(mine, "spot_paused", NOON)

    assert "We write 30 days before your pause ends, and once more when it is over." in words
    assert "Choose a new date by Wednesday, August 2, 2028. After that day we close this spot." in words


def test_a_day_to_make_up_in_a_room_says_where_it_is():
    _where, mine, _staff, over = missed_one(number=3)
    facts = {"mode": "in_person", "location": "Oak Street Library, Tupelo", "meeting_link": ""}
    room, online = (session(first=date(2027, 11, day), **more) for day, more in ((8, facts), (15, {})))
    workflow.book_make_up(mine.pk, 3, room.pk, by=mine.person, at=over)
    there = said(mine, "make_up_booked", over)
    workflow.book_make_up(mine.pk, 3, online.pk, by=mine.person, at=over + HOUR)
    at_home = said(mine, "make_up_booked", over + HOUR)

    assert "Oak Street Library, Tupelo" in there and "press Join" not in there
    assert "press Join on your page when it starts" in at_home and "Oak Street" not in at_home


def test_a_day_to_make_up_in_a_room_that_is_not_named_yet_speaks_of_no_link():
    _where, mine, _staff, over = missed_one(number=3)
    room = session(first=date(2027, 11, 8), mode="in_person", location="Oak Street Library, Tupelo", meeting_link="")
    type(room).objects.filter(pk=room.pk).update(location="")

    workflow.book_make_up(mine.pk, 3, room.pk, by=mine.person, at=over)

    words = said(mine, "make_up_booked", over)
    assert "There is a chair for you." in words and "Join" not in words and "online" not in words
