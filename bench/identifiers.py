"""Measures the detector of identifiers: how much of what it finds is one, and how much it misses, by kind.

    python -m bench.identifiers [FOLDER OF LETTERS …]

The passages of tests/data/identifiers.toml are made up and were labelled by somebody who did not know the rules. The
rules were then mended with every second passage (the odd ones) in view; the others were never looked at. Of folders it
says what is found there, to be judged by reading.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from determinations.letters import UnreadableSource, read_letter
from determinations.letters.identifiers import KINDS, identifiers

PASSAGES = Path(__file__).resolve().parent.parent / "tests" / "data" / "identifiers.toml"


@dataclass
class Measured:
    """By kind: right finds, wrong finds, and identifiers that were missed."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def line(self, kind: str) -> str:
        """A row of the table."""
        right, wrong, missed = self.right[kind], self.wrong[kind], self.missed[kind]
        share = [f"{right / of:.2f}" if of else "–" for of in (right + wrong, right + missed)]
        return f"| {kind} | {right + wrong} | {right} | {share[0]} | {missed} | {share[1]} |"

    def all(self) -> Measured:
        """The sums, under "all"."""
        return Measured(*(Counter(all=sum(one.values())) for one in (self.right, self.wrong, self.missed)))


def passages() -> list[dict[str, Any]]:
    """The labelled passages, in their order."""
    found: list[dict[str, Any]] = tomllib.loads(PASSAGES.read_text(encoding="utf-8"))["passage"]
    return found


def measure(some: list[dict[str, Any]]) -> Measured:
    """Hold what is found in passages against their labels: a find is right if it shares its words with a label."""
    measured = Measured()
    for passage in some:
        wanted = [(one["kind"], one["words"]) for one in passage["identifiers"]]
        met = set()
        for kind, span in identifiers(passage["text"]):
            words = passage["text"][span.start : span.end]
            hits = {n for n, (of, label) in enumerate(wanted) if of == kind and (label in words or words in label)}
            met |= hits
            (measured.right if hits else measured.wrong)[kind] += 1
        measured.missed.update(kind for n, (kind, _) in enumerate(wanted) if n not in met)
    return measured


def main() -> None:
    """Print the tables."""
    everything = passages()
    for title, some in (("In view", everything[1::2]), ("Never looked at", everything[0::2])):
        measured = measure(some)
        print(
            f"\n{title}: {len(some)} passages\n\n| kind | found | right | precision | missed | recall |\n|{'---|' * 6}"
        )
        for kind in KINDS:
            print(measured.line(kind))
        print(measured.all().line("all"))
    for folder in map(Path, sys.argv[1:]):
        letters, found = 0, Counter[str]()
        for path in sorted(folder.iterdir()):
            try:
                text = read_letter(str(path)).text
            except UnreadableSource:
                continue
            letters += 1
            found.update(kind for kind, _ in identifiers(text))
        print(f"\n{folder}: {letters} letters, found {dict(found)}")


if __name__ == "__main__":
    main()
