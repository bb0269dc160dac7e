"""Somebody is taken off the team while they press Save, on PostgreSQL; and the control that shows it can fail."""

from threading import Event
from time import sleep

import pytest
from django.db import transaction

from audit.reasons import NotAllowed
from tests.trainings.factories import trainer
from tests.trainings.test_races import at_once
from tests.trainings.test_team import team_of
from tests.trainings.test_workflow import in_class
from trainings import workflow
from trainings.models import Attendance, TeamMember, TrainingSession
from trainings.workflow import classroom

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pack")]


def mark_while_taken_off():
    """The office has pressed and not committed yet; then the team presses. True where the marks were kept."""
    where, [mine] = in_class()
    fay, staff = team_of(where), trainer()
    member, half = TeamMember.objects.get(), where.half_days.first()
    is_off, kept = Event(), []

    def take_off():
        with transaction.atomic():
            workflow.leave_team(member.pk, by=staff, at=where.ends_at)
            is_off.set()
            sleep(1)

    def mark():
        is_off.wait(10)
        try:
            workflow.mark_session(where.pk, {(mine.pk, half.pk): True}, by=fay, at=where.ends_at, as_team=True)
        except NotAllowed as refusal:
            kept.append([reason.code for reason in refusal.reasons])

    at_once(take_off, mark)
    return Attendance.objects.exists(), kept


def test_marks_pressed_while_somebody_is_taken_off_are_refused():
    assert mark_while_taken_off() == (False, [["not_on_the_team"]])


def test_without_the_lock_such_marks_are_kept(monkeypatch):
    """The control: the session is only read, so the team still looks as it did."""

    def only_read(keys):
        return {one.pk: one for one in TrainingSession.objects.select_related("course").filter(pk__in=set(keys))}

    monkeypatch.setattr(classroom, "lock_sessions", only_read)

    assert mark_while_taken_off() == (True, [])


@pytest.mark.parametrize("turn", range(3))
def test_one_person_named_twice_at_once_is_on_the_team_once(turn):
    where, _spots = in_class()
    member = team_of(where)
    workflow.leave_team(TeamMember.objects.get().pk, by=trainer(), at=where.starts_at)
    staff = trainer()

    at_once(
        *(
            lambda part=part: workflow.join_team(where.pk, member.pk, part, by=staff, at=where.starts_at)
            for part in ("facilitator", "coordinator", "facilitator")
        )
    )

    assert TeamMember.objects.standing().filter(session=where, person=member).count() == 1
