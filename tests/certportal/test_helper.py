"""Naming a helper, what they hear, and the one page their link opens: a date and Pause, and nothing of the file."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from accounts import workflow as accounts
from accounts.helper_links import helper_token
from audit.models import Entry
from notifications import reminders, sending
from notifications.models import Message
from programs.calendar import local_moment
from tests.applicants import factories as applicants
from tests.notifications.test_words import FORTY_WORDS
from tests.reading import MOST, grade
from tests.trainings.factories import FIRST_DAY, NOON, person, session, spot, trainer
from trainings import workflow
from trainings.models import Status

pytestmark = pytest.mark.django_db
RUTH = {"name": "Ruth Vance", "email": "ruth@example.org"}
CLOSES_ON = FIRST_DAY - timedelta(days=24)
SECRET_WORDS = [*FORTY_WORDS, "training", "scholarship", "application", "seat"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def helped(**names):
    someone = person(name_in_use="Andre", **names)
    return someone, accounts.name_helper(someone.pk, **RUTH, by=someone, at=NOON)


def link_of(helper):
    return reverse("helper_link", args=[helper_token(helper)])


def told_of(text):
    main = re.sub(r"(?s)^.*<main[^>]*>|</main>.*$", "", text)
    seen = " ".join(re.sub(r"<[^>]+>", " ", main).split())
    return [word for word in SECRET_WORDS if re.search(rf"\b{word}\b", seen, re.I if word.islower() else 0)]


# -- The person's page ----------------------------------------------------------------------------------------


def test_a_helper_is_named_seen_and_taken_back_by_one_press(client):
    client.force_login(me := person())
    here = reverse("helper")

    client.post(here, RUTH)
    page = client.get(here).content.decode()
    client.post(here, {"take_back": "yes"})

    assert "ruth@example.org" in page
    assert accounts.helper_of(me) is None
    assert "ruth@example.org" not in client.get(here).content.decode()
    assert here in client.get(reverse("profile")).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({**RUTH, "name": " "}, "name", "Write the name of your helper."),
        ({**RUTH, "email": "ruth"}, "email", "Write the whole e-mail"),
        ({**RUTH, "email": "me@example.org"}, "email", "This is your own e-mail."),
    ],
)
def test_bad_input_is_said_beside_its_field(client, typed, field, sentence):
    client.force_login(me := person(email="me@example.org"))

    answer = client.post(reverse("helper"), typed)

    assert sentence in " ".join(answer.context["form"].errors[field])
    assert answer.content.decode().count("There is a problem") == 1
    assert sentence in answer.content.decode()
    assert accounts.helper_of(me) is None


def test_the_office_names_one_for_somebody_who_called(client):
    someone, staff = person(), trainer()
    client.force_login(staff)
    here = reverse("helper", kwargs={"person_reference": someone.reference})

    client.post(here, {**RUTH, "channel": "phone", "came_on": "2027-08-02", "came_at": "11:30"})

    entry = Entry.objects.get(event="accounts.helper_named")
    assert (entry.actor, entry.facts["channel"]) == (staff, "phone")
    assert accounts.helper_of(someone).name == "Ruth Vance"


# -- What they hear -------------------------------------------------------------------------------------------


def test_the_helper_is_told_once_by_whom_and_how():
    helped()

    sending.send_due(at=NOON)

    (sent,) = mail.outbox
    assert sent.to == ["ruth@example.org"]
    assert sent.subject == "Andre named you as a helper"
    assert "/helpers/" in sent.body
    assert [word for word in SECRET_WORDS if re.search(rf"\b{word}\b", sent.body, re.I)] == []
    assert "/helpers/" not in Message.objects.get(kind="helper_named").text


def days_before(days):
    return local_moment(CLOSES_ON - timedelta(days=days), NOON.time().replace(hour=10))


def with_draft(**changes):
    draft = applicants.draft()
    draft.person.name_in_use = "Andre"
    draft.person.save()
    helper = accounts.name_helper(draft.person_id, **RUTH, by=draft.person, at=applicants.NOON)
    return draft, helper


def run(at):
    reminders.plan(at=at)
    sending.send_due(at=at)


def to_ruth():
    return [one for one in mail.outbox if one.to == ["ruth@example.org"]]


def test_each_reminder_is_one_word_to_the_helper_that_a_date_is_near():
    with_draft()
    for days in (8, 7, 6, 3, 2, 1, 0):
        run(days_before(days))
        run(days_before(days) + timedelta(minutes=5))

    dates = [one for one in to_ruth() if "near" in one.subject]
    theirs = Message.objects.filter(kind="application_deadline", status="done").count()
    assert len(dates) == theirs > 2
    assert {one.subject for one in dates} == {"A date is near for Andre"}
    for one in dates:
        assert "Friday, August 20" in one.body
        assert "/helpers/" in one.body
        assert re.search(r"601-555-01\d\d", one.body)
        assert [word for word in SECRET_WORDS if re.search(rf"\b{word}\b", one.body, re.I)] == []


def test_a_helper_taken_back_before_it_leaves_hears_nothing():
    draft, _helper = with_draft()
    reminders.plan(at=days_before(7) - timedelta(hours=8))
    accounts.withdraw_helper(draft.person_id, by=draft.person, at=days_before(7) - timedelta(hours=7))

    run(days_before(7))
    run(days_before(3))

    assert to_ruth() == []
    assert Message.objects.filter(kind="helper_date").values_list("status", flat=True).distinct().get() == "cancelled"


def test_a_pause_stops_what_was_owed_to_the_helper_too():
    where = session(capacity=1)
    someone, _helper = helped()
    mine = spot(where, someone)
    from tests.trainings.factories import ALLOCATION

    other = spot(where, at=NOON - timedelta(hours=1))
    workflow.allocate(where.pk, at=ALLOCATION)
    workflow.withdraw(other.pk, by=other.person, at=ALLOCATION + timedelta(hours=1))
    mine.refresh_from_db()
    night_before = mine.offer_expires_at - timedelta(hours=20)
    reminders.plan(at=night_before)
    owed = Message.objects.filter(kind="helper_date").count()

    workflow.pause(mine.pk, by=None, by_helper="Ruth Vance", at=night_before)
    reminders.plan(at=night_before + timedelta(minutes=1))

    assert owed == 1
    assert Message.objects.get(kind="helper_date").status == "cancelled"


def test_many_helpers_cost_one_statement(django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with_draft()
    with CaptureQueriesContext(connection) as one:
        reminders.plan(at=days_before(7))
    for number in range(5):
        draft = applicants.draft()
        accounts.name_helper(
            draft.person_id, name="Jo", email=f"jo{number}@example.org", by=draft.person, at=applicants.NOON
        )
    Message.objects.all().delete()

    with django_assert_max_num_queries(len(one) + 1):  # several profiles are one statement of another kind
        reminders.plan(at=days_before(7))

    assert Message.objects.filter(kind="helper_date").count() == 6


# -- Their page -----------------------------------------------------------------------------------------------


def test_the_page_says_whose_helper_and_nothing_of_the_file(client):
    someone, helper = helped()
    mine = spot(session(), someone)

    answer = client.get(link_of(helper))
    text = answer.content.decode()

    assert "Andre named you as a helper" in text
    assert "Pause for Andre" in text
    assert mine.reference not in text
    assert someone.reference not in text
    assert someone.legal_family_name not in text
    assert mine.session.course.title not in text
    assert told_of(text) == []


def test_looking_changes_nothing(client):
    someone, helper = helped()
    mine = spot(session(), someone)
    before = Entry.objects.count()

    for _time in range(3):
        client.get(link_of(helper))

    mine.refresh_from_db()
    assert mine.status == Status.ADMITTED
    assert Entry.objects.count() == before


def test_the_next_date_is_shown_with_its_weekday(client):
    draft, helper = with_draft()

    text = client.get(link_of(helper)).content.decode()

    assert "The next date is Friday, August 20, 2027." in text
    assert told_of(text) == []


def test_a_press_pauses_all_that_waits_once_and_no_reason_is_kept(client):
    someone, helper = helped()
    mine = spot(session(), someone)

    for _time in range(2):
        answer = client.post(link_of(helper), {"reason": "in hospital"}, follow=True)

    mine.refresh_from_db()
    paused = Entry.objects.get(event="trainings.paused")
    assert mine.status == Status.PAUSED
    assert set(paused.facts) == {"session", "before", "until", "kept_for", "by_helper"}
    assert (paused.actor, paused.actor_name) == (None, "Ruth Vance, their helper")
    assert "hospital" not in str(paused.facts)
    assert Message.objects.filter(kind="spot_paused", about=mine.reference, person=someone).count() == 1
    assert "There is nothing to pause now." in answer.content.decode()
    assert told_of(answer.content.decode()) == []


def test_the_person_reads_who_pressed_it(client):
    someone, helper = helped()
    mine = spot(session(), someone)
    client.post(link_of(helper))
    client.force_login(someone)

    text = client.get(reverse("trainings:registration", args=[mine.reference])).content.decode()

    assert "Ruth Vance pressed Pause for you." in text


def test_a_link_taken_back_or_forged_is_dead_and_pauses_nothing(client):
    someone, helper = helped()
    mine = spot(session(), someone)
    link = link_of(helper)
    accounts.withdraw_helper(someone.pk, by=someone, at=NOON)

    answers = [client.get(link), client.post(link), client.get(reverse("helper_link", args=["forged"]))]

    mine.refresh_from_db()
    assert [one.status_code for one in answers] == [410, 410, 410]
    assert mine.status == Status.ADMITTED
    assert all("Andre" not in one.content.decode() for one in answers)


def test_a_helper_pauses_only_for_whoever_named_them(client):
    _someone, helper = helped()
    somebody_else = spot(session())

    client.post(link_of(helper))

    somebody_else.refresh_from_db()
    assert somebody_else.status == Status.ADMITTED


def test_both_pages_read_at_grade_six_or_below(client):
    someone, helper = helped()
    spot(session(), someone)
    pages = [client.get(link_of(helper))]
    client.force_login(someone)
    pages.append(client.get(reverse("helper")))

    for page in pages:
        main = re.sub(r"(?s)^.*<main[^>]*>|</main>.*$", "", page.content.decode())
        assert grade(re.sub(r"<[^>]+>", " ", re.sub(r"</(h\d|p|li|label|button|dt|dd)>", ". ", main))) <= MOST
