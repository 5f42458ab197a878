"""Writes letters by the million straight into an archive's database, to measure search on.

    python -m bench.million --letters 1000000 --database /tmp/million/1m.sqlite3 [--seed 1]
    python -m bench.million --check --database /tmp/million/1m.sqlite3

About 2.3 decisions a letter, with words, lengths, codes and names as real letters have them (bench/fitted.toml). The
schema is made by `manage.py migrate`; every row has the shape of an ingested one and awaits the index. Letter ``n`` of
a seed is always the same, however many are made. A letter's source holds its opening lines only.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sqlite3
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rows import Letters, Rows

_LETTERS_A_BATCH = 1_000
_AHEAD = 6  # batches that may wait for the writer
_TABLES = ("case", "lettersource", "disputeditem", "guidelinecitation", "parseissue")

_letters: Letters | None = None  # what a process makes rows with; inherited by fork


def generate(path: Path, letters: int, seed: int, workers: int) -> None:
    """Make an archive of ``letters`` in a new database at ``path``."""
    global _letters
    _prepare(path)
    from django.core.management import call_command
    from django.db import connection

    from determinations.names import Names

    from .rows import Letters

    call_command("migrate", verbosity=0)
    _letters = Letters(seed, Names())
    connection.close()
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-400000"):
        database.execute(f"PRAGMA {pragma}")
    indexes = _drop_indexes(database)
    written = 0
    database.execute("BEGIN")
    for rows in _batches(letters, workers):
        written += _write(database, rows, written)
    database.execute("COMMIT")
    for statement in indexes:
        database.execute(statement)
    database.execute("PRAGMA locking_mode=NORMAL")
    database.execute("PRAGMA journal_mode=WAL")
    database.close()


def _prepare(path: Path) -> None:
    """Settings for a database of its own; nothing of the archive may be imported before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{path.resolve()}"
    os.environ.setdefault("IMR_VAR_DIR", tempfile.mkdtemp(prefix="imr-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr_archive.settings")
    import django

    django.setup()


def _drop_indexes(database: sqlite3.Connection) -> list[str]:
    """Drop the indexes of the tables that are filled; returns what makes them again."""
    tables = [f"determinations_{table}" for table in _TABLES]
    found = database.execute(
        "SELECT name, sql FROM sqlite_master "
        f"WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({_marks(tables)})",
        tables,
    ).fetchall()
    for name, _ in found:
        database.execute(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)


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


def _write(database: sqlite3.Connection, rows: Rows, items: int) -> int:
    """Insert the rows of a batch after ``items`` items; returns how many items it has."""
    from .rows import COLUMNS, SAME

    rows["disputeditem"] = [(items + 1 + row[0], *row[1:]) for row in rows["disputeditem"]]
    rows["guidelinecitation"] = [(items + 1 + row[0], *row[1:]) for row in rows["guidelinecitation"]]
    for table, own in COLUMNS.items():
        columns, same = (*own, *SAME[table]), tuple(SAME[table].values())
        names = ", ".join(f'"{column}"' for column in columns)
        insert = f'INSERT INTO "determinations_{table}" ({names}) VALUES ({_marks(columns)})'
        database.executemany(insert, (row + same for row in rows[table]))
    return len(rows["disputeditem"])


def main() -> None:
    """Generate, or check what was generated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=1_000_000)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--check", action="store_true", help="compare an archive that exists with bench/fitted.toml")
    options = parser.parse_args()
    if options.check:
        from .check import report

        report(options.database)
        return
    if options.database.exists():
        sys.exit(f"{options.database} exists already")
    started = time.monotonic()
    generate(options.database, options.letters, options.seed, options.workers)
    size = options.database.stat().st_size / 1e6
    print(f"{options.letters:,} letters in {time.monotonic() - started:,.0f} s, {size:,.0f} MB")


if __name__ == "__main__":
    main()
