"""The portal was down: noted by itself or by staff, and the deadlines it touched move by rule, once."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from applicants.models import TrainingApplication
from audit.models import Entry
from audit.reasons import NotAllowed
from notifications.models import Message
from programs.calendar import Deadline, local_moment
from programs.models import Outage
from tests.applicants import factories as applicants
from tests.trainings.calendars import by_icalendar
from tests.trainings.factories import NOON, person, session, spot, trainer
from trainings import tasks, workflow
from trainings.models import TrainingSession
from trainings.next_steps import work_of

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FRIDAY = date(2027, 8, 20)  # the last day to apply of the factory's session
EIGHT_THAT_NIGHT = local_moment(FRIDAY, time(20))
MONDAY_NOON = Deadline(date(2027, 8, 23), time(12))


def tick_until(moment, *, every=MINUTE, start):
    at = start
    while at <= moment:
        workflow.keep_watch(at=at)
        at += every


def events(where):
    return [one.removeprefix("trainings.") for one in Entry.objects.of(where).values_list("event", flat=True)]


def test_a_silence_over_fifteen_minutes_is_noted_and_moves_the_deadline():
    where = session()

    workflow.keep_watch(at=EIGHT_THAT_NIGHT)
    workflow.keep_watch(at=EIGHT_THAT_NIGHT + 16 * MINUTE)

    where.refresh_from_db()
    (outage,) = Outage.objects.all()
    assert (outage.noted_by, outage.ended_at - outage.started_at) == (None, 16 * MINUTE)
    assert where.registration_deadline == where.documents_deadline == MONDAY_NOON
    assert where.registration_closes_at == MONDAY_NOON.closes_at
    assert Deadline.stored(where.deadline_was_at) == Deadline(FRIDAY)
    assert events(where)[-1] == "deadline_moved"


def test_calendars_hear_of_the_new_last_day(client):
    where = session()
    url = reverse("trainings:session_file", args=[where.reference])
    before = by_icalendar(client.get(url).content)

    workflow.keep_watch(at=EIGHT_THAT_NIGHT)
    workflow.keep_watch(at=EIGHT_THAT_NIGHT + 16 * MINUTE)
    content = client.get(url).content
    after = by_icalendar(content)

    assert b"August 23" in content.replace(b"\r\n ", b"") and b"noon Central" in content.replace(b"\r\n ", b"")
    assert all(new.sequence > old.sequence for old, new in zip(before, after, strict=True))


def test_a_portal_that_ticks_each_minute_notes_nothing():
    where = session()

    tick_until(EIGHT_THAT_NIGHT + HOUR, start=EIGHT_THAT_NIGHT)
    workflow.keep_watch(at=EIGHT_THAT_NIGHT + HOUR + 15 * MINUTE)

    assert not Outage.objects.exists()
    where.refresh_from_db()
    assert where.registration_deadline == Deadline(FRIDAY)


def test_run_again_nothing_changes_and_nobody_is_told_twice():
    draft = applicants.draft()
    where = draft.session
    night = where.registration_deadline.closes_at - 3 * HOUR
    workflow.keep_watch(at=night)
    workflow.keep_watch(at=night + HOUR)
    once = TrainingSession.objects.values().get(pk=where.pk)

    for minutes in range(1, 5):
        workflow.keep_watch(at=night + HOUR + minutes * MINUTE)
    workflow.move_deadlines(at=night + 2 * HOUR)

    assert TrainingSession.objects.values().get(pk=where.pk) == once
    assert Message.objects.filter(kind="deadline_moved").count() == 1
    assert events(where).count("deadline_moved") == 1


def test_whoever_started_an_application_learns_it_once_and_others_do_not():
    draft = applicants.draft()
    sent = applicants.submitted(draft.session)
    night = draft.session.registration_deadline.closes_at - 3 * HOUR

    workflow.note_outage(started_at=night, ended_at=night + HOUR, by=trainer(), at=night + HOUR)

    told = Message.objects.filter(kind="deadline_moved")
    assert [one.about for one in told] == [draft.reference]
    draft.session.refresh_from_db()
    assert told[0].facts["due_at"] == draft.session.registration_deadline.last_second.isoformat()
    assert sent.status == TrainingApplication.Status.SUBMITTED


def test_an_application_started_before_may_be_sent_in_the_longer_time():
    where = session()
    workflow.note_outage(
        started_at=EIGHT_THAT_NIGHT, ended_at=EIGHT_THAT_NIGHT + HOUR, by=trainer(), at=EIGHT_THAT_NIGHT + HOUR
    )

    on_sunday = local_moment(date(2027, 8, 22), time(15))
    assert spot(where, at=on_sunday, admitted=False).received_at == on_sunday
    with pytest.raises(NotAllowed, match="registration_closed"):
        spot(where, at=MONDAY_NOON.closes_at)


def test_the_seats_are_set_behind_the_longer_day():
    where = session(allocation_on=date(2027, 8, 23))

    workflow.note_outage(
        started_at=EIGHT_THAT_NIGHT, ended_at=EIGHT_THAT_NIGHT + HOUR, by=trainer(), at=EIGHT_THAT_NIGHT + HOUR
    )

    where.refresh_from_db()
    assert where.allocation_on == date(2027, 8, 24)


def test_where_class_is_too_near_nothing_moves_and_staff_are_told():
    staff = trainer()
    first = date(2027, 8, 24)  # Tuesday: Monday noon is possible, but seats would be set on the day of class
    where = session(
        first=first,
        last=first,
        registration_closes_on=FRIDAY,
        documents_close_on=FRIDAY,
        allocation_on=date(2027, 8, 23),
        last_offer_on=date(2027, 8, 23),
    )
    at = EIGHT_THAT_NIGHT + HOUR

    workflow.note_outage(started_at=EIGHT_THAT_NIGHT, ended_at=at, by=staff, at=at)

    where.refresh_from_db()
    assert (where.registration_deadline, where.allocation_on) == (Deadline(FRIDAY), date(2027, 8, 23))
    assert events(where)[-1] == "deadline_not_moved"
    verb = "The portal was down before the last day. There was no room to move it"
    assert verb in [one.verb for one in work_of(staff, at) if one.reference == where.reference]

    workflow.settle_no_room(where.pk, by=staff, at=at + MINUTE)
    assert verb not in [one.verb for one in work_of(staff, at + MINUTE)]


def test_once_the_seats_are_set_a_late_note_moves_nothing():
    where = session()
    morning = local_moment(where.allocation_on, time(8))
    workflow.allocate(where.pk, at=morning)

    workflow.note_outage(started_at=EIGHT_THAT_NIGHT, ended_at=EIGHT_THAT_NIGHT + HOUR, by=trainer(), at=morning)

    where.refresh_from_db()
    assert where.registration_deadline == Deadline(FRIDAY)
    assert where.no_room_to_move_at == morning


def test_what_staff_choose_after_an_outage_stays():
    where, staff = session(), trainer()
    at = EIGHT_THAT_NIGHT + HOUR
    workflow.note_outage(started_at=EIGHT_THAT_NIGHT, ended_at=at, by=staff, at=at)
    TrainingSession.objects.filter(pk=where.pk).update(registration_closes_on=date(2027, 8, 24))

    workflow.move_deadlines(at=at + HOUR)
    workflow.note_outage(started_at=at, ended_at=at + HOUR, by=staff, at=at + HOUR)

    where.refresh_from_db()
    assert where.registration_closes_on == date(2027, 8, 24)


def test_what_was_sent_back_has_as_long_as_papers_have():
    application = applicants.submitted()
    from applicants import workflow as packets

    close = application.session.documents_deadline.closes_at
    packets.return_to_person(application.pk, missing=[], note="One more page.", by=trainer(), at=close - 8 * DAY)

    workflow.note_outage(started_at=close - HOUR, ended_at=close - 30 * MINUTE, by=trainer(), at=close)

    application.refresh_from_db()
    application.session.refresh_from_db()
    assert application.answer_by == application.session.documents_close_on
    assert Message.objects.filter(kind="deadline_moved", about=application.reference).count() == 1


def test_the_minute_task_watches_before_it_sets_seats():
    where = session(allocation_on=date(2027, 8, 23))
    spot(where)
    with time_machine.travel(EIGHT_THAT_NIGHT, tick=False) as clock:
        tasks.keep_time()
        clock.move_to(local_moment(date(2027, 8, 23), time(9)))  # down over the weekend, past the allocation hour
        tasks.keep_time()

    where.refresh_from_db()
    assert not where.is_allocated
    assert where.registration_deadline == Deadline(date(2027, 8, 24), time(12))


def test_pages_say_it_in_plain_words(client):
    where = session("cpss_supervisor")
    at = EIGHT_THAT_NIGHT + HOUR
    workflow.note_outage(started_at=EIGHT_THAT_NIGHT, ended_at=at, by=trainer(), at=at)
    said = (
        "The portal was down for a time. So the last day to sign up moved from Friday, August 20, 11:59 p.m. Central "
        "to Monday, August 23, 2027, noon Central."
    )

    with time_machine.travel(at, tick=False):
        public = client.get(where.get_absolute_url()).content.decode()
        listed = client.get(reverse("trainings:list")).content.decode()
        client.force_login(person())
        sign_up = client.get(reverse("trainings:sign_up", args=[where.reference])).content.decode()

    assert said in public and said in sign_up
    assert "The last day was Friday, August 20. It moved, for the portal was down." in listed


def test_staff_note_one_and_see_what_it_moved(client):
    where, staff = session(), trainer()
    client.force_login(staff)
    typed = {
        "started_on": "2027-08-20",
        "started_time": "20:00",
        "ended_on": "2027-08-20",
        "ended_time": "21:00",
    }
    with time_machine.travel(EIGHT_THAT_NIGHT + 2 * HOUR, tick=False):
        client.force_login(staff)
        page = client.post(reverse("trainings:desk_outages"), typed, follow=True).content.decode()
        client.post(reverse("trainings:desk_outages"), typed)
        wrong = client.post(reverse("trainings:desk_outages"), {**typed, "ended_time": "19:00"}).content.decode()

    assert "1 session has a later last day." in page and where.reference in page
    assert "It has to end after it starts." in wrong and 'value="19:00"' in wrong
    assert Outage.objects.count() == 1


def test_an_outage_still_going_on_is_refused():
    with pytest.raises(NotAllowed, match="outage_not_over"):
        workflow.note_outage(started_at=NOON, ended_at=NOON + HOUR, by=trainer(), at=NOON)
