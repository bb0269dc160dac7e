"""The last second of a deadline on hard days: one rule for the change, the pages, the list and the messages."""

from datetime import date, datetime, time, timedelta

import icalendar
import pytest
import time_machine
import vobject
from django.core import mail
from django.urls import reverse

from audit.reasons import NotAllowed
from notifications import sending
from programs.calendar import local_moment
from programs.words import mid_date
from tests.trainings.factories import CENTRAL, person, session
from trainings import workflow
from trainings.models import Registration
from trainings.workflow.watches import Wish

pytestmark = pytest.mark.django_db
ONE_SECOND = timedelta(seconds=1)
HARD_DAYS = [date(2027, 3, 14), date(2027, 11, 7), date(2028, 2, 29), date(2027, 12, 31)]


def opened(day):
    return local_moment(day - timedelta(days=60), time(8))


def dates(day, course="cpss_supervisor"):
    """A session that closes on that day, and the next one of the course."""
    first = day + timedelta(days=28)
    weeks = [first, first + timedelta(weeks=9)]
    return [
        session(
            course,
            first=start,
            last=start,
            at=opened(day),
            opens_at=opened(day),
            registration_closes_on=start - timedelta(days=28),
            documents_close_on=start - timedelta(days=28),
        )
        for start in weeks
    ]


def last_second(day):
    return datetime.combine(day, time(23, 59, 59), CENTRAL)


def sentence(day):
    return f"{day:%A, %B} {day.day}, {day.year}, 11:59 p.m. Central"


def next_range(where):
    return f"{where.starts_on:%b} {where.starts_on.day}"


@pytest.mark.parametrize("day", HARD_DAYS)
def test_the_last_second_is_taken_and_the_next_is_refused_with_the_date_and_the_next_session(day):
    where, after = dates(day)

    def register(at):
        someone = person()
        return workflow.register(where.pk, person_id=someone.pk, designation="", received_at=at, by=someone, at=at)

    assert register(last_second(day) + timedelta(microseconds=999_999)).status == "admitted"
    with pytest.raises(NotAllowed) as refusal:
        register(last_second(day) + ONE_SECOND)

    (said,) = refusal.value.messages
    assert sentence(day) in said and f"The next one is {next_range(after)}" in said


@pytest.mark.parametrize("day", HARD_DAYS)
def test_the_pages_say_the_same_to_the_second(client, day):
    where, after = dates(day)
    sign_up, listed = reverse("trainings:sign_up", args=[where.reference]), reverse("trainings:list")
    early, late = person(), person()

    with time_machine.travel(last_second(day), tick=False):
        client.force_login(early)
        assert f"Sign up by {mid_date(day)}" in client.get(listed).content.decode()
        assert sentence(day) in client.get(where.get_absolute_url()).content.decode()
        assert client.post(sign_up).status_code == 302
    with time_machine.travel(last_second(day) + ONE_SECOND, tick=False):
        client.force_login(late)
        refused = client.post(sign_up)
        shown = [client.get(url).content.decode() for url in (where.get_absolute_url(), sign_up)]
        assert f"Closed on {mid_date(day)}" in client.get(listed).content.decode()

    assert refused.status_code == 200
    for page in (*shown, refused.content.decode()):
        assert f"closed on {sentence(day)}" in page and next_range(after) in page
    assert list(Registration.objects.values_list("person", flat=True)) == [early.pk]


@pytest.mark.parametrize("day", HARD_DAYS)
def test_an_application_is_started_until_the_same_second(client, day):
    where, after = dates(day, "cpss")
    start = reverse("applicants:start", args=[where.reference])

    with time_machine.travel(last_second(day), tick=False):
        client.force_login(person())
        in_time = client.post(start, {"designation": where.designations[0]})
    with time_machine.travel(last_second(day) + ONE_SECOND, tick=False):
        client.force_login(person())
        too_late = client.post(start, {"designation": where.designations[0]}).content.decode()

    assert in_time.status_code == 302
    assert sentence(day) in too_late and next_range(after) in too_late


@pytest.mark.parametrize("day", HARD_DAYS)
def test_a_message_names_the_same_last_second(day):
    workflow.watch(Wish(), email="a@example.org", by=None, at=opened(day))
    dates(day)

    sending.send_due(at=opened(day))

    (told,) = [one for one in mail.outbox if "is open" in one.subject]
    assert f"You can sign up until {sentence(day)}." in told.body


@pytest.mark.parametrize("day", HARD_DAYS)
def test_after_the_last_second_nobody_is_told_of_a_session_they_could_not_take(day):
    workflow.watch(Wish(), email="a@example.org", by=None, at=opened(day))
    where, _after = dates(day)
    type(where).objects.update(status="draft")
    workflow.watch(Wish(), email="b@example.org", by=None, at=opened(day))

    with pytest.raises(NotAllowed, match="last_day_is_past"):
        workflow.publish(where.pk, by=person(), at=last_second(day) + ONE_SECOND)
    sending.send_due(at=last_second(day) + ONE_SECOND)

    assert [one for one in mail.outbox if one.to == ["b@example.org"] and "is open" in one.subject] == []


@pytest.mark.parametrize("day", HARD_DAYS)
def test_the_calendar_file_names_the_same_last_second(client, day):
    where, _after = dates(day)

    with time_machine.travel(opened(day), tick=False):
        content = client.get(reverse("trainings:session_file", args=[where.reference])).content

    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["description"]) == f"Sign up by {sentence(day)}."
    assert vobject.readOne(content.decode()).vevent.description.value == f"Sign up by {sentence(day)}."
