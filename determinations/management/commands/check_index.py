"""``manage.py check_index``: hold the search index against the database, decision by decision."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from determinations import search

from ..indexing import Shown, keeping_the_index


class Command(BaseCommand):
    """Says what differs, and mends it with --fix."""

    help = (
        "Compare database and search index exactly: every file's checksum, every decision once and as its letter now "
        "is, every letter counted once. The site and an ingest may run. Exit status: 0 they agree (or do after --fix), "
        "1 they differ, 130 if it was stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="mend what differs, then compare again")

    def handle(self, *args: Any, **options: Any) -> None:
        found = self._check(fix=options["fix"])
        if not found.agrees and options["fix"]:
            with keeping_the_index(self.stdout) as shown:
                letters = search.mend(found, shown.watcher)
            self.stdout.write(f"Mended: {shown.took(letters)}. Comparing again.")
            found = self._check(fix=False)
        if not found.agrees:
            again = "" if options["fix"] else " check_index --fix mends it."
            raise CommandError(f"Search index and database differ.{again}", returncode=1)

    def _check(self, *, fix: bool) -> search.Check:
        with keeping_the_index(self.stdout, "decisions") as shown:
            found = search.check(shown.watcher, mark=fix)
        self._print(found, shown)
        return found

    def _print(self, found: search.Check, shown: Shown) -> None:
        say = self.stdout.write
        if found.damage:
            say(f"The search index cannot be used: {found.damage}.")
        for kind, difference in found.differences.items():
            if difference.decisions:
                cases = ", ".join(difference.cases) + (", …" if difference.more else "")
                say(f"{kind}: {difference.decisions:,} decision(s) {search.DIFFERENCES[kind]} ({cases})")
        if found.miscounted and found.letters:
            indexed, stored = found.letters
            say(f"miscounted: the index counts {indexed:,} letters, the database {stored:,}")
        if found.pending:
            say(f"{found.pending:,} letter(s) await indexing, which is no fault; sync_index takes them in.")
        if found.agrees:
            compared = f"{found.decisions:,} decision(s) compared in {shown.seconds:.1f} s"
            say(f"Search index and database agree; {compared}.")
