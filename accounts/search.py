"""Finding a person by the start of any word they are known by, and keeping those words in step with the record."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.models import Profile, SearchWord, User
from accounts.paging import COUNTED_AT_MOST
from accounts.spelling import words_in

WORDS_READ = 8  # more than anybody needs; each further one costs a look per row
TWINS_LOOKED_AT = 50
WORDS_COUNTED = 2 * COUNTED_AT_MOST
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
    words = _longest_first(question)
    found = _matching(words)
    if not words:
        return found
    first_of_theirs = _others().filter(beginning_with(words[0])).order_by("word").values("word")
    # It cannot be less. Asked for “equal”, PostgreSQL would expect hardly a row and read them all to sort them.
    return found.filter(word__lte=Subquery(first_of_theirs[:1]))


def how_many(question: str) -> tuple[int, bool]:
    """How many people, and whether there are more: the count stops at a thousand. It reads words, and people with
    three of them that begin so are few, so twice as many are enough."""
    read = _matching(_longest_first(question)).order_by("word", "person_id").values("person_id")[: WORDS_COUNTED + 1]
    told = read.aggregate(words=Count("*"), people=Count("person_id", distinct=True))
    is_more = told["people"] > COUNTED_AT_MOST or told["words"] > WORDS_COUNTED
    return min(told["people"], COUNTED_AT_MOST), is_more


def twins_of(person: User, born_on: date | None) -> list[User]:
    """Other records with the same legal name, marks and capitals aside, and birth date: likely one person."""
    name = set(words_in(person.legal_name))
    if born_on is None or not name:
        return []
    alike = _matching(_longest_first(person.legal_name)).filter(person__profile__birth_on=born_on)
    found = User.objects.filter(pk__in=alike.values("person")).exclude(pk=person.pk).order_by("pk")[:TWINS_LOOKED_AT]
    return [one for one in found if set(words_in(one.legal_name)) == name]


def _longest_first(question: str) -> list[str]:
    return sorted(words_in(question)[:WORDS_READ], key=len, reverse=True)


def _others() -> QuerySet[SearchWord]:
    """Of the same person. Asked for one value each, never as EXISTS: PostgreSQL would turn that into a join, and a
    wrong guess of how many begin so would read the whole index."""
    return SearchWord.objects.filter(person=OuterRef("person"))


def _matching(words: list[str]) -> QuerySet[SearchWord]:
    if not words:
        return SearchWord.objects.none()
    found = SearchWord.objects.filter(beginning_with(words[0]))
    for number, word in enumerate(words[1:]):
        fits = Subquery(_others().filter(beginning_with(word)).values("word")[:1])
        found = found.alias(**{f"fits_{number}": fits}).filter(**{f"fits_{number}__isnull": False})
    return found
