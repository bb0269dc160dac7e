"""Who speaks for a provider: its officers, and whoever confirmed a job there, by a mailbox that is proved theirs."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models import Q

from accounts.models import User
from employment.models import Officer, Provider, Verification


def own_mailboxes(user: User) -> list[str]:
    """Only addresses the reader has proved: a typed one would let them speak for others."""
    return [
        address.lower()
        for address in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    ]


def providers_of(user: User) -> list[Provider]:
    emails = own_mailboxes(user)
    if not emails:
        return []
    about_me = Q()
    for email in emails:
        about_me |= Q(email__iexact=email)
    officers = Officer.objects.filter(about_me)
    still, left = officers.filter(left_on=None), officers.exclude(left_on=None)
    verified = Verification.objects.addressed_to(emails).filter(status__in=Verification.GIVEN)
    # Who confirmed a job there once and left since speaks for it no more.
    confirmed = Q(pk__in=verified.values("job__provider")) & ~Q(pk__in=left.values("provider"))
    return list(Provider.objects.filter(Q(pk__in=still.values("provider")) | confirmed))
