"""The frame around every page: sign-in pages, error pages, and the admin's door."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db
OPEN_PAGES = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
OWN_PAGES = ["account_logout", "account_change_password", "account_email", "mfa_index"]


@pytest.fixture
def person():
    return User.objects.create_user(
        sign_in_name="rosa", email="rosa@example.org", password="a long password", legal_given_names="Rosa"
    )


def _headings(html: str) -> list[str]:
    return re.findall(r"<h1[^>]*>(.*?)</h1>", html)


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_a_sign_in_page_opens_with_one_heading(client, name):
    response = client.get(reverse(name))

    assert response.status_code == 200
    assert len(_headings(response.content.decode())) == 1


@pytest.mark.parametrize("name", OWN_PAGES)
def test_a_page_of_ones_own_account_opens_with_one_heading(client, person, name):
    client.force_login(person)

    response = client.get(reverse(name), follow=True)

    assert response.status_code == 200
    assert len(_headings(response.content.decode())) == 1


def test_a_form_with_errors_says_so_first_and_links_to_the_field(client):
    html = client.post(reverse("account_login"), {"login": "", "password": "x"}).content.decode()

    assert "<title>Error: Sign in" in html
    assert html.index("There is a problem") < html.index("<h1")
    assert 'href="#id_login"' in html


def test_an_unknown_address_reads_like_a_page_of_somebody_else(client, person):
    client.force_login(person)

    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert _headings(response.content.decode()) == ["We cannot find this page"]


def test_a_form_sent_from_an_old_page_is_asked_for_again():
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "rosa"})

    assert response.status_code == 403
    assert _headings(response.content.decode()) == ["Please send it again"]


def test_the_admin_sends_a_stranger_to_our_sign_in_page(client):
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_the_admin_is_closed_to_a_signed_in_person_who_is_not_staff(client, person):
    client.force_login(person)

    assert client.get("/admin/", follow=True).status_code == 403


def test_signing_out_is_a_button_on_every_page_and_not_a_link(client, person):
    client.force_login(person)

    html = client.get(reverse("mfa_index"), follow=True).content.decode()

    assert f'<form action="{reverse("account_logout")}" method="post">' in html


def _band(client, url: str) -> list[str]:
    html = client.get(url).content.decode()
    return re.findall(r"<a[^>]*>([^<]+)</a>", re.search(r'<ul class="cp-nav">(.*?)</ul>', html, re.DOTALL)[1])


def test_the_band_of_a_person_starts_at_their_own_pages(client, person):
    client.force_login(person)

    labels = _band(client, reverse("trainings:list"))

    assert "Messages" in labels
    assert "Peer support" not in labels


def test_the_office_sees_only_the_ways_its_work_opens(client, person):
    person.user_permissions.add(Permission.objects.get(codename="run_sessions"))
    client.force_login(person)

    labels = _band(client, reverse("trainings:list"))

    assert "Trainings" in labels
    assert {"Meetings", "Certification", "Messages"}.isdisjoint(labels)


def test_the_current_entry_of_the_band_is_marked_once(client):
    html = client.get(reverse("trainings:list")).content.decode()

    assert html.count('aria-current="page"') == 1


@pytest.mark.parametrize("name", ["trainings:desk", "trainings:desk_registrations", "trainings:desk_outages"])
def test_all_work_on_trainings_stands_under_one_entry(client, person, name):
    person.user_permissions.add(Permission.objects.get(codename="run_sessions"))
    client.force_login(person)

    html = client.get(reverse(name)).content.decode()

    assert re.findall(r'<a href="([^"]+)" aria-current="page"', html) == [reverse("trainings:desk")]
