"""Where one spot stands in its line: the number, who is ahead, why, and how often people there got a seat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Standing, StandingKind
from programs.calendar import local_day
from programs.program import program
from programs.rows import CourseKind
from programs.words import listed, long_date
from trainings import rules
from trainings.models import Allocation, Registration, Status, TrainingSession
from trainings.rules import Claim

SESSIONS_LOOKED_AT = 6


@dataclass(frozen=True)
class Place:
    """One spot as its page shows it. `is_provisional`: the seats are not set yet, so everything may still move."""

    number: int
    behind: int
    tier: int
    tier_title: str
    ahead: tuple[str, ...]  # one line per group
    proofs: tuple[str, ...]
    moves_up: str
    is_provisional: bool
    free_seats: int
    share: tuple[int, int] | None

    @property
    def share_words(self) -> str:
        """How it went before for a person at this spot, as their page and the office say it."""
        if self.share is None:
            return _("We cannot say yet how it went before. We need three past sessions to tell you.")
        facts = {"seated": self.share[0], "all": self.share[1], "number": self.number}
        return _("In %(seated)d of the last %(all)d sessions a person at number %(number)d got a seat.") % facts


def place_of(spot: Registration, at: datetime) -> Place | None:
    """For somebody who is ranked and has no seat; nothing for anybody else."""
    if spot.status not in (Status.ADMITTED, Status.WAITING):
        return None
    today = program(local_day(at))
    kind = today.course(spot.course.kind)
    if spot.status == Status.WAITING:
        line = list(spot.session.registrations.in_line().values_list("pk", "tier"))
        tiers, proofs = {key: tier or 0 for key, tier in line}, list(spot.proofs)
    else:
        tiers, all_proofs = provisional_line(spot.session, kind, at)
        proofs = all_proofs.get(spot.pk, [])
    if spot.pk not in tiers:
        return None  # the seats were set, or they left, while we read
    keys = list(tiers)
    number = keys.index(spot.pk) + 1
    tier = tiers[spot.pk]
    return Place(
        number=number,
        behind=len(keys) - number,
        tier=tier,
        tier_title=tier_title(kind, tier),
        ahead=tuple(_ahead(kind, rules.ahead_by_tier(tiers[key] for key in keys[: number - 1]), tier)),
        proofs=tuple(proof_words(proof) for proof in proofs),
        moves_up=_moves_up(kind, tier),
        is_provisional=spot.status == Status.ADMITTED,
        free_seats=spot.session.seats.free().general().count(),
        share=_share_in_the_ranking(spot.session, number)
        if spot.status == Status.ADMITTED
        else rules.share_seated(number, _seats_opened(spot.session)),
    )


def provisional_line(
    session: TrainingSession, kind: CourseKind, at: datetime
) -> tuple[dict[int, int], dict[int, list[dict[str, str]]]]:
    """How the ranking would come out if the seats were set now: {registration: group} in order, and the proofs."""
    admitted = session.registrations.filter(status=Status.ADMITTED, outcome="")
    spots = list(admitted.only("session_id", "person_id", "received_at", "tier_override"))
    held = standings_of(kind, [spot.person_id for spot in spots], at)
    claims, proofs = [], {}
    for spot in spots:
        theirs = held.get(spot.person_id, [])
        tier = spot.tier_override or tier_of(kind, theirs)
        claims.append(Claim(spot.pk, tier, spot.received_at))
        proofs[spot.pk] = proofs_of(kind, tier, theirs)
    return {claim.registration: claim.tier for claim in rules.in_order(claims)}, proofs


def standings_of(kind: CourseKind, people: list[int], at: datetime) -> dict[int, list[Standing]]:
    """{person: standings in force that day}; nothing is looked up where the course has no groups."""
    held: dict[int, list[Standing]] = defaultdict(list)
    if kind.tiers and people:
        for standing in Standing.objects.in_force(on=local_day(at)).filter(person__in=people):
            held[standing.person_id].append(standing)
    return held


def tier_of(kind: CourseKind, standings: Sequence[Standing]) -> int:
    """1 where the course has no groups. Outside every group although let in, because a standing ended since: they
    stand last, not out."""
    if not kind.tiers:
        return 1
    return kind.tier_of((standing.kind, standing.code) for standing in standings) or len(kind.tiers) + 1


def proofs_of(kind: CourseKind, tier: int, standings: Sequence[Standing]) -> list[dict[str, str]]:
    """The records that prove a group."""
    if not 1 <= tier <= len(kind.tiers):
        return []
    return [
        {"kind": one.kind, "code": one.code, "source": one.source, "since": one.starts_on.isoformat()}
        for one in standings
        if kind.tiers[tier - 1].admits([(one.kind, one.code)])
    ]


def tier_title(kind: CourseKind, tier: int) -> str:
    if not kind.tiers:
        return _("Everyone is in one group here.")
    if tier > len(kind.tiers):
        return _("All others")
    return kind.tiers[tier - 1].title


def _ahead(kind: CourseKind, ahead: list[tuple[int, int]], own: int) -> list[str]:
    if not ahead:
        return [_("Nobody")]
    if not kind.tiers:
        count = sum(number for _tier, number in ahead)
        return [ngettext("%d person who came before you", "%d people who came before you", count) % count]
    return [_group_ahead(kind, tier, count, own) for tier, count in ahead]


def _group_ahead(kind: CourseKind, tier: int, count: int, own: int) -> str:
    if tier == own:
        words = ngettext(
            "%(count)d person in your group, who came before you",
            "%(count)d people in your group, who came before you",
            count,
        )
        return words % {"count": count}
    words = ngettext(
        "%(count)d person in group %(tier)d: %(title)s", "%(count)d people in group %(tier)d: %(title)s", count
    )
    return words % {"count": count, "tier": tier, "title": tier_title(kind, tier)}


def _moves_up(kind: CourseKind, tier: int) -> str:
    """What would put the person into a group further ahead; nothing for the first."""
    better = kind.tiers[: tier - 1] if tier > 1 else ()
    if not better:
        return ""
    return _("A record that shows you are in one of these groups: %s.") % listed([one.title for one in better])


def proof_words(proof: dict[str, str], *, to_staff: bool = False) -> str:
    """The record that was used, in words: what it is, and since when. Said to the person, or about them."""
    since = long_date(date.fromisoformat(proof["since"]))
    theirs, about_them = {
        StandingKind.EMPLOYED: (
            _("Your job, which your employer confirmed. Since %s."),
            _("Job, confirmed by the employer. Since %s."),
        ),
        StandingKind.CERTIFIED: (_("Your certificate. Since %s."), _("Certificate. Since %s.")),
        StandingKind.TRAINED: (_("The training you finished on %s."), _("Finished the training on %s.")),
        StandingKind.SUPERVISOR_TRAINED: (
            _("The supervisor training you finished on %s."),
            _("Finished the supervisor training on %s."),
        ),
    }[StandingKind(proof["kind"])]
    return (about_them if to_staff else theirs) % since


def _last_sessions(session: TrainingSession) -> list[int]:
    past = TrainingSession.objects.filter(
        status=TrainingSession.Status.HELD, course=session.course_id, starts_at__lt=session.starts_at
    )
    return list(past.order_by("-starts_at").values_list("pk", flat=True)[:SESSIONS_LOOKED_AT])


def _seats_opened(session: TrainingSession) -> list[int]:
    """For each of the course's last sessions: to how many people in line a seat was offered before class began."""
    opened = dict.fromkeys(_last_sessions(session), 0)
    for one in Allocation.objects.filter(session__in=opened, is_first=False):
        opened[one.session_id] += sum(status == Status.OFFERED for _key, _seat, status in one.given)
    return list(opened.values())


def _share_in_the_ranking(session: TrainingSession, number: int) -> tuple[int, int] | None:
    """Before the seats are set. Whoever has theirs ahead of that day stood in the same ranking."""
    have_theirs = session.seats.general().exclude(registration=None).count()
    return rules.share_seated(number + have_theirs, _seats_reached(session))


def _seats_reached(session: TrainingSession) -> list[int]:
    """For each of the course's last sessions: how far down the ranking seats went, with the offers that came later;
    or would have gone, where more were free than people came."""
    runs: dict[int, list[Allocation]] = defaultdict(list)
    for run in Allocation.objects.filter(session__in=_last_sessions(session)).order_by("at", "pk"):
        runs[run.session_id].append(run)
    return [_reached(of_one) for of_one in runs.values() if any(run.is_first for run in of_one)]


def _reached(runs: Sequence[Allocation]) -> int:
    given = left = 0
    for run in runs:
        general = {seat for seat, kept_for in run.free_seats if not kept_for}
        now = sum(seat in general for _key, seat, _status in run.given)
        given, left = given + now, len(general) - now if run.is_first else max(left - now, 0)
    return given + left
