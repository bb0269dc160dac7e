"""The meeting platform's file, for the office: sent in, matched with people, shown as a hint."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.kept_words import forget
from audit.reasons import NotAllowed, say
from programs.words import clock, date_range, mid_date, mid_moment, phone
from trainings import workflow
from trainings.forms.classroom import ListForm, MatchForm, days_of
from trainings.models import MeetingList
from trainings.roster import name_on_list
from trainings.views.desk import office_only, session_of
from trainings.views.doors import typed
from trainings.workflow.lists import Named, in_class, named_on

FOUND_BY = {
    "email": gettext_lazy("by e-mail"),
    "name_in_use": gettext_lazy("by the name in use"),
    "legal_name": gettext_lazy("by the legal name"),
    "phone": gettext_lazy("by phone"),
    "before": gettext_lazy("as you said before"),
}


@office_only
def lists(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a file in; one with an error stores nothing and says which lines."""
    session = session_of(reference)
    words = typed(request, _("Choose the file once more. We do not keep files while you are signed out."))
    form = ListForm(
        words if request.method == "POST" else None,
        request.FILES or None,
        initial={"day": words.get("day") if words else None},
        days=days_of(session, mid_date),
    )
    errors: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = workflow.take_list(
                session.pk,
                file.read(),
                name=file.name,
                day=form.cleaned_data["day"],
                by=request.user,
                at=timezone.now(),
            )
        except workflow.ListHasErrors as wrong:
            errors = [{"line": line, "words": say(reason)} for line, reason in wrong.errors if line]
            for line, reason in wrong.errors:
                if not line:
                    form.add_error("day" if reason.code == "list_without_days" else "file", say(reason))
            if errors:
                form.add_error("file", _("The file has errors. Nothing was stored."))
        else:
            forget(request)
            messages.success(request, _("The file is in. Now say whose names these are."))
            return redirect("trainings:desk_match", session.reference, taken.pk)
    taken_before = session.meeting_lists.select_related("uploaded_by").prefetch_related("rows")
    context = {
        "session": session,
        "dates": date_range(session.starts_on, session.ends_on),
        "form": form,
        "errors": errors,
        "lists": [_list_row(one) for one in taken_before],
    }
    return render(request, "trainings/desk/lists.html", context)


def _list_row(taken: MeetingList) -> dict[str, Any]:
    rows = list(taken.rows.all())
    open_ = sum(row.settled_at is None for row in rows)
    return {
        "list": taken,
        "when": mid_moment(taken.uploaded_at),
        "rows": ngettext("%d line", "%d lines", len(rows)) % len(rows),
        "open": ngettext("%d is open", "%d are open", open_) % open_ if open_ else "",
    }


@office_only
def match(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Whose name each is: a proposal by e-mail, name or phone, and staff decide. Nobody is an answer too."""
    session = session_of(reference)
    taken = get_object_or_404(session.meeting_lists.prefetch_related("rows"), pk=number)
    people = in_class(session)
    names = named_on(taken, people)
    choices = [
        (str(spot.pk), f"{name_on_list(spot)} ({spot.reference})")
        for spot in people
        if spot.person_id != request.user.pk
    ]
    form = MatchForm(typed(request), names=names, people=choices)
    if request.method == "POST" and form.is_valid():
        try:
            changed = workflow.match_list(taken.pk, form.whose, by=request.user, at=timezone.now())
        except NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            forget(request)
            messages.success(
                request, ngettext("Saved. %d line changed.", "Saved. %d lines changed.", changed) % changed
            )
            return redirect("trainings:desk_attendance", reference)
    context = {
        "session": session,
        "list": taken,
        "rows": [_match_row(one, form) for one in names],
        "errors": form.errors,
    }
    return render(request, "trainings/desk/match.html", context)


def _match_row(one: Named, form: MatchForm) -> dict[str, Any]:
    first = one.first
    stays = [
        _("%(from)s to %(until)s")
        % {
            "from": f"{mid_date(row.joined_at)}, {clock(timezone.localtime(row.joined_at))}",
            "until": clock(timezone.localtime(row.left_at)),
        }
        for row in one.rows
    ]
    return {
        "name": first.name or first.email or first.phone,
        "email": first.email,
        "phone": phone(first.phone) if first.phone.isdigit() else first.phone,
        "stays": stays[:4],
        "more": max(len(stays) - 4, 0),
        "field": form[f"row-{one.key}"],
        "by": _("We think so %s.") % FOUND_BY[one.by] if one.by and one.proposed else "",
    }
