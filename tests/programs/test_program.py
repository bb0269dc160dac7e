import csv
from datetime import date
from pathlib import Path

import pytest

from programs.program import NotInTheRules, program

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
