"""The line as a whole, against a small oracle that does one thing after the other and knows no database.

Hypothesis makes up what people and staff do; after each step both must agree on everybody, and what must always hold
is looked up in the rows. `EXAMPLES=500 make test ARGS="tests/trainings/test_machine.py"` looks longer.
"""

import os
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.workflow import grant_standing, withdraw_standings
from audit.models import Entry
from notifications.models import Message
from programs.calendar import local_day
from tests.trainings.factories import ALLOCATION, NOON, person, session, standing, trainer
from trainings import rules, workflow
from trainings.models import Allocation, Registration, TrainingSession
from trainings.workflow import allocator
from trainings.workflow.sessions import plan_of

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("EXAMPLES", "25"))
HOUR = timedelta(hours=1)
HELD = ("offered", "confirmed")
IN_LINE = ("received", "admitted", "waiting")
PEOPLE = range(6)
WHICH = st.integers(0, 11)
OTHERS = 4  # the group behind the last one


@dataclass
class Somebody:
    """One person as the oracle knows them."""

    status: str = ""
    received_at: datetime = NOON
    groups: set[int] = field(default_factory=set)
    expires_at: datetime = NOON
    rank: int = 0

    @property
    def is_live(self) -> bool:
        return self.status in (*IN_LINE, *HELD, "paused")

    @property
    def group(self) -> int:
        return min(self.groups, default=OTHERS)


@dataclass
class Oracle:
    """The rules of the line once more, in the plainest way: lists, no locks, no rows."""

    by_application: bool
    capacity: int
    closes_at: datetime
    starts_at: datetime
    last_offer_on: date
    people: dict[int, Somebody] = field(default_factory=lambda: {key: Somebody() for key in PEOPLE})
    is_allocated: bool = False
    is_over: bool = False
    ranks: count = field(default_factory=lambda: count(1))
    offers: int = 0

    def of(self, *statuses: str) -> list[int]:
        return [key for key, one in self.people.items() if one.status in statuses]

    @property
    def free(self) -> int:
        return max(self.capacity - len(self.of(*HELD)), 0)

    def in_order(self, keys: list[int]) -> list[int]:
        group = (lambda one: 1) if self.by_application else (lambda one: one.group)
        return sorted(keys, key=lambda key: (group(self.people[key]), self.people[key].received_at))

    @property
    def line(self) -> list[int]:
        return sorted(self.of("waiting"), key=lambda key: self.people[key].rank)

    def rank(self, keys: list[int]) -> None:
        for key in keys:
            self.people[key].rank, self.people[key].status = next(self.ranks), "waiting"

    def give(self, at: datetime) -> None:
        """Whoever was admitted since joins the end; then free seats are offered from the front."""
        if not self.is_allocated or self.is_over:
            return
        self.rank(self.in_order(self.of("admitted")))
        if local_day(at) > self.last_offer_on or at >= self.starts_at:
            return
        for key in self.line[: self.free]:
            self.people[key].status, self.offers = "offered", self.offers + 1
            self.people[key].expires_at = rules.offer_expires_at(at, starts_at=self.starts_at, hours=72)

    def secure(self) -> None:
        if self.by_application or self.is_allocated:
            return
        arrived = sorted(self.of("admitted"), key=lambda key: self.people[key].received_at)
        for key in [key for key in arrived[: self.free] if self.people[key].group == 1]:
            self.people[key].status = "confirmed"

    def allocate(self) -> None:
        free, ranked = self.free, self.in_order(self.of("admitted"))
        self.rank(ranked)
        for key in ranked[:free]:
            self.people[key].status = "confirmed"
        self.is_allocated = True

    def tick(self, at: datetime) -> None:
        over = [key for key in self.of("offered") if self.people[key].expires_at <= at]
        for key in sorted(over, key=lambda key: self.people[key].expires_at):
            self.people[key].status = "ran_out"
            self.give(at)
        if at >= self.starts_at:
            for key in self.of(*IN_LINE):
                self.people[key].status = "not_seated"
            self.is_over = True
            return
        if at >= self.closes_at:
            self.secure()
        if at >= ALLOCATION and not self.is_allocated:
            self.allocate()


class TheLine(RuleBasedStateMachine):
    """What may happen, one step a rule. Time moves a minute with each step, so that no two people came together."""

    @initialize(course=st.sampled_from(["cpss", "peer_bridger"]), capacity=st.integers(1, 3))
    def open(self, course, capacity):
        self.world = transaction.atomic()
        self.world.__enter__()
        self.at = NOON
        self.staff = trainer()
        self.session = session(course, by=self.staff, capacity=capacity, meeting_link="")
        self.somebody = {key: person() for key in PEOPLE}
        self.oracle = Oracle(
            by_application=course == "cpss",
            capacity=capacity,
            closes_at=self.session.registration_closes_at,
            starts_at=self.session.starts_at,
            last_offer_on=self.session.last_offer_on,
        )
        for key, someone in self.somebody.items():
            standing(someone, "trained", "CPSSP-MH")
            self.oracle.people[key].groups.add(3)

    def teardown(self):
        if hasattr(self, "world"):
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    def step(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    @staticmethod
    def one_of(keys, which):
        """One of those it can concern; nobody where it can concern nobody."""
        return keys[which % len(keys)] if keys else None

    def groups(self, key) -> set[int]:
        return self.oracle.people[key].groups

    def spot(self, key) -> Registration:
        return Registration.objects.filter(person=self.somebody[key]).latest("pk")

    def try_(self, act, *, expected: bool) -> bool:
        """The portal must agree about what is possible, and a refusal changes nothing."""
        try:
            with transaction.atomic():
                act()
        except workflow.NotAllowed as refusal:
            assert not expected, refusal
        else:
            assert expected
        return expected

    # -- People

    @rule(which=WHICH)
    def register(self, which):
        at, oracle = self.step(), self.oracle
        key = self.one_of([key for key, one in oracle.people.items() if not one.is_live], which)
        if key is None:
            return
        designation = self.session.designations[0] if self.session.designations else ""
        one, someone = oracle.people[key], self.somebody[key]
        may = at < oracle.closes_at and not oracle.is_allocated and (oracle.by_application or bool(one.groups))
        if self.try_(
            lambda: workflow.register(
                self.session.pk, person_id=someone.pk, designation=designation, received_at=at, by=someone, at=at
            ),
            expected=may,
        ):
            one.status, one.received_at = ("received" if oracle.by_application else "admitted"), at

    @rule(which=WHICH)
    def three_sign_up(self, which):
        for _ in range(3):
            self.register(which=which)

    @rule(which=WHICH)
    def withdraw(self, which):
        self._leave(which, workflow.withdraw, "withdrawn")

    @rule(which=WHICH)
    def pause(self, which):
        self._leave(which, workflow.pause, "paused")

    def _leave(self, which, verb, status):
        at = self.step()
        live = [key for key, one in self.oracle.people.items() if one.is_live and one.status != status]
        key = self.one_of(live, which)
        if key is None:
            return
        one = self.oracle.people[key]
        had_a_seat, may = one.status in HELD, at < self.oracle.starts_at
        if self.try_(lambda: verb(self.spot(key).pk, by=self.somebody[key], at=at), expected=may):
            one.status = status
            if had_a_seat:
                self.oracle.give(at)

    @rule(which=WHICH, says_yes=st.booleans())
    def answer(self, which, says_yes):
        at = self.step()
        key = self.one_of(self.oracle.of("offered"), which)
        if key is None:
            return
        one = self.oracle.people[key]
        verb = workflow.accept if says_yes else workflow.decline
        if self.try_(lambda: verb(self.spot(key).pk, by=self.somebody[key], at=at), expected=at < one.expires_at):
            one.status = "confirmed" if says_yes else "declined"
            if not says_yes:
                self.oracle.give(at)

    # -- Staff and employers

    @rule(which=WHICH)
    def admit(self, which):
        at = self.step()
        key = self.one_of(self.oracle.of("received"), which)
        if key is None:
            return
        workflow.admit(self.spot(key).pk, by=self.staff, at=at)
        self.oracle.people[key].status = "admitted"
        self.oracle.give(at)

    @rule(which=WHICH)
    def verify_a_job(self, which):
        at = self.step()
        key = self.one_of([key for key in self.oracle.of("admitted", "") if 1 not in self.groups(key)], which)
        if key is None:
            return
        grant_standing(
            self.somebody[key].pk,
            "employed",
            "peer_bridger",
            starts_on=date(2027, 1, 4),
            source=f"JOB-{key}",
            by=self.staff,
            at=at,
        )
        self.groups(key).add(1)

    @rule(which=WHICH)
    def end_a_job(self, which):
        at = self.step()
        key = self.one_of([key for key in PEOPLE if 1 in self.groups(key)], which)
        if key is None:
            return
        withdraw_standings(self.somebody[key].pk, source=f"JOB-{key}", by=self.staff, at=at)
        self.groups(key).discard(1)

    @rule(capacity=st.integers(1, 4))
    def set_capacity(self, capacity):
        at = self.step()
        if at >= self.oracle.starts_at:
            return
        now = TrainingSession.objects.get(pk=self.session.pk)
        workflow.change_session(now.pk, replace(plan_of(now), capacity=capacity), by=self.staff, at=at)
        self.oracle.capacity = capacity
        self.oracle.give(at)

    @rule()
    def set_the_seats(self):
        at, oracle = self.step(), self.oracle
        if oracle.is_over:
            return
        may = oracle.is_allocated or local_day(at) >= local_day(ALLOCATION)
        was_allocated = oracle.is_allocated
        if self.try_(lambda: workflow.allocate(self.session.pk, at=at, by=self.staff), expected=may):
            oracle.give(at) if was_allocated else oracle.allocate()

    # -- The clock

    @rule(hours=st.sampled_from([1, 5, 26, 71, 120, 200]))
    def wait(self, hours):
        self.at += hours * HOUR
        workflow.keep_time(at=self.at)
        self.oracle.tick(self.at)

    @precondition(lambda self: not self.oracle.is_allocated)
    @rule()
    def wait_until_the_seats_are_set(self):
        self.at = max(self.at, ALLOCATION)
        workflow.keep_time(at=self.at)
        self.oracle.tick(self.at)

    # -- What must hold after every step

    @invariant()
    def both_agree_on_everybody(self):
        spots = {spot.person_id: spot.status for spot in Registration.objects.order_by("pk")}
        ours = {key: spots.get(someone.pk, "") for key, someone in self.somebody.items()}
        assert ours == {key: one.status for key, one in self.oracle.people.items()}

    @invariant()
    def both_agree_on_the_line(self):
        waiting = self.session.registrations.in_line().values_list("person", flat=True)
        assert list(waiting) == [self.somebody[key].pk for key in self.oracle.line]

    @invariant()
    def no_seat_is_given_twice_or_beyond_the_capacity(self):
        held = list(Registration.objects.with_a_seat().values_list("seat", flat=True))
        assert len(set(held)) == len(held) == len(self.oracle.of(*HELD))
        assert self.session.seats.open().count() == max(self.oracle.capacity, len(held)) or not self._is_settled()

    def _is_settled(self) -> bool:
        """Surplus seats close when the allocator next looks; before the seats are set it has no reason to."""
        return self.oracle.is_allocated and not self.oracle.is_over

    @invariant()
    def every_run_replays_from_what_it_stored(self):
        for run in Allocation.objects.all():
            given = [(key, number) for key, number, _status in run.given]
            assert rules.replay(vars(run))[: len(given)] == given

    @invariant()
    def every_offer_stands_in_the_history_and_is_told_once(self):
        offered = Entry.objects.filter(event="trainings.seat_offered", subject_kind="trainings.registration").count()
        assert offered == self.oracle.offers
        assert Message.objects.filter(kind="seat_offered").count() == offered


def test_the_line_does_what_the_oracle_says():
    run_state_machine_as_test(
        TheLine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def by_hand():
    """Two sign up for one seat, and the second proves a job before the seats are set."""
    walk = TheLine()
    walk.open(course="peer_bridger", capacity=1)
    walk.register(which=0)
    walk.register(which=0)
    walk.verify_a_job(which=1)
    walk.wait_until_the_seats_are_set()
    try:
        walk.both_agree_on_everybody()
    finally:
        walk.teardown()


def test_the_oracle_agrees_on_a_walk_by_hand():
    by_hand()


def test_the_oracle_notices_an_allocator_that_forgets_the_groups(monkeypatch):
    """The control of the two."""
    monkeypatch.setattr(allocator, "_claim", lambda session, spot: rules.Claim(spot.pk, 0, spot.received_at))

    with pytest.raises(AssertionError):
        by_hand()
