"""Invented people. Nobody here lives, and every address ends in example.org."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import Profile, User
from accounts.search import keep_in_step


@dataclass(frozen=True)
class SignIn:
    """One door of the house, with who stands behind it."""

    mailbox: str
    given: str
    family: str
    roles: tuple[str, ...] = ()
    work: str = ""  # of whoever works here without a role

    @property
    def email(self) -> str:
        return f"{self.mailbox}@example.org"


SIGN_INS = (
    SignIn("applicant", "Denise", "Holloway"),
    SignIn("supervisor", "Marcus", "Bell", ("supervisor",)),
    SignIn("training", "Carla", "Voss", ("training_staff", "access_coordinator")),
    SignIn("facilitator", "June", "Ashby", work="Leads one class"),
    SignIn("reviewer", "Paul", "Greer", ("reviewer",)),
    SignIn("reviewer2", "Anita", "Lowe", ("reviewer",)),
    SignIn("scholarships", "Ines", "Marchetti", ("scholarship_officer",)),
    SignIn("place", "Lena", "Okafor", ("place_staff",)),
    SignIn("board1", "Harold", "Stokes", ("board_chair",)),
    SignIn("board2", "Ruth", "Adeyemi", ("board_member",)),
    SignIn("board3", "Samuel", "Trent", ("board_member",)),
    SignIn("board4", "Gloria", "Pike", ("board_member",)),
    SignIn("board5", "Noel", "Farris", ("board_member",)),
    SignIn("board6", "Edith", "Quan", ("board_member",)),
    SignIn("director", "Walter", "Greene", ("director",)),
    SignIn("auditor", "Mina", "Castellan", ("auditor",)),
    SignIn("admin", "Theo", "Lindqvist", ("program_administrator",)),
)


def open_sign_ins() -> dict[str, User]:
    """One person per role, each with the demonstration's password. A second run adds nothing."""
    return {sign_in.mailbox: _open(sign_in) for sign_in in SIGN_INS}


@cache
def _password() -> str:
    """Everybody's, stored. Storing one is slow on purpose, and one of them serves all."""
    return make_password(settings.DEMO_PASSWORD)


def open_sign_in(email: str, **facts: Any) -> User:
    """Somebody who can sign in with the demonstration's password."""
    user = User(email=email, password=_password(), **facts)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    keep_in_step(user)
    return user


def _open(sign_in: SignIn) -> User:
    user = User.objects.filter(email=sign_in.email).first()
    if user is None:
        user = open_sign_in(
            sign_in.email,
            legal_given_names=sign_in.given,
            legal_family_name=sign_in.family,
            is_staff=bool(set(sign_in.roles) & set(settings.ROLES_IN_THE_ADMIN)),
        )
        user.groups.set(Group.objects.filter(name__in=sign_in.roles))
        Profile.objects.create(person=user, best_channel="email")
    return user


@dataclass(frozen=True)
class Peer:
    """Somebody on the way. Without a mailbox they reach the office by phone and paper."""

    given: str
    family: str
    born: date
    county: str
    town: str
    phone: str
    designation: str = "CPSSP-MH"
    mailbox: str = ""
    called: str = ""

    @property
    def email(self) -> str:
        return f"{self.mailbox}@example.org" if self.mailbox else ""


PEERS = {
    peer.family: peer
    for peer in (
        Peer("Denise", "Holloway", date(1986, 4, 9), "Hinds", "Jackson", "601-555-0101", mailbox="applicant"),
        Peer("Andre", "Whitfield", date(1979, 11, 2), "Rankin", "Brandon", "601-555-0102", mailbox="andre"),
        Peer("Nora", "Pettaway", date(1973, 8, 21), "Lee", "Tupelo", "662-555-0105", "CPSSP-SU", "nora"),
        Peer("Tamika", "Rhodes", date(1991, 6, 17), "Madison", "Canton", "601-555-0103", mailbox="tamika"),
        Peer("José Ángel", "Núñez", date(1984, 1, 30), "Forrest", "Hattiesburg", "601-555-0104", mailbox="jose"),
        Peer("Priya", "Raman", date(1988, 12, 12), "DeSoto", "Hernando", "662-555-0107", "CPSSP-P", "priya"),
        Peer("Marisol", "Ortega", date(1982, 5, 25), "Jones", "Laurel", "601-555-0111", mailbox="marisol"),
        Peer("Terrence", "Albright", date(1977, 10, 10), "Warren", "Vicksburg", "601-555-0112", mailbox="terrence"),
        Peer("Bao", "Nguyễn", date(1990, 2, 28), "Harrison", "Biloxi", "228-555-0113", "CPSSP-SU", "bao"),
        Peer("Shanice", "Moody", date(1995, 4, 1), "Lauderdale", "Meridian", "601-555-0114", mailbox="shanice"),
        Peer("Glenn", "Ferris", date(1969, 6, 6), "Oktibbeha", "Starkville", "662-555-0115", mailbox="glenn"),
        Peer("Amara", "O’Neal", date(1987, 3, 19), "Lowndes", "Columbus", "662-555-0116", "CPSSP-P", "amara"),
        Peer("Dwight", "Sessums", date(1981, 8, 8), "Washington", "Greenville", "662-555-0117", mailbox="dwight"),
        Peer("Otis", "Vance", date(1962, 2, 14), "Bolivar", "Cleveland", "662-555-0108"),
        Peer("Lucille", "Barnes-Okeke", date(1958, 9, 3), "Sunflower", "Indianola", "662-555-0109", "CPSSP-SU"),
        Peer("Yolanda", "Prentiss", date(1976, 1, 11), "Adams", "Natchez", "601-555-0118", mailbox="yolanda"),
        Peer("Reggie", "Tolliver", date(1993, 11, 23), "Pike", "McComb", "601-555-0119", "CPSSP-SU", "reggie"),
        Peer("Claire", "Mabry", date(1985, 2, 28), "Lafayette", "Oxford", "662-555-0120", mailbox="claire"),
        Peer("Kai", "Delacroix", date(2003, 7, 7), "Jackson", "Pascagoula", "228-555-0110", "CPSSP-Y", "kai", "Kai"),
        Peer("Wren", "Castille", date(2002, 3, 5), "Harrison", "Gulfport", "228-555-0106", "CPSSP-Y", "wren", "Wren"),
    )
}
