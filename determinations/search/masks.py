"""Asking the engine which rows a query finds: as masks, one truth value a row, that numpy combines.

What finds few decisions is listed by the engine. What may find more is asked as sums: every row is one bit of a number
that 52 rows share (a block), the engine adds up the bits of what it finds block by block, and what it finds can be read
from the sums, which are exact in floating point below 2^53.
"""

from __future__ import annotations

from operator import itemgetter

import numpy as np
import tantivy
from tantivy import FieldType, Occur, Order, Query

from .compiling import boolean
from .schema import schema

BITS = 52  # rows in a block
_BLOCKS = 60_000  # in one question to the engine, which refuses more than 65,000 groups
LISTED = 400_000  # decisions: up to so many are listed by the engine, which takes less time than to add up blocks
_END = (1 << 63) - 1


def slot(row: int) -> dict[str, int]:
    """What the engine knows of a row."""
    return {"row": row, "block": row // BITS, "weight": 1 << (row % BITS)}


def since(row: int) -> Query:
    """The decisions of a row and of all rows behind it."""
    return Query.range_query(schema(), "row", FieldType.Unsigned, row, _END)


def listed(searcher: tantivy.Searcher, asked: Query, most: int) -> np.ndarray | None:
    """The numbers of the rows that the engine finds, in order; None if there are more than ``most``."""
    if not most:
        return np.zeros(0, np.int64)
    asked = Query.const_score_query(asked, 0.0)
    found = searcher.search(asked, limit=most, order_by_field="row", order=Order.Asc)
    if int(found.count or 0) > most:
        return None
    hits = found.hits
    return np.fromiter(map(itemgetter(0), hits), np.int64, len(hits))


def matching(searcher: tantivy.Searcher, asked: Query, rows: int, most: int) -> np.ndarray:
    """The mask of what the engine finds among the first ``rows``; ``most``: there are hardly more decisions."""
    mask = np.zeros(rows, bool)
    if most <= LISTED:
        found = listed(searcher, asked, most)
        if found is not None:
            mask[found[found < rows]] = True
            return mask
    asked = Query.const_score_query(asked, 0.0)
    for start in range(0, -(-rows // BITS), _BLOCKS):
        part = asked
        if rows > _BLOCKS * BITS:
            blocks = Query.range_query(schema(), "block", FieldType.Unsigned, start, start + _BLOCKS - 1)
            part = boolean([(Occur.Must, asked), (Occur.Must, blocks)])
        # In the order of their keys: the engine would sort them by how many each has.
        terms = {"field": "block", "size": _BLOCKS, "order": {"_key": "asc"}}
        sums = {"blocks": {"terms": terms, "aggs": {"bits": {"sum": {"field": "weight"}}}}}
        _set_bits(mask, searcher.aggregate(part, sums)["blocks"]["buckets"])
    return mask


def _set_bits(mask: np.ndarray, buckets: list[dict]) -> None:
    blocks = np.fromiter((bucket["key"] for bucket in buckets), np.int64, len(buckets))
    sums = np.fromiter((bucket["bits"]["value"] for bucket in buckets), np.float64, len(buckets)).astype("<u8")
    bits = np.unpackbits(sums.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")[:, :BITS]
    places, offsets = np.nonzero(bits)
    found = blocks[places] * BITS + offsets
    mask[found[found < len(mask)]] = True
