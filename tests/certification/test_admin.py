"""The Board's seats, kept in the administration."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from audit.models import Entry
from certification.models import BoardMember
from tests.certification.factories import NOON, person, with_role

pytestmark = pytest.mark.django_db
ADD = "/admin/certification/boardmember/add/"


@pytest.fixture
def keeper(client: Client) -> Client:
    user = with_role("Theo Lindqvist", "program_administrator")
    user.is_staff = True
    user.save()
    with time_machine.travel(NOON, tick=False):
        client.force_login(user)
        yield client


def _term(member, **changed) -> dict[str, object]:
    return {"person": member.pk, "seat": 1, "starts_on": "2027-11-01", "ends_on": "", **changed}


def test_an_administrator_seats_a_member_and_it_is_history_once(keeper):
    member = with_role("Ruth Adeyemi", "board_member")

    answer = keeper.post(ADD, _term(member))

    assert answer.status_code == 302
    assert [(row.person, row.seat, row.starts_on) for row in BoardMember.objects.all()] == [
        (member, 1, date(2027, 11, 1))
    ]
    assert Entry.objects.filter(subject_kind="certification.boardmember").count() == 1


def test_a_taken_seat_is_refused_on_the_form_with_what_was_typed(keeper):
    keeper.post(ADD, _term(with_role("Ruth Adeyemi", "board_member")))

    answer = keeper.post(ADD, _term(with_role("Noel Farris", "board_member"), starts_on="2027-12-01"))

    assert "Someone sits in this seat in those days." in answer.content.decode()
    assert 'value="2027-12-01"' in answer.content.decode()


def test_a_term_ends_after_it_begins_and_is_else_not_rewritten(keeper):
    keeper.post(ADD, _term(with_role("Ruth Adeyemi", "board_member")))
    seated = BoardMember.objects.get()
    page = f"/admin/certification/boardmember/{seated.pk}/change/"

    keeper.post(page, {"ends_on": "2027-10-01"})
    seated.refresh_from_db()
    assert seated.ends_on is None

    keeper.post(page, {"ends_on": "2028-11-01", "seat": 5})
    seated.refresh_from_db()
    assert (seated.seat, seated.ends_on) == (1, date(2028, 11, 1))


def test_only_people_with_a_sign_in_for_the_board_can_be_chosen(keeper):
    answer = keeper.post(ADD, _term(person("Denise Holloway")))

    assert answer.status_code == 200
    assert not BoardMember.objects.exists()


@pytest.mark.parametrize("role", ["board_chair", "place_staff", "director"])
def test_nobody_else_seats_members(client, role):
    user = with_role("Lena Okafor", role)
    user.is_staff = True
    user.save()
    client.force_login(user)

    assert client.get(ADD).status_code == 403
