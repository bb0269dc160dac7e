"""What comes next: for the person's page, for the office's queue, and for the Board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import StandingKind, User
from accounts.steps import Stage, Step, Tone, Work
from certification.models import (
    AgendaItem,
    BoardMember,
    CertificationApplication,
    Credential,
    Meeting,
    Recommendation,
    Status,
    Vote,
)
from programs.calendar import local_day
from programs.program import program
from programs.words import long_date

# -- The person --------------------------------------------------------------------------------------------


def steps_of(person: User, at: datetime) -> list[Step]:
    """Certification of each file that is open or ended in a no, and renewal of each credential in force."""
    today = local_day(at)
    credentials = list(Credential.objects.filter(person=person).order_by("-issued_on"))
    steps = [step_of(application, at) for application in files_to_show(person)]
    steps += [_certified(credential) for credential in credentials]
    if not steps:
        steps += [_may_start(code, at) for code in may_start(person, today)]
    return steps + [_renewal(credential, today) for credential in credentials]


def files_to_show(person: User) -> list[CertificationApplication]:
    """Open ones, and the last no. A yes shows as the credential it gave; withdrawn and closed ones are past."""
    mine = CertificationApplication.objects.filter(person=person).order_by("-started_at")
    return list(mine.exclude(status__in=[Status.APPROVED, Status.WITHDRAWN, Status.CLOSED]))


def may_start(person: User, today: date) -> list[str]:
    """Designations the person is trained for today and neither holds nor has asked for."""
    offered = {one.code for one in program(today).designations}
    trained = person.standings.in_force(on=today).filter(kind=StandingKind.TRAINED, code__in=offered)
    codes = sorted(set(trained.values_list("code", flat=True)))
    open_files = CertificationApplication.objects.filter(person=person).still_open()
    asked = set(open_files.values_list("designation", flat=True))
    held = set(Credential.objects.in_force(on=today).filter(person=person).values_list("designation", flat=True))
    return [code for code in codes if code not in asked | held]


def next_meeting(at: datetime) -> Meeting | None:
    """The first one whose packet deadline is still ahead."""
    return Meeting.objects.ahead(at).filter(packet_deadline_at__gte=at).first()


def send_by(at: datetime) -> date:
    """The packet deadline of the next meeting; where none is planned, the time the office gives itself."""
    meeting = next_meeting(at)
    today = local_day(at)
    return local_day(meeting.packet_deadline_at) if meeting else program(today).service_due("place_review", today)


def _title(code: str, at: datetime) -> str:
    return program(local_day(at)).designation(code).title


def _may_start(code: str, at: datetime) -> Step:
    return Step(
        stage=Stage.CERTIFICATION,
        tone=Tone.YOU,
        chip=_("You can start"),
        title=_title(code, at),
        sentence=_("You finished the training. Now you can ask to be certified."),
        next_actor=_("you"),
        due_on=send_by(at),
        url=reverse("certification:mine"),
        link_text=_("See what is asked"),
    )


def step_of(application: CertificationApplication, at: datetime) -> Step:
    tone, chip, sentence, actor, due_on = SAYS[Status(application.status)](application, at)
    return Step(
        stage=Stage.CERTIFICATION,
        tone=tone,
        chip=chip,
        title=_title(application.designation, at),
        sentence=sentence,
        next_actor=actor,
        due_on=due_on,
        url=reverse("certification:file", args=[application.reference]),
        link_text=_("Open my checklist"),
        is_over=actor == "",
        reference=application.reference,
    )


Says = tuple[Tone, str, str, str, date | None]


def _draft(application: CertificationApplication, at: datetime) -> Says:
    day = send_by(at)
    sentence = _("Started. Send it by %s, and the Board can read it at its next meeting.") % long_date(day)
    return Tone.YOU, _("Started"), sentence, _("you"), day


def _submitted(application: CertificationApplication, at: datetime) -> Says:
    since = application.missing_items.order_by("-fixed_at").values_list("fixed_at", flat=True).first()
    received = local_day(since or application.received_at or at)
    day = program(received).service_due("place_review", received)
    return Tone.THEM, _("Sent"), _("We have it. We check it by %s.") % long_date(day), _("PLACE"), day


def _missing(application: CertificationApplication, at: datetime) -> Says:
    items = list(application.missing_items.filter(fixed_at=None))
    day = min((item.due_on for item in items), default=send_by(at))
    count = len(items)
    sentence = ngettext(
        "We need %(count)d thing from you by %(day)s.", "We need %(count)d things from you by %(day)s.", count
    ) % {"count": count, "day": long_date(day)}
    return Tone.YOU, _("Something is missing"), sentence, _("you"), day


def _complete(application: CertificationApplication, at: datetime) -> Says:
    done = local_day(application.completed_at or at)
    day = program(done).service_due("place_review", done)
    sentence = _("All is here. We set the day of the Board’s next meeting by %s.") % long_date(day)
    return Tone.THEM, _("Complete"), sentence, _("PLACE"), day


def _on_agenda(application: CertificationApplication, at: datetime) -> Says:
    item = application.agenda_items.live().select_related("meeting").first()
    day = local_day(item.meeting.meets_at) if item else send_by(at)
    return Tone.THEM, _("On the agenda"), _("The Board meets on %s.") % long_date(day), _("the Review Board"), day


def _asks_more(application: CertificationApplication, at: datetime) -> Says:
    tone, _chip, _sentence, actor, day = _missing(application, at)
    sentence = _("The Board has a question. Answer it by %s.") % long_date(day or send_by(at))
    return tone, _("The Board asks for more"), sentence, actor, day


def _with_director(application: CertificationApplication, at: datetime) -> Says:
    newest = Recommendation.objects.filter(item__application=application).order_by("-recorded_at").first()
    since = local_day(newest.recorded_at if newest else at)
    day = program(since).service_due("director", since)
    if application.status == Status.RECOMMENDED:
        return (
            Tone.THEM,
            _("The Board said yes"),
            _("The Director decides by %s.") % long_date(day),
            _("the Director"),
            day,
        )
    sentence = _("The Board did not say yes. The Director decides by %s.") % long_date(day)
    return Tone.THEM, _("With the Director"), sentence, _("the Director"), day


def _disapproved(application: CertificationApplication, at: datetime) -> Says:
    decided = local_day(application.ended_at or at)
    last = program(decided).due_after("denial_appeal", decided)
    if local_day(at) <= last:
        sentence = _("The answer is no. The reasons are in your letter. You can appeal by %s.") % long_date(last)
        return Tone.NO, _("The answer is no"), sentence, _("you"), last
    return Tone.NO, _("The answer is no"), _("The time to appeal has passed. You can ask again."), "", None


SAYS = {
    Status.DRAFT: _draft,
    Status.SUBMITTED: _submitted,
    Status.MISSING: _missing,
    Status.COMPLETE: _complete,
    Status.ON_AGENDA: _on_agenda,
    Status.ASKS_MORE: _asks_more,
    Status.RECOMMENDED: _with_director,
    Status.NOT_RECOMMENDED: _with_director,
    Status.DISAPPROVED: _disapproved,
}


def _certified(credential: Credential) -> Step:
    return Step(
        stage=Stage.CERTIFICATION,
        tone=Tone.DONE,
        chip=_("You are certified"),
        title=f"{credential.designation_title}, {credential.number}",
        sentence=_("Since %(day)s. It is good through %(last)s.")
        % {"day": long_date(credential.issued_on), "last": long_date(credential.expires_on)},
        url=reverse("certification:mine"),
        link_text=_("See my papers"),
        is_over=True,
        reference=credential.number,
    )


def _renewal(credential: Credential, today: date) -> Step:
    renewal = program(today).renewal
    opens, last = renewal.opens_on(credential.expires_on), credential.expires_on
    facts = {"opens": long_date(opens), "last": long_date(last)}
    tone, due_on = Tone.QUIET, last
    if today < opens:
        chip, sentence = _("Current"), _("Renewal opens on %(opens)s. Renew by %(last)s.") % facts
    elif today <= last:
        tone, chip, sentence = Tone.YOU, _("Renew now"), _("Renewal is open. Renew by %(last)s.") % facts
    else:
        due_on = renewal.reinstatement_until(last)
        sentence = _("It ended on %(last)s. You can come back until %(back)s.")
        chip, sentence = _("Ended"), sentence % {**facts, "back": long_date(due_on)}
    return Step(
        stage=Stage.RENEWAL,
        tone=tone,
        chip=chip,
        title=credential.designation_title,
        sentence=sentence,
        next_actor=_("you"),
        due_on=due_on,
        is_over=today > due_on,
        reference=credential.number,
    )


# -- The office, the Board, the Director -------------------------------------------------------------------


def work_of(user: User, at: datetime) -> list[Work]:
    """Rows for whoever works here; never one's own matter."""
    work: list[Work] = []
    if user.has_perm("certification.complete_files"):
        work += _office_work(user, at)
    if user.has_perm("certification.serve_on_board"):
        work += _board_work(user, at)
    if user.has_perm("certification.direct"):
        work += _director_work(user, at)
    return work


def _office_work(user: User, at: datetime) -> Iterable[Work]:
    waiting = CertificationApplication.objects.filter(status__in=[Status.SUBMITTED, Status.COMPLETE])
    for application in waiting.exclude(person=user).select_related("person").order_by("received_at"):
        _tone, _chip, _sentence, _actor, day = SAYS[Status(application.status)](application, at)
        is_new = application.status == Status.SUBMITTED
        yield Work(
            due_on=day or local_day(at),
            reference=application.reference,
            who=str(application.person),
            verb=_("Check the certification file") if is_new else _("Plan a Board meeting for this file"),
            url=reverse("certification:office_file", args=[application.reference])
            if is_new
            else reverse("certification:meetings"),
        )


def _board_work(user: User, at: datetime) -> Iterable[Work]:
    """Files on agendas that wait for this member's vote; for who presides, also those to be recorded."""
    for item in items_for(user, at):
        yield Work(
            due_on=local_day(item.meeting.meets_at),
            reference=item.application.reference,
            who=str(item.application.person),
            verb=_("Read and vote"),
            url=reverse("certification:packet", args=[item.meeting.reference, item.number]),
        )


def items_for(user: User, at: datetime) -> list[AgendaItem]:
    """Lines this member has neither voted on nor stepped back from."""
    lines = (
        AgendaItem.objects.live()
        .filter(meeting__status=Meeting.Status.PLANNED)
        .exclude(application__person=user)
        .exclude(application__recusals__member__person=user)
        .exclude(pk__in=Vote.objects.filter(member__person=user).values("item"))
        .select_related("meeting", "application__person")
        .order_by("meeting__meets_at", "number")
    )
    return [line for line in lines if _sits(user, local_day(line.meeting.meets_at))]


def _sits(user: User, on: date) -> bool:
    return BoardMember.objects.seated(on=on).filter(person=user).exists()


def to_decide(user: User) -> list[CertificationApplication]:
    """What the Board has said yes or no to, oldest first, without the Director's own."""
    waiting = CertificationApplication.objects.filter(status__in=[Status.RECOMMENDED, Status.NOT_RECOMMENDED])
    return list(waiting.exclude(person=user).select_related("person").order_by("received_at", "pk"))


def _director_work(user: User, at: datetime) -> Iterable[Work]:
    for application in to_decide(user):
        _tone, _chip, _sentence, _actor, day = _with_director(application, at)
        yield Work(
            due_on=day or local_day(at) + timedelta(days=1),
            reference=application.reference,
            who=str(application.person),
            verb=_("Decide"),
            url=reverse("certification:decide_file", args=[application.reference]),
        )
