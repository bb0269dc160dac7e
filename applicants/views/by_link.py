"""What a reference sees: a page opened by the link in their e-mail, without an account."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.links import open_link
from applicants import workflow
from applicants.forms.application import ReferenceAnswerForm
from applicants.models import Reference
from audit.reasons import NotAllowed, Reason
from programs.calendar import local_day
from programs.program import program

PURPOSE = "reference"


def _asked(token: str) -> Reference:
    """Raises `NotAllowed` for a link that is forged, too old, or no longer the newest."""
    linked = open_link(token, purpose=PURPOSE, max_age=timedelta(days=Reference.LINK_LASTS.days + 1))
    people = Reference.objects.select_related("application__person", "application__session__course")
    reference = people.filter(pk=linked.pk, link_version=linked.version).first()
    if reference is None or reference.status in (Reference.Status.NAMED, Reference.Status.TAKEN_BACK):
        raise NotAllowed(Reason("link_bad"))
    return reference


@login_not_required
def reference(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, however often; the first answer counts."""
    now = timezone.now()
    office = program(local_day(now)).office("training")
    try:
        asked = _asked(token)
    except NotAllowed as refusal:
        return _over(request, refusal, office)
    if asked.status == Reference.Status.GIVEN:
        return render(request, "applicants/reference_thanks.html", {"office": office})
    form = ReferenceAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.answer_reference(
                asked.pk,
                link_version=asked.link_version,
                view=form.cleaned_data["view"],
                text=form.cleaned_data["text"],
                at=now,
            )
        except NotAllowed as refusal:
            return _over(request, refusal, office)
        return render(request, "applicants/reference_thanks.html", {"office": office})
    if asked.answer_by and now >= asked.answer_by:
        return _over(request, NotAllowed(Reason("link_expired")), office)
    return render(
        request,
        "applicants/reference.html",
        {"form": form, "asked": asked, "person": asked.person, "session": asked.application.session},
    )


def _over(request: HttpRequest, refusal: NotAllowed, office: object) -> HttpResponse:
    return render(request, "applicants/link_over.html", {"sentences": refusal.messages, "office": office}, status=410)
