"""What the applicants app keeps: the training application with its parts, and the scholarships."""

from applicants.models.application import (
    Document,
    RecoveryStory,
    Reference,
    ReferenceText,
    Relation,
    SupportSpell,
    TrainingApplication,
)
from applicants.models.scholarship import (
    Award,
    Essay,
    LedgerLine,
    Review,
    ReviewScore,
    RubricCriterion,
    ScholarshipApplication,
    ScholarshipRound,
)

__all__ = [
    "Award",
    "Document",
    "Essay",
    "LedgerLine",
    "RecoveryStory",
    "Reference",
    "ReferenceText",
    "Relation",
    "Review",
    "ReviewScore",
    "RubricCriterion",
    "ScholarshipApplication",
    "ScholarshipRound",
    "SupportSpell",
    "TrainingApplication",
]
