"""The provider register: listed, renamed, closed; and the officers whom the office calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.models import Entry
from audit.trail import record
from employment.events import EmploymentEvent
from employment.models import Officer, Provider
from programs.calendar import local_day

FACTS = ("kind", "name", "region", "certified_from", "certified_until", "email_domains", "closed_on")


@transaction.atomic
def list_provider(facts: Mapping[str, Any], *, by: User | None, at: datetime) -> Provider:
    """A provider joins the register. The same name in the same region twice is one provider."""
    twin = Provider.objects.filter(name__iexact=facts["name"], region__iexact=facts.get("region", "")).first()
    if twin:
        return twin
    provider = Provider.objects.create(**{name: facts[name] for name in FACTS if name in facts})
    record(Entry.of(EmploymentEvent.PROVIDER_LISTED, provider, by=by, at=at, **_plain(facts)))
    return provider


@transaction.atomic
def change_provider(provider_id: int, facts: Mapping[str, Any], *, by: User, at: datetime) -> Provider:
    """New facts, each dated; a new name keeps the old one beside it."""
    provider = Provider.objects.select_for_update(no_key=True).get(pk=provider_id)
    after = {name: facts[name] for name in FACTS if name in facts and facts[name] != getattr(provider, name)}
    if not after:
        return provider
    before = {name: getattr(provider, name) for name in after}
    if "name" in after:
        provider.former_name = provider.name
        provider.renamed_on = facts.get("renamed_on") or local_day(at)
    for name, value in after.items():
        setattr(provider, name, value)
    provider.save()
    record(
        Entry.of(EmploymentEvent.PROVIDER_CHANGED, provider, by=by, at=at, before=_plain(before), after=_plain(after))
    )
    return provider


@transaction.atomic
def list_officer(
    provider_id: int, *, name: str, email: str = "", phone: str = "", by: User | None, at: datetime
) -> Officer:
    provider = Provider.objects.select_for_update(no_key=True).get(pk=provider_id)
    twin = provider.officers.filter(name__iexact=name, left_on=None).first()
    if twin:
        return twin
    officer = Officer.objects.create(provider=provider, name=name, email=email.lower(), phone=phone)
    record(Entry.of(EmploymentEvent.OFFICER_LISTED, provider, by=by, at=at, officer=name))
    return officer


@transaction.atomic
def officer_left(officer_id: int, *, by: User, at: datetime) -> Officer:
    officer = Officer.objects.select_for_update(no_key=True, of=("self",)).select_related("provider").get(pk=officer_id)
    if officer.left_on is None:
        officer.left_on = local_day(at)
        officer.save(update_fields=["left_on"])
        record(Entry.of(EmploymentEvent.OFFICER_LEFT, officer.provider, by=by, at=at, officer=officer.name))
    return officer


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
