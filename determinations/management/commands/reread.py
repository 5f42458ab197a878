"""``manage.py reread``: read the stored letters again with today's parser."""

from __future__ import annotations

import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from determinations import search
from determinations.letters import PARSER_VERSION
from determinations.letters.inputs.parallel import seldom_collect_garbage
from determinations.rereading import Choice, Report, chosen, reread, unknown_codes

from .ingest import Bar, Lines, interrupt


class Command(BaseCommand):
    """Shows what today's parser reads differently in the letters that are stored, and writes it with --apply."""

    help = (
        "Read the stored letters again with today's parser and show what would change, by field, with examples. "
        "Without --apply nothing is written. Exit status: 0 done, 2 for an option that makes no sense, 130 if it was "
        "stopped (what was written is kept, the same command again goes on)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since-version", type=int, default=0, metavar="N", help="only letters that parser version N or later read"
        )
        parser.add_argument(
            "--only", action="append", default=[], metavar="CODE", help="only letters with an issue of this code"
        )
        parser.add_argument("--all", action="store_true", help="also letters that today's version of the parser read")
        parser.add_argument("--apply", action="store_true", help="write what changes, and bring the index up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        choice = Choice(options["since_version"], tuple(options["only"]), options["all"])
        if not 0 <= choice.since_version <= PARSER_VERSION:
            message = f"Today's parser is version {PARSER_VERSION}; there is no version {choice.since_version}."
            raise CommandError(message, returncode=2)
        for code in unknown_codes(choice.only):
            self.stdout.write(f"No stored letter has an issue of the code {code}.")
        before = signal.signal(signal.SIGTERM, interrupt)
        seldom_collect_garbage()
        try:
            total = chosen(choice).count()
            with Bar(total) if sys.stderr.isatty() else Lines(total, self.stdout) as progress:
                report = reread(
                    choice,
                    apply=options["apply"],
                    progress=progress.advance,
                    on_wait=lambda: self.stdout.write("An ingest is at work; this begins when it is done."),
                )
        except search.SearchError as error:
            message = f"What was read again is stored, but could not be indexed. {error} Then: sync_index."
            raise CommandError(message, returncode=1) from error
        except KeyboardInterrupt:
            message = "Stopped. What was written is kept; the same command again goes on."
            raise CommandError(message, returncode=130) from None
        finally:
            signal.signal(signal.SIGTERM, before)
        self._print(report, applied=options["apply"])

    def _print(self, report: Report, *, applied: bool) -> None:
        for line in report.comparison.lines():
            self.stdout.write(line.encode("utf-8", "backslashreplace").decode("utf-8"))
        for reason, count in report.kept.most_common():
            more = ", …" if count > len(report.examples[reason]) else ""
            self.stdout.write(f"Kept as it is: {count:,} {reason} ({', '.join(report.examples[reason])}{more})")
        letters, changed = report.comparison.letters, report.comparison.changed
        what = "changed" if applied else "would change"
        note = "" if applied or not changed else "; nothing was written, --apply writes it"
        self.stdout.write(
            f"{letters:,} letters read again by parser version {PARSER_VERSION}: {changed:,} {what}, "
            f"{letters - changed:,} the same ({report.seconds:.1f} s){note}"
        )
