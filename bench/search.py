"""Measures searching: the archive's engine and whole pages, beside PostgreSQL and Datasette, in one run.

    python -m bench.search --database /tmp/million/1m.sqlite3 --folder /tmp/million/1m --build
    python -m bench.search --database … --folder … --postgresql /tmp/million/pg --datasette DATASETTE
    python -m bench.search --plots var/bench/*.json

The archive is one of bench/million. ``--folder`` holds its index (made with ``--build``). Each search is asked once,
after the files have been read into memory and other searches asked: no answer can come from a cache of answers. The
peers' databases are made when they are not there yet. The result is a table by kind, and JSON below var/bench/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import archive, queries, report
from bench.ingest import ROOT
from bench.peers import rows

PEERS = ("postgresql", "datasette")
_EXPORTS = ("/decisions.csv?outcome=overturned", "/decisions.jsonl?q=lumbar&year=2016", "/decisions.csv?year=2017")


@dataclass
class Measured:
    """One search: by system the milliseconds, decisions and letters; None where it failed.

    ``processor``: milliseconds that the answering processes ran, which other work on the machine does not add to; of
    PostgreSQL without its parallel workers.
    """

    kind: str
    asked: str
    milliseconds: dict[str, float | None] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    decisions: dict[str, int | None] = field(default_factory=dict)
    letters: dict[str, int | None] = field(default_factory=dict)


Ask = Callable[[queries.Asked], dict[str, Any] | None]
Pids = Callable[[], list[int]]
Systems = dict[str, tuple[Ask, Pids]]


def _systems(options: argparse.Namespace, ours: archive.Archive, stack: ExitStack, about: dict[str, Any]) -> Systems:
    """What is measured, by name: each answers a search."""
    site = stack.enter_context(archive.site(ours.given))
    about["site"] = site

    def page(asked: queries.Asked) -> dict[str, Any] | None:
        status, body = site.get(f"/decisions/?{ours.query_string(asked)}", "gzip")  # as browsers ask
        about["bytes"] = max(about.get("bytes", 0), len(body))
        return {} if status == 200 else None

    systems: Systems = {"engine": (ours.engine, lambda: [os.getpid()]), "page": (page, lambda: site.workers)}
    if options.postgresql:
        systems["postgresql"] = _postgresql(options, stack, about)
    if options.datasette:
        systems["datasette"] = _datasette(options, stack, about)
    return systems


def _postgresql(options: argparse.Namespace, stack: ExitStack, about: dict[str, Any]) -> tuple[Ask, Pids]:
    import psycopg

    from bench.peers import postgresql

    folder = options.postgresql
    new = not folder.exists()
    address = stack.enter_context(postgresql.server(folder))
    if new:
        about["postgresql_load"] = postgresql.load(address)
        print(f"PostgreSQL: {about['postgresql_load']}", flush=True)
    connection = stack.enter_context(psycopg.connect(address, autocommit=True))
    connection.execute(f"SET statement_timeout = {options.limit * 1000}")
    about["postgresql"] = postgresql.version(connection)
    peer = postgresql.Peer.at(connection)
    archive.warm([path for path in folder.rglob("base/*/*") if path.is_file()])

    def ask(asked: queries.Asked) -> dict[str, Any] | None:
        try:
            return peer.page(asked)
        except psycopg.errors.QueryCanceled:
            return None

    return ask, lambda: [connection.info.backend_pid]


def _datasette(options: argparse.Namespace, stack: ExitStack, about: dict[str, Any]) -> tuple[Ask, Pids]:
    from bench.peers import datasette

    path = options.folder / "datasette.db"
    if not path.exists():
        about["datasette_load"] = datasette.load(path)
        print(f"Datasette: {about['datasette_load']}", flush=True)
    archive.warm([path])
    port, process = stack.enter_context(datasette.server(options.datasette, path))

    def ask(asked: queries.Asked) -> dict[str, Any] | None:
        found = datasette.page(port, datasette.address(path.stem, asked))
        return found if found["decisions"] is not None else None

    return ask, lambda: [process]


def measure(systems: Systems, asked: list[queries.Asked], every: int) -> list[Measured]:
    """Ask every search of every system in turn; Datasette only first pages, and ``every`` so many of a kind."""
    found, of_kind = [], dict[str, int]()
    for number, one in enumerate(asked, 1):
        row = Measured(one.kind, str(one))
        place = of_kind[one.kind] = of_kind.get(one.kind, -1) + 1
        for name, (ask, pids) in systems.items():
            if (name in PEERS and one.synonyms) or (name == "datasette" and (place % every or one.page > 1)):
                continue
            started, spent = time.perf_counter(), archive.processor_time(pids())
            answer = ask(one)
            taken = (time.perf_counter() - started) * 1000
            row.processor[name] = archive.processor_time(pids()) - spent
            row.milliseconds[name] = taken if answer is not None else None
            if answer:
                row.decisions[name] = answer["decisions"]
                row.letters[name] = answer.get("letters")
        found.append(row)
        if sys.stderr.isatty():
            print(f"\r{number} of {len(asked)}", end="", file=sys.stderr)
    return found


def _export(site: archive.Site, address: str) -> dict[str, Any]:
    """Take a result set away: seconds, megabytes of the answer and of the workers, lines."""
    started, before = time.monotonic(), max(worker["RssAnon"] for worker in site.memory())
    status, body = site.get(address)
    return {
        "address": address, "status": status, "seconds": round(time.monotonic() - started, 2),
        "mb": round(len(body) / 1e6, 2), "lines": body.count(b"\n"),
        "grown_mb": round(max(worker["RssAnon"] for worker in site.memory()) - before, 1),
    }  # fmt: skip


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Build what is asked for, measure, and return everything as a record."""
    given = archive.environment(options.database, options.folder)
    options.folder.mkdir(parents=True, exist_ok=True)
    about: dict[str, Any] = {}
    if options.build:
        about["build"] = archive.build(given)
        print(f"index: {about['build']}", flush=True)
    ours = archive.Archive(given)
    archive.warm(archive.index_files(given))
    from determinations import search
    from determinations.asking.tokens import normalised

    values, known = rows.values(), queries.Frequencies(rows.connect(options.database), normalised)
    warming = queries.choose(known, values, seed=99)
    asked = queries.choose(known, values, seed=1)
    met = {repr(one) for one in asked}
    with ExitStack() as stack:
        systems = _systems(options, ours, stack, about)
        kinds = dict.fromkeys(one.kind for one in warming)
        for kind in kinds:  # two of each kind, of the slow systems one of the first kinds
            first = [one for one in warming if one.kind == kind and repr(one) not in met][:4]
            measure({name: systems[name] for name in ("engine", "page")}, first, 1)
        rest = {name: system for name, system in systems.items() if name not in ("engine", "page")}
        measure(
            rest, [one for one in warming if one.kind in ("rare word", "one filter") and repr(one) not in met][:8], 4
        )
        measured = measure(systems, asked, options.every)
        _write(options, [vars(row) for row in measured])  # in case that what follows fails
        site = about.pop("site")
        workers = site.memory()
        about["exports"] = [_export(site, address) for address in _EXPORTS]
        about["new_letter"] = archive.new_letter(given, site)
        print(f"exports: {about['exports']}\nnew letter: {about['new_letter']}", flush=True)
        about["new_letter"] = None
    everything = search.find(search.DecisionQuery(), 0, 1)
    return {
        "letters": everything.letters, "decisions": everything.decisions, "about": about, "workers": workers,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, Python "
        f"{platform.python_version()}, tantivy {version('tantivy')}, Django {version('django')}",
        "load": os.getloadavg()[0], "searches": [vars(row) for row in measured],
    }  # fmt: skip


def main() -> None:
    """Measure, or draw what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path)
    parser.add_argument("--folder", type=Path, help="of the archive's index and Datasette's database")
    parser.add_argument("--build", action="store_true", help="build the archive's index anew and measure that")
    parser.add_argument("--postgresql", type=Path, help="the folder of PostgreSQL's data")
    parser.add_argument("--datasette", type=Path, help="the program")
    parser.add_argument("--every", type=int, default=1, help="ask Datasette only every so many searches of a kind")
    parser.add_argument("--limit", type=int, default=120, help="seconds after which a peer's statement is given up")
    parser.add_argument("--out", type=Path, help="where the JSON goes")
    parser.add_argument("--plots", type=Path, nargs="+", help="draw these results into docs/images/bench/")
    options = parser.parse_args()
    if options.plots:
        report.plots(options.plots, ROOT / "docs" / "images" / "bench")
        return
    if not (options.database and options.folder):
        parser.error("--database and --folder are needed")
    record = run(options)
    out = _write(options, record)
    print(report.table(record))
    print("\nMilliseconds of processors:\n" + report.table(record, "processor"))
    print(f"written to {out}")


def _write(options: argparse.Namespace, record: Any) -> Path:
    """Where it was written."""
    out: Path = options.out or ROOT / "var" / "bench" / f"search-{options.database.stem}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(record, indent=1))
    return out


if __name__ == "__main__":
    main()
