"""``manage.py curation export|import``: move what curators decided to another archive of the same letters."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from determinations import search
from determinations.curation.moving import NotCuration, Report, export_curation, import_curation

_SHOWN = 50


class Command(BaseCommand):
    """Writes and reads the file that docs/curation-format.md describes."""

    help = (
        "Write all that curators decided (corrections, names, rules, decisions of the queue, withholdings, redactions, "
        "reports) to a file of JSON Lines, or read such a file into this archive, which has to hold the same letters. "
        "The file holds words that were redacted: keep it as you keep the letters. Exit status: 0 done, 1 if a line "
        "could not be placed, 2 for a file that is not there or of another format."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="export|import")
        export = actions.add_parser("export", help="write the file")
        export.add_argument("file", metavar="FILE", help="or - for standard output")
        read = actions.add_parser("import", help="read the file; safe to repeat")
        read.add_argument("file", metavar="FILE", help="or - for standard input")
        read.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        read.add_argument("--stop", action="store_true", help="keep nothing if any line cannot be placed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "export":
            self._export(options["file"])
        else:
            self._import(options["file"], dry_run=options["dry_run"], stop=options["stop"])

    def _export(self, name: str) -> None:
        try:
            with _written(name, self.stdout) as file:
                counts = export_curation(file)
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error
        said = ", ".join(f"{count:,} {kind}" for kind, count in counts.items()) or "nothing was decided yet"
        self.stderr.write(f"Written: {said}.")

    def _import(self, name: str, *, dry_run: bool, stop: bool) -> None:
        try:
            with _read(name) as file:
                report = import_curation(
                    file,
                    dry_run=dry_run,
                    stop=stop,
                    on_wait=lambda: self.stdout.write("An ingest is at work; this begins when it is done."),
                )
        except (OSError, UnicodeError) as error:
            raise CommandError(str(error), returncode=2) from error
        except NotCuration as error:
            raise CommandError(f"{name} cannot be imported: {error}.", returncode=2) from error
        except search.SearchError as error:
            message = f"Everything is stored, but could not be indexed. {error} Then: sync_index."
            raise CommandError(message, returncode=1) from error
        self._print(name, report, dry_run=dry_run)

    def _print(self, name: str, report: Report, *, dry_run: bool) -> None:
        say = self.stdout.write
        for number, reason in report.remarks[:_SHOWN]:
            say(f"{name}:{number}: {reason}")
        for number, reason in report.unplaced:
            say(f"{name}:{number}: not placed: {reason}")
        for kind, counts in report.counts.items():
            say(f"{kind}: {_told(counts)}")
        if dry_run:
            say("Dry run, nothing was changed.")
        elif report.stopped:
            say("Stopped, nothing was changed.")
        else:
            say(f"{report.indexed:,} letter(s) indexed.")
        if report.unplaced:
            raise CommandError(f"{len(report.unplaced):,} line(s) could not be placed.", returncode=1)


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {became}" for became, count in counts.items())


@contextmanager
def _written(name: str, out: Any) -> Iterator[IO[str]]:
    """The file to write: its owner's only, and there only once it is whole."""
    if name == "-":
        yield out
        return
    path = Path(name)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _read(name: str) -> Iterator[IO[str]]:
    if name == "-":
        yield sys.stdin
        return
    with Path(name).open(encoding="utf-8") as file:
        yield file
