"""Who may be asked, when again, and which answers count: without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.reasons import codes
from employment import rules
from employment.rules import Answer, Asking

TODAY = date(2027, 3, 2)
NOON = datetime(2027, 3, 2, 18, tzinfo=UTC)


def asking(**facts):
    given = {
        "verifier_name": "Marcus Bell",
        "verifier_email": "marcus@cypressbend.example",
        "own_names": frozenset({"Denise Holloway"}),
        "own_addresses": frozenset({"denise@home.example"}),
        "provider_name": "Cypress Bend",
        "provider_is_certified": True,
    }
    return Asking(**given | facts)


def test_a_supervisor_at_a_certified_provider_may_be_asked():
    assert rules.reasons_not_to_ask(asking()) == []


@pytest.mark.parametrize(
    ("own", "typed"),
    [
        ("Denise@Home.Example", "denise@home.example"),
        ("denise@home.example", "denise+boss@home.example"),
        ("d.holloway@gmail.com", "dholloway@googlemail.com"),
    ],
)
def test_one_mailbox_is_one_mailbox_however_it_is_written(own, typed):
    facts = asking(own_addresses=frozenset({own}), verifier_email=typed, personal_mail_is_approved=True)

    assert codes(rules.reasons_not_to_ask(facts)) == ["verifier_is_you"]


def test_dots_count_where_the_mail_provider_counts_them():
    facts = asking(own_addresses=frozenset({"a.b@cypressbend.example"}), verifier_email="ab@cypressbend.example")

    assert rules.reasons_not_to_ask(facts) == []


def test_every_reason_is_told_at_once():
    facts = asking(verifier_email="boss@gmail.com", provider_is_certified=False)

    assert codes(rules.reasons_not_to_ask(facts)) == ["provider_not_certified", "personal_mail"]


@pytest.mark.parametrize(
    ("email", "is_known"),
    [
        ("m@cypressbend.example", True),
        ("m@Mail.CypressBend.Example", True),
        ("m@notcypressbend.example", False),
        ("m@cypressbend.example.evil.example", False),
        ("m@gmail.com", False),
    ],
)
def test_an_address_is_known_by_its_domain_and_its_parts_only(email, is_known):
    assert rules.is_known(email, ["cypressbend.example", "gmail.com"]) is is_known


@pytest.mark.parametrize(("wait", "reasons"), [(timedelta(hours=47), ["sent_just_now"]), (timedelta(hours=48), [])])
def test_two_days_pass_before_a_message_goes_again(wait, reasons):
    assert codes(rules.reasons_not_to_send_again(NOON, 1, NOON + wait)) == reasons


def test_a_first_day_today_counts():
    assert rules.reasons_about_the_first_day(TODAY, TODAY) == []


def test_a_first_day_before_anybody_worked_is_a_slip():
    assert codes(rules.reasons_about_the_first_day(date(1906, 3, 2), TODAY)) == ["first_day_too_long_ago"]


def test_saying_not_me_needs_no_signature():
    assert rules.reasons_against_the_answer(Answer.not_me(), hired_on=TODAY, today=TODAY) == []


def test_a_corrected_first_day_must_have_come():
    fix = Answer.correct_it("M", position="P", role_code="r", hired_on=TODAY + timedelta(days=1))

    assert codes(rules.reasons_against_the_answer(fix, hired_on=TODAY, today=TODAY)) == ["first_day_ahead"]
