"""``manage.py read_letter``: what the parser reads in letters, without touching a database."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from determinations.letters import Source, UnreadableSource, parse_letter
from determinations.letters.comparison import Comparison
from determinations.letters.explained import explained
from determinations.letters.inputs.files import (
    NoSuchPath,
    Reading,
    letter_files,
    printable_path,
    read_letters,
    source_in,
)
from determinations.letters.record import readable, record
from determinations.letters.record_files import NoRecords, RecordFiles


class Command(BaseCommand):
    """Prints one record a letter, in the order given."""

    help = (
        "Print what is read in letters: text files and PDFs, folders and .zip or .tar.gz archives of them, or - for "
        "standard input. No database is touched. Exit status: 0; with --compare 1 if a letter is read differently; 2 "
        "for what is not there or cannot be compared."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="a file, folder or archive, or - for standard input"
        )
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one JSON object a letter, a line each")
        form.add_argument("--explain", action="store_true", help="each line of the text with the names of what it says")
        form.add_argument(
            "--compare",
            metavar="EARLIER",
            help="what differs from an earlier reading, by field: a file that --json wrote, a folder of such files, or "
            "a folder of other texts of the same names",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        skipped: dict[str, int] = {}
        try:
            if options["compare"]:
                self._compare(options["paths"], Path(options["compare"]), skipped)
            elif options["explain"]:
                plain = options["no_color"] or "NO_COLOR" in os.environ or not self.stdout.isatty()
                self._explain(options["paths"], skipped, colour=options["force_color"] or not plain)
            else:
                for reading in self._readings(options["paths"], skipped):
                    data = record(reading)
                    self._print(json.dumps(data, ensure_ascii=False) if options["json"] else readable(data))
        except (NoSuchPath, NoRecords) as error:
            raise CommandError(str(error), returncode=2) from error
        finally:
            for suffix, count in sorted(skipped.items()):
                self.stderr.write(f"Passed over: {count} file(s) with the suffix {suffix}")

    def _print(self, text: str) -> None:
        # A lone half of a surrogate pair cannot be written as UTF-8; it is shown as an escape.
        self.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n", ending="")

    def _readings(self, paths: list[str], skipped: dict[str, int]) -> Iterator[Reading]:
        for file in letter_files(paths, skipped, getattr(sys.stdin, "buffer", None)):
            yield from read_letters(file)

    # ---- --explain --------------------------------------------------------------------------------------------

    def _explain(self, paths: list[str], skipped: dict[str, int], *, colour: bool) -> None:
        for name, source in self._sources(paths, skipped):
            if isinstance(source, UnreadableSource):
                self._print(f"{name}  (unreadable)\n! {source.code}: {source}\n")
                continue
            letter = parse_letter(source.text)
            self._print(f"{name}  ({letter.format})")
            for line in explained(source.text, letter, colour=colour):
                self._print(line)
            self._print("")

    def _sources(self, paths: list[str], skipped: dict[str, int]) -> Iterator[tuple[str, Source | UnreadableSource]]:
        for file in letter_files(paths, skipped, getattr(sys.stdin, "buffer", None)):
            try:
                yield printable_path(file), source_in(file)
            except UnreadableSource as error:
                yield printable_path(file), error

    # ---- --compare --------------------------------------------------------------------------------------------

    def _compare(self, paths: list[str], earlier: Path, skipped: dict[str, int]) -> None:
        if not earlier.exists():
            raise NoSuchPath(f"There is no file or folder {printable_path(earlier)}.")
        records, comparison, only_now = RecordFiles(earlier), Comparison(), []
        for reading in self._readings(paths, skipped):
            now = record(reading)
            before = records.get(now["file"])
            if before is None:
                only_now.append(now["file"])
            else:
                comparison.add(now["file"], _content(before), _content(now))
        only_before = list(records.left())
        for line in comparison.lines():
            self._print(line)
        for names, where in ((only_now, "today's reading"), (only_before, "the earlier reading")):
            if names:
                more = ", …" if len(names) > 3 else ""
                self._print(f"Only in {where}: {len(names):,} ({', '.join(names[:3])}{more})")
        same = comparison.letters - comparison.changed
        self._print(
            f"{comparison.letters:,} letters compared: {comparison.changed:,} differ, {same:,} are read the same"
        )
        if comparison.changed or only_now or only_before:
            raise CommandError("The readings differ.", returncode=1)


def _content(data: dict[str, Any]) -> dict[str, Any]:
    """A record without the name of its file."""
    return {name: value for name, value in data.items() if name != "file"}
