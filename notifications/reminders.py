"""The planning sweep: which reminders are owed today, which are no longer needed, which came too late.

It may run at any time and any number of times: keys are unique, and what is there is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Helper
from applicants.models import Award, Reference, ScholarshipApplication, ScholarshipRound, TrainingApplication
from audit.owed import Owed
from certification.models import CertificationApplication, Credential, Meeting
from certification.models import Status as FileStatus
from employment.models import Verification
from notifications import rules, workflow
from notifications.kinds import REMINDERS
from notifications.messages.applications import award_facts, reference_facts, reference_page, scholarship_facts
from notifications.messages.certification import credential_facts, file_facts
from notifications.messages.employment import request_facts, waiting_facts
from notifications.messages.facts import application_facts, iso, spot_facts
from notifications.messages.mail import To
from notifications.messages.people import helper_facts
from notifications.messages.trainings import offer_facts
from notifications.models import Message
from notifications.rules import ANSWER_STEPS, DEADLINE_STEPS, EXPIRY_STEPS, PAUSE_STEPS
from programs.calendar import add_months, local_day, local_moment
from trainings.models import Block, Registration, TrainingSession
from trainings.models import Status as SpotStatus
from trainings.workflow.moves import PAUSE_MONTHS

Status = Owed.Status

AHEAD = timedelta(days=max(DEADLINE_STEPS) + 1)
BEHIND = timedelta(days=3)  # how long after its end a reminder that never went is still written down as missed
ASK_AGAIN_AFTER = timedelta(days=5)
AWARD_STEPS = (3, 1)


@dataclass(frozen=True)
class Matter:
    """Something with an end, and somebody who is reminded of it."""

    kind: str
    reference: str
    since: datetime
    ends_at: datetime | date
    steps: Collection[int]
    facts: Callable[[], dict[str, Any]] = field(compare=False)
    to: To
    once_for: int = 0  # reminded once for this version of a link, not at steps before the end

    @property
    def ends_on(self) -> date:
        return local_day(self.ends_at) if isinstance(self.ends_at, datetime) else self.ends_at

    def key(self, step: int | None) -> str:
        return f"{self.kind}:{self.reference}:{self.ends_on}:{f'v{self.once_for}' if step is None else step}"

    @property
    def end_fact(self) -> dict[str, str | None]:
        return {"due_at" if isinstance(self.ends_at, datetime) else "due_on": iso(self.ends_at)}


@transaction.atomic
def plan(*, at: datetime) -> None:
    once = {matter.key(None): matter for matter in _asked_again(at)}
    by_step = list(_before_their_end(at))
    now_due = _with_keys(by_step, at, rules.step_due)
    wanted = once | now_due | _for_helpers(now_due)
    _call_off_the_rest(set(wanted))
    _owe_new(wanted, at)
    _record_missed(_with_keys(by_step, at, rules.step_missed), at)


def _with_keys(matters: list[Matter], at: datetime, step_of: Callable[..., int | None]) -> dict[str, Matter]:
    today, found = local_day(at), {}
    for matter in matters:
        step = step_of(today=today, ends_on=matter.ends_on, since=local_day(matter.since), steps=matter.steps)
        if step is not None:
            found[matter.key(step)] = matter
    return found


def _for_helpers(now_due: dict[str, Matter]) -> dict[str, Matter]:
    """Whoever the person named hears of the same day, and only that it is near. What is on pause is left in peace."""
    theirs = {key: one for key, one in now_due.items() if one.to.person and one.kind != "pause_ending"}
    if not theirs:
        return {}
    people = {one.to.person for one in theirs.values()}
    helpers = {one.person_id: one for one in Helper.objects.filter(person__in=people, withdrawn_at=None)}
    found = {}
    for key, matter in theirs.items():
        person = matter.to.person
        assert person is not None
        helper = helpers.get(person.pk)
        if helper:
            found[f"helper_date:{helper.pk}:{key}"] = replace(
                matter,
                kind="helper_date",
                facts=partial(helper_facts, helper, person),
                to=To(address=helper.email, name=helper.name),
            )
    return found


def _call_off_the_rest(wanted: set[str]) -> None:
    """Sent in meanwhile, moved, withdrawn: what was owed for it is not sent. What is wanted again is revived."""
    planned = Message.objects.filter(kind__in=REMINDERS)
    owed = dict(planned.still_owed().values_list("key", "pk"))
    moot = [pk for key, pk in owed.items() if key not in wanted]
    if moot:
        planned.filter(pk__in=moot, status=Status.OWED).update(status=Status.CANCELLED)


def _owe_new(wanted: dict[str, Matter], at: datetime) -> None:
    known = dict(Message.objects.filter(key__in=list(wanted)).values_list("key", "status"))
    again = [key for key, status in known.items() if status == Status.CANCELLED]
    if again:
        Message.objects.filter(key__in=again, status=Status.CANCELLED).update(status=Status.OWED)
    drafts = [_draft(matter, key, at) for key, matter in wanted.items() if key not in known]
    if drafts:
        workflow.owe(drafts, at=at)


def _draft(matter: Matter, key: str, at: datetime) -> workflow.Draft:
    return workflow.Draft(
        key=key,
        kind=matter.kind,
        due_at=_morning(matter, at),
        person=matter.to.person,
        to_address=matter.to.address,
        to_name=matter.to.name,
        about=matter.reference,
        facts=matter.facts() | matter.end_fact,
    )


def _morning(matter: Matter, at: datetime) -> datetime:
    """Nine o'clock, unless the end comes first."""
    morning = local_moment(local_day(at), rules.MORNING)
    ends_first = isinstance(matter.ends_at, datetime) and matter.ends_at <= morning
    return at if ends_first else morning


def _record_missed(missed: dict[str, Matter], at: datetime) -> None:
    """The end has passed and nobody was reminded: written down, not sent."""
    known = set(Message.objects.filter(key__in=list(missed)).values_list("key", flat=True))
    drafts = [_draft(matter, key, at) for key, matter in missed.items() if key not in known]
    if drafts:
        workflow.record_missed(drafts, at=at)


# -- What has an end ---------------------------------------------------------------------------------------


def _before_their_end(at: datetime) -> Iterator[Matter]:
    yield from _application_drafts(at)
    yield from _returned_applications(at)
    yield from _essay_drafts(at)
    yield from _offers(at)
    yield from _awards(at)
    yield from _pauses(at)
    yield from _files(at)
    yield from _credentials(at)


def _asked_again(at: datetime) -> Iterator[Matter]:
    """Once, after five days: to whoever was asked, and to the person who waits."""
    yield from _questions_to_employers(at)
    yield from _references(at)


def _application_drafts(at: datetime) -> Iterator[Matter]:
    drafts = TrainingApplication.objects.filter(
        status=TrainingApplication.Status.DRAFT,
        session__registration_closes_at__range=(at - BEHIND, at + AHEAD),
        session__status=TrainingSession.Status.PUBLISHED,
    ).select_related("person", "session__course")
    for draft in drafts:
        yield Matter(
            "application_deadline",
            draft.reference,
            draft.started_at,
            draft.session.registration_deadline.last_second,
            DEADLINE_STEPS,
            partial(application_facts, draft),
            To(draft.person),
        )


def _returned_applications(at: datetime) -> Iterator[Matter]:
    today = local_day(at)
    returned = TrainingApplication.objects.filter(
        status=TrainingApplication.Status.RETURNED,
        answer_by__range=(today - BEHIND, today + AHEAD),
        session__status=TrainingSession.Status.PUBLISHED,
    ).select_related("person", "session__course")
    returned = returned.exclude(registration__status=SpotStatus.PAUSED)
    for application in returned:
        yield Matter(
            "returned_deadline",
            application.reference,
            application.decided_at or application.saved_at,
            application.answer_by or today,
            DEADLINE_STEPS,
            partial(application_facts, application),
            To(application.person),
        )


def _essay_drafts(at: datetime) -> Iterator[Matter]:
    drafts = ScholarshipApplication.objects.filter(
        status=ScholarshipApplication.Status.DRAFT,
        round__status__in=[ScholarshipRound.Status.OPEN, ScholarshipRound.Status.READING],
        round__closes_at__range=(at - BEHIND, at + AHEAD),
        round__session__status=TrainingSession.Status.PUBLISHED,
    ).select_related("person", "round__session__course")
    for draft in drafts:
        yield Matter(
            "scholarship_deadline",
            draft.reference,
            draft.started_at,
            draft.round.closes_at,
            DEADLINE_STEPS,
            partial(scholarship_facts, draft),
            To(draft.person),
        )


def _offers(at: datetime) -> Iterator[Matter]:
    """Seats of the general line; a scholarship's offer has its own reminder."""
    offers = Registration.objects.filter(
        Q(seat__kept_for="") | Q(seat__kept_for__startswith=Block.PREFIX),
        status=SpotStatus.OFFERED,
        offer_expires_at__range=(at, at + AHEAD),
    ).select_related("person", "session__course", "seat")
    for spot in offers:
        yield Matter(
            "seat_deadline",
            spot.reference,
            spot.offered_at or at,
            spot.offer_expires_at or at,
            ANSWER_STEPS,
            partial(offer_facts, spot),
            To(spot.person),
        )


def _awards(at: datetime) -> Iterator[Matter]:
    offered = Award.objects.filter(
        status=Award.Status.OFFERED, registration__status=SpotStatus.OFFERED, answer_by__range=(at, at + AHEAD)
    ).select_related("application__person", "application__round__session__course")
    for award in offered:
        yield Matter(
            "award_deadline",
            award.reference,
            award.offered_at,
            award.answer_by,
            AWARD_STEPS,
            partial(award_facts, award),
            To(award.application.person),
        )


def _pauses(at: datetime) -> Iterator[Matter]:
    """Thirty days before a pause is over, once."""
    today = local_day(at)
    ending = Registration.objects.filter(
        status=SpotStatus.PAUSED, paused_until__range=(today - BEHIND, today + timedelta(days=max(PAUSE_STEPS) + 1))
    ).select_related("person", "session__course")
    for spot in ending:
        assert spot.paused_until is not None
        yield Matter(
            "pause_ending",
            spot.reference,
            local_moment(add_months(spot.paused_until, -PAUSE_MONTHS), rules.MORNING),
            spot.paused_until,
            PAUSE_STEPS,
            partial(spot_facts, spot),
            To(spot.person),
        )


def _questions_to_employers(at: datetime) -> Iterator[Matter]:
    out = Verification.objects.out().filter(sent_at__lte=at - ASK_AGAIN_AFTER, expires_at__gt=at)
    for one in out.select_related("job__person", "job__provider"):
        verifier = To(address=one.verifier_email, name=one.verifier_name)
        yield _once("job_request_again", one, one.sent_at, one.answer_by, request_facts, verifier)
        yield _once("job_request_waits", one, one.sent_at, one.answer_by, waiting_facts, To(one.job.person))


def _references(at: datetime) -> Iterator[Matter]:
    asked = Reference.objects.filter(
        status=Reference.Status.ASKED,
        asked_at__range=(at - Reference.LINK_LASTS, at - ASK_AGAIN_AFTER),
        application__status__in=TrainingApplication.LIVE,
    ).exclude(application__registration__status=SpotStatus.PAUSED)
    for one in asked.select_related("application__person"):
        yield _once("reference_again", one, one.asked_at, one.answer_by, reference_facts, To(None, one.email, one.name))
        yield _once("reference_waits", one, one.asked_at, one.answer_by, reference_page, To(one.application.person))


def _once(
    kind: str,
    asked: Any,
    since: datetime | None,
    ends: datetime | date | None,
    facts: Callable[[Any], dict[str, Any]],
    to: To,
) -> Matter:
    assert since and ends  # what was asked was asked at a moment, and runs out at another
    return Matter(kind, asked.reference, since, ends, (), partial(facts, asked), to, asked.link_version)


def _files(at: datetime) -> Iterator[Matter]:
    """Files that still need something from the person, before the packets of the next meeting close."""
    meeting = Meeting.objects.ahead(at).filter(packet_deadline_at__range=(at, at + AHEAD)).first()
    if meeting is None:
        return
    unfinished = CertificationApplication.objects.filter(
        status__in=[FileStatus.DRAFT, FileStatus.MISSING, FileStatus.ASKS_MORE]
    )
    for application in unfinished.select_related("person"):
        yield Matter(
            "packet_deadline",
            application.reference,
            application.started_at,
            meeting.packet_deadline_at,
            DEADLINE_STEPS,
            partial(file_facts, application),
            To(application.person),
        )


def _credentials(at: datetime) -> Iterator[Matter]:
    today = local_day(at)
    ending = Credential.objects.filter(
        status=Credential.Status.CURRENT,
        expires_on__range=(today - BEHIND, today + timedelta(days=max(EXPIRY_STEPS) + 1)),
    )
    for credential in ending.select_related("person"):
        yield Matter(
            "credential_expiring",
            credential.number,
            local_moment(credential.issued_on, rules.MORNING),
            credential.expires_on,
            EXPIRY_STEPS,
            partial(credential_facts, credential),
            To(credential.person),
        )
