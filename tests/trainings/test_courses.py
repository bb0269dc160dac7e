"""A page for each course, before its first date and after; its flyer; and the way to the readiness check."""

import io
import re
from datetime import date

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from audit.reasons import NotAllowed
from programs.models import RuleVersion
from programs.program import program
from programs.workflow import Wording, change_rule
from tests.reading import MOST, grade
from tests.trainings.calendars import read_back
from tests.trainings.factories import NOON, person, session, spot, standing
from trainings.forms.sessions import SessionForm
from trainings.models import Completion, Course

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CODES = ["cpss", "cpss-supervisor", "peer-bridger", "components-1", "components-2"]


def page_of(client, code):
    return client.get(reverse("trainings:course", args=[code])).content.decode()


@pytest.mark.parametrize("code", CODES)
def test_every_course_of_the_documents_has_its_page_before_a_date_is_planned(client, code):
    kind = program(date(2027, 8, 2)).course(code.replace("-", "_"))

    page = page_of(client, code)

    assert not Course.objects.exists()  # looking plans nothing
    for words in (kind.title, kind.about, kind.who, *map(str, kind.topics), kind.organiser, *kind.sponsors):
        assert words in page
    assert "No date is set right now." in page and "Tell me when one opens" in page
    assert 'href="tel:' in page


def test_the_basic_training_names_its_designations_and_the_bridger_its_groups(client):
    basic, bridger = page_of(client, "cpss"), page_of(client, "peer-bridger")

    for slug in ("cpssp-mh", "cpssp-su", "cpssp-y", "cpssp-p"):
        assert f"/peer-support/{slug}/" in basic
    groups = [str(tier.title) for tier in program(date(2027, 8, 2)).course("peer_bridger").tiers]
    assert [bridger.index(group) for group in groups] == sorted(bridger.index(group) for group in groups)


def test_a_course_with_dates_shows_them_and_what_staff_have_written(client):
    where = session()
    Course.objects.update(about="You learn to listen.", topics=["Listening"], sponsors=["A good neighbor"])

    page = page_of(client, "cpss")

    assert where.get_absolute_url() in page
    assert "It counts for 40 hours." in page
    assert "You learn to listen." in page and "A good neighbor" in page
    assert "Tell me when one opens" not in page
    assert where.course.get_absolute_url() in client.get(where.get_absolute_url()).content.decode()
    assert where.course.get_absolute_url() in client.get(reverse("trainings:list")).content.decode()


def test_an_unknown_course_is_no_page_of_ours(client):
    assert client.get("/trainings/courses/nothing/").status_code == 404
    assert client.get("/trainings/courses/cpss/flyer/").status_code == 404


@pytest.mark.parametrize("code", CODES)
def test_only_the_training_that_makes_a_peer_leads_to_the_readiness_check(client, code):
    assert ("/readiness/" in main_of(page_of(client, code))) == (code == "cpss")


def test_the_session_of_that_training_leads_there_too(client):
    assert "/readiness/" in main_of(client.get(session().get_absolute_url()).content.decode())


def main_of(page):
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("code", CODES)
def test_a_course_page_reads_at_grade_six_or_below(client, code):
    text = re.sub(r"<[^>]+>", " ", re.sub(r"</(p|li|h1|h2)>", ". ", main_of(page_of(client, code))))

    assert grade(" ".join(text.split())) <= MOST


# -- What is needed first ----------------------------------------------------------------------------------


@pytest.fixture
def part_1_first():
    """As another state might have it: Part 2 only after Part 1."""
    before = RuleVersion.objects.of("course", "components_2").latest("version")
    asked = [{"title": {"en": "Components of Recovery, Part 1"}, "kind": "completed", "codes": ["components_1"]}]
    body = {**before.body, "prerequisites": asked}
    wording = Wording(body, before.citation_title, before.citation_url, before.evidence_class, before.starts_on)
    change_rule("course", "components_2", wording, reason="A test.", by=person(), at=NOON)


def test_what_is_needed_first_stands_on_the_course_and_on_the_session(client, part_1_first):
    where = session("components_2", last=date(2027, 9, 13))

    for page in (page_of(client, "components-2"), client.get(where.get_absolute_url()).content.decode()):
        assert "You need this first:" in page and "Components of Recovery, Part 1" in page


def test_the_page_and_the_sign_up_name_what_is_missing_and_both_open_after_it(client, part_1_first):
    me = person()
    standing(me, "certified", "CPSSP-MH")
    first, second = (session(f"components_{part}", last=date(2027, 9, 13)) for part in (1, 2))
    client.force_login(me)
    url = reverse("trainings:sign_up", args=[second.reference])
    sentence = "You need this first: Components of Recovery, Part 1."

    assert sentence in client.get(url).content.decode()
    assert sentence in client.post(url).content.decode()
    with pytest.raises(NotAllowed, match="prerequisite_missing"):
        spot(second, me)

    done = spot(first, me)
    Completion.objects.create(
        registration=done,
        person=me,
        session=first,
        course=first.course,
        hours=3,
        completed_on=date(2027, 7, 1),
        recorded_at=NOON,
    )
    assert "This training is open to you." in client.get(url).content.decode()
    assert spot(second, me).is_confirmed


@pytest.fixture
def part_2_at_home():
    """As in a state whose first level is done in one's own time."""
    before = RuleVersion.objects.of("course", "components_2").latest("version")
    wording = Wording(
        {**before.body, "is_self_paced": True},
        before.citation_title,
        before.citation_url,
        before.evidence_class,
        before.starts_on,
    )
    change_rule("course", "components_2", wording, reason="A test.", by=person(), at=NOON)


def test_a_course_done_in_ones_own_time_has_a_page_and_no_dates(client, part_2_at_home):
    page = page_of(client, "components-2")

    assert "You do this one in your own time. There is no date to pick." in page
    assert "Tell me when one opens" not in page and "Dates ahead" not in page
    listed = client.get(reverse("trainings:list"))
    (courses,) = [one for one in listed.context["choices"] if one.name == "course"]
    assert "components-2" not in dict(courses.options) and "components-1" in dict(courses.options)
    assert "/trainings/courses/components-2/" in listed.content.decode()
    assert "components_2" not in dict(SessionForm(today=program(NOON.date())).fields["course"].choices)


# -- The flyer ---------------------------------------------------------------------------------------------


@pytest.fixture
def office(client):
    staff = person(is_staff=True, is_superuser=True)
    client.force_login(staff)
    return client


def pdf():
    paper = pikepdf.new()
    paper.add_blank_page()
    paper.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def png():
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, format="PNG")
    return out.getvalue()


def send(office, course, name, content, **more):
    url = reverse("admin:trainings_course_change", args=[course.pk])
    typed = {
        "title": course.title,
        "about": course.about,
        "who": course.who,
        "topics": "\n".join(course.topics),
        "organiser": course.organiser,
        "sponsors": "\n".join(course.sponsors),
        "designations": course.designations,
        "hours": course.hours,
        "may_miss_minutes": course.may_miss_minutes,
        "care_minutes": course.care_minutes,
        "has_exam": "on" if course.has_exam else "",
        **more,
    }
    if name:
        typed["new_flyer"] = SimpleUploadedFile(name, content)
    answer = office.post(url, typed)
    course.refresh_from_db()
    return answer


@pytest.mark.parametrize(("name", "content", "ending"), [("Flyer 2027.PDF", pdf, ".pdf"), ("flyer.png", png, ".png")])
def test_a_flyer_is_written_anew_under_a_random_name_and_saved_as_a_file(office, name, content, ending):
    course = session().course

    assert send(office, course, name, content()).status_code == 302
    answer = office.get(reverse("trainings:flyer", args=[course.code]))

    body = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == f'attachment; filename="cpss{ending}"'
    assert course.flyer.name.startswith("flyers/") and "2027" not in course.flyer.name
    assert b"JavaScript" not in body and body[:4] in (b"%PDF", b"\x89PNG")
    assert "Save the flyer" in page_of(office, "cpss")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("flyer.pdf", b"", "empty"),
        ("flyer.pdf", b"<html>", "is not the kind of file its name says"),
        ("flyer.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Send a photo (JPG or PNG) or a PDF."),
        ("flyer.exe", b"MZ", "Send a photo (JPG or PNG) or a PDF."),
        ("flyer.png", png() + b"PK\x03\x04 and more", "has something more behind the picture"),
        (
            "flyer.pdf",
            b"%PDF-1.7\n" + b"x" * (26 * 1024 * 1024),
            "This PDF is over 10 MB. Save it in a smaller",
        ),
        ("flyer.pdf", b"%PDF-1.7\nnothing of a paper\n%%EOF", "We could not open this file."),
    ],
)
def test_a_file_that_is_no_flyer_is_refused_beside_its_field_and_changes_nothing(office, name, content, sentence):
    course = session().course

    answer = send(office, course, name, content, about="New words")

    assert answer.status_code == 200 and sentence in answer.content.decode()
    assert not course.flyer and course.about != "New words"


def test_a_flyer_is_replaced_and_taken_away(office):
    course = session().course
    send(office, course, "a.pdf", pdf())
    first = course.flyer.name
    send(office, course, "b.png", png())
    assert course.flyer.name != first

    send(office, course, "", b"", remove_flyer="on")

    assert not course.flyer
    assert office.get(reverse("trainings:flyer", args=[course.code])).status_code == 404


def test_a_new_title_reaches_calendars_as_a_change(office):
    where = session()

    send(office, where.course, "", b"", title="Peer training")

    (event, *_more) = read_back(office.get(reverse("trainings:calendar_file")).content).values()
    assert (event.title, event.sequence, event.modified_at) == ("Peer training", 1, NOON)
