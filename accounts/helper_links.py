"""The link a helper gets: opens without an account, and is dead once the person takes the helper back."""

from datetime import timedelta

from accounts.links import link_token, open_link
from accounts.models import Helper
from audit.reasons import NotAllowed, Reason

PURPOSE = "accounts.helper"
OPENS_FOR = timedelta(days=3 * 365)  # somebody may be on the way for long


def helper_token(helper: Helper) -> str:
    return link_token(helper.pk, helper.link_version, purpose=PURPOSE)


def helper_by(token: str) -> Helper:
    """Raises `NotAllowed` for a link that is forged, too old, or taken back."""
    linked = open_link(token, purpose=PURPOSE, max_age=OPENS_FOR)
    live = Helper.objects.select_related("person").filter(withdrawn_at=None)
    helper = live.filter(pk=linked.pk, link_version=linked.version).first()
    if helper is None:
        raise NotAllowed(Reason("link_bad"))
    return helper
