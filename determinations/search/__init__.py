"""The door to the search engine; nothing outside this package imports the engine.

``answer`` gives a page of results with the exact number of decisions and letters and the counts of every facet beside
them, ``find`` and ``facets`` each alone. ``index_pending``, ``sync`` and ``rebuild`` keep the index, ``check`` and
``mend`` hold it against the database.
"""

from __future__ import annotations

from .checking import KINDS as DIFFERENCES
from .checking import Check, check, mend
from .counting import Counts
from .errors import NoSpace, SearchError, SearchUnavailable
from .finding import Answer, Page, answer, facets, find
from .index import Watcher, index_pending, rebuild, sync
from .query import Choices, DecisionQuery, Sort
from .schema import SCHEMA_VERSION

__all__ = [
    "DIFFERENCES",
    "SCHEMA_VERSION",
    "Answer",
    "Check",
    "Choices",
    "Counts",
    "DecisionQuery",
    "NoSpace",
    "Page",
    "SearchError",
    "SearchUnavailable",
    "Sort",
    "Watcher",
    "answer",
    "check",
    "facets",
    "find",
    "index_pending",
    "mend",
    "rebuild",
    "sync",
]
