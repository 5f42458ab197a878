"""The real web server in front of an archive, as `make run` starts it, and the browser that visits it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.archives import ROOT, Archive

# Without these Chromium talks to its maker's servers at every start.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str | None:
    """The system's Chromium."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class Server:
    """A site that answers at ``url``; ``pid`` is the server's, whose children are its workers."""

    url: str
    pid: int = 0

    def get(self, path: str) -> str:
        """The body of a page."""
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read().decode()

    def count(self, path: str) -> int:
        """How many lines a page has, read as they come."""
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return sum(1 for _ in answer)

    def worker(self) -> int:
        """The process that answers (there is one)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        assert len(children) == 1, children
        return int(children[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def site(archive: Archive, **environment: str) -> Iterator[Server]:
    """gunicorn in front of ``archive`` until the block ends."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "imr_archive.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=archive.environment | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = Server(f"http://127.0.0.1:{port}", process.pid)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _wait(server: Server, process: subprocess.Popen[str]) -> None:
    for _ in range(200):
        try:
            server.get("/about/")
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the site did not come up")
