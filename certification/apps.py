"""Start of the certification app: its sentences are made known, its handlers subscribe."""

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "certification"

    def ready(self) -> None:
        from audit.reasons import register_sentences  # after the app registry is ready
        from certification import handlers, papers_of_spots  # noqa: F401  (importing them subscribes)
        from certification.words import SENTENCES  # after the app registry is ready

        register_sentences(SENTENCES)
