"""What messages may say: nothing private on the outside, nothing hard to read, nothing that a name can forge."""

# ruff: noqa: SIM905  (forty words read better as words than as a list)
import re
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from accounts.secrets import shut
from notifications import rendering, sending
from notifications.kinds import KINDS, Quiet
from notifications.models import SIGN_IN, Message
from programs.program import program
from tests.notifications.factories import NOON, owed, person
from tests.reading import MOST, POOLED_UNDER, grade, words_in

pytestmark = pytest.mark.django_db

# What a stranger who sees a lock screen, a list of mails or an envelope must not learn.
FORTY_WORDS = (
    "mental health illness disorder recovery recover resiliency peer support substance addiction addict alcohol drug "
    "overdose sober relapse treatment therapy clinic hospital patient diagnosis depression trauma suicide crisis rehab "
    "detox medication psychiatric counseling caregiver DMH CPSS CPSSP PLACE certified certificate certification "
    "specialist scholarship designation Mississippi department"
).split()

FACTS = {
    "page": {"name": "notifications:messages", "args": []},
    "course": "Certified Peer Support Specialist training, Mental Health",
    "dates": "Monday, March 8 to Friday, March 12, 2027",
    "starts_at": "2027-03-08T15:00:00+00:00",
    "seats_on": "2027-03-05",
    "due_at": "2027-03-06T05:59:59+00:00",
    "was": "Monday, March 1 to Friday, March 5, 2027, 9 a.m. to 4 p.m. Central",
    "now": "Monday, March 8 to Friday, March 12, 2027, 9 a.m. to 4 p.m. Central",
    "use_by_on": "2028-03-05",
    "review_on": "2027-03-12",
    "decides_on": "2027-03-12",
    "meets_at": "2027-03-18T15:00:00+00:00",
    "expires_on": "2027-09-30",
    "done_on": "2027-03-02",
    "next_on": "2027-03-12",
    "where": "It is online. We write to you how to join.",
    "cost": "$150",
    "money": "$150",
    "fee": "$50",
    "spot": 3,
    "because": "",
    "score": 71,
    "pass_mark": 75,
    "counts_for": "34",
    "items": ["A copy of your GED or diploma", "Your name at the end"],
    "applicant": "Denise Holloway",
    "provider": "Cypress Bend Services",
    "forward": True,
    "still_open": True,
    "dial_in": "601-555-0148, passcode 2207#",
    "new_link": True,
    "what_else": ["We set the seats on Friday, March 5, 2027 now.", "It costs $150 now."],
    "was_down": True,
    "number": "MS-2027-00042-K7Q",
    "title": "Certificate",
}


def said_by(
    kind: str, *, private: bool = True, facts: dict = FACTS, to_name: str = "Andre", **more
) -> rendering.Versions:
    someone = None if KINDS[kind].quiet is Quiet.OPEN else person(email=f"{kind}-{private}@example.org")
    message = Message(
        pk=7,
        kind=kind,
        person=someone,
        to_name=to_name,
        to_address="andre@example.org",
        about="TA-7K3QM2",
        is_private=private,
        facts=facts,
        created_at=NOON,
        **more,
    )
    return rendering.versions(message, at=NOON, rules=program(date(2027, 3, 3)))


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.quiet is not Quiet.OPEN])
def test_private_wording_keeps_sender_subject_and_first_words_free_of_forty_words(kind):
    sent = said_by(kind).sent

    outside = f"{settings.DEFAULT_FROM_EMAIL} {sent.subject} {sent.text[:120]}"
    seen_in_html = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", sent.html)
    first_in_html = " ".join(seen_in_html.split())[:240]
    assert [word for word in FORTY_WORDS if _holds(word, outside) or _holds(word, first_in_html)] == []


def test_without_private_wording_the_same_list_finds_words():
    """The control: the list does find what it is for."""
    loud = said_by("seat_confirmed", private=False).sent

    assert any(_holds(word, loud.subject) for word in FORTY_WORDS)


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.quiet is Quiet.OPEN])
def test_a_message_to_somebody_without_a_record_says_only_what_it_asks(kind):
    sent = said_by(kind).sent

    assert [word for word in FORTY_WORDS if _holds(word, sent.subject)] == []


def _holds(word: str, text: str) -> bool:
    return re.search(rf"\b{word}\b", text, flags=re.I if word.islower() else 0) is not None


HEALTH = (
    "mental illness disorder addiction alcohol drug overdose sober relapse treatment therapy diagnosis trauma"
).split()


@pytest.mark.parametrize("kind", KINDS)
def test_no_message_holds_a_health_word_of_its_own(kind):
    plain_facts = FACTS | {"course": "the class"}

    said = said_by(kind, private=False, facts=plain_facts)

    assert [word for word in HEALTH if _holds(word, said.sent.subject + said.sent.text)] == []


def test_every_message_reads_at_grade_six_or_below():
    hard, pooled = {}, []
    for kind in KINDS:
        for private in (True, False):
            text = said_by(kind, private=private).sent.text
            if words_in(text) < POOLED_UNDER:
                pooled.append(text)
            elif grade(text) > MOST:
                hard[kind, private] = round(grade(text), 1)

    assert hard == {}
    assert not pooled or grade("\n".join(pooled)) <= MOST


def test_sign_in_mail_reads_at_grade_six_or_below():
    texts = [_sign_in(prefix).sent.text for prefix in _sign_in_templates()]

    assert grade("\n".join(texts)) <= MOST


@pytest.mark.parametrize("kind", KINDS)
def test_each_message_names_a_date_or_a_step_one_link_and_a_phone(kind):
    sent = said_by(kind, private=False).sent

    links = re.findall(r"https?://\S+", sent.text)
    assert len([link for link in links if not link.endswith("/me/messages/")]) <= 1
    assert re.search(r"601-555-01\d\d", sent.text)


@pytest.mark.parametrize("kind", KINDS)
def test_both_twins_say_the_same(kind):
    sent = said_by(kind, private=False).sent

    in_html = " ".join(re.sub(r"(?s)<style>.*?</style>|<title>.*?</title>|<[^>]+>", " ", sent.html).split())
    for line in sent.text.splitlines():
        line = " ".join(line.removeprefix("- ").split())
        if line and "http" not in line and not line.startswith(("--", "Questions?")):
            assert line.rstrip(":") in _unescaped(in_html)


def _unescaped(text: str) -> str:
    from html import unescape

    return unescape(text)


HOSTILE = "<script>alert(1)</script>\r\nBcc: all@example.org\r\n\r\n! Answer by tonight\r\nhttp://evil.example/"


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_name_makes_no_markup_and_no_header(kind):
    hostile = {
        name: HOSTILE if isinstance(value, str) and not _is_date(name) else value for name, value in FACTS.items()
    }

    sent = said_by(kind, private=False, facts=hostile, to_name=HOSTILE).sent
    raw = EmailMultiAlternatives(sent.subject, sent.text, to=["a@example.org"]).message().as_bytes()

    headers = message_from_bytes(raw, policy=policy.default)
    assert headers["Bcc"] is None
    assert "<script>" not in sent.html
    assert "\n" not in sent.subject


def test_a_name_cannot_pose_as_our_own_date_or_button():
    facts = FACTS | {"course": "X\n\n! Answer by tonight"}

    said = said_by("seat_confirmed", private=False, facts=facts).sent

    assert '<p class="d">Monday, March 8' in said.html


def test_an_address_with_a_line_break_stops_and_never_becomes_a_header():
    message = owed(to_address="a@example.org\nBcc: all@example.org", to_name="X", kind="reference_given")

    sending.send_due(at=NOON)

    message.refresh_from_db()
    assert (message.status, message.problem, mail.outbox) == ("stuck", "bad_address", [])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].quiet is not Quiet.OPEN])
def test_after_sign_in_the_full_words_are_there(kind):
    said = said_by(kind)

    assert said.full.subject
    assert said.full.text
    assert said.sent.subject != said.full.subject or kind == "access_arranged"


def test_a_letter_needs_no_internet_and_says_it_all():
    said = said_by("something_missing", channel="post")

    assert "http" not in said.sent.text
    assert "A copy of your GED or diploma" in said.sent.text


def test_every_kind_has_its_words_and_every_file_its_kind():
    here = {path.name.removesuffix(".subject.txt") for path in _folder().glob("*.subject.txt")}

    assert here == set(KINDS)
    assert {path.name.removesuffix(".subject.txt") for path in (_folder() / "quiet").glob("*.subject.txt")} == {
        str(quiet) for quiet in Quiet if quiet is not Quiet.OPEN
    }


def _folder() -> Path:
    return settings.BASE_DIR / "templates" / "email"


def _is_date(name: str) -> bool:
    return name.endswith(("_at", "_on"))


def _sign_in_templates() -> list[str]:
    found = [*settings.BASE_DIR.glob("templates/account/email/*_subject.txt")]
    found += settings.BASE_DIR.glob("templates/mfa/email/*_subject.txt")
    return [str(path.relative_to(settings.BASE_DIR / "templates")).removesuffix("_subject.txt") for path in found]


def _sign_in(prefix: str) -> rendering.Versions:
    secrets = shut('{"code": "ABC-123", "password_reset_url": "http://x/", "signup_url": "http://x/"}')
    message = Message(kind=SIGN_IN, to_address="a@example.org", facts={"template": prefix}, sealed=secrets)
    return rendering.versions(message, at=NOON, rules=program(date(2027, 3, 3)))


def test_every_sign_in_mail_of_allauth_has_words_of_ours():
    import allauth

    theirs = Path(allauth.__file__).parent / "templates"
    wanted = {
        str(path.relative_to(theirs)).removesuffix("_subject.txt")
        for app in ("account", "mfa")
        for path in (theirs / app / "email").glob("*_subject.txt")
    }

    assert wanted - {"mfa/email/webauthn_added", "mfa/email/webauthn_removed"} == set(_sign_in_templates())


@pytest.mark.parametrize("template", ["account/email/email_confirmation_signup", "account/email/password_reset_key"])
def test_sign_in_mail_is_as_quiet_as_everything_else(template):
    sent = _sign_in(template).sent

    assert [word for word in FORTY_WORDS if _holds(word, sent.subject + sent.text[:120])] == []
