"""Pages that hold several rows: support hours, papers, and the people who speak for the applicant."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.desk import DeskRequest, for_myself_or_by_staff
from accounts.kept_words import forget, posted_or_kept
from applicants import tasks, workflow
from applicants.answers import spell_words
from applicants.forms.application import DocumentForm, ReferenceForm, SpellForm
from applicants.models import Document, Reference, TrainingApplication
from applicants.views.doors import application_of, draft_of, tried
from applicants.words import reference_message
from applicants.workflow.references import MAY_ASK_WHILE
from audit.owed import announce
from audit.reasons import Reason, say
from trainings import uploads

# -- Support hours -----------------------------------------------------------------------------------------


@for_myself_or_by_staff
def hours(request: DeskRequest, reference: str) -> HttpResponse:
    desk, mine = request.desk, draft_of(request.desk, reference)
    form = SpellForm(posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        added = tried(
            request, lambda: workflow.add_spell(mine.pk, **form.cleaned_data, by=desk.by, at=timezone.now()), form
        )
        if added:
            forget(request)
            messages.success(request, _("Saved."))
            return redirect(desk.url("applicants:hours", reference=reference))
    rows = [
        {
            "title": spell.where,
            "words": spell_words(spell),
            "remove": desk.url("applicants:hours_remove", reference=reference, pk=spell.pk),
        }
        for spell in mine.spells.all()
    ]
    return render(request, "applicants/hours.html", _page(request, mine, form=form, rows=rows))


@require_POST
@for_myself_or_by_staff
def hours_remove(request: DeskRequest, reference: str, pk: int) -> HttpResponse:
    desk, mine = request.desk, draft_of(request.desk, reference)
    spell = get_object_or_404(mine.spells, pk=pk)
    tried(request, lambda: workflow.remove_spell(spell.pk, by=desk.by, at=timezone.now()))
    return redirect(desk.url("applicants:hours", reference=reference))


def _page(request: DeskRequest, mine: TrainingApplication, **more: Any) -> dict[str, Any]:
    back = request.desk.url("applicants:application", reference=mine.reference)
    return {"desk": request.desk, "application": mine, "back": back, **more}


# -- Papers ------------------------------------------------------------------------------------------------


@for_myself_or_by_staff
def documents(request: DeskRequest, reference: str) -> HttpResponse:
    """Send a paper; see what came of those sent before. A refusal stands here, and the rest is kept."""
    desk, mine = request.desk, draft_of(request.desk, reference)
    form = DocumentForm(request.POST or None, request.FILES or None, initial={"kind": Document.Kind.SCHOOL})
    if request.method == "POST":
        form = DocumentForm(request.POST, request.FILES)
        if form.is_valid() and _receive(request, mine, form):
            messages.success(request, _("We have it. We check that it opens."))
            return redirect(desk.url("applicants:documents", reference=reference))
    papers = [_paper(request, mine, paper) for paper in mine.documents.kept().order_by("uploaded_at", "pk")]
    return render(request, "applicants/documents.html", _page(request, mine, form=form, papers=papers))


def _receive(request: DeskRequest, mine: TrainingApplication, form: DocumentForm) -> Document | None:
    name = uploads.plain_name(form.cleaned_data["file"].name)
    path = uploads.store(form.content)
    paper = tried(
        request,
        lambda: workflow.receive_document(
            mine.pk,
            kind=form.cleaned_data["kind"],
            name=name,
            content_type=uploads.kind_of(name),
            path=path,
            size=len(form.content),
            by=request.desk.by,
            at=timezone.now(),
        ),
        form,
    )
    if paper is None:
        default_storage.delete(path)
    else:
        announce(tasks.check_papers)
    return paper


def _paper(request: DeskRequest, mine: TrainingApplication, paper: Document) -> dict[str, Any]:
    where = {"reference": mine.reference, "pk": paper.pk}
    said = {
        Document.Status.CHECKING: (_("Checking"), "them", _("Nobody can open it until we have checked it.")),
        Document.Status.READY: (_("Here"), "done", ""),
        Document.Status.REFUSED: (_("Send it again"), "you", say(Reason(paper.refusal)) if paper.refusal else ""),
    }
    label, tone, sentence = said[Document.Status(paper.status)]
    return {
        "title": paper.get_kind_display(),
        "name": paper.name,
        "label": label,
        "tone": tone,
        "sentence": sentence,
        "open": request.desk.url("applicants:document", **where) if paper.is_ready else "",
        "remove": request.desk.url("applicants:document_remove", **where),
    }


@for_myself_or_by_staff
def document(request: DeskRequest, reference: str, pk: int) -> HttpResponseBase:
    """One's own paper, as it was written anew."""
    mine = application_of(request.desk, reference)
    return download(get_object_or_404(mine.documents.kept(), pk=pk))


def download(paper: Document) -> HttpResponseBase:
    """Always as an attachment, never shown inside our pages."""
    if not paper.is_ready:
        raise Http404
    name = f"{paper.kind}-{paper.application.reference}{uploads.ENDINGS[paper.content_type]}"
    answer = FileResponse(paper.file.open("rb"), as_attachment=True, filename=name, content_type=paper.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@for_myself_or_by_staff
def document_remove(request: DeskRequest, reference: str, pk: int) -> HttpResponse:
    desk, mine = request.desk, draft_of(request.desk, reference)
    paper = get_object_or_404(mine.documents.kept(), pk=pk)
    if tried(request, lambda: workflow.remove_document(paper.pk, by=desk.by, at=timezone.now())):
        messages.success(request, _("Removed."))
    return redirect(desk.url("applicants:documents", reference=reference))


# -- References --------------------------------------------------------------------------------------------


def _may_ask(request: DeskRequest, reference: str) -> TrainingApplication:
    mine = application_of(request.desk, reference)
    if mine.status not in MAY_ASK_WHILE:
        raise Http404
    return mine


@for_myself_or_by_staff
def references(request: DeskRequest, reference: str) -> HttpResponse:
    """Name somebody; nothing is sent from here."""
    desk, mine, now = request.desk, _may_ask(request, reference), timezone.now()
    form = ReferenceForm(posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        named = tried(request, lambda: workflow.name_reference(mine.pk, **form.cleaned_data, by=desk.by, at=now), form)
        if named:
            forget(request)
            return redirect(_preview_url(request, mine, named))
    live = mine.references.exclude(status=Reference.Status.TAKEN_BACK).order_by("pk")
    rows = [_reference(request, mine, one) for one in live]
    return render(request, "applicants/references.html", _page(request, mine, form=form, rows=rows))


def _preview_url(request: DeskRequest, mine: TrainingApplication, named: Reference) -> str:
    return request.desk.url("applicants:reference_message", reference=mine.reference, number=named.reference)


def _reference(request: DeskRequest, mine: TrainingApplication, one: Reference) -> dict[str, Any]:
    is_over = one.answer_by is not None and timezone.now() >= one.answer_by
    said = {
        Reference.Status.NAMED: (_("Not sent yet"), "you"),
        Reference.Status.ASKED: (_("No answer in time"), "you") if is_over else (_("With them"), "them"),
        Reference.Status.GIVEN: (_("Answered"), "done"),
    }
    label, tone = said[Reference.Status(one.status)]
    return {
        "name": one.name,
        "relation": one.get_relation_display(),
        "email": one.email,
        "label": label,
        "tone": tone,
        "answer_by": one.answer_by if one.status == Reference.Status.ASKED else None,
        "send": _preview_url(request, mine, one) if tone == "you" else "",
        "take_back": ""
        if one.status == Reference.Status.GIVEN
        else request.desk.url("applicants:reference_take_back", reference=mine.reference, number=one.reference),
    }


@for_myself_or_by_staff
def reference_preview(request: DeskRequest, reference: str, number: str) -> HttpResponse:
    """The message, word for word; it leaves when Send is pressed, and not before."""
    desk, mine, now = request.desk, _may_ask(request, reference), timezone.now()
    named = get_object_or_404(mine.references.exclude(status=Reference.Status.TAKEN_BACK), reference=number)
    everyone = desk.url("applicants:references", reference=reference)
    if request.method == "POST":
        if tried(request, lambda: workflow.ask_reference(named.pk, by=desk.by, at=now)):
            messages.success(request, _("Sent to %s.") % named.name)
        return redirect(everyone)
    message = reference_message(named, now)
    return render(
        request,
        "applicants/reference_message.html",
        {"desk": desk, "application": mine, "named": named, "message": message, "back": everyone},
    )


@require_POST
@for_myself_or_by_staff
def reference_take_back(request: DeskRequest, reference: str, number: str) -> HttpResponse:
    desk, mine = request.desk, _may_ask(request, reference)
    named = get_object_or_404(mine.references, reference=number)
    if tried(request, lambda: workflow.take_back_reference(named.pk, by=desk.by, at=timezone.now())):
        messages.success(request, _("Taken back. Their link no longer works."))
    return redirect(desk.url("applicants:references", reference=reference))
