"""The archive's decisions as the rows that the peers hold: one a decision, with its texts and facet values.

The facet values are those that the archive gives its own index, so that all systems count the same.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CASES_A_READ = 2_000
_LEFT_OUT = {"procedure"}  # of the archive's facets those that the peers neither hold nor count
_SAMPLES, _CASES_A_SAMPLE = 40, 100


@dataclass(frozen=True, slots=True)
class Decision:
    """One row. ``facets``: facet -> its values as the archive's index knows them."""

    id: int
    letter: int
    day: str | None
    heading: str
    rationale: str
    citations: str
    summary: str
    facets: dict[str, list[str]]


def connect(path: Path) -> sqlite3.Connection:
    """The archive's database, to read from."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def decisions() -> Iterator[Decision]:
    """All decisions of the archive that Django is set up for, letter by letter."""
    for first in range(1, _last() + 1, _CASES_A_READ):
        yield from _read(list(range(first, first + _CASES_A_READ)))


def values() -> dict[str, list[tuple[str, int]]]:
    """Facet -> its values with how many decisions of a sample have them, the most frequent first."""
    counts: dict[str, Counter[str]] = {}
    step = max(1, _last() // _SAMPLES)
    for first in range(1, _last() + 1, step):
        for one in _read(list(range(first, first + min(step, _CASES_A_SAMPLE)))):
            for name, found in one.facets.items():
                counts.setdefault(name, Counter()).update(found)
    return {name: sorted(found.items(), key=lambda row: (-row[1], row[0])) for name, found in counts.items()}


@cache
def top_categories() -> frozenset[str]:
    """The treatment categories that have others below them, as facet values."""
    from determinations.models import TreatmentCategory

    return frozenset(str(pk) for pk in TreatmentCategory.objects.filter(parent=None).values_list("id", flat=True))


def _last() -> int:
    from django.db.models import Max

    from determinations.models import Case

    return int(Case.objects.aggregate(last=Max("id"))["last"] or 0)


def _read(case_ids: list[int]) -> Iterator[Decision]:
    from determinations import drugs
    from determinations.search import documents, names

    known, called = names.current(frozenset()), drugs.current()
    by_profile = known.profiles.values
    cited = documents._citations(case_ids, ())
    nothing = documents._Cited()
    for letter in documents._letters(case_ids).values():
        shared = documents._facts_of_letter(letter)
        shared |= {name: sorted(values.get(letter.reviewer, ())) for name, values in by_profile.items()}
        for row in letter.items:
            sides = [cited.get((row[0], reviewer), nothing) for reviewer in (False, True)]
            facets = shared | documents._facts_of_item(row, *sides, called)
            facets = {name: known.values(name, held) for name, held in facets.items()}
            facets["flag"] = sorted(letter.flags | ({"contradiction"} if row[8] else set()))
            facets = {name: found for name, found in facets.items() if name not in _LEFT_OUT}
            texts = "\n".join(text for side in sides for text in side.texts)
            day = letter.day.isoformat() if letter.day else None
            yield Decision(row[0], letter.pk, day, row[2], row[6], texts, letter.summary, facets)
