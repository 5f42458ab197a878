"""``manage.py prepare``: all that has to be done before the site is served; safe and quick to repeat."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from determinations import search
from determinations.curation import identifying
from determinations.ingest import ingest_paths
from determinations.names import load_vocabulary
from determinations.store import CREATED

from ..collecting import collect_static
from ..indexing import keeping_the_index


class Command(BaseCommand):
    """Database, canonical names, sample letters, search index, static files."""

    help = "Bring database, canonical names, search index and static files up to date (what `make run` does first)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--samples", action="store_true", help="take in the sample letters too")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        load_vocabulary()
        if options["samples"]:
            report = ingest_paths([settings.BASE_DIR / "samples"])
            if report.counts[CREATED]:
                self.stdout.write(f"Took in {report.counts[CREATED]} sample letters.")
                identifying.look()
        with keeping_the_index(self.stdout) as shown:
            indexed = search.sync(shown.watcher)
        if indexed:
            self.stdout.write(f"Indexed {indexed:,} letter(s).")
        collect_static()
