"""A person's own jobs, and the same pages for the office's twin."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from accounts.kept_words import forget, posted_or_kept
from audit.reasons import Reason, codes
from employment import rules, workflow
from employment.forms import ChangeJobForm, EndForm, JobForm, SendForm, VerifierForm, show_refusal
from employment.models import Job, Provider, Verification
from employment.next_steps import jobs_of, newest_question, step_of
from employment.words import request_message, role_title
from employment.workflow import NotAllowed
from programs.calendar import local_day
from programs.program import program
from programs.words import long_date

FOUND_AT_MOST = 20
Status = Verification.Status


def _job(request: DeskRequest, reference: str) -> Job:
    """One of this person's jobs; a stranger's reads like one that does not exist."""
    return get_object_or_404(jobs_of(request.desk.person), reference=reference)


def _typed(request: HttpRequest) -> Any:
    return posted_or_kept(request)


def _job_url(desk: Desk, job: Job) -> str:
    return desk.url("employment:job", reference=job.reference)


# -- Looking -----------------------------------------------------------------------------------------------


@for_myself_or_by_staff
def jobs(request: DeskRequest) -> HttpResponse:
    desk, now = request.desk, timezone.now()
    in_force = program(local_day(now))
    rows = [
        {"job": job, "step": step_of(job, now, in_force), "url": _job_url(desk, job)} for job in jobs_of(desk.person)
    ]
    return render(
        request,
        "employment/jobs.html",
        {"desk": desk, "rows": rows, "new_url": desk.url("employment:new"), "home": desk.home},
    )


@for_myself_or_by_staff
def job(request: DeskRequest, reference: str) -> HttpResponse:
    """Where this job stands, who has the ball, and what can be done now."""
    desk, now = request.desk, timezone.now()
    job = _job(request, reference)
    question = newest_question(job)
    return render(
        request,
        "employment/job.html",
        {
            "desk": desk,
            "job": job,
            "question": question,
            "step": step_of(job, now, program(local_day(now))),
            "facts": _facts(desk, job, question, local_day(now)),
            "happened": _happened(job),
            "jobs_url": desk.url("employment:jobs"),
            "shows_forward": question.status == Status.MISADDRESSED and question.forward_name,
            **_ways(desk, job, question, now),
        },
    )


def _facts(desk: Desk, job: Job, question: Verification, today: date) -> list[dict[str, str]]:
    can_change = not (job.is_verified or job.ended_on)
    change = desk.url("employment:change", reference=job.reference) if can_change else ""
    other = desk.url("employment:verifier", reference=job.reference) if can_change else ""
    return [
        {"label": _("Employer"), "value": str(job.provider)},
        {"label": _("Job title"), "value": job.position, "url": change},
        {"label": _("Kind of work"), "value": role_title(job.role_code, today), "url": change},
        {"label": _("First day of work"), "value": long_date(job.hired_on), "url": change},
        {
            "label": _("Who confirmed it") if job.is_verified else _("Who we ask"),
            "value": question.signature if job.is_verified else f"{question.verifier_name}\n{question.verifier_email}",
            "url": other,
        },
        {"label": _("Number"), "value": job.reference},
    ]


def _happened(job: Job) -> list[dict[str, Any]]:
    """What was asked of whom and what came back, newest first, one line each."""
    rows = []
    for question in job.verifications.all():
        who = question.verifier_name
        told = [
            (question.answered_at, _answer_sentence(question)),
            (question.opened_at, _("%s opened it.") % who),
            (question.sent_at, _("We wrote to %s.") % who),
        ]
        rows += [{"at": at, "sentence": sentence} for at, sentence in told if at]
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def _answer_sentence(question: Verification) -> str:
    who = question.signature or question.verifier_name
    if question.answered_by_phone_id and question.status in Verification.GIVEN:
        return _("%s said yes on the phone.") % who
    return {
        Status.CONFIRMED: _("%s said yes, all is right.") % who,
        Status.CORRECTED: _("%s said yes and corrected the facts.") % who,
        Status.MISADDRESSED: _("%s is not the right person to ask.") % who,
        Status.NOT_EMPLOYED: _("%s said that you do not work there now.") % who,
    }.get(Status(question.status), _("An answer came."))


def _ways(desk: Desk, job: Job, question: Verification, now: datetime) -> dict[str, Any]:
    """Which buttons the page offers; what would be refused is not offered, and says why."""
    is_settled = bool(job.ended_on) or job.is_verified
    asks_again = not is_settled and question.sent_at and question.status in (*Verification.OUT, Status.EXPIRED)
    not_again = _why_not_again(question, now) if asks_again else []
    waits_for_office = bool(question.address_asked_at) and not question.address_approved

    def url(name: str) -> str:
        return desk.url(f"employment:{name}", reference=job.reference)

    return {
        "message_url": url("message") if question.status == Status.DRAFTED and not waits_for_office else "",
        "again_url": url("send_again") if asks_again and not not_again else "",
        "again_from": not_again[0].facts.get("again_at") if not_again else None,
        "was_sent_often": "sent_often_enough" in codes(not_again),
        "verifier_url": "" if is_settled else url("verifier"),
        "end_url": "" if job.ended_on else url("end"),
        "take_back_url": "" if is_settled else url("take_back"),
    }


def _why_not_again(question: Verification, now: datetime) -> list[Reason]:
    return rules.reasons_not_to_send_again(question.sent_at or now, question.link_version, now)


# -- Naming ------------------------------------------------------------------------------------------------


@for_myself_or_by_staff
def new(request: DeskRequest) -> HttpResponse:
    """First find the provider by a plain search, then say the rest."""
    now = timezone.now()
    today = local_day(now)
    provider = Provider.objects.certified(on=today).filter(reference=request.GET.get("provider", "")).first()
    return _name_job(request, provider, now) if provider else _find_provider(request, today)


def _find_provider(request: DeskRequest, today: date) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    found = list(Provider.objects.certified(on=today).named(words)[: FOUND_AT_MOST + 1])
    return render(
        request,
        "employment/find_provider.html",
        {
            "desk": request.desk,
            "words": words,
            "found": found[:FOUND_AT_MOST],
            "there_are_more": len(found) > FOUND_AT_MOST,
            "here": request.desk.url("employment:new"),
            "home": request.desk.home,
        },
    )


def _name_job(request: DeskRequest, provider: Provider, now: datetime) -> HttpResponse:
    desk = request.desk
    form = JobForm(_typed(request), desk=desk, on=local_day(now))
    if request.method == "POST" and form.is_valid():
        facts = ("position", "role_code", "hired_on", "verifier_name", "verifier_email", "address_reason")
        try:
            job = workflow.name_job(
                desk.person.pk,
                provider_id=provider.pk,
                **{name: form.cleaned_data[name] for name in facts},
                by=desk.by,
                at=form.received_at(now),
                receipt=form.receipt(now),
            )
        except NotAllowed as refusal:
            show_refusal(form, refusal)
        else:
            forget(request)
            return redirect(_after_naming(desk, job))
    return render(
        request,
        "employment/new.html",
        {"desk": desk, "form": form, "provider": provider, "back": desk.url("employment:new")},
    )


def _after_naming(desk: Desk, job: Job) -> str:
    question = newest_question(job)
    if question.status != Status.DRAFTED or question.address_asked_at:
        return _job_url(desk, job)
    return desk.url("employment:message", reference=job.reference)


@for_myself_or_by_staff
def change(request: DeskRequest, reference: str) -> HttpResponse:
    desk, now = request.desk, timezone.now()
    job = _job(request, reference)
    form = ChangeJobForm(_typed(request), job=job, desk=desk, on=local_day(now))
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("position", "role_code", "hired_on")}
        try:
            job = workflow.change_job(job.pk, **facts, by=desk.by, at=form.received_at(now), receipt=form.receipt(now))
        except NotAllowed as refusal:
            show_refusal(form, refusal)
        else:
            forget(request)
            messages.success(request, _("Saved."))
            return redirect(_job_url(desk, job))
    context = {"desk": desk, "form": form, "job": job, "back": _job_url(desk, job)}
    return render(request, "employment/change.html", context)


# -- The message -------------------------------------------------------------------------------------------


@for_myself_or_by_staff
def message(request: DeskRequest, reference: str) -> HttpResponse:
    """The exact message, read before it is sent. Opening this page sends nothing."""
    desk, now = request.desk, timezone.now()
    job = _job(request, reference)
    question = newest_question(job)
    if question.status != Status.DRAFTED:
        messages.info(request, _("This message is on its way already. We send it once."))
        return redirect(_job_url(desk, job))
    said = request_message(question, answer_by=workflow.answer_deadline(now).day)
    form = SendForm(request.POST if request.method == "POST" else None, desk=desk, initial={"seen": said.digest})
    if request.method == "POST" and form.is_valid():
        try:
            sent = workflow.send_request(
                question.pk, by=desk.by, at=now, seen=form.cleaned_data["seen"] or "-", receipt=form.receipt(now)
            )
        except NotAllowed as refusal:
            form = SendForm(desk=desk, initial={"seen": said.digest})
            return _message_page(request, job, question, said, form, refusal.messages, now)
        messages.success(request, _("Sent. %(who)s has until %(day)s.") % _until(sent))
        return redirect(_job_url(desk, job))
    return _message_page(request, job, question, said, form, [], now)


def _message_page(
    request: DeskRequest,
    job: Job,
    question: Verification,
    said: Any,
    form: SendForm,
    refused: list[str],
    now: datetime,
) -> HttpResponse:
    return render(
        request,
        "employment/message.html",
        {
            "desk": request.desk,
            "job": job,
            "question": question,
            "said": said,
            "shown_facts": shown_facts(job, local_day(now)),
            "form": form,
            "refused": refused,
            "has_errors": bool(refused),
            "back": _job_url(request.desk, job),
            "verifier_url": request.desk.url("employment:verifier", reference=job.reference),
            "change_url": request.desk.url("employment:change", reference=job.reference),
        },
    )


def _until(sent: Verification) -> dict[str, str]:
    return {"who": sent.verifier_name, "day": long_date(sent.answer_by) if sent.answer_by else ""}


def shown_facts(job: Job, on: date) -> list[dict[str, str]]:
    """All that a verifier sees about a person: the name they are known by at work, and the job. Nothing else."""
    return [
        {"label": _("Name"), "value": job.person.known_at_work_as},
        {"label": _("Employer"), "value": str(job.provider)},
        {"label": _("Job title"), "value": job.position},
        {"label": _("Kind of work"), "value": role_title(job.role_code, on)},
        {"label": _("First day of work"), "value": long_date(job.hired_on)},
    ]


@require_POST
@for_myself_or_by_staff
def send_again(request: DeskRequest, reference: str) -> HttpResponse:
    desk, now = request.desk, timezone.now()
    job = _job(request, reference)
    try:
        sent = workflow.send_again(newest_question(job).pk, by=desk.by, at=now)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Sent again. %(who)s has until %(day)s.") % _until(sent))
    return redirect(_job_url(desk, job))


@for_myself_or_by_staff
def verifier(request: DeskRequest, reference: str) -> HttpResponse:
    """Another person to ask; the one before sees nothing from now on."""
    desk, now = request.desk, timezone.now()
    job = _job(request, reference)
    question = newest_question(job)
    given = {"verifier_name": question.verifier_name, "verifier_email": question.verifier_email}
    if question.status == Status.MISADDRESSED:
        given = {"verifier_name": question.forward_name, "verifier_email": question.forward_email}
    form = VerifierForm(_typed(request), desk=desk, initial=given)
    if request.method == "POST" and form.is_valid():
        facts = ("verifier_name", "verifier_email", "address_reason")
        try:
            workflow.correct_verifier(
                question.pk,
                **{name: form.cleaned_data[name] for name in facts},
                by=desk.by,
                at=form.received_at(now),
                receipt=form.receipt(now),
            )
        except NotAllowed as refusal:
            show_refusal(form, refusal)
        else:
            forget(request)
            return redirect(_after_naming(desk, _job(request, reference)))
    return render(
        request,
        "employment/verifier.html",
        {"desk": desk, "form": form, "job": job, "question": question, "back": _job_url(desk, job)},
    )


# -- The end -----------------------------------------------------------------------------------------------


@for_myself_or_by_staff
def end(request: DeskRequest, reference: str) -> HttpResponse:
    desk, now = request.desk, timezone.now()
    job = _job(request, reference)
    question = newest_question(job)
    form = EndForm(_typed(request), desk=desk, initial={"last_day": job.last_day or question.said_last_day})
    if request.method == "POST" and form.is_valid():
        try:
            last_day = form.cleaned_data["last_day"]
            workflow.end_job(job.pk, last_day=last_day, by=desk.by, at=now, receipt=form.receipt(now))
        except NotAllowed as refusal:
            show_refusal(form, refusal)
        else:
            forget(request)
            messages.success(request, _("Saved. Thank you for telling us."))
            return redirect(_job_url(desk, job))
    return render(request, "employment/end.html", {"desk": desk, "form": form, "job": job, "back": _job_url(desk, job)})


@require_POST
@for_myself_or_by_staff
def take_back(request: DeskRequest, reference: str) -> HttpResponse:
    desk = request.desk
    job = _job(request, reference)
    try:
        workflow.take_back_job(job.pk, by=desk.by, at=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(_job_url(desk, job))
    messages.success(request, _("This job is taken back. We ask nobody about it."))
    return redirect(desk.url("employment:jobs"))
