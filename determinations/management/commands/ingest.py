"""``manage.py ingest``: take letters in."""

from __future__ import annotations

import signal
import sys
import time
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from determinations import search
from determinations.curation import identifying, privacy
from determinations.ingest import Report, ingest_paths
from determinations.letters.inputs.files import NoSuchPath, count_letters, letter_files
from determinations.letters.inputs.parallel import seldom_collect_garbage
from determinations.store import CREATED, REJECTED, UNCHANGED, UPDATED

_SECONDS_BETWEEN_LINES = 10


def processes(text: str) -> int:
    """The value of --jobs."""
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise ArgumentTypeError(f"{text!r}: expected a number of processes from 1 to 256")
    return int(text)


def interrupt(*_: object) -> None:
    """A polite request to end is a Ctrl-C."""
    raise KeyboardInterrupt


class Command(BaseCommand):
    """Ingests letters from files, folders, archives and standard input."""

    help = (
        "Take letters (text files and PDFs, folders and .zip or .tar.gz archives of them, or - for standard input) "
        "into the archive and its search index. Safe to repeat: a letter that is in the archive is unchanged, an "
        "amended one becomes a new version. Exit status: 0 done, 1 with --strict if a file was rejected, 2 for a path "
        "that is not there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--jobs", type=processes, metavar="N", help="reading processes (default: one a processor)")
        parser.add_argument("--strict", action="store_true", help="exit with 1 if a file was rejected")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        before = signal.signal(signal.SIGTERM, interrupt)
        seldom_collect_garbage()
        started = timezone.now()
        try:
            letter_files(path for path in options["paths"] if path != "-")  # all there? then begin
            if not options["dry_run"]:
                privacy.lapse()
            total = count_letters(options["paths"])
            progress = Bar(total) if sys.stderr.isatty() else Lines(total, self.stdout)
            with progress:
                report = ingest_paths(
                    options["paths"],
                    jobs=options["jobs"],
                    dry_run=options["dry_run"],
                    progress=progress.advance,
                    standard_input=getattr(sys.stdin, "buffer", None),
                    on_wait=lambda: self.stdout.write("Another ingest is at work; this one begins when it is done."),
                )
                if not options["dry_run"]:
                    identifying.look(since=started)  # older ones wait for find_identifiers
        except NoSuchPath as error:
            raise CommandError(str(error), returncode=2) from error
        except search.SearchError as error:
            message = f"The letters that were taken in are stored, but could not be indexed. {error} Then: sync_index."
            raise CommandError(message, returncode=1) from error
        except KeyboardInterrupt:
            message = "Stopped. What was stored is kept; the same command again takes in the rest."
            raise CommandError(message, returncode=130) from None
        finally:
            signal.signal(signal.SIGTERM, before)
        self._print(report, dry_run=options["dry_run"])
        if options["strict"] and report.counts[REJECTED]:
            raise CommandError(f"{report.counts[REJECTED]} file(s) were rejected.", returncode=1)

    def _print(self, report: Report, *, dry_run: bool) -> None:
        for path, reason in report.rejected[:20]:
            self.stdout.write(f"Rejected: {path}: {reason}")
        if len(report.rejected) > 20:
            self.stdout.write("Rejected: more; the admin lists them all.")
        for suffix, count in sorted(report.skipped.items()):
            self.stdout.write(f"Passed over: {count:,} file(s) with the suffix {suffix}")
        counts = ", ".join(f"{report.counts[name]:,} {name}" for name in (CREATED, UPDATED, UNCHANGED, REJECTED))
        rate = report.letters / report.seconds if report.seconds else 0
        self.stdout.write(
            f"{'Dry run, nothing was changed: ' if dry_run else ''}{report.letters:,} letters: {counts}; "
            f"{report.with_issues:,} with issues ({report.seconds:.1f} s, {rate:,.0f} letters a second)"
        )


class Bar:
    """A progress bar with rate and time left, for a terminal."""

    def __init__(self, total: int | None, unit: str = "letters") -> None:
        self._bar = tqdm(total=total, unit=f" {unit}", unit_scale=False, smoothing=0.05, leave=False)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *exc: object) -> None:
        self._bar.close()

    def advance(self, letters: int) -> None:
        """So many more are done."""
        self._bar.update(letters)


class Lines:
    """A plain line now and then, for a log."""

    def __init__(self, total: int | None, out: Any, unit: str = "letters") -> None:
        self._total, self._out, self._unit, self._done = total, out, unit, 0
        self._started = self._said = time.monotonic()

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def advance(self, letters: int) -> None:
        """So many more are done."""
        self._done += letters
        now = time.monotonic()
        if now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            rate = self._done / (now - self._started)
            if self._total is None:
                self._out.write(f"{self._done:,} {self._unit}, {rate:,.0f} a second")
            else:
                left = (self._total - self._done) / rate
                done = f"{self._done:,} of {self._total:,} {self._unit}"
                self._out.write(f"{done}, {rate:,.0f} a second, {left:,.0f} s left")
            self._out.flush()
