"""Everything about one person, in time order, and what to tell the caller (`/staff/people/<reference>/`)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.desk import Desk
from accounts.forms import NoteForm
from accounts.kept_words import forget, posted_or_kept
from accounts.models import AccessNeeds, User
from accounts.search import twins_of
from certportal.me import most_urgent, steps_of
from certportal.staff.caller import told
from certportal.staff.timeline import SHOW, kinds, timeline


@permission_required("accounts.find_people", raise_exception=True)
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One person for the office: what to tell the caller, what can be filled in for them, and all that happened."""
    somebody = get_object_or_404(User, reference=reference)
    now = timezone.now()
    form = NoteForm(posted_or_kept(request) or None)
    if request.method == "POST" and form.is_valid():
        try:
            note = workflow.write_note(somebody.pk, form.cleaned_data["text"], by=request.user, at=now)
        except workflow.NotAllowed as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            forget(request)
            messages.success(request, _("The note is kept.") if note.at == now else _("We already have this note."))
        return redirect("person", somebody.reference)
    steps, profile = steps_of(somebody, now), workflow.profile_of(somebody)
    is_own = somebody == request.user
    opens_pages = not is_own and request.user.has_perm("accounts.enter_for_people")
    return render(
        request,
        "certportal/person.html",
        {
            "person": somebody,
            "profile": profile,
            "twins": twins_of(somebody, profile.birth_on),
            "is_own": is_own,
            "urgent": most_urgent(steps),
            "told": told(somebody, steps, now, opens_pages=opens_pages),
            "forms": _forms_for(somebody, request.user) if opens_pages else [],
            "note": form,
            "page": timeline(somebody, reader=request.user, asked=request.GET),
            "kinds": kinds(),
            "shown": request.GET.get(SHOW, ""),
            "has_access_needs": AccessNeeds.objects.filter(person=somebody).exists(),
        },
    )


def _forms_for(somebody: User, user: User) -> list[tuple[str, str]]:
    """The forms the desk may fill in for this person, by phone or from paper."""
    desk = Desk(person=somebody, by=user)
    return [
        (_("Names, contact, address, birth date"), desk.url("profile")),
        (_("What would help them take part"), desk.url("access")),
        (_("Apply for a training"), reverse("trainings:list") + f"?for={somebody.reference}"),
        (_("Tell us about a job"), desk.url("employment:new")),
        (_("Certification"), desk.url("certification:mine")),
        (_("Messages we sent them"), desk.url("notifications:messages")),
    ]
