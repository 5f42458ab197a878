"""Processes that write the index and can be killed at any moment, for tests; a program of its own (see the end).

It starts Django once and forks for each task, so that a task is at work some milliseconds after it was asked for. Each
task is a process group of its own, killed with SIGKILL as a whole.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.archives import ROOT, Archive


@dataclass
class Forker:
    """Asks the program for tasks: "rebuild", "index", "swap" (both begin with everything awaiting the index; the one
    indexes it, the other rebuilds), "sync", "check", and "read" (which goes on until there is a file "stop").
    """

    process: subprocess.Popen[str]

    def run(self, task: str) -> dict:
        """Run a task to its end: ``result`` is what it answered, ``error`` what it raised, ``seconds`` it took."""
        answer = self._ask(task=task)
        assert not answer["killed"]
        return answer

    def kill(self, task: str, *, after: float = 0.0, event: str = "") -> bool:
        """Start a task and kill it ``after`` seconds from its start or from an event; whether it was still at work.

        Events: "committed": the generation that is being built has its first commit; "swapped": it is the live one.
        """
        return self._ask(task=task, after=after, event=event)["killed"]

    def begin(self, task: str) -> None:
        """Start a task; ``end`` waits for its answer."""
        self._send(task=task)

    def end(self) -> dict:
        return self._receive()

    def _ask(self, **question: object) -> dict:
        self._send(**question)
        return self._receive()

    def _send(self, **question: object) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()

    def _receive(self) -> dict:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the program that forks has ended"
        return json.loads(line)


@contextmanager
def forker(archive: Archive, **environment: str) -> Iterator[Forker]:
    """The program, at work on ``archive`` until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.killable"],
        cwd=ROOT,
        env=archive.environment | {"IMR_LOG_LEVEL": "ERROR"} | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Forker(process)
    finally:
        process.communicate(timeout=30)


# ---- the program ------------------------------------------------------------------------------------------------


def _do(task: str) -> object:
    from determinations import search
    from determinations.models import Case

    if task in ("index", "swap"):
        Case.objects.update(index_pending=True)
    if task == "check":
        found = search.check()
        return {"agrees": found.agrees, "decisions": found.decisions, "pending": found.pending, "damage": found.damage}
    if task == "read":
        return _read()
    tasks = {"index": search.index_pending, "rebuild": search.rebuild, "swap": search.rebuild, "sync": search.sync}
    return tasks[task]()


def _read() -> dict:
    """Search without a pause until there is a file "stop"; all that was ever counted, and how many times."""
    from django.conf import settings

    from determinations import search

    counted, times = set(), 0
    while not (Path(settings.VAR_DIR) / "stop").exists():
        answer = search.answer(search.DecisionQuery(), limit=5)
        outcomes = sum(answer.counts["outcome"].values())
        counted.add((answer.page.decisions, answer.page.letters, len(answer.page.item_ids), outcomes))
        times += 1
    return {"counted": sorted(counted), "times": times}


def _fork(task: str) -> tuple[int, int]:
    """A process at work on the task, and the end of the pipe that its answer comes from."""
    reading, writing = os.pipe()
    child = os.fork()
    os.setpgid(child, child)  # in both, whichever is first
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    try:
        answer: dict = {"result": _do(task)}
    except BaseException as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    os.write(writing, json.dumps(answer).encode())
    os._exit(0)


def _state(folder: Path) -> tuple[str, bool]:
    """The live generation's name, and whether one that is not live has a commit with documents."""
    try:
        live = json.loads((folder / "current.json").read_text())["generation"]
    except (OSError, ValueError):
        live = ""
    others = [path for path in folder.iterdir() if path.is_dir() and path.name != live]
    for path in others:
        try:
            if json.loads((path / "meta.json").read_text())["segments"]:
                return live, True
        except (OSError, ValueError):
            continue
    return live, False


def _wait_for(event: str, folder: Path, before: str, child: int) -> None:
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        live, committed = _state(folder)
        if live != before or (event == "committed" and committed):
            return


def _answer(question: dict, folder: Path) -> dict:
    from django.db import connections

    connections.close_all()  # a connection is not for two processes
    folder.mkdir(exist_ok=True)
    before, _ = _state(folder)
    started = time.monotonic()
    child, reading = _fork(question["task"])
    killed = False
    if "after" in question:
        if question["event"]:
            _wait_for(question["event"], folder, before, child)
        time.sleep(question["after"])
        # Until it is waited for, a process that has ended keeps its number: no other one can be hit.
        killed = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        if killed:
            os.killpg(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    killed = killed and not said
    return {"killed": killed, "seconds": time.monotonic() - started, **(json.loads(said) if said else {})}


def main() -> None:
    """Answer each line of standard input with one on standard output."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "imr_archive.settings"
    import django

    django.setup()
    from django.conf import settings

    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line), Path(settings.SEARCH_INDEX_DIR))), flush=True)


if __name__ == "__main__":
    main()
