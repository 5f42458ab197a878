"""``manage.py rebuild_index``: build the search index anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from determinations import search

from ..indexing import keeping_the_index


class Command(BaseCommand):
    """Builds the index beside the live one and swaps it in when it is complete."""

    help = (
        "Build the search index anew beside the live one, which serves until the new one is complete. May be stopped "
        "or killed at any time: what it left is removed by the next command that writes the index. Exit status: 0 "
        "done, 1 if it failed (a full disk), 130 if it was stopped."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with keeping_the_index(self.stdout) as shown:
            letters = search.rebuild(watcher=shown.watcher)
        self.stdout.write(f"Search index rebuilt; {shown.took(letters)}.")
