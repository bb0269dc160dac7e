"""Every change to a job and to the question about it: what it does, and what it refuses."""

from datetime import date, timedelta

import pytest

from accounts.models import Profile, Standing
from audit.models import Entry
from audit.reasons import codes
from employment import workflow
from employment.events import EmploymentEvent as Event
from employment.models import Job, Verification
from employment.rules import Answer
from employment.words import request_message
from employment.workflow import NotAllowed
from employment.workflow.requests import answer_deadline
from tests.employment.factories import NOON, TODAY, PersonFactory, ProviderFactory, own_address

pytestmark = pytest.mark.usefixtures("rules_loaded")

HIRED = date(2026, 10, 5)
YES = Answer.yes_as_shown("Marcus Bell")


def name_job(person=None, provider=None, *, at=NOON, **facts):
    person = person or PersonFactory()
    given = {
        "provider_id": (provider or ProviderFactory()).pk,
        "position": "Peer Support Specialist",
        "role_code": "peer_support_specialist",
        "hired_on": HIRED,
        "verifier_name": "Marcus Bell",
        "verifier_email": "marcus.bell@cypressbend.example",
    } | facts
    return workflow.name_job(person.pk, by=person, at=at, **given)


def sent(**facts):
    job = name_job(**facts)
    return workflow.send_request(job.verifications.get().pk, by=job.person, at=NOON)


def answered(answer=YES, **facts):
    return workflow.answer(sent(**facts).pk, answer, at=NOON)


def events(subject=None):
    entries = Entry.objects.of(subject) if subject else Entry.objects.order_by("pk")
    return [entry.event for entry in entries if entry.event.startswith("employment.")]


def refusal(change, *args, **facts):
    with pytest.raises(NotAllowed) as refused:
        change(*args, **facts)
    return codes(refused.value.reasons)


# -- Naming ------------------------------------------------------------------------------------------------


def test_naming_a_job_writes_the_question_and_sends_nothing():
    job = name_job()

    question = job.verifications.get()
    assert (job.status, question.status, question.sent_at) == ("named", "drafted", None)
    assert events() == [Event.JOB_NAMED]


def test_the_same_job_named_twice_is_one_job():
    person, provider = PersonFactory(), ProviderFactory()

    first, second = name_job(person, provider), name_job(person, provider)

    assert first == second
    assert Verification.objects.count() == 1
    assert events() == [Event.JOB_NAMED]


def test_the_same_job_with_another_first_day_is_refused_with_its_number():
    person, provider = PersonFactory(), ProviderFactory()
    name_job(person, provider)

    assert refusal(name_job, person, provider, hired_on=date(2026, 11, 2)) == ["job_named_already"]


@pytest.mark.parametrize("own", ["Denise@CypressBend.example", "denise+work@cypressbend.example"])
def test_nobody_is_their_own_verifier_by_another_spelling_of_their_address(own):
    person = PersonFactory(email="denise@cypressbend.example")

    assert refusal(name_job, person, verifier_email=own) == ["verifier_is_you"]


@pytest.mark.parametrize("verified", [True, False])
def test_an_own_second_address_at_the_providers_domain_is_refused(verified):
    person = PersonFactory()
    own_address(person, "d.holloway@cypressbend.example", verified=verified)

    assert refusal(name_job, person, verifier_email="d.holloway@cypressbend.example") == ["verifier_is_you"]
    assert not Job.objects.exists()


def test_an_address_of_the_own_contacts_is_refused():
    person = PersonFactory()
    Profile.objects.create(person=person, contact_email="dh@cypressbend.example")

    assert refusal(name_job, person, verifier_email="dh@cypressbend.example") == ["verifier_is_you"]


def test_the_own_name_is_refused():
    person = PersonFactory(legal_family_name="Holloway")

    assert refusal(name_job, person, verifier_name=" denise  HOLLOWAY ") == ["verifier_has_your_name"]


@pytest.mark.parametrize(
    "dates",
    [
        {"certified_from": TODAY + timedelta(days=1)},
        {"certified_until": TODAY},
        {"closed_on": TODAY},
    ],
)
def test_a_provider_not_certified_on_the_day_is_refused(dates):
    assert refusal(name_job, provider=ProviderFactory(**dates)) == ["provider_not_certified"]


def test_a_provider_whose_last_certified_day_is_today_counts():
    assert name_job(provider=ProviderFactory(certified_until=TODAY + timedelta(days=1))).pk


def test_a_first_day_still_to_come_is_refused():
    assert refusal(name_job, hired_on=TODAY + timedelta(days=1)) == ["first_day_ahead"]


# -- A personal address ------------------------------------------------------------------------------------


def test_a_personal_address_without_a_reason_is_refused():
    assert refusal(name_job, verifier_email="marcus@gmail.com") == ["personal_mail"]


def test_a_personal_address_with_a_reason_waits_for_the_office():
    job = name_job(verifier_email="marcus@gmail.com", address_reason="The agency has no mail of its own.")

    question = job.verifications.get()
    assert list(Verification.objects.waiting_for_the_office()) == [question]
    assert refusal(workflow.send_request, question.pk, by=job.person, at=NOON) == ["personal_mail_waits"]


def test_an_approved_personal_address_may_be_written_to():
    job = name_job(verifier_email="marcus@gmail.com", address_reason="No other.")
    question = job.verifications.get()

    workflow.settle_address(question.pk, is_approved=True, by=PersonFactory(), at=NOON)

    assert workflow.send_request(question.pk, by=job.person, at=NOON).status == "sent"


def test_a_refused_personal_address_is_never_written_to():
    job = name_job(verifier_email="marcus@gmail.com", address_reason="No other.")
    question = job.verifications.get()

    workflow.settle_address(question.pk, is_approved=False, by=PersonFactory(), at=NOON)

    assert refusal(workflow.send_request, question.pk, by=job.person, at=NOON) == ["personal_mail_refused"]


def test_nobody_approves_the_address_of_their_own_verifier():
    job = name_job(verifier_email="marcus@gmail.com", address_reason="No other.")
    job.person.is_superuser = True
    job.person.save()

    question = job.verifications.get()
    assert refusal(workflow.settle_address, question.pk, is_approved=True, by=job.person, at=NOON) == ["own_matter"]


# -- Sending -----------------------------------------------------------------------------------------------


def test_sending_owes_one_message_and_gives_fourteen_days():
    question = sent()

    assert (question.status, question.job.status, question.link_version) == ("sent", "asked", 1)
    assert question.answer_by == date(2027, 3, 16)
    assert events(question) == [Event.REQUEST_SENT]


def test_pressed_twice_it_is_sent_once():
    question = sent()

    workflow.send_request(question.pk, by=question.job.person, at=NOON + timedelta(seconds=1))

    assert events(question) == [Event.REQUEST_SENT]


def test_a_message_that_changed_since_it_was_read_is_not_sent():
    job = name_job()
    question = job.verifications.get()
    read = request_message(question, answer_by=answer_deadline(NOON).day).digest
    job.person.employer_name = "Dee Holloway"
    job.person.save()

    assert refusal(workflow.send_request, question.pk, by=job.person, at=NOON, seen=read) == ["message_changed"]


def test_an_address_that_became_the_persons_own_is_not_written_to():
    job = name_job()
    own_address(job.person, "marcus.bell@cypressbend.example")

    assert refusal(workflow.send_request, job.verifications.get().pk, by=job.person, at=NOON) == ["verifier_is_you"]


def test_sending_again_waits_two_days_and_kills_the_older_link():
    question = sent()

    soon = refusal(workflow.send_again, question.pk, by=question.job.person, at=NOON + timedelta(days=1))
    again = workflow.send_again(question.pk, by=question.job.person, at=NOON + timedelta(days=2))

    assert soon == ["sent_just_now"]
    assert (again.link_version, again.answer_by) == (2, date(2027, 3, 18))
    assert refusal(workflow.answer, question.pk, YES, at=NOON + timedelta(days=2), version=1) == ["request_replaced"]


def test_an_employer_is_not_asked_more_than_five_times():
    question = sent()
    for days in (2, 4, 6, 8):
        workflow.send_again(question.pk, by=question.job.person, at=NOON + timedelta(days=days))

    assert refusal(workflow.send_again, question.pk, by=question.job.person, at=NOON + timedelta(days=10)) == [
        "sent_often_enough"
    ]


# -- The answer --------------------------------------------------------------------------------------------


def test_opening_counts_when_start_is_pressed_and_once():
    question = sent()

    workflow.mark_opened(question.pk, at=NOON, version=1)
    workflow.mark_opened(question.pk, at=NOON + timedelta(hours=1), version=1)

    question.refresh_from_db()
    assert (question.status, question.opened_at) == ("opened", NOON)
    assert events(question) == [Event.REQUEST_SENT, Event.REQUEST_OPENED]


def test_yes_makes_the_person_employed_from_the_first_day():
    question = answered()

    standing = Standing.objects.get()
    assert (question.status, question.job.status) == ("confirmed", "verified")
    assert (standing.kind, standing.code, standing.starts_on) == ("employed", "peer_support_specialist", HIRED)
    assert standing.source == question.reference
    assert Entry.objects.get(event=Event.JOB_VERIFIED).actor_name == "Marcus Bell (by link)"


def test_a_correction_puts_the_employers_facts_in_place_and_keeps_both_in_the_history():
    fix = Answer.correct_it(
        "Marcus Bell", position="Peer Bridger", role_code="peer_bridger", hired_on=date(2026, 10, 12)
    )

    question = answered(fix)

    entry = Entry.objects.get(event=Event.JOB_CORRECTED)
    assert (question.job.position, question.job.hired_on) == ("Peer Bridger", date(2026, 10, 12))
    assert Standing.objects.get().code == "peer_bridger"
    assert entry.facts["before"]["hired_on"] == "2026-10-05"
    assert entry.facts["after"]["hired_on"] == "2026-10-12"


def test_the_wrong_person_may_name_the_right_one_and_nothing_is_sent_to_them():
    question = answered(Answer.not_me("Ana Ruiz", "Ana.Ruiz@cypressbend.example"))

    assert (question.status, question.forward_email) == ("misaddressed", "ana.ruiz@cypressbend.example")
    assert question.job.status == "named"
    assert events().count(Event.REQUEST_SENT) == 1
    assert not Standing.objects.exists()


def test_no_longer_here_ends_nothing_by_itself():
    question = answered(Answer.no_longer_here("Marcus Bell", last_day=date(2027, 1, 29)))

    assert (question.status, question.job.status, question.job.ended_on) == ("not_employed", "named", None)


def test_an_answer_needs_a_name_under_it():
    assert refusal(workflow.answer, sent().pk, Answer.yes_as_shown(" "), at=NOON) == ["not_signed"]


def test_a_second_answer_changes_nothing():
    question = answered()

    again = refusal(workflow.answer, question.pk, Answer.no_longer_here("Marcus Bell"), at=NOON)

    assert again == ["request_answered"]
    assert Verification.objects.get().status == "confirmed"


def test_the_last_second_counts_and_the_next_does_not():
    question = sent()
    late = question.expires_at

    assert refusal(workflow.answer, question.pk, YES, at=late) == ["request_ran_out"]
    assert workflow.answer(question.pk, YES, at=late - timedelta(seconds=1)).status == "confirmed"


def test_the_person_signed_in_cannot_answer_the_question_about_themselves():
    question = sent()

    assert refusal(workflow.answer, question.pk, YES, at=NOON, by=question.job.person) == ["own_matter"]


def test_an_address_taken_over_after_sending_cannot_answer():
    question = sent()
    own_address(question.job.person, "marcus.bell@cypressbend.example")

    assert refusal(workflow.answer, question.pk, YES, at=NOON) == ["verifier_is_you"]


def test_the_question_cannot_be_forwarded_to_the_person():
    question = sent(person=PersonFactory(email="dee@home.example"))

    assert refusal(workflow.answer, question.pk, Answer.not_me("Dee", "dee@home.example"), at=NOON) == [
        "forward_is_the_person"
    ]


def test_a_provider_that_lost_its_certification_meanwhile_proves_nothing():
    question = sent()
    provider = question.job.provider
    provider.certified_until = TODAY
    provider.save()

    assert refusal(workflow.answer, question.pk, YES, at=NOON) == ["provider_not_certified"]
    assert Verification.objects.get().status == "sent"


# -- By phone ----------------------------------------------------------------------------------------------


def test_an_officers_spoken_yes_counts_and_says_who_wrote_it_down():
    question, clerk = sent(), PersonFactory()

    workflow.answer_by_phone(
        question.pk, Answer.yes_as_shown("Pat Lee"), confirmed_by="Pat Lee, officer", by=clerk, at=NOON
    )

    entry = Entry.objects.get(event=Event.JOB_VERIFIED)
    assert (entry.actor, entry.facts["signed"], entry.facts["by_phone"]) == (clerk, "Pat Lee, officer", True)
    assert Standing.objects.get().kind == "employed"


def test_nobody_writes_down_a_yes_about_themselves():
    question = sent()

    assert refusal(
        workflow.answer_by_phone, question.pk, YES, confirmed_by="Pat Lee", by=question.job.person, at=NOON
    ) == ["own_matter"]


def test_nobody_calls_an_employer_before_the_person_has_pressed_send():
    job = name_job()

    assert refusal(
        workflow.answer_by_phone, job.verifications.get().pk, YES, confirmed_by="Pat", by=PersonFactory(), at=NOON
    ) == ["not_out"]


# -- Another addressee, other facts ------------------------------------------------------------------------


def test_another_verifier_gets_a_question_of_their_own_and_the_old_link_is_dead():
    old = sent()

    new = workflow.correct_verifier(
        old.pk, verifier_name="Ana Ruiz", verifier_email="ana@cypressbend.example", by=old.job.person, at=NOON
    )

    old.refresh_from_db()
    assert (old.status, new.status, new.job.status) == ("superseded", "drafted", "named")
    assert refusal(workflow.answer, old.pk, YES, at=NOON, version=1) == ["request_replaced"]


def test_correcting_twice_makes_one_new_question():
    old = sent()
    to = {"verifier_name": "Ana Ruiz", "verifier_email": "Ana@cypressbend.example", "by": old.job.person, "at": NOON}

    assert workflow.correct_verifier(old.pk, **to) == workflow.correct_verifier(old.pk, **to)
    assert Verification.objects.count() == 2


def test_after_the_wrong_person_answered_the_right_one_can_be_asked():
    old = answered(Answer.not_me())

    new = workflow.correct_verifier(
        old.pk, verifier_name="Ana Ruiz", verifier_email="ana@cypressbend.example", by=old.job.person, at=NOON
    )

    old.refresh_from_db()
    assert (old.status, new.status) == ("misaddressed", "drafted")


def test_a_confirmed_job_needs_no_other_verifier():
    question = answered()

    assert refusal(
        workflow.correct_verifier,
        question.pk,
        verifier_name="Ana Ruiz",
        verifier_email="ana@cypressbend.example",
        by=question.job.person,
        at=NOON,
    ) == ["job_is_settled"]


def test_new_facts_replace_a_question_that_is_out_and_wait_to_be_sent():
    old = sent()

    workflow.change_job(
        old.job_id,
        position="Peer Bridger",
        role_code="peer_bridger",
        hired_on=HIRED,
        by=old.job.person,
        at=NOON,
    )

    newest = old.job.verifications.first()
    old.refresh_from_db()
    assert (old.status, newest.status, newest.verifier_email) == ("superseded", "drafted", old.verifier_email)


def test_a_job_taken_back_takes_the_question_with_it():
    question = sent()

    workflow.take_back_job(question.job_id, by=question.job.person, at=NOON)
    workflow.take_back_job(question.job_id, by=question.job.person, at=NOON)

    assert refusal(workflow.answer, question.pk, YES, at=NOON, version=1) == ["request_replaced"]
    assert events(question.job).count(Event.JOB_TAKEN_BACK) == 1


# -- The end -----------------------------------------------------------------------------------------------


def test_a_job_that_ends_ends_its_standing_after_the_last_day_and_no_other():
    person = PersonFactory()
    one = answered(person=person)
    other = answered(person=person, role_code="peer_bridger")

    workflow.end_job(one.job_id, last_day=date(2027, 3, 1), by=person, at=NOON)

    on_the_last_day = Standing.objects.in_force(on=date(2027, 3, 1)).values_list("source", flat=True)
    assert set(on_the_last_day) == {one.reference, other.reference}
    assert [standing.source for standing in Standing.objects.in_force(on=TODAY)] == [other.reference]


def test_a_job_ends_once():
    question = answered()
    ended = {"last_day": date(2027, 3, 1), "by": question.job.person, "at": NOON}

    workflow.end_job(question.job_id, **ended)
    workflow.end_job(question.job_id, **ended)

    assert events(question.job).count(Event.JOB_ENDED) == 1
    assert refusal(workflow.end_job, question.job_id, **ended | {"last_day": TODAY}) == ["job_is_over"]


def test_a_last_day_before_the_first_is_refused():
    question = answered()

    assert refusal(
        workflow.end_job, question.job_id, last_day=HIRED - timedelta(days=1), by=question.job.person, at=NOON
    ) == ["last_day_before_first"]


def test_a_question_whose_days_are_over_goes_back_to_the_person_once():
    question = sent()

    assert workflow.run_out(question.expires_at - timedelta(seconds=1)) == 0
    assert workflow.run_out(question.expires_at) == 1
    assert workflow.run_out(question.expires_at) == 0

    question.refresh_from_db()
    assert (question.status, question.job.status) == ("expired", "named")
    assert workflow.send_again(question.pk, by=question.job.person, at=question.expires_at).status == "sent"


# -- The register ------------------------------------------------------------------------------------------


def test_a_renamed_provider_keeps_its_old_name_and_the_day():
    provider = ProviderFactory(name="Delta House")

    workflow.change_provider(provider.pk, {"name": "Delta Harbor"}, by=PersonFactory(), at=NOON)

    provider.refresh_from_db()
    assert (provider.name, provider.former_name, provider.renamed_on) == ("Delta Harbor", "Delta House", TODAY)


def test_saving_a_provider_unchanged_writes_no_history():
    provider = ProviderFactory()

    workflow.change_provider(provider.pk, {"name": provider.name}, by=PersonFactory(), at=NOON)

    assert events() == []
