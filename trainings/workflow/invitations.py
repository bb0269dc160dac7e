"""An officer names a new hire and a session; the person finishes the sign-up, or not. Until then nothing is taken."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from accounts.links import link_token, open_link
from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed, Reason
from audit.trail import record
from employment.models import Provider
from employment.officers import own_mailboxes, providers_of
from programs.calendar import local_day
from trainings.events import TrainingEvent
from trainings.models import Block, Invitation, Registration, TrainingSession

PURPOSE = "trainings.invitation"
OPENS_FOR = timedelta(days=180)


@transaction.atomic
def invite(session_id: int, provider_id: int, *, name: str, email: str, by: User, at: datetime) -> Invitation:
    """One message with a link. The same name and address once more is the same invitation."""
    session = TrainingSession.objects.select_related("course").get(pk=session_id)
    provider = Provider.objects.select_for_update(no_key=True).get(pk=provider_id)  # two presses take turns
    email = email.strip().lower()
    reasons = _reasons_not_to_invite(session, provider, email, by=by, at=at)
    if reasons:
        raise NotAllowed(*reasons)
    waiting = Invitation.objects.filter(session=session, provider=provider, email=email, withdrawn_at=None)
    there = waiting.first()
    if there is not None:
        return there
    today = local_day(at)
    block = Block.objects.filter(session=session, provider=provider, released_at=None, until_on__gte=today).first()
    invitation = Invitation.objects.create(
        session=session, provider=provider, block=block, name=name.strip(), email=email, by=by, made_at=at
    )
    facts = {"session": session.reference, "provider": provider.reference}
    record(Entry.of(TrainingEvent.INVITED, invitation, by=by, at=at, **facts))
    return invitation


def _reasons_not_to_invite(
    session: TrainingSession, provider: Provider, email: str, *, by: User, at: datetime
) -> list[Reason]:
    if provider not in providers_of(by):
        return [Reason("not_your_provider")]
    if email in own_mailboxes(by) or email == by.email.lower():
        return [Reason("own_matter")]
    if not session.takes_registrations(at):
        return [Reason("date_not_open")]
    return []


# -- The link ----------------------------------------------------------------------------------------------


def invitation_token(invitation: Invitation) -> str:
    return link_token(invitation.pk, invitation.link_version, purpose=PURPOSE)


def invitation_of(token: str) -> Invitation:
    """Raises `NotAllowed` for a link that is forged or too old, or an invitation that was taken back."""
    linked = open_link(token, purpose=PURPOSE, max_age=OPENS_FOR)
    found = Invitation.objects.select_related("session__course", "provider", "by", "registration")
    invitation = found.filter(pk=linked.pk, link_version=linked.version).first()
    if invitation is None:
        raise NotAllowed(Reason("link_bad"))
    _require_standing(invitation)
    return invitation


def _require_standing(invitation: Invitation) -> None:
    if invitation.withdrawn_at is not None:
        raise NotAllowed(Reason("invitation_over"))


def _locked(invitation_id: int) -> Invitation:
    held = Invitation.objects.select_for_update(no_key=True, of=("self",)).select_related("session", "provider")
    return held.get(pk=invitation_id)


@transaction.atomic
def take_back_invitation(invitation_id: int, *, by: User, at: datetime) -> Invitation:
    """An officer of the provider calls it off: it went to a wrong address, or nobody is to come. Who has taken it up
    keeps it. Pressed twice it is taken back once."""
    invitation = _locked(invitation_id)
    if invitation.provider not in providers_of(by):
        raise NotAllowed(Reason("not_your_provider"))
    if invitation.withdrawn_at is not None:
        return invitation
    if invitation.is_taken_up:
        raise NotAllowed(Reason("invitation_taken_up"))
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    facts = {"session": invitation.session.reference, "provider": invitation.provider.reference}
    record(Entry.of(TrainingEvent.INVITATION_TAKEN_BACK, invitation, by=by, at=at, **facts))
    return invitation


@transaction.atomic
def take_up(invitation_id: int, *, by: User, at: datetime) -> Invitation:
    """The person who opened the link says: this is me. Their sign-up, when they finish it, is the one asked for."""
    invitation = _locked(invitation_id)
    _require_standing(invitation)
    if invitation.person_id == by.pk:
        return invitation
    if invitation.is_taken_up:
        raise NotAllowed(Reason("invitation_used"))
    if invitation.by_id == by.pk:
        raise NotAllowed(Reason("own_matter"))
    invitation.person = by
    invitation.save(update_fields=["person"])
    record(Entry.of(TrainingEvent.INVITATION_TAKEN_UP, invitation, by=by, at=at, session=invitation.session.reference))
    return invitation


def use_invitations(spot: Registration) -> int:
    """After somebody signed up: what their officer started is used. By their link, or by a mailbox that is theirs.
    A spot uses one invitation, however many were sent."""
    if Invitation.objects.filter(registration=spot).exists():
        return 0
    mailboxes = EmailAddress.objects.filter(user=spot.person_id, verified=True).values("email")
    theirs = Q(person=spot.person_id) | Q(email__in=mailboxes)
    waiting = Invitation.objects.filter(theirs, session=spot.session_id, registration=None, withdrawn_at=None)
    first = waiting.order_by("pk").values_list("pk", flat=True).first()
    return Invitation.objects.filter(pk=first, withdrawn_at=None).update(registration=spot) if first else 0
