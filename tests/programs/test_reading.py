import datetime as dt
import tomllib

import pytest

from programs.texts import english
from programs.words import SENTENCES
from programs.workflow import PACKS
from tests.reading import MOST, POOLED_UNDER, grade, plain, words_in

PACK = tomllib.loads((PACKS / "mississippi.toml").read_text())
PAGES = {raw["slug"]: raw["body"]["en"] for raw in PACK["page"]}
DAY = dt.date(2027, 8, 20)
FACTS = {
    "county": "Hinds",
    "minimum": 18,
    "maximum": 26,
    "day": DAY,
    "since": DAY,
    "done_on": DAY,
    "ended_on": DAY,
    "next_on": DAY,
    "newest": DAY,
    "hours": 250,
    "days": 7,
    "left": 20,
    "given": 1,
    "asked": 1,
    "count": 2,
    "months": 12,
    "mark": 75,
    "cents": 3000,
    "problem": "a word is missing",
}


def said(sentence):
    names = sentence.__code__.co_varnames[: sentence.__code__.co_argcount]
    return str(sentence(**{name: FACTS[name] for name in names}))


def texts_of(kind):
    return " ".join(plain(text) for text in english(PACK[kind]))


ROWS = {kind: texts_of(kind) for kind, rows in PACK.items() if isinstance(rows, list) and kind != "page"}
TEXTS = {**PAGES, **ROWS}


@pytest.mark.parametrize("name", [name for name, words in TEXTS.items() if words_in(words) >= POOLED_UNDER])
def test_each_page_and_each_kind_of_row_reads_at_grade_six_or_below(name):
    assert grade(TEXTS[name]) <= MOST


def test_the_short_texts_together_read_at_grade_six_or_below():
    assert grade(" ".join(plain(words) for words in TEXTS.values() if words_in(words) < POOLED_UNDER)) <= MOST


def test_the_reason_sentences_read_at_grade_six_or_below():
    assert grade(" ".join(said(sentence) for sentence in SENTENCES.values())) <= MOST


@pytest.mark.parametrize("code", SENTENCES)
def test_no_reason_sentence_is_long(code):
    assert max(len(one.split()) for one in said(SENTENCES[code]).split(". ")) <= 20


def test_words_the_screens_never_use_are_nowhere_in_the_pack():
    never = (
        "invalid",
        "reject",
        "unfortunately",
        "please note",
        "click here",
        "patient",
        "addict",
        "consumer",
        "referee",
    )
    everything = " ".join(english(PACK)).casefold() + " ".join(map(said, SENTENCES.values())).casefold()

    assert [word for word in never if word in everything] == []


def test_a_hard_text_fails_the_measure():
    hard = (
        "Applicants whose documentation is determined insufficient pursuant to administrative requirements "
        "shall be notified regarding identified deficiencies and applicable remediation opportunities."
    )

    assert grade(hard) > 12


def test_a_term_of_the_field_counts_as_one_short_word():
    assert grade("You are a certified peer support specialist.") == grade("You are a term.")


def test_markup_inside_a_sentence_does_not_shorten_it_and_a_list_item_ends_as_one():
    assert plain("<p>Ask <b>us</b> <a href='/'>today</a></p>") == "Ask us today."
    assert plain("## Help\n\n- call [us](/x/)\n- write") == "Help. call us. write."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/peer-support/", "/peer-support/cpssp-p/", "/peer-support/cpssp-a/", "/readiness/"]
)
def test_the_pages_as_shown_read_at_grade_six_or_below(client, address):
    shown = client.get(address).content.decode().split("<main")[1].split("</main>")[0]

    assert grade(shown) <= MOST
