"""The doors of this room: a whole application in the browser's words, bad input, strangers, wrong roles."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links import link_token
from applicants import papers, tasks, workflow
from applicants.models import (
    Document,
    Essay,
    Reference,
    ScholarshipApplication,
    TrainingApplication,
)
from audit.models import Entry
from tests.applicants import factories as make
from tests.applicants.factories import AFTER_CLOSE, ESSAY, NOON
from trainings.models import Registration

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="accounts.backends.RolesBackend")
    return client


def url(name: str, *args) -> str:
    return reverse(f"applicants:{name}", args=args)


def png(name: str = "ged.png", content: bytes = make.PNG):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, content_type="image/png")


def test_a_whole_application_from_the_session_to_the_confirmation(clock):
    session, me = make.session(), make.applicant("Denise Holloway")
    browser = signed_in(me)

    browser.post(url("start", session.reference), {"designation": "CPSSP-MH"})
    mine = TrainingApplication.objects.get()
    pages = {
        "lived-experience": {"answer": "yes", "story": "I have been well for three years."},
        "education": {"education": "ged"},
        "assurance": {"answer": "yes", "signed_name": "Denise Holloway"},
        "ethics": {"answer": "yes"},
        "cosigner": {"needs_cosigner": "no"},
        "place": {"private_place": "help"},
    }
    for part, answers in pages.items():
        assert browser.get(url("part", mine.reference, part)).status_code == 200
        assert browser.post(url("part", mine.reference, part), answers).status_code == 302
    browser.post(url("documents", mine.reference), {"kind": "school_paper", "file": png()})
    papers.check_all(at=NOON)
    for number in (1, 2):
        where = {"name": f"Jo {number}", "relation": "work", "email": f"jo{number}@example.org"}
        preview = browser.post(url("references", mine.reference), where).url
        assert "Denise Holloway" in browser.get(preview).content.decode()
        browser.post(preview)
    assert "Send my application" in browser.get(url("check", mine.reference)).content.decode()
    answer = browser.post(url("check", mine.reference), follow=True)

    assert answer.redirect_chain[-1][0] == url("sent", mine.reference)
    assert mine.reference in answer.content.decode()
    assert "three years" not in browser.get(url("copy", mine.reference)).content.decode()
    assert Registration.objects.get().person == me
    again = browser.post(url("check", mine.reference), follow=True).content.decode()
    assert "We already have it." in again
    assert TrainingApplication.objects.count() == Registration.objects.count() == 1


def test_signed_out_the_start_asks_for_a_sign_in():
    answer = Client().get(url("start", make.session().reference))

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_the_time_passes_while_the_form_is_open(clock):
    application = make.fill(make.draft())
    following = make.session(first=datetime(2027, 11, 15).date())
    clock.move_to(datetime(2027, 8, 21, 5, 0, 0, tzinfo=UTC))  # midnight: one second after 11:59:59 p.m.
    browser = signed_in(application.person)

    refused = browser.post(url("check", application.reference)).content.decode()
    browser.post(url("use_for_next", application.reference))
    sent = browser.post(url("check", application.reference))

    assert "passed on Friday, August 20, 2027" in refused
    assert "Monday, November 15, 2027" in refused
    assert sent.status_code == 302
    assert Registration.objects.get().session == following


def test_an_empty_answer_names_the_field_and_keeps_what_was_typed():
    application = make.draft()

    page = signed_in(application.person).post(
        url("part", application.reference, "assurance"), {"answer": "yes", "signed_name": ""}
    )

    assert page.status_code == 200
    assert "Write your full name." in page.content.decode()
    assert "<title>Error:" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("ged.docx", b"PK\x03\x04", "We cannot open “ged.docx”."),
        ("ged.png", b"", "This file is empty."),
        ("ged.png", b"%PDF-1.7 %%EOF", "is not the kind of file its name says"),
        ("ged.png", make.PNG + b"<script>alert(1)</script>", "has something more behind the picture"),
        ("ged.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Send a photo (JPG or PNG) or a PDF."),
        (
            "ged.png",
            b"\x89PNG" + b"0" * (10 * 1024 * 1024),
            "This file is over 10 MB.",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(name, content, sentence):
    application = make.draft()

    page = signed_in(application.person).post(
        url("documents", application.reference), {"kind": "school_paper", "file": png(name, content)}
    )

    assert sentence in page.content.decode()
    assert not Document.objects.exists()


def test_nobody_opens_a_paper_while_it_is_checked_and_only_the_right_people_after():
    application = make.submitted()
    paper = application.documents.get()
    mine, office = signed_in(application.person), signed_in(make.with_role("training_staff"))
    stranger, reviewer = signed_in(make.applicant()), signed_in(make.with_role("reviewer"))
    here, at_the_desk = (
        url("document", application.reference, paper.pk),
        url("staff_document", application.reference, paper.pk),
    )

    answer = mine.get(here)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert office.get(at_the_desk).status_code == 200
    assert stranger.get(here).status_code == 404
    assert reviewer.get(at_the_desk).status_code == 403

    Document.objects.filter(pk=paper.pk).update(status="checking")
    assert mine.get(here).status_code == 404
    assert office.get(at_the_desk).status_code == 404


def test_a_child_of_mine_under_a_parent_of_yours_is_not_there():
    mine, yours = make.submitted(), make.submitted()
    browser = signed_in(mine.person)
    theirs = {"paper": yours.documents.get(), "reference": yours.references.first()}

    assert browser.get(url("application", yours.reference)).status_code == 404
    assert browser.get(url("document", mine.reference, theirs["paper"].pk)).status_code == 404
    assert browser.get(url("reference_message", mine.reference, theirs["reference"].reference)).status_code == 404
    assert browser.post(url("reference_take_back", mine.reference, theirs["reference"].reference)).status_code == 404
    assert browser.post(url("take_back", yours.reference)).status_code == 404


# -- References by link


def test_looking_at_the_link_changes_nothing_and_the_answer_counts_once():
    application = make.draft()
    asked = make.reference(application, "jo@example.org", answered=False)
    link = url("reference", link_token(asked.pk, asked.link_version, purpose="reference"))
    visitor = Client()
    before = Entry.objects.count()

    for _look in range(3):
        assert visitor.get(link).status_code == 200
        assert visitor.head(link).status_code == 200
    assert Entry.objects.count() == before
    answer = {"view": "ready", "text": "They listen well.", "is_no_relative": "on"}
    assert "Thank you" in visitor.post(link, answer).content.decode()
    assert "Thank you" in visitor.post(link, {**answer, "view": "not_yet"}).content.decode()

    assert Reference.objects.get().view == "ready"


def test_an_old_or_taken_back_link_says_what_to_do_and_nothing_personal(clock):
    application = make.draft(person=make.applicant("Denise Holloway"))
    old = make.reference(application, "jo@example.org", answered=False)
    taken = make.reference(application, "al@example.org", answered=False)
    links = [url("reference", link_token(one.pk, one.link_version, purpose="reference")) for one in (old, taken)]
    workflow.take_back_reference(taken.pk, by=application.person, at=NOON)
    clock.move_to(NOON + timedelta(days=16))

    for link in [*links, url("reference", "not-a-token")]:
        page = Client().get(link)
        assert page.status_code == 410
        assert "This link does not open" in page.content.decode()
        assert "Denise" not in page.content.decode()


# -- The office


def test_the_office_fills_in_a_form_that_came_by_phone():
    session, person = make.session(), make.applicant()
    staff = make.with_role("training_staff")
    desk = signed_in(staff)

    desk.post(reverse("applicants:start", args=[person.reference, session.reference]), {"designation": "CPSSP-MH"})
    mine = TrainingApplication.objects.get()
    make.fill(mine)
    check = reverse("applicants:check", args=[person.reference, mine.reference])
    page = desk.post(check, {"channel": "phone"}).content.decode()
    sent = desk.post(check, {"channel": "phone", "came_on": "2027-08-02", "came_at": "09:30", "helped_by": "Her aunt"})

    assert "How did it come?" in page
    assert sent.status_code == 302
    mine.refresh_from_db()
    assert (mine.channel, mine.helped_by) == ("phone", "Her aunt")
    assert mine.received_at == datetime(2027, 8, 2, 14, 30, tzinfo=UTC)
    assert Entry.objects.get(event="applicants.application_submitted").actor == staff


def test_the_office_checks_and_answers_without_seeing_a_story():
    application = make.fill(make.draft())
    workflow.answer(application.pk, "x", story="THE-STORY", by=application.person, at=NOON)
    workflow.submit(application.pk, received_at=NOON, by=application.person, at=NOON)
    desk = signed_in(make.with_role("training_staff"))

    page = desk.get(url("staff_application", application.reference)).content.decode()
    listed = desk.get(url("staff_applications")).content.decode()
    accepted = desk.post(url("staff_accept", application.reference))

    assert "THE-STORY" not in page
    assert "text not shown" in page
    assert application.reference in listed
    assert accepted.status_code == 302
    assert Registration.objects.get().status == "admitted"


def test_the_office_returns_with_what_is_missing_and_the_person_reads_it():
    application = make.submitted()
    desk = signed_in(make.with_role("training_staff"))

    empty = desk.post(url("staff_return", application.reference), {}).content.decode()
    desk.post(
        url("staff_return", application.reference),
        {"return-missing": ["school_paper"], "return-note": "The photo is too dark."},
    )
    page = signed_in(application.person).get(url("application", application.reference)).content.decode()

    assert "Choose what is missing, or write it down." in empty
    assert "The photo is too dark." in page
    assert "A paper from your school" in page


def test_a_wrong_role_gets_403_and_ones_own_application_is_refused():
    staff = make.with_role("training_staff")
    type(staff.profile).objects.filter(person=staff).update(birth_on="1990-01-01", county="Hinds", best_channel="email")
    own = make.submitted(person=type(staff).objects.get(pk=staff.pk))

    assert signed_in(make.applicant()).get(url("staff_applications")).status_code == 403
    desk = signed_in(staff)
    assert "someone else has to do it" in desk.get(url("staff_application", own.reference)).content.decode()
    desk.post(url("staff_accept", own.reference))

    own.refresh_from_db()
    assert own.status == "submitted"


# -- Scholarships


def test_an_essay_from_the_warning_to_the_sending():
    round_, me = make.scholarship_round(), make.applicant()
    browser = signed_in(me)

    assert "988" in browser.get(url("scholarship_start", round_.reference)).content.decode()
    browser.post(url("scholarship_start", round_.reference))
    mine = ScholarshipApplication.objects.get()
    told = browser.post(url("autosave", mine.reference), {"essay": "A first line", "version": 0}).json()
    stays = browser.post(url("essay", mine.reference), {"essay": ESSAY, "version": 1, "then": "stay"})
    again = browser.post(url("essay", mine.reference), {"essay": ESSAY, "version": 2})
    sent = browser.post(url("essay_send", mine.reference), follow=True)
    twice = browser.post(url("essay_send", mine.reference), follow=True)

    assert told == {"saved": "Saved at noon Central.", "version": 1}
    assert stays.status_code == 200
    assert again.url == url("essay_send", mine.reference)
    assert "We have your essay" in sent.content.decode()
    assert "We already have it." in twice.content.decode()


@pytest.mark.parametrize(("text", "sentence"), [("", "still empty"), ("word " * 400, "Take out 100 words")])
def test_an_empty_or_over_long_essay_is_refused_where_it_is_sent_and_kept(text, sentence):
    wish = make.essay(make.scholarship_round(), text=text, sent=False)

    page = signed_in(wish.person).post(url("essay_send", wish.reference))

    assert sentence in page.content.decode()
    assert Essay.objects.get().words == len(text.split())


def test_two_tabs_show_both_texts():
    wish = make.essay(make.scholarship_round(), sent=False)
    browser = signed_in(wish.person)

    browser.post(url("autosave", wish.reference), {"essay": "From the first tab", "version": 1})
    told = browser.post(url("autosave", wish.reference), {"essay": "From the second tab", "version": 1}).json()
    page = browser.get(url("copies", wish.reference)).content.decode()
    browser.post(url("copies", wish.reference), {"keep": "other"})

    assert "version" not in told
    assert "From the first tab" in page
    assert "From the second tab" in page
    assert "From the second tab" in browser.get(url("essay", wish.reference)).content.decode()


def test_a_lost_session_gives_the_words_back(clock):
    wish = make.essay(make.scholarship_round(), sent=False)
    browser = signed_in(wish.person)
    browser.get(url("essay", wish.reference))
    clock.move_to(NOON + timedelta(minutes=21))

    sent = browser.post(url("essay", wish.reference), {"essay": "Words typed too late", "version": 1})
    browser.force_login(wish.person, backend="accounts.backends.RolesBackend")
    page = browser.get(url("essay", wish.reference)).content.decode()

    assert sent.url.startswith("/accounts/login/")
    assert "Words typed too late" in page


def test_the_office_writes_an_essay_down_and_does_not_read_it_back():
    wish = make.essay(make.scholarship_round(), text="PRIVATE " * 30, sent=False)
    desk = signed_in(make.with_role("training_staff"))
    here = reverse("applicants:essay", args=[wish.person.reference, wish.reference])

    page = desk.get(here).content.decode()
    desk.post(here, {"essay": "Told by phone. " * 20, "version": 1})
    check = desk.get(reverse("applicants:essay_send", args=[wish.person.reference, wish.reference])).content.decode()

    assert "PRIVATE" not in page
    assert "Told by phone" not in check
    assert Essay.objects.get().words == 60


def test_an_award_is_taken_on_its_page(clock):
    round_ = make.scholarship_round()
    (wish,) = make.ready_to_decide(1, round_)
    officer = make.with_role("scholarship_officer")
    workflow.stage(wish.pk, "award", seen="", by=officer, at=AFTER_CLOSE)
    workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)
    clock.move_to(AFTER_CLOSE)
    browser = signed_in(wish.person)

    page = browser.get(url("scholarship", wish.reference)).content.decode()
    yes = browser.post(url("award_accept", wish.reference), follow=True).content.decode()
    twice = browser.post(url("award_accept", wish.reference), follow=True)

    assert "You have a scholarship, if you want it" in page
    assert "$150" in page
    assert "The scholarship is yours" in yes
    assert twice.status_code == 200
    assert Registration.objects.get().status == "confirmed"


@pytest.mark.parametrize(("door", "event"), [("award_accept", "accepted"), ("award_decline", "declined")])
def test_an_answer_to_an_award_the_office_types_keeps_how_and_when_it_came(clock, door, event):
    round_ = make.scholarship_round()
    (wish,) = make.ready_to_decide(1, round_)
    officer = make.with_role("scholarship_officer")
    workflow.stage(wish.pk, "award", seen="", by=officer, at=AFTER_CLOSE)
    workflow.release(round_.pk, by=officer, at=AFTER_CLOSE)
    clock.move_to(AFTER_CLOSE + timedelta(hours=3))
    heard = timezone.localtime(AFTER_CLOSE + timedelta(hours=1)).replace(second=0, microsecond=0)
    desk = signed_in(make.with_role("desk"))

    stamp = {"channel": "phone", "came_on": heard.date().isoformat(), "came_at": f"{heard:%H:%M}"}
    desk.post(url(door, wish.person.reference, wish.reference), stamp)

    said = Entry.objects.get(event=f"trainings.{event}")
    assert (said.facts["channel"], said.facts["received_at"]) == ("phone", heard.isoformat())
    assert said.at == AFTER_CLOSE + timedelta(hours=3)


@pytest.mark.parametrize(
    ("door", "made", "events"),
    [
        ("take_back", make.submitted, ["trainings.withdrawn", "applicants.application_withdrawn"]),
        ("scholarship_take_back", lambda: make.essay(make.scholarship_round()), ["applicants.essay_withdrawn"]),
    ],
)
def test_what_the_office_takes_back_after_a_call_keeps_how_and_when_it_came(clock, door, made, events):
    mine, clerk = made(), make.with_role("desk")
    clock.move_to(NOON + timedelta(days=2))
    desk = signed_in(clerk)
    page = url(door, mine.person.reference, mine.reference)

    refused = desk.post(page, {}).content.decode()
    still = type(mine).objects.get(pk=mine.pk).status
    heard = timezone.localtime(NOON + timedelta(days=1))
    desk.post(page, {"channel": "phone", "came_on": heard.date().isoformat(), "came_at": f"{heard:%H:%M}"})

    told = Entry.objects.filter(actor=clerk, facts__channel="phone").order_by("id")
    assert "How did it come?" in refused and still != "withdrawn"
    assert [one.event for one in told] == events
    assert {one.facts["received_at"] for one in told} == {heard.isoformat()}


def test_the_public_pages_are_open_to_anybody():
    round_, draft = make.scholarship_round(), make.scholarship_round(opened=False)

    assert round_.title in Client().get(url("rounds")).content.decode()
    assert Client().get(url("round", round_.reference)).status_code == 200
    assert Client().get(url("round", draft.reference)).status_code == 404


def test_the_clock_task_runs():
    make.paper(make.draft(), checked=False)

    tasks.keep_time()

    assert Document.objects.get().status == "ready"
