"""``manage.py lapse_withholdings``: what has to be done every night for what is kept from the public."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from determinations import search
from determinations.curation import privacy

from ..indexing import keeping_the_index


class Command(BaseCommand):
    """Shows letters again whose withholding has ended, and rids the index's files of words that were removed."""

    help = (
        "Show again the letters whose last day of withholding is over, and build the search index anew if its files "
        "still hold words that were withheld or redacted since it was built. To be run every night. Exit status: 0 "
        "done, 1 if the index could not be written (a full disk), 130 if it was stopped."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        letters = privacy.lapse()
        with keeping_the_index(self.stdout) as shown:
            search.index_pending()
            rebuilt = search.words_remain()
            if rebuilt:
                search.rebuild(watcher=shown.watcher)
        self.stdout.write(f"{letters:,} letter(s) shown again; {'index rebuilt' if rebuilt else 'index is clean'}.")
