"""How fast letters are read, and what the time goes into, stage by stage.

    python -m bench.parsing                    600 generated letters (bench/corpus.py)
    python -m bench.parsing LETTERS-DIR        the letters of a directory

Cold: each letter once in a fresh process, the vocabulary loaded, so that only what repeats from letter to letter is
remembered. Warm: the same letters again, the best of five rounds. Processor time, one core. The stages are of the
first reading, in a process of its own: to time them slows the reading by a tenth.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import wraps
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench import corpus
from determinations.letters import parse_letter, read_letter
from determinations.letters.inputs.parallel import seldom_collect_garbage

# Stage -> the function that does it, in the modules that call it. What is in none of them is the form's own work.
_STAGES = {
    "clean": ("", "clean"),
    "header, reviewer, documents": ("forms.final_determination", "read_dates read_credentials read_documents"),
    "guideline lines": ("parts.items", "read_side"),
    "findings": ("parts.building", "read_finding"),
    "reasons": ("parts.building", "read_reasons"),
    "modifications": ("parts.building", "read_modification"),
    "requests": ("parts.building", "read_request"),
    "categories": ("parts.building", "place"),
    "patient": ("forms", "read_patient"),
    "spans led back to the source": ("parts.building forms", "in_source moved"),
    "checks": ("forms", "check"),
    "accounting": ("", "unaccounted"),
}
_FORM = "sections, items, the rest"


class Stages:
    """Processor seconds by stage; a stage within a stage is counted for itself only."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._within = [_FORM]
        self._since = 0.0
        for stage, (modules, names) in _STAGES.items():
            for place in modules.split() or [""]:
                module = import_module(f"determinations.letters.{place}".rstrip("."))
                for name in names.split():
                    setattr(module, name, self._timed(stage, getattr(module, name)))

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            self._turn()
            self._within.append(stage)
            try:
                return function(*args, **named)
            finally:
                self._turn()
                self._within.pop()

        return timed

    def _turn(self) -> None:
        now = time.perf_counter()
        self.seconds[self._within[-1]] += now - self._since
        self._since = now

    def read(self, texts: list[str]) -> None:
        """Read the letters and add what each stage took."""
        self._since = time.perf_counter()
        for text in texts:
            parse_letter(text)
        self._turn()


def stages(texts: list[str]) -> Counter[str]:
    """Seconds by stage of reading the letters once."""
    timed = Stages()
    timed.read(texts)
    return timed.seconds


def seconds(texts: list[str]) -> float:
    """Processor seconds that reading the letters once takes."""
    begun = time.process_time()
    for text in texts:
        parse_letter(text)
    return time.process_time() - begun


def main() -> None:
    """Measure and print."""
    texts = _texts(sys.argv[1]) if len(sys.argv) > 1 else [text for _, text in corpus.letters(600)]
    seldom_collect_garbage()  # as the processes that read letters for an ingest do
    loading = seconds([text for _, text in corpus.letters(1, seed=1)])
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:  # a copy of this process as it is now
        by_stage = pool.submit(stages, texts).result()
    cold = seconds(texts)
    warm = min(seconds(texts) for _ in range(5))
    count = len(texts)
    print(f"{count:,} letters of {sum(map(len, texts)) / count:,.0f} characters; vocabulary loaded in {loading:.2f} s")
    print(f"cold {count / cold:>7,.0f} letters a second and core\nwarm {count / warm:>7,.0f}\n")
    for stage in (*_STAGES, _FORM):
        share = by_stage[stage] / by_stage.total()
        print(f"{stage:<30} {share:>5.0%} {1e6 * share * cold / count:>7,.0f} µs a letter")


def _texts(folder: str) -> list[str]:
    return [read_letter(path).text for path in sorted(Path(folder).rglob("*.txt"))]


if __name__ == "__main__":
    main()
