"""The roster and the page for class: who stands on it, as text exactly, on one page, and never a formula."""

import re
import subprocess
import zipfile
from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pytest
import time_machine
from django.urls import reverse

from accounts.workflow import arrange_access, ask_for_access
from programs.calendar import local_day
from programs.program import program
from tests.trainings.factories import FIRST_DAY, NOON, session, trainer
from tests.trainings.test_classroom import missed_one
from tests.trainings.test_workflow import in_class
from trainings import roster, workflow
from trainings.workbook import workbook

pytestmark = pytest.mark.django_db

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(raw: bytes) -> list[list[str]]:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        assert archive.testzip() is None
        root = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
    assert not root.findall(f".//{SHEET}f")  # no formula
    rows = root.findall(f".//{SHEET}row")
    return [[cell.findtext(f"{SHEET}is/{SHEET}t") or "" for cell in row.findall(f"{SHEET}c")] for row in rows]


def words_of(pdf: bytes, tmp_path) -> str:
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()


def pages(pdf: bytes) -> int:
    return len(pikepdf.open(BytesIO(pdf)).pages)


def arranged(someone, words="An interpreter."):
    needs = ask_for_access(someone.pk, "I am deaf.", answer_due_on=NOON.date(), by=someone, at=NOON)
    arrange_access(needs.pk, words, by=trainer(), at=NOON)


@pytest.mark.parametrize(
    "words", ['=HYPERLINK("http://x","y")', "+1", "@SUM(A1)", "Zoë <b>&amp;", "欧陽", "a\x0bb\ttab", ""]
)
def test_every_cell_of_a_workbook_is_text(words):
    read = cells(workbook("A/B: [x]", ["One", "Two"], [[words, "x"]]))

    assert read == [["One", "Two"], [words.replace("\x0b", ""), "x"]]


def test_a_workbook_of_the_same_table_is_the_same_file():
    assert workbook("x", ["a"], [["b"]]) == workbook("x", ["a"], [["b"]])


def test_the_roster_has_what_staff_need_and_not_the_reason_of_an_arrangement():
    where, [mine] = in_class()
    mine.person.name_in_use = "Zoë"
    mine.person.save()
    mine.person.profile.phone = "+16015550142"
    mine.person.profile.save()
    arranged(mine.person)

    [line] = roster.roster(where)

    assert line.cells == (mine.person.legal_name, "Zoë", mine.reference, "601-555-0142", "An interpreter.", "Seat 1")


def test_the_roster_downloads_as_pdf_and_workbook_with_names_exactly(client, tmp_path):
    where, [mine] = in_class()
    mine.person.legal_given_names, mine.person.legal_family_name = "José <b>&", "=Núñez"
    mine.person.save()
    staff = trainer()
    client.force_login(staff)

    with time_machine.travel(NOON, tick=False):
        client.force_login(staff)
        pdf = client.get(reverse("trainings:desk_roster_pdf", args=[where.reference]))
        book = client.get(reverse("trainings:desk_roster_workbook", args=[where.reference]))

    assert pdf["Content-Disposition"] == f'attachment; filename="roster-{where.reference}.pdf"'
    assert "José <b>& =Núñez" in words_of(pdf.content, tmp_path)
    assert "Monday, September 13 to Friday, September 17, 2027" in words_of(pdf.content, tmp_path)
    assert cells(book.content)[1][0] == "José <b>& =Núñez"
    assert book["Cache-Control"] == "no-store"


def printed(where):
    return roster.printout_pdf(where, program(local_day(NOON)), NOON)


def test_the_page_for_class_is_one_page_for_thirty_people(tmp_path):
    where, spots = in_class(people=30)
    for number, one in enumerate(spots):
        one.person.name_in_use = "W" * 150 if number == 0 else f"Zoë{number}"
        one.person.save()
        if number < 4:
            arranged(one.person)

    pdf = printed(where)
    words = words_of(pdf, tmp_path)

    assert pages(pdf) == 1
    assert "Zoë29" in words and "An interpreter." in words
    assert "601-555-0142" in words and "911" in words
    assert "deaf" not in words and "meet.example.org" not in words
    assert not [one for one in spots if one.person.legal_family_name in words]


def test_two_people_with_one_name_are_told_apart_and_a_make_up_has_one_box(tmp_path):
    where, spots = in_class(people=2)
    for one in spots:
        one.person.name_in_use = "Ada"
        one.person.save()
    _first, mine, _staff, over = missed_one(number=3)
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)

    words, guest = words_of(printed(where), tmp_path), words_of(printed(later), tmp_path)

    assert all(f"Ada ({one.reference[-3:]})" in words for one in spots)
    assert "(make-up)" in guest
    assert [line.state for line in roster.roster(later)] == ["Make-up, Tue, Nov 9, 9 a.m."]


def test_the_sheet_to_sign_holds_names_in_use_only(client):
    where, [mine] = in_class()
    arranged(mine.person)
    staff = trainer()
    with time_machine.travel(NOON, tick=False):
        client.force_login(staff)
        shown = client.get(reverse("trainings:desk_sheet", args=[where.reference])).content.decode()
    table = re.search(r"<table.*?</table>", shown, re.S).group()

    assert mine.person.called in table
    assert mine.person.legal_family_name not in table and "interpreter" not in table and mine.reference not in table


def test_a_person_sees_nobody_elses_name(client):
    where, [mine, other] = in_class(people=2)
    with time_machine.travel(where.starts_at, tick=False):
        client.force_login(mine.person)
        shown = client.get(mine.get_absolute_url()).content.decode()
        refused = client.get(reverse("trainings:desk_roster", args=[where.reference]))

    assert other.person.called not in shown.replace(mine.person.called, "") or other.person.called == mine.person.called
    assert other.person.legal_family_name not in shown
    assert refused.status_code == 403
