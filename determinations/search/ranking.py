"""The order of relevance: a decision about the thing stands before one that mentions it.

Decisions whose heading answers the words come first, all others after them; among equals the engine's score decides
(BM25), which adds what the heading, the reasons and the rest say, in that order. Two groups instead of one weighted
score are also what makes common words cheap: a page of the first group is found without looking at the others.
docs/decisions/0005-ranking.md tells what else was tried.
"""

from __future__ import annotations

from dataclasses import replace

import tantivy
from tantivy import Occur, Query

from ..asking import grammar
from ..asking.grammar import And, CaseNumber, Near, Node, Not, Or, Words
from ..labels import Labels
from .compiling import Compiler
from .profiles import Profiles
from .query import DecisionQuery, Sort

# How much a word is worth where it stands: in the order in which they tell what a decision is about.
_BOOSTS = {"heading": 6.0, "rationale": 2.0, "citations": 1.5, "summary": 0.5}
_OTHER_NAME = 0.5  # what a decision that uses another name of the thing is worth, beside one that uses the name typed


def relevant_to(query: DecisionQuery) -> Node | None:
    """The words that the results are to be ranked by; None for another order, or without words to be relevant to."""
    reading = grammar.read(query.words, exact=query.exact)
    return reading.node if query.sort is Sort.RELEVANCE and reading.positive else None


class Ranking:
    """The results of one search (``everything``, without a score) by how relevant they are to its words."""

    def __init__(
        self, searcher: tantivy.Searcher, node: Node, everything: Query, labels: Labels, profiles: Profiles
    ) -> None:
        self._searcher = searcher
        in_heading = Compiler(labels, profiles, "heading")
        about = Query.const_score_query(in_heading.node(node), 0.0)
        scores = [
            (Occur.Should, Query.boost_query(compiler.node(Or(tuple(parts))), boost))
            for field, boost in _BOOSTS.items()
            for compiler in [Compiler(labels, profiles, field, other_name=_OTHER_NAME)]
            if (parts := _single_words(_positive(node)) if field == "summary" else _positive(node))
        ]
        self._first = Query.boolean_query([(Occur.Must, everything), (Occur.Must, about), *scores])
        self._rest = Query.boolean_query([(Occur.Must, everything), (Occur.MustNot, about), *scores])

    def page(self, offset: int, limit: int) -> list[tantivy.DocAddress]:
        """The results ``offset`` to ``offset + limit``."""
        first = self._searcher.search(self._first, limit=limit, offset=offset)
        found = [address for _, address in first.hits]
        if len(found) < limit:
            rest = self._searcher.search(
                self._rest, limit=limit - len(found), offset=max(0, offset - int(first.count or 0)), count=False
            )
            found += [address for _, address in rest.hits]
        return found


def _positive(node: Node) -> list[Node]:
    """The parts of the words that speak for a decision: any of them counts, exclusions and filters do not."""
    match node:
        case And(parts) | Or(parts):
            return [leaf for part in parts for leaf in _positive(part)]
        case Words() | Near() | CaseNumber():
            return [node]
        case Not():
            return []
    return []


def _single_words(parts: list[Node]) -> list[Node]:
    """The parts that are one word, without other names of several: to look for phrases of common words is dear."""
    return [
        replace(part, alternatives=tuple(row for row in part.alternatives if len(row) == 1))
        for part in parts
        if isinstance(part, Words) and len(part.tokens) == 1
    ]
