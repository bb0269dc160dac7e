"""Names of what the office does with messages."""

from enum import StrEnum


class MessageEvent(StrEnum):
    TRIED_AGAIN = "notifications.tried_again"
    MAILED = "notifications.mailed"
