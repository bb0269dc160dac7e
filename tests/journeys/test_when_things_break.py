"""The path while parts of the house are away, while time runs out, and while somebody presses twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from playwright.sync_api import expect

from tests.journeys.people import House, Person, link_in, text_of
from tests.journeys.walk import Dates, Names, Walk, central
from tests.stack import PostgresStack, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.stack]

LATER = Dates(
    closes=date(2027, 3, 5),
    documents=date(2027, 3, 5),
    allocation=date(2027, 3, 10),
    first=date(2027, 4, 5),
    last=date(2027, 4, 9),
)
WRONG = ("Dora Fitch", "dora.fitch@catfish-point.example.org")
RIGHT = ("Dora Finch", "dora.finch@catfish-point.example.org")


@pytest.fixture(scope="module")
def walk(stack: PostgresStack, house: Callable[..., House]) -> Walk:
    """Two sessions on the calendar, and somebody with an account."""
    stack.manage("seed_demo", "--only", "sign-ins")
    everybody = house()
    later = Walk(everybody, dates=LATER)
    later.the_training_office_plans_a_session()
    walk = Walk(everybody, names=Names(verifier=WRONG), dates=Dates(hired=date(2027, 1, 4)))
    walk.the_office_lists_a_provider()
    walk.the_training_office_plans_a_session()
    walk.applicant.opens(f"/trainings/{walk.found.session}/")
    walk.the_visitor_makes_an_account()
    walk.they_say_who_they_are()
    return walk


@pytest.fixture(scope="module")
def filled_in(walk: Walk) -> Walk:
    walk.they_start_an_application()
    walk.they_fill_it_in_page_by_page()
    return walk


def _mails(walk: Walk, address: str) -> int:
    return len(walk.house.mail_to(address))


def _comes_once(walk: Walk, address: str, *, after: int = 0) -> None:
    wait_until(lambda: _mails(walk, address) > after, 60, walk.house.stack.log_end)
    walk.house.stack.travel_to(
        walk.house.stack.now + timedelta(minutes=30)
    )  # time for a second copy, if there were one
    wait_until(lambda: walk.house.stack.answers("/readyz"), 60)

    assert _mails(walk, address) == after + 1


# -- Parts of the house are away ---------------------------------------------------------------------------


def test_a_paper_sent_while_the_worker_is_killed_is_checked_when_it_is_back(filled_in, stack):
    stack.kill("worker")

    filled_in.they_send_a_photo_of_their_diploma()

    filled_in.applicant.reads("Here")


def _name_a_reference(walk: Walk, number: int) -> Person:
    name, address = walk.names.references[number]
    person = walk.applicant.signs_in().opens(f"{walk.application_page}references/")
    person.writes("Their name", name).chooses("A friend").writes("Their e-mail", address)
    return person.presses("Save, and read the message")


def test_a_reference_asked_while_the_broker_is_away_hears_once_when_it_is_back(filled_in, stack):
    name, address = filled_in.names.references[0]
    person = _name_a_reference(filled_in, 0)

    stack.broker.stop()
    person.presses("Send").reads(f"Sent to {name}").does_not_read("went wrong")
    assert _mails(filled_in, address) == 0
    stack.broker.start()

    _comes_once(filled_in, address)


def test_a_reference_asked_while_the_mail_server_is_away_hears_once_when_it_is_back(filled_in, stack):
    name, address = filled_in.names.references[1]
    person = _name_a_reference(filled_in, 1)

    stack.sink.stop()
    person.presses("Send").reads(f"Sent to {name}")
    stack.travel_to(stack.now + timedelta(minutes=10))
    stack.sink.start()
    stack.travel_to(stack.now + timedelta(hours=2))

    _comes_once(filled_in, address)


def test_an_answer_given_while_the_worker_is_killed_is_told_once(filled_in, stack):
    before = _mails(filled_in, filled_in.names.address)
    stack.kill("worker")

    filled_in.a_reference_answers_by_the_link_in_their_mail(0)

    _comes_once(filled_in, filled_in.names.address, after=before)
    filled_in.a_reference_answers_by_the_link_in_their_mail(1)


# -- Time runs out -------------------------------------------------------------------------------------------


def test_words_typed_into_a_session_that_ended_are_there_after_the_sign_in(filled_in, stack):
    person = filled_in.applicant.signs_in().opens(f"{filled_in.application_page}hours/")
    person.chooses(re.compile("^Hours")).writes("Where?", "Two years at Mt. Zion, on Tuesdays & Fridays")

    stack.travel_to(stack.now + timedelta(minutes=25))
    person.presses("Save this one").reads("Sign in")
    person.types_sign_in()

    assert person.page.get_by_label("Where?").input_value() == "Two years at Mt. Zion, on Tuesdays & Fridays"


def test_a_deadline_that_passes_while_the_form_is_open_keeps_everything_for_the_next_training(filled_in, stack):
    closing_night = central(filled_in.dates.closes, 23, 55)
    stack.travel_to(closing_night)
    person = filled_in.applicant.signs_in().opens(filled_in.application_page).follows("Check and send")
    before = _mails(filled_in, filled_in.names.address)

    stack.travel_to(closing_night + timedelta(minutes=5, seconds=1))
    person.presses("Send my application").does_not_read("We have your application")
    person.reads("The time for this training has passed", "What you wrote is saved.")
    person.presses("Use it for the next training").reads("for the next training")

    person.reads("Check and send")
    assert _mails(filled_in, filled_in.names.address) == before


# -- Pressed twice -------------------------------------------------------------------------------------------


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def _press(url: str, cookies: str, form: dict[str, str]) -> int:
    request = Request(url, urlencode(form).encode(), {"Cookie": cookies, "Referer": url})
    try:
        return build_opener(_NoRedirect).open(request, timeout=60).status
    except OSError as answer:
        return getattr(answer, "code", 0)


def test_an_application_sent_four_times_at_once_is_one_application_and_one_message(filled_in):
    person = filled_in.applicant.signs_in().opens(filled_in.application_page).follows("Check and send")
    left_open = person.context.new_page()
    left_open.goto(person.url)
    before = _mails(filled_in, filled_in.names.address)
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in person.context.cookies())
    token = person.page.locator("main input[name=csrfmiddlewaretoken]").first.input_value()

    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(lambda _: _press(person.url, cookies, {"csrfmiddlewaretoken": token}), range(4)))
    left_open.get_by_role("button", name="Send my application").click()

    assert answers == [302] * 4
    sentence = f"We already have it. Your number is {filled_in.found.application}. You do not need to do more."
    expect(left_open.get_by_text(sentence)).to_be_visible()
    person.opens(filled_in.application_page).reads("Sent. We check it now.")
    _comes_once(filled_in, filled_in.names.address, after=before)


def test_the_office_finds_one_application(filled_in):
    office = filled_in.staff("training").opens("/staff/applications/")

    assert office.page.get_by_role("link", name=re.compile(filled_in.found.application)).count() == 1


# -- The link to an employer ---------------------------------------------------------------------------------


def test_a_wrong_supervisor_is_corrected_and_the_old_link_shows_nothing_personal(walk):
    walk.they_name_their_job()
    walk.they_read_the_message_and_press_send()
    old = link_in(walk.house.wait_for_mail(WRONG[1], "/employment/verify/"), "/employment/verify/")
    person = walk.applicant.opens(f"/employment/{walk.found.job}/").follows("Correct the name or address")

    person.writes("Who can say that this is right?", RIGHT[0]).writes("Their work e-mail", RIGHT[1])
    person.presses("Save and read the message")
    assert walk.house.mail_to(RIGHT[1]) == []
    person.presses("Send").reads("Sent.")

    stranger = walk.house.person("somebody with the old link").opens(old)
    names = walk.names
    stranger.does_not_read(names.given, names.family, names.called, names.provider, RIGHT[0], WRONG[0])


def test_looking_at_the_link_does_nothing_however_often_and_the_answer_counts_once(walk):
    link = link_in(walk.house.wait_for_mail(RIGHT[1], "/employment/verify/"), "/employment/verify/")
    boss = walk.house.person(RIGHT[1])

    for _ in range(6):
        assert boss.context.request.get(link).status == 200
        assert boss.context.request.head(link).status == 200
    walk.applicant.opens(f"/employment/{walk.found.job}/").does_not_read("opened it", "said yes")

    boss.opens(link).presses("Start").chooses("Yes, all of this is right")
    boss.writes("Type your full name to sign", RIGHT[0]).presses("Sign and send")
    boss.reads("Thank you. We have your answer.")
    boss.opens(link).does_not_read(walk.names.family, "Sign and send")
    walk.applicant.opens(f"/employment/{walk.found.job}/").reads("said yes, all is right")
    told = [text_of(mail) for mail in walk.house.mail_to(RIGHT[1]) if "/employment/verify/" in text_of(mail)]
    assert len(told) == 1
