"""One table: URL × role → status. Each app writes its rows in tests/<app>/access.py as
`ROWS = [("url_name", kwargs_builder, {"anonymous": 302, "applicant": 404, "desk": 200, …})]`.

A row names "anonymous" and "applicant" (a signed-in stranger without a role) and every role that gets another answer
than that stranger; whoever is not named gets the stranger's. An address that has no row fails.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Profile, User
from certportal.roles import ROLES

APPS = ("certportal", "accounts", "programs", "employment", "trainings", "applicants", "certification", "notifications")
Row = tuple[str, Callable[[], dict[str, object]], dict[str, int]]

ROWS: list[Row] = [
    row for app in APPS if find_spec(f"tests.{app}.access") for row in import_module(f"tests.{app}.access").ROWS
]

Key = tuple[str, frozenset[str]]
_KEYS: dict[int, Key] = {}

STRANGERS = "@strangers.example.net"

# Sign-in, sign-up and second factor are allauth's, with rules of their own: these open to everybody.
OPEN_ACCOUNT_PAGES = {"account_login", "account_signup", "account_reset_password"}


@pytest.fixture(scope="module")
def doors(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Client]]:
    """One signed-in stranger per role, kept for the whole table and gone after it."""
    with django_db_blocker.unblock():
        call_command("sync_roles", verbosity=0)
        clients = {role: signed_in(role) for role in ("anonymous", "applicant", "superuser", *ROLES)}
    yield clients
    with django_db_blocker.unblock():
        Session.objects.all().delete()
        Profile.objects.filter(person__email__endswith=STRANGERS).delete()
        User.objects.filter(email__endswith=STRANGERS).delete()
        Group.objects.all().delete()


def signed_in(role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role == "anonymous":
        return client
    user = User.objects.create_user(
        f"{role}{STRANGERS}", legal_given_names="Rae", legal_family_name="Stranger", is_superuser=role == "superuser"
    )
    Profile.objects.create(person=user)
    if role in ROLES:
        user.groups.add(Group.objects.get(name=role))
        user.is_staff = role in settings.ROLES_IN_THE_ADMIN
        user.save(update_fields=["is_staff"])
    client.force_login(user, backend="accounts.backends.RolesBackend")
    return client


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[f"{row[0]}-{number}" for number, row in enumerate(ROWS)])
def test_every_role_gets_the_answer_the_table_says(number, doors, db):
    name, build, expected = ROWS[number]
    kwargs = build()
    _KEYS[number] = name, frozenset(kwargs)
    address = reverse(name, kwargs=kwargs)
    everybody = {role: expected.get(role, expected["applicant"]) for role in ("anonymous", "applicant", *ROLES)}
    if "superuser" in expected:
        everybody["superuser"] = expected["superuser"]

    answers = {role: doors[role].get(address).status_code for role in everybody}

    assert answers == everybody


def test_an_address_without_a_row_fails(doors, db):
    in_table = {key_of(number) for number in range(len(ROWS))}

    missing = [f"{name} {route}" for name, route, parameters in own_addresses() if (name, parameters) not in in_table]

    assert missing == []


def test_signed_out_people_are_sent_to_the_sign_in_page(client, db):
    shut = [(name, kwargs) for name, kwargs, expected in ROWS if expected["anonymous"] == 302 and ":" in name]
    name, kwargs = shut[0]
    address = reverse(name, kwargs=kwargs())

    assert client.get(address).headers["Location"].startswith(reverse("account_login"))


def test_account_pages_open_to_everybody_or_ask_for_a_sign_in(client, db):
    for pattern in get_resolver("allauth.urls").url_patterns:
        for name, _, parameters in _walk(pattern, "", ""):
            if parameters:
                continue
            answer = client.get(reverse(name))
            wanted = {200} if name in OPEN_ACCOUNT_PAGES else {200, 302, 405}
            assert answer.status_code in wanted, name


@pytest.mark.parametrize("role", ["anonymous", "applicant", "training_staff", "board_chair", "director"])
def test_the_administration_is_shut_to_whoever_has_no_work_there(role, doors, db):
    answers = {
        doors[role].get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")).status_code
        for model in admin.site._registry
    }

    assert answers <= {302, 403}


# -- Which addresses there are -----------------------------------------------------------------------------


def own_addresses() -> Iterator[tuple[str, str, frozenset[str]]]:
    for pattern in get_resolver().url_patterns:
        is_theirs = isinstance(pattern, URLResolver) and (
            pattern.app_name == "admin" or getattr(pattern.urlconf_module, "__name__", "").startswith("allauth")
        )
        if not is_theirs:
            yield from _walk(pattern, "", "")


def _walk(pattern: URLPattern | URLResolver, before: str, space: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    route = before + str(pattern.pattern)
    if isinstance(pattern, URLPattern):
        yield f"{space}{pattern.name}", route, frozenset(pattern.pattern.regex.groupindex)
        return
    inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
    for child in pattern.url_patterns:
        yield from _walk(child, route, inner)


def key_of(number: int) -> Key:
    """Name and parameters of a row. The test of the row has built it already, unless only this test runs."""
    if number not in _KEYS:
        name, kwargs, _ = ROWS[number]
        with transaction.atomic():
            _KEYS[number] = name, frozenset(kwargs())
            transaction.set_rollback(True)
    return _KEYS[number]
