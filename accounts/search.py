"""Finding a person by the start of any word they are known by, and keeping those words in step with the record."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Profile, SearchWord, User
from accounts.spelling import words_in

WORDS_READ = 8  # more than anybody needs; each further one costs a look per row
LAST_LETTER = "\U0010ffff"


@transaction.atomic
def keep_in_step(*people: User) -> None:
    """The one door: whoever changes a name, an address or a phone number calls it, for one person or for many."""
    profiles = {profile.person_id: profile for profile in Profile.objects.filter(person__in=people)}
    due = {(person.pk, key) for person in people for key in person.search_keys(profiles.get(person.pk))}
    there = {(word.person_id, word.word): word.pk for word in SearchWord.objects.filter(person__in=people)}
    gone = [pk for key, pk in there.items() if key not in due]
    if gone:
        SearchWord.objects.filter(pk__in=gone).delete()
    new = [SearchWord(person_id=person, word=word) for person, word in due - there.keys()]
    SearchWord.objects.bulk_create(new, ignore_conflicts=True, batch_size=2_000)


def beginning_with(word: str) -> Q:
    """A stretch of the index, on every database; LIKE would be one on PostgreSQL only."""
    return Q(word__gte=word, word__lt=word + LAST_LETTER)


def found_by(question: str) -> QuerySet[SearchWord]:
    """One row per person whose words begin with every word of the question.

    In the order of the longest word asked for, which leaves the fewest to look at. Somebody with two words that
    begin so (Mary Marsh, asked for “mar”) stands at the first of them.
    """
    words = sorted(words_in(question)[:WORDS_READ], key=len, reverse=True)
    if not words:
        return SearchWord.objects.none()
    others = SearchWord.objects.filter(person=OuterRef("person"))
    found = SearchWord.objects.filter(beginning_with(words[0]))
    found = found.filter(~Exists(others.filter(beginning_with(words[0]), word__lt=OuterRef("word"))))
    for word in words[1:]:
        found = found.filter(Exists(others.filter(beginning_with(word))))
    return found
