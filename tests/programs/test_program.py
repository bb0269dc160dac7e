import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import User
from audit.reasons import NotAllowed, codes
from programs.models import RuleVersion
from programs.program import NotInTheRules, looked_up_once, program
from programs.rows import CourseKind, Prerequisite
from programs.texts import Text
from programs.workflow import Wording, change_rule

TODAY, IN_2021 = date(2026, 11, 22), date(2021, 7, 2)

pytestmark = pytest.mark.django_db


def test_the_designations_of_the_newest_rule_begin_on_their_day_and_the_old_one_ends_there():
    before, after = program(date(2024, 10, 31)), program(date(2024, 11, 1))

    assert [one.code for one in before.designations] == ["CPSSP-Y", "CPSSP-P", "CPSSP-A"]
    assert [one.code for one in after.designations] == ["CPSSP-MH", "CPSSP-SU", "CPSSP-Y", "CPSSP-P"]


def test_a_designation_reads_in_the_words_of_its_day_and_says_what_it_is_called_now():
    then = program(IN_2021).designation("CPSSP-P").title

    assert then == "Parent/Caregiver"
    assert program(TODAY).now_called("CPSSP-P", then=then) == "Parent and Caregiver"
    assert program(TODAY).now_called("CPSSP-MH") == ""
    assert program(TODAY).designation("CPSSP-A").title == "Adult"
    assert program(TODAY).now_called("CPSSP-A") == "Mental Health / Substance Use"


@pytest.mark.parametrize("name", ["Adult & Recovery", "Parent/Caregiver", "Young Adult"])
def test_the_2021_calendars_designations_are_found_by_their_names(name):
    assert program(IN_2021).designation(name) in program(IN_2021).training_designations


@pytest.mark.parametrize("name", ["CPSSP-MH", "cpssp-mh", "CPSS-MH", "Mental Health"])
def test_a_designation_is_found_by_the_legal_and_the_everyday_name(name):
    assert program(TODAY).designation(name).code == "CPSSP-MH"


def test_an_unknown_name_is_an_error_and_not_an_empty_answer():
    for ask in (
        lambda: program(TODAY).designation("CPSSP-Z"),
        lambda: program(TODAY).fee("parking"),
        lambda: program(TODAY).office("nobody"),
        lambda: program(TODAY).value("nothing"),
    ):
        with pytest.raises(NotInTheRules):
            ask()


def test_each_designation_has_the_activities_of_the_rule():
    activities = {one.code: len(one.activities) for one in program(TODAY).designations}

    assert activities == {"CPSSP-MH": 9, "CPSSP-SU": 8, "CPSSP-Y": 8, "CPSSP-P": 9}
    assert program(TODAY).designation("CPSSP-MH").amended_on[-1] == date(2024, 11, 1)


def test_the_open_values_stand_as_the_state_has_yet_to_confirm_them():
    rules = program(TODAY)
    values = {name: rules.value(name) for name in ("exam_attempts", "exam_wait_days", "reference_count", "pass_mark")}

    assert values == {"exam_attempts": 3, "exam_wait_days": 7, "reference_count": 2, "pass_mark": 75}
    assert rules.citation("value", "exam_attempts").evidence_class == "I"
    assert rules.renewal.next_expiry(date(2025, 5, 12)) == date(2027, 9, 30)
    assert rules.fee("application") == 3000
    assert rules.service_days("training_review") == 10
    assert rules.due_after("report_change", date(2026, 3, 2)) == date(2026, 3, 20)


def test_the_peer_bridger_groups_stand_in_order_and_others_are_refused():
    course = program(TODAY).course("Peer Bridger training")

    assert course.tier_of([("trained", "CPSSP-MH"), ("employed", "peer_bridger")]) == 1
    assert course.tier_of([("certified", "CPSSP-SU"), ("trained", "CPSSP-SU")]) == 2
    assert course.tier_of([("trained", "TRAIN-AR")]) == 3
    assert course.tier_of([("employed", "supervisor")]) is None
    assert program(TODAY).course("cpss_supervisor").tier_of([]) == 1


PART_1 = Prerequisite(Text.of({"en": "Part 1"}), "completed", frozenset({"components_1", "old_part_1"}))
A_PEER = Prerequisite(Text.of({"en": "A certified peer"}), "certified")
IN_MENTAL_HEALTH = Prerequisite(Text.of({"en": "Certified for MH"}), "certified", frozenset({"CPSSP-MH"}))


@pytest.mark.parametrize(
    ("asked", "standings", "completed", "missing"),
    [
        ((), [], [], ()),
        ((PART_1,), [], ["components_2"], ("Part 1",)),
        ((PART_1,), [("completed", "components_1")], [], ("Part 1",)),  # a standing is no completed course
        ((PART_1,), [], ["old_part_1"], ()),
        ((A_PEER,), [("certified", "CPSSP-SU")], [], ()),
        ((IN_MENTAL_HEALTH,), [("certified", "CPSSP-SU")], [], ("Certified for MH",)),
        ((PART_1, A_PEER), [("trained", "CPSSP-MH")], [], ("Part 1", "A certified peer")),
        ((PART_1, A_PEER), [("certified", "CPSSP-MH")], [], ("Part 1",)),
        ((PART_1, A_PEER), [("certified", "CPSSP-MH")], ["components_1"], ()),
    ],
)
def test_all_prerequisites_of_a_course_have_to_hold(asked, standings, completed, missing):
    assert CourseKind("x", prerequisites=asked).missing(standings, completed) == missing


def test_completed_courses_are_looked_up_only_where_one_is_asked_for():
    assert not CourseKind("x", prerequisites=(A_PEER,)).asks_for_courses
    assert CourseKind("x", prerequisites=(A_PEER, PART_1)).asks_for_courses


def test_mississippi_assumes_no_prerequisite_its_documents_do_not_name():
    assert {course.code: course.prerequisites for course in program(TODAY).courses if course.prerequisites} == {}


def test_every_course_of_the_documents_is_complete():
    """Who runs it, who may come, what it is about: nothing on a course's page is left blank."""
    courses = {course.code: course for course in program(TODAY).courses}

    assert list(courses) == ["cpss", "cpss_supervisor", "peer_bridger", "components_1", "components_2"]
    for course in courses.values():
        assert course.title and course.about and course.who and course.organiser and course.hours
    assert len(courses["cpss_supervisor"].topics) == 4
    assert [tier.kind for tier in courses["peer_bridger"].tiers] == ["employed", "certified", "trained"]
    for part in ("components_1", "components_2"):
        assert [tier.kind for tier in courses[part].tiers] == ["certified"]
        assert (courses[part].outside_tiers, len(courses[part].sponsors)) == ("refused", 3)
    taught_today = {one.code for one in program(TODAY).training_designations if "certification" in one.uses}
    assert taught_today <= set(courses["cpss"].designations)


@pytest.mark.parametrize("wrong", [{"kind": "certifed"}, {"kind": "completed"}, {"kind": "completed", "codes": []}])
def test_a_prerequisite_nobody_could_meet_is_refused_when_it_is_written(wrong):
    before = RuleVersion.objects.of("course", "components_2").latest("version")
    body = {**before.body, "prerequisites": [{"title": {"en": "Part 1"}, **wrong}]}
    wording = Wording(body, before.citation_title, before.citation_url, before.evidence_class, before.starts_on)

    with pytest.raises(NotAllowed) as refusal:
        change_rule("course", "components_2", wording, reason="A test.", by=None, at=datetime(2026, 11, 22, tzinfo=UTC))

    assert codes(refusal.value.reasons) == ["row_is_not_sound"]


def test_what_is_asked_depends_on_stage_and_designation():
    def codes(stage, designation):
        return {asked.code for asked in program(TODAY).requirements(stage, designation)}

    assert {"age_training_youth"} == codes("training", "CPSSP-Y") - codes("training", "CPSSP-MH")
    assert "lived_experience_parent" in codes("certification", "CPSSP-P")
    assert "support_hours" not in codes("training", "CPSSP-MH")
    assert codes("renewal", "CPSSP-MH") == {"employment", "education_hours", "in_service", "renewal_fee"}


def test_rules_already_read_cost_one_small_query(django_assert_num_queries):
    first = program(TODAY)

    with django_assert_num_queries(1):
        again = program(TODAY)

    assert again is first


def test_a_page_sees_one_state_of_the_rules_from_its_first_line_to_its_last(django_assert_num_queries):
    with looked_up_once():
        with django_assert_num_queries(1):
            first = program(TODAY)
            program(TODAY + timedelta(days=400))
        row = RuleVersion.objects.of("fee", "application").latest("version")
        dearer = Wording({**row.body, "cents": 12_345}, row.citation_title, "", row.evidence_class, row.starts_on)
        office = User.objects.create_user("admin@example.org")
        change_rule("fee", "application", dearer, reason="A test.", by=office, at=datetime(2026, 11, 22, tzinfo=UTC))
        assert program(TODAY) is first

    assert program(TODAY).fee("application") == 12_345 != first.fee("application")


def test_the_2021_calendar_speaks_of_courses_and_designations_the_rules_of_its_day_know():
    with (Path(__file__).parent.parent / "data" / "dmh-2021-calendar.csv").open() as file:
        rows = list(csv.DictReader(file))

    rules = program(IN_2021)
    found = {row["course"]: rules.course(row["course"]).code for row in rows}
    served = {
        rules.designation(name.strip()).code for row in rows for name in row["designations"].split(";") if name.strip()
    }

    assert found == {
        "CPSS basic training": "cpss",
        "CPSS Supervisor training": "cpss_supervisor",
        "Peer Bridger training": "peer_bridger",
        "Components of Recovery part 1": "components_1",
        "Components of Recovery part 2": "components_2",
    }
    assert served == {"TRAIN-AR", "TRAIN-PC", "TRAIN-YA", "CPSS-SUPERVISOR"}


def test_a_course_that_ended_is_still_found_for_those_who_are_in_it():
    row = RuleVersion.objects.of("course", "peer_bridger").latest("version")
    over = Wording(row.body, row.citation_title, "", row.evidence_class, row.starts_on, ends_on=TODAY)
    office = User.objects.create_user("admin@example.org")
    change_rule("course", "peer_bridger", over, reason="A test.", by=office, at=datetime(2026, 11, 22, tzinfo=UTC))

    assert "peer_bridger" not in {one.code for one in program(TODAY).courses}
    assert program(TODAY).course("peer_bridger").tiers
    with pytest.raises(NotInTheRules):
        program(TODAY).course("astronomy")
