"""A person DMH knows: who they are, how to reach them, and which standings they hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.references import person_reference, sign_in_name
from accounts.spelling import LONGEST_WORD, keys_of
from accounts.stories import Story


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str = "", password: str | None = None, **fields: Any) -> User:
        """A person; without an address or a password they exist on paper and by phone only."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save()
        SearchWord.objects.bulk_create(SearchWord(person=user, word=word) for word in user.search_keys())
        return user

    def create_superuser(self, sign_in_name: str, password: str, email: str = "", **fields: Any) -> User:
        return self.create_user(email, password, sign_in_name=sign_in_name, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, sign_in_name: str | None) -> User:
        return self.get(sign_in_name__iexact=sign_in_name)


class User(AbstractBaseUser, PermissionsMixin):
    """The person. Signing in is one thing a person may be able to do; many never will."""

    reference = models.CharField(max_length=20, unique=True, default=person_reference, editable=False)
    # Not the address: a mailbox may be shared, lost or absent, and other ways to sign in can follow.
    sign_in_name = models.CharField(_("sign-in name"), max_length=60, unique=True, default=sign_in_name)
    email = models.EmailField(_("e-mail"), blank=True)
    legal_given_names = models.CharField(_("legal first and middle names"), max_length=150, blank=True)
    legal_family_name = models.CharField(_("legal last name"), max_length=150, blank=True)
    name_in_use = models.CharField(_("the name I use"), max_length=150, blank=True)
    employer_name = models.CharField(_("the name my employer knows"), max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "sign_in_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="one_person_per_email")
        ]
        permissions = [
            ("find_people", "Can find people and open their page"),
            ("enter_for_people", "Can enter forms for people by phone or from paper"),
            ("arrange_access", "Can read what would help a person take part, and arrange it"),
        ]

    def __str__(self) -> str:
        return self.legal_name or self.name_in_use or self.reference

    @property
    def legal_name(self) -> str:
        return f"{self.legal_given_names} {self.legal_family_name}".strip()

    @property
    def called(self) -> str:
        """What we call them: the name they use, else the first of their legal names."""
        return self.name_in_use or (self.legal_given_names.split() or [""])[0]

    @property
    def known_at_work_as(self) -> str:
        return self.employer_name or self.legal_name

    @property
    def roles(self) -> frozenset[str]:
        """Names out of the table of roles."""
        return self._roles_and_rights[0]

    @property
    def rights(self) -> frozenset[str]:
        """What these roles allow, and what was allowed to this person alone: `app.codename`."""
        return self._roles_and_rights[1]

    @cached_property
    def _roles_and_rights(self) -> tuple[frozenset[str], frozenset[str]]:
        of_roles = Group.objects.filter(user=self).values_list(
            "name", "permissions__content_type__app_label", "permissions__codename"
        )
        own = self.user_permissions.order_by().values_list(models.Value(""), "content_type__app_label", "codename")
        rows = list(of_roles.union(own))
        return (
            frozenset(role for role, _app, _codename in rows if role),
            frozenset(f"{app}.{codename}" for _role, app, codename in rows if codename),
        )

    def search_keys(self, profile: Profile | None = None) -> set[str]:
        """What they are found by, from their names, addresses and number, and from the profile given with them."""
        return keys_of(
            names=[self.legal_given_names, self.legal_family_name, self.name_in_use, self.employer_name],
            mailboxes=[self.email, profile.contact_email if profile else ""],
            phone=str(profile.phone) if profile and profile.phone else "",
            reference=self.reference,
        )

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.called


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("A phone call")
    POST = "post", _("A letter")


class Profile(models.Model):
    """How to reach a person safely, and the few facts rules ask for."""

    class MailTo(models.TextChoices):
        HOME = "home", _("My home address")
        CARE_OF = "care_of", _("Care of someone else")
        OFFICE = "office", _("Keep it at your office; I pick it up")

    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="profile")
    birth_on = models.DateField(_("date of birth"), null=True, blank=True)
    county = models.CharField(_("county"), max_length=60, blank=True)
    mail_to = models.CharField(_("where to send letters"), max_length=10, choices=MailTo.choices, blank=True)
    care_of = models.CharField(_("care of"), max_length=150, blank=True)
    street = models.CharField(_("street or P.O. box"), max_length=200, blank=True)
    city = models.CharField(_("city or town"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    contact_email = models.EmailField(_("e-mail we may write to"), blank=True)
    best_channel = models.CharField(_("how to reach me"), max_length=10, choices=Channel.choices, blank=True)
    voicemail_is_safe = models.BooleanField(_("a voicemail is safe"), null=True, blank=True)
    private_wording = models.BooleanField(_("private wording"), default=True)
    second_contact_name = models.CharField(_("another person we may ask"), max_length=150, blank=True)
    second_contact_phone = PhoneNumberField(_("their phone"), blank=True)

    def __str__(self) -> str:
        return self.person.reference

    @property
    def write_to(self) -> str:
        """The address a message goes to; empty when letters are the way."""
        if self.best_channel == Channel.POST:
            return ""
        return self.contact_email or self.person.email

    @property
    def needs_a_call(self) -> bool:
        """Where an answer is due within days: a letter alone comes late, and some ask to be called."""
        return self.best_channel == Channel.PHONE or not self.write_to

    @property
    def postal_lines(self) -> list[str]:
        """The address label, top to bottom; empty when letters wait at the office."""
        if self.mail_to == self.MailTo.OFFICE or not self.street:
            return []
        care_of = [f"c/o {self.care_of}"] if self.mail_to == self.MailTo.CARE_OF and self.care_of else []
        return [self.person.legal_name, *care_of, self.street, f"{self.city}, {self.state} {self.zip_code}".strip()]

    def age_on(self, day: date) -> int | None:
        """Whole years; somebody born on February 29 has their birthday on March 1 in other years."""
        if self.birth_on is None:
            return None
        return day.year - self.birth_on.year - ((day.month, day.day) < (self.birth_on.month, self.birth_on.day))


class SearchWord(models.Model):
    """One word a person is found by, as `accounts.spelling` writes it. `accounts.search` keeps them in step.

    Compared byte by byte on both databases (see the migration), so that one index serves both the start of a word
    and the order of the page.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=LONGEST_WORD)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["word", "person"], name="search_word_once")]
        indexes = [models.Index(fields=["person", "word"], name="search_words_of")]

    def __str__(self) -> str:
        return f"word of person {self.person_id}"


class Note(models.Model):
    """What the office wrote down about a person: kept as written, never about oneself."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(_("note"), max_length=1000)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~models.Q(person=models.F("by")), name="no_note_about_oneself")]
        indexes = [models.Index(fields=["person", "at", "id"], name="notes_of")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Helper(models.Model):
    """Somebody the person named: hears that a date is near and may press Pause. Never sees the file."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    link_version = models.PositiveIntegerField(default=1)
    named_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(withdrawn_at=None), name="one_live_helper_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"helper {self.pk}"


class StandingKind(models.TextChoices):
    TRAINED = "trained", _("trained")
    CERTIFIED = "certified", _("certified")
    EMPLOYED = "employed", _("employed")
    SUPERVISOR_TRAINED = "supervisor_trained", _("trained to supervise")


class StandingQuerySet(models.QuerySet["Standing"]):
    def in_force(self, *, on: date) -> StandingQuerySet:
        """Not withdrawn, begun, and not ended; the last day itself is outside (half-open)."""
        return self.filter(withdrawn_at=None, starts_on__lte=on).filter(
            models.Q(ends_on=None) | models.Q(ends_on__gt=on)
        )

    def as_known_at(self, moment: datetime) -> StandingQuerySet:
        """What the records said then, whatever was added or withdrawn since."""
        return self.filter(recorded_at__lte=moment).filter(
            models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gt=moment)
        )


class Standing(models.Model):
    """One support of a fact about a person. Added and withdrawn, never edited; a person holds a kind and code
    while at least one support is in force."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="standings")
    kind = models.CharField(max_length=20, choices=StandingKind.choices)
    code = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    source = models.CharField("reference of what proves it", max_length=60)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="standing_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "code", "source"],
                condition=models.Q(withdrawn_at=None),
                name="one_live_standing_per_source",
            ),
        ]
        indexes = [models.Index(fields=["person", "kind", "code"], name="standing_lookup")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} since {self.starts_on}"


class AccessNeeds(Story):
    """What would help a person take part: their words sealed, the answer open to those who arrange it.

    No diagnosis and no proof is asked. Trainers see the arrangement, never the words.
    """

    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="access_needs")
    asked_at = models.DateTimeField()
    answer_due_on = models.DateField()
    arrangement = models.CharField(_("what we arranged"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "access needs"

    def __str__(self) -> str:
        return f"access needs of {self.person.reference}"

    def author_of(self) -> User:
        return self.person

    def may_be_opened(self, by: User, purpose: str) -> bool:
        return by != self.person and by.has_perm("accounts.arrange_access") and purpose == "arrange access"


class KeptWords(Story):
    """What was in a form when its sign-in ran out; given back once to the same person on the same page."""

    KEPT_FOR = timedelta(hours=24)

    token = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=300)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "kept words"

    def __str__(self) -> str:
        return f"kept words for {self.path}"

    def author_of(self) -> User:
        return self.person  # type: ignore[return-value]  # unknown only when the session itself was gone
