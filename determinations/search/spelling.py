"""What was probably meant by words that the archive does not hold: "Did you mean", from the archive's own words."""

from __future__ import annotations

import logging
import threading

import tantivy

from ..asking import grammar
from ..asking.grammar import Near, Reading
from ..asking.spelling import SpellingBook
from ..asking.tokens import tokens
from .errors import SearchError, SearchUnavailable, engine_errors
from .generations import Snapshot, snapshot
from .schema import ALL_TEXT, schema

logger = logging.getLogger(__name__)

MOST_WORDS = 60_000  # the commonest; about 10 MB, and rare ones are mostly misspellings themselves
_RARE = 3  # decisions; a word in so few may be a misspelling in the letters

_book: tuple[tuple[str, int], SpellingBook] | None = None
_version_in_work: tuple[str, int] | None = None
_making = threading.Lock()


def did_you_mean(words: str) -> str | None:
    """The words as they were probably meant; None if the archive knows them all, or nothing like them.

    What was typed stays as it is but for the words that are put right. Raises SearchUnavailable or SearchError.
    """
    reading = grammar.read(words, exact=True)
    index = snapshot()
    with engine_errors():
        doubtful = {token: times for token in _tokens(reading) if (times := _times(index, token)) <= _RARE}
        if not doubtful:
            return None
        book = _spelling_book(index)
        better = {
            token: fixed
            for token, times in doubtful.items()
            if (fixed := book.nearest(token, times)) and all(_is_there(index, word) for word in fixed.split())
        }
    parts, end = [], 0
    for token in tokens(words):
        if token.text in better:
            parts += [words[end : token.start], better[token.text]]
            end = token.end
    return "".join([*parts, words[end:]]) if parts else None


def open_book() -> None:
    """List the words of the index as it stands. Raises SearchUnavailable or SearchError."""
    index = snapshot()
    with engine_errors():
        _spelling_book(index)


def _tokens(reading: Reading) -> list[str]:
    """The whole words that are looked for; a word's beginning ("radicul*") is none."""
    found: list[str] = []
    for part in reading.positive:
        if isinstance(part, Near):
            found += [*part.left, *part.right]
        else:
            found += part.tokens[: -1 if part.prefix else None]
    return list(dict.fromkeys(found))


def _times(index: Snapshot, token: str) -> int:
    return int(index.searcher.doc_freq(ALL_TEXT, token))


def _is_there(index: Snapshot, token: str) -> bool:
    """Whether a decision has the word: the engine's list of words still has those of deleted ones."""
    asked = tantivy.Query.const_score_query(tantivy.Query.term_query(schema(), ALL_TEXT, token), 0.0)
    return bool(index.searcher.search(asked, limit=1, count=False).hits)


def _spelling_book(index: Snapshot) -> SpellingBook:
    """The words of the index as it stands, or as it stood a moment ago while those of today are listed.

    Listing takes a fifth of a second of a million letters, so only the first question waits for it.
    """
    global _book, _version_in_work
    with _making:
        if _book is None or _book[0][0] != index.version[0]:  # another index, not only more in it
            _book = index.version, _make(index.searcher)
        elif _book[0] != index.version and _version_in_work != index.version:
            _version_in_work = index.version
            threading.Thread(target=_renew, args=(index,), name="spelling", daemon=True).start()
        return _book[1]


def _make(searcher: tantivy.Searcher) -> SpellingBook:
    return SpellingBook(searcher.terms_with_prefix(ALL_TEXT, "", limit=MOST_WORDS))


def _renew(index: Snapshot) -> None:
    global _book
    try:
        with engine_errors():
            book = _make(index.searcher)
    except (SearchError, SearchUnavailable):
        logger.warning("The words of the index could not be listed", exc_info=True)
        return
    with _making:
        _book = index.version, book
