"""``manage.py run_jobs``: do the work that waits in the background."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from determinations.curation.working import work


class Command(BaseCommand):
    """Does all work that was noted, one after the other, and ends when nothing waits."""

    help = (
        "Do the work that waits in the background (decisions on many questions, rules for categories, letters to be "
        "indexed), and end when nothing is left. The site starts it itself unless IMR_BACKGROUND is off. It may be "
        "stopped or killed at any time; the next one goes on. Only one is at work at a time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--behind", action="store_true", help="leave the processors to others where they want them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["behind"]:
            os.nice(10)
        done = work()
        if done is None:
            self.stdout.write("Another process is doing the work.")
        else:
            self.stdout.write(f"{done} job(s) taken up; nothing waits.")
