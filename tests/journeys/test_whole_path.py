"""The whole path on PostgreSQL with a real worker and mail server, every page looked at on the way."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.looking import Looker
from tests.journeys.papers import text_of_paper
from tests.journeys.people import House
from tests.journeys.walk import Walk, walk_the_whole_path
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture(scope="module")
def looker(artefacts: Path) -> Looker:
    return Looker(artefacts / "whole-path")


@pytest.fixture(scope="module")
def walked(stack: Stack, house: Callable[..., House], looker: Looker) -> Walk:
    """Walked once; what it left behind is looked at by the tests below."""
    stack.manage("seed_demo", "--only", "sign-ins")
    everybody = house()
    everybody.watchers.append(looker)
    walk = Walk(everybody)
    walk_the_whole_path(walk)
    return walk


def test_the_path_can_be_walked_and_no_script_complained(walked):
    complaints = {person.address: person.problems for person in walked.house.people.values() if person.problems}

    assert complaints == {}


def test_every_page_on_the_way_is_accessible_and_fits_320_pixels(walked, looker):
    assert len(looker.seen) > 90

    assert looker.problems == []


def test_every_page_for_the_public_and_the_person_reads_at_grade_six(walked, looker):
    assert looker.hard_to_read == []


def test_the_papers_carry_the_name_as_it_is_written(walked):
    names, papers = walked.names, {kind: text_of_paper(paper) for kind, paper in walked.found.papers.items()}

    assert set(papers) == {"completion", "Certificate", "Credential award letter"}
    for kind, text in papers.items():
        assert f"{names.given} {names.family}" in text, (kind, text)
    assert walked.found.credential in papers["Certificate"]


def test_only_the_owner_downloads_the_certificate(walked):
    url = walked.house.stack.url + walked.found.certificate_url
    owner, stranger = walked.applicant.signs_in(), walked.staff("applicant")
    visitor = walked.house.person("a visitor")

    assert owner.context.request.get(url).headers["content-type"] == "application/pdf"
    assert stranger.context.request.get(url).status == 404
    assert "/accounts/login/" in visitor.context.request.get(url).url


def test_the_check_says_the_same_to_a_wrong_name_and_an_unknown_number(walked):
    employer = walked.house.person("another employer")

    def answer(number: str, name: str) -> str:
        employer.opens("/verify/").writes("Number on the certificate", number)
        employer.writes("Last name, as it is printed", name).presses("Check")
        return employer.text.replace(number, "…")

    assert answer(walked.found.credential, "Sohne") == answer("MS-2019-99999-ZZZ", walked.names.family)


NOTICES = (
    "We have your application",
    "Your reference has answered",
    "We have your essay",
    "Your application is complete",
    "You have a scholarship",
    "You said yes to your scholarship",
    "You have a seat",
    "How to join",
)


def test_each_step_left_one_notice_in_my_messages(walked):
    titles = walked.they_read_my_messages()

    twice = {title: count for title, count in Counter(titles).items() if count > 1}
    assert twice in ({}, {"Your reference has answered": 2})
    for notice in NOTICES:
        assert any(title.startswith(notice) for title in titles), (notice, titles)


def test_each_message_left_the_house_once(walked):
    sent = Counter(message["Message-ID"] for message in walked.house.stack.mail)

    assert {key: count for key, count in sent.items() if count > 1} == {}


def test_nothing_was_sent_that_names_the_program_on_the_outside(walked):
    subjects = [message["Subject"] for message in walked.house.mail_to(walked.names.address)]

    said = " ".join(subjects).lower()
    assert [word for word in ("peer", "mental", "recovery", "substance", "certif", "training") if word in said] == []


def test_my_pathway_says_it_is_done(walked):
    person = walked.applicant.signs_in().opens("/me/")

    person.reads("You are certified")
