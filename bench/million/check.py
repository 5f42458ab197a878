"""Compares a generated archive with what was measured: lengths, counts, and in how many decisions phrases stand."""

from __future__ import annotations

import sqlite3
import statistics
from collections import Counter
from pathlib import Path

from bench.fitting import PHRASES, plain

from .pools import fitted

_SAMPLE = 20_000


def report(path: Path) -> None:
    """Print the comparison, from a sample of the decisions."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    cases, items = (
        database.execute(f"SELECT count(*) FROM determinations_{t}").fetchone()[0] for t in ("case", "disputeditem")
    )
    step = max(1, items // _SAMPLE)
    rows = database.execute(
        "SELECT i.treatment, i.rationale, c.clinical_summary, i.outcome FROM determinations_disputeditem i "
        "JOIN determinations_case c ON c.id = i.case_id WHERE i.id % ? = 0",
        (step,),
    ).fetchall()
    tables = fitted()
    print(f"{cases:,} letters, {items:,} decisions ({items / cases:.2f} a letter); sample of {len(rows):,}")
    print(f"overturned {sum(row[3] == 'Overturned' for row in rows) / len(rows):.3f}")
    for name, column in (("rationale", 1), ("summary", 2)):
        lengths = [len(row[column]) for row in rows]
        print(f"{name}: mean {statistics.fmean(lengths):.0f}, median {statistics.median(lengths):.0f} characters")
    texts = [plain("\n".join(row[:3])) for row in rows]
    print(f"{'phrase':28} {'measured':>9} {'generated':>9}")
    for phrase in PHRASES:
        share = sum(f" {phrase} " in text for text in texts) / len(texts)
        print(f"{phrase:28} {tables['phrases'][phrase]:>9.3f} {share:>9.3f}")
    words = Counter[str]()
    for text in texts:
        words.update(set(text.split()))
    once = sum(number == 1 for number in words.values())
    print(f"{len(words):,} distinct words in the sample, {once:,} of them in one decision")
