"""Start of the applicants app: its sentences are made known, and it asks to be told what happens below."""

from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    name = "applicants"

    def ready(self) -> None:
        from applicants import handlers, next_steps  # noqa: F401  after the app registry is ready
        from applicants.words import SENTENCES  # after the app registry is ready
        from audit.reasons import register_sentences  # after the app registry is ready

        register_sentences(SENTENCES)
