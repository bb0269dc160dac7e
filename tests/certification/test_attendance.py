"""Two papers, never mixed: hours in class for anybody who was there, and completion for who finished."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
import time_machine

from certification import tasks
from certification.models import Document
from tests.certification.test_certificates import HARD_NAMES, joined, make, words_of
from tests.trainings.factories import FIRST_DAY, session, trainer
from tests.trainings.test_classroom import halves, missed_one
from tests.trainings.test_workflow import in_class, mark_all
from trainings import workflow

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def papers(kind="attendance_certificate"):
    return Document.objects.filter(kind=kind).order_by("pk")


def test_three_hours_missed_the_paper_shows_the_true_hours_and_not_that_anything_is_finished(tmp_path):
    """Acceptance 17c: the paper."""
    _where, mine, _staff, _over = missed_one(number=3)

    words = words_of(make(papers().last()), tmp_path)

    assert "27" in words and "Hours in class" in words and mine.person.legal_name in words
    assert "has completed" not in words and "certifies" not in words
    assert "It does not say that the training is finished." in words.replace("\n", " ")
    assert not papers("completion_certificate").exists()


def test_what_was_made_up_later_has_a_paper_of_its_own_and_the_first_stays_as_it_was(tmp_path):
    _where, mine, staff, over = missed_one(number=3)
    first = papers().last()
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    third = halves(later)[2]

    workflow.mark_session(later.pk, {(mine.pk, third.pk): True}, by=staff, at=third.ends_at)
    workflow.complete(mine.pk, by=staff, at=later.ends_at)

    words = words_of(make(papers().last()), tmp_path)
    completion = words_of(make(papers("completion_certificate").get()), tmp_path)
    assert "30" in words and "Made up on Tuesday, November 9, 2027" in words
    assert first.context["hours"] == "27" and papers().filter(pk=first.pk).get().context == first.context
    assert "Tuesday, November 9, 2027" in completion and "Hours in class" not in completion


def test_a_list_marked_before_the_end_owes_its_papers_when_the_session_is_held():
    where, [mine] = in_class()
    last = halves(where)[-1]
    mark_all(where, mine, by=trainer(), at=last.starts_at)
    assert not papers().exists()

    workflow.keep_time(at=where.ends_at)
    workflow.keep_time(at=where.ends_at + HOUR)

    assert papers().get().context["hours"] == "30"


def test_somebody_who_stopped_has_the_hours_they_were_there_and_somebody_who_never_came_has_no_paper():
    where, [stopped, never] = in_class(people=2)
    staff, half = trainer(), halves(where)[0]
    workflow.mark_session(
        where.pk, {(stopped.pk, half.pk): True, (never.pk, half.pk): False}, by=staff, at=half.ends_at
    )

    workflow.end_early(stopped.pk, "ended_early", by=staff, at=half.ends_at)
    workflow.end_early(never.pk, "did_not_attend", by=staff, at=half.ends_at)

    assert [(paper.person, paper.context["hours"]) for paper in papers()] == [(stopped.person, "3")]


@pytest.mark.parametrize("name", HARD_NAMES.values(), ids=HARD_NAMES.keys())
def test_any_name_stands_on_the_attendance_certificate_exactly_and_on_one_page(name, tmp_path):
    where, [mine] = in_class()
    mine.person.legal_given_names, mine.person.legal_family_name = name[0].strip(), name[1]
    mine.person.save()
    mark_all(where, mine, by=trainer(), at=where.ends_at)

    pdf = make(papers().get())

    assert len(pikepdf.open(BytesIO(pdf)).pages) == 1
    assert joined(mine.person.legal_name) in joined(words_of(pdf, tmp_path))


def test_the_paper_is_made_once_and_kept_with_its_checksum():
    where, [mine] = in_class()
    mark_all(where, mine, by=trainer(), at=where.ends_at)

    for _again in range(2):
        with time_machine.travel(where.ends_at + HOUR, tick=False):
            tasks.render()

    paper = papers().get()
    with paper.file.open("rb") as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == paper.checksum
    assert (paper.status, paper.attempts) == ("done", 1)
