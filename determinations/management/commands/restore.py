"""``manage.py restore``: the database as a backup holds it, with its index."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from determinations.backups import BackupFailed, restore


class Command(BaseCommand):
    """Restores a backup, brings it to this version of the program, and builds the search index anew."""

    help = (
        "Put a backup in place of everything that the database holds, bring its tables to this version of the program, "
        "and build the search index anew. Stop the site first. Exit status: 0 done, 1 failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"] and not self._agreed():
            raise CommandError("Nothing was changed.")
        try:
            restore(Path(options["file"]))
        except BackupFailed as error:
            raise CommandError(f"Not restored. {error}") from error
        call_command("migrate", verbosity=0, interactive=False)
        # Not only brought in step: the index may hold what was decided since the backup on letters that are the same.
        call_command("rebuild_index", stdout=self.stdout)
        self.stdout.write("Restored. The site can be started.")

    def _agreed(self) -> bool:
        if not sys.stdin.isatty():
            raise CommandError("This replaces everything that the database holds. Say so with --yes.")
        return input("This replaces everything that the database holds. Go on? [yes/no] ").strip().lower() == "yes"
