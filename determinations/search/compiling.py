"""What is asked for, translated for the engine.

Words are looked for in the field that holds everything; a phrase of common words by its runs. A part in which nothing
can be found (a name that the archive does not know) finds nothing; what was made of the words is for the page to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from tantivy import FieldType, Occur, Query

from ..asking import grammar
from ..asking.grammar import And, CaseNumber, Narrow, Near, Node, Not, Or, Words
from ..labels import drug_key
from . import narrowing
from .common_words import common_runs
from .keys import DRUG
from .names import Names
from .query import DecisionQuery
from .schema import ALL_TEXT, FACET, PROFILE, PROFILE_FACETS, RUNS, schema

_NO_LETTER = re.compile(r"[^\w^]")  # the engine's regular expressions know fewer escapes than Python's
_Clauses = list[tuple[Occur, Query]]
# A word's field as it is typed -> the index's.
_TEXT_FIELDS = {
    "": ALL_TEXT,
    "heading": "heading",
    "rationale": "rationale",
    "summary": "summary",
    "guideline": "citations",
    "drug": "heading",
}


class Compiler:
    """Translates the parts of one search; ``field`` looks for words without a field of their own there.

    ``other_name``: what another name of a thing adds to a score, as a share of what the name that was typed adds.
    ``rare``: tells which runs of a phrase are so rare that it is looked for by them in parts of the text, too.
    """

    def __init__(
        self,
        names: Names,
        field: str = ALL_TEXT,
        *,
        other_name: float = 1.0,
        rare: Callable[[str], bool] | None = None,
    ) -> None:
        self._names, self._field = names, field
        self._other_name, self._rare = other_name, rare

    # ---- words -----------------------------------------------------------------------------------------------

    def node(self, node: Node) -> Query:
        """A part of the words, as the grammar read it."""
        match node:
            case Words():
                return self._words(node)
            case Near():
                return self._near(node)
            case Narrow():
                return self._narrow(node)
            case CaseNumber(number):
                return _term("case_number", number.lower())
            case Not(part):
                return boolean([(Occur.Must, Query.all_query()), (Occur.MustNot, self.node(part))])
            case Or(parts):
                return boolean([(Occur.Should, self.node(part)) for part in parts])
            case And(parts):
                return self._all_of(parts)
        raise TypeError(f"no part of a search: {node!r}")

    def _all_of(self, parts: Iterable[Node]) -> Query:
        clauses: _Clauses = []
        for part in parts:
            if isinstance(part, Not):
                clauses.append((Occur.MustNot, self.node(part.part)))
            else:
                clauses.append((Occur.Must, self.node(part)))
        return boolean(_something(clauses))

    def _words(self, words: Words) -> Query:
        terms, rows = self.ways(words)
        return any_of([*terms, *rows])

    def ways(self, words: Words) -> tuple[list[Query], list[Query]]:
        """What words can be found by: single terms, and all else (several words in a row, beginnings of words)."""
        field = self.field(words)
        terms, rows = list[Query](), list[Query]()
        own = self.row(field, words.tokens, prefix=words.prefix)
        (terms if len(words.tokens) == 1 and not words.prefix else rows).append(own)
        for tokens in words.alternatives:
            way = self.row(field, tokens)
            way = way if self._other_name == 1.0 else Query.boost_query(way, self._other_name)
            (terms if len(tokens) == 1 else rows).append(way)
        drugs = self._names.indexed("drug", self.drugs(words))
        return [*terms, *(_term(FACET, f"drug:{key}") for key in drugs)], rows

    def field(self, part: Words | Near) -> str:
        """The field of the index in which words are looked for."""
        return _TEXT_FIELDS[part.field] if part.field else self._field

    def drugs(self, words: Words) -> list[str]:
        """The drugs that are meant, where words are asked for as a drug."""
        meant = self._names.keys[DRUG].stands_for.get(drug_key(words.text)) if words.field == "drug" else None
        return [meant] if meant else []

    def term(self, field: str, tokens: tuple[str, ...]) -> tuple[str, str] | None:
        """The one term (field, text) that says the same as words in a row; None if there is none."""
        if len(tokens) == 1:
            return field, tokens[0]
        if field == ALL_TEXT and common_runs(tokens) == ["_".join(tokens)]:
            return RUNS, "_".join(tokens)
        return None

    def row(self, field: str, tokens: tuple[str, ...], *, prefix: bool = False) -> Query:
        """Words in a row; the last one may be the beginning of a word only."""
        if prefix:
            if len(tokens) == 1:
                return Query.regex_query(schema(), field, _NO_LETTER.sub(r"[\g<0>]", tokens[0]) + ".*")
            return Query.phrase_prefix_query(schema(), field, list(tokens))
        if term := self.term(field, tokens):  # the engine's phrase query panics on a single word
            return _term(*term)
        phrase = Query.phrase_query(schema(), field, list(tokens))
        having = [
            _term(RUNS, run) for run in common_runs(tokens) if field == ALL_TEXT or (self._rare and self._rare(run))
        ]
        if field != ALL_TEXT:
            having = [Query.const_score_query(run, 0.0) for run in having]
        return boolean([*((Occur.Must, run) for run in having), (Occur.Must, phrase)])

    def _near(self, near: Near) -> Query:
        """Both within a distance of each other, in either order."""
        field = self.field(near)
        rows = (near.left + near.right, near.right + near.left)
        together = any_of([Query.phrase_query(schema(), field, list(row), slop=near.distance) for row in rows])
        whole = [(Occur.Must, self.row(field, row)) for row in (near.left, near.right) if len(row) > 1]
        return boolean([(Occur.Must, together), *whole])

    def named(self, narrow: Narrow) -> tuple[str, list[str]] | None:
        """The facet and the values that a typed name stands for; None if the archive does not know it."""
        return narrowing.resolve(self._names.labels, narrow.name, narrow.value)

    def _narrow(self, narrow: Narrow) -> Query:
        found = self.named(narrow)
        return self.values(*found) if found else Query.empty_query()

    # ---- facets ------------------------------------------------------------------------------------------------

    def values(self, facet: str, values: Iterable[str]) -> Query:
        """Decisions with any of the values of a facet."""
        if facet in PROFILE_FACETS:
            return any_term(PROFILE, [str(pk) for pk in self._names.profiles.with_any(facet, values)])
        return any_term(FACET, [f"{facet}:{value}" for value in self._names.indexed(facet, values)])

    def filters(self, query: DecisionQuery) -> _Clauses:
        """What a search is narrowed by beside its words."""
        clauses: _Clauses = [(Occur.Must, self.values(*choice)) for choice in query.chosen.items()]
        clauses += [(Occur.MustNot, self.values(*choice)) for choice in query.excluded.items()]
        if query.since or query.until:
            clauses.append((Occur.Must, days(query.since, query.until)))
        return clauses

    def nearly(self, query: DecisionQuery) -> Query:
        """Decisions that at most one facet's filters keep out, whatever the words say."""
        return any_of([boolean(_something(self.filters(query.without(name)))) for name in query.narrowed])

    def query(self, query: DecisionQuery, *more: tuple[Occur, Query]) -> Query:
        """The whole search, with more clauses. Nothing in it adds to a score."""
        node = grammar.read(query.words, exact=query.exact).node
        clauses = [*self.filters(query), *more]
        if node is not None:
            clauses.append((Occur.Must, self.node(node)))
        clauses = [(occur, Query.const_score_query(one, 0.0)) for occur, one in clauses]
        return boolean(_something(clauses))


def _something(clauses: _Clauses) -> _Clauses:
    """The clauses, with something to be found in: the engine finds nothing by exclusion alone."""
    excluding = all(occur is Occur.MustNot for occur, _ in clauses)
    return [*clauses, (Occur.Must, Query.all_query())] if excluding else clauses


def days(since: date | None, until: date | None) -> Query:
    """Decisions of a range of days, both included."""
    lower, upper = since.toordinal() if since else 1, until.toordinal() if until else date.max.toordinal()
    return Query.range_query(schema(), "day", FieldType.Unsigned, lower, upper)


def boolean(clauses: _Clauses) -> Query:
    """The clauses as one query; a single one that must be met is itself."""
    if len(clauses) == 1 and clauses[0][0] is not Occur.MustNot:
        return clauses[0][1]
    return Query.boolean_query(clauses)


def any_of(ways: list[Query]) -> Query:
    """What one of the queries finds, at least."""
    return boolean([(Occur.Should, way) for way in ways])


def _term(field: str, value: str) -> Query:
    return Query.term_query(schema(), field, value, index_option="basic" if field in (FACET, RUNS) else "freq")


def any_term(field: str, values: list[str]) -> Query:
    """Decisions with any of the terms of a field."""
    if not values:
        return Query.empty_query()
    if len(values) == 1:
        return Query.term_query(schema(), field, values[0], index_option="basic")
    return Query.term_set_query(schema(), field, sorted(values))
