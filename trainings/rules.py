"""Who comes first, who may sign up, how long an offer lasts, when somebody is done. Plain values in, reasons out."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from audit.reasons import Reason
from programs.calendar import ONE_DAY, Deadline, WorkCalendar

MORNING = time(8)  # when the portal begins its day's work
ONE_HOUR = timedelta(hours=1)


def course_code(kind: str) -> str:
    """The name of a course in addresses."""
    return kind.replace("_", "-")


def team_sees_until(last_day: date, days: int) -> date:
    """The last day on which the team of a class may look at it, counted in calendar days from its last half-day."""
    return last_day + days * ONE_DAY


def team_sees_last_days_from(today: date, days: int) -> date:
    """The same asked from the other end: classes that ended on this day or later are still open to their teams."""
    return today - days * ONE_DAY


# -- The order ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """All the order looks at."""

    registration: int
    tier: int
    received_at: datetime

    def stored(self) -> list[Any]:
        return [self.registration, self.tier, self.received_at.isoformat()]

    @classmethod
    def of(cls, stored: Sequence[Any]) -> Claim:
        return cls(stored[0], stored[1], datetime.fromisoformat(stored[2]))


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """Group first, then the time they signed up, then who was written down first."""
    return sorted(claims, key=lambda claim: (claim.tier, claim.received_at, claim.registration))


def match(line: Iterable[tuple[int, str]], seats: Iterable[tuple[int, str]]) -> list[tuple[int, int]]:
    """[(registration, seat)] in the order of the line. `line`: (registration, the block it signed up under or "");
    `seats`: (number, the block it is kept for or ""). Somebody of a block takes a seat of the block while there is
    one, and else stands with everybody."""
    free: dict[str, deque[int]] = {"": deque()}
    for number, kept_for in seats:
        free.setdefault(kept_for, deque()).append(number)
    given = []
    for registration, block in line:
        place = free.get(block) or free[""]
        if place:
            given.append((registration, place.popleft()))
    return given


def replay(run: Mapping[str, Any]) -> list[tuple[int, int]]:
    """A stored run of the allocator played again from what it looked at: who would get which seat."""
    blocks = {claim[0]: claim[3] for claim in run["claims"]}
    newcomers = [(claim.registration, blocks[claim.registration]) for claim in in_order(map(Claim.of, run["claims"]))]
    return match([*((key, block) for key, block in run["waited"]), *newcomers], run["free_seats"])


def ahead_by_tier(tiers_ahead: Iterable[int]) -> list[tuple[int, int]]:
    """[(group, how many)], lowest group first."""
    return sorted(Counter(tiers_ahead).items())


def share_seated(spot: int, seats_opened: Sequence[int]) -> tuple[int, int] | None:
    """In how many of the last sessions a person at this spot got a seat; nothing under three sessions, where a
    number would only pretend to know. `seats_opened`: how many in line were offered one, session by session."""
    if len(seats_opened) < 3:
        return None
    return sum(opened >= spot for opened in seats_opened), len(seats_opened)


# -- Signing up --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Door:
    """What a session says about who may come in, and when."""

    status: str
    opens_at: datetime
    deadline: Deadline
    is_allocated: bool = False
    designations: tuple[str, ...] = ()


@dataclass(frozen=True)
class NextDate:
    """The next session a person may still sign up for."""

    reference: str
    first: date
    last: date


def reasons_not_to_register(
    door: Door,
    *,
    arrived_at: datetime,
    tier: int | None,
    groups: Sequence[str] = (),
    designation: str = "",
    next_date: NextDate | None = None,
    missing: Sequence[str] = (),
) -> list[Reason]:
    """`tier` is the group the records prove; None where the course is closed to people outside its groups. `missing`
    is what the course asks for first and the records do not show (`CourseKind.missing`)."""
    if door.status == "cancelled":
        return [Reason("session_cancelled", next_date=next_date)]
    if door.status != "published":
        return [Reason("session_not_open")]
    if arrived_at < door.opens_at:
        return [Reason("registration_not_open_yet", opens_at=door.opens_at)]
    if not door.deadline.accepts(arrived_at):
        return [Reason("registration_closed", deadline=door.deadline, next_date=next_date)]
    if door.is_allocated:
        return [Reason("seats_are_set", next_date=next_date)]
    reasons = []
    if tier is None:
        reasons.append(Reason("not_open_to_you_yet", groups=tuple(groups)))
    if missing:
        reasons.append(Reason("prerequisite_missing", missing=tuple(missing)))
    if door.designations and designation not in door.designations:
        reasons.append(Reason("designation_not_taught"))
    return reasons


def reasons_not_to_move(
    *,
    is_published: bool,
    takes_registrations: bool,
    has_a_line: bool,
    may_still_offer: bool,
    designations: Sequence[str],
    designation: str,
) -> list[Reason]:
    """Another date for a spot that is there already. Between the last day to apply and the day the seats are set
    nobody joins: what was told to people about their chances then has to stay true."""
    if not is_published or not (takes_registrations or (has_a_line and may_still_offer)):
        return [Reason("date_not_open")]
    if designations and designation not in designations:
        return [Reason("designation_not_taught")]
    return []


# -- Offers ------------------------------------------------------------------------------------------------


def offer_expires_at(offered_at: datetime, *, starts_at: datetime, hours: int) -> datetime:
    """The full time, to the next whole hour; near the session it ends a day before class, and on the last day
    with class itself."""
    whole_hour = offered_at.replace(minute=0, second=0, microsecond=0)
    full = (whole_hour if whole_hour == offered_at else whole_hour + ONE_HOUR) + timedelta(hours=hours)
    latest = starts_at - ONE_DAY if offered_at + ONE_HOUR < starts_at - ONE_DAY else starts_at
    return min(full, latest)


WAIT_FOR_ACCESS = timedelta(hours=24)  # from our answer about what helps them take part


def offer_waits_until(expires_at: datetime, *, answered_at: datetime, starts_at: datetime) -> datetime:
    """An offer that was out while we arranged how they take part: at least a day from our answer, if class allows."""
    return max(expires_at, min(answered_at + WAIT_FOR_ACCESS, starts_at))


def may_offer(day: date, *, last_offer_on: date, first_day: date) -> bool:
    return day <= last_offer_on and day < first_day


# -- Class, test, done -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExamRule:
    pass_mark: int
    attempts: int
    wait_days: int


def next_try_on(score: int, *, number: int, taken_on: date, rule: ExamRule) -> date | None:
    """When the test may be taken again; nothing after a pass or the last try."""
    if score >= rule.pass_mark or number >= rule.attempts:
        return None
    return taken_on + rule.wait_days * ONE_DAY


def reasons_not_to_sit(
    *, taken_on: date, today: date, first_day: date, has_passed: bool, taken: int, next_on: date | None, rule: ExamRule
) -> list[Reason]:
    if has_passed:
        return [Reason("exam_already_passed")]
    if taken >= rule.attempts:
        return [Reason("exam_attempts_used", attempts=rule.attempts)]
    if taken_on > today:
        return [Reason("day_still_to_come")]
    if taken_on < first_day:
        return [Reason("exam_before_class", first_day=first_day)]
    if next_on is not None and taken_on < next_on:
        return [Reason("exam_too_soon", next_on=next_on)]
    return []


def reasons_not_to_correct(*, was_taken_again: bool, has_certificate: bool) -> list[Reason]:
    """A score that something stands on by now stays."""
    if has_certificate:
        return [Reason("certificate_is_out")]
    return [Reason("next_try_was_taken")] if was_taken_again else []


@dataclass(frozen=True)
class Mark:
    """One half-day of one person by the trainer's list. `missed`: minutes out of a half-day they were there for;
    `care`: those of them spent caring for someone or themselves."""

    there: bool
    missed: int = 0
    care: int = 0


@dataclass(frozen=True)
class Sat:
    """A half-day with its length in minutes, as it was marked and as it was made up later."""

    length: int
    mark: Mark | None = None
    made_up: Mark | None = None

    @property
    def counted(self) -> Mark | None:
        """What was made up stands in for what was missed."""
        return self.made_up if self.made_up and self.made_up.there else self.mark

    @property
    def missed(self) -> int:
        if self.counted is None:
            return 0
        return self.counted.missed if self.counted.there else self.length

    @property
    def present(self) -> int:
        """True minutes in the room, care time not among them."""
        return self.length - self.missed if self.counted and self.counted.there else 0


def reasons_not_to_mark(mark: Mark, length: int) -> list[Reason]:
    if mark.missed < 0 or mark.care < 0 or mark.missed >= length > 0:
        return [Reason("minutes_out_of_range", length=length)]
    if mark.care > mark.missed:
        return [Reason("care_time_not_missed")]
    return []


def minutes_missed(half_days: Iterable[Sat], *, care_limit: int) -> int:
    """What counts as missed: all of it, less the care time up to the course's limit."""
    sat = list(half_days)
    care = sum(one.counted.care for one in sat if one.counted and one.counted.there)
    return sum(one.missed for one in sat) - min(care, care_limit)


def minutes_present(half_days: Iterable[Sat]) -> int:
    return sum(one.present for one in half_days)


def reasons_not_complete(
    *, unmarked: int, missed: int, may_miss: int, has_exam: bool, has_passed: bool, class_is_over: bool = True
) -> list[Reason]:
    """`missed` and `may_miss` in minutes."""
    reasons = []
    if not class_is_over:
        reasons.append(Reason("class_not_over"))
    if unmarked:
        reasons.append(Reason("half_days_not_marked", count=unmarked))
    if missed > may_miss:
        reasons.append(Reason("time_missed", missed=missed, may_miss=may_miss))
    if has_exam and not has_passed:
        reasons.append(Reason("exam_not_passed_yet"))
    return reasons


def reasons_not_to_say_absent(*, half_days_there: int) -> list[Reason]:
    """Who was in class for a part of it stopped early; only somebody never marked there did not attend."""
    return [Reason("was_in_class", count=half_days_there)] if half_days_there else []


# -- Calendars ---------------------------------------------------------------------------------------------


def dropped_days(before: Sequence[Any], dropped: Sequence[Any], now: Sequence[Any]) -> list[Any]:
    """Days are numbered, and calendars know them by their number. After a move to fewer days those beyond the last
    are still to be called off, with the time they were told for; after a move to more the numbers live again."""
    return [*before, *dropped][len(now) :]


# -- Planning ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """A session as typed. Dates are local; the last seconds of both deadlines are stored beside their days."""

    course: str
    half_days: tuple[tuple[datetime, datetime], ...]
    mode: str
    capacity: int
    registration_closes_on: date
    documents_close_on: date
    allocation_on: date
    last_offer_on: date
    opens_at: datetime
    registration_closes_time: time = time(23, 59, 59)
    documents_close_time: time = time(23, 59, 59)
    location: str = ""
    meeting_link: str = ""
    dial_in: str = ""
    cost_cents: int = 0
    designations: tuple[str, ...] = ()
    county: str = ""
    host_sites: tuple[str, ...] = ()
    who_may_pay: str = ""
    covered: str = ""
    materials_by: date | None = None
    data_and_device: str = ""
    minimum: int | None = None
    go_on: date | None = None
    is_first_come: bool = field(default=False, compare=False)


def days_between(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def half_days(
    first: date, last: date, hours: Sequence[tuple[time, time]], calendar: WorkCalendar
) -> tuple[tuple[datetime, datetime], ...]:
    """The same hours on every day, as moments: a clock change between two days moves none of them."""
    return tuple(
        (calendar.local_moment(day, start), calendar.local_moment(day, end))
        for day in days_between(first, last)
        for start, end in hours
    )


def reasons_not_to_plan(plan: Plan, calendar: WorkCalendar) -> list[Reason]:
    if not plan.half_days:
        return [Reason("session_without_hours")]
    pairs = list(zip(plan.half_days, plan.half_days[1:], strict=False))
    if any(start >= end for start, end in plan.half_days) or any(a[1] > b[0] for a, b in pairs):
        return [Reason("half_days_overlap")]
    first_day = calendar.local_day(plan.half_days[0][0])
    reasons = []
    if plan.capacity < 1:
        reasons.append(Reason("session_without_seats"))
    if plan.registration_closes_on >= first_day:
        reasons.append(Reason("closes_after_class_begins", first_day=first_day))
    if not plan.is_first_come and plan.allocation_on <= max(plan.registration_closes_on, plan.documents_close_on):
        reasons.append(Reason("allocated_before_deadline"))
    if not plan.is_first_come and plan.allocation_on >= first_day:
        reasons.append(Reason("allocated_after_class_begins", first_day=first_day))
    if plan.documents_close_on >= first_day:
        reasons.append(Reason("papers_after_class_begins", first_day=first_day))
    if plan.last_offer_on >= first_day:
        reasons.append(Reason("offers_after_class_begins", first_day=first_day))
    first_offers_on = calendar.local_day(plan.opens_at) if plan.is_first_come else plan.allocation_on
    if plan.last_offer_on < first_offers_on < first_day:
        reasons.append(Reason("offers_end_too_early", day=first_offers_on))
    if plan.materials_by and plan.materials_by >= first_day:
        reasons.append(Reason("mailed_after_class_begins", first_day=first_day))
    if plan.opens_at >= calendar.deadline(plan.registration_closes_on, plan.registration_closes_time).closes_at:
        reasons.append(Reason("opens_after_it_closes"))
    return [*reasons, *_reasons_about_the_minimum(plan, first_day)]


def _reasons_about_the_minimum(plan: Plan, first_day: date) -> list[Reason]:
    if bool(plan.minimum) != bool(plan.go_on):
        return [Reason("minimum_without_its_day")]
    reasons = []
    if plan.minimum and plan.minimum > plan.capacity:
        reasons.append(Reason("minimum_over_seats", seats=plan.capacity))
    if plan.go_on and plan.go_on >= first_day:
        reasons.append(Reason("decided_after_class_begins", first_day=first_day))
    return reasons


def worth_a_look(plan: Plan, calendar: WorkCalendar, *, counts_for: float) -> list[Reason]:
    """Not wrong, but unusual: a day the offices are closed, or class time far from the hours the course counts for.
    The weekday is computed, never typed."""
    class_days = sorted({calendar.local_day(start) for start, _end in plan.half_days})
    named = [("class_on", day) for day in class_days]
    named += [("opens_on", calendar.local_day(plan.opens_at))]
    named += [("deadline_on", plan.registration_closes_on), ("papers_due_on", plan.documents_close_on)]
    named += [] if plan.is_first_come else [("seats_set_on", plan.allocation_on)]
    named += [("offers_end_on", plan.last_offer_on)]
    named += [("decided_on", plan.go_on)] if plan.go_on else []
    named += [("mailed_on", plan.materials_by)] if plan.materials_by else []
    closed = [
        Reason(
            "closed_day",
            what=what,
            day=day,
            holiday=calendar.holiday(day),
            closest=calendar.closest_working_day(day),
        )
        for what, day in named
        if not calendar.is_working_day(day)
    ]
    return [*closed, *_far_from_its_hours(plan, counts_for)]


def _far_from_its_hours(plan: Plan, counts_for: float) -> list[Reason]:
    """Breaks and homework make a difference; half of it, or more than twice, is a slip. A course without hours counts
    the time somebody was there."""
    planned = int(sum((end - start).total_seconds() for start, end in plan.half_days) // 60)
    counted = round(60 * counts_for)
    if not counted or counted / 2 <= planned <= 2 * counted:
        return []
    return [Reason("hours_far_from_course", planned=planned, counted=counted)]
