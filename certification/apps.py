"""Start of the certification app: its sentences are made known, its handlers subscribe."""

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "certification"

    def ready(self) -> None:
        from audit.reasons import register_sentences  # after the app registry is ready
        from certification import handlers  # noqa: F401  (importing it subscribes)
        from certification.words import SENTENCES  # after the app registry is ready

        register_sentences(SENTENCES)
