"""Signing up and being given a new password: all mail through our rows, the same for known and unknown."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from notifications import sending
from notifications.models import SIGN_IN, Message
from tests.notifications.factories import person

pytestmark = pytest.mark.django_db
PASSWORD = "a short sentence works"


def sign_up(client, email):
    return client.post("/accounts/signup/", {"email": email, "password1": PASSWORD})


def arrived():
    sending.send_due(at=timezone.now())
    return mail.outbox


def test_a_person_signs_up_with_a_code_and_is_in(client):
    sign_up(client, "New@Example.org")
    [message] = arrived()
    code = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", message.body, flags=re.M).group(1)

    client.post("/accounts/confirm-email/", {"code": code})

    me = User.objects.get(email="new@example.org")
    assert "example" not in me.sign_in_name
    assert int(client.session["_auth_user_id"]) == me.pk


def test_a_row_is_written_at_once_and_wiped_when_sent(client):
    sign_up(client, "new@example.org")
    [row] = Message.objects.all()
    before = (row.kind, bool(row.sealed), row.person)

    arrived()

    row.refresh_from_db()
    assert before == (SIGN_IN, True, None)
    assert (row.status, row.sealed, row.text, row.facts) == ("done", "", "", {"template": row.facts["template"]})


def test_sign_up_answers_alike_for_known_and_unknown_addresses_whatever_their_case(client):
    sign_up(client, "known@example.org")
    answers = []
    for email in ("KNOWN@example.org", "unknown@example.org"):
        client.cookies.clear()
        cache.clear()  # the same address may ask for a code once in three minutes
        answer = sign_up(client, email)
        page = client.get(answer.url).content.decode()
        answers.append((answer.status_code, answer.url, _without_what_differs(page, email)))

    assert answers[0] == answers[1]
    assert Message.objects.filter(kind=SIGN_IN).count() == 3
    assert User.objects.filter(email__iexact="known@example.org").count() == 1


def test_a_forgotten_password_answers_alike_for_known_and_unknown_addresses(client):
    known = person(email="known@example.org")
    known.set_password(PASSWORD)
    known.save()
    answers = []
    for email in ("known@example.org", "unknown@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": email})
        answers.append((answer.status_code, answer.url, client.get(answer.url).content))

    subjects = sorted(one.subject for one in arrived())
    assert answers[0][:2] == answers[1][:2]
    assert subjects == ["Choose a new password", "We do not know this e-mail"]


def test_the_link_to_a_new_password_works_once(client):
    known = person(email="known@example.org")
    known.set_password(PASSWORD)
    known.save()
    client.post("/accounts/password/reset/", {"email": "known@example.org"})
    [message] = arrived()
    link = re.search(r"https?://\S+/accounts/password/reset/key/\S+", message.body).group(0)
    path = client.get(link).url

    client.post(path, {"password1": "another good sentence", "password2": "another good sentence"})

    known.refresh_from_db()
    assert known.check_password("another good sentence")
    assert [one.subject for one in arrived()][-1] == "Your password is new"


def _without_what_differs(page, email):
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return re.sub(re.escape(email), "…", page, flags=re.I)
