"""The pages of class: the trainer's list and its hints, the meeting's file, make-ups, test days, and who sees what."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.workflow import arrange_access, ask_for_access
from programs.calendar import local_moment
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, session, spot, trainer
from tests.trainings.test_classroom import halves, missed_one, now, sitting_of
from tests.trainings.test_workflow import in_class, mark_all
from trainings import workflow
from trainings.models import Attendance, ExamAttempt, MakeUp, MeetingList, Presence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(clock, client, moment, someone):
    """Time passes, and somebody signs in."""
    clock.move_to(moment)
    client.logout()
    client.force_login(someone)


def page(client, name, *args, **more):
    return client.get(reverse(f"trainings:{name}", args=args), **more).content.decode()


def named(spot, name, *, email=""):
    spot.person.name_in_use, spot.person.email = name, email or spot.person.email
    spot.person.save()
    return spot


# -- Who was there -----------------------------------------------------------------------------------------


def test_minutes_out_and_care_time_are_typed_per_half_day_and_shown_on_the_list(office, clock):
    where, [mine] = in_class()
    at(clock, office, where.ends_at, office.staff)
    url = reverse("trainings:desk_half_day", args=[where.reference, 1])
    key = mine.pk

    refused = office.post(url, {f"there-{key}": "on", f"missed-{key}": "10", f"care-{key}": "20"}).content.decode()
    office.post(url, {f"there-{key}": "on", f"missed-{key}": "30", f"care-{key}": "20"})

    assert "Care time is part of the minutes out. It cannot be more." in refused
    row = Attendance.objects.get()
    assert (row.minutes_missed, row.care_minutes) == (30, 20)
    assert "30 min out" in page(office, "desk_attendance", where.reference)


def shown_in(html):
    """The form as a browser would send it back: what is ticked, and what stands in its boxes."""
    main = html.partition("<main")[2]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", main):
        facts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if facts.get("type") == "checkbox" and " checked" in tag:
            fields[facts["name"]] = "on"
        elif facts.get("type") not in ("checkbox", "submit") and facts.get("name") != "csrfmiddlewaretoken":
            fields[facts.get("name", "")] = facts.get("value", "")
    return fields


@pytest.mark.parametrize("name, args", [("desk_attendance", ()), ("desk_half_day", (1,))])
def test_two_who_mark_at_once_keep_each_others_marks(office, clock, name, args):
    where, [ada, bo] = in_class(people=2)
    at(clock, office, where.ends_at, office.staff)
    url = reverse(f"trainings:{name}", args=[where.reference, *args])
    half = where.half_days.first().pk
    ticks = {one.pk: f"there-{half}-{one.pk}" if name == "desk_attendance" else f"there-{one.pk}" for one in (ada, bo)}
    empty = shown_in(office.get(url).content.decode())

    office.post(url, {**empty, ticks[ada.pk]: "on"})  # one trainer; Bo is away
    office.post(url, {**empty, ticks[bo.pk]: "on"})  # the other, whose page is older

    assert set(Attendance.objects.filter(half_day=half, was_there=True).values_list("registration", flat=True)) == {
        ada.pk,
        bo.pk,
    }
    newest = shown_in(office.get(url).content.decode())
    del newest[ticks[ada.pk]]
    office.post(url, newest)
    assert not Attendance.objects.get(half_day=half, registration=ada).was_there


def test_minutes_without_a_tick_are_named_once_and_nothing_is_saved(office, clock):
    where, [mine] = in_class()
    named(mine, "Zoë")
    at(clock, office, where.ends_at, office.staff)

    typed = {f"missed-{mine.pk}": "20"}
    refused = office.post(reverse("trainings:desk_half_day", args=[where.reference, 1]), typed).content.decode()

    assert f'<a href="#id_missed-{mine.pk}">You wrote minutes for Zoë. Tick “There”' in refused
    assert refused.count('id="error-summary"') == 1
    assert not Attendance.objects.exists()


def test_the_meetings_file_is_sent_in_matched_and_stands_beside_the_half_day_as_a_hint(office, clock):
    where, [mine] = in_class()
    named(mine, "Zoë")
    at(clock, office, where.ends_at, office.staff)
    raw = (
        b"Name,Email,Join Time,Leave Time\n"
        b"ZOE,,09/13/2027 09:00 AM,09/13/2027 11:30 AM\n"
        b"Landlord,,09/13/2027 09:00 AM,09/13/2027 09:05 AM\n"
    )
    file = SimpleUploadedFile("monday.csv", raw, content_type="text/csv")

    matching = office.post(reverse("trainings:desk_lists", args=[where.reference]), {"file": file}, follow=True)
    rows = {row.name: row.pk for row in Presence.objects.all()}
    shown = matching.content.decode()
    typed = {f"row-{rows['ZOE']}": str(mine.pk), f"row-{rows['Landlord']}": "nobody"}
    listed = office.post(matching.request["PATH_INFO"], typed, follow=True).content.decode()

    assert "We think so by the name in use." in shown
    assert f'<option value="{mine.pk}" selected>' in shown
    assert "Saved. 2 lines changed." in listed and "seen 150 min" in listed
    assert Presence.objects.get(name="Landlord").settled_at is not None


def test_a_file_with_an_error_says_the_line_and_stores_nothing(office, clock):
    where, _spots = in_class()
    at(clock, office, where.ends_at, office.staff)
    file = SimpleUploadedFile("x.csv", b"Name,Join Time,Leave Time\nAda,yesterday,\n")

    answer = office.post(reverse("trainings:desk_lists", args=[where.reference]), {"file": file}).content.decode()

    assert "Line 2:" in answer and "We cannot read the time they came: “yesterday”." in answer
    assert not MeetingList.objects.exists()


def test_a_file_of_another_day_and_one_without_days_are_refused_beside_their_field(office, clock):
    where, _spots = in_class()
    at(clock, office, where.ends_at, office.staff)
    address = reverse("trainings:desk_lists", args=[where.reference])
    head = b"Name,Join Time,Leave Time\n"
    other = SimpleUploadedFile("x.csv", head + b"Ada,09/07/2027 9:00 AM,09/07/2027 9:30 AM\n")
    bare = SimpleUploadedFile("y.csv", head + b"Ada,9:00 AM,9:30 AM\n")

    forms = [office.post(address, {"file": file}).context["form"] for file in (other, bare)]
    bare.seek(0)
    with_day = office.post(address, {"file": bare, "day": where.starts_on.isoformat()})

    assert [list(form.errors) for form in forms] == [["file"], ["day"]]
    assert "This file is of another day: Tuesday, September 7, 2027." in str(forms[0].errors)
    assert "Choose the day, and the file once more." in str(forms[1].errors)
    assert with_day.status_code == 302


def test_the_list_takes_as_many_statements_for_ten_people_as_for_two(office, clock, django_assert_num_queries):
    few, _two = in_class(people=2)
    many, _ten = in_class(people=10)
    at(clock, office, many.ends_at, office.staff)
    page(office, "desk_attendance", few.reference)
    with CaptureQueriesContext(connection) as counted:
        page(office, "desk_attendance", few.reference)

    with django_assert_num_queries(len(counted.captured_queries)):
        page(office, "desk_attendance", many.reference)


# -- Made up later -----------------------------------------------------------------------------------------


def test_a_person_chooses_a_day_and_the_trainer_there_sees_them_as_a_make_up(client, clock):
    _where, mine, staff, over = missed_one(number=3)
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    at(clock, client, over, mine.person)

    spot_page = client.get(mine.get_absolute_url()).content.decode()
    url = reverse("trainings:make_up", args=[mine.reference])
    form = client.get(url).content.decode()
    done = client.post(url, {"day-3": later.reference}, follow=True).content.decode()
    third = halves(later)[2]
    at(clock, client, third.starts_at, staff)
    trainers = page(client, "desk_attendance", later.reference)

    assert "Class time to make up" in spot_page and "You missed 3 hours of class." in spot_page
    assert "Tuesday, November 9, 2027, 9 a.m. to noon" in form
    assert "You make it up on Tuesday, November 9, 2027, 9 a.m. to noon Central." in done
    assert "Make-up" in trainers and mine.reference in trainers
    assert f"there-{third.pk}-{mine.pk}" in trainers and f"there-{halves(later)[0].pk}-{mine.pk}" not in trainers


def test_joining_a_make_up_is_a_button_for_that_half_day(client, clock):
    _where, mine, _staff, over = missed_one(number=3)
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    third = halves(later)[2]
    url = reverse("trainings:join_make_up", args=[mine.reference, 3])

    at(clock, client, third.starts_at - 2 * HOUR, mine.person)
    before = client.get(mine.get_absolute_url()).content.decode()
    early = client.post(url, follow=True).content.decode()
    at(clock, client, third.starts_at, mine.person)
    shown = client.get(mine.get_absolute_url()).content.decode()
    sent_on = client.post(url)

    assert "You can join from Tuesday, November 9, 8 a.m. Central." in before and url not in before
    assert "You can join from Tuesday, November 9, 8 a.m. Central. Press Join then." in early
    assert url in shown and "meet.example.org" not in shown
    assert (sent_on.status_code, sent_on["Location"]) == (302, later.meeting_link)


def test_staff_book_for_somebody_on_the_phone_and_are_told_when_the_room_is_full(office, clock):
    _where, mine, _staff, over = missed_one(number=1)
    full = session(capacity=1, first=FIRST_DAY + timedelta(weeks=8))
    spot(full)
    workflow.allocate(full.pk, at=ALLOCATION + timedelta(weeks=8))
    at(clock, office, over, office.staff)
    url = reverse("trainings:make_up", args=[mine.person.reference, mine.reference])

    form = office.get(url).content.decode()
    receipt = {"channel": "phone", "came_on": "2027-09-17", "came_at": "16:00"}
    office.post(url, {"day-1": full.reference, **receipt})
    at(clock, office, full.ends_at, office.staff)
    room = page(office, "desk_attendance", full.reference)

    assert "(the room is full: one chair more)" in form
    assert MakeUp.objects.get().session == full
    assert "With make-ups there is 1 person more than seats. Put in a chair." in room


FORBIDDEN = ("no-show", "no show", "failed", "unexcused", "absent")


def test_three_hours_missed_are_told_to_nobody_as_a_failing(client, clock):
    """Acceptance 17c, page by page."""
    where, mine, staff, over = missed_one(number=3)
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    at(clock, client, over, staff)
    pages = [page(client, name, where.reference) for name in ("desk_attendance", "desk_finish", "desk_session")]
    client.post(reverse("trainings:desk_open_make_up", args=[where.reference, mine.reference]))
    pages.append(page(client, "desk_finish", where.reference))
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    at(clock, client, over, mine.person)
    pages += [client.get(mine.get_absolute_url()).content.decode(), client.get(reverse("me")).content.decode()]
    third = halves(later)[2]
    workflow.mark_session(later.pk, {(mine.pk, third.pk): True}, by=staff, at=third.ends_at)
    at(clock, client, later.ends_at, staff)
    client.post(reverse("trainings:desk_finish", args=[later.reference]))
    at(clock, client, later.ends_at, mine.person)
    pages.append(client.get(mine.get_absolute_url()).content.decode())

    assert "You finished on Tuesday, November 9, 2027." in pages[-1]
    assert now(mine).completion.completed_on == third.on
    assert "Make-up open" in pages[3]
    assert not [word for shown in pages for word in FORBIDDEN if word in shown.lower()]


# -- Test days ---------------------------------------------------------------------------------------------


def test_a_test_day_is_planned_booked_and_its_results_entered(office, clock):
    where, [mine] = in_class()
    at(clock, office, where.ends_at, office.staff)
    plan = {"kind": "read_aloud", "where": "Room 5", "on": "2027-09-20", "starts": "10:00", "minutes": "90"}

    planned = office.post(reverse("trainings:desk_plan_sitting", args=[where.reference]), plan, follow=True)
    here = planned.request["PATH_INFO"]
    reference = here.rstrip("/").rpartition("/")[2]
    told = office.post(
        reverse("trainings:desk_book", args=[reference]), {"person": mine.reference, "extra_minutes": "45"}, follow=True
    ).content.decode()
    at(clock, office, where.ends_at + HOUR, mine.person)
    mine_page = office.get(mine.get_absolute_url()).content.decode()
    at(clock, office, local_moment(FIRST_DAY + 7 * DAY, (where.ends_at - HOUR).time()), office.staff)
    scored = office.post(here, {f"score-{mine.pk}": "55"}, follow=True).content.decode()

    assert "is booked for" in told and "135 minutes. We tell them." in told
    assert "Read aloud" in mine_page and "You have 135 minutes." in mine_page
    assert "1 score is saved." in scored and "Not passed yet" in scored
    assert ExamAttempt.objects.get().sitting.reference == reference


def test_a_booking_that_is_refused_keeps_what_was_typed_and_names_its_field(office, clock):
    where, [mine] = in_class()
    sitting = sitting_of(where, office.staff, where.ends_on + 3 * DAY)
    at(clock, office, where.ends_at, office.staff)
    book = reverse("trainings:desk_book", args=[sitting.reference])

    nobody = office.post(book, {"person": "", "extra_minutes": "45"}).content.decode()
    at(clock, office, sitting.starts_at, office.staff)
    too_late = office.post(book, {"person": mine.reference, "extra_minutes": "45"}).content.decode()

    assert '<a href="#id_person">Choose a person.</a>' in nobody and 'value="45"' in nobody
    assert "This test has begun." in too_late and f'<option value="{mine.reference}" selected' in too_late


def test_nobodys_training_is_ended_before_it_is_asked(office, clock):
    where, spots = in_class(people=2)
    mine, _other = [named(one, name) for one, name in zip(spots, ["Andre", "Bao"], strict=True)]
    at(clock, office, where.ends_at, office.staff)
    end = reverse("trainings:desk_end_early", args=[where.reference, mine.reference]) + "?outcome=ended_early"

    listed = page(office, "desk_finish", where.reference)
    asked = office.get(end).content.decode()
    mine.refresh_from_db()
    before = mine.outcome
    done = office.post(end, follow=True).content.decode()
    mine.refresh_from_db()

    assert f'href="{end}"' in listed
    assert f"End this training for {mine.person} ({mine.reference})?" in asked and "Yes, Andre stopped early" in asked
    assert [before, mine.outcome] == ["", "ended_early"]
    assert f"Recorded: {mine.person} stopped early. We tell them." in done
    assert "Done or stopped, so no marks here: Andre" in page(office, "desk_attendance", where.reference)


def test_did_not_attend_is_not_offered_for_somebody_marked_there_and_a_kept_link_says_why(office, clock):
    where, [mine, never] = in_class(people=2)
    mark_all(where, mine, by=trainer(), at=where.ends_at)
    at(clock, office, where.ends_at, office.staff)
    ends = [reverse("trainings:desk_end_early", args=[where.reference, one.reference]) for one in (mine, never)]
    absent = "?outcome=did_not_attend"

    listed = page(office, "desk_finish", where.reference)
    kept = office.get(ends[0] + absent, follow=True).content.decode()

    assert [f'href="{end}{absent}"' in listed for end in ends] == [False, True]
    assert f'href="{ends[0]}?outcome=ended_early"' in listed
    assert "The list says they were there for 10 half-days. Choose “Stopped early”" in kept


def test_a_page_of_a_training_that_ended_speaks_of_no_next_test(client, clock):
    where, [mine] = in_class()
    staff = trainer()
    mark_all(where, mine, by=staff, at=where.ends_at)
    workflow.record_exam(mine.pk, 61, taken_on=where.ends_on, by=staff, at=where.ends_at)
    address = reverse("trainings:registration", args=[mine.reference])

    at(clock, client, where.ends_at, mine.person)
    before = client.get(address).content.decode()
    workflow.end_early(mine.pk, "ended_early", by=staff, at=where.ends_at)
    after = client.get(address).content.decode()

    assert "You can take it again from" in before and "You were in class for 30 hours so far." in before
    assert "You can take it again from" not in after and "We book a test day" not in after
    assert "You were in class for 30 hours." in after


def test_the_trainer_who_sits_in_class_is_marked_by_somebody_else(office, clock):
    where, [mine] = in_class()
    mine.person = office.staff
    mine.save()
    at(clock, office, where.ends_at, office.staff)

    listed = page(office, "desk_attendance", where.reference)
    end = reverse("trainings:desk_end_early", args=[where.reference, mine.reference]) + "?outcome=ended_early"

    assert "Somebody else marks you." in listed and "Done or stopped" not in listed
    assert "did_not_attend" not in page(office, "desk_finish", where.reference)
    assert office.get(end).status_code == 403


def test_a_score_is_for_its_person_and_the_people_of_the_test_others_see_whether_it_is_passed(client, clock):
    where, [mine] = in_class()
    staff = trainer()
    workflow.record_exam(mine.pk, 61, taken_on=where.ends_on, by=staff, at=where.ends_at)
    desk = person("Rosa Desk")
    desk.user_permissions.set(Permission.objects.filter(codename__in=["find_people", "enter_for_people"]))
    theirs = reverse("trainings:registration", args=[mine.person.reference, mine.reference])

    at(clock, client, where.ends_at, mine.person)
    own = client.get(mine.get_absolute_url()).content.decode()
    at(clock, client, where.ends_at, desk)
    at_the_desk = client.get(theirs).content.decode()
    person_page = client.get(reverse("person", args=[mine.person.reference])).content.decode()
    at(clock, client, where.ends_at, staff)
    at_the_test = client.get(theirs).content.decode()

    assert "you scored 61" in own and "you scored 61" in at_the_test
    assert "not passed yet." in at_the_desk and "scored" not in at_the_desk
    assert "61" not in person_page.replace(mine.reference, "").replace(mine.person.reference, "")


# -- What was arranged -------------------------------------------------------------------------------------


def test_the_trainers_pages_show_what_was_arranged_and_never_why(office, clock):
    """Acceptance 17b: the trainer's side."""
    where, [mine] = in_class()
    needs = ask_for_access(mine.person_id, "I am deaf.", answer_due_on=NOON.date(), by=mine.person, at=NOON)
    arrange_access(needs.pk, "An interpreter and 30 minutes more.", by=trainer(), at=NOON)
    sitting = sitting_of(where, office.staff, where.ends_on + DAY)
    workflow.book_sitting(sitting.pk, mine.pk, extra_minutes=30, by=office.staff, at=NOON)
    at(clock, office, where.ends_at, office.staff)

    attendance = page(office, "desk_attendance", where.reference)
    test = page(office, "desk_sitting", sitting.reference)
    signed = page(office, "desk_sheet", where.reference)

    assert "An interpreter and 30 minutes more." in attendance and "An interpreter and 30 minutes more." in test
    assert "interpreter" not in signed
    assert all("deaf" not in shown for shown in (attendance, test, signed))
