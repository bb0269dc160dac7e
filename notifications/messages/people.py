"""What people and their helpers hear about the person's own record."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.events import AccountEvent
from accounts.helper_links import PURPOSE as HELPER
from accounts.models import Helper, User
from audit.models import Entry
from notifications.messages.mail import Facts, To, mail
from notifications.rendering import link_to, secret_link


def helper_facts(helper: Helper, person: User) -> Facts:
    """Whose helper they are, and their link; never what a date is about."""
    return {"applicant": person.called or _("Somebody you know")} | secret_link("helper_link", helper, purpose=HELPER)


def the_helper(entry: Entry) -> To:
    return To(address=entry.subject.email, name=entry.subject.name)


ACCOUNT_MAILS = (
    mail(AccountEvent.ACCESS_ARRANGED, "access_arranged", lambda entry: link_to("access")),
    mail(
        AccountEvent.HELPER_NAMED,
        "helper_named",
        lambda entry: helper_facts(entry.subject, entry.subject.person),
        to=the_helper,
    ),
)
