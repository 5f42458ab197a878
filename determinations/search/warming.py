"""What a server process reads before its first visitor comes, so that none has to wait for it."""

from __future__ import annotations

import gc
import logging
import threading

from django.db import DatabaseError, connections

from . import spelling
from .errors import SearchError, SearchUnavailable
from .finding import facets
from .query import DecisionQuery

logger = logging.getLogger(__name__)

_OBJECTS_BETWEEN_LOOKS = 20_000  # new ones that are still there; Python looks every 700


def warm_up() -> threading.Thread:
    """Count the whole archive and list its words, in a thread: half a second of a million letters."""
    thread = threading.Thread(target=_warm_up, name="warming", daemon=True)
    thread.start()
    return thread


def _warm_up() -> None:
    try:
        facets(DecisionQuery())
        spelling.open_book()
        _spare_what_stays()
    except (SearchError, SearchUnavailable, DatabaseError) as error:
        logger.info("Nothing was read in advance: %s", error)  # visitors are told what is wrong
    finally:
        connections.close_all()  # those of this thread


def _spare_what_stays() -> None:
    """Keep the garbage collector from what was read: to walk through it takes 0.1 s, in the middle of some visit."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
