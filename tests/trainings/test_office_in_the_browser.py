"""Every page of the office's about a session, and of a person's own spot: at 320 px, scripts off, nothing for axe."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Note
from accounts.search import keep_in_step
from accounts.workflow import arrange_access, ask_for_access
from tests.employment.factories import ProviderFactory
from tests.trainings.factories import ALLOCATION, FIRST_DAY, NOON, person, session, spot, standing, trainer
from trainings import workflow
from trainings.models import Allocation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pack")]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs a loop in this thread
    with time_machine.travel(ALLOCATION + 2 * HOUR, tick=True) as traveller:
        yield traveller


@pytest.fixture
def line():
    """Two seats, one set aside; somebody is seated, somebody has an offer, two wait, one is an exception."""
    staff = trainer()
    where = session("peer_bridger", by=staff, capacity=3, last=None)
    workflow.make_block(
        where.pk, ProviderFactory().pk, count=1, until_on=FIRST_DAY - timedelta(days=24), by=staff, at=NOON
    )
    spots = []
    for number in range(6):
        someone = person()
        standing(someone, "trained", "CPSSP-MH")
        spots.append(spot(where, someone, at=NOON + number * HOUR))
    workflow.put_in_group(spots[4].pk, 1, because="Her employer said yes on the phone.", by=staff, at=NOON + 9 * HOUR)
    workflow.allocate(where.pk, at=ALLOCATION, by=staff)
    workflow.withdraw(spots[0].pk, by=spots[0].person, at=ALLOCATION + HOUR)
    Note.objects.create(person=spots[1].person, by=staff, at=NOON, text="Call after five.")
    return staff, where, spots


def signed_in(page, someone, live_server):
    client = Client()
    client.force_login(someone)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return page


def what_is_wrong(page, axe, live_server, addresses):
    wrong = {}
    for address in addresses:
        answer = page.goto(live_server.url + address)
        found = [str(one) for one in axe(page)]
        width = page.evaluate("document.documentElement.scrollWidth")
        if answer.status != 200 or found or width > 320:
            wrong[address] = (answer.status, found, width)
    return wrong


def test_the_office_s_pages_of_a_session_before_class(line, open_page, live_server, axe):
    staff, where, spots = line
    page = signed_in(open_page(width=320, scripts=False), staff, live_server)
    of_session = ("session", "calls", "blocks", "change", "cancel", "roster", "lists", "attendance", "sheet", "exam")
    addresses = [reverse(f"trainings:desk_{name}", args=[where.reference]) for name in of_session]
    addresses += [reverse(f"trainings:desk_{name}") for name in ("registrations", "outages", "new", "year", "drafts")]
    addresses += [reverse("trainings:desk"), reverse("staff"), reverse("people") + "?q=ada"]
    addresses += [reverse("person", args=[spots[1].person.reference])]
    addresses += [reverse("trainings:desk_courses"), reverse("trainings:desk_course", args=["peer-bridger"])]
    run = Allocation.objects.filter(session=where).first()
    addresses += [reverse("trainings:desk_replay", args=[where.reference, run.pk])]
    addresses += [
        reverse("trainings:desk_exception", args=[where.reference, spots[3].reference, kind])
        for kind in ("group", "time", "seat")
    ]

    assert what_is_wrong(page, axe, live_server, addresses) == {}


def test_the_office_s_pages_of_a_session_once_class_began(line, clock, open_page, live_server, axe):
    staff, where, _spots = line
    clock.move_to(where.ends_at - HOUR)  # every half-day has a column
    page = signed_in(open_page(width=320, scripts=False), staff, live_server)
    names = ("session", "attendance", "sheet", "roster", "lists", "exam", "finish", "plan_sitting")

    addresses = [reverse(f"trainings:desk_{name}", args=[where.reference]) for name in names]
    addresses += [reverse("trainings:desk_half_day", args=[where.reference, 1])]
    seated = where.registrations.filter(status="confirmed").first()
    end = reverse("trainings:desk_end_early", args=[where.reference, seated.reference])

    assert what_is_wrong(page, axe, live_server, [*addresses, f"{end}?outcome=did_not_attend"]) == {}


def test_naming_who_leads_a_class_and_the_pages_they_get(line, clock, open_page, live_server, axe):
    staff, where, spots = line
    fay = person("Fay Cilitator", email="fay@partner.example.org")
    keep_in_step(fay)
    seated = spots[4].person
    needs = ask_for_access(seated.pk, "I am deaf.", answer_due_on=FIRST_DAY, by=seated, at=NOON)
    arrange_access(needs.pk, "An interpreter sits beside them.", by=staff, at=NOON)
    clock.move_to(where.ends_at - HOUR)
    page = signed_in(open_page(width=320, scripts=False), staff, live_server)
    address = reverse("trainings:desk_team", args=[where.reference])

    page.goto(live_server.url + address)
    page.get_by_label("Name, phone, e-mail or number").fill("cilit")
    page.get_by_role("button", name="Find").click()
    assert what_is_wrong(page, axe, live_server, [address + "?q=cilit"]) == {}
    page.get_by_label("Fay Cilitator").check()
    page.get_by_label("Facilitator", exact=True).check()
    page.get_by_role("button", name="Name them").click()
    assert page.get_by_text("Fay Cilitator is on the team of this class now.").is_visible()
    assert what_is_wrong(page, axe, live_server, [address]) == {}

    signed_in(page, fay, live_server)
    names = ("session", "attendance", "sheet")
    addresses = [reverse(f"trainings:class_{name}", args=[where.reference]) for name in names]
    addresses += [reverse("trainings:class_half_day", args=[where.reference, 1]), reverse("trainings:classes")]
    assert what_is_wrong(page, axe, live_server, [*addresses, reverse("me")]) == {}
    page.get_by_role("link", name="My classes").first.click()
    page.get_by_role("link", name="Peer Bridger").click()
    assert page.get_by_text("An interpreter sits beside them.").is_visible()
    page.get_by_role("link", name="Mark who was there").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("Saved.").is_visible()


@pytest.mark.parametrize("number", [1, 2, 4], ids=["seated", "offered or waiting", "an exception"])
def test_a_person_s_own_pages(line, number, open_page, live_server, axe):
    _staff, _where, spots = line
    mine = spots[number]
    page = signed_in(open_page(width=320, scripts=False), mine.person, live_server)
    names = ("registration", "change_date", "pause", "withdraw")
    addresses = [reverse(f"trainings:{name}", args=[mine.reference]) for name in names] + [reverse("me")]

    assert what_is_wrong(page, axe, live_server, addresses) == {}


def test_the_way_into_a_class_that_runs_is_changed_and_read_on_a_phone(clock, open_page, live_server, axe):
    staff, where = trainer(), session(capacity=1, last=None, dial_in="601-555-0148, passcode 2207#")
    mine = spot(where)
    workflow.allocate(where.pk, at=ALLOCATION)
    clock.move_to(where.starts_at + 2 * HOUR)
    workflow.keep_time(at=where.starts_at)
    own = reverse("trainings:registration", args=[mine.reference])
    office = [reverse(f"trainings:desk_{name}", args=[where.reference]) for name in ("session", "change")]
    read_out = reverse("trainings:registration", args=[mine.person.reference, mine.reference])

    page = signed_in(open_page(width=320, scripts=False), staff, live_server)
    assert what_is_wrong(page, axe, live_server, [*office, read_out]) == {}
    page.goto(live_server.url + office[1])
    page.get_by_label("Meeting link").fill("https://meet.example.org/day-two")
    page.get_by_role("button", name="See what changes").click()
    assert page.get_by_text("there is a new way in").is_visible()
    page.get_by_role("button", name="Yes, change it").click()
    assert page.get_by_text("Everyone who is affected is told once.").is_visible()
    where.refresh_from_db()
    assert where.meeting_link == "https://meet.example.org/day-two"

    page = signed_in(open_page(width=320, scripts=False), mine.person, live_server)
    assert what_is_wrong(page, axe, live_server, [own]) == {}
    assert page.get_by_role("button", name="Join").is_visible()
    assert page.get_by_text("When class starts, call 601-555-0148, passcode 2207#.").is_visible()
