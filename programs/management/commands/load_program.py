"""`manage.py load_program`: bring the state's pack into the database, and never over what staff changed."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programs.workflow import PACKS, load_pack


class Command(BaseCommand):
    help = "Add the versions of the program's pack that were not loaded before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", nargs="?", default=settings.PROGRAM, help="a file in programs/packs, without .toml")
        parser.add_argument("--take-pack", action="store_true", help="where the administration differs, take the pack")

    def handle(self, *args: Any, pack: str, take_pack: bool, **options: Any) -> None:
        path = PACKS / f"{pack}.toml"
        if not path.is_file():
            raise CommandError(f"There is no pack {path}.")
        report = load_pack(path, take_pack=take_pack, at=timezone.now())
        for difference in report.differences:
            self.stdout.write(difference)
        if report.stopped:
            raise CommandError("Nothing was loaded. Decide: run again with --take-pack, or change the pack.")
        self.stdout.write(f"{len(report.added)} added to the program {pack}.")
