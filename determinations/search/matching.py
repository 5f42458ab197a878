"""Which rows a search finds: what the engine says about words, as masks (one truth value a row) that numpy combines.

A word that few decisions have is asked of the engine, which lists them (masks.py). Words and runs that very many have
are kept as masks beside the rows (``keep``), made when the index is built: to combine two takes 0.1 ms at a million
letters, to ask the engine for them 90. Phrases of which no mask is kept are asked of it together (together.py).
"""

from __future__ import annotations

import string
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import tantivy
from tantivy import Occur, Query

from ..asking.grammar import And, CaseNumber, Narrow, Near, Node, Not, Or, Words
from . import kept
from .compiling import Compiler, boolean
from .generations import Snapshot
from .kept import Term
from .masks import LISTED, matching, since
from .schema import ALL_TEXT, RUNS, schema
from .together import Nearly, Row, Together, terms_of

# Terms are kept as masks that so many of all decisions have, in an archive of so many decisions at least.
_KEPT_PART = {ALL_TEXT: 0.02, RUNS: 0.08}
_WORTH_KEEPING = 50_000
_THREADS = 2
_AT_ONCE = 64  # masks that wait in memory to be written


# ---- masks that are kept ----------------------------------------------------------------------------------------


def keep(generation: Path, searcher: tantivy.Searcher, rows: int) -> None:
    """Write the masks of the most frequent terms beside the rows of a new generation."""
    terms = list(_frequent(searcher)) if searcher.num_docs >= _WORTH_KEEPING else []
    kept.write(generation, rows, terms, _masks(searcher, rows, terms))


def _masks(searcher: tantivy.Searcher, rows: int, terms: Sequence[Term]) -> Iterator[np.ndarray]:
    def mask(term: Term) -> np.ndarray:
        asked = Query.term_query(schema(), *term, index_option="basic")
        return matching(searcher, asked, rows, searcher.doc_freq(*term))

    with ThreadPoolExecutor(_THREADS) as threads:
        for start in range(0, len(terms), _AT_ONCE):
            yield from threads.map(mask, terms[start : start + _AT_ONCE])


def _frequent(searcher: tantivy.Searcher) -> Iterator[Term]:
    for field, part in _KEPT_PART.items():
        least = searcher.num_docs * part
        for first in string.ascii_lowercase + string.digits:
            for term, having in searcher.terms_with_prefix(field, first, limit=5_000):
                if having >= least:
                    yield field, term


# ---- masks that are remembered ------------------------------------------------------------------------------------

_MOST = 64  # masks; each is a bit a row, 280 kB at a million letters
_memory: OrderedDict[tuple, np.ndarray] = OrderedDict()
_remembering = threading.Lock()


def _remembered(key: tuple, rows: int, make: Callable[[], tuple[np.ndarray, bool]]) -> np.ndarray:
    """The mask of a key; ``make`` makes it, and tells whether it may be remembered."""
    with _remembering:
        packed = _memory.get(key)
        if packed is not None:
            _memory.move_to_end(key)
    if packed is not None:
        return np.unpackbits(packed, count=rows).view(bool)
    mask, whole = make()
    if whole:
        with _remembering:
            _memory[key] = np.packbits(mask)
            while len(_memory) > _MOST:
                _memory.popitem(last=False)
    return mask


# ---- words ------------------------------------------------------------------------------------------------------


class Matcher:
    """Finds the rows of words in one snapshot. Masks hold no deleted decision once they have left this class."""

    def __init__(
        self,
        index: Snapshot,
        compiler: Compiler,
        facet: Callable[[str, list[str]], np.ndarray],
        nearly: Nearly | None = None,
    ) -> None:
        """``facet`` gives the mask of a facet's values; only rows of ``nearly`` are needed, if it is given."""
        self._index, self._compiler, self._facet = index, compiler, facet
        self._searcher, self._rows = index.searcher, index.rows.count
        self._together = Together(index, nearly)

    def live(self) -> np.ndarray | None:
        """The rows of decisions that are there; None if none was deleted since the index was built."""
        if self._searcher.num_docs == self._rows:
            return None
        return _remembered(
            (self._index.version,),
            self._rows,
            lambda: (matching(self._searcher, Query.all_query(), self._rows, self._searcher.num_docs), True),
        )

    def words(self, node: Node) -> np.ndarray:
        """The mask of what the words find."""

        def make() -> tuple[np.ndarray, bool]:
            mask, live = self._node(node), self.live()
            if live is not None:
                mask = mask & live
            if self._together.narrowed:  # not the words' own mask: what other filters would need was not looked at
                return mask & self._together.near(), False
            return mask, True

        return _remembered((self._index.version, node), self._rows, make)

    def _node(self, node: Node) -> np.ndarray:
        most = self._most(node)
        if most <= LISTED // 8:  # one question to the engine, whatever it is made of
            return self._engine(self._compiler.node(node), most)
        match node:
            case Words() if not node.prefix:
                return self._words(node)
            case And(parts):
                return self._all_of(parts)
            case Or(parts):
                return np.logical_or.reduce([self._node(part) for part in parts])
            case Not(part):
                return ~self._node(part)
            case Narrow():
                found = self._compiler.named(node)
                return self._facet(*found) if found else np.zeros(self._rows, bool)
        return self._engine(self._compiler.node(node), most)

    def _all_of(self, parts: tuple[Node, ...]) -> np.ndarray:
        rows, known = list[Row](), list[tuple[Occur, Query]]()
        mask = np.ones(self._rows, bool)
        for part in parts:
            if row := self._row_asked(part):
                rows.append(row)
            elif isinstance(part, Not):
                mask &= ~self._node(part.part)
            else:
                mask &= self._node(part)
                if self._is_term(part):
                    known.append((Occur.Must, self._compiler.node(part)))
        return self._together.mask(rows, mask, known) if rows else mask

    def _words(self, words: Words) -> np.ndarray:
        field = self._compiler.field(words)
        mask = np.zeros(self._rows, bool)
        for tokens in (words.tokens, *words.alternatives):
            if term := self._compiler.term(field, tokens):
                mask |= self._term(term)
            else:
                mask |= self._together.mask([self._row(field, tokens)])
        if values := self._compiler.drugs(words):
            mask |= self._facet("drug", values)
        return mask

    def _row_asked(self, part: Node) -> Row | None:
        """A part that is one row of words of which no mask is kept."""
        if not isinstance(part, Words) or part.prefix or part.alternatives or self._compiler.drugs(part):
            return None
        field = self._compiler.field(part)
        term = self._compiler.term(field, part.tokens)
        return None if term and self._index.kept.has(term) else self._row(field, part.tokens)

    def _is_term(self, part: Node) -> bool:
        return isinstance(part, Words) and not part.prefix and not part.alternatives and not self._compiler.drugs(part)

    def _row(self, field: str, tokens: tuple[str, ...]) -> Row:
        terms, covered = terms_of(tokens)
        most = self._most_of_row(field, tokens)
        return Row(self._compiler.row(field, tokens), terms, most, covered and field == ALL_TEXT)

    def _term(self, term: Term) -> np.ndarray:
        asked = Query.term_query(schema(), *term, index_option="basic")
        known, kept_rows = self._index.kept.mask(term), self._index.kept.rows
        if known is None:
            return self._engine(asked, self._searcher.doc_freq(*term))
        if kept_rows == self._rows:
            return known
        asked = boolean([(Occur.Must, asked), (Occur.Must, since(kept_rows))])
        mask = matching(self._searcher, asked, self._rows, self._rows - kept_rows)
        mask[:kept_rows] = known
        return mask

    def _engine(self, asked: Query, most: int) -> np.ndarray:
        return matching(self._searcher, asked, self._rows, most)

    # ---- how many there may be ---------------------------------------------------------------------------------

    def _most(self, node: Node) -> int:
        """No more decisions than these are found."""
        everything = int(self._searcher.num_docs)
        match node:
            case Words():
                return min(self._most_of_words(node), everything)
            case Near():
                field = self._compiler.field(node)
                return min(self._most_of_row(field, row) for row in (node.left, node.right))
            case CaseNumber(number):
                return int(self._searcher.doc_freq("case_number", number.lower()))
            case And(parts):
                return min([self._most(part) for part in parts if not isinstance(part, Not)], default=everything)
            case Or(parts):
                return min(sum(self._most(part) for part in parts), everything)
        return everything

    def _most_of_words(self, words: Words) -> int:
        if self._compiler.drugs(words):
            return int(self._searcher.num_docs)
        field = self._compiler.field(words)
        *before, last = words.tokens
        if not words.prefix:
            own = self._most_of_row(field, words.tokens)
        elif before:
            own = self._most_of_row(field, tuple(before))
        else:
            own = sum(having for _, having in self._searcher.terms_with_prefix(field, last))
        return own + sum(self._most_of_row(field, row) for row in words.alternatives)

    def _most_of_row(self, field: str, tokens: tuple[str, ...]) -> int:
        if term := self._compiler.term(field, tokens):
            return int(self._searcher.doc_freq(*term))
        return min(int(self._searcher.doc_freq(field, token)) for token in tokens)
