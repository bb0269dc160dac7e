"""The line seen from both sides of the desk: pages of the person, of the officer, and of the office."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.workflow import grant_standing
from audit.models import Entry
from audit.reasons import NotAllowed
from employment import rules as job_rules
from employment import workflow as jobs
from employment.models import Job, Officer, Verification
from programs.calendar import local_day, local_moment
from tests.trainings.factories import ALLOCATION, NOON, person, session, spot, standing, trainer
from tests.trainings.test_blocks import block, officer_of, provider, works_at
from trainings import rules, workflow
from trainings.models import Allocation, Invitation, Override, Registration, Status
from trainings.next_steps import work_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = date(2027, 11, 15)


@pytest.fixture
def staff(client):
    someone = trainer()
    client.force_login(someone)
    return someone


def at(clock, client, moment, someone):
    clock.move_to(moment)
    client.force_login(someone)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def fresh(one):
    return Registration.objects.get(pk=one.pk)


def url(name, *args):
    return reverse(f"trainings:{name}", args=args)


STAMP = {"channel": "phone", "came_on": "2027-08-02", "came_at": "11:30"}

# -- Another date, a pause ---------------------------------------------------------------------------------


def test_the_page_lists_the_other_dates_and_one_press_changes_to_one(client):
    one, november = spot(session()), session(first=NOVEMBER)
    client.force_login(one.person)

    page = words(client.get(url("change_date", one.reference)))
    assert "November 15" in page
    for _press in range(2):
        answer = client.post(url("change_date", one.reference), {"to": november.reference})
        assert answer.headers["Location"] == url("registration", one.reference)

    assert fresh(one).session == november
    assert Entry.objects.of(one).filter(event="trainings.moved").count() == 1
    history = words(client.get(url("registration", one.reference)))
    assert "Your date changed from Monday, September 13 to Monday, November 15. You kept your time." in history


def test_a_date_that_is_not_on_the_list_is_refused_and_nothing_changes(client):
    one, other = spot(session()), session("peer_bridger", first=NOVEMBER)
    client.force_login(one.person)

    page = client.post(url("change_date", one.reference), {"to": other.reference})

    assert "Choose one of these dates." in words(page)
    assert fresh(one).session == one.session


def test_the_office_changes_a_date_after_a_call_and_the_history_says_how_it_came(client, staff):
    one, november = spot(session()), session(first=NOVEMBER)

    client.post(url("change_date", one.person.reference, one.reference), {"to": november.reference, **STAMP})

    assert fresh(one).session == november
    assert Entry.objects.of(one).get(event="trainings.moved").facts["channel"] == "phone"


def test_who_said_no_uses_their_time_for_the_next_session_with_one_press(client, clock):
    where, november = session(capacity=1), session(first=NOVEMBER)
    first, mine = spot(where), spot(where, at=NOON + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    workflow.decline(mine.pk, by=mine.person, at=ALLOCATION + HOUR)
    at(clock, client, ALLOCATION + 2 * HOUR, mine.person)

    page = client.get(url("registration", mine.reference)).content.decode()
    assert "Use my time for the next dates" in page
    client.post(url("change_date", mine.reference), {"to": re.search(r'name="to" value="([^"]+)"', page)[1]})

    assert (fresh(mine).session, fresh(mine).status) == (november, Status.ADMITTED)


def test_the_office_enters_a_yes_it_heard_before_the_offer_ran_out_and_the_person_cannot(client, clock):
    where = session(capacity=1)
    first, mine = spot(where), spot(where, at=NOON + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    end = fresh(mine).offer_expires_at
    workflow.run_out(end)

    at(clock, client, end + HOUR, mine.person)
    assert "Enter it" not in words(client.get(url("registration", mine.reference)))
    client.post(url("answer", mine.reference), {"answer": "yes"})
    assert fresh(mine).status == Status.RAN_OUT

    heard = timezone.localtime(end - HOUR)
    at(clock, client, end + HOUR, trainer())
    assert "They answered in time?" in words(client.get(url("registration", mine.person.reference, mine.reference)))
    page = url("answer", mine.person.reference, mine.reference)
    assert "Did they answer before that?" in words(client.get(page))
    stamp = {"channel": "phone", "came_on": heard.date().isoformat(), "came_at": heard.strftime("%H:%M")}
    client.post(page, {"answer": "yes", **stamp})

    assert fresh(mine).status == Status.CONFIRMED


@pytest.mark.parametrize("by_staff", [False, True])
def test_pause_is_one_press_by_the_person_or_by_staff_after_a_call_and_has_no_field_for_a_reason(client, by_staff):
    one = spot(session())
    someone = trainer() if by_staff else one.person
    client.force_login(someone)
    page = url("pause", one.person.reference, one.reference) if by_staff else url("pause", one.reference)

    names = set(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', client.get(page).content.decode()))
    for _press in range(2):
        client.post(page, STAMP if by_staff else {})

    asked = {"channel", "came_on", "came_at", "helped_by"} if by_staff else set()
    assert names - {"csrfmiddlewaretoken", "q", "language", "next"} == asked
    assert fresh(one).status == Status.PAUSED
    assert Entry.objects.of(one).filter(event="trainings.paused").count() == 1
    client.force_login(one.person)
    shown = words(client.get(url("registration", one.reference)))
    assert "Your spot is on pause" in shown
    assert "August 2, 2028" in shown
    assert "Go on with Sep 13–17" in shown


def test_somebody_elses_spot_is_neither_changed_nor_paused(client):
    one, november = spot(session()), session(first=NOVEMBER)
    client.force_login(person())

    assert client.post(url("change_date", one.reference), {"to": november.reference}).status_code == 404
    assert client.post(url("pause", one.reference)).status_code == 404


# -- Signing up --------------------------------------------------------------------------------------------


def test_another_date_while_one_lives_is_answered_by_the_change(client):
    july, november = (session("cpss_supervisor", first=first, last=first) for first in (date(2027, 9, 13), NOVEMBER))
    one = spot(july)
    client.force_login(one.person)

    page = client.get(url("sign_up", november.reference)).content.decode()

    assert "You have a spot on another date" in page
    assert f'action="{url("change_date", one.reference)}"' in page
    client.post(url("change_date", one.reference), {"to": november.reference})
    assert fresh(one).session == november


def test_a_minute_late_one_press_sends_it_for_the_next_dates(client, clock):
    where, following = (
        session("cpss_supervisor", first=first, last=first, designations=()) for first in (date(2027, 9, 13), NOVEMBER)
    )
    me = person()
    at(clock, client, where.registration_closes_at + timedelta(minutes=1), me)

    refused = client.post(url("sign_up", where.reference), {}).content.decode()
    assert "Sign up for the next dates" in refused
    action = re.search(r'<form action="([^"]+sign-up/)"', refused)[1]
    for _press in range(2):
        client.post(action, {})

    assert Registration.objects.get(person=me).session == following


def test_who_works_for_a_provider_with_a_block_signs_up_under_it(client):
    where, place = session("cpss_supervisor", last=date(2027, 9, 13)), provider()
    mine = block(where, place)
    me = person()
    works_at(place, me)
    client.force_login(me)

    said = f"{place.name} has seats of its own here"
    assert said in words(client.get(url("sign_up", where.reference)))
    elsewhere = words(client.get(url("sign_up", session("cpss_supervisor", last=date(2027, 9, 13)).reference)))
    assert "This training is open to you." in elsewhere
    assert "seats of its own" not in elsewhere
    client.post(url("sign_up", where.reference), {})

    assert Registration.objects.get(person=me).block == mine


# -- Officers ----------------------------------------------------------------------------------------------


def test_an_officer_starts_a_sign_up_and_sees_only_if_it_was_used(client, clock):
    where, place = session("cpss_supervisor", last=date(2027, 9, 13)), provider()
    officer, me = officer_of(place), person(email="me@home.example.org")
    client.force_login(officer)
    facts = {"provider": place.pk, "session": where.pk, "name": "New Hire", "email": "new@example.org"}
    first = words(client.post(url("new_hires"), facts, follow=True))
    clock.shift(timedelta(minutes=5))
    second = words(client.post(url("new_hires"), facts, follow=True))
    asked = Invitation.objects.get()
    assert "Sent to New Hire, new@example.org. They finish the sign-up themselves." in first
    assert "We sent this to new@example.org on" in second and "We do not send it twice. Ask New Hire" in second

    client.force_login(me)
    link = url("invitation", workflow.invitation_token(asked))
    assert client.get(link).status_code == 200
    assert Invitation.objects.get().person is None
    assert client.post(link).headers["Location"] == url("sign_up", where.reference)
    assert not Registration.objects.exists()
    client.post(url("sign_up", where.reference), {})
    one = Registration.objects.get(person=me)
    client.get(url("registration", one.reference))  # says its greeting to the person

    client.force_login(officer)
    seen = words(client.get(url("new_hires")))
    assert "Used" in seen
    assert one.reference not in seen
    assert str(me) not in seen


def test_who_is_no_officer_starts_nothing(client):
    where, place = session(), provider()
    client.force_login(person())

    facts = {"provider": place.pk, "session": where.pk, "name": "New Hire", "email": "new@example.org"}
    page = client.post(url("new_hires"), facts)

    assert "This page is for officers of a provider" in words(page)
    assert f'href="{reverse("account_email")}"' in page.content.decode()
    assert not Invitation.objects.exists()


def test_signed_out_the_link_leads_through_the_sign_in_and_back(client):
    asked = Invitation.objects.create(
        session=session(), provider=provider(), name="New", email="new@example.org", by=person(), made_at=NOON
    )
    link = url("invitation", workflow.invitation_token(asked))

    answer = client.post(link)

    assert answer.headers["Location"].startswith(reverse("account_login") + "?next=")
    assert client.get(url("invitation", "forged")).status_code == 410


# -- Exceptions and blocks ---------------------------------------------------------------------------------


def test_staff_count_somebody_in_another_group_and_the_person_reads_why(client, staff):
    where = session("peer_bridger")
    someone = person()
    standing(someone, "certified", "CPSSP-MH")
    one = spot(where, someone)
    page = url("desk_exception", where.reference, one.reference, "group")

    assert "People who work as a Peer Bridger now" in words(client.get(page))
    assert "Write the reason" in words(client.post(page, {"group": "1", "because": ""}))
    for _press in range(2):
        client.post(page, {"group": "1", "because": "Their letter of work came by mail."})

    assert Override.objects.count() == 1
    assert "Exception: Counted in another group" in words(client.get(url("desk_session", where.reference)))
    client.force_login(someone)
    seen = words(client.get(url("registration", one.reference)))
    assert "Staff count you in group 1" in seen
    assert "Their letter of work came by mail." in seen


def test_staff_make_no_exception_for_themselves(client, staff):
    where = session()
    mine = spot(where, staff)
    User.objects.filter(pk=staff.pk).update(is_superuser=True)

    for kind in ("group", "time", "seat"):
        assert client.get(url("desk_exception", where.reference, mine.reference, kind)).status_code == 403
        assert client.post(url("desk_exception", where.reference, mine.reference, kind)).status_code == 403
    assert client.post(reverse("trainings:late_form", args=[staff.reference, where.reference])).status_code == 403


def test_a_spot_of_another_session_is_not_found_under_this_one(client, staff):
    here, elsewhere = session(), spot(session(first=NOVEMBER))

    assert client.get(url("desk_exception", here.reference, elsewhere.reference, "time")).status_code == 404


def test_a_free_seat_by_hand_names_who_is_passed_and_asks_to_tick_each(client, clock, staff):
    where = session(capacity=1)
    seated, second, third = (spot(where, at=NOON + n * HOUR) for n in range(3))
    workflow.allocate(where.pk, at=ALLOCATION)
    now = local_moment(where.last_offer_on + DAY, rules.MORNING)
    workflow.withdraw(seated.pk, by=seated.person, at=now)
    at(clock, client, now, staff)
    page = url("desk_exception", where.reference, third.reference, "seat")

    assert f"I called, and this seat goes past {second.person}." in words(client.get(page))
    assert "Tick each person this seat goes past" in words(
        client.post(page, {"because": "Only they can come tomorrow."})
    )
    assert fresh(third).status == Status.WAITING
    for _press in range(2):
        client.post(page, {"because": "Only they can come tomorrow.", f"pass-{second.reference}": "on"})

    assert [fresh(one).status for one in (second, third)] == [Status.WAITING, Status.CONFIRMED]
    assert Override.objects.count() == 1


def test_without_a_seat_to_give_there_is_no_form_and_the_page_says_which_of_the_two_it_is(client, clock, staff):
    where = session(capacity=1)
    _seated, second = (spot(where, at=NOON + n * HOUR) for n in range(2))
    page = url("desk_exception", where.reference, second.reference, "seat")

    before = words(client.get(page))
    workflow.allocate(where.pk, at=ALLOCATION)
    at(clock, client, ALLOCATION + HOUR, staff)
    full = words(client.get(page))
    pressed = words(client.post(page, {"because": "She cannot come later."}))

    assert "The seats are set on Wednesday, August 25, 2027. Before that nobody gets one by hand." in before
    assert "No seat is free. Nobody gets one by hand while the room is full." in full
    assert not any('name="because"' in shown for shown in (before, full))
    assert "She cannot come later." in pressed and fresh(second).status == Status.WAITING


def test_staff_choose_from_the_groups_the_public_page_lists(client, staff):
    where = session("peer_bridger")
    someone = person()
    standing(someone, "certified", "CPSSP-MH")
    one = spot(where, someone)

    offered = words(client.get(url("desk_exception", where.reference, one.reference, "group")))
    public = words(client.get(url("session", where.reference)))

    assert "3. People who finished the peer support training" in offered
    assert "People who finished the peer support training" in public
    assert "All others" not in offered and "All others" not in public
    with pytest.raises(NotAllowed, match="no_such_group"):
        workflow.put_in_group(one.pk, 4, because="x", by=staff, at=NOON)


def test_after_the_last_day_the_desk_finds_both_ways_to_type_a_form(client, clock, staff):
    where, someone = session(), person()
    at(clock, client, where.registration_closes_at + HOUR, staff)
    page = where.get_absolute_url() + f"?for={someone.reference}"

    shown = client.get(page).content.decode()
    assert reverse("applicants:start", args=[someone.reference, where.reference]) in shown
    assert reverse("trainings:late_form", args=[someone.reference, where.reference]) in shown
    allocated_at = local_moment(where.allocation_on, rules.MORNING)
    workflow.allocate(where.pk, at=allocated_at)
    at(clock, client, allocated_at, staff)
    after = client.get(page).content.decode()
    assert reverse("applicants:start", args=[someone.reference, where.reference]) not in after


def test_a_free_first_come_seat_after_the_last_offer_day_is_work_for_the_office(client, clock, staff):
    where = session("components_1", last=None, capacity=1)
    people = [person(), person()]
    for someone in people:
        standing(someone, "certified", "CPSSP-MH")
    mine, behind = (spot(where, someone) for someone in people)
    now = where.starts_at - timedelta(days=1)
    workflow.withdraw(mine.pk, by=mine.person, at=now)

    at(clock, client, now, staff)

    assert fresh(behind).status == Status.WAITING
    assert "A seat is free. Call the next people" in client.get(reverse("staff")).content.decode()
    assert "Call the next people in the order below." in words(client.get(url("desk_session", where.reference)))


def test_a_time_saved_as_it_stood_moves_nobody(client, clock, staff):
    where = session(capacity=1)
    first, second = (spot(where, at=NOON + timedelta(seconds=seconds)) for seconds in (20, 56))
    page = url("desk_exception", where.reference, second.reference, "time")
    clock.move_to(NOON + HOUR)
    shown = client.get(page).content.decode()
    day, hour = (re.search(rf'name="{name}" value="([^"]+)"', shown)[1] for name in ("day", "clock"))

    answer = client.post(page, {"day": day, "clock": hour, "because": "A paper lay here."})

    assert (day, hour) == ("2027-08-02", "12:00")
    assert "They are counted from this time already." in words(answer)
    assert [fresh(one).received_at for one in (first, second)] == [first.received_at, second.received_at]
    client.post(page, {"day": day, "clock": "11:59", "because": "A paper lay here."})
    assert fresh(second).received_at == NOON - timedelta(minutes=1)


def test_a_form_after_the_last_day_is_taken_from_its_page(client, clock, staff):
    where, someone = session("cpss_supervisor", last=date(2027, 9, 13), designations=()), person()
    at(clock, client, where.registration_closes_at + HOUR, staff)
    page = reverse("trainings:late_form", args=[someone.reference, where.reference])

    assert client.get(page).status_code == 200
    stamp = timedelta(hours=3)
    day = local_day(where.registration_closes_at - stamp)
    sent = {"day": day.isoformat(), "clock": "21:00", "because": "It lay in our mail room."}
    assert "Choose how it came." in words(client.post(page, sent))
    client.post(page, {**sent, "channel": "in_person"})

    taken = Registration.objects.get(person=someone)
    assert (taken.overrides.get().kind, taken.came_by) == ("late_form", "in_person")
    assert Entry.objects.of(taken).get(event="trainings.registered").facts["came_by"] == "in_person"
    assert "Brought to us" in words(client.get(url("desk_session", where.reference)))
    assert "Brought to us" in words(client.get(url("desk_registrations")))


def test_staff_set_seats_aside_for_a_provider_and_release_them(client, staff):
    where, place = session(), provider()
    facts = {"provider": place.pk, "count": 2, "until_on": "2027-08-20"}

    for _press in range(2):
        client.post(url("desk_blocks", where.reference), facts)
    made = where.blocks.get()
    assert "2, 0 used" in words(client.get(url("desk_blocks", where.reference)))
    released = client.post(url("desk_release", where.reference, made.reference), follow=True)
    client.post(url("desk_release", where.reference, made.reference))
    assert "2 unused seats of Delta Care go to the line." in words(released)

    assert where.seats.general().count() == where.capacity


# -- The call list -----------------------------------------------------------------------------------------


def asked(someone, place, at=NOON):
    job = works_at(place, someone, Job.Status.ASKED)
    return Verification.objects.create(
        job=job,
        verifier_name="Marcus Bell",
        verifier_email="marcus@delta.example.org",
        status="sent",
        drafted_at=at,
        sent_at=at,
        expires_at=at + 60 * DAY,
        link_version=1,
    )


def test_the_call_list_names_the_officer_and_a_spoken_yes_puts_the_person_first(client, clock, staff):
    """Acceptance 17a."""
    where, place = session("peer_bridger", capacity=1), provider()
    Officer.objects.create(provider=place, name="Olga Officer", phone="+16015550123")
    certified, bridger = person(), person()
    for someone in (certified, bridger):
        standing(someone, "certified", "CPSSP-MH")
    first, mine = spot(where, certified), spot(where, bridger, at=NOON + HOUR)
    question = asked(bridger, place)
    seven_before = local_moment(where.allocation_on - 9 * DAY, rules.MORNING)  # seven working days
    at(clock, client, seven_before, staff)

    page = words(client.get(url("desk_calls", where.reference)))
    for fact in (mine.reference, "Number 2", "1. People who work as a Peer Bridger now", "Olga Officer", "555-0123"):
        assert fact in page
    assert first.reference not in page
    work = [one for one in work_of(staff, seven_before) if one.url == url("desk_calls", where.reference)]
    assert [(one.due_on, one.verb) for one in work] == [(where.allocation_on, "Call 1 officer about a job")]
    early = work_of(staff, seven_before - DAY)
    assert not [one for one in early if one.url == url("desk_calls", where.reference)]

    yes = job_rules.Answer.yes_as_shown("Olga Officer")
    jobs.answer_by_phone(question.pk, yes, confirmed_by="Olga Officer", by=staff, at=seven_before)
    assert "Nobody. No open answer would change a group." in words(client.get(url("desk_calls", where.reference)))
    at(clock, client, seven_before, bridger)
    seen = words(client.get(url("registration", mine.reference)))
    assert "You are number 1 in the ranking now" in seen
    assert "Olga Officer of Delta Care confirmed your job by phone" in seen
    assert "You moved from group 2 to group 1" in seen
    workflow.allocate(where.pk, at=local_moment(where.allocation_on, rules.MORNING))
    assert [fresh(one).status for one in (first, mine)] == [Status.WAITING, Status.CONFIRMED]


# -- The office's list -------------------------------------------------------------------------------------


def test_each_row_says_why_it_is_there_and_what_would_change_it(client, staff):
    where, place = session("peer_bridger"), provider()
    someone = person()
    standing(someone, "certified", "CPSSP-MH")
    spot(where, someone)
    asked(someone, place)

    page = words(client.get(url("desk_session", where.reference)))

    assert "Certified peer support specialists" in page
    assert "Certificate. Since" in page and "Your certificate" not in page
    assert "A yes of Delta Care: group 1" in page


def people_in(where, count):
    for number in range(count):
        someone = person()
        standing(someone, "certified", "CPSSP-MH")
        spot(where, someone, at=NOON + number * timedelta(minutes=1))


def test_the_list_takes_as_many_statements_for_thirty_people_as_for_three(client, staff, django_assert_num_queries):
    few, many = session("peer_bridger"), session("peer_bridger", first=NOVEMBER)
    people_in(few, 3)
    people_in(many, 30)
    client.get(url("desk_session", few.reference))  # what is looked up once per process
    with CaptureQueriesContext(connection) as seen:
        client.get(url("desk_session", few.reference))
    with django_assert_num_queries(len(seen)):
        client.get(url("desk_session", many.reference))


def test_the_list_is_read_a_hundred_rows_at_a_time(client, staff):
    where = session("cpss_supervisor", last=date(2027, 9, 13), designations=())
    for number in range(101):
        User.objects.create_user(email=f"many{number}@example.org")
    people = list(User.objects.filter(email__startswith="many"))
    Registration.objects.bulk_create(
        Registration(
            person=one,
            session=where,
            course=where.course,
            status=Status.ADMITTED,
            received_at=NOON + number * timedelta(seconds=1),
            entered_at=NOON,
            admitted_at=NOON,
        )
        for number, one in enumerate(people)
    )

    first, second = (client.get(url("desk_session", where.reference), {"page": page}) for page in (1, 2))

    assert len(re.findall(r'<th scope="row">', first.content.decode())) == 100
    assert len(re.findall(r'<th scope="row">', second.content.decode())) == 1


def test_a_past_run_is_played_again_and_says_the_same_order_or_shows_the_difference(client, staff):
    where = session(capacity=1)
    one, two = spot(where), spot(where, at=NOON + HOUR)
    workflow.allocate(where.pk, at=ALLOCATION)
    run = Allocation.objects.get()
    page = url("desk_replay", where.reference, run.pk)

    assert "the same order, the same seats" in words(client.get(page))
    Allocation.objects.filter(pk=run.pk).update(order=[two.pk, one.pk], given=[[two.pk, 1, "confirmed"]])
    changed = words(client.get(page))

    assert "Played again it comes out different" in changed
    assert changed.count(" different ") >= 2
    other = session(first=NOVEMBER)
    assert client.get(url("desk_replay", other.reference, run.pk)).status_code == 404


def test_a_group_that_changed_by_its_date_is_read_on_the_persons_page(client):
    where = session("peer_bridger")
    me = person()
    standing(me, "trained", "CPSSP-MH")
    one = spot(where, me)
    grant_standing(me.pk, "certified", "CPSSP-MH", starts_on=date(2027, 8, 1), source="MS-1", by=None, at=NOON)
    client.force_login(me)

    assert "You moved from group 3 to group 2" in words(client.get(url("registration", one.reference)))
