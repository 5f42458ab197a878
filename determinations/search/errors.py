"""What can go wrong with a search, and the door through which the engine's own errors leave."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)


class SearchUnavailable(Exception):
    """There is no index that can be searched (yet); the message is a sentence for the operator."""


class SearchError(Exception):
    """The engine failed on this search; the index itself is usable."""


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn the engine's panics, which are no ``Exception``, and its value errors into SearchError."""
    try:
        yield
    except ValueError as error:
        raise SearchError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        logger.exception("The search engine panicked")
        raise SearchError("the search engine failed on this query") from error
