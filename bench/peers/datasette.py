"""Datasette over SQLite FTS5 with the archive's decisions: its best reasonable schema, asked through its own server.

The facet columns stand in a narrow table of their own; the words are in a contentless FTS5 index. A page is Datasette's
table page: 20 rows, the exact count, the counts of all facets. It gives less than the archive's page (no passages, no
number of letters, no order by relevance, and the counts of a facet under its own filter too), which favours it.
"""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench.queries import Asked, fts5

from .rows import decisions, top_categories

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;
CREATE TABLE decision (id INTEGER PRIMARY KEY, letter INTEGER, day TEXT, heading TEXT, {columns});
CREATE VIRTUAL TABLE decision_fts USING fts5(
    heading, rationale, citations, summary, content = '', tokenize = 'porter unicode61'
);
"""
_INDEXES = """
CREATE INDEX decision_day ON decision (day);
{indexes}
INSERT INTO decision_fts (decision_fts) VALUES ('optimize');
ANALYZE;
"""
# Facets with one value a decision have a plain column; those of two levels one for each; the others hold JSON lists.
_SINGLE = {
    "outcome": "outcome", "finding": "finding", "relation": "relation", "letter": "whole_letter",
    "priority": "priority", "age": "age", "sex": "sex",
}  # fmt: skip
_LEVELS = {"year": ("year", "month"), "treatment": ("category", "subcategory")}
_LISTS = ("drug", "body", "board", "subspecialty", "specialty", "state", "guideline", "administrator", "reason", "flag")
_PLAIN = (*_SINGLE.values(), *(column for pair in _LEVELS.values() for column in pair))
_TIME_LIMIT = 120_000  # milliseconds


def load(path: Path) -> dict[str, float]:
    """Make the database; returns seconds and megabytes."""
    started = time.monotonic()
    database = sqlite3.connect(path)
    columns = [f"{name} TEXT" for name in (*_PLAIN, *_LISTS)]
    database.executescript(_SCHEMA.format(columns=", ".join(columns)))
    batch = []
    for one in decisions():
        batch.append(one)
        if len(batch) == 20_000:
            _write(database, batch)
            batch = []
    _write(database, batch)
    database.commit()
    indexes = [f"CREATE INDEX decision_{name} ON decision ({name});" for name in _PLAIN]
    database.executescript(_INDEXES.format(indexes="\n".join(indexes)))
    database.close()
    return {"load_s": time.monotonic() - started, "size_mb": path.stat().st_size / 1e6}


def _write(database: sqlite3.Connection, batch: list) -> None:
    rows, texts = [], []
    for one in batch:
        plain = [next(iter(one.facets[name]), None) for name in _SINGLE]
        for name in _LEVELS:
            plain += [*one.facets[name], None, None][:2]
        lists = [json.dumps(one.facets[name]) for name in _LISTS]
        rows.append((one.id, one.letter, one.day, one.heading, *plain, *lists))
        texts.append((one.id, one.heading, one.rationale, one.citations, one.summary))
    marks = ", ".join("?" for _ in range(4 + len(_PLAIN) + len(_LISTS)))
    database.executemany(f"INSERT INTO decision VALUES ({marks})", rows)
    database.executemany(
        "INSERT INTO decision_fts (rowid, heading, rationale, citations, summary) VALUES (?, ?, ?, ?, ?)", texts
    )


@contextmanager
def server(program: Path, path: Path) -> Iterator[tuple[int, int]]:
    """The port on which Datasette (``program``) serves the database at ``path``, and its process."""
    metadata = path.with_suffix(".json")
    tables = {"decision": {"fts_table": "decision_fts", "fts_pk": "id", "searchmode": "raw"}}
    metadata.write_text(json.dumps({"databases": {path.stem: {"tables": tables}}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "sql_time_limit_ms": _TIME_LIMIT, "facet_time_limit_ms": _TIME_LIMIT, "suggest_facets": 0,
        "cache_size_kb": 400_000, "max_csv_mb": 0,
    }  # fmt: skip
    command = [str(program), "serve", "--immutable", str(path), "--port", str(port), "--metadata", str(metadata)]
    for name, value in settings.items():
        command += ["--setting", name, str(value)]
    with path.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait(port, process)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(30)


def _wait(port: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + 600  # it counts every table of an immutable database first
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("Datasette did not start")


def address(database: str, asked: Asked, size: int = 20) -> str:
    """The path and query of a page."""
    pairs = [("_size", str(size)), ("_facet_size", "max"), ("_sort_desc", "day")]
    if asked.words:
        pairs += [("_search", fts5(asked.words)), ("_searchmode", "raw")]
    for name, values in asked.filters.items():
        if name in _LISTS:
            pairs += [(f"{name}__arraycontains", value) for value in values]
        else:
            pairs.append((f"{_column(name, values[0])}__in", json.dumps(list(values))))
    pairs += [("_facet", column) for column in _PLAIN] + [("_facet_array", name) for name in _LISTS]
    return f"/{database}/decision.json?{urlencode(pairs)}"


def _column(name: str, value: str) -> str:
    """The plain column that holds a facet's value."""
    if name == "year":
        return _LEVELS[name]["-" in value]
    if name == "treatment":
        return _LEVELS[name][value not in top_categories()]
    return _SINGLE[name]


def page(port: int, path: str) -> dict[str, int | None]:
    """Ask for a page; returns how many decisions there are. None where Datasette ran out of its time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", path)
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    if response.status != 200:
        return {"decisions": None}
    return {"decisions": body.get("filtered_table_rows_count")}
