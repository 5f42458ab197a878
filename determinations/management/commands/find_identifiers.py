"""``manage.py find_identifiers``: look for words that may tell who somebody is, in letters not looked at yet."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from determinations.curation import identifying


class Command(BaseCommand):
    """Every ingest does this for the letters that it takes in; after an update it is for all of them."""

    help = (
        "Look for likely identifiers (names, telephone numbers, addresses …) in the letters that today's detector has "
        "not looked at, and put what it finds into the review queue. May be stopped; the next call goes on."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(unit=" letters", disable=not sys.stderr.isatty()) as bar:
            asked = identifying.look(bar.update)
        self.stdout.write(f"{asked:,} new question(s) in the review queue.")
