"""The training application and what belongs to it: support hours, papers, references, a recovery story."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.references import new_reference
from accounts.stories import Story
from programs.calendar import END_OF_DAY, local_day, local_moment


def application_reference() -> str:
    return new_reference("TA")


class ApplicationQuerySet(models.QuerySet["TrainingApplication"]):
    def visible_to(self, person: User) -> ApplicationQuerySet:
        return self.filter(person=person)

    def live(self) -> ApplicationQuerySet:
        return self.filter(status__in=TrainingApplication.LIVE)

    def to_check(self) -> ApplicationQuerySet:
        """What waits for the office, the longest due first. Drafts never count; a paused packet waits too."""
        open_now = self.filter(status=TrainingApplication.Status.SUBMITTED).exclude(registration__status="paused")
        return open_now.order_by("review_due_on", "received_at", "id")


class TrainingApplication(models.Model):
    """One person's packet for one session and one designation."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("To check")
        RETURNED = "returned", _("Returned, something is missing")
        ACCEPTED = "accepted", _("Accepted")
        NOT_ACCEPTED = "not_accepted", _("Not this time")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    LIVE = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)
    WITH_THE_PERSON = (Status.DRAFT, Status.RETURNED)

    class Place(models.TextChoices):
        YES = "yes", _("Yes")
        HELP = "help", _("I need help with this")
        NOT_SURE = "not_sure", _("I am not sure yet")

    reference = models.CharField(max_length=20, unique=True, default=application_reference, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey("trainings.Course", on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey("trainings.TrainingSession", on_delete=models.PROTECT, related_name="+")
    designation = models.CharField(max_length=40)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    # Yes, or not yet, by the code of the requirement that asks; a question not answered is absent.
    attestations = models.JSONField(default=dict, blank=True)
    education = models.CharField(max_length=20, blank=True)
    private_place = models.CharField(max_length=10, choices=Place.choices, blank=True)
    signed_name = models.CharField(max_length=310, blank=True)
    needs_cosigner = models.BooleanField(null=True, blank=True)
    cosigner_name = models.CharField(max_length=150, blank=True)
    cosigned_on = models.DateField(null=True, blank=True)

    channel = models.CharField(max_length=10, blank=True)
    helped_by = models.CharField(max_length=150, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    judged_on = models.DateField("rules of this day", null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    sent_copy = models.JSONField(default=list, blank=True)
    registration = models.OneToOneField(
        "trainings.Registration", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    missing = models.JSONField("codes of what is missing", default=list, blank=True)
    office_note = models.TextField("what the office wrote to the person", blank=True)
    answer_by = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("training application")
        default_permissions = ("view",)
        permissions = [("screen_applications", "Can check training applications")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=models.Q(status__in=["draft", "submitted", "returned"]),
                name="one_live_application_per_course",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "withdrawn"])
                | models.Q(received_at__isnull=False, judged_on__isnull=False, registration__isnull=False),
                name="a_sent_application_is_stamped",
            ),
        ]
        indexes = [models.Index(fields=["status", "review_due_on"], name="application_to_check")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_with_the_person(self) -> bool:
        return self.status in self.WITH_THE_PERSON

    @property
    def is_sent(self) -> bool:
        return self.received_at is not None


class SupportSpell(models.Model):
    """Time spent helping others, or a stretch of school that counts in its place."""

    class Kind(models.TextChoices):
        HOURS = "hours", _("Hours of helping others, paid or not")
        SCHOOL = "school", _("School or college")

    application = models.ForeignKey(TrainingApplication, on_delete=models.CASCADE, related_name="spells")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    where = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField("hours, or years of school", max_digits=7, decimal_places=2)

    class Meta:
        default_permissions = ()
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="spell_has_an_amount"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="spell_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.kind} since {self.starts_on}"


class RecoveryStory(Story):
    """Theirs, as much or as little as they choose, and never asked for. Nobody else opens it here."""

    application = models.OneToOneField(TrainingApplication, on_delete=models.PROTECT, related_name="recovery_story")
    saved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"recovery story of {self.application.reference}"

    @property
    def person(self) -> User:
        return self.application.person

    def author_of(self) -> User:
        return self.application.person


def private_path(document: Document, name: str) -> str:
    """A random name that says nothing of whose it is or what it was called."""
    return f"papers/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def kept(self) -> DocumentQuerySet:
        return self.filter(removed_at=None)

    def to_check(self) -> DocumentQuerySet:
        return self.kept().filter(status=Document.Status.CHECKING).order_by("uploaded_at", "id")


class Document(models.Model):
    """A paper a person sent. Nobody can open it until the worker has written it anew."""

    class Kind(models.TextChoices):
        SCHOOL = "school_paper", _("Proof of school: a diploma, a GED, or a letter from your school")
        OTHER = "other", _("Another paper we asked you for")

    class Status(models.TextChoices):
        CHECKING = "checking", _("Checking")
        READY = "ready", _("Here")
        REFUSED = "refused", _("Send it again")

    application = models.ForeignKey(TrainingApplication, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    name = models.CharField("the name it was sent with", max_length=150)
    content_type = models.CharField(max_length=40)
    received = models.FileField("as it came", upload_to=private_path, blank=True)
    file = models.FileField("written anew", upload_to=private_path, blank=True)
    size = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CHECKING)
    refusal = models.CharField("code of the reason", max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    uploaded_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="ready") | ~models.Q(file=""), name="a_ready_document_has_its_file"
            ),
        ]
        indexes = [models.Index(fields=["status", "uploaded_at"], name="document_to_check")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.application.reference}"

    @property
    def person(self) -> User:
        return self.application.person

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.READY and self.removed_at is None


def reference_number() -> str:
    return new_reference("RF")


class Relation(models.TextChoices):
    WORK = "work", _("We work or volunteer together")
    PEER = "peer", _("They give me peer support")
    COMMUNITY = "community", _("From my church, group or town")
    SCHOOL = "school", _("From school or a class")
    FRIEND = "friend", _("A friend")
    RELATIVE = "relative", _("Family")


class Reference(models.Model):
    """Somebody who is asked for a word about the applicant, by a link and in confidence."""

    LINK_LASTS = timedelta(days=14)

    class Status(models.TextChoices):
        NAMED = "named", _("Not sent yet")
        ASKED = "asked", _("Asked")
        GIVEN = "given", _("Given")
        TAKEN_BACK = "taken_back", _("Taken back")

    class View(models.TextChoices):
        READY = "ready", _("Yes, they are ready")
        WITH_HELP = "with_help", _("Yes, with some help")
        NOT_YET = "not_yet", _("Not yet")
        CANNOT_SAY = "cannot_say", _("I cannot say")

    reference = models.CharField(max_length=20, unique=True, default=reference_number, editable=False)
    application = models.ForeignKey(TrainingApplication, on_delete=models.PROTECT, related_name="references")
    name = models.CharField(max_length=150)
    relation = models.CharField(max_length=20, choices=Relation.choices)
    email = models.EmailField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NAMED)
    link_version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    view = models.CharField("do they think the person is ready", max_length=12, choices=View.choices, blank=True)

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["named", "taken_back"]) | models.Q(asked_at__isnull=False),
                name="a_reference_was_asked_before_it_answers",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def person(self) -> User:
        return self.application.person

    @property
    def answer_by(self) -> datetime | None:
        """The end of the fourteenth day, so that the day in the message is the whole truth."""
        return self.end_of_link(self.asked_at) if self.asked_at else None

    @classmethod
    def end_of_link(cls, asked_at: datetime) -> datetime:
        return local_moment(local_day(asked_at) + cls.LINK_LASTS, END_OF_DAY)


class ReferenceText(Story):
    """What a reference wrote: for the office that checks the application, not for the applicant."""

    asked_of = models.OneToOneField(Reference, on_delete=models.PROTECT, related_name="text")
    written_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"words of {self.asked_of.reference}"

    @property
    def person(self) -> User:
        """Whom it is about, and in whose history an opening stands."""
        return self.asked_of.application.person

    def author_of(self) -> User:
        """The author has no account; the opening is shown to the person it is about."""
        return self.person

    def may_be_opened(self, by: User, purpose: str) -> bool:
        return by != self.person and by.has_perm("applicants.screen_applications") and purpose == "check application"
