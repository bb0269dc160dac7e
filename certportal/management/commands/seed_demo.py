"""Live through the demonstration's year, once. `--only sign-ins` opens one sign-in per role and nothing else."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from certportal.demonstration.people import open_sign_ins


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--only", choices=["sign-ins"])

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration: DEMONSTRATION is off, so no invented people come in.")
        if options["only"]:
            open_sign_ins()
            self.stdout.write("One sign-in per role is open.")
            return
        if User.objects.filter(email="applicant@example.org").exists():
            self.stdout.write("The demonstration is there already. `make reset` removes it.")
            return
        self._live()

    @transaction.atomic
    def _live(self) -> None:
        from certportal.demonstration.year import Year  # slow: it brings every app's workflow

        Year(timezone.now()).live()
        self.stdout.write("A year of the demonstration has been lived through.")
