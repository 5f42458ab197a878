"""``manage.py read_letter``: what the parser reads in letters, without touching a database."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from determinations.letters.files import NoSuchPath, letter_files, read_file
from determinations.letters.record import readable, record


class Command(BaseCommand):
    """Prints one record a letter, in the order given."""

    help = (
        "Print what is read in letters: text files and PDFs, folders and .zip or .tar.gz archives of them, or - for "
        "standard input. No database is touched."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="a file, folder or archive, or - for standard input"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a letter, a line each")

    def handle(self, *args: Any, **options: Any) -> None:
        skipped: dict[str, int] = {}
        try:
            for file in letter_files(options["paths"], skipped, getattr(sys.stdin, "buffer", None)):
                data = record(read_file(file))
                text = json.dumps(data, ensure_ascii=False) + "\n" if options["json"] else readable(data) + "\n"
                # A lone half of a surrogate pair cannot be written as UTF-8; it is shown as an escape.
                self.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8"), ending="")
        except NoSuchPath as error:
            raise CommandError(str(error), returncode=2) from error
        for suffix, count in sorted(skipped.items()):
            self.stderr.write(f"Passed over: {count} file(s) with the suffix {suffix}")
