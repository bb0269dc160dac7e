"""Start of the accounts app: its sentences are made known."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.words import SENTENCES  # after the app registry is ready
        from audit.reasons import register_sentences  # after the app registry is ready

        register_sentences(SENTENCES)
