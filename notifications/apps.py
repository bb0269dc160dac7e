"""Start of the notifications app: its sentences are made known, and it asks to be told of what happens."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from audit.reasons import register_sentences  # after the app registry is ready
        from notifications import handlers  # noqa: F401  # subscribes; needs every app's models
        from notifications.words import SENTENCES  # after the app registry is ready

        register_sentences(SENTENCES)
