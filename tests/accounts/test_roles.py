from datetime import UTC, datetime

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts import workflow
from accounts.events import AccountEvent
from accounts.models import User
from audit.models import Entry

NOON = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles():
    call_command("sync_roles", verbosity=0)


@pytest.fixture
def admin_person(roles):
    return User.objects.create_user("admin@example.org")


def test_a_role_is_given_once_and_the_history_says_what_changed(admin_person):
    person = User.objects.create_user("reader@example.org")

    for _ in range(2):
        workflow.change_roles(person.pk, {"reviewer"}, by=admin_person, at=NOON)

    person.refresh_from_db()
    assert person.is_staff and person.has_perm("applicants.review_scholarships")
    entry = Entry.objects.get(event=AccountEvent.ROLES_CHANGED)
    assert (entry.facts["before"], entry.facts["after"]) == ([], ["reviewer"])


def test_losing_the_last_role_in_the_administration_closes_its_door(admin_person):
    person = User.objects.create_user("reader@example.org")
    workflow.change_roles(person.pk, {"reviewer"}, by=admin_person, at=NOON)

    workflow.change_roles(person.pk, {"board_member"}, by=admin_person, at=NOON)

    person.refresh_from_db()
    assert not person.is_staff


def test_roles_and_what_they_allow_are_one_statement(roles, django_assert_num_queries):
    person = User.objects.create_user("reader@example.org")
    person.groups.set(Group.objects.filter(name__in=["training_staff", "auditor", "supervisor"]))
    person.user_permissions.add(Permission.objects.get(codename="direct"))
    as_django_says = ModelBackend().get_all_permissions(User.objects.get(pk=person.pk))
    reader = User.objects.get(pk=person.pk)

    with django_assert_num_queries(1):
        assert reader.get_all_permissions() == as_django_says
        assert reader.has_perm("certification.direct") and not reader.has_perm("applicants.run_scholarships")
        assert reader.roles == {"training_staff", "auditor", "supervisor"}


def test_somebody_switched_off_may_do_nothing(roles):
    person = User.objects.create_user("reader@example.org", is_active=False)
    person.groups.set(Group.objects.all())

    assert not person.has_perm("audit.read_history") and person.get_all_permissions() == set()


def test_nobody_gives_themselves_a_role(admin_person):
    admin_person.is_superuser = True

    with pytest.raises(workflow.NotAllowed, match="own_matter"):
        workflow.change_roles(admin_person.pk, {"director"}, by=admin_person, at=NOON)

    assert not admin_person.groups.exists()
