"""The doors: each page for whoever may open it, refusals for the others, and what was typed kept."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from certification import workflow
from certification.models import CertificationApplication, Credential, Document, Payment, Status, Vote
from tests.certification.factories import (
    AFTER,
    AT_THE_MEETING,
    MH,
    NOON,
    answered,
    board,
    certified,
    complete,
    director,
    meeting,
    on_agenda,
    person,
    place_staff,
    ready,
    recommended,
    started,
    submitted,
    voted,
    with_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def signed_in(someone) -> Client:
    client = Client()
    client.force_login(someone)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def fresh(application):
    return CertificationApplication.objects.select_related("person").get(pk=application.pk)


def url(name, *args, **kwargs):
    return reverse(f"certification:{name}", args=args, kwargs=kwargs)


# -- The person --------------------------------------------------------------------------------------------


def test_somebody_trained_is_offered_the_start_and_pressing_twice_opens_one_file():
    someone = ready()
    mine = signed_in(someone)
    assert "Start for Mental Health" in text(mine.get(url("mine")))

    for _again in range(2):
        response = mine.post(url("start", MH), follow=True)

    assert response.status_code == 200
    assert CertificationApplication.objects.count() == 1


def test_the_way_from_the_first_question_to_sent():
    someone = ready("Denise Marie Holloway")
    application, mine = started(someone), signed_in(someone)
    reference = application.reference

    mine.post(url("answers", reference), {"lives_in_state": "True", "has_cosigner": "False"})
    mine.post(url("ethics", reference), {"agrees": "on"})
    response = mine.post(url("send", reference), {"is_true": "on", "signed_name": "denise marie holloway"}, follow=True)

    assert response.redirect_chain[-1][0] == url("sent", reference)
    assert f"Your number is {reference}." in text(response)
    assert fresh(application).status == Status.SUBMITTED


def test_sent_twice_is_answered_friendly():
    application = submitted()
    mine = signed_in(application.person)

    response = mine.post(url("send", application.reference), {"is_true": "on", "signed_name": "x"}, follow=True)

    assert f"We already have it. Your number is {application.reference}." in text(response)


def test_a_wrong_signature_keeps_what_was_typed_and_says_why():
    application = answered()

    response = signed_in(application.person).post(
        url("send", application.reference), {"is_true": "on", "signed_name": "Somebody Else"}
    )

    assert response.status_code == 200
    assert "Type your legal name as it stands in your profile." in text(response)
    assert 'value="Somebody Else"' in text(response)
    assert "<title>Error:" in text(response)


@pytest.mark.parametrize("page", ["file", "answers", "ethics", "time", "send", "withdraw"])
def test_the_pages_of_a_file_open_for_its_person_and_are_not_there_for_others(page):
    application = answered()

    mine = signed_in(application.person).get(url(page, application.reference))
    theirs = signed_in(person()).get(url(page, application.reference))

    assert (mine.status_code, theirs.status_code) == (200, 404)
    assert text(mine).count("<h1") == 1


def test_the_office_fills_in_the_same_pages_with_the_day_it_came():
    application = answered()
    staff = place_staff()
    twin = url("send", person_reference=application.person.reference, reference=application.reference)

    response = signed_in(staff).post(
        twin,
        {
            "is_true": "on",
            "signed_name": application.person.legal_name,
            "channel": "paper",
            "came_on": "2027-10-29",
            "came_at": "14:10",
        },
    )

    assert response.status_code == 302
    application = fresh(application)
    assert (application.received_at.isoformat(), application.channel) == ("2027-10-29T19:10:00+00:00", "paper")
    assert str(application.judged_on) == "2027-10-29"


def test_what_the_office_asked_for_stands_on_the_checklist_with_its_day():
    application = submitted()
    workflow.note_missing(
        application.pk,
        [workflow.Missing("other", "Send page two.")],
        due_on=NOON.date() + timedelta(days=9),
        by=person(),
        at=NOON,
    )

    page = text(signed_in(application.person).get(url("mine")))

    assert "We need 1 thing from you" in page
    assert "Send page two." in page
    assert "By Wednesday, November 10." in page


# -- The office --------------------------------------------------------------------------------------------


def test_the_office_takes_a_payment_and_marks_complete():
    application, desk = submitted(), signed_in(place_staff())
    meeting()
    payment = {"dollars": "30", "received_on": "2027-11-01", "method": "check", "number": "1007"}

    for _again in range(2):
        desk.post(url("payment", application.reference), payment)
    desk.post(url("complete", application.reference))

    assert Payment.objects.get().cents == 3000
    assert fresh(application).status == Status.ON_AGENDA


def test_a_wrong_amount_is_refused_beside_the_field_with_the_rest_kept():
    application = submitted()

    response = signed_in(place_staff()).post(
        url("payment", application.reference),
        {"dollars": "25", "received_on": "2027-11-01", "method": "check", "number": "1007"},
    )

    assert "The fee is $30. Check the amount." in text(response)
    assert 'value="1007"' in text(response)
    assert not Payment.objects.exists()


def test_one_notice_with_everything_on_it():
    application = submitted()

    signed_in(place_staff()).post(
        url("missing", application.reference),
        {"codes": ["application_fee"], "other": "Send page two.", "due_on": "2027-11-12"},
    )

    assert sorted(application.missing_items.values_list("code", flat=True)) == ["application_fee", "other"]
    assert fresh(application).status == Status.MISSING


def test_marking_complete_too_early_names_what_is_missing():
    application = submitted()

    response = signed_in(place_staff()).post(url("complete", application.reference), follow=True)

    assert "The fee is $30." in text(response)
    assert fresh(application).status == Status.SUBMITTED


def test_staff_do_not_open_their_own_file():
    staff = place_staff()
    application = submitted(ready_as(staff))

    assert signed_in(staff).get(url("office_file", application.reference)).status_code == 403


def ready_as(someone):
    from tests.certification.factories import employed, trained

    trained(someone)
    employed(someone)
    return someone


def test_a_meeting_is_planned_and_a_second_at_the_same_time_refused():
    desk = signed_in(place_staff())
    typed = {
        "day": "2027-11-18",
        "hour": "10:00",
        "packets_day": "2027-11-12",
        "packets_hour": "17:00",
        "location": "Room 901",
    }
    assert desk.post(url("meetings"), typed).status_code == 302

    again = desk.post(url("meetings"), {**typed, "location": "Elsewhere"})

    assert "There is a meeting at this time already." in text(again)


# -- The Board and the Director ----------------------------------------------------------------------------


def test_a_member_reads_votes_and_sees_the_others_only_then(clock):
    members, item = board(), on_agenda()
    voted(item, members[1:2])
    chair, address = signed_in(members[0].person), (item.meeting.reference, item.number)
    packet = text(chair.get(url("packet", *address)))
    assert "What the rules ask." in packet
    assert members[1].person.legal_name + ":" not in packet

    chair.post(url("vote", *address), {"choice": "yes"})

    assert members[1].person.legal_name + ":" in text(chair.get(url("packet", *address)))


def test_a_packet_holds_no_story_no_birth_date_and_no_score():
    members, item = board(), on_agenda()

    packet = text(signed_in(members[0].person).get(url("packet", item.meeting.reference, item.number)))

    assert "Passed on" in packet
    for private in ("88", "1990", "May 4", "Lyle Boone"):
        assert not re.search(rf"\b{private}\b", packet.partition("<main")[2].partition("</main>")[0])


def test_a_recused_member_cannot_open_the_file():
    members, item = board(), on_agenda()
    address = (item.meeting.reference, item.number)
    member = signed_in(members[2].person)

    member.post(url("recuse", *address))

    assert member.get(url("packet", *address)).status_code == 403
    assert member.post(url("vote", *address), {"choice": "yes"}).status_code == 403
    assert "You stepped back, or it is yours." in text(member.get(url("board")))
    assert item.application.person.legal_name not in text(member.get(url("board")))


def test_a_no_without_reasons_is_refused_beside_the_field():
    members, item = board(), on_agenda()

    response = signed_in(members[0].person).post(
        url("vote", item.meeting.reference, item.number), {"choice": "no", "reasons": ""}
    )

    assert "Write your reasons. They go into the letter." in text(response)
    assert not Vote.objects.exists()


def test_the_chair_records_and_the_director_decides(clock):
    members, item = board(), on_agenda()
    voted(item, members[:4])
    clock.move_to(AT_THE_MEETING)
    signed_in(members[0].person).post(url("recommend", item.meeting.reference, item.number), {})
    clock.move_to(AFTER)
    the_director = signed_in(director())
    assert item.application.reference in text(the_director.get(url("board")))

    for _again in range(2):
        decided = the_director.post(
            url("decide_file", item.application.reference), {"outcome": "approved"}, follow=True
        )

    assert Credential.objects.get().number in text(decided)


def test_the_director_cannot_open_a_file_the_board_has_not_read():
    application = complete()

    assert signed_in(director()).get(url("decide_file", application.reference)).status_code == 404


# -- Papers ------------------------------------------------------------------------------------------------


def stored_paper():
    credential = certified()
    document = Document.objects.get(kind="certificate")
    return credential, workflow.store_document(document.pk, b"%PDF-1.7 a paper", at=AFTER)


def test_only_the_owner_and_place_get_a_paper_as_an_attachment():
    credential, document = stored_paper()
    address = url("document", document.reference)

    mine = signed_in(credential.person).get(address)

    assert mine.content == b"%PDF-1.7 a paper"
    assert mine["Content-Disposition"].startswith('attachment; filename="certificate-ms-2027-')
    assert signed_in(place_staff()).get(address).status_code == 200
    assert signed_in(person()).get(address).status_code == 404
    assert signed_in(with_role("Ray Trainer", "training_staff")).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_paper_that_changed_on_disk_is_not_handed_out():
    credential, document = stored_paper()
    with document.file.open("wb") as tampered:
        tampered.write(b"%PDF-1.7 another paper")

    response = signed_in(credential.person).get(url("document", document.reference), follow=True)

    assert "we do not hand it out" in text(response)


def test_a_paper_not_made_yet_is_not_there():
    credential = certified()
    document = Document.objects.get(kind="certificate")

    assert signed_in(credential.person).get(url("document", document.reference)).status_code == 404
    assert "We are making it." in text(signed_in(credential.person).get(url("mine")))


# -- Public ------------------------------------------------------------------------------------------------


def test_the_boards_calendar_is_public_and_its_agenda_has_numbers_only():
    item = on_agenda()

    calendar = text(Client().get(url("review_board")))
    agenda = text(Client().get(url("agenda", item.meeting.reference)))

    assert "Thursday, November 18, 2027" in calendar
    assert "Packets need to be here by Friday, November 12, 5 p.m. Central" in calendar
    assert item.application.reference in agenda
    assert item.application.person.legal_family_name not in agenda


@pytest.mark.parametrize("page", ["board", "decide", "office", "meetings"])
def test_a_wrong_role_is_told_so_and_a_stranger_signs_in(page):
    assert signed_in(person()).get(url(page)).status_code == 403
    assert Client().get(url(page)).status_code == 302


def test_recommended_files_stand_on_the_directors_list():
    application = recommended()

    assert application.reference in text(signed_in(director()).get(url("decide")))
