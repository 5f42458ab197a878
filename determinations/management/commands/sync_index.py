"""``manage.py sync_index``: bring the search index up to date with the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from determinations import search


class Command(BaseCommand):
    """Indexes what waits for it; rebuilds an index that is missing, out of date or out of step."""

    help = "Bring the search index up to date with the database (built anew if it is missing or out of step)."

    def handle(self, *args: Any, **options: Any) -> None:
        cases = search.sync()
        self.stdout.write(f"Search index up to date; {cases:,} letter(s) indexed.")
