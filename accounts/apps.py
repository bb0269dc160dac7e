"""Start of the accounts app: plain words for forms, its sentences; who changes an address at sign-in is found by it."""

from typing import Any

from django.apps import AppConfig

from accounts.plain_errors import speak_plainly


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        speak_plainly()
        from allauth.account import signals  # after the app registry is ready

        from accounts.words import SENTENCES  # after the app registry is ready
        from audit.reasons import register_sentences  # after the app registry is ready

        register_sentences(SENTENCES)
        signals.email_changed.connect(_found_by_the_new_address, dispatch_uid="search words")
        signals.email_confirmed.connect(_found_by_the_new_address, dispatch_uid="search words")


def _found_by_the_new_address(user: Any = None, email_address: Any = None, **_facts: Any) -> None:
    """allauth saves the person itself, so it has to tell us."""
    from accounts.search import keep_in_step  # after the app registry is ready

    keep_in_step(user or email_address.user)
