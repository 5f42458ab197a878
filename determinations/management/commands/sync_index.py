"""``manage.py sync_index``: bring the search index up to date with the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from determinations import search

from ..indexing import keeping_the_index


class Command(BaseCommand):
    """Indexes what waits for it; rebuilds an index that is missing, damaged, out of date or out of step."""

    help = (
        "Bring the search index up to date with the database: index what awaits it; build it anew, beside the live "
        "one, if it is missing, damaged or out of step. Exit status: 0 done, 1 if it failed (a full disk), 130 if it "
        "was stopped."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with keeping_the_index(self.stdout) as shown:
            letters = search.sync(shown.watcher)
        self.stdout.write(f"Search index up to date; {shown.took(letters)}.")
