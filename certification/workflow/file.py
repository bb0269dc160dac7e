"""A file from its first answer until it is complete: start, answer, submit, what is missing, withdraw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from datetime import time as clock_time
from decimal import Decimal

from django.db import transaction

from accounts.models import StandingKind, User
from accounts.workflow import lock_person, refuse_own_matter
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from certification.events import CertificationEvent
from certification.evidence import checklist, told_by_others
from certification.models import (
    AddedTime,
    AgendaItem,
    CertificationApplication,
    Credential,
    Kind,
    MissingItem,
    Status,
)
from certification.rules import plain_name
from certification.workflow.meetings import place
from certification.workflow.steps import lock, move, require_step, told
from programs.calendar import local_day, local_moment
from programs.program import NotInTheRules, program

OTHER = "other"


# -- By the person -----------------------------------------------------------------------------------------


@transaction.atomic
def start(
    person_id: int, designation: str, *, by: User, at: datetime, channel: str = "online"
) -> CertificationApplication:
    """Open a file. One that is open already is given back."""
    person = lock_person(person_id)
    mine = CertificationApplication.objects.filter(person=person, designation=designation, kind=Kind.INITIAL)
    already = mine.still_open().first()
    if already:
        return already
    reasons = list(reasons_not_to_start(person, designation, on=local_day(at)))
    if reasons:
        raise NotAllowed(*reasons)
    application = CertificationApplication.objects.create(
        person=person, designation=designation, started_at=at, channel=channel
    )
    record(told(CertificationEvent.STARTED, application, by=by, at=at, channel=channel))
    return application


def reasons_not_to_start(person: User, designation: str, *, on: date) -> Iterable[Reason]:
    if designation not in {one.code for one in program(on).designations}:
        yield Reason("not_a_designation")
    if not person.standings.in_force(on=on).filter(kind=StandingKind.TRAINED, code=designation).exists():
        yield Reason("training_first")
    held = Credential.objects.in_force(on=on).filter(person=person, designation=designation).first()
    if held:
        yield Reason("already_certified", number=held.number)


@dataclass(frozen=True)
class Answers:
    """What certification asks beyond the training application, in the person's own word."""

    lives_in_state: bool
    has_cosigner: bool


@transaction.atomic
def answer(application_id: int, answers: Answers, *, by: User, at: datetime) -> CertificationApplication:
    application = lock(application_id)
    _require_answers_open(application)
    changed = [
        name for name in ("lives_in_state", "has_cosigner") if getattr(application, name) != getattr(answers, name)
    ]
    if not changed:
        return application
    for name in changed:
        setattr(application, name, getattr(answers, name))
    application.save(update_fields=changed)
    record(told(CertificationEvent.ANSWERED, application, by=by, at=at, changed=changed))
    clear_what_is_met(application, by=by, at=at)
    return application


@dataclass(frozen=True)
class Time:
    """One stretch of helping others, or of school."""

    kind: str
    where: str
    starts_on: date
    ends_on: date
    amount: Decimal


@transaction.atomic
def add_time(application_id: int, time: Time, *, by: User, at: datetime) -> AddedTime:
    """Tell of more hours or school. The same stretch twice is once."""
    application = lock(application_id)
    _require_answers_open(application)
    added, is_new = AddedTime.objects.get_or_create(application=application, **asdict(time))
    if is_new:
        record(told(CertificationEvent.ANSWERED, application, by=by, at=at, changed=[f"time:{time.kind}"]))
        clear_what_is_met(application, by=by, at=at)
    return added


@transaction.atomic
def take_cosignature(application_id: int, *, signed_on: date, by: User, at: datetime) -> CertificationApplication:
    """The paper of the person who signs with them is here."""
    application = lock(application_id)
    refuse_own_matter(application.person, by)
    _require_answers_open(application)
    if signed_on > local_day(at):
        raise NotAllowed(Reason("date_is_ahead"))
    if application.cosigned_on == signed_on:
        return application
    application.cosigned_on = signed_on
    application.save(update_fields=["cosigned_on"])
    record(told(CertificationEvent.ANSWERED, application, by=by, at=at, changed=["cosigned_on"]))
    clear_what_is_met(application, by=by, at=at)
    return application


@transaction.atomic
def agree_to_ethics(application_id: int, *, by: User, at: datetime) -> CertificationApplication:
    """The person read the ethics rules and says yes. A second yes changes nothing."""
    application = lock(application_id)
    _require_answers_open(application)
    if application.ethics_agreed_at:
        return application
    application.ethics_agreed_at = at
    application.save(update_fields=["ethics_agreed_at"])
    record(told(CertificationEvent.ANSWERED, application, by=by, at=at, changed=["ethics"]))
    clear_what_is_met(application, by=by, at=at)
    return application


def _require_answers_open(application: CertificationApplication) -> None:
    if application.status not in (Status.DRAFT, Status.SUBMITTED, Status.MISSING, Status.ASKS_MORE):
        raise NotAllowed(Reason("file_step"))


@transaction.atomic
def submit(
    application_id: int,
    *,
    signed_name: str,
    received_at: datetime,
    by: User,
    at: datetime,
    channel: str = "online",
    helped_by: str = "",
) -> CertificationApplication:
    """Send the file to PLACE. What others still owe may follow; the rules of this day hold from now on."""
    application = lock(application_id)
    if application.received_at:
        return application
    require_step(application, Status.SUBMITTED)
    if None in (application.lives_in_state, application.has_cosigner, application.ethics_agreed_at):
        raise NotAllowed(Reason("answers_first"))
    if plain_name(signed_name) != plain_name(application.person.legal_name):
        raise NotAllowed(Reason("signature_differs"))
    move(
        application,
        Status.SUBMITTED,
        signed_name=signed_name,
        received_at=received_at,
        judged_on=local_day(received_at),
        channel=channel,
    )
    record(
        told(
            CertificationEvent.SUBMITTED,
            application,
            by=by,
            at=at,
            channel=channel,
            helped_by=helped_by,
            received_at=received_at.isoformat(),
            still_open=[item.code for item in checklist(application, local_day(at)).unmet],
        )
    )
    return application


@transaction.atomic
def withdraw(application_id: int, *, by: User, at: datetime) -> CertificationApplication:
    application = lock(application_id)
    if application.status == Status.WITHDRAWN:
        return application
    before = application.status
    move(application, Status.WITHDRAWN, ended_at=at)
    AgendaItem.objects.filter(application=application).live().update(left_at=at)
    record(told(CertificationEvent.WITHDRAWN, application, by=by, at=at, before=before))
    return application


# -- By PLACE ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Missing:
    """One thing to ask for: a requirement of the pack, or `other` with words of our own."""

    code: str
    words: str


@transaction.atomic
def note_missing(
    application_id: int, items: Sequence[Missing], *, due_on: date, by: User, at: datetime
) -> CertificationApplication:
    """Ask for everything that is missing in one notice. What was asked for before is not asked again."""
    application = lock(application_id)
    refuse_own_matter(application.person, by)
    if not items:
        raise NotAllowed(Reason("nothing_missing_named"))
    asked = set(application.missing_items.filter(fixed_at=None).values_list("code", "words"))
    new = [item for item in items if not _is_asked(item, asked)]
    if not new:
        return application
    require_step(application, Status.MISSING)
    if application.missing_items.filter(noted_by=by).exists():
        raise NotAllowed(Reason("second_finding"))
    MissingItem.objects.bulk_create(
        MissingItem(application=application, code=item.code, words=item.words, noted_by=by, noted_at=at, due_on=due_on)
        for item in new
    )
    move(application, Status.MISSING)
    record(
        told(
            CertificationEvent.SOMETHING_MISSING,
            application,
            by=by,
            at=at,
            items=[{"code": item.code, "words": item.words} for item in new],
            due_on=due_on.isoformat(),
        )
    )
    return application


def _is_asked(item: Missing, asked: set[tuple[str, str]]) -> bool:
    if item.code == OTHER:
        return (item.code, item.words) in asked
    return item.code in {code for code, _words in asked}


@transaction.atomic
def fix_missing(item_id: int, *, by: User, at: datetime) -> MissingItem:
    """Staff have it in hand now. A requirement of the pack is only cleared by its own evidence."""
    item = MissingItem.objects.get(pk=item_id)
    application = lock(item.application_id)
    item.refresh_from_db()
    refuse_own_matter(application.person, by)
    if item.fixed_at:
        return item
    asked = checklist(application, local_day(at)).item(item.code)
    if asked is not None and not asked.is_met:
        raise NotAllowed(asked.reason)
    _clear(application, [item], by=by, at=at)
    return item


@transaction.atomic
def recheck(person_id: int, *, at: datetime, by: User | None = None) -> None:
    """Something about a person changed elsewhere (a job was confirmed, a test passed): clear what it mends."""
    files = CertificationApplication.objects.filter(person_id=person_id, status__in=[Status.MISSING, Status.ASKS_MORE])
    for pk in files.values_list("pk", flat=True):
        clear_what_is_met(lock(pk), by=by, at=at)


def clear_what_is_met(application: CertificationApplication, *, by: User | None, at: datetime) -> None:
    items = list(application.missing_items.filter(fixed_at=None).exclude(code=OTHER))
    if items:
        met = {item.code for item in checklist(application, local_day(at)).met}
        _clear(application, [item for item in items if item.code in met], by=by, at=at)


def _clear(application: CertificationApplication, items: list[MissingItem], *, by: User | None, at: datetime) -> None:
    """Mark these and no others as mended; with the last one the file is ours to check again."""
    if not items:
        return
    for item in items:
        item.fixed_at = at
    MissingItem.objects.bulk_update(items, ["fixed_at"])
    left = application.missing_items.filter(fixed_at=None).count()
    if not left and application.status in (Status.MISSING, Status.ASKS_MORE):
        move(application, Status.SUBMITTED)
    record(
        told(
            CertificationEvent.MISSING_FIXED,
            application,
            by=by,
            at=at,
            codes=[item.code for item in items],
            left=left,
        )
    )


@transaction.atomic
def mark_complete(application_id: int, *, by: User, at: datetime) -> CertificationApplication:
    """Everything the rules ask is here. The file goes to the first meeting whose packet deadline it kept."""
    application = lock(application_id)
    refuse_own_matter(application.person, by)
    if application.status in (Status.COMPLETE, Status.ON_AGENDA):
        return application
    require_step(application, Status.COMPLETE)
    unmet = checklist(application, local_day(at)).unmet
    if unmet:
        raise NotAllowed(*(item.reason for item in unmet))
    move(application, Status.COMPLETE, completed_at=at, whole_at=_last_piece(application, at))
    record(told(CertificationEvent.COMPLETE, application, by=by, at=at))
    place(application, by=by, at=at)
    return application


def _last_piece(application: CertificationApplication, at: datetime) -> datetime:
    """When the last piece came in: sent, mended, paid (by the end of that working day), or told by others."""
    paid = [
        min(local_moment(day, clock_time(17)), at)
        for day in application.payments.filter(came_back_on=None).values_list("received_on", flat=True)
    ]
    mended = [item.fixed_at for item in application.missing_items.all() if item.fixed_at]
    return max([application.received_at or at, *paid, *mended, *told_by_others(application)])


@transaction.atomic
def close_old(*, at: datetime) -> int:
    """A file that was not finished within the life of an application is no longer kept open."""
    today = local_day(at)
    waiting = (Status.SUBMITTED, Status.MISSING, Status.COMPLETE, Status.ASKS_MORE)
    try:
        oldest = program(today).due_before("application_life", today)
    except NotInTheRules:
        return 0
    old = CertificationApplication.objects.filter(
        status__in=waiting, received_at__lt=local_moment(oldest, clock_time())
    )
    pks = list(old.values_list("pk", flat=True))
    for pk in pks:
        application = lock(pk)
        move(application, Status.CLOSED, ended_at=at)
        record(told(CertificationEvent.CLOSED, application, by=None, at=at))
    return len(pks)
