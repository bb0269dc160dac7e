from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from audit.models import Entry
from programs.models import Page, RuleVersion, WrittenOnce
from programs.program import program
from programs.workflow import NotAllowed, Wording, change_page, change_rule, load_pack

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 18, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PACK = """
from = 2016-07-01
class = "R"
fee = [{{ code = "parking", cite = "A", cents = {cents}, title = {{ en = "Parking" }} }}]
[sources]
A = {{ title = "A rule", url = "https://example.org/a" }}
[[page]]
slug = "parking"
title = {{ en = "Parking" }}
[page.body]
en = "{words}"
"""


@pytest.fixture
def keeper():
    return User.objects.create_user("keeper@example.org", legal_given_names="Kay", legal_family_name="Keeper")


@pytest.fixture
def write(tmp_path):
    """A small pack as a file."""

    def _write(*, cents=500, words="Park here."):
        path = tmp_path / "small.toml"
        path.write_text(PACK.format(cents=cents, words=words))
        return path

    return _write


@pytest.fixture(autouse=True)
def only_small_packs():
    """These tests begin with an empty program."""
    RuleVersion.objects.all().delete()
    Page.objects.all().delete()


def parking():
    return RuleVersion.objects.of("fee", "parking")


def wording(**other):
    row = parking().latest("version")
    said = {
        "body": row.body,
        "citation_title": row.citation_title,
        "citation_url": row.citation_url,
        "evidence_class": row.evidence_class,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }
    return Wording(**{**said, **other})


def dearer(row):
    return {**row.body, "cents": 700}


def test_a_pack_is_loaded_once_with_its_citations_and_one_entry(write):
    first = load_pack(write(), at=NOON)
    second = load_pack(write(), at=NOON)

    row = parking().get()
    assert (row.version, row.origin, row.citation_title, row.evidence_class) == (1, "pack", "A rule", "R")
    assert (len(first.added), len(second.added)) == (2, 0)
    assert Entry.objects.filter(event="programs.pack_loaded").count() == 1
    assert program(TODAY).fee("parking") == 500


def test_a_changed_row_of_the_pack_becomes_the_next_version(write):
    load_pack(write(), at=NOON)

    load_pack(write(cents=600), at=NOON)

    assert [row.body["cents"] for row in parking()] == [500, 600]
    assert program(TODAY).fee("parking") == 600


def test_a_row_dated_later_speaks_from_its_day_on(write):
    path = write()
    path.write_text(
        path.read_text().replace(
            "fee = [",
            'fee = [{ code = "ticket", from = 2027-01-01, cents = 900, title = { en = "Ticket" } }, '
            '{ code = "ticket", from = 2028-01-01, cents = 950, title = { en = "Ticket" } }, ',
        )
    )
    load_pack(path, at=NOON)

    assert program(date(2027, 12, 31)).fee("ticket") == 900
    assert program(date(2028, 1, 1)).fee("ticket") == 950
    assert program(date(2027, 6, 1)).fee("ticket", on=date(2028, 6, 1)) == 950


def test_a_change_by_staff_is_the_next_version_with_its_reason_in_the_history(write, keeper):
    load_pack(write(), at=NOON)

    row = change_rule("fee", "parking", wording(body=dearer(parking().get())), reason="New lot", by=keeper, at=NOON)

    assert (row.version, row.origin, row.reason) == (2, "admin", "New lot")
    entry = Entry.objects.get(event="programs.rule_changed")
    assert entry.actor == keeper
    assert entry.facts["before"]["body"]["cents"] == 500
    assert entry.facts["after"]["body"]["cents"] == 700
    assert program(TODAY).fee("parking") == 700


def test_a_version_speaks_only_from_the_day_it_begins(write, keeper):
    load_pack(write(), at=NOON)
    body = dearer(parking().get())

    change_rule("fee", "parking", wording(body=body, starts_on=date(2027, 7, 1)), reason="New", by=keeper, at=NOON)

    assert program(date(2027, 6, 30)).fee("parking") == 500
    assert program(date(2027, 7, 1)).fee("parking") == 700


def test_a_row_can_be_ended_and_is_then_not_in_the_rules(write, keeper):
    load_pack(write(), at=NOON)

    change_rule("fee", "parking", wording(ends_on=date(2027, 1, 1)), reason="Free now", by=keeper, at=NOON)

    assert program(date(2026, 12, 31)).fee("parking") == 500
    with pytest.raises(LookupError):
        program(date(2027, 1, 1)).fee("parking")


@pytest.mark.parametrize(
    ("other", "reason", "code"),
    [
        ({}, "Same", "row_is_the_same"),
        ({"body": {"cents": 700, "title": {"en": "Parking"}}}, "  ", "row_needs_a_reason"),
        ({"starts_on": date(2015, 1, 1)}, "Earlier", "row_starts_too_early"),
        ({"ends_on": date(2016, 7, 1)}, "Over", "row_ends_before_start"),
        ({"body": {"title": {"en": "Parking"}}}, "No amount", "row_is_not_sound"),
    ],
)
def test_a_change_that_may_not_be_leaves_nothing_behind(write, keeper, other, reason, code):
    load_pack(write(), at=NOON)

    with pytest.raises(NotAllowed, match=code):
        change_rule("fee", "parking", wording(**other), reason=reason, by=keeper, at=NOON)

    assert parking().count() == 1
    assert not Entry.objects.filter(event="programs.rule_changed").exists()


def test_a_version_is_written_once(write):
    load_pack(write(), at=NOON)
    row = parking().get()

    row.body = {"cents": 1}
    with pytest.raises(WrittenOnce):
        row.save()
    with pytest.raises(WrittenOnce):
        row.delete()


def test_a_pack_with_news_stops_before_what_staff_changed_and_loads_nothing(write, keeper):
    load_pack(write(), at=NOON)
    change_rule("fee", "parking", wording(body=dearer(parking().get())), reason="New lot", by=keeper, at=NOON)
    pages_before = Page.objects.get().words

    report = load_pack(write(cents=600, words="Park there."), at=NOON)

    assert report.stopped
    assert len(report.differences) == 1
    assert "New lot" in report.differences[0] and "cents" in report.differences[0]
    assert [row.body["cents"] for row in parking()] == [500, 700]
    assert Page.objects.get().words == pages_before


def test_a_pack_without_news_leaves_what_staff_changed_and_says_so(write, keeper):
    load_pack(write(), at=NOON)
    change_rule("fee", "parking", wording(body=dearer(parking().get())), reason="New lot", by=keeper, at=NOON)

    report = load_pack(write(), at=NOON)

    assert not report.stopped
    assert len(report.differences) == 1
    assert program(TODAY).fee("parking") == 700


def test_taking_the_pack_puts_its_text_on_top_and_keeps_every_version(write, keeper):
    load_pack(write(), at=NOON)
    change_rule("fee", "parking", wording(body=dearer(parking().get())), reason="New lot", by=keeper, at=NOON)

    load_pack(write(), take_pack=True, at=NOON)

    assert [(row.body["cents"], row.origin) for row in parking()] == [(500, "pack"), (700, "admin"), (500, "pack")]
    assert program(TODAY).fee("parking") == 500
    assert load_pack(write(), at=NOON).differences == ()


def test_taking_the_pack_also_sets_aside_a_change_that_was_to_begin_later(write, keeper):
    load_pack(write(), at=NOON)
    later = wording(body=dearer(parking().get()), starts_on=date(2027, 7, 1))
    change_rule("fee", "parking", later, reason="New lot", by=keeper, at=NOON)

    load_pack(write(), take_pack=True, at=NOON)

    assert program(date(2027, 6, 30)).fee("parking") == 500
    assert program(date(2027, 7, 1)).fee("parking") == 500


def test_a_page_changed_by_staff_keeps_its_words_until_somebody_decides(write, keeper):
    load_pack(write(), at=NOON)
    page = Page.objects.get()
    change_page(page.pk, title={"en": "Parking"}, body={"en": "Ours."}, by=keeper, at=NOON)

    assert load_pack(write(words="Theirs."), at=NOON).stopped
    assert Page.objects.get().words == "Ours."
    load_pack(write(words="Theirs."), take_pack=True, at=NOON)
    assert Page.objects.get().words == "Theirs."


def test_a_page_nobody_changed_follows_the_pack(write):
    load_pack(write(), at=NOON)

    load_pack(write(words="Park there."), at=NOON)

    assert Page.objects.get().words == "Park there."


def test_the_history_of_a_page_keeps_the_old_words(write, keeper):
    load_pack(write(), at=NOON)

    change_page(Page.objects.get().pk, title={"en": "Parking"}, body={"en": "Ours."}, by=keeper, at=NOON)

    facts = Entry.objects.get(event="programs.page_changed").facts
    assert (facts["before"]["body"]["en"], facts["after"]["body"]["en"]) == ("Park here.", "Ours.")


def test_a_row_nobody_could_read_is_refused_when_it_is_loaded(write):
    path = write()
    path.write_text(path.read_text().replace("cents = 500", "sense = 500"))

    with pytest.raises(KeyError):
        load_pack(path, at=NOON)

    assert not RuleVersion.objects.exists()


def test_the_command_loads_mississippi_and_says_how_much():
    out = StringIO()

    call_command("load_program", "mississippi", stdout=out)
    call_command("load_program", "mississippi", stdout=out)

    said = out.getvalue().splitlines()
    assert said[0].endswith("added to the program mississippi.") and not said[0].startswith("0 ")
    assert said[1] == "0 added to the program mississippi."


def test_the_command_stops_with_the_difference_and_goes_on_when_told(keeper, monkeypatch, write):
    monkeypatch.setattr("programs.management.commands.load_program.PACKS", write().parent)
    call_command("load_program", "small", stdout=StringIO())
    change_rule("fee", "parking", wording(body=dearer(parking().get())), reason="New lot", by=keeper, at=NOON)
    write(cents=600)
    out = StringIO()

    with pytest.raises(CommandError, match="--take-pack"):
        call_command("load_program", "small", stdout=out)

    assert "New lot" in out.getvalue()
    call_command("load_program", "small", "--take-pack", stdout=out)
    assert program(TODAY).fee("parking") == 600


def test_an_unknown_pack_is_named():
    with pytest.raises(CommandError, match="atlantis"):
        call_command("load_program", "atlantis")


STARS = """
[[requirement]]
code = "stars"
kind = "astrology"
stages = ["training"]
title = { en = "Stars" }
"""


def test_a_kind_of_requirement_nobody_knows_is_refused_with_its_pack(write):
    path = write()
    path.write_text(path.read_text() + STARS)

    with pytest.raises(ValueError, match="astrology"):
        load_pack(path, at=NOON)
