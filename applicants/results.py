"""What a writer reads of the scores when the answer is: not this time. Averages in plain words, no reader named."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from applicants.models import ScholarshipApplication


@dataclass(frozen=True)
class Result:
    name: str
    points: Decimal
    words: str


def results_of(application: ScholarshipApplication) -> list[Result]:
    """Each line of the rubric with the average of its readers and the words of the nearest number."""
    given: dict[int, list[int]] = {}
    for review in application.reviews.filed().prefetch_related("scores"):
        for score in review.scores.all():
            given.setdefault(score.criterion_id, []).append(score.points)
    results = []
    for line in application.round.criteria.all():
        if points := given.get(line.pk):
            average = Decimal(sum(points)) / len(points)
            nearest = min(line.anchors, key=lambda anchor: abs(anchor[0] - average))
            results.append(Result(line.name, average.quantize(Decimal("0.1")), nearest[1]))
    return results
