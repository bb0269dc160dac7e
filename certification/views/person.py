"""What a person does with the own file: start it, answer, send it, take it back; and the same pages for the office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from accounts.kept_words import forget, posted_or_kept
from audit.reasons import NotAllowed, say
from certification import next_steps, workflow
from certification.evidence import checklist
from certification.forms import AnswersForm, EthicsForm, SendForm, TimeForm
from certification.models import CertificationApplication
from certification.views.file import file_url, fixing_url, own_file
from programs.calendar import local_day
from programs.checklist import Checklist
from programs.program import Rules, program


def typed_in(request: HttpRequest) -> Any:
    """What was posted, or what was kept when the sign-in ran out."""
    return posted_or_kept(request) or None


@require_POST
@for_myself_or_by_staff
def start(request: DeskRequest, designation: str) -> HttpResponse:
    desk = request.desk
    channel = "staff" if desk.is_staff_entry else "online"
    try:
        application = workflow.start(desk.person.pk, designation, by=desk.by, at=timezone.now(), channel=channel)
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(desk.url("certification:mine"))
    return redirect(file_url(desk, application))


def _answer_page(
    request: DeskRequest, application: CertificationApplication, template: str, form: Any, **more: Any
) -> HttpResponse:
    return render(
        request,
        template,
        {"desk": request.desk, "application": application, "form": form, "back": file_url(request.desk, application)}
        | more,
    )


def _saved(request: DeskRequest, application: CertificationApplication, words: str) -> HttpResponse:
    forget(request)
    messages.success(request, words)
    return redirect(file_url(request.desk, application))


def _refused(form: Any, refusal: NotAllowed, field: str | None = None) -> None:
    for sentence in refusal.messages:
        form.add_error(field, sentence)


def _rules(application: CertificationApplication) -> Rules:
    return program(application.judged_on or local_day(timezone.now()))


@for_myself_or_by_staff
def answers(request: DeskRequest, reference: str) -> HttpResponse:
    """Two questions that certification asks anew."""
    application = own_file(request.desk, reference)
    initial = {name: _as_choice(getattr(application, name)) for name in ("lives_in_state", "has_cosigner")}
    form = AnswersForm(typed_in(request), initial=initial, state=_rules(application).state)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.answer(application.pk, form.answers, by=request.desk.by, at=timezone.now())
        except NotAllowed as refusal:
            _refused(form, refusal)
        else:
            return _saved(request, application, _("Saved."))
    return _answer_page(request, application, "certification/answers.html", form)


def _as_choice(answer: bool | None) -> str:
    return "" if answer is None else str(answer)


@for_myself_or_by_staff
def ethics(request: DeskRequest, reference: str) -> HttpResponse:
    """The ethics rules, and a yes to them."""
    application = own_file(request.desk, reference)
    form = EthicsForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            workflow.agree_to_ethics(application.pk, by=request.desk.by, at=timezone.now())
        except NotAllowed as refusal:
            _refused(form, refusal)
        else:
            return _saved(request, application, _("Thank you. Your yes is saved."))
    asked = next((one for one in _rules(application).requirements("certification") if one.code == "ethics"), None)
    return _answer_page(request, application, "certification/ethics.html", form, rule=asked.rule if asked else None)


@for_myself_or_by_staff
def time(request: DeskRequest, reference: str) -> HttpResponse:
    """More hours of helping others, or school."""
    application = own_file(request.desk, reference)
    form = TimeForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            workflow.add_time(application.pk, form.time, by=request.desk.by, at=timezone.now())
        except NotAllowed as refusal:
            _refused(form, refusal)
        else:
            return _saved(request, application, _("Added."))
    asked = checklist(application, local_day(timezone.now())).of_kind("support_hours")
    return _answer_page(
        request,
        application,
        "certification/time.html",
        form,
        added=application.added_time.all(),
        says=[say(item.reason) for item in asked],
    )


@for_myself_or_by_staff
def send(request: DeskRequest, reference: str) -> HttpResponse:
    """Check the answers, sign, send. Sent twice it is sent once."""
    application, now, desk = own_file(request.desk, reference), timezone.now(), request.desk
    if application.received_at:
        messages.info(
            request,
            _("We already have it. Your number is %s. You do not need to do more.") % application.reference,
        )
        return redirect(file_url(desk, application))
    form = SendForm(typed_in(request), desk=desk)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.submit(
                application.pk,
                signed_name=form.cleaned_data["signed_name"],
                received_at=form.received_at(now),
                by=desk.by,
                at=now,
                channel=form.channel,
                helped_by=form.helped_by,
            )
        except NotAllowed as refusal:
            _refused(form, refusal)
        else:
            forget(request)
            return redirect(desk.url("certification:sent", reference=application.reference))
    found = checklist(application, local_day(now))
    return _answer_page(
        request,
        application,
        "certification/send.html",
        form,
        facts=_facts(desk, application, found),
        still_open=[item for item in found.unmet if item.code not in ("ethics", "residency", "cosigner")],
        meeting=next_steps.next_meeting(now),
        designation=_rules(application).designation(application.designation),
        now=now,
    )


def _facts(desk: Desk, application: CertificationApplication, found: Checklist) -> list[dict[str, str]]:
    """Every requirement as one line, with the page that changes what the person may change."""
    legal = {
        "label": _("Legal name, for the certificate"),
        "value": application.person.legal_name,
        "url": desk.url("profile_part", part="names"),
    }
    return [
        legal,
        *(
            {
                "label": item.title,
                "value": say(item.reason),
                "url": fixing_url(desk, application, item) if item.fix in ("residency", "cosigner", "ethics") else "",
            }
            for item in found.items
        ),
    ]


@for_myself_or_by_staff
def sent(request: DeskRequest, reference: str) -> HttpResponse:
    """The confirmation: number, what happens next, whom to call."""
    application = own_file(request.desk, reference)
    if application.received_at is None:
        raise Http404
    now = timezone.now()
    return render(
        request,
        "certification/sent.html",
        {
            "desk": request.desk,
            "application": application,
            "step": next_steps.step_of(application, now) if application.status in next_steps.SAYS else None,
            "office": _rules(application).office("place"),
            "unmet": [(item.title, say(item.reason)) for item in checklist(application, local_day(now)).unmet],
            "back": file_url(request.desk, application),
        },
    )


@for_myself_or_by_staff
def withdraw(request: DeskRequest, reference: str) -> HttpResponse:
    """Take the file back: asked once more before it happens."""
    application = own_file(request.desk, reference)
    if request.method == "POST":
        try:
            workflow.withdraw(application.pk, by=request.desk.by, at=timezone.now())
        except NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("You took it back. You can start again at any time."))
        return redirect(request.desk.url("certification:mine"))
    return _answer_page(request, application, "certification/withdraw.html", None)
