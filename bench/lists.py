"""What a long list costs: the same pages over a thousand, ten thousand and a hundred thousand rows, in turns.

Each size has tables of its own in a schema of its own, so that the sizes can be measured in turns within one process
and one database. The control of the largest is the smallest: a list that reads what it shows and no more takes as
long over either.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Profile, SearchWord, User
from accounts.search import keep_in_step
from programs.workflow import PACKS, load_pack
from tests.trainings import factories
from trainings.models import HalfDay, Registration, Seat, TrainingSession

SIZES, SIZES_QUICK = (1_000, 10_000, 100_000), (100, 300, 1_000)
ROUNDS = 9
MODELS = (User, Profile, SearchWord, TrainingSession, HalfDay, Seat, Registration)
LISTS = {
    "session list": ("/trainings/", "/trainings/?course=cpss", "/trainings/?mode=online"),
    "staff registration list": (
        "/staff/registrations/",
        "/staff/registrations/?course=cpss",
        "/staff/registrations/?status=confirmed",
    ),
    "person search": tuple(
        f"/staff/people/?q={question}"
        for question in ("mar", "maria", "j", "601-0", "P-0", "maria.", "mar+601", "0", "RG-BCD")
    ),
}
GIVEN = "Maria Mark James Nora Otis Andre Tamika Priya Glenn Wren Jose Ana Ruth Paul Lena Ines Theo Mina Kai Joy"
FAMILY = "Hollo Ban Carter Dray Els Fen Gar Hatch Ivers Jorda Kel Lind Mor Nash Oak Pem Quin Ros Sten Tol"
ENDING = "way berg by cott den ford gate ham ing kin ley man ner o path quist ridge son ton well"


def measure(*, quick: bool) -> Iterator[str]:
    sizes = SIZES_QUICK if quick else SIZES
    clerk, spot = _ground()
    for size in sizes:
        _fill(size, clerk, spot)
    visitor, office = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    office.force_login(clerk, backend="accounts.backends.RolesBackend")
    for name, addresses in LISTS.items():
        client = visitor if name == "session list" else office  # the public reads it without a sign-in
        yield _line(
            name, client, [*addresses, *_second_pages(client, sizes[-1], addresses)], sizes, 1 if quick else ROUNDS
        )


def _line(name: str, client: Client, addresses: list[str], sizes: tuple[int, ...], rounds: int) -> str:
    statements = max(_statements(client, size, address) for size in sizes for address in addresses)
    seconds: dict[int, list[float]] = {size: [] for size in sizes}
    for turn in range(rounds + 1):  # the first warms up
        for size in sizes if turn % 2 else sizes[::-1]:
            taken = _seconds(client, size, addresses)
            if turn:
                seconds[size].append(taken)
    middle = {size: statistics.median(times) / len(addresses) for size, times in seconds.items()}
    most, *_between, least = sorted(sizes, reverse=True)
    told = " | ".join(f"{size:,} rows {1000 * middle[size]:.1f} ms" for size in sizes)
    ratio = middle[most] / middle[least]
    return f"lists: {name:<24} a page over {told} | at most {statements} statements | ratio {ratio:.2f}"


@contextmanager
def _at(size: int) -> Iterator[None]:
    """The tables of this size stand in front of all others."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO rows_{size}, public")
        yield
        cursor.execute("SET search_path TO public")


def _seconds(client: Client, size: int, addresses: list[str]) -> float:
    with _at(size):
        started = time.perf_counter()
        for address in addresses:
            assert client.get(address).status_code == 200
        return time.perf_counter() - started


def _statements(client: Client, size: int, address: str) -> int:
    with _at(size):
        client.get(address)
        with CaptureQueriesContext(connection) as told:
            client.get(address)
    return sum(
        not query["sql"].startswith(("BEGIN", "SAVEPOINT", "COMMIT", "RELEASE")) for query in told.captured_queries
    )


def _second_pages(client: Client, size: int, addresses: tuple[str, ...]) -> list[str]:
    """The page after the middle row: a key far from either end of the list."""
    with _at(size):
        found = [client.get(address).content.decode() for address in addresses]
    links = [
        page.split('" rel="next"')[0].rpartition('href="')[2].replace("&amp;", "&")
        for page in found
        if 'rel="next"' in page
    ]
    return [address.partition("?")[0] + link for address, link in zip(addresses, links, strict=False)]


# -- The rows ----------------------------------------------------------------------------------------------


def _ground() -> tuple[User, Registration]:
    """The program, one member of the training staff, and one row of each kind to make the others from."""
    load_pack(PACKS / "mississippi.toml", at=timezone.now())
    call_command("sync_roles", verbosity=0)
    clerk = factories.person("Lena Okafor")
    clerk.groups.add(Group.objects.get(name="training_staff"))
    spot = factories.spot(factories.session(), factories.person("Ada Pattern"))
    return clerk, Registration.objects.select_related("person__profile", "session").get(pk=spot.pk)


def _fill(size: int, clerk: User, spot: Registration) -> None:
    made = _made(size, spot)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA rows_{size}")
        for model in MODELS:
            table = model._meta.db_table
            cursor.execute(f"CREATE TABLE rows_{size}.{table} (LIKE public.{table} INCLUDING ALL)")
        cursor.execute("SET statement_timeout TO 0")  # of a page, not of making a hundred thousand rows
        with _at(size):
            for model, made_from, count, facts in made:
                table = model._meta.db_table
                cursor.execute(
                    f"INSERT INTO {table} SELECT made.* FROM public.{table} pattern, generate_series(1, {count}) n, "
                    f"LATERAL jsonb_populate_record(pattern, jsonb_build_object({facts})) made "
                    f"WHERE pattern.id = {made_from}"
                )
            cursor.execute(WORDS)
            cursor.execute(f"INSERT INTO accounts_user SELECT * FROM public.accounts_user WHERE id = {clerk.pk}")
            for model in MODELS:
                cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
            _check_words()


def _made(size: int, spot: Registration) -> list[tuple[type, int, int, str]]:
    """What differs from the pattern in the row number n. Half of the sessions are past, a few were cancelled; each has
    two half-days, three seats and one sign-up, two in three of them confirmed."""
    given = _one_of(GIVEN, "n")
    family = f"{_one_of(FAMILY, 'n / 20')} || {_one_of(ENDING, 'n / 400')}"
    hours = 10 * 365 * 24 / size
    starts = f"now() + (n - {size // 2}) * interval '{hours:.4f} hours'"
    seat = "CASE WHEN n % 3 > 0 THEN 3 * n - 2 END"
    status = f"CASE WHEN n % 50 = 0 THEN 'cancelled' WHEN n < {size // 2} THEN 'held' ELSE 'published' END"
    courses = "(ARRAY(SELECT id FROM trainings_course ORDER BY id))"
    course = f"{courses}[1 + n % array_length({courses}, 1)]"
    person = (
        "'id', 1000000 + n, 'reference', 'P-' || lpad(n::text, 6, '0'), 'sign_in_name', 'me-' || n, "
        f"'legal_given_names', {given}, 'legal_family_name', {family}, "
        f"'email', lower({given} || '.' || {family}) || n || '@example.org'"
    )
    return [
        (User, spot.person_id, size, person),
        (
            Profile,
            spot.person.profile.pk,
            size,
            "'id', n, 'person_id', 1000000 + n, 'phone', '+1601' || lpad(n::text, 7, '0')",
        ),
        (
            TrainingSession,
            spot.session_id,
            size,
            f"'id', n, 'reference', 'TS-' || n, 'course_id', {course}, 'status', {status}, "
            f"'starts_at', {starts}, 'ends_at', {starts} + interval '4 days'",
        ),
        (
            HalfDay,
            spot.session.half_days.first().pk,
            2 * size,
            "'id', n, 'session_id', (n + 1) / 2, 'starts_at', now() + n * interval '1 day', "
            "'ends_at', now() + n * interval '1 day' + interval '3 hours'",
        ),
        (Seat, spot.session.seats.first().pk, 3 * size, "'id', n, 'session_id', (n + 2) / 3, 'number', n % 3 + 1"),
        (
            Registration,
            spot.pk,
            size,
            f"'id', n, 'reference', 'RG-' || n, 'person_id', 1000000 + n, 'session_id', n, 'course_id', {course}, "
            f"'seat_id', {seat}, 'status', CASE WHEN n % 3 > 0 THEN 'confirmed' ELSE 'waiting' END",
        ),
    ]


def _one_of(names: str, number: str) -> str:
    """Twenty names: with other digits of n for each part of a name, every pair of them comes."""
    return f"(string_to_array('{names}', ' '))[1 + {number} % 20]"


WORDS = """
INSERT INTO accounts_searchword (person_id, word)
SELECT person.id, word FROM accounts_user person JOIN accounts_profile profile ON profile.person_id = person.id,
LATERAL (SELECT DISTINCT unnest(ARRAY[
    lower(legal_given_names), lower(legal_family_name), regexp_replace(email, '[.@]', '', 'g'),
    'p' || substr(reference, 3), substr(reference, 3),
    substr(phone, 2), substr(phone, 3), right(phone, 7), right(phone, 4)
]) AS word) words
"""


def _check_words() -> None:
    """They are what the portal itself would have written."""
    some = list(User.objects.filter(pk__gt=1_000_000).order_by("pk")[:50])
    before = set(SearchWord.objects.filter(person__in=some).values_list("pk", flat=True))
    keep_in_step(*some)
    assert before == set(SearchWord.objects.filter(person__in=some).values_list("pk", flat=True))
