"""A search as one frozen value, and its translation for the engine.

The words: all of them must occur (in the heading, the reasons, the citations or the summary); "words in quotation
marks" as a phrase; -word must not occur; a case number means that letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from tantivy import Occur, Query

from .profiles import Profiles
from .schema import TEXT_FIELDS, analyzer, schema

MAX_WORDS_LENGTH = 400  # characters
MAX_TERMS = 30

_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # cannot be written as UTF-8, which the engine takes
_CASE_NUMBER = re.compile(r"(?:cm)?\d{2}-\d{6,8}", re.IGNORECASE)


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class DecisionQuery:
    """What is asked for. Within a facet any of the values, between facets all; an empty facet asks for nothing.

    ``specialties``, ``treatments`` and ``guidelines`` are ids of Specialty, TreatmentCategory (a category stands for
    its sub-categories too: they are listed) and Guideline; ``states`` are postal names.
    """

    words: str = ""
    outcomes: frozenset[str] = frozenset()
    specialties: frozenset[int] = frozenset()
    treatments: frozenset[int] = frozenset()
    guidelines: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()
    states: frozenset[str] = frozenset()
    sort: Sort = Sort.RELEVANCE

    def without(self, facet: str) -> DecisionQuery:
        """The same query without what ``facet`` (a field's name) asks for."""
        return replace(self, **{facet: frozenset()})

    def chosen(self) -> list[str]:
        """The facets that ask for something."""
        return [name for name in FACETS if getattr(self, name)]


FACETS = ("outcomes", "specialties", "treatments", "guidelines", "years", "states")


@dataclass(frozen=True, slots=True)
class Term:
    """One part of the words: index terms in a row, wanted or not."""

    tokens: tuple[str, ...]
    wanted: bool = True
    case_number: str = ""


def terms(words: str) -> list[Term]:
    """The parts of what was typed; what holds no letter or digit is left out."""
    found = []
    for match in _TERM.finditer(_LONE_SURROGATE.sub(" ", words[:MAX_WORDS_LENGTH])):
        text = match.group("phrase") or match.group("word") or ""
        tokens = tuple(analyzer().analyze(text))
        number = text.lower() if _CASE_NUMBER.fullmatch(text) else ""
        if tokens:
            found.append(Term(tokens, not match.group("minus"), number))
    return found[:MAX_TERMS]


def _term_query(term: Term) -> Query:
    """A term in any of the text fields, the better the more it says there."""
    if term.case_number:
        numbers = [term.case_number, "cm" + term.case_number.removeprefix("cm")]
        return Query.term_set_query(schema(), "case_number", numbers)
    ways = []
    for name, boost in TEXT_FIELDS.items():
        one_word = len(term.tokens) == 1  # the engine's phrase query panics on a single word
        query = (
            Query.term_query(schema(), name, term.tokens[0])
            if one_word
            else Query.phrase_query(schema(), name, list(term.tokens))
        )
        ways.append((Occur.Should, Query.boost_query(query, boost)))
    return Query.boolean_query(ways)


def _filters(query: DecisionQuery, profiles: Profiles) -> list[Query]:
    filters = []
    for name, values in (
        ("outcome", query.outcomes),
        ("category", query.treatments),
        ("guideline", query.guidelines),
        ("year", query.years),
    ):
        if values:
            filters.append(Query.term_set_query(schema(), name, sorted(map(str, values))))
    if query.specialties:
        filters.append(_profiles(profiles.with_any_specialty(query.specialties)))
    if query.states:
        filters.append(_profiles(profiles.with_any_state(query.states)))
    return filters


def _profiles(ids: list[int]) -> Query:
    return Query.term_set_query(schema(), "profile", [str(pk) for pk in ids]) if ids else Query.empty_query()


def words_query(words: str) -> Query | None:
    """The positive part of the words, for marking them in a text; None without words."""
    wanted = [term for term in terms(words) if term.wanted and not term.case_number]
    return Query.boolean_query([(Occur.Should, _term_query(term)) for term in wanted]) if wanted else None


def engine_query(query: DecisionQuery, profiles: Profiles) -> Query:
    """The whole query for the engine. Filters add nothing to the score."""
    parts = [(Occur.Must if term.wanted else Occur.MustNot, _term_query(term)) for term in terms(query.words)]
    parts += [(Occur.Must, Query.const_score_query(one, 0.0)) for one in _filters(query, profiles)]
    if not any(occur == Occur.Must for occur, _ in parts):  # the engine finds nothing by exclusion alone
        parts.append((Occur.Must, Query.all_query()))
    return Query.boolean_query(parts)


def ranked(query: DecisionQuery) -> bool:
    """Whether the results are to be in the order of relevance (there must be words to be relevant to)."""
    return query.sort is Sort.RELEVANCE and any(term.wanted for term in terms(query.words))
