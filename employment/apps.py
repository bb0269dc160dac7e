"""Start of the employment app: its sentences are made known."""

from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    name = "employment"

    def ready(self) -> None:
        from audit.reasons import register_sentences  # after the app registry is ready
        from employment.words import SENTENCES  # after the app registry is ready

        register_sentences(SENTENCES)
