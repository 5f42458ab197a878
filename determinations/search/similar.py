"""Decisions like another one, by what was asked for: drug, procedure, part of the body, category, words of the heading.

One thing must be shared (the rarest drug or procedure, else a category with a part of the body, or a word of the
heading); what else is shared counts the more the rarer it is. The engine reads the decisions that have one of these
things, so things that very many decisions have are asked for only together with another, and the cost stays bounded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import tantivy
from tantivy import Occur, Query

from .. import drugs
from ..asking.tokens import normalised
from ..labels import body_values, load_labels, procedure_values
from ..models import DisputedItem
from . import keys
from .compiling import any_term
from .generations import asking, snapshot
from .schema import FACET, schema

# How much a thing in common is worth, times the logarithm of its rarity.
_WORTH = {"drug": 5.0, "procedure": 5.0, "body": 2.5, "treatment": 1.5, "guideline": 0.5}
_WORTH_OF_CLASS = 0.4  # of that: a class of drugs or a region of the body instead of the thing itself
_WORTH_OF_WORD = 1.0
_MOST_WORDS = 12  # of a heading, the rarest
_MOST_TRIES = 4  # things that must be shared, tried one after the other until there are enough decisions
# The engine reads every decision that has one of the things that may be shared. What more have than this says little,
# and is only asked for together with something else.
_MANY = 50_000

# A word says what a request is about if no more than this part of all headings has it; in a small archive, so many.
_TELLING, _TELLING_AT_LEAST = 0.002, 5

# Up to so many decisions that have a thing are counted, see _having.
_COUNTED = 1_000
# So many times more are asked for, since the order of equally like ones is made here, not by their place in the index.
_TIED = 5

_Term = tuple[str, ...]  # field of the index, and the values of which a decision has one
_Having = Callable[[_Term], int]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a decision is recognised by: values of facets ("body:knee"; of drugs keys) and words of its heading."""

    case_id: int
    values: tuple[str, ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, item: DisputedItem) -> Likeness:
        """Of a decision whose category and citations are at hand (prefetched)."""
        request = item.request
        guidelines = dict.fromkeys(citation.wording.guideline_id for citation in item.cited_by_reviewer)
        values = {
            "drug": drugs.current().keys(item.title, request.get("drugs", ())),
            "procedure": procedure_values(request.get("procedures", ())),
            "body": body_values(part["part"] for part in request.get("body_parts", ())),
            "treatment": [str(item.category.pk)] if item.category else [],
            "guideline": [str(pk) for pk in guidelines if pk],
        }
        return cls(
            case_id=item.case_id,
            values=tuple(f"{facet}:{value}" for facet, found in values.items() for value in found),
            words=tuple(dict.fromkeys(normalised(item.title).split())),
        )


def similar(to: Likeness, outcome: str, limit: int = 20) -> list[int]:
    """Ids of decisions with this outcome that are most like another, the likest first; none of its own letter.

    Fewer than ``limit`` where nothing else has anything telling in common. Raises SearchUnavailable or SearchError.
    """
    index = snapshot()
    known = keys.current(load_labels(), index.own)
    with asking(index):
        searcher = index.searcher
        having = cache(partial(_having, searcher))
        weights = _weights(searcher.num_docs, having, to, known)
        may_share = {term: weight for term, weight in weights.items() if having(term) <= _MANY}
        found: dict[int, None] = {}
        for shared in _must_share(having, weights):
            found.update(dict.fromkeys(_likest(searcher, _query(to, outcome, shared, may_share), limit)))
            if len(found) >= limit:
                break
        return list(found)[:limit]


def _likest(searcher: tantivy.Searcher, asked: Query, limit: int) -> list[int]:
    """Ids of the decisions that have most in common, equally like ones in the order of their case numbers."""
    hits = searcher.search(asked, limit=limit * _TIED, count=False).hits
    if not hits:
        return []
    addresses = [address for _, address in hits]
    ids, numbers = (searcher.fast_field_values(column, addresses) for column in ("item", "number"))
    rows = [(-score, number, pk) for (score, _), number, pk in zip(hits, numbers, ids, strict=True) if pk is not None]
    return [int(pk) for _, _, pk in sorted(rows)[:limit]]


def telling_words(to: Likeness) -> tuple[str, ...]:
    """The words of its heading that few decisions have: what a likeness rests on where no drug or procedure is known.

    Raises SearchUnavailable or SearchError.
    """
    index = snapshot()
    with asking(index):
        searcher = index.searcher
        most = max(searcher.num_docs * _TELLING, _TELLING_AT_LEAST)
        words = (word for word in to.words if word.isalpha() and len(word) > 3)
        return tuple(word for word in words if 1 < _having(searcher, ("heading", word)) <= most)


def _having(searcher: tantivy.Searcher, term: _Term) -> int:
    """How many decisions have a thing.

    The engine's own number holds those that were rewritten since or are gone, until it tidies up. A word that only one
    decision has would seem to be shared with its own former self. So where the number is small, they are counted.
    """
    field, *values = term
    at_most = sum(int(searcher.doc_freq(field, value)) for value in values)
    if not 0 < at_most <= _COUNTED:
        return at_most
    return int(searcher.search(Query.const_score_query(_term(term), 0.0), limit=1).count or 0)


def _weights(decisions: int, having: _Having, to: Likeness, known: Mapping[str, keys.Keys]) -> dict[_Term, float]:
    """How much each thing that another decision may have, too, says of its likeness; without those no other has."""
    weights: dict[_Term, float] = {}
    for facet, name in _values(to, known):
        worth = _WORTH[facet] * (_WORTH_OF_CLASS if name.startswith("all-") else 1)
        others = [one for one in known[facet].keys([name]) if one != name] if facet in known else []
        term = (FACET, *(f"{facet}:{one}" for one in (name, *others)))
        weights[term] = worth * _rarity(decisions, having(term))
    words = {("heading", word): _WORTH_OF_WORD * _rarity(decisions, having(("heading", word))) for word in to.words}
    weights |= dict(sorted(words.items(), key=lambda row: -row[1])[:_MOST_WORDS])
    return {term: weight for term, weight in weights.items() if weight > 0}


def _values(to: Likeness, known: Mapping[str, keys.Keys]) -> dict[tuple[str, str], None]:
    """What a decision is recognised by as pairs of facet and value: a drug with its class."""
    found: dict[tuple[str, str], None] = {}
    for value in to.values:
        facet, name = value.split(":", 1)
        found |= {(facet, one): None for one in (known[facet].values([name]) if facet == keys.DRUG else [name])}
    return found


def _rarity(decisions: int, having: int) -> float:
    """Near 0 for what every decision has, 0 for what no other has."""
    return math.log(1 + decisions / having) if having > 1 else 0.0


def _must_share(having: _Having, weights: dict[_Term, float]) -> list[tuple[_Term, ...]]:
    """What is tried, the most telling first."""
    sharp, words = (sorted(filter(is_one, weights), key=having) for is_one in (_is_sharp, _is_word))
    bodies, categories = ([term for term in weights if _is_of(term, facet)] for facet in ("body", "treatment"))
    body = sorted(bodies, key=having)[:1]
    tries: list[tuple[_Term, ...]] = [(term, *body) for term in sharp if having(term) > _MANY and body]
    tries += [(term,) for term in sharp]
    tries += [(category, *body) for category in categories if body]
    tries += [(word,) for word in words[:2] if having(word) <= _MANY]
    tries += [(category, word) for category in categories for word in words[:1]]
    return tries[:_MOST_TRIES]


def _is_sharp(term: _Term) -> bool:
    """Whether decisions that share this are about the same thing."""
    return term[0] == FACET and term[1].startswith(("drug:", "procedure:")) and ":all-" not in term[1]


def _is_word(term: _Term) -> bool:
    return term[0] == "heading"


def _is_of(term: _Term, facet: str) -> bool:
    return term[0] == FACET and term[1].startswith(facet + ":") and ":all-" not in term[1]


def _query(to: Likeness, outcome: str, shared: Iterable[_Term], may_share: dict[_Term, float]) -> Query:
    must = [(FACET, f"outcome:{outcome.lower()}"), *shared]
    return Query.boolean_query(
        [
            *((Occur.Must, Query.const_score_query(_term(term), 0.0)) for term in must),
            (Occur.MustNot, _term(("case", str(to.case_id)))),
            *((Occur.Should, Query.const_score_query(_term(term), weight)) for term, weight in may_share.items()),
        ]
    )


def _term(term: _Term) -> Query:
    field, *values = term
    return Query.term_query(schema(), field, *values) if len(values) == 1 else any_term(field, values)
