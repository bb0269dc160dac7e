"""Every verb of applications and scholarships, from the steps it is allowed at and from those it is not."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.stories import open_story
from applicants import papers, workflow
from applicants.models import (
    Award,
    Document,
    LedgerLine,
    Reference,
    ScholarshipApplication,
    ScholarshipRound,
    TrainingApplication,
)
from audit.models import Entry
from tests.applicants import factories as make
from tests.applicants.factories import AFTER_CLOSE, ESSAY, NOON
from tests.trainings.factories import trainer
from trainings.models import Registration
from trainings.uploads import store
from trainings.workflow import allocate, withdraw

pytestmark = pytest.mark.django_db

LAST_SECOND = datetime(2027, 8, 21, 4, 59, 59, tzinfo=UTC)  # Friday, August 20, 11:59:59 p.m. Central


def events(*names: str) -> int:
    return Entry.objects.filter(event__in=[f"applicants.{name}" for name in names]).count()


# -- The training application


def test_starting_twice_gives_the_open_draft():
    first = make.draft()

    again = workflow.start(
        first.session_id, person_id=first.person_id, designation="CPSSP-SU", by=first.person, at=NOON
    )

    assert again == first
    assert again.designation == "CPSSP-MH"
    assert events("application_started") == 1


def test_sending_names_everything_that_is_missing_at_once():
    application = make.draft()

    with pytest.raises(workflow.NotAllowed) as refusal:
        workflow.submit(application.pk, received_at=NOON, by=application.person, at=NOON)

    codes = [reason.code for reason in refusal.value.reasons]
    assert codes == [
        "lived_experience_missing",
        "education_missing",
        "document_missing",
        "references_missing",
        "ethics_agreement_missing",
        "ethics_agreement_missing",
        "cosigner_unasked",
    ]
    assert not Registration.objects.exists()


def test_sending_stamps_the_day_and_opens_a_spot_in_line():
    application = make.submitted(answered=False)

    assert application.status == "submitted"
    assert application.judged_on.isoformat() == "2027-08-02"
    assert application.review_due_on.isoformat() == "2027-08-16"
    assert application.registration.status == "received"
    assert application.registration.received_at == NOON
    assert [section["part"] for section in application.sent_copy][:2] == ["designation", "about-me"]


def test_sent_at_the_last_second_counts_and_one_second_later_does_not():
    in_time, late = make.fill(make.draft()), make.fill(make.draft())

    workflow.submit(in_time.pk, received_at=LAST_SECOND, by=in_time.person, at=LAST_SECOND)
    with pytest.raises(workflow.NotAllowed, match="application_closed"):
        moment = LAST_SECOND + timedelta(seconds=1)
        workflow.submit(late.pk, received_at=moment, by=late.person, at=moment)

    late.refresh_from_db()
    assert late.status == "draft"
    assert late.education == "ged"
    assert not Registration.objects.filter(person=late.person).exists()


def test_a_late_draft_is_used_for_the_next_training_with_one_press():
    application = make.fill(make.draft())
    following = make.session(first=datetime(2027, 11, 15).date())
    late = LAST_SECOND + timedelta(hours=1)

    moved = workflow.move_to_next(application.pk, by=application.person, at=late)
    sent = workflow.submit(moved.pk, received_at=late, by=application.person, at=late)

    assert sent.session == following
    assert sent.registration.session == following
    assert sent.references.filter(status="given").count() == 2


def test_sent_twice_there_is_one_application_and_one_spot():
    application = make.submitted()

    again = workflow.submit(application.pk, received_at=NOON, by=application.person, at=NOON)

    assert again == application
    assert events("application_submitted") == 1
    assert Registration.objects.count() == 1


@pytest.mark.parametrize("begun", ["online before", "by the office after"])
def test_paper_that_came_in_time_counts_though_it_is_typed_late(begun):
    staff, typed_at = make.with_role("training_staff"), LAST_SECOND + timedelta(days=2)
    if begun == "online before":
        application = make.fill(make.draft())
    else:
        where, someone = make.session(), make.applicant()
        with pytest.raises(workflow.NotAllowed, match="registration_closed"):
            workflow.start(where.pk, person_id=someone.pk, designation="CPSSP-MH", by=someone, at=typed_at)
        application = make.fill(
            workflow.start(where.pk, person_id=someone.pk, designation="CPSSP-MH", by=staff, at=typed_at)
        )

    sent = workflow.submit(application.pk, received_at=LAST_SECOND, by=staff, at=typed_at, channel="paper")

    assert sent.registration.received_at == LAST_SECOND
    assert sent.registration.entered_at == typed_at


def test_accepting_waits_for_the_references():
    application = make.submitted(answered=False)

    with pytest.raises(workflow.NotAllowed, match="references_waiting"):
        workflow.accept(application.pk, by=trainer(), at=NOON)

    assert Registration.objects.get().status == "received"


def test_accepting_puts_the_person_into_the_ranking():
    application = make.submitted()

    workflow.accept(application.pk, by=trainer(), at=NOON)
    workflow.accept(application.pk, by=trainer(), at=NOON)

    assert Registration.objects.get().status == "admitted"
    assert events("application_accepted") == 1


def test_nobody_accepts_their_own_application():
    staff = make.with_role("training_staff")
    staff.is_superuser = True
    staff.save()
    type(staff.profile).objects.filter(person=staff).update(birth_on="1990-01-01", county="Hinds", best_channel="email")
    application = make.submitted(person=type(staff).objects.get(pk=staff.pk))

    for verb, facts in (
        (workflow.accept, {}),
        (workflow.not_accept, {"reason": "no"}),
        (workflow.return_to_person, {"missing": ["education"], "note": ""}),
    ):
        with pytest.raises(workflow.NotAllowed, match="own_matter"):
            verb(application.pk, **facts, by=staff, at=NOON)


def test_returned_it_is_mended_and_sent_again_and_keeps_its_time():
    application = make.submitted()
    later = NOON + timedelta(days=3)

    workflow.return_to_person(
        application.pk, missing=["school_paper"], note="We cannot read it.", by=trainer(), at=NOON
    )
    workflow.answer(application.pk, "education", facts={"education": "diploma"}, by=application.person, at=later)
    sent = workflow.submit(application.pk, received_at=later, by=application.person, at=later)

    assert sent.status == "submitted"
    assert sent.received_at == NOON
    assert sent.missing == []


def test_what_is_sent_cannot_be_changed():
    application = make.submitted()

    with pytest.raises(workflow.NotAllowed, match="application_not_so"):
        workflow.answer(application.pk, "education", facts={"education": "none"}, by=application.person, at=NOON)


def test_not_this_time_says_why_and_ends_the_spot():
    application = make.submitted()

    with pytest.raises(workflow.NotAllowed, match="no_needs_words"):
        workflow.not_accept(application.pk, reason=" ", by=trainer(), at=NOON)
    workflow.not_accept(application.pk, reason="The class is for another group.", by=trainer(), at=NOON)

    assert Registration.objects.get().status == "not_eligible"
    assert TrainingApplication.objects.get().office_note == "The class is for another group."


def test_taken_back_on_either_page_both_are_over():
    here, there = make.submitted(), make.submitted()

    workflow.withdraw(here.pk, by=here.person, at=NOON)
    withdraw(there.registration_id, by=there.person, at=NOON)

    assert set(TrainingApplication.objects.values_list("status", flat=True)) == {"withdrawn"}
    assert set(Registration.objects.values_list("status", flat=True)) == {"withdrawn"}
    assert events("application_withdrawn") == 2


# -- References


def test_naming_a_reference_sends_nothing():
    application = make.draft()

    named = workflow.name_reference(
        application.pk, name="Jo Hill", relation="work", email="jo@example.org", by=application.person, at=NOON
    )

    assert named.status == "named"
    assert events("reference_asked") == 0


@pytest.mark.parametrize(
    ("relation", "email", "code"),
    [
        ("relative", "jo@example.org", "reference_is_family"),
        ("work", "", "reference_is_yourself"),
        ("work", "TAKEN@example.org", "reference_named_twice"),
    ],
)
def test_a_reference_is_another_person_and_not_family(relation, email, code):
    application = make.draft()
    make.reference(application, "taken@example.org")

    with pytest.raises(workflow.NotAllowed, match=code):
        workflow.name_reference(
            application.pk,
            name="Jo",
            relation=relation,
            email=email or application.person.email.upper(),
            by=application.person,
            at=NOON,
        )


def test_asking_again_after_fourteen_days_kills_the_old_link():
    application = make.draft()
    asked = make.reference(application, "jo@example.org", answered=False)
    later = NOON + timedelta(days=15)

    with pytest.raises(workflow.NotAllowed, match="link_expired"):
        workflow.answer_reference(asked.pk, link_version=1, view="ready", text="Yes.", at=later)
    workflow.ask_reference(asked.pk, by=application.person, at=later)
    with pytest.raises(workflow.NotAllowed, match="link_bad"):
        workflow.answer_reference(asked.pk, link_version=1, view="ready", text="Yes.", at=later)
    workflow.answer_reference(asked.pk, link_version=2, view="ready", text="Yes.", at=later)

    assert Reference.objects.get().status == "given"


def test_a_reference_answers_once():
    application = make.draft()
    asked = make.reference(application, "jo@example.org")

    workflow.answer_reference(asked.pk, link_version=1, view="not_yet", text="Changed my mind.", at=NOON)

    assert Reference.objects.get().view == "ready"
    assert events("reference_given") == 1


def test_only_the_office_opens_the_words_of_a_reference_and_it_is_written_down():
    application = make.submitted()
    words = application.references.first().text
    staff = make.with_role("training_staff")

    for someone in (application.person, make.with_role("place_staff")):
        with pytest.raises(workflow.NotAllowed, match="story_closed"):
            open_story(words, by=someone, purpose="check application", at=NOON)
    assert open_story(words, by=staff, purpose="check application", at=NOON) == "A good listener."

    assert Entry.objects.filter(event="accounts.story_opened", about=application.person.reference).count() == 1


# -- Papers


def test_the_worker_writes_a_paper_anew_and_only_then_it_is_ready():
    application = make.draft()
    paper = make.paper(application, checked=False)

    assert not paper.is_ready
    papers.check_all(at=NOON)

    paper.refresh_from_db()
    assert paper.is_ready
    assert paper.received.name == ""
    with paper.file.open() as file:
        assert file.read(4) == b"\x89PNG"


def test_a_paper_that_cannot_be_opened_is_refused_with_a_reason():
    application = make.draft()
    broken = make.PNG[:40] + b"IEND\xaeB`\x82"
    paper = workflow.receive_document(
        application.pk,
        kind="school_paper",
        name="ged.png",
        content_type="image/png",
        path=store(broken),
        size=len(broken),
        by=application.person,
        at=NOON,
    )

    papers.check_all(at=NOON)

    paper.refresh_from_db()
    assert (paper.status, paper.refusal) == (Document.Status.REFUSED, "upload_cannot_be_opened")


# -- Essays


def test_an_essay_is_sent_once_and_stays_as_it_is():
    wish = make.essay(make.scholarship_round())

    again = workflow.submit_essay(wish.pk, received_at=NOON, by=wish.person, at=NOON)

    assert again.status == "submitted"
    assert again.word_count == 210
    assert events("essay_submitted") == 1
    with pytest.raises(workflow.NotAllowed, match="essay_sent"):
        workflow.save_essay(wish.pk, "Other words", seen_version=1, by=wish.person, at=NOON)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "essay_empty"), ("Too few words.", "essay_too_short"), ("word " * 301, "essay_too_long")],
)
def test_an_essay_outside_its_limits_is_refused_and_kept(text, code):
    wish = make.essay(make.scholarship_round(), text=text, sent=False)

    with pytest.raises(workflow.NotAllowed, match=code):
        workflow.submit_essay(wish.pk, received_at=NOON, by=wish.person, at=NOON)

    assert wish.essays.get().words == len(text.split())


def test_an_essay_after_the_last_second_is_refused_and_kept():
    round_ = make.scholarship_round()
    wish = make.essay(round_, sent=False)
    late = round_.closes_at + timedelta(seconds=1)

    with pytest.raises(workflow.NotAllowed, match="round_closed"):
        workflow.submit_essay(wish.pk, received_at=late, by=wish.person, at=late)
    workflow.submit_essay(wish.pk, received_at=round_.closes_at, by=wish.person, at=late)

    assert ScholarshipApplication.objects.get().received_at == round_.closes_at


def test_two_tabs_lose_nothing():
    wish = make.essay(make.scholarship_round(), sent=False)  # version 1 now

    workflow.save_essay(wish.pk, "From the first tab", seen_version=1, by=wish.person, at=NOON)
    second = workflow.save_essay(wish.pk, "From the second tab", seen_version=1, by=wish.person, at=NOON)

    assert second.other_copy
    kept = workflow.keep_copy(wish.pk, keep_other=True, by=wish.person, at=NOON)
    assert kept.version == 3
    assert wish.essays.count() == 1


# -- Reading


def test_only_an_assigned_reader_opens_an_essay_and_the_writer_sees_it():
    wish = make.essay(make.scholarship_round())
    reader, other = make.with_role("reviewer"), make.with_role("reviewer")
    workflow.assign(wish.pk, reader_id=reader.pk, due_on=NOON.date(), by=other, at=NOON)

    assert open_story(wish.essays.get(), by=reader, purpose="score", at=NOON) == ESSAY
    with pytest.raises(workflow.NotAllowed, match="story_closed"):
        open_story(wish.essays.get(), by=other, purpose="score", at=NOON)

    assert Entry.objects.filter(event="accounts.story_opened", about=wish.person.reference).count() == 1


def test_stepping_back_closes_the_essay():
    wish = make.essay(make.scholarship_round())
    reader = make.with_role("reviewer")
    review = workflow.assign(wish.pk, reader_id=reader.pk, due_on=NOON.date(), by=None, at=NOON)

    workflow.declare_conflict(review.pk, by=reader, at=NOON)

    with pytest.raises(workflow.NotAllowed, match="story_closed"):
        open_story(wish.essays.get(), by=reader, purpose="score", at=NOON)
    with pytest.raises(workflow.NotAllowed, match="story_closed"):
        workflow.file_review(review.pk, points={}, note="", by=reader, at=NOON)


def test_the_writer_and_people_at_the_same_address_do_not_read():
    round_ = make.scholarship_round()
    reader, neighbor = make.with_role("reviewer"), make.with_role("reviewer")
    home = {"street": "12 Oak Lane", "zip_code": "39201"}
    type(neighbor.profile).objects.filter(person=neighbor).update(**home)
    own = make.essay(round_, reader)
    other = make.essay(round_, make.applicant(**home))

    given, short = workflow.assign_round(
        round_.pk, due_on=NOON.date(), by=make.with_role("scholarship_officer"), at=NOON
    )

    assert {(review.application_id, review.reader_id) for review in given} == {
        (own.pk, neighbor.pk),
        (other.pk, reader.pk),
    }
    assert sorted(short) == sorted([own.reference, other.reference])


def test_scores_are_filed_whole_and_once():
    wish = make.essay(make.scholarship_round())
    reader = make.with_role("reviewer")
    review = workflow.assign(wish.pk, reader_id=reader.pk, due_on=NOON.date(), by=None, at=NOON)
    lines = list(wish.round.criteria.values_list("pk", flat=True))

    with pytest.raises(workflow.NotAllowed, match="scores_missing"):
        workflow.file_review(review.pk, points={lines[0]: 0}, note="", by=reader, at=NOON)
    workflow.file_review(review.pk, points=dict.fromkeys(lines, 0), note="", by=reader, at=NOON)
    workflow.file_review(review.pk, points=dict.fromkeys(lines, 4), note="", by=reader, at=NOON)

    assert list(review.scores.values_list("points", flat=True)) == [0, 0]


# -- Decisions and awards


def decide(*wishes_and_choices, by):
    for wish, choice in wishes_and_choices:
        workflow.stage(wish.pk, choice, seen="", reason="Say more." if choice == "no" else "", by=by, at=AFTER_CLOSE)


def test_two_awards_and_a_waitlist_and_the_third_gets_what_a_winner_declines():
    round_ = make.scholarship_round(budget_cents=30000, scholarship_seats=2)
    first, second, third = make.ready_to_decide(3, round_)
    officer = make.with_role("scholarship_officer")
    decide((first, "award"), (second, "award"), (third, "waitlist"), by=officer)

    workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)
    workflow.accept_award(first.awards.get().pk, by=first.person, at=AFTER_CLOSE)
    workflow.decline_award(second.awards.get().pk, by=second.person, at=AFTER_CLOSE)
    workflow.settle_awards(at=AFTER_CLOSE)
    workflow.settle_awards(at=AFTER_CLOSE)

    assert [wish.awards.get().status for wish in (first, second, third)] == ["accepted", "declined", "offered"]
    round_.refresh_from_db()
    assert round_.committed_cents == 30000
    assert list(LedgerLine.objects.order_by("id").values_list("cents", flat=True)) == [15000, 15000, -15000, 15000]
    assert Registration.objects.get(person=first.person).status == "confirmed"
    assert Registration.objects.get(person=second.person).status == "admitted"
    assert Registration.objects.get(person=third.person).status == "offered"


def test_more_awards_than_money_or_seats_are_refused_whole():
    round_ = make.scholarship_round(budget_cents=15000, scholarship_seats=1)
    first, second = make.ready_to_decide(2, round_)
    officer = make.with_role("scholarship_officer")
    decide((first, "award"), (second, "award"), by=officer)

    with pytest.raises(workflow.NotAllowed, match="money_short, kept_seats_short"):
        workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)

    assert not Award.objects.exists()
    assert ScholarshipRound.objects.get().committed_cents == 0


def test_an_award_needs_an_accepted_application():
    round_ = make.scholarship_round()
    wish = make.essay(round_)
    workflow.close_rounds(at=AFTER_CLOSE)
    make.read(wish, 4)
    officer = make.with_role("scholarship_officer")
    decide((wish, "award"), by=officer)

    with pytest.raises(workflow.NotAllowed, match="no_admitted_registration"):
        workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)

    assert ScholarshipRound.objects.get().committed_cents == 0


def test_decisions_are_told_once_and_together():
    round_ = make.scholarship_round()
    yes, no = make.ready_to_decide(2, round_)
    officer = make.with_role("scholarship_officer")
    decide((yes, "award"), by=officer)

    with pytest.raises(workflow.NotAllowed, match="undecided_left"):
        workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)
    decide((no, "no"), by=officer)
    workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)
    with pytest.raises(workflow.NotAllowed, match="nothing_staged"):
        workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)

    assert events("award_offered", "not_awarded") == 2


def test_two_officers_do_not_decide_over_each_other():
    (wish,) = make.ready_to_decide(1)
    workflow.stage(wish.pk, "award", seen="", by=make.with_role("scholarship_officer"), at=AFTER_CLOSE)

    with pytest.raises(workflow.NotAllowed, match="decision_changed"):
        workflow.stage(wish.pk, "no", seen="", reason="x", by=make.with_role("scholarship_officer"), at=AFTER_CLOSE)


def test_an_award_answered_too_late_takes_nothing():
    round_ = make.scholarship_round()
    (wish,) = make.ready_to_decide(1, round_)
    officer = make.with_role("scholarship_officer")
    decide((wish, "award"), by=officer)
    workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)
    award = wish.awards.get()

    with pytest.raises(workflow.NotAllowed, match="award_over"):
        workflow.accept_award(award.pk, by=wish.person, at=award.answer_by)


def test_an_offer_that_ran_out_gives_the_money_back():
    from trainings.workflow import run_out  # the clock of the room below

    round_ = make.scholarship_round()
    (wish,) = make.ready_to_decide(1, round_)
    officer = make.with_role("scholarship_officer")
    decide((wish, "award"), by=officer)
    workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)
    over = wish.awards.get().answer_by

    run_out(at=over)
    workflow.settle_awards(at=over)

    assert wish.awards.get().status == "ran_out"
    assert sum(LedgerLine.objects.values_list("cents", flat=True)) == 0
    assert ScholarshipRound.objects.get().committed_cents == 0


def test_kept_seats_nobody_holds_join_the_line_on_the_day_the_seats_are_set():
    where = make.session(capacity=3)
    round_ = make.scholarship_round(where, scholarship_seats=2)
    person = make.applicant()
    make.accepted(where, make.applicant())
    make.accepted(where, person)
    on_the_day = datetime(2027, 8, 25, 14, tzinfo=UTC)

    allocate(where.pk, at=on_the_day)
    before = Registration.objects.get(person=person).status
    workflow.end_rounds(at=on_the_day)

    assert before == "waiting"
    assert Registration.objects.get(person=person).status == "offered"
    assert ScholarshipRound.objects.get(pk=round_.pk).status == "ended"
