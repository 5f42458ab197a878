"""Takes letters in: walks the paths, reads in parallel processes, stores in batches, indexes what changed.

Whatever stops it, the same call again ends in the same archive: a batch is one transaction, and what a crash leaves
out of the search index is still marked as pending.
"""

from __future__ import annotations

import fcntl
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from . import search
from .letters.inputs.files import Reading, letter_files
from .letters.inputs.parallel import readings
from .names import Names
from .store import save_readings

logger = logging.getLogger(__name__)

_LETTERS_A_BATCH = 500  # one transaction
_LETTERS_AN_INDEXING = 10_000
_ADVISORY_LOCK = 0x494D5241  # "IMRA": PostgreSQL's lock of "one ingest at a time"

Progress = Callable[[int], None]


@dataclass(slots=True)
class Report:
    """What an ingest did: letters by what became of them, and the first hundred that were rejected."""

    counts: Counter[str] = field(default_factory=Counter)
    with_issues: int = 0
    rejected: list[tuple[str, str]] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    indexed: int = 0
    seconds: float = 0.0

    @property
    def letters(self) -> int:
        """All letters that were looked at."""
        return sum(self.counts.values())


def ingest_paths(
    paths: Iterable[Path | str],
    *,
    jobs: int | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    on_wait: Callable[[], None] | None = None,
    standard_input: BinaryIO | None = None,
) -> Report:
    """Take in the letters at ``paths`` and bring the search index up to date.

    ``paths``: files, folders, archives, and "-" for ``standard_input``.
    ``jobs``: reading processes (default: one a processor). ``dry_run``: say what would happen and change nothing.
    ``progress`` is called with the number of letters done; ``on_wait`` if another ingest has to finish first.
    Raises NoSuchPath before anything is done.
    """
    started = time.monotonic()
    report = Report()
    files = letter_files(paths, report.skipped, standard_input)
    with one_ingest_at_a_time(on_wait):
        if dry_run:
            with transaction.atomic():
                _store(readings(files, jobs), report, progress, index=False)
                transaction.set_rollback(True)
        else:
            _store(readings(files, jobs), report, progress, index=True)
            report.indexed += search.index_pending()
    report.seconds = time.monotonic() - started
    return report


def _store(found: Iterator[Reading], report: Report, progress: Progress | None, *, index: bool) -> None:
    names = Names()
    waiting = 0
    while batch := list(islice(found, _LETTERS_A_BATCH)):
        try:
            saved = save_readings(batch, names)
        except IntegrityError as error:
            # A name that the batch was about to point to was joined to another by a curator meanwhile, or a wording
            # taken away with redacted words. Nothing of the batch is stored, and what is remembered of names is void.
            logger.info("%d letters are stored once more: %s", len(batch), error)
            names = Names()
            saved = save_readings(batch, names)
        report.counts.update(saved.counts)
        report.with_issues += saved.with_issues
        room = 100 - len(report.rejected)
        report.rejected += [(reading.path, reading.reason) for reading in saved.rejected[:room]]
        waiting += len(saved.case_ids)
        if progress:
            progress(len(batch))
        if index and waiting >= _LETTERS_AN_INDEXING:
            report.indexed += search.index_pending()
            waiting = 0


# ---- one at a time --------------------------------------------------------------------------------------------


@contextmanager
def one_ingest_at_a_time(on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the archive's ingest lock; waits for another ingest, after calling ``on_wait``."""
    if connection.vendor == "postgresql":
        with _postgresql_lock(on_wait):
            yield
    else:
        with _file_lock(Path(settings.VAR_DIR) / "ingest.lock", on_wait):
            yield


@contextmanager
def _postgresql_lock(on_wait: Callable[[], None] | None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_LOCK])
        if not cursor.fetchone()[0]:
            if on_wait:
                on_wait()
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


@contextmanager
def _file_lock(path: Path, on_wait: Callable[[], None] | None) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait:
                on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
