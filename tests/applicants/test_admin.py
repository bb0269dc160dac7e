"""Review and decisions in the administration: names hidden, scores hidden, nothing chosen in advance."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from applicants import workflow
from applicants.models import Award, Review, ScholarshipApplication, ScholarshipRound
from audit.models import Entry
from tests.applicants import factories as make
from tests.applicants.factories import AFTER_CLOSE, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AFTER_CLOSE, tick=False) as traveller:
        yield traveller


def in_the_admin(role: str) -> tuple[Client, User]:
    person = make.with_role(role)
    User.objects.filter(pk=person.pk).update(is_staff=True)
    person = User.objects.get(pk=person.pk)
    client = Client()
    client.force_login(person, backend="accounts.backends.RolesBackend")
    return client, person


def given_to(reader: User, **changes) -> Review:
    wish = make.essay(make.scholarship_round(**changes), make.applicant("Zenobia Quartermaine"))
    workflow.close_rounds(at=AFTER_CLOSE)
    return workflow.assign(wish.pk, reader_id=reader.pk, due_on=AFTER_CLOSE.date(), by=None, at=AFTER_CLOSE)


def page(review: Review) -> str:
    return reverse("admin:applicants_review_change", args=[review.pk])


def scores(review: Review, points: int = 3) -> dict[str, str]:
    return {f"line_{pk}": str(points) for pk in review.application.round.criteria.values_list("pk", flat=True)}


def test_a_reader_scores_an_essay_without_a_name_anywhere():
    client, reader = in_the_admin("reviewer")
    review = given_to(reader)
    listing = reverse("admin:applicants_review_changelist")

    shown = client.get(page(review)).content.decode()
    listed = client.get(listing).content.decode()
    found = client.get(listing, {"q": "Quartermaine"}).content.decode()
    index = client.get(reverse("admin:index")).content.decode()

    for text in (shown, listed, found, index):
        assert "Zenobia" not in text
        assert "Quartermaine<" not in text
    assert "learn how to listen" in shown
    assert review.application.reference in listed
    assert not re.search(r"<input type=\"radio\"[^>]*checked", shown)
    assert "My reviews" in index


def test_a_draft_is_kept_an_unfinished_score_is_refused_and_a_whole_one_filed():
    client, reader = in_the_admin("reviewer")
    review = given_to(reader)
    first = dict(list(scores(review).items())[:1])

    client.post(page(review), {**first, "note": "Strong.", "_draft": "1"})
    refused = client.post(page(review), {**first, "note": "Strong.", "_file": "1"}).content.decode()
    filed = client.post(page(review), {**scores(review), "_file": "1"})

    assert "Choose a number for: Being ready." in refused
    assert filed.url == reverse("admin:applicants_review_changelist")
    review.refresh_from_db()
    assert review.status == "filed"


def test_scores_of_others_show_only_after_ones_own_are_filed():
    client, reader = in_the_admin("reviewer")
    review = given_to(reader)
    make.read(review.application, 1)

    before = client.get(page(review)).content.decode()
    client.post(page(review), {**scores(review), "_file": "1"})
    after = client.get(page(review)).content.decode()

    assert "Others:" not in before
    assert "Others: 1.0." in after
    assert "learn how to listen" not in after


def test_i_know_this_person_closes_the_essay():
    client, reader = in_the_admin("reviewer")
    review = given_to(reader)

    client.post(reverse("admin:applicants_review_conflict", args=[review.pk]))

    assert client.get(page(review)).status_code == 404
    assert (
        review.application.reference not in client.get(reverse("admin:applicants_review_changelist")).content.decode()
    )


def test_an_essay_of_another_reader_or_ones_own_is_not_there():
    client, reader = in_the_admin("reviewer")
    other = given_to(make.with_role("reviewer"))
    own = Review.objects.create(
        application=make.essay(make.scholarship_round(), reader),
        reader=reader,
        assigned_at=NOON,
        due_on=NOON.date(),
    )

    assert client.get(page(other)).status_code == 404
    assert client.get(page(own)).status_code == 404


def test_wrong_roles_do_not_get_in():
    review = given_to(make.with_role("reviewer"))
    officer, _person = in_the_admin("scholarship_officer")
    reader, _person = in_the_admin("reviewer")
    ranking = reverse("admin:applicants_scholarshipround_ranking", args=[review.application.round_id])

    assert officer.get(page(review)).status_code == 403
    assert reader.get(ranking).status_code == 403
    assert Client().get(ranking).status_code == 302


def test_the_officer_opens_ranks_decides_and_tells_everyone():
    client, officer = in_the_admin("scholarship_officer")
    round_ = make.scholarship_round()
    first, second = make.ready_to_decide(2, round_)
    verb = lambda name: reverse(f"admin:applicants_scholarshipround_{name}", args=[round_.pk])  # noqa: E731

    ranking = client.get(verb("ranking")).content.decode()
    client.post(verb("stage"), {"application": first.reference, "choice": "award", "seen": ""})
    refused = client.post(verb("release"), follow=True).content.decode()
    client.post(verb("stage"), {"application": second.reference, "choice": "no", "seen": "", "reason": "Say more."})
    told = client.post(verb("release"), follow=True).content.decode()
    again = client.post(verb("release"), follow=True).content.decode()

    assert ranking.index(first.reference) < ranking.index(second.reference)
    assert str(first.person) not in ranking
    assert "1 essay has no decision yet." in refused
    assert "2 people are told." in told
    assert "No decision waits to be told." in again
    assert Award.objects.get().application == first
    assert ScholarshipApplication.objects.get(pk=second.pk).status == "not_awarded"


def test_a_round_is_written_opened_and_then_only_its_money_grows():
    client, officer = in_the_admin("scholarship_officer")
    round_ = make.scholarship_round(opened=False)
    change = reverse("admin:applicants_scholarshipround_change", args=[round_.pk])

    client.post(reverse("admin:applicants_scholarshipround_open", args=[round_.pk]))
    opened = client.get(change).content.decode()
    inlines = {
        "criteria-TOTAL_FORMS": 0,
        "criteria-INITIAL_FORMS": 0,
        "criteria-MIN_NUM_FORMS": 0,
        "criteria-MAX_NUM_FORMS": 1000,
    }
    facts = {"budget_cents": 60000, "scholarship_seats": 3, "decides_on": "2027-08-20", "prompt": "Other", **inlines}
    saved = client.post(change, facts)

    round_.refresh_from_db()
    assert round_.status == ScholarshipRound.Status.OPEN
    assert round_.session.seats.filter(kept_for=round_.reference).count() == 3
    assert 'name="prompt"' not in opened
    assert saved.status_code == 302
    assert (round_.budget_cents, round_.prompt) == (60000, "Why do you want this training?")
    assert Entry.objects.get(event="applicants.round_changed").facts == {"changed": ["budget_cents"]}


def test_a_budget_is_not_cut_below_what_is_set_aside():
    client, officer = in_the_admin("scholarship_officer")
    round_ = make.scholarship_round()
    ScholarshipRound.objects.filter(pk=round_.pk).update(committed_cents=30000)
    inlines = {"criteria-TOTAL_FORMS": 0, "criteria-INITIAL_FORMS": 0}

    answer = client.post(
        reverse("admin:applicants_scholarshipround_change", args=[round_.pk]),
        {"budget_cents": 20000, "scholarship_seats": 3, "decides_on": "2027-08-20", **inlines},
    )

    assert "cannot be less than what is set aside" in answer.content.decode()


def test_essays_are_given_to_readers_by_one_press():
    client, officer = in_the_admin("scholarship_officer")
    round_ = make.scholarship_round()
    wish = make.essay(round_)
    make.with_role("reviewer")

    answer = client.post(
        reverse("admin:applicants_scholarshipround_assign", args=[round_.pk]), {"due_on": "2027-08-17"}, follow=True
    )

    assert "1 essay given out." in answer.content.decode()
    assert f"Not enough readers without a conflict for: {wish.reference}" in answer.content.decode()


def test_the_two_boxes_of_a_moment_have_a_name_each():
    client, officer = in_the_admin("scholarship_officer")

    shown = client.get(reverse("admin:applicants_scholarshipround_add")).content.decode()

    labels = re.findall(r'aria-label="([^"]*: (?:date|time))"', shown)
    assert labels == ["Opens at: date", "Opens at: time", "Closes at: date", "Closes at: time"]


def test_every_admin_page_of_this_room_opens():
    client, officer = in_the_admin("scholarship_officer")
    make.ready_to_decide(1)

    for model in ("scholarshipround", "scholarshipapplication", "award", "ledgerline"):
        assert client.get(reverse(f"admin:applicants_{model}_changelist")).status_code == 200
    assert client.get(reverse("admin:applicants_scholarshipround_add")).status_code == 200
