"""What the frame of every page asks about a reader's messages."""

from accounts.models import User
from notifications.models import Message


def unread_count(user: User) -> int:
    """Messages this person has not marked as read."""
    return Message.objects.shown_to(user).unread().count()
