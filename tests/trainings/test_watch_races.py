"""Two presses and two published sessions at the same instant, on PostgreSQL; and the controls that show it can fail."""

from datetime import timedelta
from time import sleep

import pytest
from django.db.models import QuerySet

from notifications.models import Message
from tests.trainings.factories import FIRST_DAY, NOON, person, plan
from tests.trainings.test_races import at_once
from trainings import workflow
from trainings.models import Watch
from trainings.models.line import WatchQuerySet
from trainings.workflow.watches import Wish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("pack"),
]


def drafts(count):
    return [
        workflow.plan_session(plan(first=FIRST_DAY + timedelta(weeks=9 * number)), by=person(), at=NOON)
        for number in range(count)
    ]


def publish_both(staff, planned):
    at_once(*(lambda one=one: workflow.publish(one.pk, by=staff, at=NOON) for one in planned))


def told():
    return Message.objects.filter(kind="training_opened").count()


def test_one_wish_pressed_eight_times_at_once_is_one_row_and_one_message():
    me = person()

    at_once(*(lambda: workflow.watch(Wish(mode="online"), person=me, by=me, at=NOON) for _press in range(8)))

    assert Watch.objects.count() == 1
    assert Message.objects.filter(kind="watch_kept").count() == 1


def test_two_sessions_published_at_once_tell_each_who_asked_once():
    people, planned, staff = [person() for _one in range(5)], drafts(2), person()
    for someone in people:
        workflow.watch(Wish(), person=someone, by=someone, at=NOON)

    publish_both(staff, planned)

    assert told() == 5
    assert not Watch.objects.still_open().exists()


def test_without_the_lock_the_same_people_are_told_twice(monkeypatch):
    """The control: read without a lock, and slowly, both sessions find the same people waiting."""
    someone, planned, staff = person(), drafts(2), person()
    workflow.watch(Wish(), person=someone, by=someone, at=NOON)

    def unlocked(rows, *_args, **_kwargs):
        return rows

    def slowly(rows, *names):
        found = list(QuerySet.select_related(rows, *names))
        sleep(1)
        return Found(found)

    class Found(list):
        def order_by(self, *_names):
            return self

    monkeypatch.setattr(WatchQuerySet, "select_for_update", unlocked)
    monkeypatch.setattr(WatchQuerySet, "select_related", slowly)
    publish_both(staff, planned)

    assert told() == 2
