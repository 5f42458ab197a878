"""Measures exports: decisions a second, bytes, and the memory of the web server's process, through the real server.

    python -m bench.exports --database /path/archive.sqlite3 --var /path/var          100,000 decisions in each format
    python -m bench.exports --database … --var … --query "?q=therapy" --rows 0        a whole result set

``--var`` is the folder with the search index; the index is built there if there is none. The server is gunicorn with
one process, as `make run` starts it. Memory is what the process has of its own (RssAnon), without the pages of index
files that are mapped; ``before`` is after one small export.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _environment(database: Path, var: Path) -> dict[str, str]:
    own = {"DATABASE_URL": f"sqlite:///{database.resolve()}", "IMR_VAR_DIR": str(var), "IMR_LIMIT_EXPORTS": "off"}
    return os.environ | own


@contextmanager
def _server(environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """The address of a running site and the process that answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "imr_archive.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "error", "--no-control-socket"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(600):
                try:
                    urllib.request.urlopen(url + "/healthz", timeout=60).close()
                    break
                except (urllib.error.URLError, ConnectionError):
                    time.sleep(0.1)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            yield url, int(children[0])
        finally:
            process.terminate()


def _own_memory(pid: int) -> float:
    """Megabytes that a process has of its own."""
    found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _take(url: str, rows: int, *, packed: bool) -> tuple[int, int, float, float]:
    """Decisions taken, bytes over the wire, seconds to the first byte and in all; cut after ``rows`` (0: not)."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"} if packed else {})
    unpack = zlib.decompressobj(wbits=31)
    started = time.monotonic()
    first, decisions, size = 0.0, 0, 0
    with urllib.request.urlopen(request, timeout=300) as answer:
        while piece := answer.read1(1 << 20):
            first = first or time.monotonic() - started
            size += len(piece)
            text = unpack.decompress(piece) if packed else piece
            # Every format has the address of each decision once, with its place on the page.
            decisions += text.count(b"/#item-")
            if rows and decisions >= rows:
                break
    return decisions, size, first, time.monotonic() - started


def _measure(url: str, pid: int, address: str, rows: int, *, packed: bool) -> None:
    before = _own_memory(pid)
    peak, over = [before], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            peak[0] = max(peak[0], _own_memory(pid))

    watching = threading.Thread(target=watch)
    watching.start()
    decisions, size, first, seconds = _take(url + address, rows, packed=packed)
    over.set()
    watching.join()
    kind = address.partition("?")[0].rpartition(".")[2] + (" gzip" if packed else "")
    print(
        f"| {kind} | {decisions:,} | {size / 1e6:.0f} MB | {first * 1000:.0f} ms | {seconds:.1f} s "
        f"| {decisions / seconds:,.0f} | {before:.0f} MB | {peak[0]:.0f} MB |",
        flush=True,
    )


def main() -> None:
    """Measure every format, plain and compressed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=Path, required=True, help="an archive on SQLite")
    parser.add_argument("--var", type=Path, required=True, help="the folder with its index")
    parser.add_argument("--query", default="", help='which search, as "?outcome=overturned"')
    parser.add_argument("--rows", type=int, default=100_000, help="decisions after which an export is cut; 0: never")
    asked = parser.parse_args()
    environment = _environment(asked.database, asked.var)
    for command in (["collectstatic", "--no-input", "-v0"], ["sync_index"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    print("| format | decisions | over the wire | first byte | in all | decisions a second | memory before | at most |")
    print("|---|---|---|---|---|---|---|---|")
    with _server(environment) as (url, pid):
        _take(f"{url}/decisions.jsonl{asked.query}", 1_000, packed=False)
        for packed in (False, True):
            for suffix in ("jsonl", "json", "csv"):
                _measure(url, pid, f"/decisions.{suffix}{asked.query}", asked.rows, packed=packed)


if __name__ == "__main__":
    main()
