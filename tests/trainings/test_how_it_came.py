"""An answer the office types for somebody keeps how it came: by which way, when, and who helped."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from programs.words import long_moment
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, session, spot, standing, trainer
from tests.trainings.test_classroom import missed_one
from trainings import workflow
from trainings.models import Registration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR = timedelta(hours=1)
NOVEMBER = date(2027, 11, 15)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def offered():
    """Somebody who was offered the only seat; their answer comes an hour later."""
    where = session(capacity=1)
    first, mine = spot(where), spot(where, at=NOON + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    return mine, ALLOCATION + HOUR


def with_a_spot():
    session(first=NOVEMBER)
    return spot(session()), NOON


def who_said_no():
    """No to the seat, and the time kept for the next dates."""
    session(first=NOVEMBER)
    mine, heard = offered()
    workflow.decline(mine.pk, by=mine.person, at=heard)
    return mine, heard + HOUR


def with_time_missed(*, is_booked=False):
    _where, mine, _staff, over = missed_one(number=1)
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    if is_booked:
        workflow.book_make_up(mine.pk, 1, later.pk, by=mine.person, at=over)
    return mine, over


def later_date():
    return {"to": Registration.objects.first().course.sessions.get(starts_at__month=11).reference}


def later_class():
    return {"day-1": Registration.objects.get().course.sessions.order_by("starts_at").last().reference}


@pytest.mark.parametrize(
    ("made", "door", "typed", "event"),
    [
        (offered, "answer", lambda: {"answer": "yes"}, "accepted"),
        (offered, "answer", lambda: {"answer": "no"}, "declined"),
        (with_a_spot, "withdraw", dict, "withdrawn"),
        (with_a_spot, "pause", dict, "paused"),
        (with_a_spot, "change_date", later_date, "moved"),
        (who_said_no, "change_date", later_date, "moved"),
        (with_time_missed, "make_up", later_class, "make_up_booked"),
        (lambda: with_time_missed(is_booked=True), "make_up", lambda: {"day-1": ""}, "make_up_taken_back"),
    ],
    ids=["yes", "no", "leave", "pause", "change date", "keep my time", "make-up", "leave the make-up"],
)
def test_what_somebody_said_on_the_phone_keeps_when_and_how_on_both_sides(client, clock, made, door, typed, event):
    mine, heard = made()
    staff, heard = trainer(), heard.replace(second=0, microsecond=0)
    clock.move_to(heard + 2 * HOUR)
    client.force_login(staff)
    local = timezone.localtime(heard)
    stamp = {"channel": "phone", "came_on": local.date().isoformat(), "came_at": f"{local:%H:%M}", "helped_by": "Ruth"}

    page = reverse(f"trainings:{door}", args=[mine.person.reference, mine.reference])
    client.post(page, {**typed(), **stamp})

    said = Entry.objects.of(mine).get(event=f"trainings.{event}", actor=staff)
    kept = {name: said.facts[name] for name in ("channel", "received_at", "helped_by")}
    assert kept == {"channel": "phone", "received_at": local.isoformat(), "helped_by": "Ruth"}
    assert said.at == heard + 2 * HOUR
    calls = words(client.get(reverse("person", args=[mine.person.reference]) + "?show=calls"))
    assert f"By phone, {long_moment(heard)}. Helped by Ruth." in calls
    client.force_login(mine.person)
    assert f"You told us by phone on {long_moment(heard)}." in words(client.get(mine.get_absolute_url()))


@pytest.mark.parametrize("door", ["withdraw", "pause"])
def test_what_people_press_themselves_says_nothing_of_a_phone(client, door):
    mine, _heard = with_a_spot()
    client.force_login(mine.person)

    client.post(reverse(f"trainings:{door}", args=[mine.reference]))

    assert "You told us" not in words(client.get(mine.get_absolute_url()))
    assert not Entry.objects.of(mine).filter(facts__has_key="channel").exists()


def test_a_sign_up_the_office_typed_is_among_what_came_by_phone(client):
    where, caller = session("peer_bridger"), person()
    standing(caller, "certified", "CPSSP-MH")
    client.force_login(trainer())
    stamp = {"channel": "phone", "came_on": "2027-08-01", "came_at": "09:30", "helped_by": "Ruth"}

    client.post(reverse("trainings:sign_up", args=[caller.reference, where.reference]), stamp)

    calls = words(client.get(reverse("person", args=[caller.reference]) + "?show=calls"))
    assert "Signed up for a training." in calls
    assert "By phone. Helped by Ruth." in calls
