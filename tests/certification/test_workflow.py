"""Every verb of a file, from its start to the credential, and every guard on the way."""

from datetime import date, timedelta

import pytest

from accounts.models import Standing
from audit.models import Entry
from audit.reasons import NotAllowed, codes
from certification import workflow
from certification.events import CertificationEvent
from certification.models import CertificationApplication, Credential, Document, Payment, Status, Vote
from employment.models import Job, Verification
from tests.certification.factories import (
    AFTER,
    AT_THE_MEETING,
    MEETS_AT,
    MH,
    NOON,
    PACKETS_DUE,
    answered,
    board,
    certified,
    complete,
    employed,
    meeting,
    money,
    on_agenda,
    paid,
    person,
    ready,
    recommended,
    started,
    submitted,
    trained,
    voted,
)
from trainings.models import Completion, ExamAttempt

pytestmark = pytest.mark.django_db


def events(application):
    return [entry.event for entry in Entry.objects.of(application)]


def refusal(verb, *args, **kwargs):
    with pytest.raises(NotAllowed) as refused:
        verb(*args, **kwargs)
    return codes(refused.value.reasons)


# -- Start and send ----------------------------------------------------------------------------------------


def test_a_file_starts_only_after_the_training():
    assert refusal(workflow.start, person().pk, MH, by=None, at=NOON) == ["training_first"]


def test_a_second_start_gives_back_the_first_file():
    first = started()

    again = workflow.start(first.person.pk, MH, by=first.person, at=NOON)

    assert again == first
    assert events(first) == [CertificationEvent.STARTED]


def test_a_file_is_not_sent_before_its_own_questions_are_answered():
    application = started()

    assert refusal(
        workflow.submit,
        application.pk,
        signed_name=application.person.legal_name,
        received_at=NOON,
        by=application.person,
        at=NOON,
    ) == ["answers_first"]


def test_a_file_is_signed_with_the_legal_name():
    application = answered()
    typed = {"received_at": NOON, "by": application.person, "at": NOON}

    assert refusal(workflow.submit, application.pk, signed_name="Somebody Else", **typed) == ["signature_differs"]


def test_sending_stamps_the_day_whose_rules_hold_and_a_second_sending_changes_nothing():
    application = submitted()

    again = workflow.submit(
        application.pk,
        signed_name=application.person.legal_name,
        received_at=NOON + timedelta(days=3),
        by=application.person,
        at=NOON + timedelta(days=3),
    )

    assert (again.received_at, again.judged_on) == (NOON, date(2027, 11, 1))
    assert events(application).count(CertificationEvent.SUBMITTED) == 1


# -- What is missing ---------------------------------------------------------------------------------------


def five_defects():
    someone = trained(score=60)
    Completion.objects.filter(person=someone).update(designation="CPSSP-SU")
    application = submitted(someone)
    CertificationApplication.objects.filter(pk=application.pk).update(lives_in_state=False)
    found = workflow.file.checklist(application_of(application), NOON.date()).unmet
    return application, [workflow.Missing(item.code, f"words for {item.code}") for item in found]


def application_of(application):
    return CertificationApplication.objects.select_related("person").get(pk=application.pk)


def test_five_defects_are_one_notice_and_mending_one_clears_one():
    application, items = five_defects()
    assert sorted(item.code for item in items) == ["application_fee", "employment", "exam", "residency", "training"]

    workflow.note_missing(application.pk, items, due_on=date(2027, 11, 12), by=person(), at=NOON)
    paid(application)

    notices = Entry.objects.of(application).filter(event=CertificationEvent.SOMETHING_MISSING)
    assert [len(notice.facts["items"]) for notice in notices] == [5]
    left = application.missing_items.filter(fixed_at=None).values_list("code", flat=True)
    assert sorted(left) == ["employment", "exam", "residency", "training"]
    assert application_of(application).status == Status.MISSING


def test_when_the_last_missing_thing_is_here_the_file_is_ours_to_check_again():
    application = submitted()
    workflow.note_missing(
        application.pk, [workflow.Missing("application_fee", "Pay")], due_on=date(2027, 11, 12), by=person(), at=NOON
    )

    paid(application)

    assert application_of(application).status == Status.SUBMITTED


def test_a_confirmed_job_clears_what_the_notice_asked_for():
    someone = trained()
    application = submitted(someone)
    asked = [workflow.Missing("employment", "Name your job"), workflow.Missing("application_fee", "Pay")]
    workflow.note_missing(application.pk, asked, due_on=date(2027, 11, 12), by=person(), at=NOON)
    employed(someone)

    workflow.recheck(someone.pk, at=NOON)

    assert list(application.missing_items.filter(fixed_at=None).values_list("code", flat=True)) == ["application_fee"]


def test_staff_cannot_wave_through_what_the_rules_still_miss():
    application = submitted()
    workflow.note_missing(
        application.pk, [workflow.Missing("application_fee", "Pay")], due_on=date(2027, 11, 12), by=person(), at=NOON
    )

    item = application.missing_items.get()

    assert refusal(workflow.fix_missing, item.pk, by=person(), at=NOON) == ["fee_missing"]


def test_a_second_notice_needs_a_second_person():
    application, staff = submitted(), person()
    first = [workflow.Missing("other", "Send the second page.")]
    workflow.note_missing(application.pk, first, due_on=date(2027, 11, 12), by=staff, at=NOON)

    second = [workflow.Missing("other", "Send the third page.")]

    assert refusal(workflow.note_missing, application.pk, second, due_on=date(2027, 11, 12), by=staff, at=NOON) == [
        "second_finding"
    ]
    workflow.note_missing(application.pk, second, due_on=date(2027, 11, 12), by=person(), at=NOON)
    assert application.missing_items.count() == 2


def test_the_same_notice_twice_is_one():
    application, staff = submitted(), person()
    items = [workflow.Missing("application_fee", "Pay")]

    for _again in range(2):
        workflow.note_missing(application.pk, items, due_on=date(2027, 11, 12), by=staff, at=NOON)

    assert events(application).count(CertificationEvent.SOMETHING_MISSING) == 1


# -- Money -------------------------------------------------------------------------------------------------


def test_a_payment_entered_twice_is_one():
    application = submitted()

    assert paid(application) == paid(application)
    assert Payment.objects.count() == 1
    assert events(application).count(CertificationEvent.PAYMENT_TAKEN) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"cents": 2999}, "fee_amount"), ({"at": NOON + timedelta(days=1)}, "date_is_ahead")],
)
def test_a_payment_is_the_fee_and_is_here(changes, code):
    application = submitted()

    assert refusal(workflow.take_payment, application.pk, "application", money(**changes), by=person(), at=NOON) == [
        code
    ]


def test_a_check_that_came_back_opens_the_fee_again():
    application = complete()
    payment = application.payments.get()

    workflow.note_payment_back(payment.pk, on=NOON.date(), by=person(), at=NOON)

    assert application_of(application).status == Status.SUBMITTED
    assert refusal(workflow.mark_complete, application.pk, by=person(), at=NOON) == ["fee_came_back"]


def test_nobody_takes_their_own_payment():
    application = submitted()

    assert refusal(workflow.take_payment, application.pk, "application", money(), by=application.person, at=NOON) == [
        "own_matter"
    ]


# -- Complete, agenda, meetings ----------------------------------------------------------------------------


def test_a_file_is_not_complete_without_its_fee():
    application = submitted()

    assert refusal(workflow.mark_complete, application.pk, by=person(), at=NOON) == ["fee_missing"]


def test_a_complete_file_goes_on_the_first_agenda_whose_deadline_it_kept():
    late = meeting(NOON + timedelta(days=2), NOON - timedelta(days=1), at=NOON - timedelta(days=5))
    fits = meeting()

    application = complete()

    assert application.status == Status.ON_AGENDA
    assert application.agenda_items.get().meeting == fits
    assert not late.items.exists()


def test_a_file_that_is_complete_before_any_meeting_is_planned_waits_and_is_put_on():
    application = complete()
    assert application.status == Status.COMPLETE

    planned = meeting()

    assert planned.items.get().application == application


def test_a_job_confirmed_after_the_packet_deadline_waits_for_the_next_meeting():
    someone = trained()
    job = employed(someone)
    Verification.objects.create(
        job=job,
        verifier_name="Marcus Bell",
        verifier_email="marcus@example.org",
        status="confirmed",
        link_version=1,
        drafted_at=NOON,
        sent_at=NOON,
        expires_at=PACKETS_DUE + timedelta(days=7),
        answered_at=PACKETS_DUE + timedelta(days=1),
    )
    application = submitted(someone)
    paid(application)
    soon = meeting()

    workflow.mark_complete(application.pk, by=person(), at=PACKETS_DUE + timedelta(days=2))

    assert not soon.items.exists()
    assert application_of(application).status == Status.COMPLETE


def test_staff_cannot_put_a_late_file_on_an_agenda():
    application = complete()
    closed = meeting(MEETS_AT, NOON - timedelta(days=1))

    assert refusal(workflow.put_on_agenda, application.pk, closed.pk, by=person(), at=NOON) == ["came_after_deadline"]


def test_a_cancelled_meeting_moves_every_file_once_and_keeps_the_dates_of_completeness():
    first = meeting()
    moved = [on_agenda().application for _each in range(3)]
    later = meeting(MEETS_AT + timedelta(days=30), PACKETS_DUE + timedelta(days=30))
    dates = [(one.completed_at, one.whole_at) for one in moved]

    for _again in range(2):
        workflow.cancel_meeting(first.pk, by=person(), at=NOON)

    assert [item.application_id for item in later.items.order_by("number")] == [one.pk for one in moved]
    assert [events(one).count(CertificationEvent.MOVED) for one in moved] == [1, 1, 1]
    assert [(one.completed_at, one.whole_at) for one in map(application_of, moved)] == dates


def test_a_cancelled_meeting_without_a_next_one_leaves_files_complete_for_the_next_to_be_planned():
    item = on_agenda()

    workflow.cancel_meeting(item.meeting_id, by=person(), at=NOON)
    assert application_of(item.application).status == Status.COMPLETE

    later = meeting(MEETS_AT + timedelta(days=30), PACKETS_DUE + timedelta(days=30))
    assert later.items.get().application == item.application


# -- The Board ---------------------------------------------------------------------------------------------


def test_a_quorum_is_a_majority_of_seated_members_and_a_recused_one_does_not_count():
    members = board(6)
    item = on_agenda()
    workflow.recuse(item.pk, by=members[5].person, at=AT_THE_MEETING)
    voted(item, members[:3])

    assert refusal(workflow.recommend, item.pk, by=members[0].person, at=AT_THE_MEETING) == ["no_quorum"]
    voted(item, members[3:4])
    recommendation = workflow.recommend(item.pk, by=members[0].person, at=AT_THE_MEETING)
    assert (recommendation.seated, recommendation.quorum, recommendation.tally) == (6, 4, {"yes": 4})


def test_a_recused_member_cannot_vote_and_a_vote_already_filed_no_longer_counts():
    members, item = board(), on_agenda()
    voted(item, members[1:2])

    workflow.recuse(item.pk, by=members[1].person, at=AT_THE_MEETING)

    assert not Vote.objects.exists()
    assert refusal(workflow.vote, item.pk, "yes", by=members[1].person, at=AT_THE_MEETING) == ["recused"]


def test_a_member_never_votes_on_their_own_file():
    members = board()
    someone = members[2].person
    trained(someone)
    employed(someone)
    item = on_agenda(someone)

    assert refusal(workflow.vote, item.pk, "yes", by=someone, at=AT_THE_MEETING) == ["own_matter"]


def test_only_who_sits_that_day_votes():
    members, item = board(), on_agenda()
    workflow.end_term(members[3].pk, ends_on=date(2027, 11, 10), by=None, at=NOON)

    assert refusal(workflow.vote, item.pk, "yes", by=members[3].person, at=AT_THE_MEETING) == ["not_a_member"]
    assert refusal(workflow.vote, item.pk, "yes", by=person(), at=AT_THE_MEETING) == ["not_a_member"]


def test_the_same_vote_twice_is_one_and_another_is_refused():
    members, item = board(), on_agenda()
    for _again in range(2):
        voted(item, members[:1])

    assert Vote.objects.count() == 1
    assert refusal(workflow.vote, item.pk, "no", by=members[0].person, at=AT_THE_MEETING, reasons="No") == [
        "voted_already"
    ]


def test_only_the_chair_records_and_where_the_chair_stepped_back_the_lowest_seat():
    members, item = board(), on_agenda()
    voted(item, members[1:5])
    assert refusal(workflow.recommend, item.pk, by=members[1].person, at=AT_THE_MEETING) == ["not_the_chair"]

    workflow.recuse(item.pk, by=members[0].person, at=AT_THE_MEETING)

    assert workflow.recommend(item.pk, by=members[1].person, at=AT_THE_MEETING).outcome == "recommended"


def test_the_board_records_on_the_day_it_meets_not_before():
    members, item = board(), on_agenda()
    voted(item, members[:4], at=NOON)

    assert refusal(workflow.recommend, item.pk, by=members[0].person, at=NOON) == ["meeting_still_ahead"]


def test_a_vote_of_the_board_alone_issues_nothing():
    application = recommended()

    assert application.status == Status.RECOMMENDED
    assert not Credential.objects.exists()
    assert not Document.objects.exists()


def test_when_the_board_asks_for_more_the_person_answers_and_the_file_comes_back():
    members, item = board(), on_agenda()
    voted(item, members[:4], "more")
    workflow.recommend(item.pk, by=members[0].person, at=AT_THE_MEETING, reasons="How was the class for you?")
    application = application_of(item.application)
    assert application.status == Status.ASKS_MORE

    workflow.fix_missing(application.missing_items.get().pk, by=person(), at=AFTER)
    later = meeting(MEETS_AT + timedelta(days=30), PACKETS_DUE + timedelta(days=30), at=AFTER)
    workflow.mark_complete(application.pk, by=person(), at=AFTER)

    assert later.items.get().application == application


# -- The Director ------------------------------------------------------------------------------------------


def test_the_director_cannot_act_without_a_recommendation():
    item = on_agenda()

    assert refusal(workflow.approve, item.application_id, by=person(), at=AFTER) == ["no_recommendation"]
    assert refusal(workflow.disapprove, item.application_id, reasons="No", by=person(), at=AFTER) == [
        "no_recommendation"
    ]


def test_who_took_part_in_the_boards_step_does_not_decide():
    application = recommended()
    members = application.agenda_items.get().votes.select_related("member__person")

    for vote in members:
        assert refusal(workflow.approve, application.pk, by=vote.member.person, at=AFTER) == ["same_person_twice"]


def test_nobody_approves_their_own_file_a_superuser_included():
    application = recommended()
    application.person.is_superuser = True
    application.person.save()

    assert refusal(workflow.approve, application.pk, by=application.person, at=AFTER) == ["own_matter"]


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda one: Job.objects.filter(person=one.person).update(status="asked"), "employment_waiting"),
        (lambda one: Job.objects.filter(person=one.person).update(ended_on=date(2027, 11, 15)), "employment_ended"),
        (lambda one: one.payments.update(came_back_on=date(2027, 11, 16)), "fee_came_back"),
        (lambda one: Completion.objects.filter(person=one.person).delete(), "training_missing"),
        (lambda one: ExamAttempt.objects.filter(registration__person=one.person).update(score=60), "exam_not_yet"),
        (lambda one: Completion.objects.filter(person=one.person).update(designation="CPSSP-SU"), "training_missing"),
    ],
)
def test_no_certificate_while_a_requirement_is_not_met_and_it_is_named(break_it, code):
    application = recommended()
    break_it(application)

    assert refusal(workflow.approve, application.pk, by=person(), at=AFTER) == [code]
    assert not Credential.objects.exists()
    assert not Standing.objects.filter(person=application.person, kind="certified").exists()


def test_every_missing_condition_is_named_at_once():
    application = submitted(trained(score=60))

    assert refusal(workflow.approve, application.pk, by=person(), at=AFTER) == [
        "no_recommendation",
        "exam_not_yet",
        "employment_missing",
        "fee_missing",
    ]


def test_approval_gives_number_term_standing_and_two_owed_papers_together():
    credential = certified(ready("Denise Marie Holloway"))

    assert credential.number.startswith("MS-2027-00001-")
    assert credential.name_as_printed == "Denise Marie Holloway"
    assert (credential.issued_on, credential.expires_on) == (date(2027, 11, 19), date(2031, 9, 30))
    standing = Standing.objects.get(person=credential.person, kind="certified")
    assert (standing.code, standing.starts_on, standing.ends_on) == (MH, date(2027, 11, 19), date(2031, 10, 1))
    assert sorted(Document.objects.values_list("kind", "status")) == [("award_letter", "owed"), ("certificate", "owed")]


def test_approved_twice_there_is_one_credential():
    first = certified()

    again = workflow.approve(first.application_id, by=person(), at=AFTER)

    assert again == first
    assert Document.objects.count() == 2
    assert events(first.application).count(CertificationEvent.APPROVED) == 1


def test_numbers_count_up():
    numbers = [certified().number[:13] for _each in range(2)]

    assert numbers == ["MS-2027-00001", "MS-2027-00002"]


def test_a_no_needs_reasons_and_tells_the_last_day_to_appeal():
    application = recommended()
    assert refusal(workflow.disapprove, application.pk, reasons=" ", by=person(), at=AFTER) == ["reasons_needed"]

    workflow.disapprove(application.pk, reasons="The job is not with peers.", by=person(), at=AFTER)

    assert application_of(application).status == Status.DISAPPROVED
    told = Entry.objects.of(application).get(event=CertificationEvent.DISAPPROVED)
    assert told.facts["appeal_by"] == "2027-12-19"


def test_somebody_certified_cannot_start_the_same_again():
    credential = certified()

    assert refusal(workflow.start, credential.person.pk, MH, by=credential.person, at=AFTER) == ["already_certified"]


# -- The end of a file -------------------------------------------------------------------------------------


def test_a_file_taken_back_leaves_the_agenda_and_a_new_one_may_start():
    item = on_agenda()
    someone = item.application.person

    workflow.withdraw(item.application_id, by=someone, at=NOON)

    assert not item.meeting.items.live().exists()
    assert started(someone) != item.application


def test_a_file_not_finished_in_two_years_is_closed_once():
    application = submitted()
    last_day = NOON + timedelta(days=730)

    assert workflow.close_old(at=last_day) == 0
    assert workflow.close_old(at=last_day + timedelta(days=2)) == 1
    assert workflow.close_old(at=last_day + timedelta(days=2)) == 0
    assert application_of(application).status == Status.CLOSED
