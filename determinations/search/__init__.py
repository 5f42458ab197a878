"""The door to the search engine; nothing outside this package imports the engine.

``answer`` gives a page of results with the exact number of decisions and letters and the counts of every facet beside
them, ``find`` and ``facets`` each alone; ``walk`` and ``after`` lead through everything at a constant cost; ``similar``
finds the decisions like one; ``state`` says whether anything changed. ``index_pending``, ``sync`` and ``rebuild`` keep
the index.
"""

from __future__ import annotations

from .counting import Counts
from .errors import SearchError, SearchUnavailable
from .finding import Answer, Page, answer, facets, find
from .index import index_pending, rebuild, sync
from .query import Choices, DecisionQuery, Sort
from .schema import SCHEMA_VERSION
from .similar import Likeness, similar, telling_words
from .state import State, state
from .walking import Hit, Walk, after, walk

__all__ = [
    "SCHEMA_VERSION",
    "Answer",
    "Choices",
    "Counts",
    "DecisionQuery",
    "Hit",
    "Likeness",
    "Page",
    "SearchError",
    "SearchUnavailable",
    "Sort",
    "State",
    "Walk",
    "after",
    "answer",
    "facets",
    "find",
    "index_pending",
    "rebuild",
    "similar",
    "state",
    "sync",
    "telling_words",
    "walk",
]
