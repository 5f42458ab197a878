"""The archive's decisions as the rows that the peers hold: one a decision, with its texts and facet values."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Facet -> whether a decision may have several values of it. In the order in which pages show them.
FACETS = {
    "outcome": False, "specialty": True, "treatment": False, "guideline": True, "year": False, "state": True,
}  # fmt: skip
_CASES_A_READ = 5_000


@dataclass(frozen=True, slots=True)
class Decision:
    """One row. ``facets``: the values of each of FACETS, as ids or names; an empty one has no value."""

    id: int
    letter: int
    day: str | None
    heading: str
    rationale: str
    citations: str
    summary: str
    facets: dict[str, list[int | str]]


def connect(path: Path) -> sqlite3.Connection:
    """The archive's database, to read from."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def decisions(path: Path) -> Iterator[Decision]:
    """All decisions of an archive, in the order of their ids."""
    database = connect(path)
    lookup = _profiles(database)
    last = database.execute("SELECT max(id) FROM determinations_case").fetchone()[0]
    for first in range(1, last + 1, _CASES_A_READ):
        yield from _read(database, first, first + _CASES_A_READ - 1, *lookup)


def _profiles(database: sqlite3.Connection) -> tuple[dict[int, set[int]], dict[int, list[str]]]:
    """The specialties and the states of each credential profile."""
    specialties: dict[int, set[int]] = defaultdict(set)
    for reviewer, specialty in database.execute(
        "SELECT c.reviewer_id, w.specialty_id FROM determinations_reviewercredential c "
        "JOIN determinations_credentialwording w ON w.id = c.wording_id WHERE w.specialty_id IS NOT NULL"
    ):
        specialties[reviewer].add(specialty)
    states = {
        pk: json.loads(text) for pk, text in database.execute("SELECT id, licensed_states FROM determinations_reviewer")
    }
    return specialties, states


def _read(
    database: sqlite3.Connection, first: int, last: int, specialties: dict[int, set[int]], states: dict[int, list[str]]
) -> Iterator[Decision]:
    rows = database.execute(
        "SELECT i.id, i.case_id, c.decision_date, i.treatment, i.rationale, c.clinical_summary, i.outcome, "
        "i.category_id, c.reviewer_id FROM determinations_disputeditem i "
        "JOIN determinations_case c ON c.id = i.case_id WHERE i.case_id BETWEEN ? AND ? ORDER BY i.id",
        (first, last),
    ).fetchall()
    cited: dict[int, list[tuple[str, str, int | None]]] = defaultdict(list)
    for item, side, text, guideline in database.execute(
        "SELECT g.item_id, g.side, g.text, w.guideline_id FROM determinations_guidelinecitation g "
        "JOIN determinations_guidelinewording w ON w.id = g.wording_id WHERE g.item_id BETWEEN ? AND ?",
        (rows[0][0], rows[-1][0]) if rows else (0, -1),
    ):
        cited[item].append((side, text, guideline))
    for pk, letter, day, heading, rationale, summary, outcome, category, reviewer in rows:
        own = cited[pk]
        yield Decision(
            pk, letter, day, heading, rationale, "\n".join(text for _, text, _ in own), summary,
            {
                "outcome": [outcome] if outcome else [],
                "specialty": sorted(specialties[reviewer]),
                "treatment": [category] if category else [],
                "guideline": sorted({one for side, _, one in own if side == "reviewer" and one}),
                "year": [int(day[:4]) if day else 0],
                "state": sorted(states[reviewer]),
            },
        )  # fmt: skip


def values(path: Path) -> dict[str, list[tuple[int | str, int]]]:
    """Facet -> its values with how many decisions of a sample have them, the most frequent first."""
    database = connect(path)
    lookup = _profiles(database)
    last = database.execute("SELECT max(id) FROM determinations_case").fetchone()[0]
    counts: dict[str, Counter[int | str]] = {name: Counter() for name in FACETS}
    step = max(1, last // 40)
    for first in range(1, last + 1, step):
        for one in _read(database, first, first + min(step, 400) - 1, *lookup):
            for name, found in one.facets.items():
                counts[name].update(found)
    return {name: sorted(found.items(), key=lambda row: (-row[1], str(row[0]))) for name, found in counts.items()}
