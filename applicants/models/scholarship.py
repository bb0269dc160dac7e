"""Scholarships: a round of money and kept seats, the essays, who reads them, and the awards with their ledger."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.references import new_reference
from accounts.stories import Story


def round_reference() -> str:
    return new_reference("SR")


def scholarship_reference() -> str:
    return new_reference("SA")


def award_reference() -> str:
    return new_reference("AW")


class RoundQuerySet(models.QuerySet["ScholarshipRound"]):
    def open_at(self, at: datetime) -> RoundQuerySet:
        """May be written for now. `closes_at` is the last second that counts; `rules` has the exact moment."""
        return self.filter(status=ScholarshipRound.Status.OPEN, opens_at__lte=at, closes_at__gte=at)


class ScholarshipRound(models.Model):
    """Money and seats set aside for one session, and how people are chosen for them."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        READING = "reading", _("Closed, being read")
        DECIDED = "decided", _("Decided")
        ENDED = "ended", _("Ended, kept seats given back")

    reference = models.CharField(max_length=20, unique=True, default=round_reference, editable=False)
    title = models.CharField(max_length=120)
    session = models.ForeignKey("trainings.TrainingSession", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    scholarship_seats = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    covers = models.TextField(help_text=_("What it pays for, in plain words."))
    budget_cents = models.PositiveIntegerField(_("budget, in cents"))
    committed_cents = models.PositiveIntegerField(_("set aside, in cents"), default=0, editable=False)
    award_cents = models.PositiveIntegerField(_("one award, in cents"), validators=[MinValueValidator(1)])
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(help_text=_("The last second that counts, such as 11:59:59 p.m."))
    decides_on = models.DateField(help_text=_("Before the allocation day of the session."))
    prompt = models.TextField()
    min_words = models.PositiveSmallIntegerField(default=150)
    max_words = models.PositiveSmallIntegerField(default=500)
    readers_per_essay = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1)])
    names_hidden = models.BooleanField(_("names-hidden review"), default=True)
    answer_by_days = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    use_by_months = models.PositiveSmallIntegerField(default=12)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("scholarship round")
        default_permissions = ("view",)
        permissions = [
            ("run_scholarships", "Can run scholarship rounds"),
            ("review_scholarships", "Can read and score scholarship essays"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(committed_cents__lte=models.F("budget_cents")), name="no_award_beyond_the_budget"
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="round_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=models.Q(max_words__gte=models.F("min_words")), name="round_word_limits_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.reference})"

    @property
    def free_cents(self) -> int:
        return self.budget_cents - self.committed_cents


class RubricCriterion(models.Model):
    """One line of what is scored, from 0 to 4, each number in plain words."""

    round = models.ForeignKey(ScholarshipRound, on_delete=models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=60)
    about = models.CharField(max_length=150, help_text=_("One sentence the writer reads."))
    weight = models.PositiveSmallIntegerField(
        _("weight, in percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    anchor_0 = models.CharField(_("0 means"), max_length=150)
    anchor_1 = models.CharField(_("1 means"), max_length=150, blank=True)
    anchor_2 = models.CharField(_("2 means"), max_length=150)
    anchor_3 = models.CharField(_("3 means"), max_length=150, blank=True)
    anchor_4 = models.CharField(_("4 means"), max_length=150)

    class Meta:
        verbose_name = _("line of the rubric")
        verbose_name_plural = _("lines of the rubric")
        default_permissions = ()
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="one_criterion_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def anchors(self) -> list[tuple[int, str]]:
        """Those that are written down."""
        return [(points, words) for points in range(5) if (words := getattr(self, f"anchor_{points}"))]


class ScholarshipQuerySet(models.QuerySet["ScholarshipApplication"]):
    def visible_to(self, person: User) -> ScholarshipQuerySet:
        return self.filter(person=person)

    def sent(self) -> ScholarshipQuerySet:
        """What counts: drafts never show in a list, a total or an export."""
        return self.exclude(
            status__in=[ScholarshipApplication.Status.DRAFT, ScholarshipApplication.Status.WITHDRAWN]
        ).exclude(received_at=None)


class ScholarshipApplication(models.Model):
    """One person's wish for a scholarship of one round."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Sent")
        AWARDED = "awarded", _("Awarded")
        WAITLISTED = "waitlisted", _("Award waitlist")
        NOT_AWARDED = "not_awarded", _("Not this time")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Choice(models.TextChoices):
        AWARD = "award", _("Award")
        WAITLIST = "waitlist", _("Award waitlist")
        NO = "no", _("Not this time")

    reference = models.CharField(max_length=20, unique=True, default=scholarship_reference, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(ScholarshipRound, on_delete=models.PROTECT, related_name="applications")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)
    started_at = models.DateTimeField(editable=False)
    received_at = models.DateTimeField(null=True, blank=True, editable=False)
    channel = models.CharField(max_length=10, blank=True, editable=False)
    word_count = models.PositiveIntegerField(default=0, editable=False)
    # A decision is prepared here and nobody is told until all of the round are released together.
    staged = models.CharField(max_length=10, choices=Choice.choices, blank=True, editable=False)
    reason = models.CharField("why not this time, for the writer", max_length=300, blank=True, editable=False)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    waitlist_rank = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    objects = ScholarshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("scholarship application")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["person", "round"], name="one_scholarship_wish_per_round")]

    def __str__(self) -> str:
        return self.reference  # never the name: a names-hidden round shows this in titles

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_sent(self) -> bool:
        return self.status not in (self.Status.DRAFT, self.Status.WITHDRAWN)


class Essay(Story):
    """Why somebody wants the training. A second copy exists when two tabs or phones wrote apart."""

    application = models.ForeignKey(ScholarshipApplication, on_delete=models.PROTECT, related_name="essays")
    is_other_copy = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    words = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(is_other_copy=False), name="one_essay_per_application"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(is_other_copy=True), name="one_other_copy_per_application"
            ),
        ]

    def __str__(self) -> str:
        return f"essay of {self.application.reference}"

    @property
    def reference(self) -> str:
        return self.application.reference

    @property
    def person(self) -> User:
        return self.application.person

    def author_of(self) -> User:
        return self.application.person

    def may_be_opened(self, by: User, purpose: str) -> bool:
        """A reader who was given it to score and has not stepped back; nobody else."""
        return (
            by != self.person
            and purpose == "score"
            and not self.is_other_copy
            and self.application.is_sent
            and by.has_perm("applicants.review_scholarships")
            and self.application.reviews.readable().filter(reader=by).exists()
        )


class ReviewQuerySet(models.QuerySet["Review"]):
    def readable(self) -> ReviewQuerySet:
        return self.exclude(status=Review.Status.CONFLICT)

    def to_score(self) -> ReviewQuerySet:
        return self.filter(status__in=[Review.Status.ASSIGNED, Review.Status.DRAFT])

    def filed(self) -> ReviewQuerySet:
        return self.filter(status=Review.Status.FILED)

    def of_reader(self, reader: User) -> ReviewQuerySet:
        """My reviews, never my own matter: what is left to score first."""
        return self.readable().filter(reader=reader).exclude(application__person=reader)


class Review(models.Model):
    """One reader's scores for one essay."""

    class Status(models.TextChoices):
        ASSIGNED = "assigned", _("To score")
        DRAFT = "draft", _("Draft")
        FILED = "filed", _("Filed")
        CONFLICT = "conflict", _("Stepped back")

    application = models.ForeignKey(ScholarshipApplication, on_delete=models.PROTECT, related_name="reviews")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASSIGNED, editable=False)
    assigned_at = models.DateTimeField(editable=False)
    due_on = models.DateField()
    note = models.TextField(_("private note"), blank=True)
    filed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("my reviews")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["application", "reader"], name="one_review_per_reader")]

    def __str__(self) -> str:
        return f"review of {self.application.reference}"

    @property
    def reference(self) -> str:
        return self.application.reference

    @property
    def person(self) -> User:
        return self.application.person

    @property
    def is_filed(self) -> bool:
        return self.status == self.Status.FILED


class ReviewScore(models.Model):
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(RubricCriterion, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(validators=[MaxValueValidator(4)])

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(condition=models.Q(points__lte=4), name="score_is_zero_to_four"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, person: User) -> AwardQuerySet:
        return self.filter(application__person=person)

    def late(self, at: datetime) -> AwardQuerySet:
        return self.filter(status=Award.Status.OFFERED, answer_by__lt=at)

    def owing_money_back(self) -> AwardQuerySet:
        """Over, and the money still stands as set aside."""
        return self.filter(status__in=[Award.Status.DECLINED, Award.Status.RAN_OUT], returned_at=None)


class Award(models.Model):
    """Money and a kept seat offered to one person."""

    class Status(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        RAN_OUT = "ran_out", _("Ran out")

    reference = models.CharField(max_length=20, unique=True, default=award_reference, editable=False)
    application = models.ForeignKey(ScholarshipApplication, on_delete=models.PROTECT, related_name="awards")
    registration = models.ForeignKey("trainings.Registration", on_delete=models.PROTECT, related_name="+")
    cents = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OFFERED)
    offered_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    use_by = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField("money given back", null=True, blank=True)
    moved_at = models.DateTimeField("moved to another date, once", null=True, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(status__in=["offered", "accepted"]),
                name="one_live_award_per_application",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def person(self) -> User:
        return self.application.person


class LedgerLine(models.Model):
    """One movement of a round's money: set aside, or given back. Written once."""

    class Kind(models.TextChoices):
        SET_ASIDE = "set_aside", _("Set aside")
        GIVEN_BACK = "given_back", _("Given back")

    round = models.ForeignKey(ScholarshipRound, on_delete=models.PROTECT, related_name="ledger")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    cents = models.IntegerField(_("cents, given back is below zero"))
    at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["award", "kind"], name="each_movement_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.cents}"
