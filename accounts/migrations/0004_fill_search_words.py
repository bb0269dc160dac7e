"""Everybody who is on record already can be found."""

from typing import Any

from django.db import migrations

from accounts.spelling import keys_of

AT_ONCE = 1_000


def fill(apps: Any, schema_editor: Any) -> None:
    Profile, SearchWord = apps.get_model("accounts", "Profile"), apps.get_model("accounts", "SearchWord")
    everybody = apps.get_model("accounts", "User").objects.order_by("pk")
    keys = list(everybody.values_list("pk", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        some = list(everybody.filter(pk__in=keys[first : first + AT_ONCE]))
        profiles = {one.person_id: one for one in Profile.objects.filter(person__in=[person.pk for person in some])}
        words = [
            SearchWord(person=person, word=word) for person in some for word in _keys(person, profiles.get(person.pk))
        ]
        SearchWord.objects.bulk_create(words, ignore_conflicts=True, batch_size=2_000)


def _keys(person: Any, profile: Any) -> set[str]:
    return keys_of(
        names=[person.legal_given_names, person.legal_family_name, person.name_in_use, person.employer_name],
        mailboxes=[person.email, profile.contact_email if profile else ""],
        phone=str(profile.phone) if profile and profile.phone else "",
        reference=person.reference,
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_search_words_and_notes")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
