"""Nothing typed is lost: a form sent after its sign-in ran out is kept, sealed, and given back after signing in."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.http import HttpRequest, QueryDict

from accounts.models import KeptWords, User
from accounts.stories import _unsealed

SESSION_KEY = "kept_words"
NOT_KEPT = ("csrfmiddlewaretoken", "password", "password1", "password2", "code", "login")


def keep(request: HttpRequest, person: User | None, at: datetime) -> str:
    """Seal what was posted; returns the token that the next session of this browser carries."""
    words = request.POST.copy()
    for field in NOT_KEPT:
        words.pop(field, None)
    kept = KeptWords(token=secrets.token_urlsafe(24), person=person, path=request.path[:300], kept_at=at)
    kept.seal(words.urlencode())
    kept.save()
    return kept.token


def posted_or_kept(request: HttpRequest) -> QueryDict | None:
    """What a form shows: what is posted, else what this page kept when the sign-in ran out."""
    return request.POST if request.method == "POST" else given_back(request)


def given_back(request: HttpRequest) -> QueryDict | None:
    """What this person had typed on this page when their sign-in ran out; None if nothing.

    It stays until it is sent (a POST to the same page) or a day is over, so that a lost page loses nothing.
    """
    token = request.session.get(SESSION_KEY)
    kept = KeptWords.objects.filter(token=token, path=request.path).first() if token else None
    if kept is None or kept.person_id not in (None, request.user.pk):
        return None
    return QueryDict(_unsealed(kept))


def forget(request: HttpRequest) -> None:
    """The page was sent: what was kept for it is no longer needed."""
    token = request.session.get(SESSION_KEY)
    if token:
        KeptWords.objects.filter(token=token, path=request.path).delete()


def sweep(at: datetime) -> None:
    """After a day, what nobody came back for is gone."""
    KeptWords.objects.filter(kept_at__lt=at - KeptWords.KEPT_FOR).delete()
