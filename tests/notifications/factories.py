"""People with and without an e-mail, and messages they are owed."""

from datetime import UTC, datetime

from accounts.models import Profile, User
from notifications.models import Message
from notifications.workflow import Draft, owe

NOON = datetime(2027, 3, 3, 18, tzinfo=UTC)  # Wednesday, noon Central


def person(name: str = "Andre", email: str = "andre@example.org", **profile: object) -> User:
    someone = User.objects.create_user(email, legal_given_names=name, legal_family_name="Whitfield")
    Profile.objects.create(person=someone, **profile)
    return someone


def without_email(name: str = "Ruth", **profile: object) -> User:
    lines = {"street": "12 Oak Street", "city": "Tupelo", "state": "MS", "zip_code": "38801", "mail_to": "home"}
    return person(name, "", **lines | profile)


def owed(to: User | None = None, *, kind: str = "reference_given", at: datetime = NOON, **draft: object) -> Message:
    """One message, owed now."""
    key = draft.pop("key", f"{kind}:{Message.objects.count()}")
    owe([Draft(key=key, kind=kind, due_at=draft.pop("due_at", at), person=to, **draft)], at=at)
    return Message.objects.get(key=key)
