"""Phrases asked of the engine together, by their exceptions, and within filters: the numbers are a plain scan's."""

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise

import pytest

from determinations import search
from determinations.asking import grammar
from determinations.ingest import ingest_paths
from determinations.models import Case
from determinations.search import DecisionQuery, finding, generations, masks, matching, together
from determinations.search.common_words import FREQUENT, common_runs, runs
from determinations.search.documents import documents
from tests import plain
from tests.conftest import SAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NEVER = 10**9
NARROWED = [
    {},
    {"chosen": {"outcome": {"upheld"}, "sex": {"female"}}},
    {"chosen": {"outcome": {"overturned", "upheld"}, "priority": {"standard"}}, "since": date(2016, 6, 1)},
    {"excluded": {"outcome": {"upheld"}, "sex": {"male"}}, "until": date(2017, 12, 31)},
    {"chosen": {"relation": {"different"}}, "excluded": {"age": {"40-49"}, "treatment": {"1"}}},
]


def texts() -> dict[int, list[str]]:
    """The texts of each decision, one for each place that a phrase cannot leave."""
    ids = Case.objects.values_list("id", flat=True)
    return {item["item"]: [f" {text} " for text in item["text"]] for letter in documents(ids) for item in letter}


def phrases(of: dict[int, list[str]]) -> list[str]:
    """Phrases of three frequent words: ten that some decisions lack that have their runs, ten that none lacks."""
    having, promised = defaultdict(set), defaultdict(set)
    for pk, parts in of.items():
        for words in map(str.split, parts):
            for run in runs(words):
                promised[run].add(pk)
            for three in zip(words, words[1:], words[2:], strict=False):
                if FREQUENT.issuperset(three) and len(common_runs(three)) == 2:
                    having[three].add(pk)
    frequent = sorted(three for three, there in having.items() if len(there) > 5)
    lacking = [one for one in frequent if having[one] < set.intersection(*(promised[run] for run in common_runs(one)))]
    whole = [one for one in frequent if one not in lacking]
    assert len(lacking) > 5
    return [" ".join(one) for one in (*lacking[:10], *whole[:10])]


def finds(node, parts: list[str]) -> bool:
    """Whether a decision's texts have what was typed, without synonyms."""
    match node:
        case grammar.Words():
            return any(f" {' '.join(node.tokens)} " in text for text in parts)
        case grammar.Not():
            return not finds(node.part, parts)
        case grammar.And():
            return all(finds(part, parts) for part in node.parts)
        case grammar.Or():
            return any(finds(part, parts) for part in node.parts)
    raise TypeError(node)


def queries(of: dict[int, list[str]]) -> list[DecisionQuery]:
    some = [f'"{phrase}"' for phrase in phrases(of)]
    pairs = list(pairwise(some))
    words = [
        *some,
        *(f"{one} {other}" for one, other in pairs[::3]),
        *(f"{one} OR {other}" for one, other in pairs[1::4]),
        *(f"{one} -{other}" for one, other in pairs[2::4]),
        f"{some[0]} pain",
        f"{some[1]} pain -knee",
        f"{some[2]} (knee OR shoulder)",
        f"NOT {some[3]}",
        f'"xyzzy {some[4].strip(chr(34))}"',
    ]
    return [
        DecisionQuery(words=one, exact=True, **narrowed)
        for place, one in enumerate(words)
        # The narrowest search first: what was not looked at for it must not be missed by the next one.
        for narrowed in (NARROWED[1 + place % 4], NARROWED[1 + (place + 1) % 4], NARROWED[0])
    ]


def assert_counted_as_by_a_scan():
    of, every, found = texts(), plain.decisions(), 0
    for query in queries(of):
        node = grammar.read(query.words, exact=True).node
        those = [decision for decision in every if finds(node, of[decision.pk])]
        expected = plain.matching(those, query)
        page = search.find(query, limit=1)
        assert (page.decisions, page.letters) == (len(expected), len({one.case for one in expected})), query
        for facet, counter in search.facets(query).items():
            rest = plain.matching(those, query.without(facet))
            assert counter == Counter(value for one in rest for value in one.values[facet]), (query, facet)
        found += len(expected)
    assert found > 1_000


@pytest.fixture
def kept(monkeypatch, empty_archive):
    """Half of the samples with masks of nearly all runs, the others after them; some letters came again."""
    monkeypatch.setattr(matching, "_WORTH_KEEPING", 0)
    monkeypatch.setattr(matching, "_KEPT_PART", {"text": 0.05, "runs": 0.03})
    monkeypatch.setattr(matching, "LISTED", 0)  # everything is asked in parts
    monkeypatch.setattr(together, "_FEW", 0)
    letters = sorted(SAMPLES.glob("*.txt"))
    ingest_paths(letters[::2], jobs=1)
    search.rebuild()
    ingest_paths(letters, jobs=1)
    Case.objects.filter(pk__in=Case.objects.order_by("pk").values_list("pk", flat=True)[:9]).update(index_pending=True)
    search.index_pending()
    index = generations.snapshot()
    assert 0 < index.kept.rows < index.searcher.num_docs < index.rows.count
    for module in (finding, matching):
        module._memory.clear()
    yield monkeypatch
    for module in (finding, matching):
        module._memory.clear()


@pytest.fixture
def ways(monkeypatch):
    """Counts how often exceptions were listed, how often they were too many, how often filters narrowed a question."""
    taken, ask, near = Counter(), together.Together._but_exceptions, together.Together.near

    def counted(self, *arguments):
        found = ask(self, *arguments)
        taken["too many" if found is None else "listed"] += 1
        return found

    def counted_near(self):
        taken["narrowed"] += self.narrowed
        return near(self)

    monkeypatch.setattr(together.Together, "_but_exceptions", counted)
    monkeypatch.setattr(together.Together, "near", counted_near)
    return taken


@pytest.mark.parametrize(
    ("exceptions", "narrowing", "listed", "taken"),
    [
        pytest.param(1_000, NEVER, 400_000, {"listed"}, id="exceptions"),
        pytest.param(2, NEVER, 400_000, {"listed", "too many"}, id="exceptions that may be too many"),
        pytest.param(-NEVER, NEVER, 0, set(), id="added up"),
        pytest.param(1_000, 0, 400_000, {"listed", "narrowed"}, id="exceptions within filters"),
        pytest.param(-NEVER, 0, 5, {"narrowed"}, id="within filters"),
        pytest.param(2, 5, 20, {"listed", "too many", "narrowed"}, id="mixed"),
    ],
)
def test_whatever_way_phrases_are_asked_the_counts_are_a_scans(kept, ways, exceptions, narrowing, listed, taken):
    kept.setattr(together, "_EXCEPTIONS", exceptions)
    kept.setattr(together, "_WORTH_NARROWING", narrowing)
    kept.setattr(masks, "LISTED", listed)
    assert_counted_as_by_a_scan()
    assert {name for name, times in ways.items() if times} == taken


def test_what_filters_narrowed_is_not_remembered_as_the_words_own(kept):
    kept.setattr(together, "_WORTH_NARROWING", 0)
    of = texts()
    phrase = f'"{phrases(of)[0]}"'
    search.facets(DecisionQuery(words=phrase, exact=True, **NARROWED[1]))
    assert not [key for key in matching._memory if len(key) > 1]
    node = grammar.read(phrase, exact=True).node
    assert search.count(DecisionQuery(words=phrase, exact=True)) == sum(finds(node, parts) for parts in of.values()) > 0
    assert [key for key in matching._memory if len(key) > 1]
