"""``manage.py rebuild_index``: build the search index anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from determinations import search


class Command(BaseCommand):
    """Builds the index beside the live one and swaps it in when it is complete."""

    help = "Build the search index anew beside the live one, which serves until the new one is complete."

    def handle(self, *args: Any, **options: Any) -> None:
        cases = search.rebuild()
        self.stdout.write(f"Search index rebuilt; {cases:,} letter(s) indexed.")
