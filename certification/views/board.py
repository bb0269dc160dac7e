"""The Board and the Director: the next meeting, one packet at a time, a vote, a recommendation, a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from audit.reasons import NotAllowed
from certification import next_steps, workflow
from certification.forms import DecisionForm, RecommendForm, VoteForm
from certification.models import (
    AgendaItem,
    BoardMember,
    CertificationApplication,
    Credential,
    Decision,
    Meeting,
    Recommendation,
    Status,
    Vote,
)
from certification.rules import quorum
from certification.views.packet import packet_of
from certification.workflow.board import member_for, presiding_seat, votes_of
from programs.calendar import local_day
from programs.program import program

member_only = permission_required("certification.serve_on_board", raise_exception=True)
director_only = permission_required("certification.direct", raise_exception=True)


def board(request: HttpRequest) -> HttpResponse:
    """The home of the Board and of the Director: the next meeting with its files, and what is to decide."""
    user: User = request.user
    sits, directs = user.has_perm("certification.serve_on_board"), user.has_perm("certification.direct")
    if not (sits or directs):
        raise PermissionDenied
    now = timezone.now()
    meeting = _current_meeting(now)
    return render(
        request,
        "certification/board.html",
        {
            "now": now,
            "sits": sits,
            "directs": directs,
            "meeting": meeting,
            "lines": _lines(meeting, user) if meeting and sits else [],
            "to_vote": next_steps.items_for(user, now) if sits else [],
            "to_decide": _to_decide(user, now) if directs else [],
            "seated": BoardMember.objects.seated(on=local_day(now)).count(),
            "seats": workflow.board_seats(program(local_day(now))),
        },
    )


def _current_meeting(now: datetime) -> Meeting | None:
    """The one whose files are still being read, else the next."""
    planned = Meeting.objects.filter(status=Meeting.Status.PLANNED).order_by("meets_at")
    being_read = planned.filter(items__in=AgendaItem.objects.live()).first()
    return being_read or planned.filter(meets_at__gt=now).first()


def _lines(meeting: Meeting, user: User) -> list[dict[str, Any]]:
    """Files this member may open, each with where it stands; those they stepped back from keep only their number."""
    member = member_for(meeting, user)
    if member is None:
        return []
    recused = set(member_recusals(member))
    voted = set(Vote.objects.filter(member=member, item__meeting=meeting).values_list("item", flat=True))
    lines = []
    for item in meeting.items.filter(left_at=None).select_related("application__person", "recommendation"):
        is_closed = item.application_id in recused or item.application.person == user
        lines.append(
            {
                "item": item,
                "is_closed": is_closed,
                "has_voted": item.pk in voted,
                "recommendation": getattr(item, "recommendation", None),
            }
        )
    return lines


def member_recusals(member: BoardMember) -> list[int]:
    return list(
        CertificationApplication.objects.filter(recusals__member__person=member.person).values_list("pk", flat=True)
    )


def _to_decide(user: User, now: datetime) -> list[dict[str, Any]]:
    return [{"application": one, "step": next_steps.step_of(one, now)} for one in next_steps.to_decide(user)]


# -- One packet --------------------------------------------------------------------------------------------


def _line(request: HttpRequest, meeting: str, number: int) -> tuple[AgendaItem, BoardMember]:
    """The line for a member who may open it: not their own matter, not one they stepped back from."""
    lines = AgendaItem.objects.filter(left_at=None).select_related("meeting", "application__person")
    item = get_object_or_404(lines, meeting__reference=meeting, number=number)
    user: User = request.user
    member = member_for(item.meeting, user)
    if member is None or item.application.person == user:
        raise PermissionDenied
    if item.application.recusals.filter(member__person=user).exists():
        raise PermissionDenied
    return item, member


@member_only
def packet(request: HttpRequest, meeting: str, number: int) -> HttpResponse:
    item, member = _line(request, meeting, number)
    return _packet_page(request, item, member)


def _packet_page(request: HttpRequest, item: AgendaItem, member: BoardMember, **bound: Any) -> HttpResponse:
    now = timezone.now()
    seated = list(BoardMember.objects.seated(on=local_day(item.meeting.meets_at)))
    mine = Vote.objects.filter(item=item, member=member).first()
    recommendation = Recommendation.objects.filter(item=item).first()
    is_live = item.application.status == Status.ON_AGENDA and recommendation is None
    return render(
        request,
        "certification/packet.html",
        {
            **packet_of(item.application, now),
            "item": item,
            "lines": item.meeting.items.filter(left_at=None).count(),
            "form": VoteForm(),
            "recommend_form": RecommendForm(prefix="recommend"),
            **bound,
            "mine": mine,
            "others": item.votes.exclude(member=member).select_related("member__person") if mine else [],
            "filed": sum(votes_of(item).values()),
            "quorum": quorum(len(seated)),
            "may_vote": is_live and mine is None,
            "may_step_back": is_live,
            "presides": is_live and member.seat == presiding_seat(item, seated),
            "recommendation": recommendation,
        },
    )


def _back(item: AgendaItem) -> HttpResponse:
    return redirect("certification:packet", item.meeting.reference, item.number)


@require_POST
@member_only
def vote(request: HttpRequest, meeting: str, number: int) -> HttpResponse:
    item, member = _line(request, meeting, number)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _packet_page(request, item, member, form=form)
    typed = form.cleaned_data
    try:
        workflow.vote(item.pk, typed["choice"], by=member.person, at=timezone.now(), reasons=typed["reasons"])
    except NotAllowed as refusal:
        for sentence in refusal.messages:
            form.add_error("reasons", sentence)
        return _packet_page(request, item, member, form=form)
    messages.success(request, _("Your vote is filed."))
    return _back(item)


@require_POST
@member_only
def recuse(request: HttpRequest, meeting: str, number: int) -> HttpResponse:
    """Stepping back closes the file for good, so the way leads to the list."""
    item, member = _line(request, meeting, number)
    try:
        workflow.recuse(item.pk, by=member.person, at=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _back(item)
    messages.success(request, _("You stepped back. You cannot open this file any more."))
    return redirect("certification:board")


@require_POST
@member_only
def recommend(request: HttpRequest, meeting: str, number: int) -> HttpResponse:
    item, member = _line(request, meeting, number)
    form = RecommendForm(request.POST, prefix="recommend")
    if not form.is_valid():
        return _packet_page(request, item, member, recommend_form=form, has_errors=True)
    try:
        workflow.recommend(item.pk, by=member.person, at=timezone.now(), reasons=form.cleaned_data["reasons"])
    except NotAllowed as refusal:
        for sentence in refusal.messages:
            form.add_error("reasons", sentence)
        return _packet_page(request, item, member, recommend_form=form, has_errors=True)
    messages.success(request, _("Recorded. It is with the person or the Director now."))
    return _back(item)


# -- The Director ------------------------------------------------------------------------------------------


@director_only
def decide(request: HttpRequest) -> HttpResponse:
    user: User = request.user
    return render(request, "certification/decide.html", {"to_decide": _to_decide(user, timezone.now())})


@director_only
def decide_file(request: HttpRequest, reference: str) -> HttpResponse:
    """One file with the Board's word, and the decision."""
    user: User = request.user
    recommended = CertificationApplication.objects.filter(
        status__in=[Status.RECOMMENDED, Status.NOT_RECOMMENDED, Status.APPROVED, Status.DISAPPROVED]
    )
    application = get_object_or_404(recommended.select_related("person"), reference=reference)
    if application.person == user:
        raise PermissionDenied
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(application, form, by=user, at=timezone.now())
        except NotAllowed as refusal:
            for sentence in refusal.messages:
                form.add_error("outcome", sentence)
        else:
            messages.success(request, _("Decided. %s is told.") % application.person)
            return redirect("certification:decide_file", application.reference)
    now = timezone.now()
    return render(
        request,
        "certification/decide_file.html",
        {
            **packet_of(application, now),
            "form": form,
            "recommendation": Recommendation.objects.filter(item__application=application).last(),
            "decision": Decision.objects.filter(application=application).first(),
            "credential": Credential.objects.filter(application=application).first(),
        },
    )


def _decide(application: CertificationApplication, form: DecisionForm, *, by: User, at: datetime) -> None:
    if form.cleaned_data["outcome"] == Decision.Outcome.APPROVED:
        workflow.approve(application.pk, by=by, at=at)
    else:
        workflow.disapprove(application.pk, reasons=form.cleaned_data["reasons"], by=by, at=at)
