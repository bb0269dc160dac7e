"""What a round's money and kept seats come to, for the bar and the table under it."""

from __future__ import annotations

from typing import Any

from applicants.models import Award, ScholarshipRound
from applicants.workflow.awards import free_seats
from programs.words import ledger_money

BAR = 800


def money_of(round_: ScholarshipRound) -> dict[str, Any]:
    """Accepted, held by open offers, free; the widths of the bar by the same numbers."""
    awards = Award.objects.filter(application__round=round_)
    accepted = [award.cents for award in awards.filter(status=Award.Status.ACCEPTED)]
    held = round_.committed_cents - sum(accepted)
    per_cent = BAR / round_.budget_cents if round_.budget_cents else 0
    return {
        "budget": ledger_money(round_.budget_cents),
        "accepted": ledger_money(sum(accepted)),
        "accepted_count": len(accepted),
        "held": ledger_money(held),
        "held_count": awards.filter(status=Award.Status.OFFERED).count(),
        "free": ledger_money(round_.free_cents),
        "free_count": round_.free_cents // round_.award_cents,
        "accepted_width": round(sum(accepted) * per_cent),
        "held_width": round(held * per_cent),
        "held_end": round(round_.committed_cents * per_cent),
        "seats_free": free_seats(round_),
        "seats": round_.session.seats.open().filter(kept_for=round_.reference).count(),
    }
