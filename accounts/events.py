"""Names of what can happen to a person's record."""

from enum import StrEnum


class AccountEvent(StrEnum):
    PERSON_OPENED = "accounts.person_opened"
    PROFILE_CHANGED = "accounts.profile_changed"
    STANDING_GRANTED = "accounts.standing_granted"
    STANDING_WITHDRAWN = "accounts.standing_withdrawn"
    STORY_OPENED = "accounts.story_opened"
    ACCESS_ASKED = "accounts.access_asked"
    ACCESS_ARRANGED = "accounts.access_arranged"
    NOTE_WRITTEN = "accounts.note_written"
    ROLES_CHANGED = "accounts.roles_changed"
    HELPER_NAMED = "accounts.helper_named"
    HELPER_WITHDRAWN = "accounts.helper_withdrawn"
