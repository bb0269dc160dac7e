"""Finding people: the start of any word, typed any way, for everybody whose record changed by any door."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from accounts import workflow
from accounts.models import Profile, SearchWord, User
from accounts.search import found_by, keep_in_step
from accounts.spelling import fold, keys_of

NOON = datetime(2027, 3, 3, 18, tzinfo=UTC)


# -- Spelling ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Núñez", "nunez"),
        ("Nguyễn", "nguyen"),
        ("O’Neal", "oneal"),
        ("O'NEAL", "oneal"),
        ("Weiß", "weiss"),
        ("Østergård", "ostergard"),
        ("Łukasz", "lukasz"),
        ("Æsa", "aesa"),
        ("İpek", "ipek"),
        ("J.R.", "jr"),
        ("Андрей", "андреи"),
        ("Γιώργος", "γιωργοσ"),
        ("王小明", "王小明"),
        ("김민준", "김민준"),
        ("محمّد", "محمّد"),
        ("किरण", "किरण"),
        ("کاوه\x00", "کاوه"),
        ("—", ""),
        ("ſ" * 150, "s" * 100),
    ],
)
def test_words_are_compared_without_accents_and_other_scripts_stay_whole(written, compared):
    assert fold(written) == compared


def test_a_person_is_found_by_every_way_a_caller_may_say_it():
    keys = keys_of(
        names=["José Ángel", "Smith-Jones", "", "de la Cruz"],
        mailboxes=["jose.a@example.org", ""],
        phone="+16015550142",
        reference="P-7K3QM2",
    )

    assert keys == {
        *("jose", "angel", "smithjones", "smith", "jones", "de", "la", "cruz"),
        "joseaexampleorg",
        *("16015550142", "6015550142", "5550142", "0142"),
        *("p7k3qm2", "7k3qm2"),
    }


# -- Finding -----------------------------------------------------------------------------------------------


def someone(given, family, *, phone="", contact_email="", **fields):
    person = User.objects.create_user(legal_given_names=given, legal_family_name=family, **fields)
    Profile.objects.create(person=person, phone=phone, contact_email=contact_email)
    keep_in_step(person)
    return person


def names(question):
    return [str(word.person) for word in found_by(question).select_related("person").order_by("word", "person_id")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "question",
    [
        "nunez",
        "NÚÑ",
        "jose nunez",
        "nunez ange",
        "pepe",
        "pepin works",
        "jose.n",
        "jose.n@example.org",
        "other@example.org",
        "601-555-0142",
        "(601) 555-0142",
        "+1 601 555 0142",
        "555-0142",
        "0142",
        "nunez 0142",
    ],
)
def test_every_way_to_say_it_finds_the_person_and_nobody_else(question):
    someone("José Ángel", "Núñez", email="jose.n@example.org", phone="+16015550142", name_in_use="Pepe",
            employer_name="Pepin Works", contact_email="other@example.org")  # fmt: skip
    someone("Josefa", "Marsh", email="josefa@example.org", phone="+16625550199")

    assert names(question) == ["José Ángel Núñez"]


@pytest.mark.django_db
def test_the_reference_is_found_whole_or_without_its_first_letter():
    person, _other = someone("Ada", "Bell"), someone("Ada", "Bell")

    for question in (person.reference, person.reference.lower(), person.reference.partition("-")[2][:5]):
        assert [word.person for word in found_by(question)] == [person]


@pytest.mark.django_db
def test_somebody_with_two_words_that_begin_so_is_found_once():
    someone("Mary", "Marsh", email="mary.marsh@example.org")
    someone("Marsha", "Abel")

    assert names("mar") == ["Mary Marsh", "Marsha Abel"]


@pytest.mark.django_db
@pytest.mark.parametrize("question", ["", "   ", "%", "_", "—", "\x00", "zz"])
def test_a_question_without_a_word_finds_nobody(question):
    someone("Mary", "Marsh")

    assert names(question) == []


# -- In step with the record -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_is_entered_by_the_office_is_found_at_once_and_after_each_change():
    clerk = someone("Cleo", "Clerk")
    typed = {"names": {"legal_given_names": "Otis", "legal_family_name": "Vance"}, "receipt": {}}
    otis = workflow.open_person(**typed, profile={"phone": "+16625550108"}, by=clerk, at=NOON)
    before = names("otis"), names("662-555-0108")
    changed = {"names": {"legal_family_name": "Vance-Hill"}, "facts": {"phone": "+16625550111"}}
    workflow.change_profile(otis.pk, **changed, by=clerk, at=NOON)

    assert before == (["Otis Vance"], ["Otis Vance"])
    assert (names("hill"), names("0111"), names("0108")) == (["Otis Vance-Hill"], ["Otis Vance-Hill"], [])


@pytest.mark.django_db
def test_who_signs_up_is_found_by_the_address_and_after_a_change_by_the_new_one(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": "a long sentence works"})
    person = User.objects.get(email="new@example.org")
    assert [word.person for word in found_by("new@exam")] == [person]

    address = person.emailaddress_set.create(email="newer@example.org", verified=True)
    client.force_login(person, backend="accounts.backends.RolesBackend")
    client.post("/accounts/email/", {"action_primary": "", "email": address.email})

    assert User.objects.get(pk=person.pk).email == "newer@example.org"
    assert [word.person for word in found_by("newer@")] == [person]


@pytest.mark.django_db
def test_many_people_are_brought_into_step_with_as_many_statements_as_one(django_assert_num_queries):
    people = [User(legal_given_names=f"Person{number}", email=f"p{number}@example.org") for number in range(30)]
    User.objects.bulk_create(people)

    with django_assert_num_queries(2 + 3) as told:  # a savepoint and its end; profiles, words there, words new
        keep_in_step(*people[:1])
    with django_assert_num_queries(len(told.captured_queries)):
        keep_in_step(*people[1:])

    assert len(names("person1")) == 11
    with django_assert_num_queries(2 + 2):
        keep_in_step(*people)


@pytest.mark.django_db
def test_the_migration_finds_everybody_who_was_there_before():
    person = someone("José", "Núñez", phone="+16015550142")
    words = set(SearchWord.objects.filter(person=person).values_list("word", flat=True))
    SearchWord.objects.all().delete()

    import_module("accounts.migrations.0004_fill_search_words").fill(apps, None)

    assert set(SearchWord.objects.filter(person=person).values_list("word", flat=True)) == words


@pytest.mark.django_db
def test_words_are_ordered_byte_by_byte():
    with connection.cursor() as cursor:
        cursor.execute("SELECT collation_name FROM information_schema.columns "
                       "WHERE table_name = 'accounts_searchword' AND column_name = 'word'")  # fmt: skip
        assert cursor.fetchone() == ("C",)


# -- Notes -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_note_stays_as_written():
    otis, clerk = someone("Otis", "Vance"), someone("Cleo", "Clerk")
    note = workflow.write_note(otis.pk, "Called about the date.", by=clerk, at=NOON)

    for change in (lambda: type(note).objects.filter(pk=note.pk).update(text="x"), note.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.django_db
@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_writes_a_note_about_themselves(is_superuser):
    clerk = someone("Cleo", "Clerk", is_superuser=is_superuser)

    with pytest.raises(workflow.NotAllowed, match="own_matter"):
        workflow.write_note(clerk.pk, "A fine clerk.", by=clerk, at=NOON)
