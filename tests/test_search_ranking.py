"""However the engine is asked for the most relevant decisions, the order is that of the plainest way to ask it."""

from itertools import pairwise

import pytest
from tantivy import Occur, Query

from determinations.asking.grammar import Or
from determinations.search import DecisionQuery, generations, names, ranking
from determinations.search.compiling import Compiler
from determinations.search.finding import _Search

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SEARCHES = [
    DecisionQuery(words=words, chosen=chosen)
    for words in (
        "knee",
        "physical therapy",
        '"physical therapy"',
        '"physical therapy" shoulder',
        '"medically necessary"',
        "mri lumbar",
        "norco",
        "pt",
        "knee -surgery",
        "(knee OR shoulder) therapy",
        "knee OR (shoulder -surgery)",
        "gaba* pain",
        '"physical ther*"',
        "lumbar NEAR/5 mri",
        "rationale:pain heading:therapy",
        "knee outcome:upheld",
        "drug:norco",
        "CM17-0990014 OR knee",
        "heading:\"physical therapy\" OR rationale:\"low back pain\"",
    )
    for chosen in ({}, {"outcome": {"upheld"}})
]  # fmt: skip


def plainly(query: DecisionQuery) -> dict[tuple[int, int], tuple[int, float]]:
    """The results with their group and score, as two flat questions."""
    node, asked = ranking.relevant_to(query), _Search(query, generations.snapshot()).asked
    known = names.current(generations.snapshot().own)
    about = Query.const_score_query(Compiler(known, "heading").node(node), 0.0)
    scores = []
    for field, boost in ranking._BOOSTS.items():
        parts = ranking._positive(node)
        if parts := ranking._single_words(parts) if field == "summary" else parts:
            compiler = Compiler(known, field, other_name=ranking._OTHER_NAME)
            scores.append((Occur.Should, Query.boost_query(compiler.node(Or(tuple(parts))), boost)))
    found = {}
    for group, occur in enumerate((Occur.Must, Occur.MustNot)):
        query = Query.boolean_query([(Occur.Must, asked), (occur, about), *scores])
        for score, address in generations.snapshot().searcher.search(query, limit=1_000).hits:
            found[address.segment_ord, address.doc] = group, score
    return found


def ranked(query: DecisionQuery, offset: int, limit: int) -> list[tuple[int, int]]:
    index = generations.snapshot()
    one = _Search(query, index)
    filters = one._compiler.filters(query)
    order = ranking.Ranking(index.searcher, ranking.relevant_to(query), one.asked, filters, names.current(index.own))
    return [(address.segment_ord, address.doc) for address in order.page(offset, limit)]


@pytest.mark.parametrize("around", [0, 3, 24])
def test_the_order_is_that_of_two_flat_questions(around, monkeypatch):
    monkeypatch.setattr(ranking, "_MOST_AROUND", around)
    told = 0
    for query in SEARCHES:
        expected, order = plainly(query), ranked(query, 0, 1_000)
        assert set(order) == expected.keys(), query
        assert len(order) == len(expected), query
        places = [(group, -score) for group, score in map(expected.get, order)]
        for one, next_ in pairwise(places):
            assert one[0] < next_[0] or (one[0] == next_[0] and one[1] <= next_[1] + 1e-4), query
        told += len(order)
    assert told > 500


@pytest.mark.parametrize("query", SEARCHES, ids=str)
def test_pages_are_parts_of_one_order(query):
    whole = ranked(query, 0, 1_000)
    assert [one for offset in range(0, len(whole) + 7, 7) for one in ranked(query, offset, 7)] == whole


def test_a_run_that_few_of_its_words_decisions_have_is_rare():
    index = generations.snapshot()
    query = DecisionQuery(words="knee")
    order = ranking.Ranking(index.searcher, ranking.relevant_to(query), Query.all_query(), [], names.current(index.own))
    frequent = index.searcher.doc_freq
    assert 0 < frequent("runs", "pain_and") * 2 < min(frequent("text", "pain"), frequent("text", "and"))
    assert order._is_rare("pain_and")
    assert not order._is_rare("medically_necessary")
