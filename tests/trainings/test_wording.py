"""Training staff word a course and its flyer themselves; its rules stay where the state keeps them."""

import re
from time import sleep

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from audit.reasons import NotAllowed
from programs.program import program
from tests.trainings.factories import NOON, person, session, trainer
from tests.trainings.test_courses import page_of, pdf, png, send
from tests.trainings.test_races import at_once
from trainings import workflow
from trainings.models import Course
from trainings.workflow import courses
from trainings.workflow.courses import WORDING, as_seen
from trainings.workflow.sessions import as_in_the_rules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
RULES = ("designations", "hours", "admission", "seating", "may_miss_minutes", "care_minutes", "has_exam", "grants")


def address(code="cpss"):
    return reverse("trainings:desk_course", args=[code])


def kind_of(code="cpss"):
    return program(NOON.date()).course(code)


def shown(course, **changes):
    """The form as the browser would send it back."""
    words = {name: getattr(course, name) for name in WORDING}
    lists = {name: "\n".join(words[name]) for name in ("topics", "sponsors")}
    return {**words, **lists, "seen": as_seen(course), **changes}


def stored():
    return Course.objects.get(kind="cpss")


def reworded():
    return list(Entry.objects.filter(event="trainings.course_reworded").order_by("id"))


def test_staff_word_a_course_and_the_public_pages_say_it_at_once(office):
    session()

    answer = office.post(
        address(), shown(stored(), about="You learn to listen.", topics="Listening\n\n  Hope ", sponsors="A neighbor")
    )

    assert answer.url == address()
    course = stored()
    assert (course.about, course.topics, course.sponsors) == (
        "You learn to listen.",
        ["Listening", "Hope"],
        ["A neighbor"],
    )
    public = page_of(office, "cpss")
    assert "You learn to listen." in public and "A neighbor" in public
    [entry] = reworded()
    assert entry.actor_name == str(office.staff) and entry.facts["changed"] == ["about", "topics", "sponsors"]
    assert entry.facts["before"]["about"] == kind_of().about
    assert "What people learn, Topics, and With the help of" in office.get(address()).content.decode()


def test_a_course_nobody_planned_yet_is_worded_too_and_begins_as_the_rules_describe_it(office):
    kind = kind_of("peer_bridger")

    office.post(address("peer-bridger"), shown(as_in_the_rules(kind), who="For peers who visit."))

    course = Course.objects.get()
    assert (course.code, course.who, course.title) == ("peer-bridger", "For peers who visit.", kind.title)
    assert session("peer_bridger", last=None).course == course


def test_its_rules_are_read_and_not_changed_whatever_is_sent(office):
    session()
    before = {name: getattr(stored(), name) for name in RULES}

    page = office.get(address()).content.decode()
    office.post(
        address(),
        shown(stored(), title="Other words", designations=["CPSSP-MH"], hours="1", may_miss_minutes="600", grants="x"),
    )

    assert stored().title == "Other words"
    assert {name: getattr(stored(), name) for name in RULES} == before
    assert "Hours it counts for</strong><br>40" in page and "Yes, 75 out of 100" in page
    fields = set(re.findall(r'name="([a-z_]+)"', page.partition("<main")[2].partition("</main>")[0]))
    assert fields == {*WORDING, "new_flyer", "seen", "csrfmiddlewaretoken"}


def test_the_page_of_the_bridger_shows_its_groups_in_their_order(office):
    page = office.get(address("peer-bridger")).content.decode()

    for number, tier in enumerate(kind_of("peer_bridger").tiers, start=1):
        assert f"{number}. {tier.title}" in page


def test_who_wrote_meanwhile_is_not_written_over_and_what_was_typed_stays(office):
    session()
    seen_by_both = stored()
    office.post(address(), shown(seen_by_both, about="The first one wrote this."))

    late = office.post(address(), shown(seen_by_both, about="The second one wrote that.")).content.decode()

    assert stored().about == "The first one wrote this."
    assert "Someone else changed this course while you wrote." in late
    assert "The first one wrote this." in late and "The second one wrote that." in late
    assert len(reworded()) == 1
    [now_seen] = re.findall(r'name="seen"[^>]*value="([0-9a-f]+)"|value="([0-9a-f]+)"[^>]*name="seen"', late)
    office.post(address(), shown(seen_by_both, about="The second one wrote that.", seen="".join(now_seen)))
    assert stored().about == "The second one wrote that."


def test_the_change_itself_refuses_words_that_were_not_read():
    where = session()

    with pytest.raises(NotAllowed, match="course_changed_meanwhile"):
        words = {name: getattr(where.course, name) for name in WORDING}
        workflow.reword_course(kind_of(), words, seen="", by=trainer(), at=NOON)
    assert reworded() == []


def test_words_that_are_no_different_leave_no_trace(office):
    session()

    office.post(address(), shown(stored()))

    assert reworded() == []


def test_without_a_name_nothing_is_saved_and_the_rest_stays(office):
    session()

    answer = office.post(address(), shown(stored(), title="", about="Typed already.")).content.decode()

    assert '<a href="#id_title">Write the name of the course.' in answer and "Typed already." in answer
    assert stored().title == kind_of().title and stored().about == kind_of().about


def test_another_name_reaches_calendars_that_subscribed(office):
    where = session()

    office.post(address(), shown(stored(), title="Peer Support Basics"))

    before = where.changes
    where.refresh_from_db()
    assert where.changes == before + 1


@pytest.mark.parametrize(("name", "content"), [("Flyer 2027.PDF", pdf), ("flyer.png", png)])
def test_a_flyer_goes_the_same_checked_way_as_in_the_admin_and_is_taken_away_again(office, name, content):
    session()

    office.post(address(), shown(stored(), new_flyer=SimpleUploadedFile(name, content())))

    kept = stored().flyer.name
    assert kept.startswith("flyers/") and "2027" not in kept
    body = b"".join(office.get(reverse("trainings:flyer", args=["cpss"])).streaming_content)
    assert b"JavaScript" not in body
    office.post(address(), shown(stored(), remove_flyer="on"))
    assert not stored().flyer
    assert [entry.facts["changed"] for entry in reworded()] == [["flyer"], ["flyer"]]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("flyer.pdf", b"<html>", "is not the kind of file its name says"),
        ("flyer.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Send a photo (JPG or PNG) or a PDF."),
    ],
)
def test_a_file_that_is_no_flyer_is_refused_and_the_words_stay(office, name, content, sentence):
    session()

    typed = shown(stored(), about="Typed already.", new_flyer=SimpleUploadedFile(name, content))
    answer = office.post(address(), typed).content.decode()

    assert sentence in answer and "Typed already." in answer
    assert not stored().flyer and reworded() == []


def test_a_flyer_sent_with_words_that_came_too_late_is_not_left_behind(office):
    session()
    seen = stored()
    office.post(address(), shown(seen, about="The first one wrote this."))
    before = set(_files("flyers"))

    late = office.post(address(), shown(seen, new_flyer=SimpleUploadedFile("flyer.pdf", pdf()))).content.decode()

    assert "Choose the flyer once more." in late
    assert set(_files("flyers")) == before


def _files(folder):
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _files(f"{folder}/{inner}")


def test_the_list_names_every_course_of_the_rules_and_costs_the_same_whatever_is_planned(office):
    counts = []
    for _turn in range(2):
        office.get(reverse("trainings:desk_courses"))
        with CaptureQueriesContext(connection) as made:
            page = office.get(reverse("trainings:desk_courses")).content.decode()
        counts.append(len(made))
        for kind in ("cpss", "peer_bridger"):
            session(kind, last=None)

    assert counts[0] == counts[1] <= 8
    for kind in program(NOON.date()).courses:
        assert address(kind.code.replace("_", "-")) in page


def test_an_unknown_course_is_no_page_of_the_office_s(office):
    assert office.get(address("nothing")).status_code == 404


def test_what_the_admin_changed_stands_in_the_same_history(office, client):
    course = session().course
    keeper = person(is_staff=True, is_superuser=True)
    client.force_login(keeper)
    send(client, course, "", b"", hours="41")
    client.force_login(office.staff)

    page = client.get(address()).content.decode()

    assert "Hours it counts for</strong><br>41" in page
    assert re.search(rf"<br>Hours it counts for <span class=\"cp-quiet\">{keeper}</span>", page)


# -- Two at the same instant -------------------------------------------------------------------------------


def both_press(kind, titles):
    seen = as_seen(stored())
    words = {name: getattr(stored(), name) for name in WORDING}
    staff, refused = trainer(), []

    def press(title):
        try:
            workflow.reword_course(kind, {**words, "title": title}, seen=seen, by=staff, at=NOON)
        except NotAllowed:
            refused.append(title)

    at_once(*(lambda title=title: press(title) for title in titles))
    return refused


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("pack")
def test_of_two_who_save_at_once_one_is_told_to_look_again():
    session()

    refused = both_press(kind_of(), ["One", "Two"])

    assert len(refused) == 1 and len(reworded()) == 1
    assert stored().title in {"One", "Two"} - set(refused)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("pack")
def test_without_the_lock_both_are_saved_and_one_is_written_over(monkeypatch):
    """The control."""
    session()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)
    monkeypatch.setattr(courses, "as_seen", lambda course: (as_seen(course), sleep(1))[0])

    assert both_press(kind_of(), ["One", "Two"]) == []
    assert len(reworded()) == 2
