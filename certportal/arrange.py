"""The access coordinator's page: what would help this person, and what we arranged."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import workflow
from accounts.forms import plain_helper
from accounts.models import AccessNeeds
from accounts.stories import open_story


class ArrangementForm(forms.Form):
    arrangement = forms.CharField(
        label=gettext_lazy("What we arranged"),
        help_text=gettext_lazy("Trainers read this. Write the help, never the reason."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what you arranged.")},
    )
    helper = plain_helper()


@permission_required("accounts.arrange_access", raise_exception=True)
def arrange(request: HttpRequest, reference: str) -> HttpResponse:
    needs = get_object_or_404(AccessNeeds.objects.select_related("person"), person__reference=reference)
    if needs.person == request.user:
        raise PermissionDenied
    form = ArrangementForm(request.POST or None, initial={"arrangement": needs.arrangement})
    if request.method == "POST" and form.is_valid():
        workflow.arrange_access(needs.pk, form.cleaned_data["arrangement"], by=request.user, at=timezone.now())
        messages.success(request, _("Saved. Tell the person what you arranged."))
        return redirect("staff")
    words = open_story(needs, by=request.user, purpose="arrange access", at=timezone.now())
    return render(request, "certportal/arrange.html", {"needs": needs, "words": words, "form": form})
