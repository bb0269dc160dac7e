"""PLACE at work: files to check, what is missing, payments, meetings and their agendas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.reasons import NotAllowed
from certification import next_steps, workflow
from certification.evidence import checklist
from certification.forms import DayForm, MeetingForm, MissingForm, PaymentForm, packet_hour
from certification.models import CertificationApplication, Meeting, MissingItem, Payment, Status
from certification.views.packet import packet_of
from programs.calendar import local_day
from programs.program import program

OFFICE = "certification.complete_files"
GROUPS = (
    ("to-check", gettext_lazy("To check"), (Status.SUBMITTED,)),
    ("missing", gettext_lazy("Something is missing"), (Status.MISSING, Status.ASKS_MORE)),
    ("complete", gettext_lazy("Complete, no meeting yet"), (Status.COMPLETE,)),
    ("agenda", gettext_lazy("On an agenda"), (Status.ON_AGENDA,)),
    ("director", gettext_lazy("With the Director"), (Status.RECOMMENDED, Status.NOT_RECOMMENDED)),
)
View = Callable[..., HttpResponse]
Verb = Callable[..., HttpResponse | None]

office_only = permission_required(OFFICE, raise_exception=True)


@office_only
def files(request: HttpRequest) -> HttpResponse:
    """Every open file, by what it waits for."""
    now = timezone.now()
    found = CertificationApplication.objects.still_open().exclude(status=Status.DRAFT)
    found = found.exclude(person=request.user).select_related("person").order_by("received_at", "pk")
    rows = [(one.status, _row(one, now)) for one in found]
    groups = [(slug, title, [row for status, row in rows if status in statuses]) for slug, title, statuses in GROUPS]
    return render(request, "certification/office_files.html", {"groups": groups})


def _row(application: CertificationApplication, now: datetime) -> dict[str, Any]:
    step = next_steps.step_of(application, now)
    return {"application": application, "due_on": step.due_on, "with": step.next_actor}


def _theirs(request: HttpRequest, reference: str) -> CertificationApplication:
    """A file that was sent; one's own is refused, drafts are the person's alone."""
    sent = CertificationApplication.objects.exclude(status=Status.DRAFT).select_related("person")
    application = get_object_or_404(sent, reference=reference)
    if application.person == request.user:
        raise PermissionDenied
    return application


def on_a_file(verb: Verb) -> View:
    """A button of the file page: do it, say why not, go back to the page. A form with errors is shown again."""

    @require_POST
    @office_only
    @wraps(verb)
    def door(request: HttpRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponse:
        application = _theirs(request, reference)
        try:
            shown_again = verb(request, application, *args, **kwargs)
        except NotAllowed as refusal:
            for sentence in refusal.messages:
                messages.error(request, sentence)
            return redirect("certification:office_file", application.reference)
        return shown_again or redirect("certification:office_file", application.reference)

    return door


@office_only
def file(request: HttpRequest, reference: str) -> HttpResponse:
    return _file_page(request, _theirs(request, reference))


def _file_page(request: HttpRequest, application: CertificationApplication, **bound: Any) -> HttpResponse:
    now = timezone.now()
    today = local_day(now)
    found = checklist(application, today)
    fee = next(iter(found.of_kind("fee")), None)
    default_due = next_steps.send_by(now)
    forms = {
        "payment_form": PaymentForm(
            initial={"received_on": today, "dollars": fee and fee.requirement.params["cents"] // 100}
        ),
        "missing_form": MissingForm(items=_askable(application, now), initial={"due_on": default_due}),
        "cosigner_form": DayForm(prefix="cosigner"),
    } | bound
    is_to_check = application.status == Status.SUBMITTED
    return render(
        request,
        "certification/office_file.html",
        {
            **packet_of(application, now),
            **forms,
            "has_errors": any(form.is_bound for form in bound.values()),
            "faulty": [form for form in bound.values() if form.errors],
            "step": next_steps.step_of(application, now) if application.status in next_steps.SAYS else None,
            "missing_items": application.missing_items.filter(fixed_at=None),
            "payments": application.payments.order_by("received_on", "pk"),
            "may_note": application.status in (Status.SUBMITTED, Status.MISSING),
            "may_complete": is_to_check and found.is_met,
            "is_to_check": is_to_check,
            "may_take_payment": application.is_open and fee is not None and not fee.is_met,
            "may_cosign": bool(application.has_cosigner) and application.cosigned_on is None,
            "meetings": Meeting.objects.ahead(now) if application.status == Status.COMPLETE else [],
            "agenda_item": application.agenda_items.filter(left_at=None).select_related("meeting").last(),
        },
    )


def _askable(application: CertificationApplication, now: datetime) -> list[Any]:
    """What is not met and not asked for yet."""
    asked = set(application.missing_items.filter(fixed_at=None).values_list("code", flat=True))
    return [item for item in checklist(application, local_day(now)).unmet if item.code not in asked]


@on_a_file
def payment(request: HttpRequest, application: CertificationApplication) -> HttpResponse | None:
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return _file_page(request, application, payment_form=form)
    fee = next(iter(checklist(application, local_day(timezone.now())).of_kind("fee")), None)
    code = fee.requirement.params["fee"] if fee else ""
    try:
        workflow.take_payment(application.pk, code, form.money, by=request.user, at=timezone.now())
    except NotAllowed as refusal:
        for sentence in refusal.messages:
            form.add_error("dollars", sentence)
        return _file_page(request, application, payment_form=form)
    messages.success(request, _("The payment is written down."))
    return None


@on_a_file
def payment_back(request: HttpRequest, application: CertificationApplication, pk: int) -> HttpResponse | None:
    paid = get_object_or_404(Payment, pk=pk, application=application)
    now = timezone.now()
    workflow.note_payment_back(paid.pk, on=local_day(now), by=request.user, at=now)
    messages.success(request, _("Written down. The fee is open again."))
    return None


@on_a_file
def missing(request: HttpRequest, application: CertificationApplication) -> HttpResponse | None:
    now = timezone.now()
    form = MissingForm(request.POST, items=_askable(application, now))
    if not form.is_valid():
        return _file_page(request, application, missing_form=form)
    try:
        workflow.note_missing(
            application.pk,
            form.missing,
            due_on=form.cleaned_data["due_on"],
            by=request.user,
            at=now,
        )
    except NotAllowed as refusal:
        for sentence in refusal.messages:
            form.add_error("codes", sentence)
        return _file_page(request, application, missing_form=form)
    messages.success(request, _("One notice goes out with everything on it."))
    return None


@on_a_file
def fixed(request: HttpRequest, application: CertificationApplication, pk: int) -> HttpResponse | None:
    item = get_object_or_404(MissingItem, pk=pk, application=application)
    workflow.fix_missing(item.pk, by=request.user, at=timezone.now())
    messages.success(request, _("Taken off the list."))
    return None


@on_a_file
def cosigned(request: HttpRequest, application: CertificationApplication) -> HttpResponse | None:
    form = DayForm(request.POST, prefix="cosigner")
    if not form.is_valid():
        return _file_page(request, application, cosigner_form=form)
    workflow.take_cosignature(
        application.pk,
        signed_on=form.cleaned_data["day"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("The signature is written down."))
    return None


@on_a_file
def complete(request: HttpRequest, application: CertificationApplication) -> HttpResponse | None:
    done = workflow.mark_complete(application.pk, by=request.user, at=timezone.now())
    if done.status == Status.ON_AGENDA:
        messages.success(request, _("Complete, and on the next agenda."))
    else:
        messages.success(request, _("Complete. Plan a meeting, and it goes on its agenda."))
    return None


@on_a_file
def on_agenda(request: HttpRequest, application: CertificationApplication) -> HttpResponse | None:
    meeting = get_object_or_404(Meeting, reference=request.POST.get("meeting", ""))
    workflow.put_on_agenda(application.pk, meeting.pk, by=request.user, at=timezone.now())
    messages.success(request, _("On the agenda."))
    return None


# -- Meetings ----------------------------------------------------------------------------------------------


@office_only
def meetings(request: HttpRequest) -> HttpResponse:
    """The calendar of the Board, and planning the next meeting."""
    now = timezone.now()
    initial = {"packets_hour": packet_hour(program(local_day(now)))}
    form = MeetingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = workflow.plan_meeting(
                meets_at=form.meets_at,
                packet_deadline_at=form.packet_deadline_at,
                location=form.cleaned_data["location"],
                by=request.user,
                at=now,
            )
        except NotAllowed as refusal:
            for sentence in refusal.messages:
                form.add_error("day", sentence)
        else:
            messages.success(request, _("The meeting is on the calendar."))
            return redirect("certification:meeting", meeting.reference)
    return render(
        request,
        "certification/meetings.html",
        {
            "form": form,
            "ahead": Meeting.objects.filter(meets_at__gt=now).order_by("meets_at"),
            "past": Meeting.objects.filter(meets_at__lte=now).order_by("-meets_at")[:12],
        },
    )


@office_only
def meeting(request: HttpRequest, reference: str) -> HttpResponse:
    found = get_object_or_404(Meeting, reference=reference)
    items = found.items.filter(left_at=None).select_related("application__person", "recommendation")
    return render(
        request,
        "certification/meeting.html",
        {
            "meeting": found,
            "items": [item for item in items if item.application.person != request.user],
            "may_cancel": found.status == Meeting.Status.PLANNED and found.meets_at > timezone.now(),
            "next_one": Meeting.objects.ahead(found.meets_at).first(),
        },
    )


@require_POST
@office_only
def cancel_meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """The page said before how many files move, and where to."""
    found = get_object_or_404(Meeting, reference=reference)
    try:
        workflow.cancel_meeting(found.pk, by=request.user, at=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Cancelled. Each person is told once."))
    return redirect("certification:meeting", found.reference)
