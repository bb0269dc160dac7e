"""Changes to a person's record: opening it, their standings, what would help them take part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.events import AccountEvent
from accounts.models import AccessNeeds, Helper, Note, Profile, Standing, User
from accounts.search import keep_in_step
from audit.models import Entry
from audit.reasons import NotAllowed as NotAllowed
from audit.reasons import Reason
from audit.trail import record

SENT_TWICE_WITHIN = timedelta(minutes=10)
HELPERS_A_DAY = 5  # each is written to, and nobody asked them first


def lock_person(person_id: int) -> User:
    """The person, held until the transaction ends: whatever rests on several of their rows starts here."""
    return User.objects.select_for_update(no_key=True).get(pk=person_id)


def refuse_own_matter(person: User, by: User | None) -> None:
    """Nobody decides about themselves, a superuser included."""
    if by is not None and by.pk == person.pk:
        raise NotAllowed(Reason("own_matter"))


@transaction.atomic
def open_person(
    *, names: Mapping[str, str], profile: Mapping[str, Any], receipt: Mapping[str, str], by: User, at: datetime
) -> User:
    """A record for somebody who called or wrote; they have no sign-in until they claim it.

    Raises `NotAllowed` when the e-mail belongs to another record.
    """
    email = profile.get("contact_email", "").lower()
    if email and User.objects.filter(email__iexact=email).exists():
        raise NotAllowed(Reason("email_taken"))
    person = User.objects.create_user(email=email, **names)
    Profile.objects.create(person=person, **profile)
    keep_in_step(person)
    record(Entry.of(AccountEvent.PERSON_OPENED, person, by=by, at=at, about=person, **receipt))
    return person


def profile_of(person: User) -> Profile:
    """The person's profile, not yet saved if they have none."""
    try:
        return person.profile
    except Profile.DoesNotExist:
        return Profile(person=person)


@transaction.atomic
def change_profile(
    person_id: int,
    *,
    names: Mapping[str, str],
    facts: Mapping[str, Any],
    by: User,
    at: datetime,
    receipt: Mapping[str, str] | None = None,
) -> User:
    """Save what was typed about a person; the history names the fields, never their values."""
    person = lock_person(person_id)
    profile = profile_of(person)
    changed = [field for field, value in names.items() if getattr(person, field) != value]
    changed += [field for field, value in facts.items() if getattr(profile, field) != value]
    if not changed and profile.pk:
        return person
    for field, value in names.items():
        setattr(person, field, value)
    for field, value in facts.items():
        setattr(profile, field, value)
    person.save(update_fields=list(names) or None)
    profile.save()
    keep_in_step(person)
    record(
        Entry.of(AccountEvent.PROFILE_CHANGED, person, by=by, at=at, about=person, changed=changed, **(receipt or {}))
    )
    return person


@transaction.atomic
def write_note(person_id: int, text: str, *, by: User, at: datetime) -> Note:
    """Added to the record and never changed. The history says that there is one, not what it says. The same words
    sent twice are one note."""
    person = lock_person(person_id)
    refuse_own_matter(person, by)
    sent_before = Note.objects.filter(person=person, by=by, text=text, at__gt=at - SENT_TWICE_WITHIN).first()
    if sent_before:
        return sent_before
    note = Note.objects.create(person=person, by=by, at=at, text=text)
    record(Entry.of(AccountEvent.NOTE_WRITTEN, note, by=by, at=at))
    return note


@transaction.atomic
def grant_standing(
    person_id: int,
    kind: str,
    code: str,
    *,
    starts_on: date,
    source: str,
    by: User | None,
    at: datetime,
    ends_on: date | None = None,
) -> Standing:
    """Add one support. The same source twice adds nothing."""
    person = lock_person(person_id)
    live = person.standings.filter(kind=kind, code=code, source=source, withdrawn_at=None).first()
    if live:
        return live
    standing = Standing.objects.create(
        person=person, kind=kind, code=code, starts_on=starts_on, ends_on=ends_on, source=source, recorded_at=at
    )
    record(
        Entry.of(
            AccountEvent.STANDING_GRANTED,
            standing,
            by=by,
            at=at,
            kind=str(kind),
            code=code,
            starts_on=starts_on.isoformat(),
            ends_on=ends_on.isoformat() if ends_on else None,
            source=source,
        )
    )
    return standing


@transaction.atomic
def withdraw_standings(person_id: int, *, source: str, by: User | None, at: datetime) -> int:
    """Take back every support that rests on this source; the fact itself stands while another supports it."""
    person = lock_person(person_id)
    withdrawn = list(person.standings.filter(source=source, withdrawn_at=None))
    Standing.objects.filter(pk__in=[standing.pk for standing in withdrawn]).update(withdrawn_at=at)
    if withdrawn:
        record(
            *(
                Entry.of(
                    AccountEvent.STANDING_WITHDRAWN,
                    standing,
                    by=by,
                    at=at,
                    kind=standing.kind,
                    code=standing.code,
                    source=source,
                )
                for standing in withdrawn
            )
        )
    return len(withdrawn)


@transaction.atomic
def ask_for_access(
    person_id: int,
    words: str,
    *,
    answer_due_on: date,
    by: User,
    at: datetime,
    receipt: Mapping[str, str] | None = None,
) -> AccessNeeds:
    """What would help you take part? Asked once; saying more later asks anew."""
    person = lock_person(person_id)
    needs = AccessNeeds.objects.filter(person=person).first() or AccessNeeds(person=person)
    needs.seal(words)
    needs.asked_at, needs.answer_due_on, needs.answered_at = at, answer_due_on, None
    needs.save()
    due = answer_due_on.isoformat()
    record(Entry.of(AccountEvent.ACCESS_ASKED, needs, by=by, at=at, answer_due_on=due, **(receipt or {})))
    return needs


@transaction.atomic
def arrange_access(needs_id: int, arrangement: str, *, by: User, at: datetime) -> AccessNeeds:
    """The answer, in words a trainer may read: the arrangement, never the reason."""
    needs = AccessNeeds.objects.select_for_update(no_key=True).select_related("person").get(pk=needs_id)
    refuse_own_matter(needs.person, by)
    needs.arrangement, needs.answered_at = arrangement, at
    needs.save(update_fields=["arrangement", "answered_at"])
    record(Entry.of(AccountEvent.ACCESS_ARRANGED, needs, by=by, at=at))
    return needs


def helper_of(person: User) -> Helper | None:
    return Helper.objects.filter(person=person, withdrawn_at=None).first()


@transaction.atomic
def name_helper(
    person_id: int, *, name: str, email: str, by: User, at: datetime, receipt: Mapping[str, str] | None = None
) -> Helper:
    """One at a time: another name or address takes the place of the one before. The history says that there is a
    helper, not who.

    Raises `NotAllowed` for one's own address, and when too many were named within a day.
    """
    person, email = lock_person(person_id), email.lower()
    live = helper_of(person)
    if live and (live.name, live.email) == (name, email):
        return live
    if email in {person.email.lower(), profile_of(person).contact_email.lower()}:
        raise NotAllowed(Reason("helper_is_yourself"))
    if Helper.objects.filter(person=person, named_at__gt=at - timedelta(days=1)).count() >= HELPERS_A_DAY:
        raise NotAllowed(Reason("too_many_helpers"))
    _withdraw(live, by=by, at=at)
    helper = Helper.objects.create(person=person, name=name, email=email, named_at=at)
    record(Entry.of(AccountEvent.HELPER_NAMED, helper, by=by, at=at, **(receipt or {})))
    return helper


@transaction.atomic
def withdraw_helper(person_id: int, *, by: User, at: datetime) -> None:
    """From now on they hear nothing, and their link is dead. Taken back twice is once."""
    _withdraw(helper_of(lock_person(person_id)), by=by, at=at)


def _withdraw(helper: Helper | None, *, by: User, at: datetime) -> None:
    if helper is None:
        return
    helper.withdrawn_at = at
    helper.link_version += 1
    helper.save(update_fields=["withdrawn_at", "link_version"])
    record(Entry.of(AccountEvent.HELPER_WITHDRAWN, helper, by=by, at=at))


@transaction.atomic
def change_roles(person_id: int, names: set[str], *, by: User, at: datetime) -> User:
    """Give a person exactly these roles; whoever holds one that works in the administration may open it."""
    person = lock_person(person_id)
    refuse_own_matter(person, by)
    before = set(person.groups.values_list("name", flat=True))
    if before == names:
        return person
    person.groups.set(Group.objects.filter(name__in=names))
    person.is_staff = person.is_superuser or bool(names & set(settings.ROLES_IN_THE_ADMIN))
    person.save(update_fields=["is_staff"])
    record(
        Entry.of(
            AccountEvent.ROLES_CHANGED, person, by=by, at=at, about=person, before=sorted(before), after=sorted(names)
        )
    )
    return person
