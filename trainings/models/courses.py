"""What is taught, when and where: courses, sessions and their half-days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.references import new_reference
from programs.calendar import Deadline, local_day
from programs.words import short_range

LONGEST = timedelta(days=366)  # no session runs longer


def session_reference() -> str:
    return new_reference("TS")


class Course(models.Model):
    """What is taught. Its priority groups stand in the program's rules under the same kind."""

    class Admission(models.TextChoices):
        BY_APPLICATION = "by_application", _("by application")
        BY_REGISTRATION = "by_registration", _("by signing up")

    class Seating(models.TextChoices):
        ON_ALLOCATION_DAY = "on_allocation_day", _("on one day, by rank")
        FIRST_COME = "first_come", _("as people sign up")

    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind in the rules"), max_length=40)
    title = models.CharField(_("title"), max_length=150)
    about = models.TextField(_("what you will learn"), blank=True)
    who = models.TextField(_("who it is for"), blank=True)
    topics = models.JSONField(_("topics"), default=list, blank=True)
    organiser = models.CharField(_("who runs it"), max_length=150, blank=True)
    sponsors = models.JSONField(_("with the help of"), default=list, blank=True)
    designations = models.JSONField(_("designations"), default=list, blank=True)
    hours = models.DecimalField(_("hours it counts for"), max_digits=5, decimal_places=2, default=0)
    admission = models.CharField(_("how people come in"), max_length=20, choices=Admission.choices)
    seating = models.CharField(_("when seats are given"), max_length=20, choices=Seating.choices)
    may_miss_minutes = models.PositiveSmallIntegerField(_("minutes one may miss"), default=0)
    care_minutes = models.PositiveSmallIntegerField(
        _("minutes out to care for someone that still count"), default=0, help_text=_("For the whole training.")
    )
    has_exam = models.BooleanField(_("ends with a test"), default=False)
    grants = models.CharField(_("standing it gives"), max_length=20, blank=True)
    # Under a random name in private storage, written anew; it leaves through a view.
    flyer = models.FileField(_("flyer"), blank=True, editable=False)

    class Meta:
        ordering = ["title"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("trainings:course", args=[self.code])

    @property
    def reference(self) -> str:
        return self.code[:40]

    @property
    def is_by_application(self) -> bool:
        return self.admission == self.Admission.BY_APPLICATION

    @property
    def is_first_come(self) -> bool:
        return self.seating == self.Seating.FIRST_COME


ON_THE_CALENDAR = models.Q(status__in=["published", "cancelled"])


class SessionQuerySet(models.QuerySet["TrainingSession"]):
    def on_the_calendar(self) -> SessionQuerySet:
        """What the public sees: a cancelled one stays, so that nobody looks for it in vain."""
        return self.filter(ON_THE_CALENDAR)

    def ahead(self, at: datetime) -> SessionQuerySet:
        """Running or still to come. The start is bounded too, so that a list in its order need not read the past."""
        return self.filter(ends_at__gte=at, starts_at__gte=at - LONGEST)

    def teaching(self, designation: str) -> SessionQuerySet:
        """Those for this designation. The list is kept as text, which every database can look into."""
        taught = self.alias(taught=Cast("designations", models.TextField()))
        return taught.filter(taught__contains=f'"{designation}"')

    def within_reach_of(self, county: str) -> SessionQuerySet:
        """Held there, or online, which is everywhere."""
        return self.filter(models.Q(county=county) | models.Q(mode=TrainingSession.Mode.ONLINE))

    def with_a_line(self) -> SessionQuerySet:
        return self.filter(models.Q(allocated_at__isnull=False) | models.Q(course__seating=Course.Seating.FIRST_COME))

    def taking_registrations(self, at: datetime) -> SessionQuerySet:
        return self.filter(status=TrainingSession.Status.PUBLISHED, opens_at__lte=at, registration_closes_at__gt=at)

    def next_open(self, course_id: int, at: datetime) -> TrainingSession | None:
        """The next one of a course that a person may still sign up for, which may be the very one they left."""
        return self.taking_registrations(at).filter(course=course_id).first()

    def next_after(self, session: TrainingSession, at: datetime) -> TrainingSession | None:
        """The next one of the same course that a person may still sign up for."""
        return self.taking_registrations(at).filter(course=session.course_id).exclude(pk=session.pk).first()


class TrainingSession(models.Model):
    """One dated run of a course."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("On the calendar")
        CANCELLED = "cancelled", _("Cancelled")
        HELD = "held", _("Held")
        DISCARDED = "discarded", _("Draft not used")

    class Mode(models.TextChoices):
        ONLINE = "online", _("Online")
        IN_PERSON = "in_person", _("In person")

    reference = models.CharField(max_length=20, unique=True, default=session_reference, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    designations = models.JSONField(_("designations"), default=list, blank=True)
    mode = models.CharField(_("where"), max_length=10, choices=Mode.choices)
    location = models.CharField(_("location"), max_length=200, blank=True)
    county = models.CharField(_("county"), max_length=60, blank=True)  # where it is held; blank when online
    host_sites = models.JSONField(_("sites with a screen"), default=list, blank=True)  # one line of text each
    # Goes to people with a seat seven days before; never on a public page.
    meeting_link = models.URLField(_("meeting link"), max_length=500, blank=True)
    # The number and passcode of the same meeting, for whoever has a phone only; as private as the link.
    dial_in = models.CharField(_("number to call in"), max_length=200, blank=True)
    cost_cents = models.PositiveIntegerField(_("cost in cents"), default=0)
    who_may_pay = models.CharField(_("who may pay"), max_length=300, blank=True)
    covered = models.CharField(_("what is covered"), max_length=300, blank=True)
    materials_by = models.DateField(_("materials mailed by"), null=True, blank=True)
    data_and_device = models.CharField(_("data and device you need"), max_length=300, blank=True)
    capacity = models.PositiveSmallIntegerField(_("seats"))
    minimum = models.PositiveSmallIntegerField(_("smallest number it runs with"), null=True, blank=True)
    go_on = models.DateField(_("day we decide if it runs"), null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    registration_closes_on = models.DateField(_("last day to apply"))
    registration_closes_time = models.TimeField(_("until"), default=time(23, 59, 59))
    documents_close_on = models.DateField(_("last day for papers"))
    documents_close_time = models.TimeField(_("until"), default=time(23, 59, 59))
    # Half-open: what arrives at this moment is too late. To show a deadline use `registration_deadline`.
    registration_closes_at = models.DateTimeField(editable=False)
    documents_close_at = models.DateTimeField(editable=False)
    # Where an outage moved the last day to apply, or the one for papers: the last second it had before.
    deadline_was_at = models.DateTimeField(null=True, blank=True, editable=False)
    documents_were_at = models.DateTimeField(null=True, blank=True, editable=False)
    # An outage asked for a later day and there was no room before class: staff decide.
    no_room_to_move_at = models.DateTimeField(null=True, blank=True, editable=False)
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)  # class itself got other days or hours
    go_decided_at = models.DateTimeField(null=True, blank=True, editable=False)  # with few people: it runs
    allocation_on = models.DateField(_("day the seats are set"))
    last_offer_on = models.DateField(_("last day for offers"))
    allocated_at = models.DateTimeField(null=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    cancelled_because = models.CharField(max_length=300, blank=True)
    changes = models.PositiveIntegerField("how often calendars were told", default=0, editable=False)
    # Days of class calendars were told of and a move left without a day of its own: [start, end], by their number.
    dropped_days = models.JSONField(default=list, blank=True, editable=False)
    changed_at = models.DateTimeField(editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        default_permissions = ("view",)
        permissions = [("run_sessions", "Can run training sessions: seats, attendance, tests, completion")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_later"),
            models.CheckConstraint(condition=models.Q(capacity__gt=0), name="session_has_seats"),
        ]
        indexes = [
            models.Index(fields=["status", "starts_at"], name="session_calendar"),
            # The public list reads one of these two from the key of the last row shown, and stops.
            models.Index(fields=["starts_at", "id"], name="session_list", condition=ON_THE_CALENDAR),
            models.Index(
                fields=["course", "starts_at", "id"], name="session_list_of_course", condition=ON_THE_CALENDAR
            ),
        ]

    def __str__(self) -> str:
        dates = short_range(self.starts_on, self.ends_on)
        return f"{self.course}, {dates}, {self.starts_on.year} ({self.reference})"

    def get_absolute_url(self) -> str:
        return reverse("trainings:session", args=[self.reference])

    @property
    def starts_on(self) -> date:
        return local_day(self.starts_at)

    @property
    def ends_on(self) -> date:
        return local_day(self.ends_at)

    @property
    def registration_deadline(self) -> Deadline:
        return Deadline(self.registration_closes_on, self.registration_closes_time)

    @property
    def documents_deadline(self) -> Deadline:
        return Deadline(self.documents_close_on, self.documents_close_time)

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        """It does not happen. A draft that is not used never stood on the calendar, and leaves no trace there."""
        return self.status in (self.Status.CANCELLED, self.Status.DISCARDED)

    @property
    def is_allocated(self) -> bool:
        return self.allocated_at is not None

    @property
    def has_a_line(self) -> bool:
        """Seats go one by one, in the order of the line: always where people come as they come, else once the seats
        were set. `SessionQuerySet.with_a_line` asks the same of the rows."""
        return self.is_allocated or self.course.is_first_come

    def takes_registrations(self, at: datetime) -> bool:
        return self.is_published and self.opens_at <= at < self.registration_closes_at


class HalfDay(models.Model):
    """A morning or an afternoon: the unit in which attendance is counted."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="half_days")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["session", "starts_at"], name="half_day_once"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="half_day_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def on(self) -> date:
        return local_day(self.starts_at)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds() / 3600


Day = tuple[datetime, datetime]


def days_of(half_days: Iterable[HalfDay]) -> list[Day]:
    """One per day of class, from its first half-day to its last."""
    days: dict[date, Day] = {}
    for half_day in half_days:
        first, _last = days.get(half_day.on, (half_day.starts_at, half_day.ends_at))
        days[half_day.on] = (first, half_day.ends_at)
    return list(days.values())
