"""``manage.py vocabulary export|import|diff``: names between the database and the vocabulary files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from determinations.curation.vocabulary_files import Written
from determinations.curation.vocabulary_import import Taken
from determinations.names import load_vocabulary
from determinations.vocabulary import FOLDER


class Command(BaseCommand):
    """Writes what curators made of the names into the shipped files, takes it from them, or compares."""

    help = (
        "Names, wordings, parents, families, classes and rules between the database and the vocabulary files "
        "(specialties.toml, guidelines.toml, treatments.toml, drug_names.toml). export writes the files, import "
        "changes the database, diff shows what export would write. Exit status: 0 done (diff: alike), 1 diff found "
        "differences, 2 files that cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["export", "import", "diff"])
        parser.add_argument(
            "--folder", type=Path, default=FOLDER, help="where the files are (default: the shipped ones)"
        )
        parser.add_argument("--to", type=Path, default=None, help="export: where to write them (default: over them)")
        parser.add_argument("--dry-run", action="store_true", help="import, export: show what would change")
        parser.add_argument("--by", default="vocabulary import", help="import: who makes the changes")

    def handle(self, *args: Any, **options: Any) -> None:
        load_vocabulary()
        try:
            if options["action"] == "import":
                self._import(options)
            else:
                self._export(options)
        except (OSError, ValueError) as error:
            raise CommandError(f"The files could not be read or written: {error}", returncode=2) from error

    def _export(self, options: dict[str, Any]) -> None:
        written = Written(options["folder"], to_save=options["action"] == "export" and not options["dry_run"])
        for line in written.lines:
            self.stdout.write(line)
        if options["action"] == "diff":
            if written.lines:
                raise CommandError(f"{len(written.lines)} difference(s).", returncode=1)
            self.stdout.write("Database and files are alike.")
            return
        if options["dry_run"]:
            self.stdout.write(f"{len(written.lines)} change(s); nothing was written.")
            return
        written.save(options["to"])
        self.stdout.write(f"{len(written.lines)} change(s) written to {options['to'] or options['folder']}.")

    def _import(self, options: dict[str, Any]) -> None:
        taken = Taken(options["folder"], by=options["by"], dry_run=options["dry_run"])
        for line in taken.lines:
            self.stdout.write(line)
        for line in taken.left:
            self.stdout.write(f"Left as it is: {line}")
        what = "would be made; nothing was changed" if options["dry_run"] else "made"
        self.stdout.write(f"{len(taken.lines)} change(s) {what}, {len(taken.left)} left.")
