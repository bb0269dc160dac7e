"""Two at once, on a real database: one award for the money of one, one spot for one person."""

import threading

import pytest
from django.db import connection, connections

from applicants import workflow
from applicants.models import Award, LedgerLine, ScholarshipApplication, ScholarshipRound, TrainingApplication
from tests.applicants import factories as make
from tests.applicants.factories import AFTER_CLOSE, NOON
from trainings.models import Registration

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pack")]


def at_once(*calls) -> list:
    """Every call on its own connection, started together; the errors they ended with."""
    gate, errors = threading.Barrier(len(calls)), []

    def run(call):
        gate.wait()
        try:
            call()
        except Exception as trouble:  # told to the test
            errors.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return errors


def two_wishes_for_one_award() -> tuple[ScholarshipRound, list[ScholarshipApplication]]:
    round_ = make.scholarship_round(budget_cents=15000)
    wishes = make.ready_to_decide(2, round_)
    ScholarshipRound.objects.update(status="decided")
    return round_, wishes


def test_two_last_awards_released_at_once_with_money_for_one_make_one_award():
    round_, wishes = two_wishes_for_one_award()

    errors = at_once(*(lambda pk=wish.pk: workflow.offer_award(pk, by=None, at=AFTER_CLOSE) for wish in wishes))

    assert [type(error) for error in errors] == [workflow.NotAllowed]
    assert Award.objects.count() == 1
    round_.refresh_from_db()
    assert round_.committed_cents == sum(LedgerLine.objects.values_list("cents", flat=True)) == 15000


def test_control_without_lock_and_constraint_the_same_two_spend_more_than_there_is():
    """The harness can see the failure: read, decide and write apart, and both decide yes."""
    round_, wishes = two_wishes_for_one_award()
    both_read = threading.Barrier(2)

    def naive(application_id):
        seen = ScholarshipRound.objects.get(pk=round_.pk)
        both_read.wait()
        if seen.committed_cents + seen.award_cents <= seen.budget_cents:
            wish = ScholarshipApplication.objects.get(pk=application_id)
            Award.objects.create(
                application=wish,
                registration=Registration.objects.get(person=wish.person),
                cents=seen.award_cents,
                offered_at=AFTER_CLOSE,
                answer_by=AFTER_CLOSE,
                use_by=AFTER_CLOSE.date(),
            )

    at_once(*(lambda pk=wish.pk: naive(pk) for wish in wishes))

    assert sum(Award.objects.values_list("cents", flat=True)) == 30000 > round_.budget_cents


def test_the_database_refuses_more_than_the_budget_whatever_code_writes():
    from django.db import IntegrityError

    round_ = make.scholarship_round(budget_cents=15000)

    with pytest.raises(IntegrityError, match="no_award_beyond_the_budget"):
        ScholarshipRound.objects.filter(pk=round_.pk).update(committed_cents=15001)


def test_a_round_released_twice_at_once_tells_everyone_once():
    round_ = make.scholarship_round()
    yes, no = make.ready_to_decide(2, round_)
    officers = [make.with_role("scholarship_officer") for _number in range(2)]
    workflow.stage(yes.pk, "award", seen="", by=officers[0], at=AFTER_CLOSE)
    workflow.stage(no.pk, "no", seen="", reason="Say more.", by=officers[0], at=AFTER_CLOSE)

    errors = at_once(*(lambda by=by: workflow.release(round_.pk, by=by, at=AFTER_CLOSE) for by in officers))

    assert [str(error) for error in errors] == ["nothing_staged"]
    assert Award.objects.count() == 1


def test_an_application_sent_twice_at_once_is_one():
    application = make.fill(make.draft())
    send = lambda: workflow.submit(application.pk, received_at=NOON, by=application.person, at=NOON)  # noqa: E731

    errors = at_once(send, send)

    assert errors == []
    assert TrainingApplication.objects.get().status == "submitted"
    assert Registration.objects.count() == 1


def test_started_twice_at_once_there_is_one_draft():
    session, person = make.session(), make.applicant()

    def start():
        workflow.start(session.pk, person_id=person.pk, designation="CPSSP-MH", by=person, at=NOON)

    errors = at_once(start, start)

    assert errors == []
    assert TrainingApplication.objects.count() == 1
    assert connection.vendor == "postgresql"
