"""My messages, letters for the mail, messages that did not leave, and the demonstration's outbox."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.desk import DeskRequest, for_myself_or_by_staff
from accounts.models import User
from audit.owed import Owed
from notifications import outbox, rendering, workflow
from notifications.kinds import KINDS
from notifications.models import Message
from notifications.words import problem
from programs.calendar import local_day

ON_A_PAGE = 25
WAITS_TOO_LONG = timedelta(hours=1)


class SignedIn(HttpRequest):
    """Behind the sign-in there is always somebody."""

    user: User


# -- Mine --------------------------------------------------------------------------------------------------


@for_myself_or_by_staff
def inbox(request: DeskRequest) -> HttpResponse:
    """Everything we wrote to the person, newest first. The office sees the same on the person's side of the desk."""
    desk = request.desk
    shown = Message.objects.shown_to(desk.person).order_by("-done_at", "-pk")
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "title": message.title,
            "url": desk.url("notifications:message", pk=message.pk),
            "sent_at": message.done_at,
            "is_new": message.read_at is None,
            "is_letter": message.channel == "post",
        }
        for message in page
    ]
    context = {
        "desk": desk,
        "rows": rows,
        "page": page,
        "unread": 0 if desk.is_staff_entry else shown.unread().count(),
    }
    return render(request, "notifications/inbox.html", context)


@for_myself_or_by_staff
def message(request: DeskRequest, pk: int) -> HttpResponse:
    """One message: in full words, since its reader has signed in; and as it was sent."""
    desk = request.desk
    one = get_object_or_404(Message.objects.shown_to(desk.person), pk=pk)
    context = {
        "desk": desk,
        "message": one,
        "said": rendering.layout(one.full_text),
        "was_quiet": rendering.is_quiet(one),
        "url": "" if desk.is_staff_entry else rendering.path_of(one),
        "link_text": KINDS[one.kind].link_text if one.kind in KINDS else "",
        "back": desk.url("notifications:messages"),
        "is_new": one.read_at is None and not desk.is_staff_entry,
    }
    return render(request, "notifications/message.html", context)


@require_POST
def mark_read(request: SignedIn) -> HttpResponse:
    """One message, or all of mine. Opening a page changes nothing, so this is a press of its own."""
    one = request.POST.get("message", "")
    ids = [int(one)] if one.isdecimal() else None
    workflow.mark_read(request.user, ids, at=timezone.now())
    return redirect("notifications:messages")


# -- The office --------------------------------------------------------------------------------------------


@permission_required("accounts.enter_for_people", raise_exception=True)
def stuck(request: HttpRequest) -> HttpResponse:
    """Messages that did not leave, and why."""
    now = timezone.now()
    stopped = Message.objects.filter(status=Owed.Status.STUCK).select_related("person").order_by("-due_at", "-pk")
    page = Paginator(stopped, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "message": one,
            "kind": _kind_in_words(one),
            "who": str(one.person) if one.person else one.to_name,
            "problem": problem(one.problem),
            "again": "" if one.is_sign_in else reverse("notifications:try_again", args=[one.pk]),
        }
        for one in page
    ]
    late = Message.objects.still_owed().filter(due_at__lt=now - WAITS_TOO_LONG).count()
    return render(request, "notifications/stuck.html", {"rows": rows, "page": page, "late": late})


def _kind_in_words(one: Message) -> str:
    return _("Sign-in message") if one.is_sign_in else one.kind.replace("_", " ")


@require_POST
@permission_required("accounts.enter_for_people", raise_exception=True)
def try_again(request: SignedIn, pk: int) -> HttpResponse:
    get_object_or_404(Message, pk=pk)
    try:
        workflow.try_again(pk, by=request.user, at=timezone.now())
    except workflow.NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("We try again now."))
    return redirect("notifications:stuck")


@permission_required("accounts.enter_for_people", raise_exception=True)
def post(request: HttpRequest) -> HttpResponse:
    """Letters to print, in batches of a day; below, the last ones that were mailed."""
    to_mail = Message.objects.letters().filter(mailed_at=None).select_related("person").order_by("done_at", "pk")
    batches = [
        {"day": day, "letters": list(letters)} for day, letters in groupby(to_mail, lambda one: local_day(one.done_at))
    ]
    mailed = Message.objects.letters().exclude(mailed_at=None).select_related("person", "mailed_by")
    context = {"batches": batches, "mailed": mailed.order_by("-mailed_at", "-pk")[:ON_A_PAGE]}
    return render(request, "notifications/post.html", context)


@permission_required("accounts.enter_for_people", raise_exception=True)
def print_batch(request: HttpRequest, day: str) -> HttpResponse:
    """One batch, ready for the printer: each letter on its own sheet, then the lines of the labels."""
    letters = [one for one in Message.objects.letters().filter(mailed_at=None).order_by("done_at", "pk")]
    batch = [one for one in letters if local_day(one.done_at).isoformat() == day]
    if not batch:
        raise Http404
    sheets = [{"lines": one.postal_lines, "who": one.to_name, "text": one.text, "about": one.about} for one in batch]
    return render(request, "notifications/print.html", {"sheets": sheets, "day": local_day(batch[0].done_at)})


@require_POST
@permission_required("accounts.enter_for_people", raise_exception=True)
def mailed(request: SignedIn) -> HttpResponse:
    """The envelopes of these letters went to the mail."""
    ids = [int(one) for one in request.POST.getlist("letter") if one.isdecimal()]
    count = workflow.mark_mailed(ids, by=request.user, at=timezone.now())
    said = ngettext("%d letter is marked as mailed.", "%d letters are marked as mailed.", count) % count
    messages.success(request, said if count else _("These letters were marked before. Nothing changed."))
    return redirect("notifications:post")


# -- The demonstration -------------------------------------------------------------------------------------


@login_not_required
def demo_outbox(request: HttpRequest) -> HttpResponse:
    """Every mail of the demonstration, with its links and codes. There is no such page anywhere else."""
    if not settings.DEMONSTRATION:
        raise Http404
    to = request.GET.get("to", "")[:200]
    mails = Paginator(outbox.delivered(Path(settings.EMAIL_FILE_PATH), to=to), ON_A_PAGE)
    page = mails.get_page(request.GET.get("page"))
    query = urlencode({"to": to}) + "&" if to else ""
    return render(request, "notifications/outbox.html", {"page": page, "to": to, "query": query})
