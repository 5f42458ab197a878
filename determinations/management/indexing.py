"""What the commands that keep the search index share: how they show progress and how they end."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError

from determinations import search

from .commands.ingest import Bar, Lines, interrupt


class Shown:
    """Progress on a terminal as a bar, else as a line now and then."""

    def __init__(self, out: Any, unit: str = "letters") -> None:
        self._out, self._unit = out, unit
        self._started = time.monotonic()
        self._progress: Bar | Lines | None = None

    @property
    def watcher(self) -> search.Watcher:
        """What the index reports to."""
        return search.Watcher(self._begin, self._advance, self._wait)

    @property
    def seconds(self) -> float:
        """Since the work began, without the waiting for another process."""
        return time.monotonic() - self._started

    def took(self, letters: int) -> str:
        """How many, how long and how fast, for a sentence."""
        rate = f", {letters / self.seconds:,.0f} a second" if letters and self.seconds else ""
        return f"{letters:,} letter(s) indexed ({self.seconds:.1f} s{rate})"

    def close(self) -> None:
        """Take the bar away."""
        if self._progress:
            self._progress.__exit__()
        self._progress = None

    def _begin(self, total: int, why: str) -> None:
        self.close()
        if why:
            self._say(f"The search index is being built anew: {why}.")
        if total:
            self._progress = Bar(total, self._unit) if sys.stderr.isatty() else Lines(total, self._out, self._unit)

    def _advance(self, done: int) -> None:
        if self._progress:
            self._progress.advance(done)

    def _wait(self) -> None:
        self._say("Another process is writing the search index; this begins when it is done.")
        self._started = time.monotonic()

    def _say(self, sentence: str) -> None:
        self._out.write(sentence)
        self._out.flush()


@contextmanager
def keeping_the_index(out: Any, unit: str = "letters") -> Iterator[Shown]:
    """Show progress, and end with a sentence and a status instead of a traceback if it fails or is told to stop."""
    before = signal.signal(signal.SIGTERM, interrupt)
    shown = Shown(out, unit)
    try:
        yield shown
    except (search.SearchError, OSError) as error:
        message = f"The search index could not be written. {error}\nSearches go on with what the index held before."
        raise CommandError(message, returncode=1) from error
    except KeyboardInterrupt:
        message = "Stopped. Searches go on with what the index held before; the same command begins again."
        raise CommandError(message, returncode=130) from None
    finally:
        shown.close()
        signal.signal(signal.SIGTERM, before)
