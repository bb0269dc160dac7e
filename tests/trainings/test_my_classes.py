"""The pages of who leads a class: this class, names in use, what was arranged, who was there. And nothing else."""

import re
import subprocess
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.search import keep_in_step
from accounts.workflow import arrange_access, ask_for_access
from tests.reading import MOST, grade
from tests.trainings.factories import FIRST_DAY, NOON, person, session, spot, trainer
from tests.trainings.test_classroom import missed_one
from tests.trainings.test_team import team_of
from tests.trainings.test_workflow import in_class
from trainings import workflow
from trainings.models import Attendance, Registration, TeamMember

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGES = ("session", "attendance", "sheet", "printout")


def led(clock, client, people=1, *, after=timedelta(0), **changes):
    """A class that ended just now, and the one who leads it, signed in."""
    where, spots = in_class(people=people, **changes)
    fay = team_of(where)
    clock.move_to(where.ends_at + after)
    client.force_login(fay)
    return where, spots, fay


def door(where, name="session", *args):
    return reverse(f"trainings:class_{name}", args=[where.reference, *args])


def answers(client, where):
    pages = [door(where, name) for name in PAGES] + [door(where, "half_day", 1)]
    return {client.get(address).status_code for address in pages}


def words(client, address):
    return client.get(address).content.decode()


def text_of(pdf, tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()


# -- What they see -----------------------------------------------------------------------------------------


def test_names_in_use_and_what_was_arranged_are_all_the_team_reads_about_anybody(client, clock, tmp_path):
    where, [mine], _fay = led(clock, client)
    User.objects.filter(pk=mine.person_id).update(
        legal_given_names="Quillon", legal_family_name="Zagreus", name_in_use="Zoë", employer_name="Worksworth"
    )
    profile = mine.person.profile
    profile.phone, profile.street, profile.city = "+16015550173", "12 Hidden Lane", "Secretville"
    profile.save()
    needs = ask_for_access(mine.person_id, "I am deaf.", answer_due_on=NOON.date(), by=mine.person, at=NOON)
    arrange_access(needs.pk, "An interpreter sits beside them.", by=trainer(), at=NOON)
    workflow.record_exam(mine.pk, 61, taken_on=where.ends_on, by=trainer(), at=where.ends_at)
    hidden = ("Quillon", "Zagreus", "Worksworth", "555-0173", "5550173", "Hidden", "Secretville", "deaf")
    hidden += ("assed", "score", mine.person.email, mine.person.reference)

    read = {name: words(client, door(where, name)) for name in ("session", "attendance", "sheet")}
    read["half_day"] = words(client, door(where, "half_day", 1))
    read["printout"] = text_of(client.get(door(where, "printout")).content, tmp_path)

    for name, html in read.items():
        main = re.sub(r'(name|value|id)="[^"]*"', "", html.partition("<main")[2].partition("</main>")[0] or html)
        assert "Zoë" in html, name
        assert [one for one in hidden if one in main] == [], name
    for name in ("session", "attendance", "printout"):
        assert "An interpreter sits beside them." in read[name]


def test_the_team_has_no_way_to_scores_lists_roster_people_or_the_office_s_page(client, clock):
    where, [mine], _fay = led(clock, client)

    linked = {link for name in PAGES[:3] for link in re.findall(r'href="(/[^"]*)"', words(client, door(where, name)))}

    assert [link for link in linked if link.startswith("/staff/")] == []
    for name in ("session", "roster", "roster_pdf", "roster_workbook", "lists", "exam", "finish", "attendance", "team"):
        assert client.get(reverse(f"trainings:desk_{name}", args=[where.reference])).status_code == 403
    assert client.get(reverse("person", args=[mine.person.reference])).status_code == 403


def test_who_used_all_tries_at_the_test_stands_on_the_list_like_everybody(client, clock):
    where, [mine], _fay = led(clock, client)
    Registration.objects.filter(pk=mine.pk).update(outcome=Registration.Outcome.NOT_PASSED)

    html = words(client, door(where, "attendance"))

    assert mine.person.called in html
    assert "Done or stopped" not in html


def test_who_makes_up_a_half_day_stands_in_the_class_by_the_name_in_use(client, clock):
    _where, mine, staff, over = missed_one(number=3)
    later = session(first=FIRST_DAY + timedelta(weeks=8))
    User.objects.filter(pk=mine.person_id).update(name_in_use="Zoë")
    workflow.book_make_up(mine.pk, 3, later.pk, by=staff, at=over)
    client.force_login(team_of(later))

    html = words(client, door(later))

    assert "Zoë" in html and "Makes up: Tue, Nov 9, 9 a.m." in html
    assert mine.person.legal_family_name not in html


def test_the_way_into_the_meeting_is_shown_from_the_day_everybody_gets_it_until_class_is_over(client, clock):
    where = session(dial_in="601-555-0148")
    fay, shown = team_of(where), {}
    for days in (-8, -7, 4, 5):
        clock.move_to(where.starts_at + days * DAY)
        client.force_login(fay)
        html = words(client, door(where))
        shown[days] = where.meeting_link in html and "601-555-0148" in html

    assert shown == {-8: False, -7: True, 4: True, 5: False}


@pytest.mark.parametrize("after", [-4 * DAY, timedelta(0)], ids=["while class runs", "once it is over"])
def test_the_pages_of_who_leads_read_at_grade_six_or_below(client, clock, after):
    where, _spots, _fay = led(clock, client, people=2, after=after)

    for url in (reverse("trainings:classes"), door(where), door(where, "attendance")):
        main = words(client, url).partition("<main")[2].partition("</main>")[0]
        text = re.sub(r"<[^>]+>", " ", re.sub(r"</(p|li|h1|h2|th|td|dt)>", ". ", main))
        assert grade(" ".join(text.split())) <= MOST, url


# -- What they do ------------------------------------------------------------------------------------------


def test_the_team_marks_with_the_office_s_own_form_and_the_mark_bears_their_name(client, clock):
    where, [ada, _bo], fay = led(clock, client, people=2)
    half = where.half_days.first()

    answer = client.post(door(where, "attendance"), {f"there-{half.pk}-{ada.pk}": "on"})
    minutes = client.post(door(where, "half_day", 2), {f"there-{ada.pk}": "on", f"missed-{ada.pk}": "30"})

    assert (answer.url, minutes.url) == (door(where, "attendance"), door(where, "half_day", 2))
    marks = Attendance.objects.filter(registration=ada).order_by("half_day")
    assert [(one.was_there, one.minutes_missed, one.marked_by) for one in marks] == [(True, 0, fay), (True, 30, fay)]
    clock.move_to(where.ends_at + HOUR)
    client.force_login(trainer())
    office = words(client, reverse("trainings:desk_attendance", args=[where.reference]))
    assert "30 min out" in office


def test_marks_of_somebody_taken_off_between_page_and_press_are_not_kept(client, clock):
    where, [ada], _fay = led(clock, client)
    half = where.half_days.first()
    assert answers(client, where) == {200}

    workflow.leave_team(TeamMember.objects.get().pk, by=trainer(), at=where.ends_at)

    assert client.post(door(where, "attendance"), {f"there-{half.pk}-{ada.pk}": "on"}).status_code == 404
    assert answers(client, where) == {404}
    assert not Attendance.objects.exists()
    assert where.reference not in words(client, reverse("trainings:classes"))


# -- Whose it is, and until when ---------------------------------------------------------------------------


def test_another_class_is_not_found_and_neither_is_one_s_own_once_its_days_are_over(client, clock):
    where, _spots, _fay = led(clock, client)
    other, _others = in_class(people=1)

    assert answers(client, where) == {200}
    assert answers(client, other) == {404}
    clock.move_to(where.ends_at + 7 * DAY)
    client.force_login(User.objects.get(pk=TeamMember.objects.get().person_id))
    assert answers(client, where) == {200}
    clock.move_to(where.ends_at + 8 * DAY)
    client.force_login(User.objects.get(pk=TeamMember.objects.get().person_id))
    assert answers(client, where) == {404}
    html = words(client, reverse("trainings:classes"))
    assert "This class is over. You could see it until Friday, September 24, 2027." in html
    assert door(where) not in html


def test_a_superuser_who_sits_in_the_class_does_not_find_it_though_named_for_it(client, clock):
    where, [mine], _fay = led(clock, client)
    member = TeamMember.objects.get()
    User.objects.filter(pk=mine.person_id).update(is_superuser=True)
    TeamMember.objects.filter(pk=member.pk).update(person=mine.person)  # as if no guard had stood there
    client.force_login(User.objects.get(pk=mine.person_id))

    assert answers(client, where) == {404}
    assert "You have a spot in this class yourself. So somebody else leads it." in words(
        client, reverse("trainings:classes")
    )


def test_outside_a_demonstration_a_class_opens_only_with_a_second_step_at_sign_in(client, clock, settings):
    where, _spots, fay = led(clock, client)
    settings.DEMONSTRATION = False

    assert client.get(door(where)).url == reverse("mfa_activate_totp")
    assert client.post(door(where, "attendance"), {}).url == reverse("mfa_activate_totp")
    assert client.get(reverse("trainings:classes")).status_code == 200  # names nobody
    Authenticator.objects.create(user=fay, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert answers(client, where) == {200}


def test_the_way_there_shows_only_to_whoever_was_named_and_other_pages_pay_nothing_for_it(client):
    somebody, where = person(), session()
    client.force_login(somebody)
    address = reverse("trainings:classes")
    assert address not in words(client, reverse("me"))
    list_of_sessions = reverse("trainings:list")
    client.get(list_of_sessions)
    with CaptureQueriesContext(connection) as before:
        client.get(list_of_sessions)

    team_of(where, somebody)

    assert words(client, reverse("me")).count(f'href="{address}"') == 2  # the band, and first on the page
    with CaptureQueriesContext(connection) as after:
        client.get(list_of_sessions)
    assert len(after) == len(before) <= 8


@pytest.mark.parametrize("name", ["session", "attendance"])
def test_a_class_takes_as_many_statements_for_ten_people_as_for_two(client, clock, name):
    counts = []
    for people in (2, 10):
        where, _spots, _fay = led(clock, client, people=people)
        client.get(door(where, name))
        with CaptureQueriesContext(connection) as made:
            assert client.get(door(where, name)).status_code == 200
        counts.append(len(made))
        clock.move_to(NOON)

    assert counts[0] == counts[1]


def test_the_list_takes_as_many_statements_for_six_classes_as_for_two(client):
    fay, counts = person(), []
    client.force_login(fay)
    for _round in range(2):
        for _number in range(2 + 2 * len(counts)):
            team_of(session(), fay)
        client.get(reverse("trainings:classes"))
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("trainings:classes"))
        counts.append(len(made))

    assert counts[0] == counts[1]


# -- The office names them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["cilit", "fay@partner.example.org", "reference"])
def test_the_office_finds_somebody_by_name_e_mail_or_number_and_names_them(office, question):
    where, fay = session(), person("Fay Cilitator", email="fay@partner.example.org")
    keep_in_step(fay)
    url = reverse("trainings:desk_team", args=[where.reference])
    asked = f"{url}?q={fay.reference if question == 'reference' else question}"
    found = words(office, asked)

    answer = office.post(asked, {"person": fay.reference, "part": "facilitator"}, follow=True).content.decode()

    assert "Fay Cilitator, fay@partner.example.org" in found
    assert "Fay Cilitator is on the team of this class now." in answer
    assert "They see this class only" in answer and "It ends after Friday, September 24, 2027" in answer
    member = TeamMember.objects.get()
    assert (member.session, member.person, member.part, member.added_by) == (where, fay, "facilitator", office.staff)


def test_the_session_s_page_of_the_office_says_who_leads_it(office):
    where = session()
    fay, gone = team_of(where), team_of(where, person("Gil Gone"))
    workflow.leave_team(TeamMember.objects.get(person=gone).pk, by=trainer(), at=NOON)

    html = words(office, reverse("trainings:desk_session", args=[where.reference]))

    assert f'Who leads this class</a><br><span class="cp-quiet">{fay}</span>' in html


def test_somebody_the_search_did_not_find_cannot_be_named(office):
    where, fay = session(), person("Fay Cilitator")
    url = reverse("trainings:desk_team", args=[where.reference])

    answer = office.post(url + "?q=nobody", {"person": fay.reference, "part": "facilitator"}).content.decode()

    assert "Nobody fits." in answer
    assert not TeamMember.objects.exists()


def test_the_office_reads_why_somebody_cannot_lead_and_what_was_chosen_stays(office):
    where = session()
    mine = spot(where, person("Bo Seated"))
    keep_in_step(mine.person)
    url = reverse("trainings:desk_team", args=[where.reference]) + "?q=seated"

    answer = office.post(url, {"person": mine.person.reference, "part": "coordinator"}).content.decode()

    assert "This person has a spot in this class. Nobody leads a class they are in." in answer
    assert re.search(r'value="coordinator"[^>]*checked', answer)


def test_taking_somebody_off_is_a_press_and_the_page_keeps_who_was_there_from_when_to_when(office):
    where = session()
    fay = team_of(where)
    page = reverse("trainings:desk_team", args=[where.reference])

    answer = office.post(
        reverse("trainings:desk_leave_team", args=[where.reference, TeamMember.objects.get().pk]), follow=True
    ).content.decode()

    assert answer.count(f"{fay} does not lead this class any more.") == 1
    assert f"Taken off by {office.staff}." in answer
    assert "Take off the team" not in words(office, page)


def test_the_office_reads_that_somebody_named_signed_up_for_the_class_since(office):
    where = session()
    fay = team_of(where)
    spot(where, fay)

    html = words(office, reverse("trainings:desk_team", args=[where.reference]))

    assert f"{fay}: signed up for this class after being named. It is closed to them" in html
