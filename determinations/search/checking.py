"""Whether the index holds exactly what the database does, decision by decision, and mending where it does not.

Both are walked side by side in the order of decisions' ids, some tens of thousands at a time, so that memory stays the
same whatever the size of the archive. The site, an ingest and curators go on meanwhile. What seems to differ is looked
at once more with the writer's lock held: the index stands still then, and whatever the database has that is newer is
marked as awaiting the index, which is no fault.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import tantivy
from tantivy import FieldType, Query

from ..models import Case, DisputedItem
from . import counting, generations
from . import names as naming
from .compiling import Compiler
from .documents import stamp
from .errors import NoSpace, SearchError, SearchUnavailable, engine_errors
from .files import DamagedFiles
from .index import NOBODY, Watcher, discard, index_pending, rebuild, usable, writing
from .masks import matching
from .query import DecisionQuery
from .schema import PROFILE_FACETS, schema

_DECISIONS_A_WINDOW = 50_000
_EXAMPLES = 5
_CASES_A_QUERY = 10_000

KINDS = {
    "missing": "in the database and not in the index",
    "surplus": "in the index and not in the database",
    "doubled": "in the index more than once",
    "stale": "in the index as they stood before a change of their letter",
}


@dataclass(slots=True)
class Difference:
    """How many decisions differ in one way, the names of the first few of their cases, and whether there are more."""

    decisions: int = 0
    cases: list[str] = field(default_factory=list)
    more: bool = False


@dataclass(slots=True)
class Check:
    """What a comparison found.

    ``decisions``: in the database. ``pending``: letters that await indexing, no fault. ``damage``: why the index cannot
    be compared, "" if it can. ``letters``: in the index and in the database, as counted where both can be.
    """

    decisions: int = 0
    pending: int = 0
    differences: dict[str, Difference] = field(default_factory=lambda: {kind: Difference() for kind in KINDS})
    damage: str = ""
    letters: tuple[int, int] | None = None
    gone: set[int] = field(default_factory=set)  # cases that only the index has

    @property
    def different(self) -> int:
        """How many decisions differ."""
        return sum(found.decisions for found in self.differences.values())

    @property
    def miscounted(self) -> bool:
        """Whether letters are counted wrongly though every decision is right."""
        return self.letters is not None and self.letters[0] != self.letters[1]

    @property
    def agrees(self) -> bool:
        """Whether index and database say the same."""
        return not (self.damage or self.different or self.miscounted)


def check(watcher: Watcher = NOBODY, *, mark: bool = False) -> Check:
    """Compare every decision of index and database.

    ``mark``: mark the cases whose decisions differ as awaiting the index. ``watcher`` is told decisions. Nothing that
    is wrong with the index raises an error; it is in the answer.
    """
    found = Check(pending=Case.objects.awaiting_index().count())
    try:
        with writing(watcher.wait):
            generation = usable()
            if generation is None:
                found.damage = "there is none of this archive that this version can read"
                return found
            generations.verify(generation.path)
        watcher.begin(DisputedItem.objects.count() - DisputedItem.objects.filter(case__withheld=True).count(), "")
        _walk(found, watcher, mark=mark)
        if not found.different:
            _count(found)
    except (SearchError, SearchUnavailable, DamagedFiles) as error:
        found.damage = str(error.__cause__ if isinstance(error, SearchUnavailable) and error.__cause__ else error)
    return found


def mend(found: Check, watcher: Watcher = NOBODY) -> int:
    """Bring the index in step after ``check(mark=True)``; returns the cases indexed. Raises SearchError."""
    if found.damage or found.miscounted or found.different * 5 > found.decisions:
        return rebuild(watcher=watcher)
    try:
        gone = sorted(found.gone)
        for start in range(0, len(gone), _CASES_A_QUERY):
            discard(gone[start : start + _CASES_A_QUERY])
        return index_pending(watcher.advance)
    except NoSpace:
        raise
    except SearchError:
        return rebuild(watcher=watcher)


# ---- the walk ---------------------------------------------------------------------------------------------------

# Of a window: kind of difference -> the decisions, each with its case.
_Found = dict[str, list[tuple[int, int]]]


def _walk(found: Check, watcher: Watcher, *, mark: bool) -> None:
    searcher = generations.snapshot().searcher
    last = 0
    while True:
        ids = DisputedItem.objects.order_by("id").filter(id__gt=last).values_list("id", flat=True)
        end = ids[_DECISIONS_A_WINDOW - 1 : _DECISIONS_A_WINDOW].first()  # None: what is left is the last window
        compared, differing = _compare(searcher, last + 1, end)
        if differing:
            with writing():
                # Once more, with an index that stands still and is the newest.
                searcher = generations.snapshot().searcher
                compared, differing = _compare(searcher, last + 1, end)
                _note(found, differing, mark=mark)
        found.decisions += compared
        watcher.advance(compared)
        if end is None:
            return
        last = end


def _compare(searcher: tantivy.Searcher, first: int, last: int | None) -> tuple[int, _Found]:
    """How many public decisions the database has from ``first`` to ``last`` (None: to the end), and what differs."""
    held = _held(searcher, first, last)
    within = {"id__gte": first} | ({} if last is None else {"id__lte": last})
    rows = DisputedItem.objects.public().filter(**within).order_by("id")
    differing: _Found = defaultdict(list)
    compared = 0
    columns = "id", "case_id", "case__updated_at", "case__index_pending"
    for item, case, changed, awaits in rows.values_list(*columns).iterator(chunk_size=10_000):
        compared += 1
        copies = held.pop(item, ())
        if awaits:
            continue
        if not copies:
            differing["missing"].append((item, case))
        elif len(copies) > 1:
            differing["doubled"].append((item, case))
        elif copies[0] != (case, stamp(changed)):
            differing["stale"].append((item, case))
    awaiting: set[int] = set()
    for part in _parts({copies[0][0] for copies in held.values()}):
        awaiting.update(Case.objects.awaiting_index().filter(id__in=part).values_list("id", flat=True))
    if surplus := [(item, copies[0][0]) for item, copies in held.items() if copies[0][0] not in awaiting]:
        differing["surplus"] = surplus
    return compared, differing


def _held(searcher: tantivy.Searcher, first: int, last: int | None) -> dict[int, list[tuple[int, int]]]:
    """What the index holds of a range of decisions: id -> case and stamp of each copy."""
    asked = Query.const_score_query(Query.range_query(schema(), "item", FieldType.Unsigned, first, last), 0.0)
    with engine_errors():
        decisions = int(searcher.search(asked, limit=1).count or 0)
        if not decisions:
            return {}
        addresses = [address for _, address in searcher.search(asked, limit=decisions, count=False).hits]
        columns = (searcher.fast_field_values(name, addresses) for name in ("item", "letter", "stamp"))
        held: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for item, letter, changed in zip(*columns, strict=True):
            held[item].append((letter, changed))
        return held


def _note(found: Check, differing: _Found, *, mark: bool) -> None:
    for kind, decisions in differing.items():
        cases = list(dict.fromkeys(case for _, case in decisions))
        difference = found.differences[kind]
        difference.decisions += len(decisions)
        known: set[int] = set()
        for part in _parts(cases):
            rows = Case.objects.filter(id__in=part)
            known.update(rows.values_list("id", flat=True))
            if mark:
                rows.update(index_pending=True)
        found.gone.update(set(cases) - known)
        # A letter that two windows share comes once.
        some = cases[: _EXAMPLES + 1]
        names = {case.pk: case.name for case in Case.objects.filter(id__in=some)}
        said = dict.fromkeys([*difference.cases, *(names.get(pk, f"case {pk}, which is no more") for pk in some)])
        difference.cases = list(said)[:_EXAMPLES]
        difference.more |= len(said) > _EXAMPLES


def _parts(cases: set[int] | list[int]) -> list[list[int]]:
    ids = list(cases)
    return [ids[start : start + _CASES_A_QUERY] for start in range(0, len(ids), _CASES_A_QUERY)]


def _count(found: Check) -> None:
    """Hold what is counted beside the engine against what the engine finds, and the letters against the database.

    Not the letters where something awaits the index, for then they may differ.
    """
    with writing(), engine_errors():
        index = generations.snapshot()
        names = naming.current(index.own)
        compiler = Compiler(names)
        tally = counting.Tally(DecisionQuery(), index, compiler, names)
        _, letters = tally.totals()
        held = int(index.searcher.num_docs)
        places = np.count_nonzero(matching(index.searcher, Query.all_query(), index.rows.count, held))
        if places != held:
            found.damage = f"{held:,} decisions stand in {places:,} rows"
        elif wrong := _miscounted(index.searcher, compiler, tally.counts()):
            found.damage = f"its counts are not what it finds, of {', '.join(wrong[:_EXAMPLES])}"
        items = DisputedItem.objects.order_by().values("case").distinct()
        stored = items.count() - items.filter(case__withheld=True).count()
        if not Case.objects.awaiting_index().exists():
            found.letters = letters, stored


def _miscounted(searcher: tantivy.Searcher, compiler: Compiler, counts: counting.Counts) -> list[str]:
    """The values of facets that the engine finds in another number of decisions."""
    wrong = []
    for facet, counter in counts.items():
        if facet in PROFILE_FACETS:
            continue  # of a profile both look up the same
        for value, decisions in counter.items():
            asked = Query.const_score_query(compiler.values(facet, [value]), 0.0)
            if searcher.search(asked, limit=1).count != decisions:
                wrong.append(f"{facet}:{value}")
    return wrong
