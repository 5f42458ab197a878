"""The door to the search engine; nothing outside this package imports the engine.

``answer`` gives a page of results with the exact number of decisions and letters and the counts of every facet beside
them, ``find`` and ``facets`` each alone. ``index_pending``, ``sync`` and ``rebuild`` keep the index.
"""

from __future__ import annotations

from .counting import Counts
from .errors import SearchError, SearchUnavailable
from .finding import Answer, Page, answer, facets, find
from .index import index_pending, rebuild, sync
from .query import Choices, DecisionQuery, Sort
from .schema import SCHEMA_VERSION

__all__ = [
    "SCHEMA_VERSION",
    "Answer",
    "Choices",
    "Counts",
    "DecisionQuery",
    "Page",
    "SearchError",
    "SearchUnavailable",
    "Sort",
    "answer",
    "facets",
    "find",
    "index_pending",
    "rebuild",
    "sync",
]
