"""Invented providers, courses on the calendar, scholarship rounds and the Board: what a year needs to stand on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.models import User
from applicants.models import RubricCriterion, ScholarshipRound
from applicants.workflow import open_round
from certification.models import Meeting
from certification.workflow import plan_meeting, seat_member
from employment.models import Provider
from employment.workflow import list_officer, list_provider
from programs.calendar import Deadline, local_moment
from programs.program import Rules, program
from trainings.models import TrainingSession
from trainings.rules import Plan, half_days
from trainings.workflow import plan_session, publish

MORNING_AND_AFTERNOON = ((time(9), time(12)), (time(13), time(16)))
MORNING = ((time(9), time(12)),)

PROVIDERS = (
    ("community_center", "Cypress Bend Services", "Central", "Marcus Bell", "supervisor", "601-555-0150"),
    ("community_center", "Tallahala Community Care", "South", "Rosa Delgado", "rosa.delgado", "601-555-0151"),
    ("state_program", "Pine Ridge State Program", "East", "Curtis Hale", "curtis.hale", "601-555-0152"),
    ("substance_use", "Yazoo Bluff House", "Delta", "Vera Simmons", "vera.simmons", "662-555-0153"),
    ("nonprofit", "Gulf Lantern Peers", "Coast", "Ellis Ward", "ellis.ward", "228-555-0154"),
)


def list_providers(by: User, at: datetime) -> dict[str, Provider]:
    """Five, all certified for years."""
    listed = {}
    for kind, name, region, officer, mailbox, phone in PROVIDERS:
        facts = {
            "kind": kind,
            "name": name,
            "region": region,
            "certified_from": at.date() - timedelta(days=900),
            "certified_until": at.date() + timedelta(days=1500),
            "email_domains": ["example.org"],
        }
        listed[name] = list_provider(facts, by=by, at=at)
        list_officer(listed[name].pk, name=officer, email=f"{mailbox}@example.org", phone=phone, by=by, at=at)
    return listed


def plan_class(
    kind: str,
    first: date,
    *,
    days: int,
    capacity: int,
    closes_before: int,
    by: User,
    at: datetime,
    designations: tuple[str, ...] = (),
    cost_cents: int = 0,
    hours: tuple[tuple[time, time], ...] = MORNING_AND_AFTERNOON,
    mode: str = "online",
    runs_with: int | None = None,
    mailed_before: int = 0,
    **more: Any,
) -> TrainingSession:
    """Planned and published. Registration closes on the working day `closes_before` days ahead of the first."""
    rules: Rules = program(at.date())
    calendar = rules.calendar
    closes_on = calendar.prior_working_day(first - timedelta(days=closes_before))
    last_offer_on = calendar.add_working_days(first, -3)
    meeting = f"https://meet.example.org/{kind.replace('_', '-')}-{first:%m%d}"
    plan = Plan(
        course=kind,
        half_days=half_days(first, first + timedelta(days=days - 1), hours, calendar),
        mode=mode,
        capacity=capacity,
        registration_closes_on=closes_on,
        documents_close_on=closes_on,
        allocation_on=calendar.add_working_days(closes_on, 3),
        last_offer_on=last_offer_on,
        opens_at=at,
        meeting_link=meeting if mode == "online" else "",
        dial_in="601-555-0148, passcode 2207#" if mode == "online" else "",
        cost_cents=cost_cents,
        designations=designations,
        minimum=runs_with,
        go_on=last_offer_on if runs_with else None,
        materials_by=calendar.prior_working_day(first - timedelta(days=mailed_before)) if mailed_before else None,
        **more,
    )
    session = plan_session(plan, by=by, at=at)
    return publish(session.pk, by=by, at=at)


RUBRIC = (  # name, what the writer reads, weight, and what 0, 2 and 4 mean
    (
        "Your reason",
        "We can tell why you want this.",
        30,
        "No reason given.",
        "A wish to help in general.",
        "A clear reason of your own.",
    ),
    (
        "What helped you",
        "You know what made a change.",
        20,
        "Nothing is named.",
        "Names what helped.",
        "Says how and why it helped.",
    ),
    (
        "Who you will help",
        "You have people in mind.",
        30,
        "No one is named.",
        "A group in general.",
        "People or a town you know.",
    ),
    (
        "Being ready",
        "You know what the class asks of you.",
        20,
        "No sign of a plan.",
        "Knows what is asked.",
        "Has made room for it.",
    ),
)


def plan_round(
    title: str,
    session: TrainingSession,
    *,
    opens_on: date,
    closes_on: date,
    decides_on: date,
    seats: int,
    by: User,
    at: datetime,
) -> ScholarshipRound:
    """Money and kept seats for one session, with its rubric, opened."""
    round_ = ScholarshipRound.objects.create(
        title=title,
        session=session,
        scholarship_seats=seats,
        covers="It pays the cost of the class. You pay nothing.",
        budget_cents=seats * 15_000,
        award_cents=15_000,
        opens_at=local_moment(opens_on, time(8)),
        closes_at=Deadline(closes_on).last_second,
        decides_on=decides_on,
        prompt="Why do you want this training? Tell us what helped you, and who you want to help.",
        min_words=40,
        max_words=500,
        answer_by_days=5,
    )
    for order, (name, about, weight, none, some, full) in enumerate(RUBRIC, start=1):
        RubricCriterion.objects.create(
            round=round_,
            order=order,
            name=name,
            about=about,
            weight=weight,
            anchor_0=none,
            anchor_2=some,
            anchor_4=full,
        )
    return open_round(round_.pk, by=by, at=at)


def seat_the_board(staff: dict[str, User], at: datetime) -> None:
    """Six of seven seats; the seventh is vacant."""
    for seat in range(1, 7):
        seat_member(
            staff[f"board{seat}"].pk,
            seat,
            starts_on=at.date() - timedelta(days=400),
            ends_on=at.date() + timedelta(days=1400),
            by=staff["director"],
            at=at,
            is_chair=seat == 1,
        )


def call_meeting(day: date, *, by: User, at: datetime) -> Meeting:
    packets_by = program(at.date()).calendar.add_working_days(day, -10)
    return plan_meeting(
        meets_at=local_moment(day, time(10)),
        packet_deadline_at=Deadline(packets_by, time(17)).last_second,
        location="Central office, room 4B, and online",
        by=by,
        at=at,
    )
