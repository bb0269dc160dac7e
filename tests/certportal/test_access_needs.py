"""What helps somebody take part: whose pages show it, whose never do, and how the coordinator finds what is open."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

import certification.workflow
import trainings.workflow
from accounts.models import User
from accounts.workflow import arrange_access, ask_for_access
from tests.applicants import test_admin as reviews
from tests.applicants.factories import AFTER_CLOSE
from tests.certification import factories as files
from tests.certification import test_views as doors
from tests.employment import test_views as employers
from tests.trainings.factories import FIRST_DAY, NOON, person, session, spot, trainer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def with_needs(someone, *, at=NOON):
    needs = ask_for_access(someone.pk, "I am deaf.", answer_due_on=at.date(), by=someone, at=at)
    arrange_access(needs.pk, "An interpreter, and 45 minutes more for the test.", by=files.person(), at=at)
    return someone


def says_nothing(*pages):
    return not [word for shown in pages for word in ("deaf", "interpreter", "45 minutes") if word in shown]


def test_board_and_director_read_nothing_of_it():
    """Acceptance 17b: who decides does not know."""
    with time_machine.travel(files.AT_THE_MEETING, tick=False):
        members, someone = files.board(), with_needs(files.ready("Denise Marie Holloway"))
        item = files.on_agenda(someone)
        member = doors.signed_in(members[1].person)
        packet = doors.text(member.get(doors.url("packet", item.meeting.reference, item.number)))
        listed = doors.text(member.get(doors.url("board")))
        files.voted(item, members[:4])
        certification.workflow.recommend(item.pk, by=members[0].person, at=files.AT_THE_MEETING)
        director = doors.signed_in(files.director())
        decided = doors.text(director.get(doors.url("decide_file", item.application.reference)))
        waiting = doors.text(director.get(doors.url("decide")))

    assert "Holloway" in packet and "Holloway" in decided
    assert says_nothing(packet, listed, decided, waiting)


def test_a_reader_of_essays_and_a_verifier_of_a_job_read_nothing_of_it():
    with time_machine.travel(AFTER_CLOSE, tick=False):
        client, reader = reviews.in_the_admin("reviewer")
        review = reviews.given_to(reader)
        with_needs(review.application.person)
        essay = client.get(reviews.page(review)).content.decode()
    question = employers.sent()
    with_needs(question.job.person)
    with time_machine.travel(employers.NOON, tick=False):
        asked = employers.page(Client(), employers.link(question))

    assert says_nothing(essay, asked)


def coordinator():
    someone = person("Cora Arranger")
    someone.user_permissions.set(Permission.objects.filter(codename__in=["find_people", "arrange_access"]))
    return User.objects.get(pk=someone.pk)


def test_the_coordinator_sees_what_is_open_by_the_class_it_is_for(client):
    soon, late = session(first=FIRST_DAY), session(first=FIRST_DAY + timedelta(weeks=8))
    for where, name, due in ((late, "Late Asker", 5), (soon, "Soon Asker", 60)):
        someone = person(name)
        spot(where, someone)
        ask_for_access(someone.pk, "Words.", answer_due_on=(NOON + due * DAY).date(), by=someone, at=NOON)
    done = person("Answered Already")
    with_needs(done)

    with time_machine.travel(NOON, tick=False):
        client.force_login(coordinator())
        shown = client.get(reverse("staff")).content.decode()

    assert "class starts Mon, Sep 13" in shown and "class starts Mon, Nov 8" in shown
    assert shown.index("Late Asker") < shown.index("Soon Asker")  # due in five days; due with its class
    assert "Answered Already" not in shown and "Words." not in shown


def test_what_was_arranged_stands_on_the_next_session_at_once(client):
    someone = with_needs(person("Ada Next"))
    where = session(capacity=1, first=FIRST_DAY + timedelta(weeks=8))
    spot(where, someone)
    trainings.workflow.allocate(where.pk, at=NOON + timedelta(days=90))

    with time_machine.travel(NOON + timedelta(days=90), tick=False):
        client.force_login(trainer())
        shown = client.get(reverse("trainings:desk_roster", args=[where.reference])).content.decode()

    assert "An interpreter, and 45 minutes more for the test." in shown and "deaf" not in shown
