"""Start of the programs app: its sentences are made known, and the pure modules learn zone and language."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = "Program rules"

    def ready(self) -> None:
        from django.conf import settings  # after the app registry is ready
        from django.utils.translation import get_language

        from audit.reasons import register_sentences
        from programs import local
        from programs.words import SENTENCES

        local.settle(zone=settings.TIME_ZONE, language=get_language)
        register_sentences(SENTENCES)
