"""The door to the search engine; nothing outside this package imports the engine.

``answer`` gives a page of results with the exact number of decisions and letters and the counts of every facet beside
them, ``find`` and ``facets`` each alone; ``walk`` and ``after`` lead through everything at a constant cost; ``similar``
finds the decisions like one; ``state`` says whether anything changed. ``index_pending``, ``sync`` and ``rebuild`` keep
the index, ``check`` and ``mend`` hold it against the database. ``wordings_with_keys`` and ``key_of_wording`` tell by
what it knows frequent wordings of guidelines, ``words_remain`` whether its files still hold what was taken from the
public.
"""

from __future__ import annotations

from .checking import KINDS as DIFFERENCES
from .checking import Check, check, mend
from .counting import Counts, Having
from .errors import NoSpace, SearchBusy, SearchError, SearchUnavailable
from .finding import Answer, Held, Page, answer, count, facets, find
from .index import Watcher, index_pending, rebuild, sync, wordings_with_keys, words_remain
from .narrowing import unknown_names
from .own_keys import of_wording as key_of_wording
from .query import Choices, DecisionQuery, Sort
from .schema import PROFILE, SCHEMA_VERSION
from .similar import Likeness, similar, telling_words
from .spelling import did_you_mean
from .state import State, state
from .walking import Hit, Walk, after, walk
from .warming import warm_up

__all__ = [
    "DIFFERENCES",
    "PROFILE",
    "SCHEMA_VERSION",
    "Answer",
    "Check",
    "Choices",
    "Counts",
    "DecisionQuery",
    "Having",
    "Held",
    "Hit",
    "Likeness",
    "NoSpace",
    "Page",
    "SearchBusy",
    "SearchError",
    "SearchUnavailable",
    "Sort",
    "State",
    "Walk",
    "Watcher",
    "after",
    "answer",
    "check",
    "count",
    "did_you_mean",
    "facets",
    "find",
    "index_pending",
    "key_of_wording",
    "mend",
    "rebuild",
    "similar",
    "state",
    "sync",
    "telling_words",
    "unknown_names",
    "walk",
    "warm_up",
    "wordings_with_keys",
    "words_remain",
]
