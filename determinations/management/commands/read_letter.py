"""``manage.py read_letter``: what the parser reads in letters, without touching a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from determinations.letters import UnreadableSource, parse_letter, source_of
from determinations.letters.files import NoSuchPath, Reading, letter_files, read_file, reading_of
from determinations.letters.record import readable, record


class Command(BaseCommand):
    """Prints one record a letter, in the order given."""

    help = "Print what is read in letters (files, folders, or - for standard input). No database is touched."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
        parser.add_argument("--json", action="store_true", help="one JSON object a letter, a line each")

    def handle(self, *args: Any, **options: Any) -> None:
        skipped: dict[str, int] = {}
        try:
            letter_files(path for path in options["paths"] if path != "-")  # all there? then begin
            for path in options["paths"]:
                for reading in self._readings(path, skipped):
                    data = record(reading)
                    text = json.dumps(data, ensure_ascii=False) + "\n" if options["json"] else readable(data) + "\n"
                    # A lone half of a surrogate pair cannot be written as UTF-8; it is shown as an escape.
                    self.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8"), ending="")
        except NoSuchPath as error:
            raise CommandError(str(error), returncode=2) from error
        for suffix, count in sorted(skipped.items()):
            self.stderr.write(f"Passed over: {count} file(s) with the suffix {suffix}")

    def _readings(self, path: str, skipped: dict[str, int]) -> Iterator[Reading]:
        if path != "-":
            yield from (read_file(file) for file in letter_files([path], skipped))
            return
        try:
            source = source_of(sys.stdin.buffer.read())
        except UnreadableSource as error:
            yield Reading("-", code=error.code, reason=str(error))
        else:
            yield reading_of("-", source, parse_letter(source.text))
