"""Start of the trainings app: its sentences and its reactions are made known."""

from django.apps import AppConfig


class TrainingsConfig(AppConfig):
    name = "trainings"

    def ready(self) -> None:
        from audit.reasons import register_sentences  # after the app registry is ready
        from trainings import handlers  # noqa: F401  (subscribes; after the app registry is ready)
        from trainings.words import SENTENCES  # after the app registry is ready

        register_sentences(SENTENCES)
