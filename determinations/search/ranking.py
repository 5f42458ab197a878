"""The order of relevance: a decision about the thing stands before one that mentions it.

Decisions whose heading answers the words come first, all others after them; among equals the engine's score decides
(BM25), which adds what the heading, the reasons and the rest say, in that order. Two groups instead of one weighted
score are also what makes common words cheap: a page of the first group is found without looking at the others.
docs/decisions/0005-ranking.md tells what else was tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import tantivy
from tantivy import Occur, Query

from ..asking import grammar
from ..asking.grammar import And, CaseNumber, Near, Node, Not, Or, Words
from .compiling import Compiler, any_of, boolean
from .names import Names
from .query import DecisionQuery, Sort
from .schema import ALL_TEXT, RUNS

# How much a word is worth where it stands: in the order in which they tell what a decision is about.
_BOOSTS = {"heading": 6.0, "rationale": 2.0, "citations": 1.5, "summary": 0.5}
_MOST_AROUND = 24  # pieces of a score, one around the other
_OTHER_NAME = 0.5  # what a decision that uses another name of the thing is worth, beside one that uses the name typed


def relevant_to(query: DecisionQuery) -> Node | None:
    """The words that the results are to be ranked by; None for another order, or without words to be relevant to."""
    reading = grammar.read(query.words, exact=query.exact)
    return reading.node if query.sort is Sort.RELEVANCE and reading.positive else None


class Ranking:
    """The results of one search by how relevant they are to its words.

    ``everything`` finds them all, without a score; ``filters`` are what it is narrowed by beside the words.
    """

    def __init__(
        self,
        searcher: tantivy.Searcher,
        node: Node,
        everything: Query,
        filters: list[tuple[Occur, Query]],
        names: Names,
    ) -> None:
        self._searcher, self._node, self._everything, self._filters = searcher, node, everything, filters
        self._names = names
        self._about = Query.const_score_query(self._compiler("heading").node(node), 0.0)

    def page(self, offset: int, limit: int) -> list[tantivy.DocAddress]:
        """The results ``offset`` to ``offset + limit``."""
        first = self._searcher.search(self._first(), limit=limit, offset=offset, count=offset > 0)
        found = [address for _, address in first.hits]
        if len(found) < limit:
            before = max(0, offset - int(first.count or 0)) if offset else 0
            rest = self._searcher.search(self._rest(), limit=limit - len(found), offset=before, count=False)
            found += [address for _, address in rest.hits]
        return found

    def _compiler(self, field: str, *, by_runs: bool = False) -> Compiler:
        rare = self._is_rare if by_runs else None
        return Compiler(self._names, field, other_name=_OTHER_NAME, rare=rare)

    def _is_rare(self, run: str) -> bool:
        """Whether few of the decisions with the words of a run have the run."""
        fewest = min(self._searcher.doc_freq(ALL_TEXT, word) for word in run.split("_"))
        return bool(self._searcher.doc_freq(RUNS, run) * 2 < fewest)

    def _first(self) -> Query:
        """The decisions whose heading answers the words."""
        if not _is_plain(self._node):
            scores = [(Occur.Should, self._score(field)) for field in _BOOSTS if self._parts(field)]
            return Query.boolean_query([(Occur.Must, self._everything), (Occur.Must, self._about), *scores])
        # What the heading says is in the text, and need not be looked for again.
        heading = Query.boost_query(self._compiler("heading").node(self._node), _BOOSTS["heading"])
        filters = [(occur, Query.const_score_query(query, 0.0)) for occur, query in self._filters]
        found = boolean([(Occur.Must, heading), *filters])
        return self._scored(found, [field for field in _BOOSTS if field != "heading"])

    def _rest(self) -> Query:
        """All others."""
        others = [(Occur.Must, self._everything), (Occur.MustNot, self._about)]
        if self._filters or (isinstance(self._node, And) and len(_positive(self._node)) > 1):
            return self._scored(Query.boolean_query(others), _BOOSTS, by_runs=True)
        # Where much is found, to gather what adds to the score from all decisions takes less.
        scores = [(Occur.Should, self._score(field, by_runs=True)) for field in _BOOSTS if self._parts(field)]
        return Query.boolean_query([*others, *scores])

    def _scored(self, found: Query, fields: Iterable[str], *, by_runs: bool = False) -> Query:
        """What is found, with what adds to its score put around it piece by piece.

        The engine looks for each piece only in what is found; pieces that stand side by side it gathers from all
        decisions, which takes less if they are many.
        """
        pieces = [piece for field in fields for piece in self._pieces(field, by_runs=by_runs)]
        if len(pieces) > _MOST_AROUND:
            return Query.boolean_query([(Occur.Must, found), *((Occur.Should, piece) for piece in pieces)])
        for piece in pieces:
            found = Query.boolean_query([(Occur.Must, found), (Occur.Should, piece)])
        return found

    def _parts(self, field: str) -> list[Node]:
        parts = _positive(self._node)
        return _single_words(parts) if field == "summary" else parts

    def _score(self, field: str, *, by_runs: bool = False) -> Query:
        compiler = self._compiler(field, by_runs=by_runs)
        return Query.boost_query(compiler.node(Or(tuple(self._parts(field)))), _BOOSTS[field])

    def _pieces(self, field: str, *, by_runs: bool) -> list[Query]:
        """What adds to the score in a field: all single words as one, what takes looking at places one by one."""
        compiler = self._compiler(field, by_runs=by_runs)
        words, others = list[Query](), list[Query]()
        for part in self._parts(field):
            terms, rows = compiler.ways(part) if isinstance(part, Words) else ([], [compiler.node(part)])
            words += terms
            others += rows
        pieces = [any_of(words), *others] if words else others
        return [Query.boost_query(piece, _BOOSTS[field]) for piece in pieces]


def _is_plain(node: Node) -> bool:
    """Whether words stand in a decision's text wherever they stand in its heading, and only words add to a score."""
    match node:
        case And(parts) | Or(parts):
            return all(_is_plain(part) for part in parts)
        case Words():  # of the words that begin as typed the engine takes so many only, in each field other ones
            return not node.prefix
        case Near() | CaseNumber():
            return True
    return False


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
