from datetime import UTC, date, datetime, timedelta

import pytest

from accounts import workflow
from accounts.events import AccountEvent
from accounts.models import AccessNeeds, Profile, Standing, StandingKind, User
from audit.models import Entry

NOON = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)
TODAY = date(2027, 3, 2)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user("nora@example.org", legal_given_names="Nora", legal_family_name="Pettaway")


@pytest.fixture
def staff():
    return User.objects.create_user("desk@example.org", legal_given_names="Lena", legal_family_name="Okafor")


def events():
    return list(Entry.objects.exclude(about="").order_by("id").values_list("event", flat=True))


def test_granting_the_same_standing_from_the_same_source_twice_adds_nothing(person):
    for _ in range(2):
        workflow.grant_standing(person.pk, StandingKind.TRAINED, "MH", starts_on=TODAY, source="CO-1", by=None, at=NOON)

    assert Standing.objects.count() == 1
    assert events() == [AccountEvent.STANDING_GRANTED]


def test_a_standing_holds_until_its_last_support_is_withdrawn(person):
    for source in ("VR-1", "VR-2"):
        workflow.grant_standing(
            person.pk, StandingKind.EMPLOYED, "peer_bridger", starts_on=TODAY, source=source, by=None, at=NOON
        )

    workflow.withdraw_standings(person.pk, source="VR-1", by=None, at=NOON)
    held_after_one = person.standings.in_force(on=TODAY).exists()
    workflow.withdraw_standings(person.pk, source="VR-2", by=None, at=NOON)

    assert held_after_one
    assert not person.standings.in_force(on=TODAY).exists()


def test_a_standing_is_in_force_from_its_first_day_and_not_on_its_last(person):
    workflow.grant_standing(
        person.pk,
        StandingKind.CERTIFIED,
        "MH",
        starts_on=TODAY,
        ends_on=date(2027, 9, 30),
        source="C",
        by=None,
        at=NOON,
    )
    days = [TODAY - timedelta(days=1), TODAY, date(2027, 9, 29), date(2027, 9, 30)]

    assert [person.standings.in_force(on=day).exists() for day in days] == [False, True, True, False]


def test_what_the_records_said_before_a_withdrawal_can_be_read_again(person):
    workflow.grant_standing(person.pk, StandingKind.TRAINED, "MH", starts_on=TODAY, source="CO-1", by=None, at=NOON)
    workflow.withdraw_standings(person.pk, source="CO-1", by=None, at=NOON + timedelta(days=2))

    assert person.standings.as_known_at(NOON + timedelta(days=1)).count() == 1
    assert person.standings.as_known_at(NOON + timedelta(days=3)).count() == 0


def test_the_history_of_a_profile_names_the_fields_and_never_their_values(person):
    workflow.change_profile(person.pk, names={"name_in_use": "Nettie"}, facts={"county": "Hinds"}, by=person, at=NOON)

    entry = Entry.objects.about(person.reference).get()
    assert entry.facts["changed"] == ["name_in_use", "county"]
    assert "Nettie" not in str(entry.facts) and "Hinds" not in str(entry.facts)


def test_saving_a_profile_unchanged_writes_no_history(person):
    for _ in range(2):
        workflow.change_profile(person.pk, names={"name_in_use": "Nettie"}, facts={}, by=person, at=NOON)

    assert events() == [AccountEvent.PROFILE_CHANGED]


def test_a_record_opened_by_the_office_may_have_no_email_and_no_sign_in(staff):
    opened = workflow.open_person(
        names={"legal_given_names": "Otis", "legal_family_name": "Vance", "name_in_use": ""},
        profile={"phone": "+16015550177", "best_channel": "phone"},
        receipt={"channel": "phone"},
        by=staff,
        at=NOON,
    )

    assert opened.email == "" and not opened.has_usable_password()
    assert Profile.objects.get(person=opened).write_to == ""


def test_a_second_record_for_a_known_email_is_refused_and_nothing_is_written(person, staff):
    with pytest.raises(workflow.NotAllowed, match="email_taken"):
        workflow.open_person(
            names={"legal_given_names": "N", "legal_family_name": "P"},
            profile={"contact_email": "NORA@example.org"},
            receipt={"channel": "phone"},
            by=staff,
            at=NOON,
        )

    assert User.objects.count() == 2


def test_many_people_without_an_email_can_stand_side_by_side():
    for _ in range(3):
        User.objects.create_user()

    assert User.objects.filter(email="").count() == 3


def test_nobody_arranges_access_for_themselves_not_even_a_superuser(person):
    person.is_superuser = True
    person.save()
    needs = workflow.ask_for_access(person.pk, "captions", answer_due_on=TODAY, by=person, at=NOON)

    with pytest.raises(workflow.NotAllowed, match="own_matter"):
        workflow.arrange_access(needs.pk, "Captions are on", by=person, at=NOON)

    assert AccessNeeds.objects.get().arrangement == ""
