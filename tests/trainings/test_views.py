"""The doors: what each page answers to whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, plan, session, spot, standing
from trainings import workflow
from trainings.answer_links import offer_token
from trainings.models import Completion, Registration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def later(clock, client, moment, someone):
    """Time passes; whoever was idle that long signs in again."""
    clock.move_to(moment)
    client.force_login(someone)


def sign_in(client, someone):
    client.force_login(someone)
    return client


def test_the_list_shows_each_session_with_its_deadline_and_days_left(client):
    session(), session("peer_bridger", capacity=24)

    page = client.get(reverse("trainings:list")).content.decode()

    assert "September 2027" in page
    assert "Apply by Friday, August 20" in page and "18 days left" in page
    assert "meet.example.org" not in page


def test_a_filter_that_finds_nothing_says_so(client):
    session()

    page = client.get(reverse("trainings:list"), {"course": "nothing"}).content.decode()

    assert "Nothing fits that choice now." in page


def test_a_long_calendar_is_read_page_by_page_with_its_filters(client):
    weeks = [session(first=FIRST_DAY + timedelta(weeks=number)) for number in range(27)]
    elsewhere = session("peer_bridger", first=FIRST_DAY)
    address = reverse("trainings:list")

    first = client.get(address, {"course": "cpss"})
    second = client.get(address + first.context["page"].on)
    back = client.get(address + second.context["page"].back)

    assert list(first.context["page"]) == weeks[:25]
    assert list(second.context["page"]) == weeks[25:] and "Later dates" not in second.content.decode()
    assert list(back.context["page"]) == weeks[:25] and "Earlier dates" not in back.content.decode()
    assert elsewhere in client.get(address).context["page"]


def test_a_month_shows_its_own_dates_and_only_months_with_dates_are_offered(client):
    september, november = session(), session(first=FIRST_DAY + timedelta(weeks=9))
    address = reverse("trainings:list")

    page = client.get(address, {"month": "2027-11"})

    (months,) = [one.options for one in page.context["choices"] if one.name == "month"]
    assert months == [("2027-09", "September 2027"), ("2027-11", "November 2027")]
    assert list(page.context["page"]) == [november]
    assert list(client.get(address).context["page"]) == [september, november]
    assert "Nothing fits that choice now." in client.get(address, {"month": "2027-10"}).content.decode()


def test_the_list_takes_as_many_statements_for_ten_sessions_as_for_one(client, django_assert_num_queries):
    session()
    client.get(reverse("trainings:list"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("trainings:list"))
    for week in range(9):
        session(first=plan().half_days[0][0].date() + timedelta(weeks=week + 1))

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(reverse("trainings:list"))


def test_a_session_that_closed_says_when_and_names_the_next(client, clock):
    first = session()
    session(first=first.starts_on + timedelta(weeks=9))
    clock.move_to(first.registration_closes_at)

    page = client.get(first.get_absolute_url()).content.decode()

    assert "This training closed on Friday, August 20, 2027, 11:59 p.m. Central" in page
    assert "Nov 15–19" in page
    assert "meet.example.org" not in page


def test_a_draft_is_nobodys_page(client):
    staff = person()
    draft = workflow.plan_session(plan(), by=staff, at=NOON)

    assert client.get(draft.get_absolute_url()).status_code == 404


def test_signing_up_twice_gives_one_spot_and_a_friendly_answer(client):
    where, me = session("peer_bridger"), person()
    standing(me, "certified", "CPSSP-MH")
    url = reverse("trainings:sign_up", args=[where.reference])
    sign_in(client, me)

    page = client.get(url).content.decode()
    first = client.post(url, follow=True)
    second = client.post(url, follow=True)

    assert "This training is open to you." in page
    assert "You are signed up." in first.content.decode()
    assert first.redirect_chain[-1] == second.redirect_chain[-1]
    assert Registration.objects.count() == 1


def test_somebody_outside_the_groups_reads_what_is_missing(client):
    where = session("components_1", last=plan().half_days[0][0].date())
    sign_in(client, person())
    url = reverse("trainings:sign_up", args=[where.reference])

    page, answer = client.get(url), client.post(url)

    assert "It is for: Certified peer support specialists." in page.content.decode()
    assert "It is for: Certified peer support specialists." in answer.content.decode()
    assert not Registration.objects.exists()


def test_staff_sign_somebody_up_with_the_time_of_the_call(office):
    where, caller = session("peer_bridger"), person()
    standing(caller, "certified", "CPSSP-MH")
    url = reverse("trainings:sign_up", args=[caller.reference, where.reference])

    typed = {"channel": "phone", "came_on": "2027-08-01", "came_at": "09:30", "helped_by": ""}
    answer = office.post(url, typed, follow=True)

    mine, page = Registration.objects.get(person=caller), answer.content.decode()
    assert f"This is the page of {caller.legal_name} ({caller.reference})." in page
    assert f">{caller.legal_name}</a> / Your spot" in page
    assert (mine.came_by, mine.received_at.isoformat()) == ("phone", "2027-08-01T14:30:00+00:00")


def test_a_stranger_finds_no_spot_and_a_signed_out_reader_the_sign_in_page(client):
    mine = spot(session())
    url = mine.get_absolute_url()

    assert client.get(url).status_code == 302
    assert sign_in(client, person()).get(url).status_code == 404
    for name in ("answer", "withdraw"):
        assert client.get(reverse(f"trainings:{name}", args=[mine.reference])).status_code == 404
    assert client.post(reverse("trainings:join", args=[mine.reference])).status_code == 404


def test_the_spot_page_says_the_number_the_group_and_the_reason(client, clock):
    where = session("peer_bridger", capacity=1)
    bridger, certified, trained = person(), person(), person()
    standing(certified, "certified", "CPSSP-MH")
    standing(trained, "trained", "CPSSP-MH")
    standing(bridger, "employed", "peer_bridger")
    for someone in (trained, certified, bridger):
        spot(where, someone)
    clock.move_to(ALLOCATION)
    workflow.allocate(where.pk, at=ALLOCATION)

    mine = Registration.objects.get(person=trained)
    page = sign_in(client, trained).get(mine.get_absolute_url()).content.decode()

    assert "You are number 2 in line" in page
    assert "3: People who finished the peer support training" in page
    assert "1 person in group 2: Certified peer support specialists" in page
    assert "We cannot say yet how it went before." in page
    assert "1 person is ahead of you. 0 people are behind you." in page


def test_an_offer_answered_by_its_link_needs_no_sign_in_and_a_scanner_changes_nothing(client, clock):
    where = session(capacity=1)
    first, second = spot(where), spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.withdraw(first.pk, by=first.person, at=ALLOCATION)
    clock.move_to(ALLOCATION + timedelta(hours=1))
    url = reverse("trainings:offer", args=[offer_token(Registration.objects.get(pk=second.pk))])

    for _scan in range(3):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
    assert Registration.objects.get(pk=second.pk).status == "offered"
    page = client.post(url, {"answer": "yes"}, follow=True).content.decode()

    assert "The seat is yours." in page
    assert Registration.objects.get(pk=second.pk).status == "confirmed"
    assert client.get(url[:-3] + "x/").status_code == 410


def test_join_sends_on_to_the_meeting_and_its_address_stands_on_no_page(client, clock):
    where = session(capacity=1)
    mine, other = spot(where), spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    url, page = reverse("trainings:join", args=[mine.reference]), mine.get_absolute_url()
    sign_in(client, mine.person)

    early = client.post(url, follow=True).content.decode()
    later(clock, client, where.starts_at - timedelta(days=6), mine.person)
    link_is_out = client.post(url, follow=True).content.decode()
    later(clock, client, where.starts_at, mine.person)
    shown = client.get(page)
    sent_on = client.post(url)
    sign_in(client, other.person)
    waiting = client.post(reverse("trainings:join", args=[other.reference]), follow=True).content.decode()

    assert "The meeting link comes on Monday, September 6." in early
    assert "You can join from Monday, September 13, 8 a.m. Central." in link_is_out
    assert (sent_on.status_code, sent_on["Location"]) == (302, "https://meet.example.org/abc")
    assert (sent_on["Referrer-Policy"], sent_on["Cache-Control"]) == ("no-referrer", "no-store")
    assert sent_on.content == b""
    assert ">Join<" in shown.content.decode()
    assert "form-action 'self' https:" in shown["Content-Security-Policy"]
    assert all("meet.example.org" not in page for page in (early, link_is_out, shown.content.decode(), waiting))


def test_leaving_asks_first_and_then_frees_the_seat(client):
    mine = spot(session())
    url = reverse("trainings:withdraw", args=[mine.reference])
    sign_in(client, mine.person)

    assert "Do you want to leave this training?" in client.get(url).content.decode()
    assert Registration.objects.get(pk=mine.pk).is_live
    client.post(url)
    assert Registration.objects.get(pk=mine.pk).status == "withdrawn"


DESK = ["desk_session", "desk_change", "desk_cancel", "desk_attendance", "desk_sheet", "desk_exam", "desk_finish"]


@pytest.mark.parametrize("name", DESK)
def test_the_offices_pages_are_closed_to_everyone_else(client, name):
    url = reverse(f"trainings:{name}", args=[session().reference])

    assert client.get(url).status_code == 302
    assert sign_in(client, person()).get(url).status_code == 403


@pytest.mark.parametrize("name", DESK)
def test_the_offices_pages_open(office, name, clock):
    where = session()
    one = spot(where)
    clock.move_to(ALLOCATION)
    workflow.allocate(where.pk, at=ALLOCATION)
    later(clock, office, where.starts_at + timedelta(days=1), office.staff)

    page = office.get(reverse(f"trainings:{name}", args=[where.reference]))

    assert page.status_code == 200
    assert one.reference in page.content.decode() or name in ("desk_change", "desk_cancel", "desk_sheet")


def test_planning_a_session_on_a_closed_day_asks_to_look_once(office):
    typed = {
        "course": "cpss", "first_day": "2027-09-06", "last_day": "2027-09-10", "starts": "09:00",
        "break_starts": "12:00", "break_ends": "13:00", "ends": "16:00", "mode": "online", "capacity": "30",
        "cost": "150", "meeting_link": "https://meet.example.org/x", "opens_on": "2027-07-01",
        "closes_on": "2027-08-13", "closes_at": "23:59", "documents_on": "2027-08-13", "documents_at": "23:59",
        "allocation_on": "2027-08-18", "last_offer_on": "",
    }  # fmt: skip
    url = reverse("trainings:desk_new")

    asked = office.post(url, typed).content.decode()
    answer = office.post(url, typed | {"looked_at": "on"}, follow=True)

    assert "There is class on Monday, September 6, 2027. That is Labor Day." in asked
    assert "This is a draft. Nobody sees it." in answer.content.decode()


def test_a_class_is_marked_tested_and_completed_from_its_pages(office, clock):
    where = session(capacity=2)
    done, away = spot(where), spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    later(clock, office, where.ends_at + timedelta(hours=1), office.staff)
    halves = list(where.half_days.all())
    ticks = {f"there-{half.pk}-{done.pk}": "on" for half in halves}
    ticks |= {f"there-{half.pk}-{away.pk}": "on" for half in halves[1:]}

    office.post(reverse("trainings:desk_attendance", args=[where.reference]), ticks)
    typed = {"taken_on": "2027-09-17", f"score-{done.pk}": "88", f"score-{away.pk}": "71"}
    scores = office.post(reverse("trainings:desk_exam", args=[where.reference]), typed, follow=True)
    finish = office.get(reverse("trainings:desk_finish", args=[where.reference])).content.decode()
    office.post(reverse("trainings:desk_finish", args=[where.reference]))

    assert "2 scores are saved." in scores.content.decode()
    assert "Class time missed: 3 hours." in finish and "The test is not passed yet." in finish
    assert [one.person for one in Completion.objects.all()] == [done.person]


def test_a_score_that_cannot_be_keeps_what_was_typed(office, clock):
    where = session(capacity=1)
    one = spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    later(clock, office, where.ends_at, office.staff)

    page = office.post(
        reverse("trainings:desk_exam", args=[where.reference]), {"taken_on": "2027-09-17", f"score-{one.pk}": "188"}
    ).content.decode()

    assert "Write a score from 0 to 100." in page and 'value="188"' in page
    assert not one.exam_attempts.exists()


def test_the_sign_in_sheet_holds_the_name_in_use_only(office, clock):
    someone = person("Roberta Legalname", name_in_use="Bobbie")
    where = session(capacity=1)
    spot(where, someone)
    workflow.allocate(where.pk, at=ALLOCATION)

    page = office.get(reverse("trainings:desk_sheet", args=[where.reference])).content.decode()

    assert "Bobbie" in page
    assert "Legalname" not in page and someone.email not in page and someone.reference not in page
