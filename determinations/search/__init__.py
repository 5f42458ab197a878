"""The door to the search engine; nothing outside this package imports the engine.

``find`` answers a page of results with the exact number of decisions and letters, ``facets`` the counts beside it,
``snippets`` the words in their place, ``walk`` and ``after`` everything from the newest on at a constant cost.
``state`` says whether anything changed. ``index_pending``, ``sync`` and ``rebuild`` keep the index.
"""

from __future__ import annotations

from dataclasses import dataclass

import tantivy
from tantivy import Document, Occur, Order, Query, SnippetGenerator

from . import facets as _facets
from . import profiles
from .index import SearchError, SearchUnavailable, engine_errors, index_pending, rebuild, searcher, sync
from .query import FACETS, MAX_WORDS_LENGTH, DecisionQuery, Sort, engine_query, ranked, words_query
from .schema import NO_YEAR, SCHEMA_VERSION, schema
from .state import State, state
from .walking import Hit, Walk, after, walk

__all__ = [
    "FACETS",
    "MAX_WORDS_LENGTH",
    "NO_YEAR",
    "SCHEMA_VERSION",
    "DecisionQuery",
    "Hit",
    "Page",
    "SearchError",
    "SearchUnavailable",
    "Sort",
    "State",
    "Walk",
    "after",
    "facets",
    "find",
    "index_pending",
    "rebuild",
    "snippets",
    "state",
    "sync",
    "walk",
]

# The engine reserves memory for every result up to the end of a page, whether it is there or not; beyond this many
# it is asked first whether the page is.
_NEAR = 20_000
MAX_LIMIT = 1_000
_SNIPPET_LENGTH = 240  # characters


@dataclass(frozen=True, slots=True)
class Page:
    """Some results: ids of DisputedItem in order, and how many decisions in how many letters there are in all."""

    item_ids: list[int]
    decisions: int
    letters: int


def find(query: DecisionQuery, offset: int = 0, limit: int = 20) -> Page:
    """The results ``offset`` to ``offset + limit`` of a query. Raises SearchUnavailable or SearchError."""
    offset, limit = max(offset, 0), min(max(limit, 1), MAX_LIMIT)
    snapshot, asked = searcher(), engine_query(query, profiles.current())
    with engine_errors():
        if offset > _NEAR:
            total = int(snapshot.search(asked, limit=1).count or 0)
            if offset >= total:
                return Page([], total, _letters(snapshot, asked))
        if ranked(query):
            result = snapshot.search(asked, limit=limit, offset=offset)
        else:
            oldest = query.sort is Sort.OLDEST
            result = snapshot.search(
                Query.const_score_query(asked, 0.0),
                limit=limit,
                offset=offset,
                order_by_field="oldest" if oldest else "newest",
                order=Order.Asc if oldest else Order.Desc,
            )
        ids = snapshot.fast_field_values("item", [address for _, address in result.hits]) if result.hits else []
        return Page([int(pk) for pk in ids if pk is not None], int(result.count or 0), _letters(snapshot, asked))


def _letters(snapshot: tantivy.Searcher, asked: Query) -> int:
    """In how many letters the decisions stand, exactly: those that are alone in theirs, and the distinct others."""
    answer = snapshot.aggregate(asked, {"multi": {"terms": {"field": "multi"}}})
    alone, others = 0, 0
    for bucket in answer["multi"]["buckets"]:
        if bucket["key"]:
            others = bucket["doc_count"]
        else:
            alone = bucket["doc_count"]
    if not others:
        return int(alone)
    several = Query.term_query(schema(), "multi", True)
    both = Query.const_score_query(Query.boolean_query([(Occur.Must, asked), (Occur.Must, several)]), 0.0)
    hits = snapshot.search(both, limit=others, order_by_field="letter", count=False).hits
    return int(alone) + len({letter for letter, _ in hits})


def facets(query: DecisionQuery) -> _facets.Counts:
    """For each facet the counts of its values under all filters except its own."""
    with engine_errors():
        return _facets.count(searcher(), query, profiles.current())


def snippets(words: str, texts: list[str]) -> list[str]:
    """For each text the passage where the words stand, as HTML with <mark>, everything else escaped.

    Empty where the words do not occur, and everywhere without words.
    """
    asked = words_query(words)
    if asked is None:
        return [""] * len(texts)
    with engine_errors():
        generator = SnippetGenerator.create(searcher(), asked, schema(), "rationale")
        generator.set_max_num_chars(_SNIPPET_LENGTH)
        return [_snippet(generator, text) for text in texts]


def _snippet(generator: SnippetGenerator, text: str) -> str:
    document = Document()
    document.add_text("rationale", text)
    html = generator.snippet_from_doc(document).to_html()
    return html.replace("<b>", "<mark>").replace("</b>", "</mark>")
