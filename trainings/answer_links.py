"""The link in an offer's message: it opens the offer without an account, and a newer offer kills it."""

from datetime import timedelta

from accounts.links import link_token, open_link
from audit.reasons import NotAllowed, Reason
from trainings.models import Registration

PURPOSE = "trainings.offer"
OPENS_FOR = timedelta(days=60)  # the offer itself ends sooner; after that the page says what became of it


def offer_token(spot: Registration) -> str:
    return link_token(spot.pk, spot.link_version, purpose=PURPOSE)


def spot_of(token: str) -> Registration:
    """Raises `NotAllowed` for a link that is forged, too old, or of an offer before the last."""
    linked = open_link(token, purpose=PURPOSE, max_age=OPENS_FOR)
    spot = Registration.objects.for_pages().filter(pk=linked.pk, link_version=linked.version).first()
    if spot is None:
        raise NotAllowed(Reason("link_bad"))
    return spot
