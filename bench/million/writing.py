"""Writes batches of rows into an archive's database as fast as it takes them: SQLite, or PostgreSQL by COPY.

What a writer drops to be fast (indexes, and on PostgreSQL the constraints that have one) it makes again when it is
closed, so that the database is as the migrations make it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from .rows import Rows

_TABLES = ("case", "lettersource", "disputeditem", "guidelinecitation", "parseissue")


class Writer(Protocol):
    """Takes batches; ``close`` leaves a whole database."""

    def write(self, rows: Rows) -> None:
        """Add the rows of a batch; batches come in the order of their letters."""

    def close(self) -> None:
        """Make the indexes."""

    def megabytes(self) -> float:
        """The size of the database."""


def address(database: str) -> str:
    """DATABASE_URL of a database that is told as a path or as an address itself."""
    return database if database.startswith("postgres") else f"sqlite:///{Path(database).resolve()}"


def writer(database: str) -> Writer:
    """The writer for a migrated database: the path of a file, or an address that begins with postgres."""
    return PostgreSQL(database) if database.startswith("postgres") else SQLite(Path(database))


def _columns(rows: Rows, items: int) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[object, ...]]]]:
    """Table, columns and rows of a batch after ``items`` items, in the order in which tables refer to each other."""
    from .rows import COLUMNS, SAME

    for table in _TABLES:
        same = tuple(SAME[table].values())
        some: Iterable[tuple[object, ...]] = rows[table]
        if table in ("disputeditem", "guidelinecitation"):  # both begin with the number of an item
            some = ((items + 1 + row[0], *row[1:]) for row in rows[table])
        yield f"determinations_{table}", (*COLUMNS[table], *SAME[table]), (row + same for row in some)


class SQLite:
    """One transaction without a journal: what is interrupted is thrown away."""

    def __init__(self, path: Path) -> None:
        self._path, self._items = path, 0
        self._database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-400000"):
            self._database.execute(f"PRAGMA {pragma}")
        self._indexes = self._drop_indexes()
        self._database.execute("BEGIN")

    def _drop_indexes(self) -> list[str]:
        """Drop the indexes of the tables that are filled; returns what makes them again."""
        tables = [f"determinations_{table}" for table in _TABLES]
        found = self._database.execute(
            "SELECT name, sql FROM sqlite_master "
            f"WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({_marks(tables)})",
            tables,
        ).fetchall()
        for name, _ in found:
            self._database.execute(f'DROP INDEX "{name}"')
        return [statement for _, statement in found]

    def write(self, rows: Rows) -> None:
        for table, columns, some in _columns(rows, self._items):
            names = ", ".join(f'"{column}"' for column in columns)
            self._database.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({_marks(columns)})', some)
        self._items += len(rows["disputeditem"])

    def close(self) -> None:
        self._database.execute("COMMIT")
        for statement in self._indexes:
            self._database.execute(statement)
        self._database.execute("PRAGMA locking_mode=NORMAL")
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.close()

    def megabytes(self) -> float:
        return self._path.stat().st_size / 1e6


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)


_DEFINED = """
SELECT r.relname, c.conname, 'ALTER TABLE ' || r.oid::regclass || ' DROP CONSTRAINT ' || quote_ident(c.conname),
       'ALTER TABLE ' || r.oid::regclass || ' ADD CONSTRAINT ' || quote_ident(c.conname) || ' '
       || pg_get_constraintdef(c.oid)
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
WHERE r.relname = ANY(%(tables)s) AND c.contype = ANY(%(kinds)s) ORDER BY r.relname, c.conname
"""
_INDEXES = """
SELECT i.relname, 'DROP INDEX ' || i.oid::regclass, pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class r ON r.oid = x.indrelid
WHERE r.relname = ANY(%(tables)s) AND NOT x.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid) ORDER BY i.relname
"""


class PostgreSQL:
    """COPY into tables with their primary keys alone; the rest is made at the end, with statistics and sequences."""

    def __init__(self, address: str) -> None:
        self._items = 0
        self._database = psycopg.connect(address, autocommit=True)
        # Times are written without a zone, in UTC; a letter that is lost with the server is made again.
        for setting in ("timezone = 'UTC'", "synchronous_commit = off", "maintenance_work_mem = '1GB'"):
            self._run(f"SET {setting}")
        # Foreign keys first: the others may be what they refer to.
        self._again: list[str] = []
        for kinds in (["f"], ["u"]):
            for *_, drop, add in self._ask(_DEFINED, kinds):
                self._run(drop)
                self._again.insert(0, add)
        for _, drop, make in self._ask(_INDEXES):
            self._run(drop)
            self._again.insert(0, make)

    def _ask(self, statement: str, kinds: Iterable[str] = ()) -> list[tuple[str, ...]]:
        given = {"tables": [f"determinations_{table}" for table in _TABLES], "kinds": list(kinds)}
        return self._database.execute(statement, given).fetchall()  # type: ignore[arg-type]

    def _run(self, statement: str) -> None:
        self._database.execute(statement)  # type: ignore[arg-type]

    def write(self, rows: Rows) -> None:
        with self._database.transaction(), self._database.cursor() as cursor:
            for table, columns, some in _columns(rows, self._items):
                names = sql.SQL(", ").join(map(sql.Identifier, columns))
                into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
                with cursor.copy(into) as copy:
                    for row in some:
                        copy.write_row(row)
        self._items += len(rows["disputeditem"])

    def close(self) -> None:
        for statement in self._again:
            self._run(statement)
        for table in _TABLES:
            name = f"determinations_{table}"
            sequence = f"pg_get_serial_sequence('{name}', 'id')"
            self._run(f"SELECT setval({sequence}, coalesce(max(id), 0) + 1, false) FROM {name}")
        self._run("VACUUM ANALYZE")
        self._database.execute("CHECKPOINT")

    def megabytes(self) -> float:
        row = self._database.execute("SELECT pg_database_size(current_database()) / 1e6").fetchone()
        return float(row[0]) if row else 0.0
