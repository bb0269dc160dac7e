import json

import pytest
from django.contrib.auth.models import Permission

from accounts.models import User
from audit.models import Entry
from programs.models import Page, RuleVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client):
    """A program administrator, signed in."""
    user = User.objects.create_user("keeper@example.org", legal_family_name="Keeper", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="keep_reference_data"))
    client.force_login(user, backend="accounts.backends.RolesBackend")
    return user


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.DEMONSTRATION = True


def fee():
    return RuleVersion.objects.of("fee", "application").latest("version")


def typed(row, **other):
    return {
        "body": json.dumps(row.body),
        "citation_title": row.citation_title,
        "citation_url": row.citation_url,
        "evidence_class": row.evidence_class,
        "starts_on": str(row.starts_on),
        "ends_on": "",
        "reason": "",
        **other,
    }


def test_a_change_in_the_admin_writes_the_next_version_and_leaves_the_old(client, keeper):
    row = fee()
    address = f"/admin/programs/ruleversion/{row.pk}/change/"
    body = json.dumps({**row.body, "cents": 3500})

    response = client.post(address, typed(row, body=body, starts_on="2027-07-01", reason="New fee"))

    assert response.status_code == 302
    assert (fee().version, fee().body["cents"], fee().reason) == (row.version + 1, 3500, "New fee")
    assert RuleVersion.objects.get(pk=row.pk).body["cents"] == 3000
    assert [entry.event for entry in Entry.objects.filter(actor=keeper)] == ["programs.rule_changed"]


def test_a_refused_change_is_said_beside_what_was_typed(client, keeper):
    row = fee()
    body = json.dumps({**row.body, "cents": 3500})

    response = client.post(f"/admin/programs/ruleversion/{row.pk}/change/", typed(row, body=body))

    assert response.status_code == 200
    assert "Say why this changes." in response.content.decode()
    assert "3500" in response.content.decode()
    assert fee() == row


def test_an_older_version_is_only_read(client, keeper):
    row = fee()
    body = json.dumps({**row.body, "cents": 3500})
    client.post(f"/admin/programs/ruleversion/{row.pk}/change/", typed(row, body=body, reason="New fee"))

    response = client.post(f"/admin/programs/ruleversion/{row.pk}/change/", typed(row, body=body, reason="Again"))

    assert response.status_code == 403
    assert client.get(f"/admin/programs/ruleversion/{row.pk}/change/").status_code == 200


def test_nothing_is_added_or_deleted_in_the_admin(client, keeper):
    assert client.get("/admin/programs/ruleversion/add/").status_code == 403
    assert client.get(f"/admin/programs/ruleversion/{fee().pk}/delete/").status_code == 403
    assert client.get("/admin/programs/page/add/").status_code == 403


def test_a_page_is_changed_in_each_language_with_an_entry(client, keeper):
    page = Page.objects.get(slug="partners")
    address = f"/admin/programs/page/{page.pk}/change/"
    assert "title_es" in client.get(address).content.decode()

    words = {"title_en": "Partners", "body_en": "New words.", "title_es": "Socios", "body_es": "Palabras."}
    client.post(address, words)

    assert Page.objects.get(pk=page.pk).body == {"en": "New words.", "es": "Palabras."}
    assert Entry.objects.filter(event="programs.page_changed", actor=keeper).count() == 1
    assert "New words." in client.get("/partners/").content.decode()


def test_somebody_without_the_permission_sees_nothing(client):
    user = User.objects.create_user("other@example.org", legal_family_name="Other", is_staff=True)
    client.force_login(user, backend="accounts.backends.RolesBackend")

    assert client.get("/admin/programs/ruleversion/").status_code == 403
    assert client.get("/admin/programs/page/").status_code == 403
