"""The archive as it is measured: its index built, its engine asked in this process, its pages by the web server."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any
from urllib.parse import urlencode

from bench import corpus
from bench.ingest import ROOT, _memory
from bench.queries import Asked, archive_words

# As in the Makefile's "site".
_GUNICORN = (
    "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--max-requests", "20000",
    "--no-control-socket",
    "--log-level", "warning",
)  # fmt: skip


def environment(database: Path, folder: Path) -> dict[str, str]:
    """The environment of an archive whose database is a file and whose index lies below ``folder``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("IMR_", "DATABASE_URL"))}
    return kept | {
        "DATABASE_URL": f"sqlite:///{database.resolve()}",
        "IMR_VAR_DIR": str(folder.resolve()),
        "DJANGO_SETTINGS_MODULE": "imr_archive.settings",
    }


def build(given: dict[str, str]) -> dict[str, float]:
    """Build the index anew; returns seconds, seconds of processors, and megabytes: own and all at the peak, on disk."""
    own = peak = 0.0
    started, before = time.monotonic(), getrusage(RUSAGE_CHILDREN)
    command = [sys.executable, "manage.py", "rebuild_index"]
    with subprocess.Popen(
        command, cwd=ROOT, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            memories = [_memory(pid) for pid in family(process.pid)]
            own = max(own, sum(memory["RssAnon"] for memory in memories))
            peak = max(peak, sum(memory["VmRSS"] for memory in memories))
            time.sleep(0.2)
    if process.returncode:
        sys.exit(f"rebuild_index failed with {process.returncode}")
    seconds, after = time.monotonic() - started, getrusage(RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size = sum(file.stat().st_size for file in index_files(given)) / 1e6
    return {"seconds": seconds, "processor_s": processor, "own_mb": own, "peak_mb": peak, "disk_mb": size}


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


def processor_time(pids: Iterable[int]) -> float:
    """Milliseconds that processes have run so far, in all their threads."""
    spent = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):  # it has just ended
                spent += int(task.read_text().split()[0])
    return spent / 1e6


def index_files(given: dict[str, str]) -> list[Path]:
    """The files of the index."""
    return [path for path in (Path(given["IMR_VAR_DIR"]) / "index").rglob("*") if path.is_file()]


def warm(files: list[Path]) -> None:
    """Read files through once, so that they lie in the system's cache."""
    for path in files:
        with path.open("rb") as file:
            while file.read(1 << 22):
                pass


@dataclass
class Archive:
    """An archive of this process: ``addresses`` and the engine. Make it once, before Django is set up otherwise."""

    given: dict[str, str]

    def __post_init__(self) -> None:
        os.environ.update(self.given)
        import django

        django.setup()
        from determinations.labels import load_labels

        self._labels = load_labels()

    def query_string(self, asked: Asked) -> str:
        """The address of a search, after the question mark."""
        pairs = [("q", archive_words(asked.words))] if asked.words else []
        if asked.words and not asked.synonyms:
            pairs.append(("exact", "true"))
        for name, values in asked.filters.items():
            pairs += [(name, self._labels[name][value].slug) for value in values]
        if asked.newest and asked.words:
            pairs.append(("sort", "newest"))
        if asked.page > 1:
            pairs.append(("page", str(asked.page)))
        return urlencode(pairs)

    def engine(self, asked: Asked) -> dict[str, Any]:
        """A page of results, the totals and all facets, by the search package alone."""
        from django.http import QueryDict

        from determinations import search
        from determinations.filters import DecisionFilter

        query = DecisionFilter(QueryDict(self.query_string(asked))).query
        found = search.answer(query, (asked.page - 1) * 20, 20)
        return {"decisions": found.page.decisions, "letters": found.page.letters, "facets": found.counts}


class Site:
    """The web server with the site's own options, and one client."""

    def __init__(self, port: int, process: subprocess.Popen) -> None:
        self.port, self._process = port, process

    def get(self, path: str, encoding: str = "identity") -> tuple[int, bytes]:
        """Status and body of a page, by a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": encoding})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, body

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return family(self._process.pid)[1:]

    def memory(self) -> list[dict[str, float]]:
        """Megabytes of each worker: own (RssAnon) and with mapped pages of files (VmRSS)."""
        return [_memory(pid) for pid in self.workers]


def new_letter(given: dict[str, str], running: Site) -> dict[str, float]:
    """Take a letter with a word of its own in while the site runs.

    Returns the seconds from the beginning of the ingest, and from its end, until the page finds the letter; it stays in
    the archive.
    """
    word = f"zq{time.time_ns():x}".translate(str.maketrans("0123456789", "ghijklmnop"))
    text = ""
    while "CM1" not in text:  # some letters have lost their header
        _, text = corpus.letter(seed=time.time_ns(), number=0)
    text = re.sub(r"CM\d\d-\d{7}", f"CM17-{9_000_000 + time.time_ns() % 999_999}", text)
    path = Path(given["IMR_VAR_DIR"]) / "new.txt"
    path.write_text(text.replace("year old", f"{word} year old"), encoding="utf-8")
    started = time.monotonic()
    command = [sys.executable, "manage.py", "ingest", str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        ended = 0.0
        while time.monotonic() < started + 600:
            ended = ended or (time.monotonic() if process.poll() is not None else 0.0)
            _, body = running.get(f"/decisions/?q={word}&exact=true")
            if b"CM17-9" in body:
                found = time.monotonic()
                return {"from_start_s": found - started, "from_end_s": max(0.0, found - ended) if ended else 0.0}
            time.sleep(0.05)
    raise RuntimeError("the new letter was not found within ten minutes")


@contextmanager
def site(given: dict[str, str]) -> Iterator[Site]:
    """The site on a free port, until the end of the block."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], cwd=ROOT, env=given, check=True
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "imr_archive.wsgi", "--bind", f"127.0.0.1:{port}", *_GUNICORN]
    process = subprocess.Popen(command, cwd=ROOT, env=given)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield Site(port, process)
    finally:
        process.terminate()
        process.wait(30)
