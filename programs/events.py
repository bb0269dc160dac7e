"""Names of what can happen to a state's rules."""

from enum import StrEnum


class ProgramEvent(StrEnum):
    PACK_LOADED = "programs.pack_loaded"
    RULE_CHANGED = "programs.rule_changed"
    PAGE_CHANGED = "programs.page_changed"
    OUTAGE_NOTED = "programs.outage_noted"
