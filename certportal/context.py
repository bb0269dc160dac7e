"""What the frame of every page shows: the department, the way around for this person, and whom to call."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from notifications.inbox import unread_count
from programs.calendar import local_day
from programs.program import Rules, program
from programs.rows import Office
from programs.words import phone, phone_link
from trainings.models import TeamMember


@dataclass(frozen=True)
class Way:
    """One entry of the band or the foot, before it is known whether its page exists."""

    label: str | Promise
    to: str  # a URL name
    permission: str = ""
    also: tuple[str, ...] = ()  # addresses of the same work that do not begin with its own


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Group:
    title: str
    entries: list[Entry]


PUBLIC = (
    Way(gettext_lazy("Peer support"), "programs:peer_support"),
    Way(gettext_lazy("Trainings"), "trainings:list"),
    Way(gettext_lazy("Check a certificate"), "certification:check"),
)
PERSON = (
    Way(gettext_lazy("My pathway"), "me"),
    Way(gettext_lazy("Messages"), "notifications:messages"),
    Way(gettext_lazy("Trainings"), "trainings:list"),
)
LEADS = Way(gettext_lazy("My classes"), "trainings:classes")
STAFF = (
    Way(gettext_lazy("Work queue"), "staff"),
    Way(
        gettext_lazy("Trainings"),
        "trainings:desk",
        "trainings.run_sessions",
        also=("/staff/registrations/", "/staff/outages/", "/staff/courses/"),
    ),
    Way(gettext_lazy("Applications"), "applicants:staff_applications", "applicants.screen_applications"),
    Way(gettext_lazy("Certification"), "certification:office", "certification.complete_files"),
    Way(gettext_lazy("Meetings"), "certification:meetings", "certification.complete_files"),
    Way(gettext_lazy("Scholarships"), "admin:index", "applicants.run_scholarships"),
    Way(gettext_lazy("My reviews"), "admin:index", "applicants.review_scholarships"),
    Way(gettext_lazy("People"), "people", "accounts.find_people"),
    Way(gettext_lazy("Providers"), "employment:providers", "employment.keep_providers"),
    Way(gettext_lazy("History"), "admin:audit_entry_changelist", "audit.read_history"),
)
BOARD = (
    Way(gettext_lazy("To decide"), "certification:decide", "certification.direct"),
    Way(gettext_lazy("Next meeting"), "certification:board", "certification.serve_on_board"),
    Way(gettext_lazy("Next meeting"), "certification:board", "certification.direct"),
)
SUPERVISOR = (
    Way(gettext_lazy("My team"), "employment:team"),
    Way(gettext_lazy("Trainings"), "trainings:list"),
)
OFFICES = (  # first that fits is shown beside the name
    ("certification.direct", gettext_lazy("Director")),
    ("certification.serve_on_board", gettext_lazy("Board")),
    ("certification.complete_files", gettext_lazy("PLACE")),
    ("trainings.run_sessions", gettext_lazy("Training Office")),
    ("audit.read_history", gettext_lazy("Auditor")),
)
FOOT_SITE = (
    Way(gettext_lazy("Is this right for me?"), "programs:readiness"),
    Way(gettext_lazy("Forms and documents"), "programs:documents"),
    Way(gettext_lazy("Scholarships"), "applicants:rounds"),
    Way(gettext_lazy("Questions"), "programs:questions"),
    Way(gettext_lazy("Review Board"), "certification:review_board"),
)
FOOT_ABOUT = (
    Way(gettext_lazy("Accessibility"), "programs:accessibility"),
    Way(gettext_lazy("Your privacy"), "programs:privacy"),
    Way(gettext_lazy("Raise a concern"), "programs:concerns"),
)


def frame(request: HttpRequest) -> dict[str, "Frame"]:
    """Context processor. Nothing is looked up until a template asks for it."""
    return {"frame": Frame(request)}


class Frame:
    """The band and the foot of one page, for one reader."""

    is_demonstration: bool = settings.DEMONSTRATION
    is_official: bool = settings.STATE_RUNS_THIS_SITE

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        # Nobody where a middleware answers before the session is read.
        self.user: User | AnonymousUser = getattr(request, "user", AnonymousUser())

    # -- who reads ---------------------------------------------------------------------------------------

    @cached_property
    def is_signed_in(self) -> bool:
        return self.user.is_authenticated

    @cached_property
    def person(self) -> str:
        """What we call them; the legal name stays on papers."""
        return (self.user.called or str(self.user)) if self.user.is_authenticated else ""

    @cached_property
    def office_line(self) -> str:
        if self.request.path.startswith("/me/"):
            return ""
        if self.is_signed_in and self.user.is_superuser:
            return _("Administrator")
        return next((str(label) for permission, label in OFFICES if self._may(permission)), "")

    def _may(self, permission: str) -> bool:
        return self.is_signed_in and (not permission or self.user.has_perm(permission))

    # -- the way around ----------------------------------------------------------------------------------

    @cached_property
    def nav(self) -> list[Entry]:
        if self._is_at_a_desk:
            return self._entries(STAFF)
        if self._is_on_the_board:
            return self._entries(BOARD)
        if self._leads_a_team and self.request.path.startswith("/supervisor/"):
            return self._entries(SUPERVISOR)
        if self.leads_classes:
            return self._entries((*PERSON, LEADS))
        return self._entries(PERSON if self.is_signed_in else PUBLIC)

    @cached_property
    def leads_classes(self) -> bool:
        """Asked on a person's own pages only: no other page pays a statement for the few who lead a class."""
        if not self.user.is_authenticated or not self.request.path.startswith("/me/"):
            return False
        return TeamMember.objects.standing().filter(person=self.user).exists()

    @cached_property
    def switch(self) -> list[Entry]:
        """Homes of the reader's other roles, for the line under the h1."""
        ways = [Way(_("My pathway"), "me")] if self.nav and self.nav[0].label != _("My pathway") else []
        if self._has_desk_work and not self._is_at_a_desk:
            ways.append(Way(_("Work queue"), "staff"))
        if self._has_board_work and not self._is_on_the_board:
            ways.extend(BOARD)
        if self._leads_a_team and not self.request.path.startswith("/supervisor/"):
            ways.append(SUPERVISOR[0])
        return self._entries(ways) if self.is_signed_in else []

    @cached_property
    def _has_desk_work(self) -> bool:
        return any(self._may(way.permission) for way in STAFF if way.permission)

    @cached_property
    def _has_board_work(self) -> bool:
        return any(self._may(way.permission) for way in BOARD)

    @cached_property
    def _leads_a_team(self) -> bool:
        return self.user.is_authenticated and "supervisor" in self.user.roles

    @property
    def _is_at_a_desk(self) -> bool:
        return self._has_desk_work and not self.request.path.startswith(("/me/", "/board/"))

    @property
    def _is_on_the_board(self) -> bool:
        return self._has_board_work and not self.request.path.startswith("/me/")

    @cached_property
    def foot(self) -> list[Group]:
        groups = (Group(_("On this site"), self._entries(FOOT_SITE)), Group(_("About"), self._entries(FOOT_ABOUT)))
        return [group for group in groups if group.entries]

    def _entries(self, ways: Iterable[Way]) -> list[Entry]:
        """The ways this person may go, once each, longest address marking the current one."""
        found: dict[str, Entry] = {}
        near: dict[str, int] = {}
        for way in ways:
            label, url = str(way.label), url_or_none(way.to)
            if url and label not in found and (not way.permission or self._may(way.permission)):
                found[label] = Entry(self._label(way), url)
                near[label] = max((len(one) for one in (url, *way.also) if self._is_under(one)), default=0)
        nearest = max(near.values(), default=0)
        return [Entry(one.label, one.url, 0 < near[label] == nearest) for label, one in found.items()]

    def _is_under(self, url: str) -> bool:
        return url != "/" and self.request.path.startswith(url)

    def _label(self, way: Way) -> str:
        if way.to == "notifications:messages" and self.unread:
            return f"{way.label} ({self.unread})"
        return str(way.label)

    @cached_property
    def unread(self) -> int:
        """Messages this person has not marked as read."""
        return unread_count(self.user) if self.user.is_authenticated else 0

    @cached_property
    def home_url(self) -> str:
        return self.nav[0].url if self.is_signed_in and self.nav else url_or_none("home") or "/"

    @cached_property
    def sign_in_url(self) -> str | None:
        return url_or_none("account_login")

    @cached_property
    def sign_out_url(self) -> str | None:
        return url_or_none("account_logout")

    # -- the program -------------------------------------------------------------------------------------

    @cached_property
    def _rules(self) -> Rules:
        return program(local_day(timezone.now()))

    @cached_property
    def _office(self) -> Office:
        return self._rules.office("training")

    @property
    def department(self) -> str:
        return self._rules.department if self._rules.is_loaded else ""

    @property
    def state(self) -> str:
        return self._rules.state if self._rules.is_loaded else ""

    @property
    def phone(self) -> str:
        return phone(self._office.phone)

    @property
    def phone_link(self) -> str:
        return phone_link(self._office.phone)

    @property
    def hours(self) -> str:
        return self._office.hours

    @property
    def email(self) -> str:
        return self._office.email


def url_or_none(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
