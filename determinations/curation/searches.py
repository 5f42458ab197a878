"""Searches follow what curators change: letters are marked with the change, and brought into the index after it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction

from .. import search
from ..models import Case

logger = logging.getLogger(__name__)

AT_ONCE = 2_000  # letters that are indexed anew while a curator waits


def follow(late: Callable[[int], None]) -> None:
    """Bring the letters that are marked into the index once the transaction is over, if they are not too many.

    ``late`` is called with their number (at most AT_ONCE + 1) where searches have to wait for the next ``sync_index``;
    what is saved stays so, whatever the state of the index.
    """
    transaction.on_commit(lambda: _follow(late))


def _follow(late: Callable[[int], None]) -> None:
    marked = Case.objects.awaiting_index()[: AT_ONCE + 1].count()
    if not marked:
        return
    if marked > AT_ONCE:
        late(marked)
        return
    try:
        search.index_pending(build=False)
    except (search.SearchError, search.SearchUnavailable, OSError):
        logger.exception("%d changed letters could not be indexed", marked)
        late(marked)
