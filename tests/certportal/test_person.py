"""The person page: what to tell the caller, notes, and everything in time order."""

import re
from datetime import timedelta
from html import unescape
from threading import Barrier, Thread

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import workflow as accounts
from accounts.models import Note, User
from audit.models import Entry
from notifications.models import Message
from tests.applicants import factories as make
from tests.trainings.factories import ALLOCATION, NOON, person, session, spot, standing
from trainings import workflow

BACKEND = "accounts.backends.RolesBackend"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def signed_in(someone):
    client = Client()
    client.force_login(someone, backend=BACKEND)
    return client


def with_role(role):
    call_command("sync_roles", verbosity=0)
    staff = person(f"Cleo {role}")
    staff.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=staff.pk)


@pytest.fixture
def desk(db, clock):
    clerk = with_role("desk")
    client = signed_in(clerk)
    client.person = clerk
    return client


def page_of(someone):
    return reverse("person", args=[someone.reference])


def read(client, address):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", client.get(address).content.decode())).split())


# -- What do I tell the caller -----------------------------------------------------------------------------


def test_the_desk_reads_what_the_person_reads(desk):
    """Acceptance 36a: the status on the phone equals `/me/`."""
    mine = make.submitted()

    for step in (None, lambda: make.workflow.accept(mine.pk, by=make.trainings.trainer(), at=NOON)):
        if step:
            step()
        answer = desk.get(page_of(mine.person))
        theirs = signed_in(mine.person).get("/me/")
        assert [one.landing for one in answer.context["told"]] == theirs.context["landings"]
        shown = read(desk, page_of(mine.person))
        for landing in theirs.context["landings"]:
            assert landing.sentence in shown and landing.chip in shown
            assert not landing.next or f"Next: {landing.next}" in shown


def test_a_spot_in_line_is_told_with_its_number_its_group_and_who_is_ahead(desk):
    where = session("peer_bridger", capacity=1)
    spots = []
    for _number in range(3):
        someone = person()
        standing(someone, "certified", "CPSSP-MH")
        spots.append(spot(where, someone))

    ranked = read(desk, page_of(spots[2].person))
    workflow.allocate(where.pk, at=ALLOCATION)
    waiting = read(desk, page_of(spots[2].person))

    assert "You are number 3 in the ranking now." in ranked
    assert "It can change until we set the seats on Wednesday, August 25, 2027." in ranked
    assert "Your group: " in ranked and "Ahead of you: 2 people" in ranked
    assert "You are number 2 in line." in waiting and "No more offers after" in waiting


def test_each_stage_leads_to_the_offices_side_of_the_page(desk):
    one = spot(session())
    address = reverse("trainings:registration", args=[one.person.reference, one.reference])

    assert f'href="{address}"' in desk.get(page_of(one.person)).content.decode()
    assert desk.get(address).status_code == 200


def test_who_may_not_fill_in_forms_gets_the_words_and_no_links(clock, db):
    one = spot(session())
    page = signed_in(with_role("access_coordinator")).get(page_of(one.person)).content.decode()

    assert "You are in the ranking" in page
    assert "/registrations/" not in page


# -- Notes -------------------------------------------------------------------------------------------------


def test_a_note_is_kept_shown_in_its_time_and_in_the_history_without_its_words(desk, clock):
    otis = person("Otis Vance")

    answer = desk.post(page_of(otis), {"text": "Asked for the date.\r\nI read it to him. <b>"}, follow=True)

    (moment, *_more) = answer.context["page"].rows
    assert (moment.text, moment.by) == ("Asked for the date.\nI read it to him. <b>", str(desk.person))
    page = answer.content.decode()
    assert "The note is kept." in page and "&lt;b&gt;" in page and "Monday, August 2, 2027, noon Central" in page
    entry = Entry.objects.get(event="accounts.note_written")
    assert (entry.about, entry.actor, entry.facts) == (otis.reference, desk.person, {})


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "Write the note first."), ("   ", "Write the note first."), ("x" * 1001, "This note has 1001.")],
)
def test_a_note_that_cannot_be_kept_says_why_and_keeps_what_was_typed(desk, text, says):
    otis = person("Otis Vance")

    page = desk.post(page_of(otis), {"text": text}).content.decode()

    assert says in page and text.strip() in page
    assert not Note.objects.exists()


def test_a_note_may_have_a_thousand_letters_in_any_script(desk):
    otis = person("Otis Vance")

    desk.post(page_of(otis), {"text": "नोट\n" * 249 + "नोट!"})

    assert len(Note.objects.get().text) == 1000


def test_a_note_sent_twice_is_one_note_with_a_friendly_second_answer(desk, clock):
    otis = person("Otis Vance")
    desk.post(page_of(otis), {"text": "Called."})
    clock.shift(MINUTE)
    second = desk.post(page_of(otis), {"text": "Called."}, follow=True).content.decode()
    clock.shift(15 * MINUTE)
    desk.post(page_of(otis), {"text": "Called."})

    assert "We already have this note." in second
    assert Note.objects.count() == Entry.objects.filter(event="accounts.note_written").count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_note_sent_by_two_browsers_at_once_is_one_note():
    otis, clerk = person("Otis Vance"), person("Cleo Clerk")
    together = Barrier(2)

    def send():
        together.wait()
        accounts.write_note(otis.pk, "Called.", by=clerk, at=NOON)
        connection.close()

    both = [Thread(target=send) for _number in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert Note.objects.count() == 1


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_writes_or_reads_notes_on_their_own_page(desk, is_superuser):
    me, colleague = desk.person, person("Ida Colleague")
    accounts.write_note(me.pk, "Said by a colleague.", by=colleague, at=NOON)
    User.objects.filter(pk=me.pk).update(is_superuser=is_superuser)

    shown = read(desk, page_of(me)) + read(desk, page_of(me) + "?show=notes")
    answer = read_after(desk.post(page_of(me), {"text": "I am fine."}, follow=True))

    assert "Said by a colleague." not in shown and "Someone else writes and reads its notes." in shown
    assert "This is about you, so someone else has to do it." in answer
    assert Note.objects.count() == 1


def read_after(answer):
    return unescape(answer.content.decode())


def test_who_may_not_find_people_may_not_write_notes(clock, db):
    otis = person("Otis Vance")

    assert signed_in(person()).post(page_of(otis), {"text": "x"}).status_code == 403
    assert signed_in(with_role("board_member")).post(page_of(otis), {"text": "x"}).status_code == 403
    assert not Note.objects.exists()


# -- Everything in time order ------------------------------------------------------------------------------


@pytest.fixture
def long_story(desk):
    """Sixty things about one person, three kinds in turn, some of them at the same moment; and a stranger's."""
    otis, stranger = person("Otis Vance"), person()
    for number in range(20):
        at = NOON - number * MINUTE
        facts = {"channel": "phone", "received_at": at.isoformat(), "helped_by": "Ruth"} if number % 4 == 0 else {}
        Entry.objects.bulk_create(
            Entry.of("accounts.profile_changed", someone, by=desk.person, at=at, about=someone, **facts)
            for someone in (otis, stranger)
        )
        accounts.write_note(otis.pk, f"Note {number}", by=desk.person, at=at)
        for someone in (otis, stranger):
            sent = {"person": someone, "status": "done", "done_at": at, "due_at": at, "created_at": at}
            sent |= {"kind": "letter", "subject": f"Letter {number}", "channel": "post"}
            Message.objects.create(key=f"{someone.pk} {number}", **sent)
    return otis


def through(desk, address):
    pages = [desk.get(address)]
    while pages[-1].context["page"].on:
        pages.append(desk.get(address.partition("?")[0] + pages[-1].context["page"].on))
    return pages


def test_nothing_is_cut_off_and_each_thing_comes_once_newest_first(desk, long_story):
    pages = through(desk, page_of(long_story))
    moments = [moment for page in pages for moment in page.context["page"]]
    back = desk.get(page_of(long_story) + pages[2].context["page"].back)

    assert [len(page.context["page"]) for page in pages] == [25, 25, 10]
    assert len({moment.key for moment in moments}) == 60
    assert moments == sorted(moments, key=lambda moment: moment.key, reverse=True)
    assert list(back.context["page"]) == list(pages[1].context["page"])


@pytest.mark.parametrize(("show", "count"), [("notes", 20), ("messages", 20), ("calls", 5), ("odd", 60)])
def test_one_kind_may_be_shown_alone_and_its_pages_keep_to_it(desk, long_story, show, count):
    pages = through(desk, f"{page_of(long_story)}?show={show}")

    assert sum(len(page.context["page"]) for page in pages) == count


def test_what_came_by_phone_says_when_and_who_helped(desk, long_story):
    shown = read(desk, f"{page_of(long_story)}?show=calls")

    assert "By phone, Monday, August 2, 2027, noon Central. Helped by Ruth." in shown


def test_the_page_takes_as_many_statements_for_sixty_things_as_for_three(desk, long_story, django_assert_num_queries):
    short = person()
    accounts.write_note(short.pk, "One", by=desk.person, at=NOON)
    desk.get(page_of(short))
    with CaptureQueriesContext(connection) as few:
        desk.get(page_of(short))

    with django_assert_num_queries(len(few)):
        desk.get(page_of(long_story))


@pytest.mark.parametrize("odd", ["after=x", "after=~~", "before=2027-08-02~0~1", "after=2027-08-02T00:00:00~0~1"])
def test_an_odd_key_is_the_first_page(desk, long_story, odd):
    assert len(desk.get(f"{page_of(long_story)}?{odd}").context["page"]) == 25


def test_scores_and_votes_stay_with_those_who_gave_them(desk):
    otis = person("Otis Vance")
    Entry.objects.bulk_create(
        Entry.of(event, otis, by=desk.person, at=NOON, about=otis)
        for event in ("certification.voted", "applicants.review_filed")
    )

    assert list(desk.get(page_of(otis)).context["page"]) == []


def test_a_record_with_the_same_legal_name_and_birth_date_is_named(desk):
    born, other_day = "1986-04-09", "1986-04-10"
    first, twin, namesake, nobody = (
        person("Zoë Marsh Bell"),
        person("ZOE Marsh Bell"),
        person("Zoë Marsh Bell"),
        person(),
    )
    for one, day in ((first, born), (twin, born), (namesake, other_day), (nobody, born)):
        one.profile.birth_on = day
        one.profile.save()

    said = read(desk, page_of(first))

    assert "Perhaps the same person" in said and twin.reference in said
    assert not {namesake.reference, nobody.reference} & set(said.split())
    assert "Perhaps the same person" not in read(desk, page_of(namesake))
