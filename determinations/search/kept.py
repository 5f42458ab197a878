"""Masks of the most frequent terms, kept beside the rows of a generation: a bit for each row, whether it has the term.

They are written once, when the generation is built, for the rows that there are then (matching.py says what they are
for). Rows that come later are looked up by the engine.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from .files import DamagedFiles
from .rows import FOLDER

_MASKS, _TERMS = "masks.bits", "masks.json"
_CHUNK_BYTES = 1 << 20

Term = tuple[str, str]  # field of the index, text


def write(generation: Path, rows: int, terms: Sequence[Term], masks: Iterable[np.ndarray]) -> None:
    """Keep the masks (of ``rows`` truth values each) of terms, in the same order."""
    checksum = 0
    with (generation / FOLDER / _MASKS).open("wb") as file:
        for mask in masks:
            data = np.packbits(mask).tobytes()
            file.write(data)
            checksum = zlib.crc32(data, checksum)
    told = {"rows": rows, "terms": terms, "checksum": checksum}
    (generation / FOLDER / _TERMS).write_text(json.dumps(told), encoding="utf-8")


class Kept:
    """The masks that are kept of a generation. Raises DamagedFiles if they cannot be read."""

    def __init__(self, generation: Path) -> None:
        folder = generation / FOLDER
        self._path = folder / _MASKS
        try:
            told = json.loads((folder / _TERMS).read_bytes())
            self.rows: int = told["rows"]
            self._checksum: int = told["checksum"]
            self._places = {(field, term): place for place, (field, term) in enumerate(told["terms"])}
        except FileNotFoundError as error:
            raise DamagedFiles(f"{_TERMS} is missing") from error
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedFiles(f"{_TERMS} is damaged") from error
        self._shape = len(self._places), -(-self.rows // 8)
        self.look()
        self._bits = np.memmap(self._path, np.uint8, "r", shape=self._shape) if self._places and self.rows else None

    def look(self) -> None:
        """Raise DamagedFiles if the file is shorter than it was: to read it would end this process."""
        try:
            if self._path.stat().st_size < self._shape[0] * self._shape[1]:
                raise DamagedFiles(f"{_MASKS} is cut off")
        except FileNotFoundError as error:
            if self._path.parent.exists():  # else the generation was replaced; what is open stays
                raise DamagedFiles(f"{_MASKS} is missing") from error

    def has(self, term: Term) -> bool:
        """Whether the mask of a term is kept."""
        return term in self._places and self._bits is not None

    def mask(self, term: Term) -> np.ndarray | None:
        """The mask of a term over the first ``rows`` rows, those of deleted decisions too; None if it is not kept."""
        place = self._places.get(term)
        if place is None or self._bits is None:
            return None
        return np.unpackbits(self._bits[place], count=self.rows).view(bool)

    def verify(self) -> None:
        """Compare the checksum; raises DamagedFiles."""
        found = 0
        with self._path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                found = zlib.crc32(chunk, found)
        if found != self._checksum:
            raise DamagedFiles(f"{_MASKS} is altered")
