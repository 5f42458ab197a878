"""What can go wrong with a search, and the door through which the engine's own errors leave."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)


class SearchUnavailable(Exception):
    """There is no index that can be searched (yet); the message is a sentence for the operator."""


class SearchBusy(SearchUnavailable):
    """Another process writes the index at this moment, and the caller did not want to wait for it."""


class SearchError(Exception):
    """The engine failed on this search or this writing; the message is the engine's, for the operator."""


class NoSpace(SearchError):
    """The disk that holds the search index is full; the message is a sentence for the operator."""


# What a full disk, a limit of file sizes, and a quota answer, and how the engine spells it.
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_FULL_IN_WORDS = tuple(f"(os error {number})" for number in _FULL)


_NO_ROOM = "There is no room left on the disk that holds the search index."


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn the engine's panics, which are no ``Exception``, its value errors and a full disk into SearchError."""
    try:
        yield
    except ValueError as error:
        if any(sign in str(error) for sign in _FULL_IN_WORDS):
            raise NoSpace(f"{_NO_ROOM} ({error})") from error
        raise SearchError(str(error)) from error
    except OSError as error:
        if error.errno in _FULL:
            raise NoSpace(f"{_NO_ROOM} ({error})") from error
        raise
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        logger.exception("The search engine panicked")
        raise SearchError("the search engine failed on this query") from error
