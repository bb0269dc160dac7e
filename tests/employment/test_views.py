"""The doors: what each reader sees, and what a press does."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.links import link_token
from accounts.models import Standing
from audit.models import Entry
from employment import workflow
from employment.models import Job, Provider, Verification
from employment.rules import Answer
from employment.words import PURPOSE
from tests.employment.factories import NOON, TODAY, PersonFactory, ProviderFactory, own_address
from tests.employment.test_workflow import HIRED, answered, events, name_job, sent

pytestmark = pytest.mark.usefixtures("rules_loaded")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def link(question, *, version=None):
    token = link_token(question.pk, version or question.link_version, purpose=PURPOSE)
    return reverse("employment:verify", args=[token])


def staff(*names):
    person = PersonFactory(legal_given_names="Carla", legal_family_name="Voss")
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    return person


def page(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def job_form(**facts):
    return {
        "position": "Peer Support Specialist",
        "role_code": "peer_support_specialist",
        "hired_on_month": HIRED.month,
        "hired_on_day": HIRED.day,
        "hired_on_year": HIRED.year,
        "verifier_name": "Marcus Bell",
        "verifier_email": "marcus.bell@cypressbend.example",
        "address_reason": "",
    } | facts


# -- Naming a job ------------------------------------------------------------------------------------------


def test_a_provider_is_found_by_name_or_city_and_only_if_certified(client):
    ProviderFactory(name="Delta House", region="Cleveland")
    ProviderFactory(name="Old Delta", certified_until=TODAY)
    client.force_login(PersonFactory())

    html = page(client, reverse("employment:new") + "?q=delta")

    assert "Delta House" in html
    assert "Old Delta" not in html


def test_naming_a_job_leads_to_the_message_and_sends_nothing(client):
    client.force_login(PersonFactory())
    url = f"{reverse('employment:new')}?provider={ProviderFactory().reference}"

    response = client.post(url, job_form())

    job = Job.objects.get()
    assert response.url == reverse("employment:message", args=[job.reference])
    assert job.verifications.get().status == "drafted"


def test_a_double_submit_names_one_job(client):
    client.force_login(PersonFactory())
    url = f"{reverse('employment:new')}?provider={ProviderFactory().reference}"

    first, second = client.post(url, job_form()), client.post(url, job_form())

    assert first.url == second.url
    assert Job.objects.count() == 1


def test_an_own_address_is_refused_beside_its_field_and_what_was_typed_stays(client):
    person = PersonFactory()
    own_address(person, "dee@cypressbend.example")
    client.force_login(person)
    url = f"{reverse('employment:new')}?provider={ProviderFactory().reference}"

    response = client.post(url, job_form(verifier_email="dee@cypressbend.example"))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["verifier_email"]
    assert 'value="dee@cypressbend.example"' in response.content.decode()


def test_a_day_that_does_not_exist_is_a_sentence_not_a_crash(client):
    client.force_login(PersonFactory())
    url = f"{reverse('employment:new')}?provider={ProviderFactory().reference}"

    response = client.post(url, job_form(hired_on_month="2", hired_on_day="30"))

    assert list(response.context["form"].errors) == ["hired_on"]


def test_staff_name_a_job_for_a_caller_with_the_time_of_the_call(client):
    person, clerk = PersonFactory(), staff("enter_for_people")
    client.force_login(clerk)
    url = reverse("employment:new", kwargs={"person_reference": person.reference})
    call = {"channel": "phone", "came_on": "2027-03-01", "came_at": "09:30", "helped_by": ""}

    client.post(f"{url}?provider={ProviderFactory().reference}", job_form(**call))

    job = Job.objects.get()
    entry = Entry.objects.of(job).get()
    assert (job.person, entry.actor, entry.facts["channel"]) == (person, clerk, "phone")
    assert job.named_at.isoformat() == "2027-03-01T15:30:00+00:00"
    assert entry.facts["received_at"] == "2027-03-01T09:30:00-06:00"


def test_each_thing_staff_type_about_a_job_after_a_call_keeps_how_it_came(client):
    job, clerk = name_job(), staff("enter_for_people")
    client.force_login(clerk)
    call = {"channel": "phone", "came_on": "2027-03-01", "came_at": "09:30", "helped_by": "Ruth"}

    def door(name):
        return reverse(f"employment:{name}", args=[job.person.reference, job.reference])

    client.post(door("change"), job_form(position="Senior peer", **call))
    client.post(door("verifier"), job_form(verifier_name="Ann Lowe", **call))
    client.post(door("message"), {"seen": client.get(door("message")).context["said"].digest, **call})
    last = {"last_day_day": "26", "last_day_month": "2", "last_day_year": "2027", "last_day": "2027-02-26"}
    client.post(door("end"), last | call)

    told = Entry.objects.filter(actor=clerk).order_by("id")
    assert [entry.event.partition(".")[2] for entry in told if entry.facts.get("helped_by") == "Ruth"] == [
        "job_changed",
        "request_replaced",
        "request_sent",
        "job_ended",
    ]


# -- The message -------------------------------------------------------------------------------------------


def test_reading_the_message_sends_nothing_and_send_sends_exactly_it(client):
    job = name_job()
    client.force_login(job.person)
    url = reverse("employment:message", args=[job.reference])

    html = page(client, url)
    seen = client.get(url).context["said"]
    assert Verification.objects.get().status == "drafted"
    client.post(url, {"seen": seen.digest})

    assert seen.subject in html
    assert all(paragraph in html for paragraph in seen.paragraphs)
    assert Verification.objects.get().status == "sent"


def test_send_without_having_read_is_refused(client):
    job = name_job()
    client.force_login(job.person)

    response = client.post(reverse("employment:message", args=[job.reference]), {})

    assert "Read it once more" in response.content.decode()
    assert Verification.objects.get().status == "drafted"


def test_send_pressed_twice_sends_once_and_says_so(client):
    job = name_job()
    client.force_login(job.person)
    url = reverse("employment:message", args=[job.reference])
    seen = client.get(url).context["said"].digest

    client.post(url, {"seen": seen})
    again = client.post(url, {"seen": seen}, follow=True)

    assert "on its way already" in again.content.decode()
    assert events().count("employment.request_sent") == 1


def test_the_message_says_nothing_of_training_health_or_story():
    job = name_job()

    from employment.words import request_message

    said = request_message(job.verifications.get(), answer_by=TODAY)

    words = f"{said.subject} {said.text}".lower()
    assert not any(word in words for word in ("recovery", "mental", "peer", "health", "training", "substance"))


# -- The link ----------------------------------------------------------------------------------------------


def test_looking_many_times_changes_nothing_and_the_press_still_works_once(client):
    question = sent()
    before = Entry.objects.count()

    for _ in range(25):
        assert client.get(link(question)).status_code == 200
        assert client.head(link(question)).status_code == 200
    question.refresh_from_db()
    assert (question.status, question.opened_at, Entry.objects.count()) == ("sent", None, before)

    client.post(link(question), {"said": "yes", "signature": "Marcus Bell"})

    assert Standing.objects.get().kind == "employed"


def test_start_counts_as_opened_and_shows_the_answers(client):
    question = sent()

    response = client.post(link(question) + "start/", follow=True)

    question.refresh_from_db()
    assert (question.status, question.opened_at) == ("opened", NOON)
    assert "Your answer" in response.content.decode()


def test_start_is_a_press_not_a_look(client):
    assert client.get(link(sent()) + "start/").status_code == 405


def test_the_page_shows_job_facts_under_the_name_the_employer_knows(client):
    person = PersonFactory(employer_name="Dee Hall", name_in_use="Sunny", legal_family_name="Holloway")
    html = page(client, link(sent(person=person)))

    assert "Does Dee Hall work for you?" in html
    assert "Monday, October 5, 2026" in html
    assert "Sunny" not in html
    assert "Holloway" not in html


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"said": "yes", "signature": "Marcus Bell"}, "confirmed"),
        ({"said": "not_me", "details": "1", "forward_name": "Ana", "forward_email": ""}, "misaddressed"),
        ({"said": "gone", "details": "1", "signature": "Marcus Bell"}, "not_employed"),
        (
            {
                "said": "corrected",
                "details": "1",
                "signature": "Marcus Bell",
                "position": "Peer Bridger",
                "role_code": "peer_bridger",
                "hired_on_month": "10",
                "hired_on_day": "5",
                "hired_on_year": "2026",
            },
            "corrected",
        ),
    ],
)
def test_each_answer_is_taken_without_an_account(client, typed, status):
    question = sent()

    response = client.post(link(question), typed)

    assert response.url == reverse("employment:thanks")
    assert Verification.objects.get().status == status


@pytest.mark.parametrize("said", ["corrected", "not_me", "gone"])
def test_an_answer_that_needs_more_asks_for_it_first(client, said):
    response = client.post(link(sent()), {"said": said, "signature": "Marcus Bell"})

    assert response.status_code == 200
    assert 'name="details"' in response.content.decode()
    assert Verification.objects.get().status == "sent"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "said"),
        ({"said": "perhaps", "signature": "M"}, "said"),
        ({"said": "yes", "signature": " "}, "signature"),
        ({"said": "not_me", "details": "1", "forward_email": "nobody"}, "forward_email"),
        ({"said": "corrected", "details": "1", "signature": "M"}, "position"),
    ],
)
def test_a_wrong_answer_is_a_sentence_beside_its_field(client, typed, field):
    response = client.post(link(sent()), typed)

    assert field in response.context["form"].errors
    assert Verification.objects.get().status == "sent"


def test_a_correction_that_corrects_nothing_is_told(client):
    typed = {"said": "corrected", "details": "1", "signature": "M"} | {
        name: value for name, value in job_form().items() if not name.startswith(("verifier", "address"))
    }

    response = client.post(link(sent()), typed)

    assert "Nothing is different" in response.content.decode()


def test_after_the_answer_the_link_shows_nothing_about_anybody(client):
    question = sent(person=PersonFactory(legal_family_name="Quartermaine"))
    client.post(link(question), {"said": "yes", "signature": "Marcus Bell"})

    html = page(client, link(question))

    assert "We have an answer already" in html
    assert "Quartermaine" not in html
    assert "Marcus" not in html


def test_a_second_answer_gets_a_friendly_page(client):
    question = answered()

    response = client.post(link(question), {"said": "gone", "details": "1", "signature": "Marcus Bell"})

    assert response.status_code == 200
    assert "We have an answer already" in response.content.decode()
    assert Verification.objects.get().status == "confirmed"


def test_after_a_correction_the_old_link_shows_nothing_personal(client):
    old = sent(person=PersonFactory(legal_family_name="Quartermaine"))
    url = link(old)
    workflow.correct_verifier(
        old.pk, verifier_name="Ana Ruiz", verifier_email="ana@cypressbend.example", by=old.job.person, at=NOON
    )

    for html in (page(client, url, 410), client.post(url, {"said": "yes", "signature": "M"}).content.decode()):
        assert not any(word in html for word in ("Quartermaine", "Marcus", "Ana", "Cypress", "Peer Support"))
    assert not Standing.objects.exists()


def test_a_newer_link_kills_the_older(client):
    question = sent()
    old = link(question)
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        again = workflow.send_again(question.pk, by=question.job.person, at=NOON + timedelta(days=3))

        assert page(client, old, 410)
        assert "Does" in page(client, link(again))


def test_a_link_whose_days_are_over_says_so(client):
    question = sent()

    with time_machine.travel(question.expires_at, tick=False):
        html = page(client, link(question), 410)

    assert "The time to answer has passed." in html
    assert "Holloway" not in html


@pytest.mark.parametrize("token", ["x", "WzEsMV0:1abcde:forged", "a" * 900])
def test_a_forged_link_is_a_page_not_a_crash(client, token):
    assert page(client, reverse("employment:verify", args=[token]), 410)
    assert client.post(reverse("employment:start", args=[token])).status_code == 410


def test_a_link_for_another_purpose_opens_nothing(client):
    question = sent()
    token = link_token(question.pk, 1, purpose="reference")

    assert page(client, reverse("employment:verify", args=[token]), 410)


def test_the_person_signed_in_cannot_answer_their_own_link(client):
    question = sent()
    client.force_login(question.job.person)

    response = client.post(link(question), {"said": "yes", "signature": "Marcus Bell"})

    assert "This is about you" in response.content.decode()
    assert not Standing.objects.exists()


def test_presses_are_limited_and_looking_is_not(client):
    question = sent()
    for _ in range(30):
        client.post(link(question), {})

    assert client.post(link(question), {"said": "yes", "signature": "M"}).status_code == 429
    assert client.get(link(question)).status_code == 200


def test_hostile_names_are_words_on_every_page(client):
    evil = '<script>alert("x")</script> & {{ 7|add:7 }}'
    person = PersonFactory(employer_name=evil)
    provider = ProviderFactory(name=evil, region="<b>")
    question = sent(person=person, provider=provider, position=evil, verifier_name=f"Marcus {evil}")
    pages = [page(client, link(question))]
    client.force_login(person)
    pages += [page(client, reverse(f"employment:{name}", args=args)) for name, args in _pages_of(question.job)]

    for html in pages:
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html


def _pages_of(job):
    return [("jobs", []), ("job", [job.reference]), ("verifier", [job.reference]), ("new", [])]


# -- The job page ------------------------------------------------------------------------------------------


def test_the_job_page_says_who_has_the_ball_at_every_moment(client):
    job = name_job()
    client.force_login(job.person)
    url = reverse("employment:job", args=[job.reference])
    question = job.verifications.get()

    assert "This is with you" in page(client, url)
    workflow.send_request(question.pk, by=job.person, at=NOON)
    assert "Next: Marcus Bell" in page(client, url)
    workflow.mark_opened(question.pk, at=NOON)
    assert "Marcus Bell opened our message" in page(client, url)
    workflow.answer(question.pk, Answer.yes_as_shown("Marcus Bell"), at=NOON)
    assert "Marcus Bell confirmed your job." in page(client, url)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer.not_me("Ana Ruiz", "ana@cypressbend.example"), "Please give us the right person"),
        (Answer.no_longer_here("Marcus Bell"), "On leave you still work there."),
    ],
)
def test_other_answers_put_the_ball_back_with_the_person(client, answer, words):
    question = answered(answer)
    client.force_login(question.job.person)

    html = page(client, reverse("employment:job", args=[question.job.reference]))

    assert "This is with you" in html
    assert words in html


def test_the_wrong_persons_hint_is_filled_in_and_not_sent(client):
    question = answered(Answer.not_me("Ana Ruiz", "ana@cypressbend.example"))
    client.force_login(question.job.person)

    html = page(client, reverse("employment:verifier", args=[question.job.reference]))

    assert 'value="ana@cypressbend.example"' in html
    assert Verification.objects.count() == 1


def test_send_again_too_soon_is_a_sentence(client):
    question = sent()
    client.force_login(question.job.person)

    response = client.post(reverse("employment:send_again", args=[question.job.reference]), follow=True)

    assert "You can send it again from" in response.content.decode()
    assert Verification.objects.get().link_version == 1


def test_a_job_is_ended_by_its_person(client):
    question = answered()
    client.force_login(question.job.person)
    last_day = {"last_day_month": "3", "last_day_day": "1", "last_day_year": "2027"}

    client.post(reverse("employment:end", args=[question.job.reference]), last_day)

    assert not Standing.objects.in_force(on=TODAY).exists()


@pytest.mark.parametrize("name", ["job", "message", "change", "verifier", "end"])
def test_a_strangers_job_is_not_there(client, name):
    job = name_job()
    client.force_login(PersonFactory())

    assert client.get(reverse(f"employment:{name}", args=[job.reference])).status_code == 404


@pytest.mark.parametrize("name", ["send_again", "take_back"])
def test_a_strangers_press_finds_nothing(client, name):
    job = name_job()
    client.force_login(PersonFactory())

    assert client.post(reverse(f"employment:{name}", args=[job.reference])).status_code == 404


def test_one_persons_twin_does_not_open_anothers_job(client):
    job, other = name_job(), PersonFactory()
    client.force_login(staff("enter_for_people"))
    kwargs = {"person_reference": other.reference, "reference": job.reference}

    assert client.get(reverse("employment:job", kwargs=kwargs)).status_code == 404


def test_the_list_of_jobs_costs_the_same_however_many_there_are(client):
    person = PersonFactory()
    client.force_login(person)
    name_job(person)
    page(client, reverse("employment:jobs"))  # the session and the rules are warm

    with CaptureQueriesContext(connection) as one:
        page(client, reverse("employment:jobs"))
    for _ in range(5):
        name_job(person)
    with CaptureQueriesContext(connection) as six:
        page(client, reverse("employment:jobs"))

    assert len(six) == len(one)


# -- The supervisor ----------------------------------------------------------------------------------------


def test_a_supervisor_sees_requests_to_their_proved_mailbox_and_their_team(client):
    supervisor = PersonFactory(email="marcus.bell@cypressbend.example")
    own_address(supervisor, "marcus.bell@cypressbend.example")
    sent(person=PersonFactory(legal_family_name="Waits"))
    answered(person=PersonFactory(legal_family_name="Works"))
    sent(person=PersonFactory(legal_family_name="Elsewhere"), verifier_email="ana@cypressbend.example")
    client.force_login(supervisor)

    html = page(client, reverse("employment:team"))

    assert "Does Denise Waits work for you?" in html
    assert "Denise Works" in html
    assert "Elsewhere" not in html


def test_an_address_that_is_only_typed_shows_nobody(client):
    sent(person=PersonFactory(legal_family_name="Waits"))
    supervisor = PersonFactory(email="marcus.bell@cypressbend.example")
    own_address(supervisor, "marcus.bell@cypressbend.example", verified=False)
    client.force_login(supervisor)

    html = page(client, reverse("employment:team"))

    assert "Waits" not in html
    assert "Confirm your e-mail first" in html


def test_the_link_on_the_team_page_works(client):
    supervisor = PersonFactory(email="marcus.bell@cypressbend.example")
    own_address(supervisor, "marcus.bell@cypressbend.example")
    sent()
    client.force_login(supervisor)

    url = client.get(reverse("employment:team")).context["requests"][0]["url"]
    client.post(url, {"said": "yes", "signature": "Marcus Bell"})

    assert Verification.objects.get().status == "confirmed"


# -- The office --------------------------------------------------------------------------------------------


def test_staff_list_find_and_change_providers(client):
    client.force_login(staff("keep_providers"))
    typed = {
        "name": "Delta House",
        "kind": "nonprofit",
        "region": "Cleveland",
        "certified_from_month": "1",
        "certified_from_day": "1",
        "certified_from_year": "2024",
        "email_domains": "@DeltaHouse.example\n",
    }

    client.post(reverse("employment:new_provider"), typed)
    provider = Provider.objects.get()
    client.post(reverse("employment:provider", args=[provider.reference]), typed | {"name": "Delta Harbor"})
    client.post(
        reverse("employment:new_officer", args=[provider.reference]), {"name": "Pat Lee", "phone": "6015550142"}
    )

    html = page(client, reverse("employment:providers") + "?q=delta+house")
    assert "Delta Harbor" in html
    assert "deltahouse.example" in html
    assert provider.officers.get().name == "Pat Lee"


def test_a_certification_that_ends_before_it_begins_is_told(client):
    client.force_login(staff("keep_providers"))
    day = {"_month": "1", "_day": "1", "_year": "2024"}
    typed = {"name": "Delta House", "kind": "nonprofit"}
    typed |= {f"certified_from{part}": value for part, value in day.items()}
    typed |= {f"certified_until{part}": value for part, value in day.items()}

    response = client.post(reverse("employment:new_provider"), typed)

    assert list(response.context["form"].errors) == ["certified_until"]


def test_staff_approve_a_personal_address(client):
    job = name_job(verifier_email="marcus@gmail.com", address_reason="The agency has no mail.")
    question = job.verifications.get()
    client.force_login(staff("keep_providers"))

    assert "The agency has no mail." in page(client, reverse("employment:question", args=[question.reference]))
    client.post(reverse("employment:settle_address", args=[question.reference]), {"verdict": "yes"})

    question.refresh_from_db()
    assert question.address_approved is True


def test_staff_write_down_an_officers_yes(client):
    question = sent()
    clerk = staff("keep_providers")
    client.force_login(clerk)

    client.post(reverse("employment:question", args=[question.reference]), {"said": "yes", "signature": "Pat Lee"})

    question.refresh_from_db()
    assert (question.status, question.signature, question.answered_by_phone) == ("confirmed", "Pat Lee", clerk)


def test_nobody_looks_after_the_question_about_themselves(client):
    clerk = staff("keep_providers")
    question = sent(person=clerk)
    client.force_login(clerk)

    assert client.get(reverse("employment:question", args=[question.reference])).status_code == 403


@pytest.mark.parametrize("name", ["providers", "new_provider"])
def test_the_register_is_for_those_who_keep_it(client, name):
    client.force_login(PersonFactory())

    assert client.get(reverse(f"employment:{name}")).status_code == 403


def test_the_admin_keeps_the_register_and_writes_history_once(client):
    keeper = staff("keep_providers")
    keeper.is_staff = True
    keeper.save()
    client.force_login(keeper)
    provider = ProviderFactory(name="Delta House")
    url = reverse("admin:employment_provider_change", args=[provider.pk])
    typed = {
        "kind": "nonprofit",
        "name": "Delta Harbor",
        "region": provider.region,
        "certified_from": "2020-01-01",
        "certified_until": "",
        "email_domains": "[]",
        "closed_on": "",
        "officers-TOTAL_FORMS": "0",
        "officers-INITIAL_FORMS": "0",
    }

    response = client.post(url, typed)

    provider.refresh_from_db()
    assert response.status_code == 302, response.context["errors"]
    assert (provider.name, provider.former_name) == ("Delta Harbor", "Delta House")
    assert [entry.event for entry in Entry.objects.of(provider)] == ["employment.provider_changed"]
