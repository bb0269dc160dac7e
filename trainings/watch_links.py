"""The link in a message that stops a watch without signing in."""

from datetime import timedelta

from accounts.links import link_token, open_link
from trainings.models import Watch

PURPOSE = "trainings.watch"
OPENS_FOR = timedelta(days=3 * 365)  # somebody may wait long for a date


def watch_token(watch: Watch) -> str:
    return link_token(watch.pk, watch.link_version, purpose=PURPOSE)


def watch_of(token: str) -> Watch | None:
    """Nothing where it is over or taken back. Raises `NotAllowed` for a link that is forged."""
    linked = open_link(token, purpose=PURPOSE, max_age=OPENS_FOR)
    return Watch.objects.still_open().select_related("course", "person").filter(pk=linked.pk).first()
