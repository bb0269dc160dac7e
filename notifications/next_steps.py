"""What messages leave for the office's queue: letters to mail, and what did not go out."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.steps import Work
from audit.owed import Owed
from notifications.models import Message
from programs.calendar import local_day


def work_of(user: User, at: datetime) -> list[Work]:
    if not user.has_perm("accounts.enter_for_people"):
        return []
    return [*_letters(at), *_stuck(at)]


def _letters(at: datetime) -> list[Work]:
    """Each day's letters are one piece of work, due the day they were written."""
    to_mail = Message.objects.letters().filter(mailed_at=None)
    first = to_mail.order_by("done_at").values_list("done_at", flat=True).first()
    if first is None:
        return []
    count = to_mail.count()
    said = ngettext("%(count)s letter", "%(count)s letters", count) % {"count": count}
    return [Work(local_day(first), "", _("Mail of the day"), _("Print and mail"), reverse("notifications:post"), said)]


def _stuck(at: datetime) -> list[Work]:
    count = Message.objects.filter(status=Owed.Status.STUCK).count()
    if not count:
        return []
    said = ngettext("%(count)s message", "%(count)s messages", count) % {"count": count}
    url = reverse("notifications:stuck")
    return [Work(local_day(at), "", _("Messages that did not go out"), _("Call, or send again"), url, said)]
