"""A person's own record, page by page, and the same pages for the office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import workflow
from accounts.desk import Desk, DeskRequest, for_myself_or_by_staff
from accounts.forms import PROFILE_PARTS, AccessForm, AddressForm, NewPersonForm, ProfilePart
from accounts.kept_words import forget, posted_or_kept
from accounts.models import AccessNeeds, Channel, User
from accounts.stories import own_words
from programs.calendar import local_day
from programs.program import program


@for_myself_or_by_staff
def profile(request: DeskRequest) -> HttpResponse:
    """Everything we hold about the person that they typed, each line with its own Change."""
    desk = request.desk
    profile = workflow.profile_of(desk.person)
    person = desk.person
    groups: list[tuple[str, str, list[tuple[str, Any]]]] = [
        (
            _("Names"),
            "names",
            [
                (_("Legal name"), person.legal_name),
                (_("The name you use"), person.name_in_use),
                (_("The name your employer knows"), person.employer_name),
            ],
        ),
        (
            _("How to reach you"),
            "contact",
            [
                (_("Best way"), Channel(profile.best_channel).label if profile.best_channel else ""),
                (_("E-mail"), profile.contact_email or person.email),
                (_("Phone"), str(profile.phone)),
                (_("Voicemail"), _voicemail(profile.voicemail_is_safe)),
                (_("Private wording"), _("On") if profile.private_wording else _("Off")),
                (_("Someone we may ask"), profile.second_contact_name),
            ],
        ),
        (
            _("Where you live"),
            "address",
            [
                (_("County"), profile.county),
                (_("Letters go to"), ", ".join(profile.postal_lines) or (profile.get_mail_to_display() or "")),
            ],
        ),
        (_("About you"), "birth", [(_("Date of birth"), profile.birth_on)]),
    ]
    sections = [
        {"title": title, "rows": rows, "url": desk.url("profile_part", part=slug)} for title, slug, rows in groups
    ]
    return render(
        request,
        "certportal/profile.html",
        {
            "desk": desk,
            "sections": sections,
            "access_url": desk.url("access"),
            "helper_url": desk.url("helper"),
            "watches_url": desk.url("trainings:watches"),
            "needs": _needs(desk),
            "home": desk.home,
        },
    )


def _voicemail(is_safe: bool | None) -> str:
    return {True: _("Yes, leave one"), False: _("No, do not leave one"), None: ""}[is_safe]


def _needs(desk: Desk) -> AccessNeeds | None:
    return AccessNeeds.objects.filter(person=desk.person).first()


@for_myself_or_by_staff
def profile_part(request: DeskRequest, part: str) -> HttpResponse:
    form_class = PROFILE_PARTS.get(part)
    if form_class is None:
        raise Http404
    form, now = _part_form(form_class, request), timezone.now()
    if request.method == "POST" and form.is_valid():
        workflow.change_profile(
            request.desk.person.pk,
            names=form.names,
            facts=form.facts,
            by=request.user,
            at=now,
            receipt=form.receipt(now),
        )
        forget(request)
        messages.success(request, _("Saved."))
        return redirect(_page_after(part, request.desk))
    return render(
        request,
        "certportal/profile_part.html",
        {
            "desk": request.desk,
            "form": form,
            "title": form_class.title,
            "why": form_class.why,
            "step": list(PROFILE_PARTS).index(part) + 1,
            "steps": len(PROFILE_PARTS),
            "back": request.desk.url("profile"),
        },
    )


def _part_form(form_class: type[ProfilePart], request: DeskRequest) -> ProfilePart:
    person = request.desk.person
    extra = {"counties": program(local_day(timezone.now())).counties} if issubclass(form_class, AddressForm) else {}
    words = posted_or_kept(request)
    return form_class(words or None, desk=request.desk, profile=workflow.profile_of(person), **extra)


def _page_after(part: str, desk: Desk) -> str:
    parts = list(PROFILE_PARTS)
    following = parts[parts.index(part) + 1 :]
    return desk.url("profile_part", part=following[0]) if following else desk.url("profile")


@for_myself_or_by_staff
def access(request: DeskRequest) -> HttpResponse:
    """What would help you take part? Asked apart; the words are sealed at once."""
    desk, needs, now = request.desk, _needs(request.desk), timezone.now()
    typed = posted_or_kept(request)
    # The office may write down what somebody says, but does not get to read it back here.
    written = own_words(needs, by=desk.by) if needs and not desk.is_staff_entry else ""
    form = AccessForm(typed or None, desk=desk, initial={"words": written})
    if request.method == "POST" and form.is_valid():
        rules = program(local_day(now))
        due = rules.calendar.add_working_days(local_day(now), rules.service_days("access_needs"))
        workflow.ask_for_access(
            desk.person.pk, form.cleaned_data["words"], answer_due_on=due, by=desk.by, at=now, receipt=form.receipt(now)
        )
        forget(request)
        messages.success(request, _("Thank you. We will answer within five working days."))
        return redirect(desk.url("profile"))
    return render(
        request,
        "certportal/access.html",
        {"desk": desk, "form": form, "needs": needs, "back": desk.url("profile")},
    )


@permission_required("accounts.enter_for_people", raise_exception=True)
def new_person(request: HttpRequest) -> HttpResponse:
    """Open a record for somebody who called or sent paper."""
    form, now = NewPersonForm(request.POST or None, desk=Desk(person=User(), by=request.user)), timezone.now()
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            person = workflow.open_person(
                names={name: typed[name] for name in form.NAMES},
                profile={name: typed[name] for name in form.PROFILE} | {"best_channel": _channel_for(typed)},
                receipt=form.receipt(now),
                by=request.user,
                at=now,
            )
        except workflow.NotAllowed as refusal:
            form.add_error("contact_email", refusal.messages)
        else:
            messages.success(request, _("The record is open. Its number is %s.") % person.reference)
            return redirect("person", person.reference)
    return render(request, "certportal/new_person.html", {"form": form})


def _channel_for(typed: dict[str, Any]) -> Channel:
    if typed["contact_email"]:
        return Channel.EMAIL
    return Channel.PHONE if typed["phone"] else Channel.POST
