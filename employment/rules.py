"""Who may be asked about a job, when again, and which answers count. Plain Python: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from audit.reasons import Reason

WAIT_BEFORE_AGAIN = timedelta(days=2)
MOST_SENDS = 5
# A first day further back than a working life is a slip of the keys.
LONGEST_JOB_YEARS = 60

# Anybody can open an address here in a minute, so it proves no employer. It may still be the only one a small
# provider has: then the office looks at it first.
# fmt: off
PERSONAL_MAIL = frozenset({
    "aol.com", "att.net", "bellsouth.net", "charter.net", "comcast.net", "cox.net", "duck.com", "fastmail.com",
    "gmail.com", "gmx.com", "gmx.net", "googlemail.com", "hey.com", "hotmail.com", "icloud.com", "live.com",
    "mac.com", "mail.com", "me.com", "msn.com", "outlook.com", "pm.me", "proton.me", "protonmail.com",
    "sbcglobal.net", "tutanota.com", "verizon.net", "yahoo.com", "ymail.com", "zoho.com",
})
# fmt: on
# Providers that read a.b+work@ and ab@ as one mailbox.
_DOTS_DO_NOT_COUNT = frozenset({"gmail.com", "googlemail.com"})


# -- Addresses ---------------------------------------------------------------------------------------------


def mailbox(email: str) -> str:
    """The same text for every way to write one mailbox: case, +tags, and dots where they do not count."""
    local, _, domain = email.strip().casefold().rpartition("@")
    local = local.partition("+")[0]
    if domain in _DOTS_DO_NOT_COUNT:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def domain_of(email: str) -> str:
    return email.strip().casefold().rpartition("@")[2]


def is_personal(email: str) -> bool:
    return domain_of(email) in PERSONAL_MAIL


def is_known(email: str, domains: Iterable[str]) -> bool:
    """The provider's own domain, or a part of it. A personal mail domain is nobody's own."""
    domain = domain_of(email)
    if domain in PERSONAL_MAIL:
        return False
    return any(domain == known.casefold() or domain.endswith("." + known.casefold()) for known in domains)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


# -- Asking ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """What counts before a question goes to an employer."""

    verifier_name: str
    verifier_email: str
    own_names: frozenset[str]
    own_addresses: frozenset[str]
    provider_name: str
    provider_is_certified: bool
    personal_mail_is_approved: bool = False


def reasons_not_to_ask(asking: Asking) -> list[Reason]:
    reasons = reasons_about_the_verifier(asking)
    if not asking.provider_is_certified:
        reasons.append(Reason("provider_not_certified", provider=asking.provider_name))
    if is_personal(asking.verifier_email) and not asking.personal_mail_is_approved:
        reasons.append(Reason("personal_mail"))
    return reasons


def reasons_about_the_verifier(asking: Asking) -> list[Reason]:
    """Nobody confirms their own job, whichever of their names or addresses they use."""
    if is_own(asking.verifier_email, asking.own_addresses):
        return [Reason("verifier_is_you")]
    if _plain(asking.verifier_name) in {_plain(name) for name in asking.own_names if name}:
        return [Reason("verifier_has_your_name")]
    return []


def is_own(email: str, own_addresses: Iterable[str]) -> bool:
    return mailbox(email) in {mailbox(own) for own in own_addresses if own}


def reasons_about_the_first_day(hired_on: date, today: date) -> list[Reason]:
    if hired_on > today:
        return [Reason("first_day_ahead", hired_on=hired_on)]
    if today.year - hired_on.year > LONGEST_JOB_YEARS:
        return [Reason("first_day_too_long_ago")]
    return []


def reasons_about_the_last_day(last_day: date, hired_on: date, today: date) -> list[Reason]:
    if last_day < hired_on:
        return [Reason("last_day_before_first", hired_on=hired_on)]
    return [Reason("last_day_ahead")] if last_day > today else []


def reasons_not_to_send_again(sent_at: datetime, sends: int, at: datetime) -> list[Reason]:
    """An employer is reminded, not pestered."""
    if sends >= MOST_SENDS:
        return [Reason("sent_often_enough", sends=sends)]
    again_at = sent_at + WAIT_BEFORE_AGAIN
    return [Reason("sent_just_now", sent_at=sent_at, again_at=again_at)] if at < again_at else []


# -- Answering ---------------------------------------------------------------------------------------------


class Said(StrEnum):
    YES = "yes"
    CORRECTED = "corrected"
    NOT_ME = "not_me"
    GONE = "gone"


@dataclass(frozen=True)
class Answer:
    """A verifier's word. Leave of any kind is still employment, and no reason is asked."""

    said: Said
    signature: str = ""
    position: str = ""
    role_code: str = ""
    hired_on: date | None = None
    last_day: date | None = None
    forward_name: str = ""
    forward_email: str = ""

    @classmethod
    def yes_as_shown(cls, signature: str) -> Answer:
        return cls(Said.YES, signature)

    @classmethod
    def correct_it(cls, signature: str, *, position: str, role_code: str, hired_on: date) -> Answer:
        return cls(Said.CORRECTED, signature, position=position, role_code=role_code, hired_on=hired_on)

    @classmethod
    def not_me(cls, forward_name: str = "", forward_email: str = "") -> Answer:
        return cls(Said.NOT_ME, forward_name=forward_name, forward_email=forward_email)

    @classmethod
    def no_longer_here(cls, signature: str, *, last_day: date | None = None) -> Answer:
        return cls(Said.GONE, signature, last_day=last_day)

    @property
    def is_yes(self) -> bool:
        return self.said in (Said.YES, Said.CORRECTED)


def reasons_against_the_answer(answer: Answer, *, hired_on: date, today: date) -> list[Reason]:
    reasons = []
    if answer.said != Said.NOT_ME and not answer.signature.strip():
        reasons.append(Reason("not_signed"))
    if answer.said == Said.CORRECTED:
        reasons += reasons_about_the_first_day(answer.hired_on or hired_on, today)
    if answer.last_day:
        reasons += reasons_about_the_last_day(answer.last_day, hired_on, today)
    return reasons
