"""Courses, sessions with their half-days and seats, a person's spot from received to completed, and the line."""

from trainings.models.classroom import Attendance, Completion, ExamAttempt, completion_reference
from trainings.models.courses import Course, HalfDay, SessionQuerySet, TrainingSession, session_reference
from trainings.models.line import Allocation, Override, Watch
from trainings.models.spots import (
    KEEPS_ITS_TIME,
    LIVE,
    WITH_A_SEAT,
    Block,
    Invitation,
    Registration,
    RegistrationQuerySet,
    Seat,
    SeatQuerySet,
    Status,
    registration_reference,
)

__all__ = [
    "KEEPS_ITS_TIME",
    "LIVE",
    "WITH_A_SEAT",
    "Allocation",
    "Attendance",
    "Block",
    "Completion",
    "Course",
    "ExamAttempt",
    "HalfDay",
    "Invitation",
    "Override",
    "Registration",
    "RegistrationQuerySet",
    "Seat",
    "SeatQuerySet",
    "SessionQuerySet",
    "Status",
    "TrainingSession",
    "Watch",
    "completion_reference",
    "registration_reference",
    "session_reference",
]
