"""Courses, sessions with their half-days and seats, a person's spot from received to completed, and the line."""

from trainings.models.calendars import CalendarAddress
from trainings.models.classroom import (
    Attendance,
    Completion,
    ExamAttempt,
    ExamBooking,
    ExamSitting,
    JoinPress,
    MakeUp,
    MeetingList,
    Presence,
    completion_reference,
)
from trainings.models.courses import Course, HalfDay, SessionQuerySet, TrainingSession, days_of, session_reference
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
    "CalendarAddress",
    "Completion",
    "Course",
    "ExamAttempt",
    "ExamBooking",
    "ExamSitting",
    "HalfDay",
    "Invitation",
    "JoinPress",
    "MakeUp",
    "MeetingList",
    "Override",
    "Presence",
    "Registration",
    "RegistrationQuerySet",
    "Seat",
    "SeatQuerySet",
    "SessionQuerySet",
    "Status",
    "TrainingSession",
    "Watch",
    "completion_reference",
    "days_of",
    "registration_reference",
    "session_reference",
]
