"""A read compiled once gives what the QuerySet gives, however often and with whatever values."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Standing
from programs.prepared import Prepared
from tests.trainings.factories import FIRST_DAY, person, session, standing
from trainings.models import TrainingSession

pytestmark = pytest.mark.django_db


def test_it_gives_models_with_what_they_select_along():
    wanted = session()
    session(first=FIRST_DAY.replace(month=10))
    read = Prepared("pk", build=lambda pk: TrainingSession.objects.select_related("course").filter(pk=pk))

    with CaptureQueriesContext(connection) as captured:
        (found,) = read(pk=wanted.pk)
        title = found.course.title

    expected = TrainingSession.objects.get(pk=wanted.pk)
    fields = [field.attname for field in TrainingSession._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(expected, name) for name in fields]
    assert (title, len(captured)) == (expected.course.title, 1)


def test_it_gives_tuples_and_takes_other_values_each_time():
    first, second = person(), person()
    standing(first, "trained", "CPSSP-MH", until=date(2027, 1, 1))
    standing(second, "certified", "CPSSP-SU")
    read = Prepared(
        "person",
        "day",
        build=lambda person, day: Standing.objects.in_force(on=day).filter(person=person).values_list("kind", "code"),
    )

    asked = [(first, date(2026, 12, 31)), (first, date(2027, 1, 1)), (second, date(2027, 1, 1))]
    assert [read(person=who.pk, day=day) for who, day in asked] == [
        [("trained", "CPSSP-MH")],
        [],
        [("certified", "CPSSP-SU")],
    ]
