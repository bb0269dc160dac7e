"""Links for people who answer without an account: a signed (record, version), nothing to store.

A new version of the record kills the old link. Reading a link changes nothing; answers are POSTs.
"""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing

from audit.reasons import NotAllowed, Reason


class Linked(NamedTuple):
    pk: int
    version: int


def link_token(pk: int, version: int, *, purpose: str) -> str:
    """Safe in a URL; says nothing about whom it concerns."""
    return signing.dumps([pk, version], salt=f"link:{purpose}")


def open_link(token: str, *, purpose: str, max_age: timedelta) -> Linked:
    """Raises `NotAllowed` with link_expired or link_bad. The caller compares the version with the record's."""
    try:
        pk, version = signing.loads(token, salt=f"link:{purpose}", max_age=max_age)
    except signing.SignatureExpired as late:
        raise NotAllowed(Reason("link_expired")) from late
    except signing.BadSignature as forged:
        raise NotAllowed(Reason("link_bad")) from forged
    return Linked(pk, version)
