"""The command: inputs one after the other, each in every check, until count or time is up."""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import sys
import time
from collections import Counter
from pathlib import Path

from . import __doc__ as about
from .checks import broken, message_of
from .inputs import ROOT, Input, Seeds, make
from .shrink import shrunk

_THOROUGH = 3  # every third input
_FINDS = ROOT / "var" / "fuzz"


def main() -> int:
    """Run; the exit status is 1 if anything was found."""
    options = _options()
    if options.only is not None:
        return _one(options.seed, options.only, options.letters)
    started = time.monotonic()
    work = [(options, job) for job in range(options.jobs)]
    if options.jobs == 1:
        counts = [_run(work[0])]
    else:
        with multiprocessing.Pool(options.jobs) as pool:
            counts = pool.map(_run, work)
    total: Counter[str] = sum(counts, Counter())
    took = time.monotonic() - started
    finds = {key: times for key, times in total.items() if key.startswith("! ")}
    inputs, characters = total.pop("inputs"), total.pop("characters")
    print(f"{inputs:,} inputs, {characters / 1e6:,.1f} million characters, {took:,.0f} s, {len(finds)} kinds of find")
    for kind, times in sorted(total.items()):
        print(f"{times:9,} {kind}")
    return 1 if finds else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.fuzz", description=about, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=0, help="of inputs; without it, until the time is up")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--letters", type=Path, help="a folder of letters to start from as well")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", type=int, help="this input alone")
    return parser.parse_args()


def _run(work: tuple[argparse.Namespace, int]) -> Counter[str]:
    """Every ``jobs``th input from ``job`` on; how many of each kind, and of each find."""
    options, job = work
    seeds = Seeds(options.letters)
    counts: Counter[str] = Counter()
    end = time.monotonic() + options.seconds
    number = job
    while number < options.count if options.count else time.monotonic() < end:
        one = make(seeds, options.seed, number)
        fault = broken(one.text, thorough=number % _THOROUGH == 0)
        counts.update(["inputs", *set(one.kinds)])
        counts["characters"] += len(one.text)
        if fault:
            counts[f"! {fault}"] += 1
            if counts[f"! {fault}"] == 1:
                _keep(one, fault, f"seed {options.seed}, input {number}")
        number += options.jobs
    return counts


def _keep(one: Input, fault: str, where: str) -> None:
    """Write a find: the shortest input that has the same fault, and what is known of it."""
    _FINDS.mkdir(parents=True, exist_ok=True)
    path = _FINDS / hashlib.sha256(fault.encode()).hexdigest()[:12]
    if path.with_suffix(".json").exists():
        return
    print(f"{where}: {fault} ({', '.join(one.kinds)})", file=sys.stderr, flush=True)
    known = {"fault": fault, "where": where, "kinds": one.kinds, "length": len(one.text)}
    path.with_suffix(".json").write_text(json.dumps(known, indent=1))
    slow = fault.startswith("TooSlow")
    text = one.text if slow else shrunk(one.text, lambda text: broken(text, thorough=True) == fault)
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    path.with_suffix(".txt").write_bytes(content)
    known |= {"message": "" if slow else message_of(text), "shortest": repr(text[:1000])}
    path.with_suffix(".json").write_text(json.dumps(known, indent=1))


def _one(seed: int, number: int, letters: Path | None) -> int:
    one = make(Seeds(letters), seed, number)
    fault = broken(one.text, thorough=True)
    print(f"{len(one.text):,} long: {', '.join(one.kinds)}\n{fault or 'nothing found'}")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
