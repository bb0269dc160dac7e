"""A test score that was typed wrong is put right, with all that followed from it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Standing
from audit.models import Entry
from audit.reasons import NotAllowed
from certification.models import Document
from certification.workflow import store_document
from notifications import sending
from notifications.models import Message
from tests.trainings.factories import FIRST_DAY, session, spot, trainer
from tests.trainings.test_classroom import sitting_of
from tests.trainings.test_workflow import in_class, mark_all
from trainings import workflow
from trainings.models import Completion, ExamAttempt, Registration, ScoreCorrection

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "The sheet of their neighbor was read."


def taken(score=90, tries=1, **changes):
    """A class that is over, everybody there all the time; one person took the test so many times."""
    where, [mine] = in_class(**changes)
    staff, over = trainer(), where.ends_at + HOUR
    mark_all(where, mine, by=staff, at=over)
    day = where.ends_on
    for number in range(tries):
        at = over + 7 * number * DAY
        last = score if number == tries - 1 else 10
        workflow.record_exam(mine.pk, last, taken_on=day + timedelta(days=7 * number), by=staff, at=at)
    return mine, staff, at + HOUR


def fresh(mine):
    return Registration.objects.get(pk=mine.pk)


def attempt_of(mine):
    return ExamAttempt.objects.filter(registration=mine).last()


def correct(mine, score, at, *, by, seen=None, because=WHY):
    one = attempt_of(mine)
    seen = one.score if seen is None else seen
    return workflow.correct_score(one.pk, score, seen=seen, because=because, by=by, at=at)


def results(mine, *statuses):
    kinds = ("exam_passed", "exam_not_passed")
    found = Message.objects.filter(about=mine.reference, kind__in=kinds).order_by("pk")
    return [one.kind for one in found if not statuses or one.status in statuses]


# -- What changes ------------------------------------------------------------------------------------------


def test_a_pass_typed_as_not_passed_is_a_pass_and_is_told_once():
    mine, staff, at = taken(40)

    one = correct(mine, 90, at, by=staff)

    assert (one.score, one.passed, one.next_try_on) == (90, True, None)
    assert results(mine, "owed") == ["exam_passed"] and results(mine, "cancelled") == ["exam_not_passed"]
    assert workflow.complete(mine.pk, by=staff, at=at).person == mine.person


def test_after_the_wrong_mail_left_the_right_one_says_that_we_were_wrong():
    mine, staff, at = taken(90)
    mine.person.profile.private_wording = False
    mine.person.profile.save()
    sending.send_due(at=at)

    correct(mine, 40, at, by=staff)
    sending.send_due(at=at + DAY)

    assert results(mine, "done") == ["exam_passed", "exam_not_passed"]
    text = " ".join(Message.objects.get(about=mine.reference, kind="exam_not_passed").text.split())
    assert "We typed your score wrong at first. It is right now. We are sorry." in text
    assert "You can try again from" in text and "40" not in text


def test_another_score_with_the_same_result_is_told_to_nobody():
    mine, staff, at = taken(90)

    correct(mine, 95, at, by=staff)

    assert results(mine) == ["exam_passed"]
    assert attempt_of(mine).score == 95


def test_a_pass_that_was_none_takes_back_the_completion_its_standing_its_paper_and_its_message():
    mine, staff, at = taken(90)
    done = workflow.complete(mine.pk, by=staff, at=at)
    assert Standing.objects.filter(person=mine.person, source=done.reference, withdrawn_at=None).exists()

    one = correct(mine, 40, at + HOUR, by=staff)

    assert not Completion.objects.exists()
    assert (fresh(mine).outcome, one.next_try_on) == ("", one.taken_on + 7 * DAY)
    assert [row.withdrawn_at for row in Standing.objects.filter(source=done.reference)] == [at + HOUR]
    assert Document.objects.get(kind="completion_certificate").status == "cancelled"
    assert Message.objects.get(kind="training_completed").status == "cancelled"
    assert results(mine, "owed") == ["exam_not_passed"]
    history = list(Entry.objects.filter(about=mine.person.reference).values_list("event", flat=True))
    assert history[-4:] == [
        "accounts.standing_withdrawn",
        "trainings.score_corrected",
        "trainings.completion_taken_back",
        "trainings.exam_not_passed",
    ]


def test_who_passes_later_is_done_anew_with_a_paper_of_its_own():
    mine, staff, at = taken(90)
    first = workflow.complete(mine.pk, by=staff, at=at)
    correct(mine, 40, at + HOUR, by=staff)
    later = attempt_of(mine).next_try_on

    workflow.record_exam(mine.pk, 88, taken_on=later, by=staff, at=at + 8 * DAY)
    second = workflow.complete(mine.pk, by=staff, at=at + 8 * DAY)

    assert second.reference != first.reference and second.completed_on == later
    owed = Document.objects.filter(kind="completion_certificate").order_by("pk")
    assert [one.status for one in owed] == ["cancelled", "owed"]
    assert Standing.objects.filter(person=mine.person, kind="trained", withdrawn_at=None).count() == 1


def test_the_last_try_that_was_none_ends_the_spot_and_a_pass_brings_it_back():
    mine, staff, at = taken(90, tries=3)

    correct(mine, 40, at, by=staff)
    ended = fresh(mine).outcome
    correct(mine, 91, at + HOUR, by=staff)

    assert (ended, fresh(mine).outcome) == ("not_passed", "")
    assert results(mine, "owed")[-1] == "exam_passed"
    assert workflow.complete(mine.pk, by=staff, at=at + 2 * HOUR).registration_id == mine.pk


def test_a_half_day_to_make_up_that_ended_with_the_spot_is_booked_again_where_it_is_still_ahead():
    where, [mine] = in_class()
    staff, over = trainer(), where.ends_at + HOUR
    mark_all(where, mine, by=staff, at=over)
    halves = list(where.half_days.all())
    workflow.mark_session(where.pk, {(mine.pk, halves[0].pk): False, (mine.pk, halves[2].pk): False}, by=staff, at=over)
    soon, later = session(first=FIRST_DAY + timedelta(weeks=4)), session(first=FIRST_DAY + timedelta(weeks=12))
    workflow.book_make_up(mine.pk, 1, soon.pk, by=mine.person, at=over)
    workflow.book_make_up(mine.pk, 3, later.pk, by=mine.person, at=over)
    for number, score in enumerate((10, 20, 40)):
        day = where.ends_on + timedelta(days=7 * number)
        workflow.record_exam(mine.pk, score, taken_on=day, by=staff, at=over + 7 * number * DAY)
    assert not mine.make_ups.booked().exists()

    correct(mine, 90, soon.ends_at, by=staff)

    assert fresh(mine).outcome == "make_up"
    assert [(one.number, one.session) for one in mine.make_ups.booked()] == [(3, later)]
    assert Message.objects.filter(about=mine.reference, kind="make_up_booked").count() == 3


# -- What is refused ---------------------------------------------------------------------------------------


def test_once_the_certificate_is_made_the_score_stays_and_the_page_says_what_to_do_instead(client):
    mine, staff, at = taken(90)
    workflow.complete(mine.pk, by=staff, at=at)
    store_document(Document.objects.get(kind="completion_certificate").pk, b"%PDF-", at=at)

    with pytest.raises(NotAllowed, match="certificate_is_out"):
        correct(mine, 40, at, by=staff)

    with time_machine.travel(at, tick=False):
        client.force_login(staff)
        page = client.get(page_of(mine)).content.decode()
    assert "tell your program administrator" in page and 'name="score"' not in page
    assert Completion.objects.get().certificate_at == at
    assert not ScoreCorrection.objects.exists()


def test_a_paper_that_was_being_made_meanwhile_is_not_kept():
    mine, staff, at = taken(90)
    workflow.complete(mine.pk, by=staff, at=at)
    (claimed,) = Document.objects.filter(kind="completion_certificate")
    Document.objects.filter(pk=claimed.pk).update(status="claimed", claimed_at=at)

    correct(mine, 40, at, by=staff)
    Document.objects.filter(pk=claimed.pk).update(status="owed")  # put back by a worker that knew nothing of it
    stored = store_document(claimed.pk, b"%PDF-", at=at)

    assert (stored.status, stored.file.name) == ("cancelled", "")
    assert not Completion.objects.exists()


def test_a_score_before_the_newest_try_stays():
    mine, staff, at = taken(90, tries=2)
    first = ExamAttempt.objects.get(registration=mine, number=1)

    with pytest.raises(NotAllowed, match="next_try_was_taken"):
        workflow.correct_score(first.pk, 95, seen=10, because=WHY, by=staff, at=at)


def test_who_has_a_new_spot_meanwhile_keeps_it_until_they_leave_it():
    mine, staff, at = taken(40, tries=3)
    later = session(first=FIRST_DAY + timedelta(weeks=12), by=staff)
    new = spot(later, mine.person, at=at)

    with pytest.raises(NotAllowed, match="has_another_spot"):
        correct(mine, 90, at, by=staff)
    assert (attempt_of(mine).score, fresh(mine).outcome) == (40, "not_passed")
    workflow.withdraw(new.pk, by=mine.person, at=at)
    correct(mine, 90, at, by=staff)

    assert fresh(mine).outcome == ""


@pytest.mark.parametrize(
    ("score", "because", "code"),
    [(90, "  ", "reason_needed"), (101, WHY, "score_out_of_range"), (-1, WHY, "score_out_of_range"), (40, WHY, "same")],
)
def test_no_reason_no_score_or_no_change_is_refused(score, because, code):
    mine, staff, at = taken(40)

    with pytest.raises(NotAllowed, match=code):
        correct(mine, score, at, by=staff, because=because)

    assert attempt_of(mine).score == 40


def test_on_the_page_of_a_test_day_each_result_leads_to_its_correction(client):
    where, [mine] = in_class()
    staff, day = trainer(), where.ends_on + timedelta(days=3)
    sitting = sitting_of(where, staff, day)
    workflow.book_sitting(sitting.pk, mine.pk, by=staff, at=where.ends_at)
    workflow.record_result(sitting.pk, mine.pk, 40, by=staff, at=sitting.starts_at + HOUR)

    with time_machine.travel(sitting.starts_at + HOUR, tick=False):
        client.force_login(staff)
        page = client.get(reverse("trainings:desk_sitting", args=[sitting.reference])).content.decode()

    assert page_of(mine) in page and "cannot be changed" not in page


def test_nobody_corrects_their_own_score():
    mine, _staff, at = taken(40)

    with pytest.raises(NotAllowed, match="own_matter"):
        correct(mine, 90, at, by=mine.person)


def test_sent_twice_it_is_one_and_whoever_saw_the_old_score_is_told():
    mine, staff, at = taken(40)

    for _press in range(2):
        correct(mine, 90, at, by=staff, seen=40)
    with pytest.raises(NotAllowed, match="score_changed_meanwhile"):
        correct(mine, 92, at, by=trainer(), seen=40)

    assert ScoreCorrection.objects.count() == 1 and results(mine, "owed") == ["exam_passed"]


# -- Who sees what -----------------------------------------------------------------------------------------


def page_of(mine):
    return reverse(
        "trainings:desk_correct_score", args=[mine.session.reference, mine.reference, attempt_of(mine).number]
    )


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_office_corrects_it_beside_the_score_and_the_person_reads_why(client):
    mine, staff, at = taken(40)
    with time_machine.travel(at, tick=False):
        client.force_login(staff)
        exam = client.get(reverse("trainings:desk_exam", args=[mine.session.reference])).content.decode()
        form = client.get(page_of(mine))
        empty = words(client.post(page_of(mine), {"score": "", "because": "", "seen": "40"}))
        client.post(page_of(mine), {"score": "90", "because": WHY, "seen": "40"})
        client.force_login(mine.person)
        own = words(client.get(mine.get_absolute_url()))

    assert page_of(mine) in exam
    mark = attempt_of(mine).pass_mark
    assert f"With {mark} or more, it is passed, and we tell them once." in words(form)
    assert "Write the right score." in empty and "Write why it was wrong." in empty
    assert "You passed: 90 out of 100." in own
    assert f"Before, it was 40. Why: {WHY}" in own and "We corrected your test score." in own


def test_no_score_stands_in_history_or_on_the_page_of_somebody_who_may_not_see_it(client, django_user_model):
    mine, staff, at = taken(43)
    correct(mine, 97, at, by=staff)
    clerk = trainer()
    clerk.user_permissions.remove(clerk.user_permissions.get(codename="run_sessions"))
    with time_machine.travel(at, tick=False):
        client.force_login(django_user_model.objects.get(pk=clerk.pk))
        shown = words(client.get(reverse("trainings:registration", args=[mine.person.reference, mine.reference])))

    said = Entry.objects.of(mine).get(event="trainings.score_corrected").facts
    assert (said["before"], said["after"]) == ("not_passed", "passed")
    assert not {"43", "97"} & set(re.findall(r"\b\d+\b", str(list(Entry.objects.of(mine).values_list("facts")))))
    assert "Passed on" in shown and WHY not in shown and "97" not in shown


def test_whoever_saw_an_older_score_reads_the_new_one_and_keeps_what_they_typed(client):
    mine, staff, at = taken(40)
    correct(mine, 41, at, by=trainer())
    with time_machine.travel(at, tick=False):
        client.force_login(staff)
        page = client.post(page_of(mine), {"score": "90", "because": WHY, "seen": "40"}).content.decode()
        client.post(page_of(mine), {"score": "90", "because": WHY, "seen": "41"})

    assert "Someone else changed this score just now. Look at it again." in page
    assert 'value="90"' in page and 'name="seen" value="41"' in page
    assert attempt_of(mine).score == 90
