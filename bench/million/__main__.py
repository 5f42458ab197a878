"""Writes letters by the million straight into an archive's database, to measure search on.

    python -m bench.million --letters 1000000 --database /tmp/million/1m.sqlite3 [--seed 1]
    python -m bench.million --letters 1000000 --database postgresql://…
    python -m bench.million --check --database /tmp/million/1m.sqlite3

About 2.3 decisions a letter, with words, lengths, codes and names as real letters have them (bench/fitted.toml). The
schema is made by `manage.py migrate`; every row has the shape of an ingested one and awaits the index. Letter ``n`` of
a seed is always the same, however many are made. A letter's source holds its opening lines only. Most of
the time of a small archive goes into the pools that letters are put together from: ``--variety 0.02`` makes fewer.
"""

from __future__ import annotations

import argparse
import atexit
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from . import writing

if TYPE_CHECKING:
    from .rows import Letters, Rows

_LETTERS_A_BATCH = 1_000
_AHEAD = 6  # batches that may wait for the writer

_letters: Letters | None = None  # what a process makes rows with; inherited by fork


def generate(database: str, letters: int, seed: int, workers: int, variety: float) -> float:
    """Make an archive of ``letters`` in a new database: a path, or an address of PostgreSQL. Returns megabytes."""
    global _letters
    _prepare(database)
    from django.core.management import call_command
    from django.db import connection

    from determinations.names import Names

    from .rows import Letters

    call_command("migrate", verbosity=0)
    if _filled():
        sys.exit("there are letters in this database already")
    _letters = Letters(seed, Names(), variety)
    connection.close()
    into = writing.writer(database)
    for rows in _batches(letters, workers):
        into.write(rows)
    into.close()
    return into.megabytes()


def _prepare(database: str) -> None:
    """Settings for a database of its own; nothing of the archive may be imported before."""
    if not database.startswith("postgres"):
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    os.environ["DATABASE_URL"] = writing.address(database)
    if "IMR_VAR_DIR" not in os.environ:
        os.environ["IMR_VAR_DIR"] = tempfile.mkdtemp(prefix="imr-bench-")
        atexit.register(shutil.rmtree, os.environ["IMR_VAR_DIR"], ignore_errors=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr_archive.settings")
    import django

    django.setup()


def _filled() -> bool:
    from determinations.models import Case

    return bool(Case.objects.exists())


def _batch(first: int, count: int) -> Rows:
    if _letters is None:
        raise RuntimeError("this process was not made by a fork")
    return _letters.rows(first, count)


def _batches(letters: int, workers: int) -> Iterator[Rows]:
    """The rows of all letters in order, made by processes that are a few batches ahead."""
    tasks = iter((first, min(_LETTERS_A_BATCH, letters - first)) for first in range(0, letters, _LETTERS_A_BATCH))
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        waiting = deque(pool.apply_async(_batch, task) for _, task in zip(range(_AHEAD), tasks, strict=False))
        while waiting:
            yield waiting.popleft().get()
            if task := next(tasks, None):
                waiting.append(pool.apply_async(_batch, task))


def main() -> None:
    """Generate, or check what was generated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=1_000_000)
    parser.add_argument("--database", required=True, help="a path, or an address of PostgreSQL: postgresql://…")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variety", type=float, default=1.0, help="share of the pools that letters are made from")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--check", action="store_true", help="compare an archive that exists with bench/fitted.toml")
    options = parser.parse_args()
    if options.check:
        from .check import report

        report(Path(options.database))
        return
    if Path(options.database).exists():
        sys.exit(f"{options.database} exists already")
    started = time.monotonic()
    size = generate(options.database, options.letters, options.seed, options.workers, options.variety)
    print(f"{options.letters:,} letters in {time.monotonic() - started:,.0f} s, {size:,.0f} MB")


if __name__ == "__main__":
    main()
