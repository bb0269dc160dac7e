"""A person's own file: what is done, what is missing, who acts next; and the papers that came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from audit.models import Entry
from audit.reasons import NotAllowed, say
from certification import next_steps, workflow
from certification.events import CertificationEvent
from certification.evidence import checklist
from certification.models import CertificationApplication, Document, Status
from certification.rules import days_with_us
from programs.calendar import local_day
from programs.checklist import Checklist, Item
from programs.program import program
from programs.requirements import Actor, State
from programs.words import actor, state_word

CAN_ANSWER = (Status.DRAFT, Status.SUBMITTED, Status.MISSING, Status.ASKS_MORE)
WITH_US = {
    CertificationEvent.SUBMITTED: True,
    CertificationEvent.SOMETHING_MISSING: False,
    CertificationEvent.BOARD_ASKS_MORE: False,
    CertificationEvent.WITHDRAWN: False,
    CertificationEvent.APPROVED: False,
    CertificationEvent.DISAPPROVED: False,
    CertificationEvent.CLOSED: False,
}


def own_file(desk: Desk, reference: str) -> CertificationApplication:
    """Another person's file is not there, on either side of the desk."""
    mine = CertificationApplication.objects.filter(person=desk.person)
    return get_object_or_404(mine.select_related("person"), reference=reference)


def file_url(desk: Desk, application: CertificationApplication) -> str:
    return desk.url("certification:file", reference=application.reference)


@for_myself_or_by_staff
def mine(request: DeskRequest) -> HttpResponse:
    """Where certification stands: my newest file, what I may start, my papers."""
    now = timezone.now()
    newest = CertificationApplication.objects.filter(person=request.desk.person).order_by("-started_at").first()
    if newest and newest.is_open:
        return _file_page(request, newest, now)
    return render(request, "certification/start.html", _around(request.desk, now))


@for_myself_or_by_staff
def file(request: DeskRequest, reference: str) -> HttpResponse:
    return _file_page(request, own_file(request.desk, reference), timezone.now())


def _file_page(request: DeskRequest, application: CertificationApplication, now: datetime) -> HttpResponse:
    desk, today = request.desk, local_day(now)
    found = checklist(application, today)
    rules = program(application.judged_on or today)
    step = next_steps.step_of(application, now) if application.status in next_steps.SAYS else None
    return render(
        request,
        "certification/file.html",
        {
            **_around(desk, now),
            "application": application,
            "designation": rules.designation(application.designation),
            "step": step,
            "summary": _summary(found),
            "groups": _groups(desk, application, found),
            "cited": _cited(found),
            "missing_items": application.missing_items.filter(fixed_at=None),
            "can_answer": application.status in CAN_ANSWER,
            "may_send": application.status == Status.DRAFT,
            "send_url": desk.url("certification:send", reference=application.reference),
            "withdraw_url": desk.url("certification:withdraw", reference=application.reference),
            "may_withdraw": application.is_open,
            "fee": next((item for item in found.of_kind("fee")), None),
            "office": rules.office("place"),
            "meeting": next_steps.next_meeting(now),
            **_clocks(application, now),
        },
    )


def _around(desk: Desk, now: datetime) -> dict[str, Any]:
    """What stands on every page of a person's certification."""
    rules = program(local_day(now))
    return {
        "desk": desk,
        "now": now,
        "startable": [
            (rules.designation(code), desk.url("certification:start", designation=code))
            for code in next_steps.may_start(desk.person, local_day(now))
        ],
        "papers": [_paper(desk, one) for one in Document.objects.filter(person=desk.person).order_by("-owed_at", "pk")],
        "other_files": [
            (one, file_url(desk, one))
            for one in CertificationApplication.objects.filter(person=desk.person).order_by("-started_at")
        ],
    }


def _paper(desk: Desk, document: Document) -> dict[str, Any]:
    url = desk.url("certification:document", reference=document.reference) if document.is_ready else ""
    return {"title": document.get_kind_display(), "about": document.subject_reference, "url": url}


def _summary(found: Checklist) -> str:
    """6 of 9 are done. 2 wait for you. 1 waits for someone else."""
    met, yours, theirs = len(found.met), len(found.missing), len(found.waiting)
    parts = [
        ngettext("%(met)d of %(all)d is done.", "%(met)d of %(all)d are done.", met)
        % {"met": met, "all": len(found.items)}
    ]
    if yours:
        parts.append(ngettext("%d waits for you.", "%d wait for you.", yours) % yours)
    if theirs:
        parts.append(ngettext("%d waits for someone else.", "%d wait for someone else.", theirs) % theirs)
    return " ".join(parts)


def _groups(desk: Desk, application: CertificationApplication, found: Checklist) -> list[tuple[str, str, list[Any]]]:
    rows = [(item.state, _task(desk, application, item)) for item in found.items]
    return [
        ("yours", _("For you to do"), [row for state, row in rows if state in (State.MISSING, State.EXPIRED)]),
        ("theirs", _("Waiting for someone"), [row for state, row in rows if state is State.WAITING]),
        ("done", _("Done"), [row for state, row in rows if state is State.MET]),
    ]


def _task(desk: Desk, application: CertificationApplication, item: Item) -> dict[str, Any]:
    tone = {State.MET: "done", State.WAITING: "them"}.get(item.state, "you")
    label = actor(item.next_actor) if item.state is State.WAITING else state_word(item.state)
    is_open = item.state is not State.MET and application.status in CAN_ANSWER
    return {
        "title": item.title,
        "sentence": say(item.reason),
        "tone": tone,
        "label": label,
        "url": fixing_url(desk, application, item) if is_open and item.next_actor == Actor.YOU else "",
    }


def fixing_url(desk: Desk, application: CertificationApplication, item: Item) -> str:
    """The page that mends it; where there is none the sentence says whom to call."""
    reference = application.reference
    if item.fix == "residency" and application.lives_in_state:
        return desk.url("profile_part", part="address")  # only the county is open
    pages = {
        "residency": ("certification:answers", {"reference": reference}),
        "cosigner": ("certification:answers", {"reference": reference}),
        "ethics": ("certification:ethics", {"reference": reference}),
        "support_hours": ("certification:time", {"reference": reference}),
        "birth_date": ("profile_part", {"part": "birth"}),
        "employment": ("employment:new", {}),
    }
    if item.fix in pages:
        name, kwargs = pages[item.fix]
        return desk.url(name, **kwargs)
    return "#fee" if item.fix == "fee" else ""


def _cited(found: Checklist) -> list[tuple[str, str]]:
    return sorted({(item.rule.title, item.rule.url) for item in found.items if item.rule.title})


def _clocks(application: CertificationApplication, now: datetime) -> dict[str, Any]:
    """How long it has taken in all, and how long of that with the office and the Board."""
    if application.received_at is None:
        return {"all_days": None}
    entries = Entry.objects.of(application).values_list("event", "at", "facts")
    turns = [(at, with_us) for event, at, facts in entries if (with_us := _turn(event, facts)) is not None]
    until = application.ended_at or now
    all_days = (until - application.received_at).days
    return {"all_days": all_days, "our_days": min(days_with_us(turns, until=until), all_days)}


def _turn(event: str, facts: dict[str, Any]) -> bool | None:
    if event == CertificationEvent.MISSING_FIXED:
        return True if facts.get("left") == 0 else None
    return WITH_US.get(CertificationEvent(event))


def document(request: HttpRequest, reference: str, person_reference: str = "") -> HttpResponse:
    """The owner's paper as a file; PLACE may open it too, which leaves a trace. For anybody else it is not there."""
    visible = Q(person=request.user)
    if request.user.has_perm("certification.complete_files"):
        visible = Q()
    if person_reference:
        visible &= Q(person__reference=person_reference)
    ready = Document.objects.filter(visible, status=Document.Status.DONE)
    document = get_object_or_404(ready, reference=reference)
    try:
        document, pdf = workflow.give_document(document.pk, by=request.user, at=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("certification:mine")
    name = slugify(f"{document.kind} {document.subject_reference}")
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
