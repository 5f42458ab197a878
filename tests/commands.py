"""Commands of manage.py as processes of their own, forked from one that has loaded the libraries already.

Each is what a shell would start: its own environment, settings, process group and output; it can be killed at any
moment and leaves nothing to the next. Only the loading of libraries, most of a start, is not done again and again.
A program of its own (see the end), started once by each process of the tests.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from select import select
from threading import Lock

ROOT = Path(__file__).resolve().parent.parent
# What commands need and what reads no settings when it is imported.
_LOADED = (
    "asyncio", "concurrent.futures.process", "django.core.management", "django.db.models", "django.http", "django.urls",
    "django.template", "multiprocessing.popen_spawn_posix", "numpy", "psycopg", "pydantic", "rapidfuzz", "tantivy",
    "tomlkit", "tqdm", "determinations.asking.grammar", "determinations.letters", "determinations.vocabulary",
)  # fmt: skip
_lock = Lock()


@dataclass
class Command:
    """A command that was started; as much of ``subprocess.Popen`` as tests need."""

    pid: int
    _output: int  # the end of the pipe that what it prints comes from
    returncode: int | None = None

    def poll(self) -> int | None:
        """What it ended with (``-9``: it was killed), or None. Until this is asked, no other process has its number."""
        if self.returncode is None:
            self.returncode = _ask({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float = 300) -> int:
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("manage.py", timeout)
            time.sleep(0.005)
        return code

    def communicate(self, timeout: float = 300) -> tuple[str, None]:
        """All that it and the processes it started have printed, once the last of them is gone."""
        until = time.monotonic() + timeout
        with os.fdopen(self._output, "rb", buffering=0) as output:
            printed = b""
            while select([output], [], [], max(0.0, until - time.monotonic()))[0]:
                if not (part := output.read(65_536)):
                    break
                printed += part
            else:
                raise subprocess.TimeoutExpired("manage.py", timeout)
        self.wait()
        return printed.decode(), None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(arguments: list[str], environment: dict[str, str]) -> Command:
    """Start ``manage.py`` with these arguments and this environment, in a process group of its own."""
    reading, writing = os.pipe()
    try:
        return Command(_ask({"arguments": arguments, "environment": environment}, writing), reading)
    finally:
        os.close(writing)


def _ask(question: dict, *files: int) -> int | None:
    with _lock:
        starter = _starter()
        socket.send_fds(starter, [json.dumps(question).encode() + b"\n"], list(files))
        return json.loads(starter.recv(100))


@cache
def _starter() -> socket.socket:
    ours, its = socket.socketpair()
    command = [sys.executable, "-m", "tests.commands", str(its.fileno())]
    process = subprocess.Popen(
        command, cwd=ROOT, env=_without_settings(), pass_fds=[its.fileno()], start_new_session=True
    )
    its.close()
    atexit.register(process.wait)
    atexit.register(ours.close)  # before it is waited for: it ends when nobody can ask it any more
    return ours


def _without_settings() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("IMR_", "DATABASE_URL", "DJANGO_"))
    }


# ---- the program ------------------------------------------------------------------------------------------------


def _become(arguments: list[str], environment: dict[str, str], output: int) -> None:
    """Run the command here; what ends it ends this process."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell runs the tests in the background
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["manage.py", *arguments]
    runpy.run_path("manage.py", run_name="__main__")


def main(connection: socket.socket) -> None:
    """Start what is asked for and tell what it ended with, until the other end is closed."""
    for name in _LOADED:
        import_module(name)
    gc.freeze()
    while True:
        asked, files, *_ = socket.recv_fds(connection, 1_000_000, 1)
        if not asked:
            return
        while not asked.endswith(b"\n"):
            asked += connection.recv(1_000_000)
        question = json.loads(asked)
        if "ended" in question:
            pid, status = os.waitpid(question["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            os.setpgid(answer, answer)  # in both, whichever is first
            if not answer:
                connection.close()
                _become(question["arguments"], question["environment"], files[0])
                return
            os.close(files[0])
        connection.sendall(json.dumps(answer).encode())


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
