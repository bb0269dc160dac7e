"""Tell me when one opens: asked once, answered once, taken back without signing in."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from audit.reasons import NotAllowed
from notifications import sending
from notifications.models import Message
from notifications.rendering import path_of
from tests.reading import MOST, grade
from tests.trainings.factories import NOON, person, plan, session, trainer
from trainings import workflow
from trainings.models import Course, Watch
from trainings.watch_links import watch_token
from trainings.workflow.watches import Wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ANY = Wish()


def draft(course="cpss", **changes):
    return workflow.plan_session(plan(course, **changes), by=person(), at=NOON)


def publish(planned):
    return workflow.publish(planned.pk, by=person(), at=NOON)


def watch(wish=ANY, *, who=None, email=""):
    workflow.watch(wish, person=who, email=email, by=who, at=NOON)
    return Watch.objects.latest("pk")


def opened():
    return Message.objects.filter(kind="training_opened").order_by("pk")


# -- Asked -------------------------------------------------------------------------------------------------


def test_asked_twice_is_asked_once_and_each_wish_stands_apart():
    me = person()

    for _time in range(2):
        workflow.watch(Wish(mode="online"), person=me, by=me, at=NOON)
        workflow.watch(Wish(), email="Someone@Example.org", by=None, at=NOON)
        workflow.watch(Wish(), email="someone@example.org", by=None, at=NOON)
    workflow.watch(Wish(mode="in_person"), person=me, by=me, at=NOON)

    assert Watch.objects.count() == 3
    assert Entry.objects.filter(event="trainings.watch_asked").count() == 3
    assert Message.objects.filter(kind="watch_kept").count() == 3


def test_two_presses_at_the_same_instant_cannot_leave_two_rows():
    row = watch(email="a@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        Watch.objects.create(email="a@example.org", asked_for=row.asked_for, asked_at=NOON)


def test_a_course_that_was_never_planned_can_be_waited_for(client):
    client.force_login(me := person())

    answer = client.post(reverse("trainings:tell_me") + "?course=peer-bridger", follow=True)

    assert "Peer Bridger training" in answer.content.decode()
    assert Watch.objects.get(person=me).course == Course.objects.get(kind="peer_bridger")


def test_somebody_signed_in_presses_once_and_reads_it_on_their_page(client):
    client.force_login(me := person())
    page = client.get(reverse("trainings:list"), {"course": "cpss", "county": "Hinds", "mode": "in_person"})
    (action,) = re.findall(r'action="([^"]*tell-me[^"]*)"', page.content.decode())

    answer = client.post(action.replace("&amp;", "&"), follow=True)

    assert "Peer Support Specialist training, in person, Hinds County" in answer.content.decode()
    row = Watch.objects.get()
    assert (row.person, row.email, row.mode, row.county) == (me, "", "in_person", "Hinds")


@pytest.mark.parametrize(("typed", "sentence"), [("", "Write your e-mail, like"), ("nobody", "Write an e-mail like")])
def test_a_wrong_address_is_refused_beside_its_field_and_kept(client, typed, sentence):
    answer = client.post(reverse("trainings:tell_me") + "?mode=online", {"email": typed})

    page = answer.content.decode()
    assert sentence in page and "There is a problem" in page
    assert f'value="{typed}"' in page or not typed
    assert 'aria-invalid="true"' in page and "any training, online" in page
    assert not Watch.objects.exists()


def test_the_answer_is_alike_for_an_address_we_know_one_we_do_not_and_one_that_asked(client):
    known = person(email="known@example.org")
    url = reverse("trainings:tell_me")

    answers = [client.post(url, {"email": email}) for email in (known.email, "new@example.org", "new@example.org")]

    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    pages = [client.get(answer["Location"]).content.decode() for answer in answers[:1]]
    assert "We have it. We write once, when a date opens." in pages[0]
    assert Watch.objects.filter(person=None).count() == 2


def test_a_stranger_waits_after_ten_addresses_and_a_person_we_know_does_not(client):
    url = reverse("trainings:tell_me")
    codes = [client.post(url, {"email": f"a{number}@example.org"}).status_code for number in range(11)]

    assert codes == [302] * 10 + [429]
    assert Watch.objects.count() == 10
    client.force_login(person())
    assert client.post(url).status_code == 302


@pytest.mark.parametrize("query", ["course=nothing", "designation=X", "mode=by-boat", "county=Nowhere"])
def test_nobody_can_wait_for_what_there_is_not(client, query):
    assert client.get(f"{reverse('trainings:tell_me')}?{query}").status_code == 404
    assert client.post(f"{reverse('trainings:tell_me')}?{query}", {"email": "a@example.org"}).status_code == 404


def test_looking_asks_for_nothing(client):
    client.force_login(person())
    client.get(reverse("trainings:tell_me"))
    client.head(reverse("trainings:tell_me"))

    assert not Watch.objects.exists()


def test_the_office_asks_for_a_caller(client):
    client.force_login(trainer())
    caller = person()

    answer = client.post(reverse("trainings:tell_me") + f"?course=cpss&for={caller.reference}", follow=True)

    assert Watch.objects.get().person == caller
    assert answer.redirect_chain[-1][0] == f"/staff/people/{caller.reference}/watches/"


# -- Answered ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "fits"),
    [
        (Wish(), True),
        (Wish(course="cpss"), True),
        (Wish(course="peer-bridger"), False),
        (Wish(designation="CPSSP-MH"), True),
        (Wish(designation="TRAIN-AR"), False),
        (Wish(mode="in_person"), True),
        (Wish(mode="online"), False),
        (Wish(county="Hinds"), True),
        (Wish(county="Adams"), False),
        (Wish(course="cpss", designation="CPSSP-MH", mode="in_person", county="Hinds"), True),
        (Wish(course="cpss", designation="CPSSP-MH", mode="in_person", county="Adams"), False),
    ],
)
def test_a_session_in_a_room_answers_the_wishes_it_fits(wish, fits):
    watch(wish, who=person())
    planned = draft(mode="in_person", location="12 Oak Street, Jackson")
    type(planned).objects.filter(pk=planned.pk).update(county="Hinds")

    publish(planned)

    assert opened().exists() == fits


def test_a_session_online_fits_every_county():
    watch(Wish(county="Adams"), who=person())

    publish(draft(mode="online"))

    assert opened().count() == 1


def test_each_is_told_once_and_the_next_session_tells_nobody():
    watch(who=person(), wish=Wish(course="cpss"))
    watch(email="a@example.org")

    first = publish(draft())
    publish(draft(first=plan().half_days[0][0].date() + timedelta(weeks=9)))
    workflow.publish(first.pk, by=person(), at=NOON)

    assert opened().count() == 2
    assert [one.told_of for one in Watch.objects.all()] == [first]  # of the address nothing is left


def test_two_wishes_of_one_person_are_one_message():
    me = person()
    watch(Wish(course="cpss"), who=me), watch(Wish(mode="online"), who=me)

    publish(draft())

    assert opened().count() == 1
    assert not Watch.objects.still_open().exists()


def test_a_draft_and_a_session_that_is_closed_already_tell_nobody(clock):
    watch(who=person())
    planned = draft()
    assert not opened().exists()

    with pytest.raises(NotAllowed, match="last_day_is_past"):
        workflow.publish(planned.pk, by=person(), at=planned.registration_closes_at)

    assert not opened().exists() and Watch.objects.still_open().exists()


def test_a_hundred_who_wait_cost_as_many_statements_as_one(django_assert_num_queries):
    watch(who=person()), watch(email="one@example.org")
    first, second = draft(), draft(first=plan().half_days[0][0].date() + timedelta(weeks=9))
    staff = person()
    with transaction.atomic(), CaptureQueriesContext(connection) as few:
        workflow.publish(first.pk, by=staff, at=NOON)
    for number in range(100):
        watch(email=f"a{number}@example.org") if number % 2 else watch(who=person())

    with transaction.atomic(), django_assert_num_queries(len(few)):
        workflow.publish(second.pk, by=staff, at=NOON)

    assert opened().count() == 102 and len(few) <= 16


def test_the_message_has_the_link_and_names_no_training_to_a_mailbox_others_may_read():
    _other, row = watch(email="shared@example.org"), watch(who=person(email="me@example.org"))
    where = publish(draft())

    sending.send_due(at=NOON)

    sent = {one.to[0]: one for one in mail.outbox if "is open" in one.subject or "day to keep" in one.subject}
    assert set(sent) == {"shared@example.org", "me@example.org"}
    assert where.get_absolute_url() in sent["shared@example.org"].body
    assert path_of(opened().get(person=row.person)) == where.get_absolute_url()  # private wording: after signing in
    for one in sent.values():
        assert "Peer" not in one.subject + one.body and "Recovery" not in one.subject + one.body


def test_somebody_without_an_email_gets_a_letter():
    caller = person()
    type(caller).objects.filter(pk=caller.pk).update(email="")
    caller.refresh_from_db()
    watch(who=caller)

    publish(draft())

    assert opened().get().channel == "post"


# -- Taken back --------------------------------------------------------------------------------------------


def test_the_link_in_the_message_stops_it_without_signing_in_and_looking_does_nothing(client):
    row = watch(email="a@example.org")
    sending.send_due(at=NOON)
    (link,) = re.findall(r"/watches/[^\s]+", mail.outbox[-1].body)

    looked, headed = client.get(link), client.head(link)
    assert (looked.status_code, headed.status_code) == (200, 200)
    assert Watch.objects.filter(pk=row.pk).exists()
    assert "Stop telling me" in looked.content.decode() and "a@example.org" not in looked.content.decode()
    first, second = client.post(link), client.post(link)
    publish(draft())

    assert not Watch.objects.exists() and not opened().exists()
    assert "We do not write about this any more" in first.content.decode()
    assert first.content.decode() == second.content.decode() == client.get("/watches/forged/").content.decode()


def test_a_stop_before_the_first_message_left_calls_it_off():
    row = watch(email="a@example.org")

    workflow.stop_watching(row.pk, by=None, at=NOON)
    sending.send_due(at=NOON)

    assert mail.outbox == []


def test_a_person_stops_one_of_theirs_and_nobody_elses(client):
    me = person()
    mine, theirs = watch(who=me), watch(who=person())
    client.force_login(me)
    url = reverse("trainings:watches")

    for key in (theirs.pk, "x", mine.pk):
        client.post(url, {"watch": key})

    assert list(Watch.objects.all()) == [theirs]
    assert "Nothing now." in client.get(url).content.decode()


def test_the_history_holds_no_address():
    row = watch(email="a@example.org")
    token = watch_token(row)
    workflow.stop_watching(row.pk, by=None, at=NOON)

    kept = " ".join(str(entry.facts) + entry.actor_name for entry in Entry.objects.all())
    assert "a@example.org" not in kept and token


def test_the_pages_read_at_grade_six_or_below(client):
    me = person()
    row = watch(Wish(course="cpss", mode="in_person", county="Hinds"), who=me)
    pages = [client.get(url) for url in (f"/watches/{watch_token(row)}/", "/watches/forged/", "/trainings/tell-me/")]
    client.force_login(me)
    pages += [client.get(reverse(name)) for name in ("trainings:watches", "trainings:own_calendar")]

    for page in pages:
        inside = page.content.decode().partition("<main")[2].partition("</main>")[0]
        text = re.sub(r"<[^>]+>", " ", re.sub(r"</(p|li|h1|h2|button|label|strong)>", ". ", inside))
        assert grade(" ".join(text.split())) <= MOST


# -- Where it is offered -----------------------------------------------------------------------------------


def test_it_is_offered_where_a_choice_finds_nothing_and_where_a_session_is_closed_or_cancelled(client, clock):
    where = session()
    assert "tell-me" not in client.get(reverse("trainings:list")).content.decode()
    assert "tell-me" in client.get(reverse("trainings:list"), {"mode": "in_person"}).content.decode()
    assert "tell-me" not in client.get(where.get_absolute_url()).content.decode()

    clock.move_to(where.registration_closes_at)
    assert "tell-me/?course=cpss" in client.get(where.get_absolute_url()).content.decode()
    clock.move_to(NOON)
    workflow.cancel(where.pk, because="The room is flooded.", by=person(), at=NOON)
    assert "tell-me/?course=cpss" in client.get(where.get_absolute_url()).content.decode()
