"""Ids of very many rows as a short text: what a preview showed, kept in its form, and what a job has still to do."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from itertools import accumulate, pairwise

MOST = 200_000  # ids of a text
_LONGEST = 21  # characters of an id and its comma


def pack(ids: Sequence[int]) -> str:
    """Ascending ids as a text without white space: their differences, compressed; about a byte an id."""
    steps = [ids[0], *(later - earlier for earlier, later in pairwise(ids))] if ids else []
    return base64.urlsafe_b64encode(zlib.compress(",".join(map(str, steps)).encode())).decode()


def unpack(text: str) -> list[int]:
    """The ids of a packed text. Raises ValueError for any other text, and for more than MOST ids."""
    try:
        unpacker = zlib.decompressobj()
        told = unpacker.decompress(base64.urlsafe_b64decode(text.encode()), MOST * _LONGEST)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("This is no packed list of ids.") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise ValueError("This is too much, or not all of it.")
    steps = [int(step) for step in told.decode("ascii").split(",")] if told else []
    if len(steps) > MOST or any(step <= 0 for step in steps):
        raise ValueError("Ids ascend, and there are not so many.")
    return list(accumulate(steps))
