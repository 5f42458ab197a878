"""Measures how well the search ranks, against decisions that were graded by reading them.

    python -m bench.relevance                      the samples and, where they lie beside the project, the real letters
    python -m bench.relevance --letters PATH       the real letters are the files below PATH
    python -m bench.relevance --queries            a line for every query, not only for the worst

Each archive is ingested into a throw-away database and index. The judgments are tests/data/relevance_*.tsv; their heads
say how they were made. A query's measures: nDCG@10 and nDCG@20 (gain 2^grade - 1, discount log2 of the rank + 1), the
share of decisions graded 2 or 3 among the first 50, and 1 / rank of the first decision graded 3. The queries are split
in two halves by a hash of their words, so that a ranking that was tuned on one can be judged by the other.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JUDGMENTS = {name: ROOT / "tests" / "data" / f"relevance_{name}.tsv" for name in ("samples", "real")}
REAL_LETTERS = ROOT.parent / "shared" / "letters"
REAL_FOLDERS = ("text", "no-header")  # the other folders hold the same letters in other forms

LIMIT = 50  # results looked at
BEST = 3  # the highest grade

Decision = tuple[str, int]  # the name of the letter's file without its ending, and the item's position
_FIGURE = re.compile(r"^# Mean nDCG@10 of the ranking in force: (\d\.\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Judgments:
    """Graded decisions by query, and the mean nDCG@10 that the ranking must keep."""

    figure: float
    queries: dict[str, dict[Decision, int]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One query's measures, each from 0 to 1, with the grades of what was found, best first.

    ``reciprocal`` is None for a query that no decision is exactly about.
    """

    query: str
    ndcg10: float
    ndcg20: float
    recall: float
    reciprocal: float | None
    found: list[tuple[Decision, int]]

    @property
    def half(self) -> int:
        """0 or 1: the half of the queries that this one is in."""
        return hashlib.sha256(self.query.encode()).digest()[0] & 1


def read_judgments(path: Path) -> Judgments:
    """The table at ``path``. Raises ValueError where a line is none of it or the figure is missing."""
    text = path.read_text(encoding="utf-8")
    figure = _FIGURE.search(text)
    if figure is None:
        raise ValueError(f"{path}: the head names no mean nDCG@10")
    queries: dict[str, dict[Decision, int]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            query, letter, item, grade = line.split("\t")
            queries.setdefault(query, {})[letter, int(item)] = int(grade)
    return Judgments(float(figure.group(1)), queries)


# ---- measures -------------------------------------------------------------------------------------------------


def _gain(grades: Iterable[int]) -> float:
    """The discounted cumulative gain of grades, best-ranked first."""
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def ndcg(ranked: Sequence[int], graded: Iterable[int], depth: int) -> float:
    """How near the first ``depth`` of ``ranked`` come to the best order of all ``graded``; 1.0 where they equal it."""
    return _gain(ranked[:depth]) / _gain(sorted(graded, reverse=True)[:depth])


def _measured(query: str, graded: dict[Decision, int], found: list[Decision]) -> Measured:
    ranked = [graded.get(decision, 0) for decision in found]
    wanted = sum(grade >= 2 for grade in graded.values())
    rank = ranked.index(BEST) + 1 if BEST in ranked else math.inf
    return Measured(
        query,
        ndcg(ranked, graded.values(), 10),
        ndcg(ranked, graded.values(), 20),
        sum(grade >= 2 for grade in ranked) / wanted if wanted else 1.0,
        1 / rank if BEST in graded.values() else None,
        list(zip(found, ranked, strict=True)),
    )


def measure(judgments: Judgments) -> list[Measured]:
    """Every query asked of the archive that is open."""
    from determinations import search

    decisions = _decisions()
    return [
        _measured(
            query,
            graded,
            [decisions[pk] for pk in search.find(search.DecisionQuery(words=query), limit=LIMIT).item_ids],
        )
        for query, graded in judgments.queries.items()
    ]


def unknown(judgments: Judgments) -> list[Decision]:
    """Decisions of the table that the open archive does not hold."""
    held = set(_decisions().values())
    return [decision for graded in judgments.queries.values() for decision in graded if decision not in held]


def _decisions() -> dict[int, Decision]:
    """What each DisputedItem's id is called in the tables."""
    from determinations.models import DisputedItem, LetterSource

    rows = DisputedItem.objects.filter(case__sources__status=LetterSource.Status.CURRENT).values_list(
        "id", "case__sources__file_name", "position"
    )
    return {pk: (Path(name).stem, position) for pk, name, position in rows}


def mean(values: Iterable[float | None]) -> float:
    """The mean of the values that there are."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else math.nan


# ---- the report -----------------------------------------------------------------------------------------------


def _row(name: str, results: Sequence[Measured]) -> str:
    figures = (
        mean(one.ndcg10 for one in results),
        mean(one.ndcg20 for one in results),
        mean(one.recall for one in results),
        mean(one.reciprocal for one in results),
    )
    return f"{name:<44} " + " ".join(f"{figure:8.4f}" for figure in figures)


def _headings(decisions: Iterable[Decision]) -> dict[Decision, str]:
    from determinations.models import DisputedItem

    named = _decisions()
    wanted = set(decisions)
    ids = [pk for pk, decision in named.items() if decision in wanted]
    return {named[pk]: title for pk, title in DisputedItem.objects.filter(id__in=ids).values_list("id", "treatment")}


def report(results: Sequence[Measured], *, each: bool = False) -> None:
    """Print the means, the halves, and the ten worst queries with what stood on top (every query with ``each``)."""
    print(f"{'':<44} {'nDCG@10':>8} {'nDCG@20':>8} {'recall50':>8} {'MRR':>8}")
    print(_row(f"all {len(results)} queries", results))
    for half, name in enumerate(("tuning", "held-out")):
        part = [one for one in results if one.half == half]
        print(_row(f"  {name} half: {len(part)}", part))
    if each:
        for one in results:
            print(_row(f"{one.half} {one.query}", [one]))
    print("\nThe worst:")
    worst = sorted(results, key=lambda one: one.ndcg10)[:10]
    headings = _headings(decision for one in worst for decision, _ in one.found[:5])
    for one in worst:
        print(_row(one.query, [one]))
        for decision, grade in one.found[:5]:
            print(f"    {grade}  {decision[0]} {decision[1]}: {' '.join(headings[decision].split())[:80]}")


def open_archive(folder: Path) -> None:
    """Make an empty archive in ``folder`` that this process works on."""
    os.environ["IMR_VAR_DIR"] = str(folder)
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'archive.sqlite3'}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr_archive.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def fill(folder: Path, paths: Sequence[Path]) -> None:
    """Hold the letters at ``paths`` and no others, indexed in ``folder``."""
    from django.conf import settings

    from determinations.ingest import ingest_paths
    from determinations.models import Case

    Case.objects.all().delete()
    settings.SEARCH_INDEX_DIR = folder
    ingest_paths(paths, jobs=1)


def main() -> None:
    """Measure both archives and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=Path, help="folder of the real letters")
    parser.add_argument("--queries", action="store_true", help="a line for every query")
    options = parser.parse_args()
    real = [options.letters] if options.letters else [REAL_LETTERS / name for name in REAL_FOLDERS]
    with tempfile.TemporaryDirectory(prefix="imr-bench-") as name:
        open_archive(Path(name))
        for archive, paths in (("samples", [ROOT / "samples"]), ("real", real)):
            if missing := [path for path in paths if not path.is_dir()]:
                print(f"\n{archive}: no letters at {missing[0]}", file=sys.stderr)
                continue
            judgments = read_judgments(JUDGMENTS[archive])
            fill(Path(name) / archive, paths)
            if strangers := unknown(judgments):
                sys.exit(f"{archive}: judged, but not in the archive: {strangers[:5]}")
            print(f"\n{archive} letters (mean nDCG@10 to keep: {judgments.figure:.4f})")
            report(measure(judgments), each=options.queries)


if __name__ == "__main__":
    main()
