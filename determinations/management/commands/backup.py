"""``manage.py backup``: the whole database in one file, while the site runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from determinations.backups import BackupFailed, back_up


class Command(BaseCommand):
    """Writes a backup; ``restore`` reads it."""

    help = (
        "Write the whole database as it is at one moment to a file, while the site and an ingest run. The file holds "
        "everything, withheld letters and redacted words included: keep it as safe as the archive. Exit status: 0 "
        "done, 1 failed (and no file is left)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size = back_up(Path(options["file"]))
        except BackupFailed as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(f"{options['file']}: {size / 1_000_000:,.1f} MB, checked.")
