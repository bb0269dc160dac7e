import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Profile, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def for_real_people(settings):
    settings.DEMONSTRATION = False


def signed_in(client, *roles):
    user = User.objects.create_user("somebody@example.org")
    Profile.objects.create(person=user)
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    client.force_login(user, backend="accounts.backends.RolesBackend")
    return user


def test_staff_without_a_second_factor_are_sent_to_set_one_up(client):
    signed_in(client, "training_staff")

    assert client.get(reverse("me")).url == reverse("mfa_activate_totp")


def test_staff_with_a_second_factor_work_on(client):
    user = signed_in(client, "training_staff")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})

    assert client.get(reverse("me")).status_code == 200


def test_an_applicant_needs_no_second_factor(client):
    signed_in(client)

    assert client.get(reverse("me")).status_code == 200


def test_a_superuser_without_a_role_needs_one_too(client):
    user = signed_in(client)
    User.objects.filter(pk=user.pk).update(is_superuser=True)

    assert client.get(reverse("me")).url == reverse("mfa_activate_totp")
