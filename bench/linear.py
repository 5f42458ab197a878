"""Whether reading takes time in proportion to the text: each shape of ``bench.shapes`` at three sizes.

    python -m bench.linear [--sizes 100000,1000000,10000000] [--only WORDS] [--above 2]

Times are processor seconds of ``parse_letter``, ``account`` and ``parts`` together, each size in a process of its own.
The ratio is the time a character of one size to that of the size before: 1 is linear, 10 quadratic at ten times the
size.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time

from determinations.letters import parse_letter
from determinations.letters.accounting import account
from determinations.letters.forms.several import parts

from .fuzz.inputs import slots
from .shapes import shapes

_GIVEN_UP = 120  # seconds of a processor
_MEMORY = 10 * 2**30
_TIMER = 0.02  # seconds: below it a time is repeated and the least taken


def timed(name: str, size: int) -> tuple[int, float, float, float]:
    """Length and seconds for reading, accounting and cutting of a shape at a size; -1 where it was given up."""
    resource.setrlimit(resource.RLIMIT_CPU, (_GIVEN_UP, _GIVEN_UP))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    text = dict(shapes())[name](size)
    best = (1e9, 1e9, 1e9)
    for _ in range(5):
        start = time.process_time()
        letter = parse_letter(text)
        read = time.process_time()
        account(text, letter)
        accounted = time.process_time()
        parts(text)
        now = (read - start, accounted - read, time.process_time() - accounted)
        best = min(best, now, key=sum)
        if sum(now) > _TIMER:
            break
    return len(text), *best


def _work(name: str, size: int, answer: multiprocessing.SimpleQueue) -> None:  # type: ignore[type-arg]
    answer.put(timed(name, size))


def measured(name: str, size: int) -> tuple[int, float, float, float] | None:
    """``timed`` in a process of its own; None if it took too long or too much memory."""
    answer = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=_work, args=(name, size, answer))
    process.start()
    process.join()
    return answer.get() if process.exitcode == 0 else None


def main() -> None:
    """Measure and print the table as it goes, then the worst ratios."""
    parser = argparse.ArgumentParser(prog="bench.linear")
    parser.add_argument("--sizes", default="100000,1000000,10000000")
    parser.add_argument("--only", default="", help="shapes with these words in their name")
    parser.add_argument("--above", type=float, default=0, help="print shapes with a ratio above this only")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    for warm in slots().values():  # the processes are forks of this one, with its patterns and caches
        parse_letter(warm)
    worst: list[tuple[float, str]] = []
    longest: list[tuple[float, str]] = []
    for name, _ in shapes():
        if options.only not in name:
            continue
        cells, before, highest = [], 0.0, 0.0
        for size in sizes:
            found = measured(name, size)
            if found is None:
                cells.append("given up")
                highest = 999.0
                break
            length, *times = found
            each = sum(times) / length * 1e6
            ratio = each / before if before else 1.0
            highest = max(highest, ratio)
            before = each
            cells.append(
                f"{sum(times):.3f} s, {each:.2f} µs/ch, ×{ratio:.1f} ({'/'.join(f'{one:.2f}' for one in times)})"
            )
            longest.append((each, f"{name} at {length:,}"))
        worst.append((highest, name))
        if highest >= options.above:
            print(f"{name:70} | {' | '.join(cells)}", flush=True)
    print(f"\n{len(worst)} shapes; worst ratios:")
    for ratio, name in sorted(worst, reverse=True)[:15]:
        print(f"{ratio:8.1f} {name}")
    print("\nslowest, µs a character:")
    for each, name in sorted(longest, reverse=True)[:15]:
        print(f"{each:8.2f} {name}")


if __name__ == "__main__":
    sys.exit(main())
