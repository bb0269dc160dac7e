"""The department's own calendar of 2021, planned as staff would plan it (acceptance 1), and as a file for calendars."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path

import icalendar
import pytest
import time_machine
from dateutil.rrule import rrulestr
from django.urls import reverse

from audit.reasons import NotAllowed
from programs.calendar import local_moment
from programs.program import program
from tests.trainings.factories import CENTRAL, DAY_HOURS, person, trainer
from trainings import rules, workflow
from trainings.models import TrainingSession
from trainings.next_steps import work_of

pytestmark = pytest.mark.django_db
CALENDAR_2021 = Path(__file__).parent.parent / "data" / "dmh-2021-calendar.csv"
OPENED = local_moment(date(2021, 6, 1), time(8))
ONE_SECOND = timedelta(seconds=1)


def load(path=CALENDAR_2021):
    """Every dated row becomes a published session; rows without a date are courses still to be planned."""
    staff, rules_then = person(), program(date(2021, 6, 1))
    sessions = []
    for row in csv.DictReader(path.open(encoding="utf-8")):
        if row["starts"]:
            planned = workflow.plan_session(_plan(row, rules_then), by=staff, at=OPENED)
            sessions.append(workflow.publish(planned.pk, by=staff, at=OPENED))
    return sessions


def _plan(row, rules_then):
    first, last, closes, documents = (
        date.fromisoformat(row[name]) for name in ("starts", "ends", "registration_deadline", "documentation_deadline")
    )
    names = [name for name in row["designations"].split("; ") if name]
    return rules.Plan(
        course=rules_then.course(row["course"]).code,
        half_days=rules.half_days(first, last, DAY_HOURS, rules_then.calendar),
        mode="online",
        capacity=30,
        designations=tuple(rules_then.designation(name).code for name in names),
        registration_closes_on=closes,
        documents_close_on=documents,
        allocation_on=rules_then.calendar.add_working_days(closes, 3),
        last_offer_on=rules_then.due_before("last_offer", first),
        opens_at=OPENED,
    )


@pytest.fixture
def sessions():
    return {one.starts_on: one for one in load()}


def try_to_register(where, at):
    return workflow.register(
        where.pk, person_id=person().pk, designation=where.designations[0], received_at=at, by=person(), at=at
    )


@pytest.mark.parametrize(
    ("first_day", "closes_on", "next_range"),
    [
        (date(2021, 7, 26), date(2021, 7, 2), "Sep 27 – Oct 1"),
        (date(2021, 9, 27), date(2021, 8, 30), "Nov 15–19"),
        (date(2021, 11, 15), date(2021, 10, 18), None),
        (date(2021, 9, 23), date(2021, 8, 27), None),
    ],
)
def test_the_deadlines_of_2021_hold_to_the_second(sessions, first_day, closes_on, next_range):
    where = sessions[first_day]
    last_second = datetime.combine(closes_on, time(23, 59, 59), CENTRAL)

    assert try_to_register(where, last_second).status in ("received", "admitted")
    with pytest.raises(NotAllowed) as refusal:
        try_to_register(where, last_second + ONE_SECOND)

    (sentence,) = refusal.value.messages
    assert f"{closes_on:%A, %B} {closes_on.day}, 2021, 11:59 p.m. Central" in sentence
    assert (f"The next one is {next_range}." if next_range else "No new date is set yet.") in sentence


def test_the_weeks_and_weekdays_of_2021_are_those_of_the_page(sessions):
    found = [
        (one.starts_on.strftime("%a"), one.ends_on.strftime("%a"), one.half_days.count()) for one in sessions.values()
    ]

    assert found == [("Mon", "Fri", 10), ("Mon", "Fri", 10), ("Mon", "Fri", 10), ("Thu", "Thu", 2)]


def test_the_designations_of_2021_keep_their_names(sessions):
    titles = [program(date(2021, 7, 2)).designation(code).title for code in sessions[date(2021, 7, 26)].designations]

    assert titles[0] == "Adult & Recovery" and len(titles) == 3


# -- The calendar file -------------------------------------------------------------------------------------


def read(client, url):
    answer = client.get(url)
    assert answer["Content-Type"].startswith("text/calendar")
    return answer.content, icalendar.Calendar.from_ical(answer.content)


def test_the_public_file_is_read_back_with_the_same_hours_and_a_stable_uid(client, sessions):
    with time_machine.travel(OPENED, tick=False):
        content, found = read(client, reverse("trainings:calendar_file"))
        again, _found = read(client, reverse("trainings:calendar_file"))

    events = found.walk("VEVENT")
    assert content == again
    assert len(events) == 16 and len({str(event["uid"]) for event in events}) == 16
    first = min(events, key=lambda event: event["dtstart"].dt)
    assert first["dtstart"].dt == datetime(2021, 7, 26, 9, tzinfo=CENTRAL)
    assert first["dtend"].dt == datetime(2021, 7, 26, 16, tzinfo=CENTRAL)
    assert b"\r\n" in content and all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_the_hand_written_zone_says_what_the_zone_database_says(client, sessions):
    with time_machine.travel(OPENED, tick=False):
        _content, found = read(client, reverse("trainings:calendar_file"))
    (zone,) = found.walk("VTIMEZONE")
    changes = []
    for part in zone.subcomponents:
        rule = rrulestr(part["rrule"].to_ical().decode(), dtstart=part["dtstart"].dt)
        for moment in rule.between(datetime(2021, 1, 1), datetime(2029, 12, 31)):
            changes.append((moment, part["tzoffsetto"].td))

    for moment, offset in changes:
        after = (moment + timedelta(hours=3)).replace(tzinfo=CENTRAL)
        assert after.utcoffset() == offset
        assert (moment - timedelta(hours=3)).replace(tzinfo=CENTRAL).utcoffset() != offset
    assert len(changes) == 18


def test_a_cancelled_session_comes_through_as_cancelled_with_a_higher_sequence(client, sessions):
    where = sessions[date(2021, 9, 23)]
    with time_machine.travel(OPENED, tick=False):
        _content, before = read(client, reverse("trainings:calendar_file"))
        workflow.cancel(where.pk, because="The room is flooded.", by=person(), at=OPENED)
        _content, after = read(client, reverse("trainings:calendar_file"))

    def events(found):
        return {str(event["uid"]): event for event in found.walk("VEVENT")}

    (uid,) = [uid for uid in events(after) if uid.startswith(where.reference)]
    was, now = events(before)[uid], events(after)[uid]
    assert (was["status"], int(was["sequence"])) == ("CONFIRMED", 0)
    assert (now["status"], int(now["sequence"])) == ("CANCELLED", 1)


def test_no_file_holds_a_meeting_link_or_a_draft(client, sessions):
    TrainingSession.objects.update(meeting_link="https://meet.example.org/secret", dial_in="601-555-0148")
    hidden = sessions[date(2021, 11, 15)]
    TrainingSession.objects.filter(pk=hidden.pk).update(status="draft")

    with time_machine.travel(OPENED, tick=False):
        content, _found = read(client, reverse("trainings:calendar_file"))
        assert client.get(reverse("trainings:session_file", args=[hidden.reference])).status_code == 404

    assert b"601-555-0148" not in content
    assert b"meet.example.org" not in content and hidden.reference.encode() not in content


def test_a_seat_of_july_that_falls_free_goes_to_the_first_complete_packet_in_line(sessions):
    """Acceptance 16: full on July 3; somebody leaves on July 12; after the last day for offers staff fill seats."""
    july, september = sessions[date(2021, 7, 26)], sessions[date(2021, 9, 27)]
    july.seats.filter(number__gt=1).delete()
    TrainingSession.objects.filter(pk=july.pk).update(capacity=1, allocation_on=date(2021, 7, 3))
    at = local_moment(date(2021, 6, 20), time(9))
    seated, incomplete, complete, next_one = (try_to_register(july, at + number * ONE_SECOND) for number in range(4))
    for spot in (seated, complete, next_one):
        workflow.admit(spot.pk, by=None, at=at + timedelta(hours=1))
    workflow.keep_time(at=local_moment(date(2021, 7, 3), time(8)))

    workflow.withdraw(seated.pk, by=seated.person, at=local_moment(date(2021, 7, 12), time(10)))
    found = {spot.pk: spot.status for spot in july.registrations.all()}
    assert [found[one.pk] for one in (incomplete, complete, next_one)] == ["received", "offered", "waiting"]

    workflow.accept(complete.pk, by=complete.person, at=local_moment(date(2021, 7, 12), time(11)))
    too_late = local_moment(july.last_offer_on + timedelta(days=1), time(9))
    workflow.withdraw(complete.pk, by=complete.person, at=too_late)
    workflow.keep_time(at=too_late + timedelta(hours=1))
    assert july.registrations.get(pk=next_one.pk).status == "waiting"
    staff = trainer()
    assert "A seat is free. Call the next people" in [one.verb for one in work_of(staff, too_late)]

    workflow.keep_time(at=july.starts_at)
    assert not july.registrations.filter(status="offered").exists()
    assert july.registrations.get(pk=incomplete.pk).status == "not_seated"
    again = workflow.register(
        september.pk,
        person_id=incomplete.person_id,
        designation=september.designations[0],
        received_at=july.starts_at + timedelta(hours=1),
        by=incomplete.person,
        at=july.starts_at + timedelta(hours=1),
    )
    assert again.received_at == incomplete.received_at  # the spot for September
